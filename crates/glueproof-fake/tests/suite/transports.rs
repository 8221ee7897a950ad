//! The real SDK through both transports.

use std::time::Duration;

use aws_sdk_glue::Client;
use aws_sdk_glue::config::retry::RetryConfig;
use aws_sdk_glue::error::ProvideErrorMetadata;
use aws_sdk_glue::operation::RequestId;
use aws_sdk_glue::types::{
    CatalogEncryptionMode, DataCatalogEncryptionSettings, EncryptionAtRest, EncryptionConfiguration,
    ExistCondition, S3Encryption, S3EncryptionMode,
};
use glueproof_fake::transport::{Connector, Wiremock};
use glueproof_fake::{FakeCloud, Fault, Injection};
use wiremock::matchers::header;
use wiremock::{Mock, ResponseTemplate};

use crate::support::{cloud, config, policy, sdk};

async fn over_http(cloud: &FakeCloud) -> (Wiremock, Client) {
    let door = Wiremock::start(cloud.clone()).await;
    let client = Client::from_conf(config("AKIDEXAMPLE", "us-east-1").endpoint_url(door.uri()).build());
    (door, client)
}

/// Every operation once, as a user's code would call it.
async fn tour(client: &Client) {
    let first = client.put_resource_policy().policy_in_json(policy("glue:GetDatabase"));
    let first = first.policy_exists_condition(ExistCondition::NotExist).send().await.unwrap();
    assert!(first.request_id().is_some_and(|id| id.len() == 36));
    let read = client.get_resource_policy().send().await.unwrap();
    assert_eq!(read.policy_hash(), first.policy_hash());
    assert!(read.policy_in_json().unwrap().starts_with("{\n  \"Version\" : \"2012-10-17\""));
    assert_eq!(read.create_time().unwrap().to_millis().unwrap(), 1_590_621_822_470);
    let listed = client.get_resource_policies().send().await.unwrap();
    assert_eq!(listed.get_resource_policies_response_list()[0].policy_hash(), first.policy_hash());

    let wrong = client.delete_resource_policy().policy_hash_condition("wrong").send().await.unwrap_err();
    assert!(wrong.into_service_error().is_condition_check_failure_exception());
    client.delete_resource_policy().policy_hash_condition(first.policy_hash().unwrap()).send().await.unwrap();
    let gone = client.get_resource_policy().send().await.unwrap_err().into_service_error();
    assert!(gone.is_entity_not_found_exception());
    assert_eq!(gone.message(), Some("Policy not found"));

    let at_rest = EncryptionAtRest::builder().catalog_encryption_mode(CatalogEncryptionMode::Ssekms).build();
    let settings = DataCatalogEncryptionSettings::builder().encryption_at_rest(at_rest.unwrap()).build();
    client
        .put_data_catalog_encryption_settings()
        .data_catalog_encryption_settings(settings)
        .send()
        .await
        .unwrap();
    let read = client.get_data_catalog_encryption_settings().send().await.unwrap();
    let at_rest = read.data_catalog_encryption_settings().unwrap().encryption_at_rest().unwrap();
    assert_eq!(at_rest.sse_aws_kms_key_id(), Some("alias/aws/glue"));

    configurations(client).await;
}

async fn configurations(client: &Client) {
    let s3 = S3Encryption::builder().s3_encryption_mode(S3EncryptionMode::Sses3).build();
    let encryption = EncryptionConfiguration::builder().s3_encryption(s3).build();
    for name in ["a", "b", "c"] {
        let made =
            client.create_security_configuration().name(name).encryption_configuration(encryption.clone());
        assert_eq!(
            made.send().await.unwrap().created_timestamp().unwrap().to_millis().unwrap(),
            1_590_621_822_470
        );
    }
    let again = client.create_security_configuration().name("a").encryption_configuration(encryption.clone());
    assert!(again.send().await.unwrap_err().into_service_error().is_already_exists_exception());
    let read = client.get_security_configuration().name("a").send().await.unwrap();
    assert_eq!(read.security_configuration().unwrap().encryption_configuration(), Some(&encryption));

    let pages = client.get_security_configurations().max_results(2).into_paginator().items().send();
    let names: Vec<_> =
        pages.collect::<Result<Vec<_>, _>>().await.unwrap().into_iter().filter_map(|c| c.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    client.delete_security_configuration().name("a").send().await.unwrap();
    let gone = client.delete_security_configuration().name("a").send().await.unwrap_err();
    assert!(gone.into_service_error().is_entity_not_found_exception());
}

#[tokio::test]
async fn the_connector_carries_every_operation() {
    tour(&sdk(&cloud())).await;
}

#[tokio::test]
async fn wiremock_carries_every_operation() {
    let (_door, client) = over_http(&cloud()).await;
    tour(&client).await;
}

#[tokio::test]
async fn both_transports_lead_to_one_cloud() {
    let cloud = cloud();
    let (_door, client) = over_http(&cloud).await;
    client.put_resource_policy().policy_in_json(policy("glue:GetTable")).send().await.unwrap();
    sdk(&cloud).get_resource_policy().send().await.unwrap();
}

#[tokio::test]
async fn mocks_of_users_go_before_the_fake() {
    let (door, client) = over_http(&cloud()).await;
    let answer = ResponseTemplate::new(200).set_body_string(r#"{"PolicyHash":"mine"}"#);
    let mine = Mock::given(header("x-amz-target", "AWSGlue.GetResourcePolicy")).respond_with(answer);
    mine.expect(1).mount(door.server()).await;
    assert_eq!(client.get_resource_policy().send().await.unwrap().policy_hash(), Some("mine"));
    client.get_security_configurations().send().await.unwrap();
    door.server().verify().await;
}

#[tokio::test]
async fn errors_over_http_have_the_same_bytes() {
    let (door, client) = over_http(&cloud()).await;
    let error = client.get_security_configurations().max_results(500).send().await.unwrap_err();
    let raw = error.raw_response().unwrap();
    assert_eq!(raw.status().as_u16(), 400);
    assert_eq!(raw.headers().get("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(
        raw.body().bytes().unwrap(),
        br#"{"__type":"InvalidInputException","Message":"MaxResults size must be between 1 and 200"}"#
    );
    assert!(door.server().received_requests().await.is_none(), "nothing is recorded");
}

#[tokio::test]
async fn the_sdk_retries_what_it_takes_for_transient() {
    let cloud = cloud();
    let retries = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1));
    let config = config("AKIDEXAMPLE", "us-east-1").retry_config(retries);
    let client = Client::from_conf(config.http_client(Connector::new(cloud.clone())).build());
    for fault in [Fault::THROTTLING, Fault::INTERNAL_SERVICE] {
        cloud.inject(Injection::new(fault).times(2));
        client.get_security_configurations().send().await.unwrap();
    }
    cloud.inject(Injection::new(Fault::INTERNAL_SERVICE).times(3));
    let error = client.get_security_configurations().send().await.unwrap_err();
    assert!(error.into_service_error().is_internal_service_exception());
    cloud.inject(Injection::new(Fault::OPERATION_TIMEOUT).times(1));
    let error = client.get_security_configurations().send().await.unwrap_err();
    assert!(error.into_service_error().is_operation_timeout_exception(), "a 400 of this kind is not retried");
}

#[tokio::test]
async fn constraint_violations_reach_the_sdk_as_validation_exceptions() {
    let error = sdk(&cloud()).get_security_configuration().name("").send().await.unwrap_err();
    assert_eq!(error.into_service_error().code(), Some("ValidationException"), "E063");
}
