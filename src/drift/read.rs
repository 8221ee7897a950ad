//! From a file's bytes to a model, whichever of the known forms they are, packed or not. Opens no file.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::botocore::Service;
use super::published::Published;
use super::smithy::Ast;

/// How a gzip file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// More than any model has: a file may be small and unpack to anything.
const LARGEST: u64 = 256 << 20;

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Packed, and broken.
    #[error("it cannot be unpacked: {0}")]
    Packed(std::io::Error),
    /// Unpacks to too much.
    #[error("unpacked, it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    /// Not JSON, or not of the form it seems to have.
    #[error("it cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error(
        "it is no model: a Smithy JSON AST has `smithy` and `shapes`, botocore's service-2.json has `metadata`, \
         `operations` and `shapes`"
    )]
    Unknown,
    /// A model of nothing.
    #[error("it has no operations")]
    Empty,
}

/// Reads a model.
///
/// # Errors
/// When it is none.
pub fn read(bytes: &[u8]) -> Result<Published, ModelError> {
    let mut unpacked = Vec::new();
    let json = if bytes.starts_with(&GZIP) {
        let mut decoder = MultiGzDecoder::new(bytes).take(LARGEST + 1);
        decoder.read_to_end(&mut unpacked).map_err(ModelError::Packed)?;
        if decoder.limit() == 0 {
            return Err(ModelError::TooLarge);
        }
        unpacked.as_slice()
    } else {
        bytes
    };
    let value: Value = serde_json::from_slice(json)?;
    let has = |name| value.get(name).is_some();
    let published = match (has("shapes"), has("smithy"), has("metadata") && has("operations")) {
        (true, true, _) => serde_json::from_value::<Ast>(value)?.published(),
        (true, false, true) => serde_json::from_value::<Service>(value)?.into(),
        _ => return Err(ModelError::Unknown),
    };
    if published.operations.is_empty() { Err(ModelError::Empty) } else { Ok(published) }
}
