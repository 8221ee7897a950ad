//! Bytes in, bytes out: the AWS JSON 1.1 protocol and who a request says it is from. Must not know what
//! an operation does.

mod caller;
pub mod json11;
pub mod json_text;
mod limit;

pub use caller::caller;
pub use json11::BODY_LIMIT;
pub use limit::OBJECT_LIMIT;
#[cfg(feature = "server")]
pub use limit::body_limit;
