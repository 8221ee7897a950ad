//! The encryption of objects: the request of the writer, and the key of the object. Every object is encrypted, as in S3
//! since 2023. Must not read or write objects.
//! [`begin`] and [`open`] are the entry points.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use s3s::dto::ServerSideEncryption;
use serde::{Deserialize, Serialize};

use super::error::of_kms;
use super::lookup::ObjectLocation;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};

/// The encryption that a request or a bucket asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestedEncryption {
    /// SSE-S3: under a key of S3's own.
    #[default]
    S3,
    /// SSE-KMS: under a data key of that key, or of `alias/aws/s3`.
    Kms(RequestedKmsEncryption),
}

/// The settings of SSE-KMS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestedKmsEncryption {
    pub key: Option<String>,
    /// The encryption context of the writer.
    pub context: Context,
    pub bucket_key: bool,
    /// True for DSSE. The fake encrypts once.
    pub dual: bool,
}

/// The encryption of a stored object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    S3,
    Kms { key_arn: String, data_key: Blob, context: Context, bucket_key: bool, dual: bool },
}

impl RequestedEncryption {
    /// SSE-KMS with a key.
    pub fn kms(key: Option<&str>) -> Self {
        Self::Kms(RequestedKmsEncryption { key: key.map(str::to_owned), ..RequestedKmsEncryption::default() })
    }

    /// Reads the headers of a request, if there are any.
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
                Ok(Some(Self::Kms(RequestedKmsEncryption {
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

/// Reads a JSON object of texts in Base64.
fn read_context(text: &str) -> Result<Context, ServiceError> {
    let decoded = STANDARD.decode(text).ok();
    let context = decoded.and_then(|json| serde_json::from_slice(&json).ok());
    context.ok_or_else(|| ServiceError::bare("InvalidArgument"))
}

/// Returns a key for a new object, with the encryption to store.
pub fn begin(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &ObjectLocation,
    wanted: RequestedEncryption,
) -> Result<(Encryption, Secret), ServiceError> {
    let RequestedEncryption::Kms(wanted) = wanted else {
        return own_key(cloud, &place.owner).map(|key| (Encryption::S3, key));
    };
    let RequestedKmsEncryption { key, mut context, bucket_key, dual } = wanted;
    // With a bucket key, the context is the bucket's (S3 User Guide, "Using Amazon S3 Bucket Keys").
    let arn = if bucket_key { place.bucket_arn() } else { place.object_arn() };
    context.insert("aws:s3:arn".to_owned(), arn);
    let key = key.unwrap_or_else(|| "alias/aws/s3".to_owned());
    let made = kms::generate_data_key(cloud, &place.in_name_of(caller), &key, &context).map_err(of_kms)?;
    let (key_arn, data_key) = (made.key_arn, Blob(made.sealed));
    Ok((Encryption::Kms { key_arn, data_key, context, bucket_key, dual }, made.plaintext))
}

/// Returns the key of a stored object.
pub fn open(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &ObjectLocation,
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

/// Returns the key of S3's own in an account.
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
    /// Returns the name in headers.
    pub fn name(&self) -> ServerSideEncryption {
        ServerSideEncryption::from_static(match self {
            Self::S3 => ServerSideEncryption::AES256,
            Self::Kms { dual: false, .. } => ServerSideEncryption::AWS_KMS,
            Self::Kms { dual: true, .. } => ServerSideEncryption::AWS_KMS_DSSE,
        })
    }

    /// Returns the ARN of the KMS key.
    pub fn key_arn(&self) -> Option<String> {
        match self {
            Self::S3 => None,
            Self::Kms { key_arn, .. } => Some(key_arn.clone()),
        }
    }

    /// Returns true, or nothing.
    pub fn bucket_key(&self) -> Option<bool> {
        matches!(self, Self::Kms { bucket_key: true, .. }).then_some(true)
    }
}
