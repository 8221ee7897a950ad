//! `--resume`: what an earlier report has judged is kept, and only the rest is run. Judges nothing itself.

use std::collections::BTreeSet;
use std::path::Path;

use crate::report::Report;
use crate::report::merge::{RunKey, merge, same_run};
use crate::report::{VerdictPolicy, json, summarize, verdict};
use crate::rule::Rule;
use crate::run::{Outcome, Shard};

use super::error::CliError;

/// An earlier report of the same run, without what it could not judge.
#[derive(Debug)]
pub struct PreviousRun {
    file: String,
    report: Report,
}

impl PreviousRun {
    /// Reads it, and makes sure that it is of this run.
    ///
    /// # Errors
    /// Returns an error if it is no report, or one of another target, seed or suite.
    pub fn read(
        file: &Path,
        run: &RunKey<'_>,
        shard: Option<Shard>,
        policy: VerdictPolicy,
    ) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| CliError::Unreadable { path: file.to_owned(), source })?;
        let mut report =
            json::read(&text).map_err(|source| CliError::Report { path: file.to_owned(), source })?;
        let file = file.display().to_string();
        same_run((&file, &RunKey::of(&report)), ("this run", run))?;
        if report.shard != shard {
            return Err(CliError::OtherShard(file));
        }
        report.results.retain(|rule| !matches!(rule.outcome, Outcome::Skipped | Outcome::Errored));
        report.verdict = verdict(&report.results, policy, false);
        report.summary = summarize(&report.results);
        report.missing_permissions = None;
        report.shard = None;
        Ok(Self { file, report })
    }

    /// Rules that it has not judged.
    #[must_use]
    pub fn leaves<'c>(&self, rules: Vec<&'c Rule>) -> Vec<&'c Rule> {
        let judged: BTreeSet<&str> = self.report.results.iter().map(|rule| rule.id.as_str()).collect();
        rules.into_iter().filter(|rule| !judged.contains(rule.id.as_str())).collect()
    }

    /// The report of both together.
    ///
    /// # Errors
    /// Returns an error if they do not go together.
    pub fn joined(self, now: Report) -> Result<Report, CliError> {
        Ok(merge(vec![(self.file, self.report), ("this run".to_owned(), now)])?)
    }
}
