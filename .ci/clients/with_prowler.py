"""Lets Prowler check the fake cloud, before and after the findings are mended. Takes the program `prowler` and a folder to
write in; endpoint, region and credentials come from the environment. If `PROWLER_POLICY` is set, Prowler runs as a user that
may only do what it needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import boto3

prowler, room = sys.argv[1], Path(sys.argv[2])
glue, kms, logs, s3, sts = map(boto3.client, ["glue", "kms", "logs", "s3", "sts"])
account = sts.get_caller_identity()["Account"]
catalog_checks = [
    "glue_data_catalogs_connection_passwords_encryption_enabled",
    "glue_data_catalogs_metadata_encryption_enabled",
]
# The actions that the checks need.
needs = [
    "sts:GetCallerIdentity", "glue:GetConnections", "glue:GetDataCatalogEncryptionSettings", "glue:GetDevEndpoints",
    "glue:GetJobs", "glue:GetSecurityConfigurations", "glue:GetSecurityConfiguration", "glue:GetTags", "glue:SearchTables",
    "kms:Decrypt", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListKeys", "kms:ListResourceTags",
    "logs:DescribeLogGroups", "logs:ListTagsLogGroup", "logs:ListTagsForResource", "logs:DescribeMetricFilters",
]
# Checks of resources, each with a part of the name of the resource.
resource_checks = {
    "glue_etl_jobs_amazon_s3_encryption_enabled": "checked",
    "glue_etl_jobs_cloudwatch_logs_encryption_enabled": "checked",
    "glue_etl_jobs_job_bookmark_encryption_enabled": "checked",
    "glue_database_connections_ssl_enabled": "checked",
    "cloudwatch_log_group_kms_encryption_enabled": "/checked",
    "cloudwatch_log_group_retention_policy_specific_days_enabled": "/checked",
}


def check(run, key):
    """Returns the status of each check for the catalog and the resources of this program."""
    command = [prowler, "aws", "-f", "us-east-1", "--no-banner", "-M", "json-ocsf", "-o", room, "-F", run]
    command += ["--checks", *catalog_checks, *resource_checks, "kms_cmk_rotation_enabled"]
    # Status 3 says that there are findings.
    ended = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
    assert ended.returncode in (0, 3), ended.stdout + ended.stderr
    found = {}
    for finding in json.loads((room / f"{run}.ocsf.json").read_text()):
        name, resource = finding["metadata"]["event_code"], finding["resources"][0]["uid"]
        wanted = key if name == "kms_cmk_rotation_enabled" else resource_checks.get(name, "")
        if wanted in resource:
            found[name] = finding["status_code"]
    return found


def make():
    """Creates a job, a connection, a log group and a key that every check finds fault with."""
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={})
    # Prowler passes over a catalog without tables.
    glue.create_database(DatabaseInput={"Name": "checked"})
    glue.create_table(DatabaseName="checked", TableInput={"Name": "checked"})
    script = {"Name": "glueetl", "ScriptLocation": "s3://checked/none.py"}
    glue.create_job(Name="checked", Role=f"arn:aws:iam::{account}:role/checked", Command=script)
    glue.create_connection(ConnectionInput=connection("false"))
    logs.create_log_group(logGroupName="/checked")
    logs.put_retention_policy(logGroupName="/checked", retentionInDays=7)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:*", "Resource": "*"},
    ]})
    return kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]


def connection(ssl):
    properties = {"JDBC_CONNECTION_URL": "jdbc:mysql://db/x", "USERNAME": "u", "PASSWORD": "open sesame", "JDBC_ENFORCE_SSL": ssl}
    return {"Name": "checked", "ConnectionType": "JDBC", "ConnectionProperties": properties}


def mend(key):
    kms.enable_key_rotation(KeyId=key)
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={
        "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key},
        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key},
    })
    glue.create_security_configuration(Name="checked", EncryptionConfiguration={
        "S3Encryption": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": key},
    })
    job = glue.get_job(JobName="checked")["Job"]
    update = {"Role": job["Role"], "Command": job["Command"], "SecurityConfiguration": "checked"}
    glue.update_job(JobName="checked", JobUpdate=update)
    glue.update_connection(Name="checked", ConnectionInput=connection("true"))
    logs.associate_kms_key(logGroupName="/checked", kmsKeyId=key)
    logs.put_retention_policy(logGroupName="/checked", retentionInDays=400)


def reader():
    """Returns the credentials of a user that may do what Prowler needs."""
    iam = boto3.client("iam")
    iam.create_user(UserName="prowler")
    statement = {"Effect": "Allow", "Action": needs, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="prowler", PolicyName="needs", PolicyDocument=policy)
    key = iam.create_access_key(UserName="prowler")["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


environment = os.environ | (reader() if os.environ.get("PROWLER_POLICY") else {})
checks = {*catalog_checks, *resource_checks, "kms_cmk_rotation_enabled"}
key = make()
before = check("before", key)
assert before == dict.fromkeys(checks, "FAIL"), before
mend(key)
after = check("after", key)
assert after == dict.fromkeys(checks, "PASS"), after
glue.delete_connection(ConnectionName="checked")
glue.delete_database(Name="checked")
glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={})
