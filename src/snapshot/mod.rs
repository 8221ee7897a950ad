//! Snapshots: for each operation and each outcome it has, one exchange, without what varies, as a file. Which
//! exchange that is depends on the seed alone, and not on what else is looked at.
//!
//! `choose` finds the exchanges of an operation, `text` writes one down, `album` keeps them as files that insta and
//! its `cargo insta review` know. Nothing here prints.

mod album;
mod choose;
mod text;

pub use album::{Album, AlbumError, Leaf};
pub use choose::{Exposed, Looked, Snapshot, Unanswered, exposed, look};
