//! The encryption of records under a key that the user gives. Must not know a file, nor how a key is handed over.
//! [`StateKey`] is the key from outside; [`Cipher`] encrypts records.
//!
//! Each store has a data key of its own, which encrypts the records with AES-256-GCM, bound to their keys. The key from
//! outside encrypts the data key alone.

use std::fmt;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sealed::{open_bytes, seal_bytes};

/// The length of every key, in bytes.
const KEY_BYTES: usize = 32;
/// The name that binds a data key to its purpose.
const DATA_KEY: &str = "data key of a state file";

/// A key that encrypts a state file. `Debug` does not show it.
#[derive(Clone)]
pub struct StateKey([u8; KEY_BYTES]);

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the state key must be {KEY_BYTES} bytes in base64, as `openssl rand -base64 {KEY_BYTES}` prints them"
)]
pub struct StateKeyError;

impl StateKey {
    /// Reads a key: 32 bytes in base64. Whitespace around it is ignored.
    ///
    /// ```
    /// use glueproof_fake::StateKey;
    ///
    /// assert!(StateKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").is_ok());
    /// assert!(StateKey::parse("secret").is_err());
    /// ```
    ///
    /// # Errors
    /// If the text is something else.
    pub fn parse(text: &str) -> Result<Self, StateKeyError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| StateKeyError)?;
        bytes.try_into().map(Self).map_err(|_| StateKeyError)
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(…)")
    }
}

/// Encrypts and decrypts records. `Debug` does not show the key.
#[derive(Clone)]
pub struct Cipher([u8; KEY_BYTES]);

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cipher(…)")
    }
}

impl Cipher {
    /// Returns a cipher with a new data key.
    pub fn generate() -> Result<Self, Unspecified> {
        let mut key = [0; KEY_BYTES];
        rand::fill(&mut key)?;
        Ok(Self(key))
    }

    /// Returns the data key, encrypted.
    pub fn wrapped(&self, key: &StateKey) -> Result<Vec<u8>, Unspecified> {
        seal_bytes(&key.0, DATA_KEY, &self.0)
    }

    /// Decrypts a data key. Fails if the key is another one.
    pub fn unwrap(key: &StateKey, wrapped: &[u8]) -> Result<Self, Unspecified> {
        let data_key = open_bytes(&key.0, DATA_KEY, wrapped)?;
        data_key.try_into().map(Self).map_err(|_| Unspecified)
    }

    /// Encrypts the text of a record.
    pub fn seal(&self, key: &str, text: &[u8]) -> Result<Vec<u8>, Unspecified> {
        seal_bytes(&self.0, key, text)
    }

    /// Decrypts the text of a record.
    pub fn open(&self, key: &str, sealed: &[u8]) -> Result<Vec<u8>, Unspecified> {
        open_bytes(&self.0, key, sealed)
    }
}
