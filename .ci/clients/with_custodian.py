"""Lets Cloud Custodian govern the fake cloud with the policies of `custodian.yml`. Takes the program `custodian`
and a folder to write in; endpoint, region and credentials come from the environment."""

import json
import subprocess
import sys
from pathlib import Path

import boto3

custodian, room = sys.argv[1], Path(sys.argv[2])
policies = Path(__file__).with_name("custodian.yml")
glue, kms, sts = map(boto3.client, ["glue", "kms", "sts"])
account = sts.get_caller_identity()["Account"]


def govern(policy):
    """Runs one policy and gives back the resources it matched."""
    command = [custodian, "run", "--region", "us-east-1", "-s", room, "--cache-period", "0", "-p", policy, policies]
    subprocess.run([str(part) for part in command], check=True, stderr=subprocess.DEVNULL)
    return json.loads((room / policy / "resources.json").read_text())


def settings():
    return glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]


def the_catalog():
    assert len(govern("catalog-without-encryption")) == 1
    assert settings()["EncryptionAtRest"]["SseAwsKmsKeyId"] == "alias/aws/glue"
    assert govern("catalog-without-encryption") == []
    assert len(govern("catalog-with-encryption")) == 1


def passwords():
    assert govern("passwords-encrypted") == []
    assert len(govern("passwords-in-clear")) == 1
    encryption = settings()["ConnectionPasswordEncryption"]
    assert encryption["ReturnConnectionPasswordEncrypted"] is True, encryption
    assert settings()["EncryptionAtRest"]["CatalogEncryptionMode"] == "SSE-KMS"
    assert len(govern("passwords-encrypted")) == 1
    properties = {"JDBC_CONNECTION_URL": "jdbc:x", "USERNAME": "u", "PASSWORD": "open-sesame"}
    glue.create_connection(
        ConnectionInput={"Name": "found", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    )
    [connection] = govern("connections")
    assert connection["Name"] == "found" and "open-sesame" not in json.dumps(connection)
    glue.delete_connection(ConnectionName="found")


def the_policy():
    statement = {"Effect": "Allow", "Action": "glue:GetTable", "Resource": f"arn:aws:glue:us-east-1:{account}:*"}
    own = {**statement, "Sid": "own", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}}
    other = {**statement, "Sid": "other", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}}
    glue.put_resource_policy(PolicyInJson=json.dumps({"Version": "2012-10-17", "Statement": [own, other]}))
    assert len(govern("catalog-open-to-others")) == 1
    left = json.loads(glue.get_resource_policy()["PolicyInJson"])
    assert [statement["Sid"] for statement in left["Statement"]] == ["own"], left
    assert govern("catalog-open-to-others") == []
    glue.delete_resource_policy()


def security_configurations(key):
    with_key = {"CSE-KMS": {"KmsKeyArn": key}, "DISABLED": {}}
    for mode, more in with_key.items():
        bookmarks = {"JobBookmarksEncryptionMode": mode, **more}
        glue.create_security_configuration(
            Name=mode.lower(), EncryptionConfiguration={"JobBookmarksEncryption": bookmarks}
        )
    assert [one["Name"] for one in govern("security-configurations-by-key")] == ["cse-kms"]
    assert [one["Name"] for one in govern("security-configurations-without-bookmark-encryption")] == ["disabled"]
    left = glue.get_security_configurations()["SecurityConfigurations"]
    assert [one["Name"] for one in left] == ["cse-kms"]
    glue.delete_security_configuration(Name="cse-kms")


def crawlers():
    role = f"arn:aws:iam::{account}:role/crawler"
    glue.create_crawler(Name="bare", Role=role, DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://b/x"}]})
    assert [crawler["Name"] for crawler in govern("crawlers-without-configuration")] == ["bare"]
    glue.delete_crawler(Name="bare")


# Custodian does not find a key that AWS manages before a first call has used it.
kms.describe_key(KeyId="alias/aws/glue")
key = kms.create_key()["KeyMetadata"]["Arn"]
kms.create_alias(AliasName="alias/passwords", TargetKeyId=key)
the_catalog()
passwords()
the_policy()
security_configurations(key)
crawlers()
kms.delete_alias(AliasName="alias/passwords")
version = subprocess.run([custodian, "version"], capture_output=True, text=True, check=True).stdout.strip()
print(f"Cloud Custodian {version} works")
