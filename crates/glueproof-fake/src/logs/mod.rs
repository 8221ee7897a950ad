//! What CloudWatch Logs does, one file a theme. Handlers are plain functions from cloud, caller and input to
//! an output or a refusal; they must know neither HTTP nor the system's clock. Events of a group with a key
//! lie encrypted under data keys that KMS gives to the service itself, never to the caller.

mod encryption;
mod event;
mod filter_events;
mod filter_pattern;
mod get_events;
mod group;
mod group_list;
mod limits;
mod lookup;
mod operations;
mod page;
mod permit;
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
