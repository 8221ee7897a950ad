//! Uses the fake cloud through the AWS SDK for Rust: keys, security configurations, an encrypted password, log
//! events and an object. The endpoint is the only argument; credentials come from the environment.

use std::error::Error;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_glue::types as g;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_s3::types::ServerSideEncryption;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let endpoint = std::env::args().nth(1).ok_or("the endpoint is missing")?;
    let config = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .load()
        .await;
    let kms = aws_sdk_kms::Client::new(&config);
    let key = keys(&kms).await?;
    security_configurations(&config, &key).await?;
    password(&config, &kms, &key).await?;
    log_events(&config).await?;
    object(&config, &kms, &key).await?;
    kms.schedule_key_deletion().key_id(&key).pending_window_in_days(7).send().await?;
    println!("AWS SDK for Rust works");
    Ok(())
}

async fn keys(kms: &aws_sdk_kms::Client) -> Outcome<String> {
    let made = kms.create_key().send().await?;
    let key = made.key_metadata().and_then(|key| key.arn()).ok_or("no ARN")?.to_owned();
    let sealed = kms
        .encrypt()
        .key_id(&key)
        .plaintext(Blob::new("sesame"))
        .encryption_context("for", "rust")
        .send()
        .await?;
    let sealed = sealed.ciphertext_blob().cloned().ok_or("no ciphertext")?;
    let opened =
        kms.decrypt().ciphertext_blob(sealed.clone()).encryption_context("for", "rust").send().await?;
    assert_eq!(opened.plaintext().map(Blob::as_ref), Some(b"sesame".as_slice()));
    let refused = kms.decrypt().ciphertext_blob(sealed).send().await.unwrap_err();
    assert!(refused.into_service_error().is_invalid_ciphertext_exception());
    Ok(key)
}

async fn security_configurations(config: &SdkConfig, key: &str) -> Outcome {
    let glue = aws_sdk_glue::Client::new(config);
    let s3 =
        g::S3Encryption::builder().s3_encryption_mode(g::S3EncryptionMode::Ssekms).kms_key_arn(key).build();
    let encryption = g::EncryptionConfiguration::builder().s3_encryption(s3).build();
    for name in ["rust-1", "rust-2", "rust-3"] {
        let create = glue.create_security_configuration().name(name);
        create.encryption_configuration(encryption.clone()).send().await?;
    }
    let mut pages = glue.get_security_configurations().into_paginator().page_size(2).send();
    let mut names = Vec::new();
    while let Some(page) = pages.next().await {
        names.extend(page?.security_configurations().iter().filter_map(|c| c.name().map(str::to_owned)));
    }
    assert_eq!(names, ["rust-1", "rust-2", "rust-3"]);
    for name in names {
        glue.delete_security_configuration().name(name).send().await?;
    }
    let gone = glue.get_security_configuration().name("rust-1").send().await.unwrap_err();
    assert!(gone.into_service_error().is_entity_not_found_exception());
    Ok(())
}

async fn password(config: &SdkConfig, kms: &aws_sdk_kms::Client, key: &str) -> Outcome {
    let glue = aws_sdk_glue::Client::new(config);
    let settings = |encrypted: bool, key: Option<&str>| {
        let passwords = g::ConnectionPasswordEncryption::builder()
            .return_connection_password_encrypted(encrypted)
            .set_aws_kms_key_id(key.map(str::to_owned))
            .build();
        let settings =
            g::DataCatalogEncryptionSettings::builder().connection_password_encryption(passwords).build();
        glue.put_data_catalog_encryption_settings().data_catalog_encryption_settings(settings).send()
    };
    settings(true, Some(key)).await?;
    let connection = g::ConnectionInput::builder()
        .name("rust")
        .connection_type(g::ConnectionType::Jdbc)
        .connection_properties(g::ConnectionPropertyKey::JdbcConnectionUrl, "jdbc:x")
        .connection_properties(g::ConnectionPropertyKey::UserName, "u")
        .connection_properties(g::ConnectionPropertyKey::Password, "open-sesame")
        .build()?;
    glue.create_connection().connection_input(connection).send().await?;
    let got = glue.get_connection().name("rust").send().await?;
    let properties = got.connection().and_then(|c| c.connection_properties()).ok_or("no properties")?;
    assert!(!properties.contains_key(&g::ConnectionPropertyKey::Password));
    let sealed = properties.get(&g::ConnectionPropertyKey::EncryptedPassword).ok_or("no password")?;
    let opened = kms.decrypt().ciphertext_blob(Blob::new(STANDARD.decode(sealed)?)).send().await?;
    assert_eq!(opened.plaintext().map(Blob::as_ref), Some(b"open-sesame".as_slice()));
    glue.delete_connection().connection_name("rust").send().await?;
    settings(false, None).await?;
    Ok(())
}

async fn log_events(config: &SdkConfig) -> Outcome {
    let logs = aws_sdk_cloudwatchlogs::Client::new(config);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    let event = InputLogEvent::builder().timestamp(i64::try_from(now)?).message("hello").build()?;
    logs.create_log_group().log_group_name("/rust").send().await?;
    logs.create_log_stream().log_group_name("/rust").log_stream_name("s").send().await?;
    logs.put_log_events().log_group_name("/rust").log_stream_name("s").log_events(event).send().await?;
    let got = logs.get_log_events().log_group_name("/rust").log_stream_name("s").send().await?;
    assert_eq!(got.events().iter().filter_map(|event| event.message()).collect::<Vec<_>>(), ["hello"]);
    logs.delete_log_group().log_group_name("/rust").send().await?;
    Ok(())
}

async fn object(config: &SdkConfig, kms: &aws_sdk_kms::Client, key: &str) -> Outcome {
    let s3 = aws_sdk_s3::config::Builder::from(config).force_path_style(true).build();
    let s3 = aws_sdk_s3::Client::from_conf(s3);
    s3.create_bucket().bucket("rust-bucket").send().await?;
    s3.put_object()
        .bucket("rust-bucket")
        .key("a b/c")
        .body(b"sesame".to_vec().into())
        .server_side_encryption(ServerSideEncryption::AwsKms)
        .ssekms_key_id(key)
        .send()
        .await?;
    let got = s3.get_object().bucket("rust-bucket").key("a b/c").send().await?;
    assert_eq!(got.ssekms_key_id(), Some(key));
    assert_eq!(got.body.collect().await?.to_vec(), b"sesame");
    kms.disable_key().key_id(key).send().await?;
    s3.get_object().bucket("rust-bucket").key("a b/c").send().await.unwrap_err();
    kms.enable_key().key_id(key).send().await?;
    s3.delete_object().bucket("rust-bucket").key("a b/c").send().await?;
    s3.delete_bucket().bucket("rust-bucket").send().await?;
    Ok(())
}
