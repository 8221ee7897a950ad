//! What Glue tells its callers, and its workloads, when KMS or another service refuses. Must not decide
//! whether it does.

use crate::cloud::Cloud;
use crate::error::ServiceError;

/// KMS's own words with the suffix of the SDK that Glue calls it with (E058, E071).
pub fn in_glue(cloud: &mut Cloud, refusal: &ServiceError) -> ServiceError {
    let text = in_words(cloud, refusal, "AWSKMS", 400);
    ServiceError::with("GlueEncryptionException", text)
}

/// The refusal of a service as a text, in the form of E058 and E089.
pub fn in_words(cloud: &mut Cloud, refusal: &ServiceError, service: &str, status: u16) -> String {
    let id = cloud.random.uuid();
    let text = refusal.message.as_deref().unwrap_or("null");
    format!(
        "{text} (Service: {service}; Status Code: {status}; Error Code: {}; Request ID: {id}; Proxy: null)",
        refusal.code
    )
}
