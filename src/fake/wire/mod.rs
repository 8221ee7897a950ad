//! Bytes in, bytes out: AWS JSON 1.1, the query protocol, and what a request says of its signature. Must not
//! know what an operation does.

mod credential;
pub mod json11;
pub mod json_text;
mod protocol;
pub mod query;
mod signature;

pub use credential::{Claim, NoClaim, claim, readable};
pub use json11::BODY_LIMIT;
pub use protocol::{Protocol, protocol};
pub use signature::is_right as signature_is_right;
