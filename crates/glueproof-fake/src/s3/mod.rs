//! S3, one file per subject. The crate s3s reads requests and writes responses (`service`, `request`). Handlers are plain
//! functions from cloud, caller and input to an output or an error. They know neither HTTP nor the system's clock.
//! Every object is encrypted at rest, under a key of S3's own or a data key of KMS.
//! This file contains docs and re-exports only.

mod attributes;
mod authorize;
mod bucket;
mod bucket_policy;
mod checksum;
mod encryption;
mod error;
mod listing;
mod lookup;
mod metadata;
mod multipart;
mod object_key;
mod read_object;
mod request;
mod service;
mod state;
mod tagging;
mod unread_member;
mod versioning;
mod write_object;

pub use encryption::RequestedEncryption;
#[cfg(feature = "server")]
pub use error::too_large;
pub use read_object::get_for_service;
#[cfg(feature = "server")]
pub use request::is_bucket_host;
pub use request::respond;
pub use state::State;
#[cfg(test)]
pub use unread_member::declares;
pub use write_object::put_for_service;
