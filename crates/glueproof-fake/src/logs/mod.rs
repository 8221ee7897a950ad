//! CloudWatch Logs, one file per subject. Handlers are plain functions from cloud, caller and input to an output or an error.
//! They know neither HTTP nor the system's clock. Events of a group with a key are encrypted under data keys that KMS issues
//! to the service, not to the caller. This file contains docs and re-exports only.

mod authorize;
mod constraints;
mod encryption;
mod event;
mod filter_events;
mod get_events;
mod group;
mod group_list;
mod lookup;
mod no_filters;
mod operations;
mod page;
mod pattern;
mod put_events;
mod retention;
mod service;
mod state;
mod stream;
mod stream_list;
mod tag;

pub use operations::Logs;
pub use service::{prepare, write};
pub use state::State;
