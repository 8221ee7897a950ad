//! How an object is encrypted: what its writer wants, the key for it, and how to get the key back. Every
//! object is, as in S3 since 2023. Must not read or write objects.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use s3s::dto::ServerSideEncryption;
use serde::{Deserialize, Serialize};

use super::lookup::Place;
use super::refusal::of_kms;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};

/// How somebody wants objects to be encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// SSE-S3: under a key of S3's own.
    #[default]
    S3,
    /// SSE-KMS: under a data key of that key, or of `alias/aws/s3`.
    Kms(KmsWanted),
}

/// The particulars of SSE-KMS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KmsWanted {
    pub key: Option<String>,
    /// What the writer adds to the encryption context.
    pub context: Context,
    pub bucket_key: bool,
    /// DSSE: which promises two layers; here there is one.
    pub dual: bool,
}

/// How an object is encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    S3,
    Kms { key_arn: String, data_key: Blob, context: Context, bucket_key: bool, dual: bool },
}

impl Wanted {
    /// SSE-KMS with that key.
    pub fn kms(key: Option<&str>) -> Self {
        Self::Kms(KmsWanted { key: key.map(str::to_owned), ..KmsWanted::default() })
    }

    /// What the headers of a request say, if they say anything.
    pub fn read(
        algorithm: Option<&ServerSideEncryption>,
        key: Option<&String>,
        context: Option<&String>,
        bucket_key: Option<bool>,
    ) -> Result<Option<Self>, ServiceError> {
        let algorithm = algorithm.map(ServerSideEncryption::as_str);
        match algorithm {
            None | Some(ServerSideEncryption::AES256) if key.is_some() || context.is_some() => {
                let text = "Server Side Encryption with AWS KMS managed key requires HTTP header \
                            x-amz-server-side-encryption : aws:kms";
                Err(ServiceError::with("InvalidArgument", text))
            }
            None => Ok(None),
            Some(ServerSideEncryption::AES256) => Ok(Some(Self::S3)),
            Some(name @ (ServerSideEncryption::AWS_KMS | ServerSideEncryption::AWS_KMS_DSSE)) => {
                Ok(Some(Self::Kms(KmsWanted {
                    key: key.cloned(),
                    context: context.map_or_else(|| Ok(Context::new()), |text| read_context(text))?,
                    bucket_key: bucket_key.unwrap_or(false),
                    dual: name == ServerSideEncryption::AWS_KMS_DSSE,
                })))
            }
            Some(_) => {
                let text = "The encryption method specified is not supported";
                Err(ServiceError::with("InvalidEncryptionAlgorithmError", text))
            }
        }
    }
}

/// Base64 of a JSON object of texts.
fn read_context(text: &str) -> Result<Context, ServiceError> {
    let decoded = STANDARD.decode(text).ok();
    let context = decoded.and_then(|json| serde_json::from_slice(&json).ok());
    context.ok_or_else(|| ServiceError::bare("InvalidArgument"))
}

/// A key for a new object there, and how to get it back.
pub fn begin(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &Place,
    wanted: Wanted,
) -> Result<(Encryption, Secret), ServiceError> {
    let Wanted::Kms(wanted) = wanted else {
        return own_key(cloud, &place.owner).map(|key| (Encryption::S3, key));
    };
    let KmsWanted { key, mut context, bucket_key, dual } = wanted;
    // With a bucket key, the context is the bucket's (S3 User Guide, "Using Amazon S3 Bucket Keys").
    let arn = if bucket_key { place.bucket_arn() } else { place.object_arn() };
    context.insert("aws:s3:arn".to_owned(), arn);
    let key = key.unwrap_or_else(|| "alias/aws/s3".to_owned());
    let made = kms::generate_data_key(cloud, &place.in_name_of(caller), &key, &context).map_err(of_kms)?;
    let (key_arn, data_key) = (made.key_arn, Blob(made.sealed));
    Ok((Encryption::Kms { key_arn, data_key, context, bucket_key, dual }, made.plaintext))
}

/// The key of an object there.
pub fn open(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &Place,
    encryption: &Encryption,
) -> Result<Secret, ServiceError> {
    match encryption {
        Encryption::S3 => own_key(cloud, &place.owner),
        Encryption::Kms { key_arn, data_key, context, .. } => {
            let caller = place.in_name_of(caller);
            kms::decrypt(cloud, &caller, &data_key.0, context, Some(key_arn)).map_err(of_kms)
        }
    }
}

/// The key of S3's own in that account.
fn own_key(cloud: &mut Cloud, account: &str) -> Result<Secret, ServiceError> {
    let state = &mut cloud.account_named(account).s3;
    if let Some(key) = &state.own_key {
        return Ok(key.clone());
    }
    let mut bytes = vec![0; 32];
    rand::fill(&mut bytes).map_err(|_| ServiceError::internal("there is no randomness"))?;
    Ok(state.own_key.insert(bytes.into()).clone())
}

impl Encryption {
    /// As headers name it.
    pub fn name(&self) -> ServerSideEncryption {
        ServerSideEncryption::from_static(match self {
            Self::S3 => ServerSideEncryption::AES256,
            Self::Kms { dual: false, .. } => ServerSideEncryption::AWS_KMS,
            Self::Kms { dual: true, .. } => ServerSideEncryption::AWS_KMS_DSSE,
        })
    }

    /// The key in KMS.
    pub fn key_arn(&self) -> Option<String> {
        match self {
            Self::S3 => None,
            Self::Kms { key_arn, .. } => Some(key_arn.clone()),
        }
    }

    /// Only said where it is so.
    pub fn bucket_key(&self) -> Option<bool> {
        matches!(self, Self::Kms { bucket_key: true, .. }).then_some(true)
    }
}
