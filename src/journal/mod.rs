//! The journal of a run: each resource and each change is recorded before its call, so that `cleanup` can undo the run even
//! if the process was killed.
//!
//! `entry` is one line, `ledger` the sum of all lines, and `fingerprint` tells states apart without storing them; these do no
//! I/O. `file` keeps a journal on the disk. A journal contains names, ids and settings, but no secrets: of a state that a call
//! sets it has only the fingerprint. Must not call a target.

mod entry;
mod file;
mod fingerprint;
mod ledger;

pub use entry::{Entry, Header, PendingEntry, SavedState, UnnamedEntry};
pub use file::{JournalError, JournalFile};
pub use fingerprint::fingerprint;
pub use ledger::{Ledger, LedgerError};
