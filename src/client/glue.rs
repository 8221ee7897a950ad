//! Sends Glue operations through aws-sdk-glue, and converts typed outputs and errors to JSON.
//!
//! No other file of the suite knows the operations of aws-sdk-glue. The entry point is [`send`].

use std::error::Error;

use aws_sdk_glue::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_glue::operation as op;
use aws_sdk_glue::types as t;
use aws_sdk_glue::types::error as e;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use serde_json::{Map, Value, json};

use super::call_result::CallResult;
use super::capture::Capture;
use super::exchange::SdkView;

/// Sends an operation. Returns the interceptor unused if the typed output of the operation is not judged.
pub(super) async fn send(
    client: &aws_sdk_glue::Client,
    operation: &str,
    capture: Capture,
) -> Result<CallResult, Capture> {
    Ok(match operation {
        "CreateSecurityConfiguration" => into_result(
            client.create_security_configuration().customize().interceptor(capture).send().await,
            created,
        ),
        "GetSecurityConfiguration" => into_result(
            client.get_security_configuration().customize().interceptor(capture).send().await,
            configuration_output,
        ),
        "GetSecurityConfigurations" => into_result(
            client.get_security_configurations().customize().interceptor(capture).send().await,
            configurations_output,
        ),
        "DeleteSecurityConfiguration" => into_result(
            client.delete_security_configuration().customize().interceptor(capture).send().await,
            |_| json!({}),
        ),
        "PutResourcePolicy" => into_result(
            client.put_resource_policy().customize().interceptor(capture).send().await,
            put_policy_output,
        ),
        "GetResourcePolicy" => into_result(
            client.get_resource_policy().customize().interceptor(capture).send().await,
            policy_output,
        ),
        "GetResourcePolicies" => into_result(
            client.get_resource_policies().customize().interceptor(capture).send().await,
            policies_output,
        ),
        "DeleteResourcePolicy" => {
            into_result(client.delete_resource_policy().customize().interceptor(capture).send().await, |_| {
                json!({})
            })
        }
        "PutDataCatalogEncryptionSettings" => into_result(
            client.put_data_catalog_encryption_settings().customize().interceptor(capture).send().await,
            |_| json!({}),
        ),
        "GetDataCatalogEncryptionSettings" => into_result(
            client.get_data_catalog_encryption_settings().customize().interceptor(capture).send().await,
            settings_output,
        ),
        _ => return Err(capture),
    })
}

fn into_result<O, E>(result: Result<O, SdkError<E, HttpResponse>>, view: impl Fn(&O) -> Value) -> CallResult
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match result {
        Ok(output) => CallResult::Received(SdkView::Output(view(&output))),
        Err(SdkError::ServiceError(service)) => {
            let error = service.err();
            CallResult::Received(SdkView::Error {
                code: error.code().map(str::to_owned),
                modelled: error.source().and_then(modelled_error).map(str::to_owned),
            })
        }
        Err(other) => CallResult::from_sdk_error(other),
    }
}

/// Returns the name of the modelled error type of an error's source.
fn modelled_error(source: &(dyn Error + 'static)) -> Option<&'static str> {
    let candidates: [(&'static str, bool); 8] = [
        ("AlreadyExistsException", source.is::<e::AlreadyExistsException>()),
        ("ConditionCheckFailureException", source.is::<e::ConditionCheckFailureException>()),
        ("EntityNotFoundException", source.is::<e::EntityNotFoundException>()),
        ("GlueEncryptionException", source.is::<e::GlueEncryptionException>()),
        ("InternalServiceException", source.is::<e::InternalServiceException>()),
        ("InvalidInputException", source.is::<e::InvalidInputException>()),
        ("OperationTimeoutException", source.is::<e::OperationTimeoutException>()),
        ("ResourceNumberLimitExceededException", source.is::<e::ResourceNumberLimitExceededException>()),
    ];
    candidates.into_iter().find(|(_, is)| *is).map(|(name, _)| name)
}

/// Creates an object from the members that have values.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

fn text(value: Option<&str>) -> Option<Value> {
    value.map(Value::from)
}

fn time(value: Option<&DateTime>) -> Option<Value> {
    value.map(|time| json!(time.as_secs_f64()))
}

fn created(output: &op::create_security_configuration::CreateSecurityConfigurationOutput) -> Value {
    object([("Name", text(output.name())), ("CreatedTimestamp", time(output.created_timestamp()))])
}

fn configuration_output(output: &op::get_security_configuration::GetSecurityConfigurationOutput) -> Value {
    object([("SecurityConfiguration", output.security_configuration().map(configuration))])
}

fn configurations_output(output: &op::get_security_configurations::GetSecurityConfigurationsOutput) -> Value {
    let list = output.security_configurations().iter().map(configuration).collect();
    object([("SecurityConfigurations", Some(list)), ("NextToken", text(output.next_token()))])
}

fn put_policy_output(output: &op::put_resource_policy::PutResourcePolicyOutput) -> Value {
    object([("PolicyHash", text(output.policy_hash()))])
}

fn policy_output(output: &op::get_resource_policy::GetResourcePolicyOutput) -> Value {
    object([
        ("PolicyInJson", text(output.policy_in_json())),
        ("PolicyHash", text(output.policy_hash())),
        ("CreateTime", time(output.create_time())),
        ("UpdateTime", time(output.update_time())),
    ])
}

fn policies_output(output: &op::get_resource_policies::GetResourcePoliciesOutput) -> Value {
    let policy = |policy: &t::GluePolicy| {
        object([
            ("PolicyInJson", text(policy.policy_in_json())),
            ("PolicyHash", text(policy.policy_hash())),
            ("CreateTime", time(policy.create_time())),
            ("UpdateTime", time(policy.update_time())),
        ])
    };
    let list = output.get_resource_policies_response_list().iter().map(policy).collect();
    object([("GetResourcePoliciesResponseList", Some(list)), ("NextToken", text(output.next_token()))])
}

fn settings_output(
    output: &op::get_data_catalog_encryption_settings::GetDataCatalogEncryptionSettingsOutput,
) -> Value {
    let settings = output.data_catalog_encryption_settings().map(|settings| {
        let at_rest = settings.encryption_at_rest().map(|at_rest| {
            object([
                ("CatalogEncryptionMode", text(Some(at_rest.catalog_encryption_mode().as_str()))),
                ("SseAwsKmsKeyId", text(at_rest.sse_aws_kms_key_id())),
                ("CatalogEncryptionServiceRole", text(at_rest.catalog_encryption_service_role())),
            ])
        });
        let password = settings.connection_password_encryption().map(|password| {
            object([
                (
                    "ReturnConnectionPasswordEncrypted",
                    Some(json!(password.return_connection_password_encrypted())),
                ),
                ("AwsKmsKeyId", text(password.aws_kms_key_id())),
            ])
        });
        object([("EncryptionAtRest", at_rest), ("ConnectionPasswordEncryption", password)])
    });
    object([("DataCatalogEncryptionSettings", settings)])
}

fn configuration(configuration: &t::SecurityConfiguration) -> Value {
    object([
        ("Name", text(configuration.name())),
        ("CreatedTimeStamp", time(configuration.created_time_stamp())),
        ("EncryptionConfiguration", configuration.encryption_configuration().map(encryption)),
    ])
}

fn encryption(encryption: &t::EncryptionConfiguration) -> Value {
    let s3 = |s3: &t::S3Encryption| {
        let mode = s3.s3_encryption_mode().map(t::S3EncryptionMode::as_str);
        object([("S3EncryptionMode", text(mode)), ("KmsKeyArn", text(s3.kms_key_arn()))])
    };
    let logs = encryption.cloud_watch_encryption().map(|logs| {
        let mode = logs.cloud_watch_encryption_mode().map(t::CloudWatchEncryptionMode::as_str);
        object([("CloudWatchEncryptionMode", text(mode)), ("KmsKeyArn", text(logs.kms_key_arn()))])
    });
    let bookmarks = encryption.job_bookmarks_encryption().map(|bookmarks| {
        let mode = bookmarks.job_bookmarks_encryption_mode().map(t::JobBookmarksEncryptionMode::as_str);
        object([("JobBookmarksEncryptionMode", text(mode)), ("KmsKeyArn", text(bookmarks.kms_key_arn()))])
    });
    let quality = encryption.data_quality_encryption().map(|quality| {
        let mode = quality.data_quality_encryption_mode().map(t::DataQualityEncryptionMode::as_str);
        object([("DataQualityEncryptionMode", text(mode)), ("KmsKeyArn", text(quality.kms_key_arn()))])
    });
    object([
        ("S3Encryption", Some(encryption.s3_encryption().iter().map(s3).collect())),
        ("CloudWatchEncryption", logs),
        ("JobBookmarksEncryption", bookmarks),
        ("DataQualityEncryption", quality),
    ])
}
