//! Bytes in, bytes out: AWS JSON 1.1, the query protocol, and what a request says of its signature. Must not
//! know what an operation does.

mod credential;
pub mod json11;
pub mod json_text;
mod limit;
mod protocol;
pub mod query;
mod signature;

pub use credential::{Claim, NoClaim, Said, claim, said};
pub use json11::BODY_LIMIT;
pub use limit::OBJECT_LIMIT;
#[cfg(feature = "server")]
pub use limit::body_limit;
pub use protocol::{Protocol, protocol};
pub use signature::is_right as signature_is_right;
