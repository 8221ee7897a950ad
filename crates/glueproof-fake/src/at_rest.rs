//! Data at rest: the bytes that a service stores for each of its items, so that users can see if they are encrypted. Data
//! only.

use std::fmt;

/// One item as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct AtRest {
    /// Such as `glue`.
    pub service: String,
    /// The account that owns the item.
    pub account: String,
    /// The region of the item.
    pub region: String,
    /// Kind and name, such as `security-configuration/prod`.
    pub item: String,
    /// As stored: ciphertext where the service encrypts.
    pub bytes: Vec<u8>,
}

/// Without the bytes: not everything at rest is encrypted.
impl fmt::Debug for AtRest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, account, region, item, bytes } = self;
        write!(f, "{service}/{account}/{region}/{item} ({} bytes)", bytes.len())
    }
}
