//! Errors of S3: codes and texts (Amazon S3 API Reference, "Error responses"), and errors of KMS as S3 reports them.
//! Must not decide anything.
//! [`written`] turns an error into that of s3s.

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

/// The error for a body that exceeds the limit.
#[cfg(feature = "server")]
pub fn too_large() -> ServiceError {
    ServiceError::with("EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
}

pub fn malformed_xml() -> ServiceError {
    let text = "The XML you provided was not well-formed or did not validate against our published schema";
    ServiceError::with("MalformedXML", text)
}

pub fn precondition_failed() -> ServiceError {
    let text = "At least one of the pre-conditions you specified did not hold";
    ServiceError::with("PreconditionFailed", text)
}

/// Adds a text to an error in XML that s3s wrote without one.
pub fn add_text(body: &[u8]) -> Option<String> {
    const END: &str = "</Code></Error>";
    let xml = std::str::from_utf8(body).ok()?;
    let (head, code) = xml.strip_suffix(END)?.rsplit_once("<Code>")?;
    let text = match code {
        "InvalidBucketName" => "The specified bucket is not valid.".to_owned(),
        "MalformedXML" => malformed_xml().message?,
        code => format!("glueproof refuses the request with {code}"),
    };
    Some(format!("{head}<Code>{code}</Code><Message>{text}</Message></Error>"))
}

/// Turns an error of KMS into that of S3, such as `KMS.DisabledException`.
pub fn of_kms(error: ServiceError) -> ServiceError {
    let code = match &*error.code {
        "AccessDeniedException" => "AccessDenied".to_owned(),
        "InternalServiceException" => "InternalError".to_owned(),
        code => format!("KMS.{code}"),
    };
    ServiceError { code: code.into(), message: error.message }
}

/// Returns the error for s3s.
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

/// Returns the status of codes that s3s does not know, or knows with another status.
fn status(code: &str) -> Option<StatusCode> {
    match code {
        "NotModified" => Some(StatusCode::NOT_MODIFIED),
        "PreconditionFailed" => Some(StatusCode::PRECONDITION_FAILED),
        "AccessDenied" => Some(StatusCode::FORBIDDEN),
        code => match S3ErrorCode::from_bytes(code.as_bytes()).and_then(|code| code.status_code()) {
            Some(_) => None,
            // Codes of S3 and KMS: all are client errors.
            None => Some(StatusCode::BAD_REQUEST),
        },
    }
}
