//! Continuation tokens: opaque, without state, and recognised when they come back. A token holds where
//! to go on and a checksum over that and over whose listing it is; it must hold nothing secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::caller::Caller;

const CHECKSUM: usize = 12;

/// A token that goes on behind the cursor.
pub fn seal(operation: &str, caller: &Caller, cursor: &str) -> String {
    let mut bytes = checksum(operation, caller, cursor).to_vec();
    bytes.extend_from_slice(cursor.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The cursor, if the token was handed out by this operation to this account in this region and is whole.
pub fn open(operation: &str, caller: &Caller, token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (sum, cursor) = bytes.split_at_checked(CHECKSUM)?;
    let cursor = std::str::from_utf8(cursor).ok()?;
    (sum == checksum(operation, caller, cursor)).then(|| cursor.to_owned())
}

fn checksum(operation: &str, caller: &Caller, cursor: &str) -> [u8; CHECKSUM] {
    let mut hash = Sha256::new();
    for part in [operation, &caller.account, &caller.region, cursor] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    std::array::from_fn(|index| digest[index])
}
