//! The encryption of objects: as a writer or a bucket asks for it, and as it is stored. Must not use keys.
//! [`RequestedEncryption::read`] reads the headers of a request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use s3s::dto::ServerSideEncryption;
use serde::{Deserialize, Serialize};

use crate::error::ServiceError;
use crate::kms::{Blob, Context};

/// The encryption that a request or a bucket asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestedEncryption {
    /// SSE-S3: under a key of S3's own.
    #[default]
    S3,
    /// SSE-KMS with the named key, or with `alias/aws/s3`.
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
    context.ok_or_else(|| {
        let text = "The header x-amz-server-side-encryption-context is not JSON of texts in Base64";
        ServiceError::with("InvalidArgument", text)
    })
}

impl Encryption {
    /// Returns true if a write that asks for that encryption would be encrypted in the same way: with S3's own key, or with
    /// a KMS key.
    pub fn is_of_kind(&self, wanted: &RequestedEncryption) -> bool {
        match (self, wanted) {
            (Self::S3, RequestedEncryption::S3) => true,
            (Self::Kms { key_arn, dual, .. }, RequestedEncryption::Kms(wanted)) => {
                let names = |key: &String| key == key_arn || key_arn.ends_with(&format!("/{key}"));
                *dual == wanted.dual && wanted.key.as_ref().is_none_or(names)
            }
            _ => false,
        }
    }

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

    /// Returns `Some(true)` for a bucket key, and otherwise `None`, which leaves the header out.
    pub fn bucket_key(&self) -> Option<bool> {
        matches!(self, Self::Kms { bucket_key: true, .. }).then_some(true)
    }
}
