//! A session in this process, through the library's public API.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use glueproof::case::Case;
use glueproof::client::{CallLimits, Target, TargetSetup};
use glueproof::fake::{Clock, FakeCloud};
use glueproof::known::KnownGaps;
use glueproof::model::{Capability, Edition, Family, Specs};
use glueproof::report::{Report, VerdictPolicy};
use glueproof::rule::{Catalog, Rule, select};
use glueproof::run::{Budget, Outcome, RuleResult};
use glueproof::{CompletedRun, Suite, SuiteError};

use crate::server::{Answers, InProcess};

const ACCOUNT: &str = "123456789012";

/// A fake whose clock stands still, so that two runs see the same times, and in which nothing takes time.
pub fn cloud() -> FakeCloud {
    let clock = Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_millis(1_590_621_822_470));
    FakeCloud::builder().account(ACCOUNT).clock(clock).prompt(true).build().unwrap()
}

/// The options of a run.
pub struct Judge {
    pub only: Vec<String>,
    pub cases: usize,
    pub seed: u64,
    pub edition: Edition,
    pub parity: bool,
    /// Limits the time that the run waits for slow work.
    pub patience: Option<Duration>,
    /// Without the rules whose calls are made at once: in which order those come is luck.
    pub in_turn: bool,
    pub gaps: KnownGaps,
    /// The effort of shrinking.
    pub budget: Budget,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            cases: 1,
            seed: 1,
            edition: Edition::Current,
            parity: false,
            patience: None,
            in_turn: false,
            gaps: KnownGaps::default(),
            budget: Budget::default(),
        }
    }
}

/// The result of a run.
#[derive(Debug)]
pub struct Judged {
    pub report: Report,
    pub cases: BTreeMap<String, Case>,
}

impl Judge {
    pub fn only(filters: &[&str]) -> Self {
        Self { only: filters.iter().map(|&f| f.to_owned()).collect(), ..Self::default() }
    }

    /// For servers on which waiting is in vain.
    pub fn impatiently(self) -> Self {
        Self { patience: Some(Duration::from_millis(100)), ..self }
    }

    /// For servers of which so much is wrong that no finding is looked at.
    pub fn unshrunk(self) -> Self {
        Self { budget: Budget { calls: 0, time: Duration::ZERO }, ..self }
    }

    #[track_caller]
    pub fn run(&self, answers: Answers) -> Judged {
        self.try_run(answers).unwrap()
    }

    fn rules<'c>(&self, catalog: &'c Catalog) -> Vec<&'c Rule> {
        let mut rules = select(catalog, &self.only, &[]).unwrap();
        rules.retain(|rule| !self.in_turn || rule.family != Family::Concurrency);
        // The servers of these tests check no caller, so rules about callers run only on request.
        let asked = self.only.iter().any(|filter| filter.contains("access"));
        rules.retain(|rule| rule.capability != Capability::Access || asked);
        rules
    }

    /// One rule at a time, so that the server sees the same calls in the same order each time.
    pub fn try_run(&self, answers: Answers) -> Result<Judged, SuiteError> {
        let specs = specs(self.edition);
        let throttling = specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned()).collect();
        let limits = CallLimits { throttling, poll_timeout: self.patience, ..CallLimits::default() };
        let setup = TargetSetup { name: "server of a test", specs, limits };
        let client = SharedHttpClient::new(InProcess(answers));
        let target = Target::in_process(setup, client, ACCOUNT, "us-east-1");
        let catalog = Catalog::new(specs);
        let rules = self.rules(&catalog);
        let suite = Suite::new(&target).specs(specs).rules(rules).cases(self.cases).seed(self.seed);
        let suite = suite
            .budget(self.budget)
            .known_gaps(&self.gaps)
            .verdict_policy(VerdictPolicy { parity: self.parity, ..VerdictPolicy::default() })
            .jobs(1);
        let CompletedRun { mut report, cases, .. } = suite.run_with_cases()?;
        // Values that every run makes anew.
        "1970-01-01T00:00:00Z".clone_into(&mut report.started);
        report.duration_ms = 0;
        Ok(Judged { report, cases })
    }
}

fn specs(edition: Edition) -> &'static Specs {
    static CURRENT: OnceLock<Specs> = OnceLock::new();
    static E2018: OnceLock<Specs> = OnceLock::new();
    let cell = if edition == Edition::Current { &CURRENT } else { &E2018 };
    cell.get_or_init(|| Specs::embedded(edition).unwrap())
}

impl Judged {
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &RuleResult> {
        self.report.results.iter().filter(move |r| r.outcome == outcome)
    }

    pub fn ids(&self, outcome: Outcome) -> Vec<&str> {
        self.with(outcome).map(|r| r.id.as_str()).collect()
    }
}
