//! What is tested: an endpoint or the embedded fake, always through the real SDK's pipeline.
//!
//! `connect` makes targets, `call` sends, `pipeline` taps the SDK, `glue` knows its operations, `alias`
//! translates names, `exchange` is what comes out. Nothing here judges.

mod alias;
mod call;
mod connect;
mod exchange;
mod glue;
mod pipeline;

pub use alias::{Alias, Aliases};
pub use call::{Limits, Target};
pub use connect::ConnectError;
pub use exchange::{Answer, CallFailure, Exchange, Reading, Request};
