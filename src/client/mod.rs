//! What is tested: an endpoint or the embedded fake, always through the real SDK's pipeline.
//!
//! `connect` makes targets, which are at an `address`, have `credentials` and are reached as `reach` says, `guard`
//! lets no call go elsewhere, `call` sends, `pipeline` taps the SDK, `glue` knows its operations, `untyped` calls all
//! others as `wire_form`, `query`, `rest_xml` and `xml` put them, `signer` says whose calls they are and `session`
//! keeps the credentials that calls answer, `alias` translates names, `ended` and `exchange` are what comes out.
//! Nothing here judges.

mod address;
mod alias;
mod call;
mod connect;
mod credentials;
mod ended;
mod exchange;
mod glue;
mod guard;
mod pipeline;
mod query;
mod reach;
mod rest_xml;
mod session;
mod signer;
mod untyped;
mod wire_form;
mod xml;

pub use alias::{Alias, Aliases};
pub use call::{Limits, Target};
pub use exchange::{Answer, CallFailure, Exchange, Reading, Request};
pub use reach::{ConnectError, Reach};
pub use session::Session;
pub use signer::Signer;
