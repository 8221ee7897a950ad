//! The journal of a run: what it is about to make and to change on a target, written down before it does, so that
//! `cleanup` can undo it whatever became of the run.
//!
//! `entry` is one line, `ledger` what all lines so far come to, `fingerprint` tells states apart without holding them;
//! these do no I/O. `file` keeps a journal on the disk. Names, ids and settings stand in it, and no secrets: of calls it
//! has the names of what they make, and of what they put only a likeness. Nothing here calls anybody.

mod entry;
mod file;
mod fingerprint;
mod ledger;

pub use entry::{Entry, Header, PendingEntry, SavedState, UnnamedEntry};
pub use file::{JournalError, JournalFile};
pub use fingerprint::fingerprint;
pub use ledger::{Ledger, LedgerError};
