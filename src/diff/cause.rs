//! Differences with one reason together, and one of each made as short as it gets. Where one target is right, what the
//! other does is grouped as a run groups its findings; the rest by what differs.

use std::collections::{BTreeMap, BTreeSet};

use tokio::runtime::Handle;

use crate::case::Case;
use crate::check::Violation;
use crate::client::DEFAULT_REGION;
use crate::generate::GeneratorContext;
use crate::report::{causes as causes_of, list_operations};
use crate::rule::Rule;
use crate::run::{CaseVerdict, Execution, FailingCase, Outcome, Plan, RuleResult, generate_trees, shrink};

use super::compare::{Answers, Compared, Found, shown};
use super::event::ComparisonEvent;
use super::pair::{Both, Pair};
use super::report::{DiffCause, DiffShown, DiffStep, Right};
use super::weigh::{Contrast, Way, contrasts};

/// A group, and its member that shows it best.
struct Group<'f> {
    right: Right,
    title: String,
    parts: Vec<String>,
    rules: Vec<String>,
    shows: &'f Found,
}

/// Finds targets again for a rule, and whether to stop.
type Means<'m, 'p> = (&'m dyn Fn(&Rule) -> Option<Pair<'p>>, &'m dyn Fn() -> bool);

/// All differences as causes: who is right first, then the larger first.
pub(super) fn causes<'p>(
    rules: &[&Rule],
    compared: Vec<Compared>,
    plan: Plan,
    names: (&str, &str),
    (pair, stopped): Means<'_, 'p>,
    runtime: &Handle,
    emit: &(dyn Fn(ComparisonEvent<'_>) + Sync),
) -> Vec<DiffCause> {
    let found: Vec<Found> = compared.into_iter().flat_map(|one| one.found).collect();
    let mut groups = judged(rules, &found, Right::A);
    groups.extend(judged(rules, &found, Right::B));
    groups.extend(neither(&found));
    groups.extend(unsaid(&found, names));
    emit(ComparisonEvent::Shrinking(groups.len()));
    let one = |group: Group<'_>| {
        let rule = rules[group.shows.rule];
        let shorter = pair(rule)
            .filter(|_| !stopped())
            .and_then(|pair| runtime.block_on(shorter(pair, rule, group.shows, plan)));
        emit(ComparisonEvent::Shrunk);
        cause(group, shorter)
    };
    groups.into_iter().filter_map(one).collect()
}

/// Returns the behavior of the side that is wrong, grouped as its findings would be.
fn judged<'f>(rules: &[&Rule], found: &'f [Found], right: Right) -> Vec<Group<'f>> {
    let mut first: BTreeMap<&str, &Found> = BTreeMap::new();
    for one in found.iter().filter(|one| one.right == right) {
        first.entry(&one.result.id).or_insert(one);
    }
    let result = |rule: &&Rule| match first.get(rule.id.as_str()) {
        Some(found) => found.result.clone(),
        None => RuleResult::not_run(rule, Outcome::Passed, None),
    };
    let results: Vec<RuleResult> = rules.iter().map(result).collect();
    let group = |cause: crate::report::Cause<'_>| {
        let shows = *first.get(cause.representative.id.as_str())?;
        let rules = cause.rules.iter().map(|rule| rule.id.clone()).collect();
        Some(Group { right, title: cause.title, parts: cause.parts, rules, shows })
    };
    causes_of(&results).into_iter().filter_map(group).collect()
}

/// By what is wrong with both, in words.
fn neither(found: &[Found]) -> Vec<Group<'_>> {
    let mut same: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.right == Right::Neither) {
        let words = one.result.finding.as_ref().map_or("", |finding| finding.violated.as_str());
        same.entry(words).or_default().push(one);
    }
    let title = |words: &str| words.trim_end_matches('.').to_owned();
    largest_first(same.into_iter().map(|(words, members)| (title(words), members)), Right::Neither)
}

/// Returns the kind of difference of two responses, without its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Outcome(String, String),
    OnlyA,
    OnlyB,
    Other,
}

/// By operation and the way in which it differs. What a rule judges in another case is told there, and not here.
fn unsaid<'f>(found: &'f [Found], (here, there): (&str, &str)) -> Vec<Group<'f>> {
    let judged: BTreeSet<(&str, &Way)> = found
        .iter()
        .filter(|one| one.right != Right::Unsaid)
        .flat_map(|one| one.contrast.ways.iter().map(|way| (one.contrast.operation.as_str(), way)))
        .collect();
    let mut same: BTreeMap<(Option<&str>, Kind), Same<'f>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.right == Right::Unsaid) {
        let operation = one.contrast.operation.as_str();
        for way in one.contrast.ways.iter().filter(|way| !judged.contains(&(operation, *way))) {
            let (kind, place) = match way {
                Way::Outcome(a, b) => (Kind::Outcome(a.clone(), b.clone()), None),
                Way::OnlyA(place) => (Kind::OnlyA, Some(place)),
                Way::OnlyB(place) => (Kind::OnlyB, Some(place)),
                Way::Other(place) => (Kind::Other, Some(place)),
            };
            // A target that confuses two responses does so in many operations.
            let of = place.map(|_| operation);
            let same = same.entry((of, kind)).or_default();
            same.operations.insert(operation);
            same.places.extend(place.map(String::as_str));
            same.members.push(one);
        }
    }
    let title = |kind: &Kind, same: &Same<'_>| {
        let subject = list_operations(&same.operations);
        let answer = if same.operations.len() == 1 { "answers" } else { "answer" };
        let places = same.places.iter().copied().collect::<Vec<_>>().join(", ");
        match kind {
            Kind::Outcome(a, b) => format!("{subject} {answer} with {a} on {here}, with {b} on {there}"),
            Kind::OnlyA => format!("{subject} {answer} with {places} on {here} only"),
            Kind::OnlyB => format!("{subject} {answer} with {places} on {there} only"),
            Kind::Other => format!("{subject} {answer} with another {places}"),
        }
    };
    largest_first(
        same.into_iter().map(|((_, kind), same)| (title(&kind, &same), same.members)),
        Right::Unsaid,
    )
}

/// Differences of one kind.
#[derive(Default)]
struct Same<'f> {
    operations: BTreeSet<&'f str>,
    places: BTreeSet<&'f str>,
    members: Vec<&'f Found>,
}

/// Each group shown by its member with the fewest calls.
fn largest_first<'f>(titled: impl Iterator<Item = (String, Vec<&'f Found>)>, right: Right) -> Vec<Group<'f>> {
    let calls = |one: &&Found| (one.answers.len(), one.result.id.clone());
    let mut groups = Vec::new();
    for (title, members) in titled {
        let Some(shows) = members.iter().copied().min_by_key(calls) else { continue };
        let rules: BTreeSet<String> = members.iter().map(|one| one.result.id.clone()).collect();
        groups.push(Group { right, title, parts: Vec::new(), rules: rules.into_iter().collect(), shows });
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rules.len()));
    groups
}

type Short = (RuleResult, Answers);

/// The same difference in as few and as plain calls as it takes, if it still shows in the end.
async fn shorter(pair: Pair<'_>, rule: &Rule, found: &Found, plan: Plan) -> Option<Short> {
    if found.result.reason_kind.is_some() || found.waited {
        // An obstacle is not the subject of the rule, and a slow case would be slow many times.
        return None;
    }
    let cases =
        generate_trees(GeneratorContext { model: pair.model, region: DEFAULT_REGION }, rule, plan).ok()?;
    let mut one = cases.into_iter().nth(found.case)?;
    let both = pair.execute(rule, &one.case).await;
    let violation = again(pair, rule, &one.case, &both, &found.contrast)?.violation;
    let first = FailingCase { case: one.case.clone(), execution: wrong(both, &violation), violation };
    let attempt = async |case: &Case| {
        let both = pair.execute(rule, case).await;
        match again(pair, rule, case, &both, &found.contrast) {
            Some(contrast) => wrong(both, &contrast.violation),
            None => Execution { verdict: CaseVerdict::Held, calls: both.calls(), ..both.b },
        }
    };
    let case = Box::pin(shrink(&mut one.tree, first, plan.budget, attempt)).await.case;
    let both = pair.execute(rule, &case).await;
    let contrast = again(pair, rule, &case, &both, &found.contrast)?;
    Some(shown(pair, rule, &case, &contrast, None, &both))
}

/// The difference, if the case shows it again.
fn again(pair: Pair<'_>, rule: &Rule, case: &Case, both: &Both, known: &Contrast) -> Option<Contrast> {
    contrasts(pair, rule, case, both).into_iter().find(|contrast| contrast.is_like(known))
}

/// The input of shrinking: one execution, with the violation to keep.
fn wrong(both: Both, violation: &Violation) -> Execution {
    let calls = both.calls();
    Execution { verdict: CaseVerdict::Violated(violation.clone()), calls, ..both.b }
}

fn cause(group: Group<'_>, shorter: Option<Short>) -> Option<DiffCause> {
    let (result, answers) =
        shorter.unwrap_or_else(|| (group.shows.result.clone(), group.shows.answers.clone()));
    let finding = result.finding?;
    let steps = finding.steps.into_iter().zip(answers).map(|(step, (a, b))| DiffStep {
        service: step.service,
        operation: step.operation,
        by: step.by,
        request: step.request,
        a,
        b,
    });
    let shown = DiffShown {
        rule: result.id,
        requirement: result.requirement,
        evidence: result.evidence,
        reason: result.reason,
        violated: finding.violated,
        expected: finding.expected,
        actual: finding.actual,
        steps: steps.collect(),
    };
    let Group { right, title, parts, rules, .. } = group;
    Some(DiffCause { right, title, parts, rules, shown })
}
