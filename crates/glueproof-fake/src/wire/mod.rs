//! Protocols: AWS JSON 1.1, the query protocol, signatures, and chunked bodies. Must not know what an operation does. This file
//! contains docs and re-exports only.

pub mod aws_chunked;
mod credential;
pub mod json11;
pub mod json_text;
mod limit;
mod protocol;
pub mod query;
mod signature;
pub mod type_mismatch;

pub use credential::{Claim, NoClaim, Said, claim, said};
pub use json11::BODY_LIMIT;
pub use limit::OBJECT_LIMIT;
#[cfg(feature = "server")]
pub use limit::body_limit;
pub use protocol::{Protocol, protocol};
pub use signature::{headers_not_signed, is_right as signature_is_right};
