"""Uses the fake cloud with libraries on boto3: the AWS Encryption SDK, watchtower, s3fs, the AWS SDK for pandas and
pyiceberg. Takes the endpoint, and the functions to run (default: all); credentials come from the environment."""

import json
import logging
import os
import sys

import aws_encryption_sdk
import awswrangler
import boto3
import pandas
import pyarrow
import s3fs
import watchtower
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsKeyringInput
from pyiceberg.catalog import load_catalog
from pyiceberg.types import StringType

endpoint = sys.argv[1]
glue, kms, logs, s3, sts = map(boto3.client, ["glue", "kms", "logs", "s3", "sts"])
account = sts.get_caller_identity()["Account"]
key = kms.create_key(Description="key of the libraries")["KeyMetadata"]["Arn"]
bucket = f"libraries-{os.environ['AWS_ACCESS_KEY_ID'].lower()}"
s3.create_bucket(Bucket=bucket)
default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def encrypted(path):
    """Returns true if the object is encrypted with the key."""
    head = s3.head_object(Bucket=bucket, Key=path)
    return (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def the_encryption_sdk_opens_its_message():
    providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
    keyring = providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=kms))
    client = aws_encryption_sdk.EncryptionSDKClient()
    context = {"purpose": "libraries"}
    message, _ = client.encrypt(source=b"open sesame", keyring=keyring, encryption_context=context)
    assert b"sesame" not in message
    plaintext, header = client.decrypt(source=message, keyring=keyring)
    assert plaintext == b"open sesame"
    assert header.encryption_context["purpose"] == "libraries"


def watchtower_logs_into_an_encrypted_group():
    group = "/libraries/watchtower"
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    service = {"Service": "logs.us-east-1.amazonaws.com"}
    actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    policy["Statement"].append({"Effect": "Allow", "Principal": service, "Action": actions, "Resource": "*"})
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    handler = watchtower.CloudWatchLogHandler(
        log_group_name=group, log_stream_name="s", boto3_client=logs, log_group_retention_days=30
    )
    logs.associate_kms_key(logGroupName=group, kmsKeyId=key)
    logger = logging.getLogger("libraries")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.info("a text")
    logger.info({"level": "warn", "code": 7})
    handler.close()
    events = logs.filter_log_events(logGroupName=group)["events"]
    assert [event["message"] for event in events] == ["a text", '{"level": "warn", "code": 7}'], events
    found = logs.filter_log_events(logGroupName=group, filterPattern="{ $.code > 5 }")["events"]
    assert len(found) == 1, found
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 30


def s3fs_reads_what_it_writes():
    files = s3fs.S3FileSystem(endpoint_url=endpoint)
    with files.open(f"{bucket}/files/one.txt", "wb") as out:
        out.write(b"x" * 100)
    # In two parts.
    with files.open(f"{bucket}/files/large.bin", "wb", block_size=5 << 20) as out:
        out.write(b"y" * (11 << 20))
    assert encrypted("files/one.txt") and encrypted("files/large.bin")
    assert files.cat(f"{bucket}/files/large.bin") == b"y" * (11 << 20)
    assert files.cat_file(f"{bucket}/files/one.txt", start=10, end=20) == b"x" * 10
    files.copy(f"{bucket}/files/one.txt", f"{bucket}/files/two.txt")
    assert sorted(files.ls(f"{bucket}/files")) == [f"{bucket}/files/{name}" for name in ("large.bin", "one.txt", "two.txt")]
    assert files.du(f"{bucket}/files") == 200 + (11 << 20)
    files.rm(f"{bucket}/files", recursive=True)
    files.invalidate_cache()
    assert not files.exists(f"{bucket}/files/one.txt")


def awswrangler_keeps_a_partitioned_table():
    awswrangler.catalog.create_database("wrangler")
    frame = pandas.DataFrame({"year": ["2025", "2026", "2026"], "amount": [1, 2, 3]})
    path = f"s3://{bucket}/wrangler/"
    kept = dict(path=path, dataset=True, database="wrangler", table="sales", partition_cols=["year"])
    awswrangler.s3.to_parquet(frame, **kept)
    awswrangler.s3.to_parquet(pandas.DataFrame({"year": ["2027"], "amount": [4]}), **kept, mode="append")
    partitions = awswrangler.catalog.get_parquet_partitions("wrangler", "sales")
    assert sorted(values[0] for values in partitions.values()) == ["2025", "2026", "2027"]
    chosen = awswrangler.catalog.get_partitions("wrangler", "sales", expression="year >= '2026'")
    assert len(chosen) == 2, chosen
    assert awswrangler.catalog.get_table_types("wrangler", "sales") == {"amount": "bigint", "year": "string"}
    read = awswrangler.s3.read_parquet_table(database="wrangler", table="sales", partition_filter=lambda p: p["year"] == "2026")
    assert sorted(read["amount"]) == [2, 3]
    assert all(encrypted(item.split("/", 3)[3]) for item in awswrangler.s3.list_objects(path))
    awswrangler.catalog.add_column("wrangler", "sales", "note", "string", "a comment")
    assert "note" in awswrangler.catalog.get_table_types("wrangler", "sales")
    assert [table["Name"] for table in awswrangler.catalog.search_tables(text="sales")] == ["sales"]
    awswrangler.catalog.delete_partitions(table="sales", database="wrangler", partitions_values=[["2025"]])
    assert len(awswrangler.catalog.get_parquet_partitions("wrangler", "sales")) == 2
    awswrangler.catalog.overwrite_table_parameters({"owner": "libraries"}, "wrangler", "sales")
    assert awswrangler.catalog.get_table_parameters("wrangler", "sales") == {"owner": "libraries"}
    assert awswrangler.catalog.delete_table_if_exists("wrangler", "sales")
    awswrangler.catalog.delete_database("wrangler")


def awswrangler_decrypts_the_password_of_a_connection():
    settings = {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key}
    glue.put_data_catalog_encryption_settings(
        DataCatalogEncryptionSettings={"ConnectionPasswordEncryption": settings}
    )
    properties = {"JDBC_CONNECTION_URL": "jdbc:postgresql://127.0.0.1:1/db", "USERNAME": "ali", "PASSWORD": "open sesame"}
    glue.create_connection(
        ConnectionInput={"Name": "postgres", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    )
    attributes = awswrangler._databases.get_connection_attributes(connection="postgres")
    assert (attributes.user, attributes.password) == ("ali", "open sesame")
    glue.delete_connection(ConnectionName="postgres")
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={})


def pyiceberg_keeps_a_table():
    properties = {
        "type": "glue", "glue.endpoint": endpoint, "glue.region": "us-east-1",
        "s3.endpoint": endpoint, "s3.region": "us-east-1",
        "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"], "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "glue.skip-archive": "false", "warehouse": f"s3://{bucket}/iceberg",
    }
    catalog = load_catalog("fake", **properties)
    catalog.create_namespace("iceberg", {"owner": "libraries"})
    rows = pyarrow.table({"id": [1, 2], "name": ["a", "b"]})
    table = catalog.create_table("iceberg.rows", schema=rows.schema)
    table.append(rows)
    with table.update_schema() as update:
        update.add_column("note", StringType())
    table.append(pyarrow.table({"id": [3], "name": ["c"], "note": ["n"]}))
    read = catalog.load_table("iceberg.rows")
    assert sorted(read.scan().to_arrow()["id"].to_pylist()) == [1, 2, 3]
    assert len(glue.get_table_versions(DatabaseName="iceberg", TableName="rows")["TableVersions"]) == 4
    catalog.update_namespace_properties("iceberg", updates={"owner": "another"})
    assert catalog.load_namespace_properties("iceberg")["owner"] == "another"
    catalog.rename_table("iceberg.rows", "iceberg.renamed")
    assert catalog.list_tables("iceberg") == [("iceberg", "renamed")]
    catalog.drop_table("iceberg.renamed")
    catalog.drop_namespace("iceberg")


FUNCTIONS = [
    the_encryption_sdk_opens_its_message,
    watchtower_logs_into_an_encrypted_group,
    s3fs_reads_what_it_writes,
    awswrangler_keeps_a_partitioned_table,
    awswrangler_decrypts_the_password_of_a_connection,
    pyiceberg_keeps_a_table,
]
for function in FUNCTIONS:
    if function.__name__ in (sys.argv[2:] or [function.__name__]):
        function()
