//! What S3 does, one file a theme. The crate s3s reads requests and writes answers (`door`, `request`);
//! handlers are plain functions from cloud, caller and input to an output or a refusal, and know neither HTTP
//! nor the system's clock. Every object lies encrypted, under a key of S3's own or a data key of KMS.

mod address;
mod bucket;
mod bucket_encryption;
mod checksum;
mod chunked;
mod copy_object;
mod delete_object;
mod details;
mod door;
mod encryption;
mod get_object;
mod listing;
mod lookup;
mod multipart;
mod multipart_list;
mod permit;
mod precondition;
mod put_object;
mod refusal;
mod request;
mod service;
mod state;

#[cfg(feature = "server")]
pub use refusal::too_large;
pub use request::answer;
pub use state::State;
pub use {
    encryption::Wanted,
    service::{get, put},
};
