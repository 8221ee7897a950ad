//! Files of known gaps: read before a run, written after it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::known::{GapsError, KnownGaps, day, record};
use crate::model::Edition;
use crate::rule::Catalog;
use crate::run::{Outcome, RuleResult};

use super::error::CliError;
use super::output;

/// The gaps of a file; none where no file is named.
///
/// # Errors
/// Returns an error if the file cannot be read, or an entry of it is of no use.
pub fn known_gaps(file: Option<&Path>, catalog: &Catalog, edition: Edition) -> Result<KnownGaps, CliError> {
    let Some(path) = file else { return Ok(KnownGaps::default()) };
    let text = std::fs::read_to_string(path)
        .map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?;
    parse(path, &text, catalog, edition)
}

fn parse(path: &Path, text: &str, catalog: &Catalog, edition: Edition) -> Result<KnownGaps, CliError> {
    let today = day(SystemTime::now()).ok_or_else(|| CliError::Start(ErrorKind::Unsupported.into()))?;
    KnownGaps::parse(text, catalog, edition, today).map_err(wrong(path))
}

fn wrong(path: &Path) -> impl Fn(GapsError) -> CliError + '_ {
    |source| CliError::Known { path: path.to_owned(), source }
}

/// A file to be written once the run is over, with what it holds now.
#[derive(Debug)]
pub struct Record {
    path: PathBuf,
    text: String,
    gaps: KnownGaps,
}

impl Record {
    /// Looks, before the work is done, what the file holds and whether it can be written.
    ///
    /// # Errors
    /// Returns an error if it cannot, or holds something else than known gaps.
    pub fn open(path: &Path, catalog: &Catalog, edition: Edition) -> Result<Self, CliError> {
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?,
        };
        let gaps = parse(path, &text, catalog, edition)?;
        record(&text, &gaps, &BTreeMap::new(), &[]).map_err(wrong(path))?;
        output::writable(path)?;
        Ok(Self { path: path.to_owned(), text, gaps })
    }

    /// Writes it.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn write(&self, catalog: &Catalog, results: &[RuleResult]) -> Result<(), CliError> {
        let held = |result: &RuleResult| match result.outcome {
            Outcome::Passed => Some(true),
            Outcome::Failed | Outcome::Unimplemented | Outcome::Known => Some(false),
            // Rules that could not be judged, or are only assumed, keep the entries they have.
            Outcome::Blocked | Outcome::Flaky | Outcome::Errored | Outcome::Noted | Outcome::Skipped => None,
        };
        let held = results.iter().filter_map(|result| Some((result.id.as_str(), held(result)?))).collect();
        let text = record(&self.text, &self.gaps, &held, &catalog.rules).map_err(wrong(&self.path))?;
        output::write(&self.path, &text)
    }
}
