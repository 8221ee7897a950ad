//! Secrets of credentials: drawn from the system's randomness, never from a seed. Must not keep any.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::state::SecretText;
use crate::error::ServiceError;

/// So many random bytes as text.
pub fn text(bytes: usize) -> Result<SecretText, ServiceError> {
    let mut drawn = vec![0; bytes];
    rand::fill(&mut drawn).map_err(|_| ServiceError::with("InternalFailure", "no randomness to be had"))?;
    Ok(SecretText::new(STANDARD.encode(drawn)))
}
