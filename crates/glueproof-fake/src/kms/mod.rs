//! KMS with real cryptography, one file per subject. Handlers are plain functions from cloud, caller
//! and input to an output or an error. They know neither HTTP nor the system's clock. Key material
//! comes from the random generator of the cryptographic library, and reaches no log, error or `Debug`.

mod agreement;
mod alias;
mod arn;
mod authorize;
mod constraints;
mod create_key;
mod crypt;
mod data_key;
mod describe;
mod envelope;
mod grant;
mod grant_operations;
mod import;
mod key;
mod key_policy;
mod lifecycle;
mod list_keys;
mod lookup;
mod mac;
mod managed;
mod material;
mod multi_region;
mod multi_region_set;
mod new_key;
mod oaep;
mod operations;
mod page;
mod principal;
mod rotation;
mod secret;
mod service;
mod signing;
mod spec;
mod state;
mod tag;

pub use envelope::Context;
pub use material::PreparedMaterial;
#[cfg(feature = "server")]
pub use material::can_generate_rsa_key;
pub use operations::Kms;
pub use secret::{Blob, Secret};
pub use service::{decrypt, encrypt, generate_data_key};
pub use state::State;
