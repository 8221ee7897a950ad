//! The store: the state of a cloud in a file, one record for each item. Must not know a service.
//! [`Table`] and [`List`] are the collections that state is made of. [`Store`] holds the file.
//!
//! All state is in memory, and calls read it there. A commit writes the items that calls have touched:
//!
//! - [`Table`] remembers the touched keys.
//! - `changes` walks the touched items, and returns one [`RecordChange`] for each record.
//! - [`Store`] applies the edits in one transaction of redb, which is on the disk when it returns.
//! - `cipher` encrypts records, if the user has given a key.
//! - `tree` rebuilds the JSON of a snapshot from all records.
//!
//! redb keeps everything in one file, is written in Rust, and has a checksum for every page. fjall keeps a folder of files, and
//! drops the damaged end of its journal without a word. `SQLite`, through rusqlite, has no checksums without an extension,
//! drops a damaged end of its journal too, and needs a C compiler.

mod changes;
mod cipher;
mod database;
mod list;
mod medium;
mod table;
mod tree;

pub use changes::{Extent, RecordChange, changes, mark_written, record_text};
pub use cipher::{StateKey, StateKeyError};
pub use database::{Store, StoreError};
pub use list::List;
pub use medium::MAGIC;
pub use table::Table;
pub use tree::{ROOT, below};
