//! Reads known gaps out of TOML and says which gap covers a rule. Looks at no result and no clock.
//!
//! ```toml
//! [[known]]
//! rule = "glue/PutResourcePolicy/invalid/*"     # a rule id, or a pattern with `*`
//! reason = "policies are not validated yet"
//! issue = "https://example.com/issues/7"        # may be left out
//! expires = 2027-06-30                          # may be left out: the last day on which it excuses
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;
use std::time::SystemTime;

use serde::Deserialize;
use toml::Spanned;
use toml::value::{Date, Datetime};

use crate::model::Edition;
use crate::rule::Catalog;

use super::error::{GapsError, GapsProblem};

/// The number of similar ids in the error for an entry that matches no rule.
const NEAREST: usize = 3;

/// The gaps of a file.
#[derive(Debug, Clone, Default)]
pub struct KnownGaps {
    gaps: Vec<Gap>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Rule id, or a pattern with `*`.
    pub rule: String,
    /// The reason why the target violates it.
    pub reason: String,
    /// The URL of the issue about the gap.
    pub issue: Option<String>,
    /// The last day on which it excuses.
    pub expires: Option<Date>,
    /// True if that day is over.
    pub expired: bool,
    /// The line of the entry, from 1.
    pub line: usize,
    rules: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    known: Vec<RawGap>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGap {
    rule: Spanned<String>,
    reason: Spanned<String>,
    issue: Option<String>,
    expires: Option<Spanned<Datetime>>,
}

impl KnownGaps {
    /// Reads a file's text. The catalog has all rules of the edition, tried or not, so that an entry is never
    /// blamed for rules that are left out this time.
    ///
    /// ```
    /// use glueproof::known::KnownGaps;
    /// use glueproof::model::{Edition, Specs};
    /// use glueproof::rule::Catalog;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let catalog = Catalog::new(&Specs::embedded(Edition::Current)?);
    /// let file = r#"
    ///     [[known]]
    ///     rule = "glue/PutResourcePolicy/invalid/*"
    ///     reason = "policies are not validated yet"
    /// "#;
    /// let today = "2026-11-22".parse::<toml::value::Datetime>()?.date.ok_or("no date")?;
    /// let gaps = KnownGaps::parse(file, &catalog, Edition::Current, today)?;
    /// assert_eq!(gaps.gaps()[0].reason, "policies are not validated yet");
    /// assert!(gaps.of("glue/GetResourcePolicy/errors/EntityNotFoundException").is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if it is not the TOML expected, or an entry is about no rule, or without a reason.
    pub fn parse(text: &str, catalog: &Catalog, edition: Edition, today: Date) -> Result<Self, GapsError> {
        let raw: Raw = toml::from_str(text).map_err(|e| {
            let problem = GapsProblem::Syntax(e.message().lines().next().unwrap_or_default().to_owned());
            GapsError::at(text, e.span().unwrap_or_default().start, problem)
        })?;
        let mut lines = BTreeMap::new();
        let read = |raw: RawGap| {
            let gap = Gap::read(text, raw, catalog, edition, today)?;
            match lines.insert(gap.rule.clone(), gap.line) {
                Some(first) => {
                    let problem = GapsProblem::Twice { rule: gap.rule, first };
                    Err(GapsError { line: gap.line, problem })
                }
                None => Ok(gap),
            }
        };
        Ok(Self { gaps: raw.known.into_iter().map(read).collect::<Result<_, _>>()? })
    }

    /// The gap that covers a rule: one that still excuses, if there is one.
    #[must_use]
    pub fn of(&self, rule: &str) -> Option<&Gap> {
        let covering = || self.gaps.iter().filter(|gap| gap.rules.contains(rule));
        covering().find(|gap| !gap.expired).or_else(|| covering().next())
    }

    /// All entries, as they stand.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl Gap {
    fn read(
        text: &str,
        raw: RawGap,
        catalog: &Catalog,
        edition: Edition,
        today: Date,
    ) -> Result<Self, GapsError> {
        let (rule, start) = (raw.rule.get_ref(), raw.rule.span().start);
        let wrong = |byte, problem| Err(GapsError::at(text, byte, problem));
        let named = catalog.rules.iter().filter(|known| known.is_named(rule));
        let rules: BTreeSet<String> = named.map(|known| known.id.clone()).collect();
        if rules.is_empty() {
            let nearest = catalog.nearest(rule, NEAREST).into_iter().map(str::to_owned).collect();
            let problem = GapsProblem::NoSuchRule { rule: rule.clone(), edition, nearest };
            return wrong(start, problem);
        }
        if raw.reason.get_ref().trim().is_empty() {
            return wrong(raw.reason.span().start, GapsProblem::NoReason(rule.clone()));
        }
        let expires = match raw.expires.as_ref().map(|e| (e.get_ref(), e.span().start)) {
            None => None,
            Some((Datetime { date: Some(date), time: None, offset: None }, _)) => Some(*date),
            Some((_, start)) => return wrong(start, GapsProblem::NoDay),
        };
        Ok(Self {
            line: text[..start].matches('\n').count() + 1,
            rule: raw.rule.into_inner(),
            reason: raw.reason.into_inner(),
            issue: raw.issue,
            expired: expires.is_some_and(|last| last < today),
            expires,
            rules,
        })
    }

    /// The rules it covers, by id.
    #[must_use]
    pub fn rules(&self) -> &BTreeSet<String> {
        &self.rules
    }

    /// `policies are not validated yet (https://example.com/issues/7)`.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.issue {
            Some(issue) => format!("{} ({issue})", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// The day of a time, in UTC.
#[must_use]
pub fn day(time: SystemTime) -> Option<Date> {
    let text = humantime::format_rfc3339_seconds(time).to_string();
    Datetime::from_str(text.get(..10)?).ok()?.date
}
