//! The client of the system under test: an endpoint, AWS or the embedded fake, always through the real SDK's pipeline.
//!
//! Must not judge a response. The entry points are the constructors of [`Target`] and [`Target::call`].
//!
//! | file | contents |
//! |---|---|
//! | `target` | [`Target`]: paced, bounded and retried calls |
//! | `connect` | constructors of `Target` |
//! | `options`, `access` | the settings of the user; the addresses, credentials and HTTP client made of them |
//! | `credentials` | the AWS credential chain, and which credentials are placeholders |
//! | `address` | the addresses of services, and the URLs that name them |
//! | `egress` | the HTTP client, which calls no other addresses |
//! | `trust` | TLS connections to servers whose certificates the user names |
//! | `refusal` | responses that refuse the caller |
//! | `signer` | the identity that signs a call, and credentials returned by calls |
//! | `glue` | operations that aws-sdk-glue sends and deserializes |
//! | `generic` | operations without an SDK crate |
//! | `capture` | the interceptor that replaces the request body and copies the raw response |
//! | `serialize`, `xml` | HTTP bindings of the protocols: awsJson1.1, awsQuery, restXml |
//! | `alias` | names of the run and the account in requests and responses |
//! | `exchange`, `call_result`, `error` | one request and its response, or the failure |
//! | `call_record` | retries and refusals of a target, counted |

mod access;
mod address;
mod alias;
mod call_record;
mod call_result;
mod capture;
mod connect;
mod credentials;
mod egress;
mod error;
mod exchange;
mod generic;
mod glue;
mod options;
mod refusal;
mod serialize;
mod signer;
mod target;
mod trust;
mod xml;

pub use address::with_scheme;
pub use alias::{Alias, Aliases};
pub use credentials::{CredentialsInfo, CredentialsSource};
pub use error::{CallFailure, ConnectError};
pub use exchange::{Exchange, Request, Response, SdkView};
pub use options::{ConnectOptions, DEFAULT_REGION};
pub use refusal::CallerRefusal;
pub use signer::{SessionCredentials, Signer};
pub use target::{CallLimits, Target, TargetSetup, TargetType};
pub use trust::{CaBundle, CaBundleError};
