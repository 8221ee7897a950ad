//! Refusals in S3's form: its codes and texts (Amazon S3 API Reference, "Error responses"), and refusals of
//! KMS as S3 passes them on. Must not decide anything.

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode};

use crate::error::ServiceError;

pub fn no_bucket() -> ServiceError {
    ServiceError::with("NoSuchBucket", "The specified bucket does not exist")
}

pub fn no_key() -> ServiceError {
    ServiceError::with("NoSuchKey", "The specified key does not exist.")
}

pub fn no_upload() -> ServiceError {
    let text = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                aborted or completed.";
    ServiceError::with("NoSuchUpload", text)
}

/// For what nobody reads to its end.
#[cfg(feature = "server")]
pub fn too_large() -> ServiceError {
    ServiceError::with("EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
}

pub fn precondition_failed() -> ServiceError {
    let text = "At least one of the pre-conditions you specified did not hold";
    ServiceError::with("PreconditionFailed", text)
}

/// What KMS refuses S3, S3 refuses its caller: `KMS.DisabledException` and the like.
pub fn of_kms(error: ServiceError) -> ServiceError {
    let code = match &*error.code {
        "AccessDeniedException" => "AccessDenied".to_owned(),
        "InternalServiceException" => "InternalError".to_owned(),
        code => format!("KMS.{code}"),
    };
    ServiceError { code: code.into(), message: error.message }
}

/// As s3s writes it.
pub fn written(error: ServiceError) -> S3Error {
    let code = match &*error.code {
        "InternalServiceException" => "InternalError",
        code => code,
    };
    let status = status(code);
    let code = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut written = S3Error::new(code);
    if let Some(message) = error.message {
        written.set_message(message);
    }
    if let Some(status) = status {
        written.set_status_code(status);
    }
    written
}

/// Where s3s does not know the code, or knows it for something else.
fn status(code: &str) -> Option<StatusCode> {
    match code {
        "NotModified" => Some(StatusCode::NOT_MODIFIED),
        "PreconditionFailed" => Some(StatusCode::PRECONDITION_FAILED),
        "AccessDenied" => Some(StatusCode::FORBIDDEN),
        code => match S3ErrorCode::from_bytes(code.as_bytes()).and_then(|code| code.status_code()) {
            Some(_) => None,
            // Its own codes and those of KMS: all are the caller's mistake.
            None => Some(StatusCode::BAD_REQUEST),
        },
    }
}
