"""Uses the fake cloud the way a program on boto3 would: keys, encrypted connection passwords, an encrypted catalog,
and a job whose logs and objects its security configuration encrypts. Takes the endpoint as its only argument;
credentials come from the environment."""

import base64
import json
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]


def client(service):
    # No name server knows the buckets of a loopback address.
    config = Config(s3={"addressing_style": "path"})
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=config)


glue, kms, logs, s3, iam, sts = map(client, ["glue", "kms", "logs", "s3", "iam", "sts"])
account = sts.get_caller_identity()["Account"]


def refused(code, call, **given):
    """Whether the call is refused with that code."""
    try:
        call(**given)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{call} was accepted, {code} expected")


def allow(**statement):
    return {"Effect": "Allow", **statement}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def create_key():
    """A key that CloudWatch Logs may use too."""
    uses = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    own = allow(Principal={"AWS": f"arn:aws:iam::{account}:root"}, Action="kms:*", Resource="*")
    service = allow(Principal={"Service": "logs.us-east-1.amazonaws.com"}, Action=uses, Resource="*")
    return kms.create_key(Policy=document(own, service))["KeyMetadata"]["Arn"]


def keys(key):
    kms.create_alias(AliasName="alias/boto3", TargetKeyId=key)
    context = {"for": "boto3"}
    sealed = kms.encrypt(KeyId="alias/boto3", Plaintext=b"sesame", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"] == b"sesame"
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=sealed)
    pages = kms.get_paginator("list_keys").paginate(Limit=1)
    assert key in [one["KeyArn"] for page in pages for one in page["Keys"]]
    kms.delete_alias(AliasName="alias/boto3")


def set_encryption(catalog, passwords):
    glue.put_data_catalog_encryption_settings(
        DataCatalogEncryptionSettings={"EncryptionAtRest": catalog, "ConnectionPasswordEncryption": passwords}
    )


def the_catalog(password_key, catalog_key):
    set_encryption(
        {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": catalog_key},
        {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": password_key},
    )
    properties = {"JDBC_CONNECTION_URL": "jdbc:x", "USERNAME": "u", "PASSWORD": "open-sesame"}
    connection = {"Name": "warehouse", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    glue.create_connection(ConnectionInput=connection)
    refused("AlreadyExistsException", glue.create_connection, ConnectionInput=connection)
    got = glue.get_connection(Name="warehouse")["Connection"]["ConnectionProperties"]
    assert "PASSWORD" not in got
    opened = kms.decrypt(CiphertextBlob=base64.b64decode(got["ENCRYPTED_PASSWORD"]))
    assert opened["Plaintext"] == b"open-sesame"
    hidden = glue.get_connection(Name="warehouse", HidePassword=True)["Connection"]["ConnectionProperties"]
    assert not {"PASSWORD", "ENCRYPTED_PASSWORD"} & set(hidden)
    kms.disable_key(KeyId=catalog_key)
    refused("GlueEncryptionException", glue.get_connection, Name="warehouse")
    kms.enable_key(KeyId=catalog_key)
    glue.create_database(DatabaseInput={"Name": "sales"})
    columns = {"Columns": [{"Name": "id", "Type": "int"}]}
    glue.create_table(DatabaseName="sales", TableInput={"Name": "orders", "StorageDescriptor": columns})
    assert [table["Name"] for table in glue.get_tables(DatabaseName="sales")["TableList"]] == ["orders"]
    glue.delete_table(DatabaseName="sales", Name="orders")
    glue.delete_database(Name="sales")
    glue.delete_connection(ConnectionName="warehouse")
    set_encryption({"CatalogEncryptionMode": "DISABLED"}, {"ReturnConnectionPasswordEncrypted": False})


def the_policy():
    own = {"AWS": f"arn:aws:iam::{account}:root"}
    tables = f"arn:aws:glue:us-east-1:{account}:*"
    policy = document(allow(Principal=own, Action="glue:GetTable", Resource=tables))
    version = glue.put_resource_policy(PolicyInJson=policy, PolicyExistsCondition="NOT_EXIST")["PolicyHash"]
    again = {"PolicyInJson": policy, "PolicyExistsCondition": "NOT_EXIST"}
    refused("ConditionCheckFailureException", glue.put_resource_policy, **again)
    glue.delete_resource_policy(PolicyHashCondition=version)
    refused("EntityNotFoundException", glue.get_resource_policy)


def security_configurations(key):
    """Makes five, and leaves them."""
    encryption = {
        "S3Encryption": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": key},
    }
    names = [f"configuration-{number}" for number in range(5)]
    for name in names:
        glue.create_security_configuration(Name=name, EncryptionConfiguration=encryption)
    pages = glue.get_paginator("get_security_configurations").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["SecurityConfigurations"]) for page in pages] == [2, 2, 1]
    too_long = {"Name": "x" * 256, "EncryptionConfiguration": encryption}
    refused("ValidationException", glue.create_security_configuration, **too_long)
    return names


def a_job(key, configuration):
    trust = allow(Principal={"Service": "glue.amazonaws.com"}, Action="sts:AssumeRole")
    role = iam.create_role(RoleName="job-role", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    everything = document(allow(Action="*", Resource="*"))
    iam.put_role_policy(RoleName="job-role", PolicyName="all", PolicyDocument=everything)
    script = b"job = Job(context)\njob.init(args['JOB_NAME'], args)\njob.commit()\n"
    s3.put_object(Bucket="work", Key="script.py", Body=script)
    arguments = {"--output": "s3://work/output/", "--encryption-type": "sse-s3"}
    glue.create_job(
        Name="nightly",
        Role=role,
        Command={"Name": "glueetl", "ScriptLocation": "s3://work/script.py"},
        SecurityConfiguration=configuration,
        DefaultArguments={"--job-bookmark-option": "job-bookmark-enable", **arguments},
    )
    run = finished(glue.start_job_run(JobName="nightly")["JobRunId"])
    assert run["JobRunState"] == "SUCCEEDED", run
    what_it_wrote(key, configuration)
    glue.delete_job(JobName="nightly")
    iam.delete_role_policy(RoleName="job-role", PolicyName="all")
    iam.delete_role(RoleName="job-role")


def finished(run):
    deadline = time.monotonic() + 60
    while True:
        state = glue.get_job_run(JobName="nightly", RunId=run)["JobRun"]
        if state["JobRunState"] not in ("STARTING", "RUNNING"):
            return state
        assert time.monotonic() < deadline, state
        time.sleep(0.5)


def what_it_wrote(key, configuration):
    written = [item["Key"] for item in s3.list_objects_v2(Bucket="work", Prefix="output/")["Contents"]]
    for name in written:
        head = s3.head_object(Bucket="work", Key=name)
        # As the security configuration says, and not as the argument did.
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key), head
    groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws-glue/jobs/{configuration}")["logGroups"]
    assert groups and all(group["kmsKeyId"] == key for group in groups), groups
    assert logs.filter_log_events(logGroupName=groups[0]["logGroupName"])["events"]
    kms.disable_key(KeyId=key)
    refused("KMS.DisabledException", s3.get_object, Bucket="work", Key=written[0])
    kms.enable_key(KeyId=key)
    assert s3.get_object(Bucket="work", Key=written[0])["Body"].read()


def objects():
    upload = {"Bucket": "work", "Key": "large"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = []
    for number in (1, 2):
        tag = s3.upload_part(**upload, PartNumber=number, Body=b"x" * (5 << 20))["ETag"]
        parts.append({"ETag": tag, "PartNumber": number})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert s3.head_object(Bucket="work", Key="large")["ContentLength"] == 10 << 20
    address = s3.generate_presigned_url("get_object", Params={"Bucket": "work", "Key": "script.py"})
    with urllib.request.urlopen(address) as answer:
        assert b"job.init" in answer.read()


def emptied():
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="work"):
        found = [{"Key": item["Key"]} for item in page["Contents"]]
        s3.delete_objects(Bucket="work", Delete={"Objects": found})
    s3.delete_bucket(Bucket="work")


password_key, data_key = create_key(), create_key()
keys(password_key)
the_catalog(password_key, data_key)
the_policy()
names = security_configurations(data_key)
s3.create_bucket(Bucket="work")
a_job(data_key, names[0])
objects()
emptied()
for name in names:
    glue.delete_security_configuration(Name=name)
for arn in (password_key, data_key):
    assert kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)["KeyState"] == "PendingDeletion"
print(f"boto3 {boto3.__version__} works")
