"""Lets each library of with_libraries.py use a fake cloud that enforces policies, as a user of its own. The policy of the user
names what the library needs, and nothing else. Takes the endpoint and the Python of the libraries; the credentials in the
environment are those of the root user."""

import json
import os
import subprocess
import sys
from pathlib import Path

import boto3

endpoint, python = sys.argv[1:]
iam = boto3.client("iam")
# The actions with which the program itself prepares and looks.
prepare = ["sts:GetCallerIdentity", "kms:CreateKey", "s3:CreateBucket", "s3:PutEncryptionConfiguration"]
POLICIES = {
    "the_encryption_sdk_opens_its_message": ["kms:GenerateDataKey", "kms:Decrypt"],
    "watchtower_logs_into_an_encrypted_group": [
        "kms:GetKeyPolicy", "kms:PutKeyPolicy", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
        "logs:PutRetentionPolicy", "logs:AssociateKmsKey", "logs:FilterLogEvents", "logs:DescribeLogGroups",
    ],
    "s3fs_reads_what_it_writes": [
        "s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload",
        "kms:GenerateDataKey", "kms:Decrypt",
    ],
    "awswrangler_keeps_a_partitioned_table": [
        "glue:CreateDatabase", "glue:GetDatabase", "glue:DeleteDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable",
        "glue:UpdateTable", "glue:DeleteTable", "glue:SearchTables", "glue:GetPartitions", "glue:BatchCreatePartition",
        "glue:BatchDeletePartition", "s3:ListBucket", "s3:GetObject", "s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt",
    ],
    "awswrangler_decrypts_the_password_of_a_connection": [
        "glue:PutDataCatalogEncryptionSettings", "glue:CreateConnection", "glue:GetConnection", "glue:DeleteConnection",
        "kms:Encrypt", "kms:Decrypt",
    ],
    "pyiceberg_keeps_a_table": [
        "glue:CreateDatabase", "glue:GetDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase", "glue:CreateTable",
        "glue:GetTable", "glue:GetTables", "glue:UpdateTable", "glue:DeleteTable", "glue:GetTableVersions",
        "s3:ListBucket", "s3:GetObject", "s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt",
    ],
}


def run(function, actions):
    """Runs a function as a new user that may perform the actions."""
    user = f"{function[:50]}-{len(actions)}".replace("_", "-")
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    credentials = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    statement = {"Effect": "Allow", "Action": prepare + actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=user, PolicyName="needs", PolicyDocument=policy)
    program = Path(__file__).with_name("with_libraries.py")
    ended = subprocess.run([python, program, endpoint, function], env=os.environ | credentials, capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


for function, actions in POLICIES.items():
    code, said = run(function, actions)
    assert code == 0, f"{function}: {said}"
# Without one of the actions, the library is refused.
code, said = run("the_encryption_sdk_opens_its_message", ["kms:GenerateDataKey"])
assert code != 0 and "able to decrypt the Data Key" in said, said
