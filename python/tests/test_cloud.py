"""The fixture `glueproof_cloud`, as the tests of a user's code use it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from glueproof import AdminError, Cloud, KmsEndpoint, StartError

KMS_ENCRYPTION = {"S3Encryption": [{"S3EncryptionMode": "SSE-S3"}]}


def test_clients_of_the_test_reach_the_fake(glueproof_cloud: Cloud) -> None:
    glueproof_cloud.client("glue").create_security_configuration(
        Name="mine", EncryptionConfiguration=KMS_ENCRYPTION
    )
    by_environment = boto3.client("glue").get_security_configuration(Name="mine")
    assert by_environment["SecurityConfiguration"]["Name"] == "mine"


def test_each_test_begins_with_an_empty_cloud(glueproof_cloud: Cloud) -> None:
    assert glueproof_cloud.client("glue").get_security_configurations()["SecurityConfigurations"] == []


def test_reset_removes_faults_and_resources(glueproof_cloud: Cloud) -> None:
    glue = glueproof_cloud.client("glue")
    glue.create_security_configuration(Name="mine", EncryptionConfiguration=KMS_ENCRYPTION)
    glueproof_cloud.faults.add("internal-service")
    glueproof_cloud.reset()
    assert glue.get_security_configurations()["SecurityConfigurations"] == []


def test_clock_moves_a_deletion_to_its_end(glueproof_cloud: Cloud) -> None:
    kms = glueproof_cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    before = glueproof_cloud.clock.now()
    glueproof_cloud.clock.advance("8d")
    assert glueproof_cloud.clock.now() - before >= timedelta(days=8)
    with pytest.raises(ClientError, match="NotFoundException"):
        kms.describe_key(KeyId=key)


def test_clock_is_set_and_follows_this_machine_again(glueproof_cloud: Cloud) -> None:
    moment = datetime(2031, 5, 1, 12, tzinfo=timezone.utc)
    glueproof_cloud.clock.set(moment)
    assert glueproof_cloud.clock.now() == moment
    glueproof_cloud.clock.follow_system()
    assert glueproof_cloud.clock.now() < moment
    with pytest.raises(ValueError, match="no time zone"):
        glueproof_cloud.clock.set(datetime(2031, 5, 1))


def test_a_fault_is_injected_as_often_as_asked(glueproof_cloud: Cloud) -> None:
    from botocore.config import Config

    glue = glueproof_cloud.client("glue", config=Config(retries={"total_max_attempts": 1}))
    glueproof_cloud.faults.add("throttling", operation="GetResourcePolicies", times=2)
    for _ in range(2):
        with pytest.raises(ClientError, match="ThrottlingException"):
            glue.get_resource_policies()
    assert glue.get_resource_policies()["GetResourcePoliciesResponseList"] == []
    assert "throttling" in glueproof_cloud.faults.names()


def test_an_unknown_fault_is_named(glueproof_cloud: Cloud) -> None:
    with pytest.raises(AdminError, match="thrttling"):
        glueproof_cloud.faults.add("thrttling")


def test_a_connection_password_is_not_stored_in_the_clear(glueproof_cloud: Cloud) -> None:
    glue, kms = glueproof_cloud.client("glue"), glueproof_cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    protection = {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key}
    glue.put_data_catalog_encryption_settings(
        DataCatalogEncryptionSettings={"ConnectionPasswordEncryption": protection}
    )
    properties = {"JDBC_CONNECTION_URL": "jdbc:x", "USERNAME": "me", "PASSWORD": "open-sesame"}
    connection = {"Name": "c", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    glue.create_connection(ConnectionInput=connection)
    stored = glueproof_cloud.stored()
    assert stored
    assert not [item for item in stored if b"open-sesame" in item.data]


def test_a_wrong_argument_says_why_nothing_started() -> None:
    with pytest.raises(StartError, match="--no-such-option"):
        Cloud(["--no-such-option"])


def test_stopping_twice_does_no_harm() -> None:
    cloud = Cloud()
    cloud.stop()
    cloud.stop()


def test_each_worker_has_a_cloud_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_quota(glueproof_cloud, number):
            glue = glueproof_cloud.client("glue")
            assert glue.get_security_configurations()["SecurityConfigurations"] == []
            glue.create_security_configuration(
                Name="same", EncryptionConfiguration={"S3Encryption": [{"S3EncryptionMode": "SSE-S3"}]}
            )
        """
    )
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=6)


def test_a_private_network_is_what_a_development_endpoint_is_in(glueproof_cloud: Cloud) -> None:
    glueproof_cloud.vpc(
        "vpc-7", ["subnet-7"], kms_endpoint=KmsEndpoint(["sg-7"]), self_referencing_groups=["sg-7"]
    )
    endpoint = glueproof_cloud.client("glue").create_dev_endpoint(
        EndpointName="inside",
        RoleArn="arn:aws:iam::123456789012:role/AWSGlueServiceRole",
        SubnetId="subnet-7",
        SecurityGroupIds=["sg-7"],
    )
    assert endpoint["VpcId"] == "vpc-7"
