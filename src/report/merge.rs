//! Shards of one run, joined into the report that one run would have made. Pure: reads no file, judges nothing
//! anew.

use std::collections::BTreeSet;

use super::model::{Report, SuiteInfo, Verdict};
use crate::client::TargetType;
use crate::run::Presence;

use super::summary::{policy_document, summarize};

/// The reason why reports cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is no report to merge.
    #[error("there is no report to merge")]
    Nothing,
    /// Not of one run.
    #[error("{second} is no part of the run of {first}: {what} differs")]
    AnotherRun {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// The difference between them.
        what: &'static str,
    },
    /// Two reports judge the same rule.
    #[error("both {first} and {second} hold {rule}")]
    RuleTwice {
        /// Rule id.
        rule: String,
        /// A file.
        first: String,
        /// Another.
        second: String,
    },
    /// One shard given twice.
    #[error("{first} and {second} are the same shard, {number} of {of}")]
    ShardTwice {
        /// The number of the shard.
        number: u32,
        /// The number of shards.
        of: u32,
        /// A file.
        first: String,
        /// Another.
        second: String,
    },
    /// Shards are missing, so that the report would look complete without being so.
    #[error("the run of {files} has {of} shards; missing: {}", listed(.missing))]
    ShardsMissing {
        /// The missing shards.
        missing: Vec<u32>,
        /// Of how many.
        of: u32,
        /// The files there are.
        files: String,
    },
}

fn listed(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// Groups reports by run, and merges each group. Reports of one target, seed and specs that have no rule in common form
/// a group, and so do shards. Each group has the names of its files.
///
/// # Errors
/// Returns an error if shards are missing, or there twice.
pub fn by_run(reports: Vec<(String, Report)>) -> Result<Vec<(String, Report)>, MergeError> {
    let mut runs: Vec<Vec<(String, Report)>> = Vec::new();
    for report in reports {
        let same = runs.iter_mut().find(|run| run.iter().all(|other| is_same_run(other, &report)));
        match same {
            Some(run) => run.push(report),
            None => runs.push(vec![report]),
        }
    }
    runs.into_iter().map(|run| Ok((file_names(&run), merge(run)?))).collect()
}

/// Overlapping shards of one size belong together, so that the overlap is reported.
fn is_same_run((_, one): &(String, Report), (_, other): &(String, Report)) -> bool {
    let size = |report: &Report| report.shard.map(|shard| shard.of);
    difference(&RunKey::of(one), &RunKey::of(other)).is_none()
        && size(one) == size(other)
        && (one.shard.is_some() || common_rule(one, other).is_none())
}

fn file_names(run: &[(String, Report)]) -> String {
    run.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The report of the whole run. Times add up, as if one machine had done it all.
///
/// # Errors
/// Returns an error if the reports are not parts of one run, or not all of its shards.
pub fn merge(parts: Vec<(String, Report)>) -> Result<Report, MergeError> {
    check_parts(&parts)?;
    let mut parts = parts.into_iter().map(|(_, report)| report);
    let mut whole = parts.next().ok_or(MergeError::Nothing)?;
    whole.shard = None;
    for part in parts {
        whole.verdict = verdict(&whole, &part);
        for (name, presence) in part.target.capabilities {
            let known = whole.target.capabilities.entry(name).or_insert(presence);
            if presence == Presence::Tested || *known == Presence::Unselected {
                *known = presence;
            }
        }
        whole.started = whole.started.min(part.started);
        whole.duration_ms = whole.duration_ms.saturating_add(part.duration_ms);
        whole.results.extend(part.results);
    }
    whole.results.sort_by(|a, b| a.id.cmp(&b.id));
    whole.summary = summarize(&whole.results);
    whole.missing_permissions = policy_document(&whole.results);
    Ok(whole)
}

/// Joins the verdicts of the parts. A part without rules does not count.
fn verdict(one: &Report, other: &Report) -> Verdict {
    match (one.verdict, other.verdict) {
        (_, verdict) if one.results.is_empty() => verdict,
        (verdict, _) if other.results.is_empty() => verdict,
        (Verdict::Deviates, _) | (_, Verdict::Deviates) => Verdict::Deviates,
        (Verdict::Incomplete, _) | (_, Verdict::Incomplete) => Verdict::Incomplete,
        (Verdict::Conforms, Verdict::Conforms) => Verdict::Conforms,
    }
}

fn check_parts(parts: &[(String, Report)]) -> Result<(), MergeError> {
    for (number, (second, other)) in parts.iter().enumerate() {
        for (first, one) in &parts[..number] {
            same_run((first, &RunKey::of(one)), (second, &RunKey::of(other)))?;
            let (first, second) = (first.clone(), second.clone());
            if let Some(shard) = one.shard.filter(|shard| Some(*shard) == other.shard) {
                return Err(MergeError::ShardTwice { number: shard.number, of: shard.of, first, second });
            }
            if let Some(rule) = common_rule(one, other) {
                return Err(MergeError::RuleTwice { rule: rule.to_owned(), first, second });
            }
        }
    }
    check_all_shards(parts)
}

fn check_all_shards(parts: &[(String, Report)]) -> Result<(), MergeError> {
    let shards: BTreeSet<(u32, u32)> =
        parts.iter().filter_map(|(_, report)| report.shard).map(|shard| (shard.of, shard.number)).collect();
    let sizes: BTreeSet<u32> = shards.iter().map(|(of, _)| *of).collect();
    for of in sizes {
        let missing: Vec<u32> = (1..=of).filter(|number| !shards.contains(&(of, *number))).collect();
        if !missing.is_empty() {
            return Err(MergeError::ShardsMissing { missing, of, files: file_names(parts) });
        }
    }
    Ok(())
}

/// The identity of a run: the same cases on the same target, judged by the same rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunKey<'r> {
    /// Kind, address and name.
    pub target: (TargetType, Option<&'r str>, &'r str),
    /// Seed of everything generated.
    pub seed: u64,
    /// The suite.
    pub suite: &'r SuiteInfo,
}

impl<'r> RunKey<'r> {
    /// The run a report is of.
    #[must_use]
    pub fn of(report: &'r Report) -> Self {
        let target = &report.target;
        let target = (target.kind, target.url.as_deref(), target.name.as_str());
        Self { target, seed: report.seed, suite: &report.suite }
    }
}

/// Checks that two reports, each under its name, are of one run.
///
/// # Errors
/// Returns an error if they are not.
pub fn same_run(one: (&str, &RunKey<'_>), other: (&str, &RunKey<'_>)) -> Result<(), MergeError> {
    match difference(one.1, other.1) {
        None => Ok(()),
        Some(what) => {
            Err(MergeError::AnotherRun { first: one.0.to_owned(), second: other.0.to_owned(), what })
        }
    }
}

/// Returns the difference that shows that two reports are not of one run.
fn difference(one: &RunKey<'_>, other: &RunKey<'_>) -> Option<&'static str> {
    if one.target != other.target {
        Some("the target")
    } else if one.seed != other.seed {
        Some("the seed")
    } else if one.suite != other.suite {
        Some("the suite (its version, specs or edition)")
    } else {
        None
    }
}

fn common_rule<'r>(one: &'r Report, other: &Report) -> Option<&'r str> {
    let known: BTreeSet<&str> = other.results.iter().map(|rule| rule.id.as_str()).collect();
    one.results.iter().map(|rule| rule.id.as_str()).find(|id| known.contains(id))
}
