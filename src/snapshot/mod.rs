//! Snapshots: for each operation and each of its outcomes one exchange, without parts that vary, as a file. The choice of the
//! exchange depends on the seed alone.
//!
//! `select` finds the exchanges of an operation, `text` renders one, and `directory` keeps them as files that
//! `cargo insta review` reads. Must not print.

mod directory;
mod select;
mod text;

pub use directory::{SnapshotDir, SnapshotDirError, SnapshotStatus};
pub use select::{
    CapturableOperation, CaptureError, CapturedSnapshots, Snapshot, capturable_operations, capture,
};
