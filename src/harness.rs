//! The suite inside `cargo test`: every rule is one test named by its id. Reads `GLUEPROOF_…`, judges through
//! the same runner as the program, and lets libtest-mimic do what cargo expects of a test binary.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Parser as _;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use tokio::runtime::Runtime;

use crate::cli::{
    Aim, Cli, CliError, Command, Opened, RunArgs, aim, announce, begin, capabilities, complain, known_gaps,
    open, specs,
};
use crate::known::KnownGaps;
use crate::model::{Level, Specs};
use crate::report::on_lines;
use crate::rule::{Catalog, Rule, select};
use crate::run::{
    AccountState, Bench, Budget, Outcome, Plan, RuleResult, Turns, claims, excuse, hand_back, judge_rule,
    preflight, secure,
};

/// Runs the rules as tests: filters, `--list`, `--exact` and the like are cargo's.
///
/// The target is `GLUEPROOF_TARGET`, the embedded fake when it is not set; `GLUEPROOF_EDITION`,
/// `GLUEPROOF_ONLY`, `GLUEPROOF_CASES`, `GLUEPROOF_SEED` and the others mean what the flags of
/// `glueproof run` mean.
#[must_use]
pub fn conformance() -> ExitCode {
    let arguments = Arguments::from_args();
    match Suite::from_env() {
        Ok(suite) => {
            let suite = Arc::new(suite);
            let trials = suite.names().into_iter().map(|(index, name)| trial(&suite, index, name)).collect();
            let conclusion = libtest_mimic::run(&arguments, trials);
            suite.close();
            conclusion.exit_code()
        }
        Err(error) => {
            complain(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn trial(suite: &Arc<Suite>, index: usize, name: String) -> Trial {
    let suite = Arc::clone(suite);
    Trial::ignorable_test(name, move || suite.judge(index))
}

/// The rules, and the target once somebody needs it.
struct Suite {
    aim: Aim,
    args: RunArgs,
    specs: Specs,
    catalog: Catalog,
    gaps: KnownGaps,
    chosen: Vec<String>,
    runtime: Runtime,
    turns: Turns,
    opened: OnceLock<Result<Ready, String>>,
}

/// A target that answers, and what must be put back on it.
struct Ready {
    opened: Opened,
    states: Vec<AccountState>,
    /// What rules may need.
    there: BTreeSet<String>,
}

impl Suite {
    fn from_env() -> Result<Self, CliError> {
        let given = match Cli::parse_from(["glueproof", "run"]).command {
            Some(Command::Run(args)) => *args,
            _ => return Err(CliError::UnknownTarget("run".to_owned())),
        };
        let aim = aim(&given.target, given.call.config.as_deref())?;
        let args = aim.run(&given);
        let specs = specs(&args.specs)?;
        let catalog = Catalog::new(&specs);
        aim.check(&catalog)?;
        let rules = select(&catalog, &args.choice.only, &args.choice.capability)?;
        let chosen = rules.into_iter().map(|rule| rule.id.clone()).collect();
        let gaps = known_gaps(args.known.as_deref(), &catalog, args.specs.edition())?;
        let runtime = Runtime::new().map_err(CliError::Start)?;
        Ok(Self {
            aim,
            args,
            specs,
            catalog,
            gaps,
            chosen,
            runtime,
            turns: Turns::default(),
            opened: OnceLock::new(),
        })
    }

    fn names(&self) -> Vec<(usize, String)> {
        let name = |id: &String| self.catalog.find(id).map_or_else(|| id.clone(), Rule::test_name);
        self.chosen.iter().enumerate().map(|(index, id)| (index, name(id))).collect()
    }

    /// Opened at the first test, so that `--list` calls nobody.
    fn ready(&self) -> Result<&Ready, Failed> {
        let opened =
            self.opened.get_or_init(|| self.runtime.block_on(self.open()).map_err(|e| e.to_string()));
        opened.as_ref().map_err(Failed::from)
    }

    async fn open(&self) -> Result<Ready, CliError> {
        let account = self.args.account.as_deref();
        let opened = open(&self.aim, &self.args.call, account, &self.specs).await?;
        let opened = begin(opened, self.args.journal.as_deref())?;
        for model in self.specs.services.iter().filter(|model| model.is_core()) {
            preflight(&opened.target, model).await?;
        }
        let chosen: Vec<&Rule> = self.chosen.iter().filter_map(|id| self.catalog.find(id)).collect();
        let there = capabilities(&self.args, &opened.target, &self.specs, &chosen).await;
        let has = |rule: &&Rule| {
            self.specs.service(&rule.service).is_some_and(|model| rule.needs(model).is_subset(&there))
        };
        let tried: Vec<&Rule> = chosen.into_iter().filter(has).collect();
        announce(&opened.target, &self.specs, &tried, &self.args.call);
        let all = self.specs.services.iter().flat_map(|model| &model.resources);
        let all = all.filter(|r| r.is_account_wide()).map(|r| r.name.clone()).collect();
        let states = secure(&opened.target, &self.specs, &all).await?;
        Ok(Ready { opened, states, there })
    }

    fn judge(&self, index: usize) -> Result<Completion, Failed> {
        let ready = self.ready()?;
        let unknown = || Failed::from("the rule is gone");
        let rule = self.catalog.find(&self.chosen[index]).ok_or_else(unknown)?;
        let model = self.specs.service(&rule.service).ok_or_else(unknown)?;
        if let Some(lacking) = rule.needs(model).difference(&ready.there).next() {
            return Ok(Completion::ignored_with(format!("absent: {lacking}")));
        }
        let _turn = self.turns.wait(claims(model, rule));
        let plan = Plan { cases: self.args.cases, seed: self.args.seed, budget: Budget::default() };
        let bench = Bench { target: &ready.opened.target, model, plan, emit: &|_| {}, stopped: &|| false };
        let result = self.runtime.block_on(judge_rule(bench, rule)).result;
        let result = match self.gaps.of(&rule.id) {
            Some(gap) => excuse(result, gap),
            None => result,
        };
        completion(result, self.args.parity.unwrap_or_default())
    }

    /// Puts account-wide state back.
    fn close(&self) {
        let Some(Ok(ready)) = self.opened.get() else { return };
        let handed_back = hand_back(&ready.opened.target, &self.specs, &ready.states);
        for what in self.runtime.block_on(handed_back) {
            complain(&format!("left behind: {what}"));
        }
    }
}

/// What a result is to cargo. Observed rules fail a test only where parity is asked for, as with `--parity`.
fn completion(result: RuleResult, parity: bool) -> Result<Completion, Failed> {
    if let Some(why) = result.closed_gap() {
        return Err(Failed::from(why));
    }
    let decides = parity || result.evidence.level == Level::Documented;
    match result.outcome {
        Outcome::Passed => Ok(Completion::Completed),
        Outcome::Known => {
            let why = result.reason.unwrap_or_default();
            Ok(Completion::ignored_with(format!("known gap: {why}")))
        }
        Outcome::Noted => Ok(Completion::ignored_with("noted: an assumed rule does not hold here")),
        Outcome::Skipped => Ok(Completion::ignored_with(result.reason.unwrap_or_default())),
        Outcome::Failed if !decides => {
            Ok(Completion::ignored_with("observed only: counts with GLUEPROOF_PARITY=true"))
        }
        Outcome::Failed | Outcome::Errored => Err(Failed::from(describe(&result))),
    }
}

/// What a failed test prints.
fn describe(result: &RuleResult) -> String {
    let evidence = &result.evidence;
    let mut lines = vec![
        result.requirement.clone(),
        format!("evidence: {} ({})", evidence.level.name(), evidence.sources.join(", ")),
    ];
    lines.extend(result.reason.clone());
    if let Some(finding) = &result.finding {
        lines.push(finding.violated.clone());
        lines.push(format!("expected: {}", finding.expected));
        lines.push(format!("actual:   {}", finding.actual));
        lines.extend(finding.steps.iter().enumerate().map(|(index, step)| {
            let answer =
                step.response.as_ref().map_or_else(String::new, |r| format!("{} {}", r.status, r.body));
            format!("  {}. {} {}\n     → {answer}", index + 1, step.operation, step.request.body)
        }));
    }
    on_lines(&(lines.join("\n") + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Edition;

    /// Completed, ignored or failed, and why.
    fn of(outcome: Outcome, reason: Option<&str>) -> (&'static str, String) {
        let catalog = Catalog::new(&Specs::embedded(Edition::Current).unwrap());
        let result = RuleResult::untried(&catalog.rules[0], outcome, reason.map(str::to_owned));
        match completion(result, true) {
            Ok(Completion::Completed) => ("completed", String::new()),
            Ok(Completion::Ignored { reason }) => ("ignored", reason.unwrap_or_default()),
            Err(failed) => ("failed", failed.message().unwrap_or_default().to_owned()),
        }
    }

    #[test]
    fn known_gaps_are_ignored_and_fail_when_they_hold() {
        assert_eq!(of(Outcome::Passed, None).0, "completed");
        assert_eq!(of(Outcome::Known, Some("later")), ("ignored", "known gap: later".to_owned()));
        assert_eq!(of(Outcome::Passed, Some("it holds")), ("failed", "it holds".to_owned()));
        assert_eq!(of(Outcome::Failed, None).0, "failed");
    }
}
