//! Sums up the lines of a journal: the state still to restore and the resources still to delete. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Entry, FORMAT, Header, PendingEntry, SavedState, UnnamedEntry};

/// The work that is still to be undone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The journal's header; `None` if the run was killed before it wrote the header.
    pub header: Option<Header>,
    /// Account-wide state as it was before the run.
    pub saved: Vec<SavedState>,
    /// Fingerprints of states that the run has made, by resource.
    pub own: BTreeMap<String, BTreeSet<String>>,
    /// Deletions, by id.
    pub due: BTreeMap<u64, PendingEntry>,
    /// Resources that must be searched for, by id.
    pub unnamed: BTreeMap<u64, UnnamedEntry>,
    /// The next id.
    next: u64,
}

/// A line that does not belong to a journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LedgerError {
    /// The number of the line, from 1.
    pub line: usize,
    /// The problem with the line.
    pub problem: String,
}

impl Ledger {
    /// Reads a journal. An incomplete last line is ignored: its call was never sent.
    ///
    /// # Errors
    /// Returns an error if any other line does not belong to a journal.
    pub fn read(text: &str) -> Result<Self, LedgerError> {
        let mut ledger = Self::default();
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let Some(line) = line.strip_suffix('\n') else { break };
            let broken = |problem: String| LedgerError { line: index + 1, problem };
            let entry: Entry = serde_json::from_str(line).map_err(|e| broken(e.to_string()))?;
            match (&entry, &ledger.header) {
                (Entry::Journal(header), None) if header.format == FORMAT => {}
                (Entry::Journal(header), None) => {
                    return Err(broken(format!("format {} is not known here", header.format)));
                }
                (Entry::Journal(_), Some(_)) => return Err(broken("it begins again".to_owned())),
                (_, None) => return Err(broken("it does not begin with what it is about".to_owned())),
                (_, Some(_)) => {}
            }
            ledger.add(entry);
        }
        Ok(ledger)
    }

    /// Adds a line.
    pub fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Journal(header) => self.header = Some(header),
            Entry::Saved(saved) => self.saved.push(saved),
            Entry::Own { resource, fingerprint } => {
                self.own.entry(resource).or_default().insert(fingerprint);
            }
            Entry::Due(due) => {
                self.next = self.next.max(due.id + 1);
                self.due.insert(due.id, due);
            }
            Entry::Unnamed(unnamed) => {
                self.next = self.next.max(unnamed.id + 1);
                self.unnamed.insert(unnamed.id, unnamed);
            }
            Entry::Gone(ids) => {
                for id in ids {
                    self.due.remove(&id);
                    self.unnamed.remove(&id);
                }
            }
        }
    }

    /// Returns an unused id.
    pub fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// Returns true if the run itself created a state with that fingerprint.
    #[must_use]
    pub fn is_own(&self, resource: &str, fingerprint: &str) -> bool {
        self.own.get(resource).is_some_and(|known| known.contains(fingerprint))
    }

    /// Returns true if no deletion is pending.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.due.is_empty() && self.unnamed.is_empty()
    }
}
