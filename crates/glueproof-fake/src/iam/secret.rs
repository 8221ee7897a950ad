//! Secrets of access keys and sessions, drawn from the randomness of the system, and never from a seed.
//! [`random_secret`] is the entry point.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::state::SecretText;
use crate::error::ServiceError;

/// Returns a secret of `bytes` random bytes as text.
///
/// # Errors
/// Returns an error if the system has no randomness.
pub fn random_secret(bytes: usize) -> Result<SecretText, ServiceError> {
    let mut drawn = vec![0; bytes];
    rand::fill(&mut drawn)
        .map_err(|_| ServiceError::with("InternalFailure", "the system has no randomness"))?;
    Ok(SecretText::new(STANDARD.encode(drawn)))
}
