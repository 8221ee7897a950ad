//! The fake cloud: a stateful simulation of AWS Glue, as far as encryption touches it, and of KMS, S3, CloudWatch
//! Logs, STS and IAM, that answers the way the real services have been seen to answer. This file holds docs and
//! re-exports; it must hold no behaviour.
//!
//! One engine, [`FakeCloud::handle`] in `engine`, and transports to it in [`transport`]. Bytes come in through
//! `wire`, which finds the operation; `validate` holds the input against the model of the specs; `glue`
//! changes the state that `cloud` keeps, one struct an account and region. `snapshot` writes all of that down
//! and `state_file` keeps it; `admin` is what `serve` offers beside AWS's own API. Time comes from [`Clock`] and
//! everything random from one seed, so the same calls get the same answers; only keys and what is encrypted
//! are as random as they must be.
//!
//! `kms` holds keys and really encrypts, for callers over the wire and for the other services here; `iam` knows
//! users, roles and sessions, and decides what they may do.
//!
//! Must not know the generators, the checks or the reference: they judge the fake as they judge
//! any other target.
//!
//! ```
//! # #[cfg(not(feature = "connector"))]
//! # fn main() {}
//! # #[cfg(feature = "connector")]
//! # fn main() -> Result<(), glueproof_fake::BuildError> {
//! use glueproof_fake::{Fault, FakeCloud, Injection, transport::Connector};
//!
//! let cloud = FakeCloud::new()?;
//! let http_client = Connector::new(cloud.clone()); // for `aws_sdk_glue::Config::builder().http_client(…)`
//! cloud.inject(Injection::new(Fault::THROTTLING).on("GetResourcePolicy").times(1));
//! # drop(http_client);
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "server")]
mod admin;
mod at_rest;
mod builder;
mod caller;
mod clock;
mod cloud;
mod constraint;
mod engine;
mod error;
mod fault;
mod glue;
mod group_commit;
mod iam;
mod judged;
mod kms;
mod logs;
#[cfg(test)]
mod member_audit;
mod member_limit;
mod network;
mod notice;
mod page_token;
mod pagination;
mod pretty_json;
mod random;
mod router;
pub mod transport;

mod s3;
mod sealed;
mod secrets_manager;
mod service;
mod settings;
mod snapshot;
mod state_file;
mod store;
mod tagging;
mod tags;
mod validate;
mod wire;

pub use at_rest::AtRest;
pub use builder::{BuildError, FakeCloudBuilder};
pub use clock::Clock;
pub use engine::FakeCloud;
pub use fault::{Catalogue, CatalogueError, Fault, Injection, UnknownFault};
pub use iam::{Mode, SeedError, SeedFile, UnknownMode};
pub use network::Vpc;
pub use snapshot::{Snapshot, SnapshotError};
pub use state_file::StateFileError;
pub use store::{StateKey, StateKeyError};
pub use wire::{BODY_LIMIT, OBJECT_LIMIT};
