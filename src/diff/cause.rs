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

use super::compare::{ComparedRule, ConfirmedDifference, StepResponses, finding_of_difference};
use super::difference::{Difference, DifferenceKind, differences};
use super::event::ComparisonEvent;
use super::pair::{BothExecutions, Pair};
use super::report::{ConformingSide, DiffCause, DiffShown, DiffStep};

/// A group, and its member that shows it best.
struct Group<'f> {
    right: ConformingSide,
    title: String,
    parts: Vec<String>,
    rules: Vec<String>,
    shows: &'f ConfirmedDifference,
}

/// Finds targets again for a rule, and whether to stop.
type ShrinkContext<'m, 'p> = (&'m dyn Fn(&Rule) -> Option<Pair<'p>>, &'m dyn Fn() -> bool);

/// All differences as causes: who is right first, then the larger first.
pub(super) fn causes<'p>(
    rules: &[&Rule],
    compared: Vec<ComparedRule>,
    plan: Plan,
    names: (&str, &str),
    (pair, stopped): ShrinkContext<'_, 'p>,
    runtime: &Handle,
    emit: &(dyn Fn(ComparisonEvent<'_>) + Sync),
) -> Vec<DiffCause> {
    let found: Vec<ConfirmedDifference> = compared.into_iter().flat_map(|one| one.found).collect();
    let mut groups = causes_of_conforming_side(rules, &found, ConformingSide::A);
    groups.extend(causes_of_conforming_side(rules, &found, ConformingSide::B));
    groups.extend(causes_of_both(&found));
    groups.extend(undecided_causes(&found, names));
    emit(ComparisonEvent::Shrinking(groups.len()));
    let one = |group: Group<'_>| {
        let rule = rules[group.shows.rule];
        let shorter = pair(rule)
            .filter(|_| !stopped())
            .and_then(|pair| runtime.block_on(shrink_difference(pair, rule, group.shows, plan)));
        emit(ComparisonEvent::Shrunk);
        build_cause(group, shorter)
    };
    groups.into_iter().filter_map(one).collect()
}

/// Returns the behavior of the side that is wrong, grouped as its findings would be.
fn causes_of_conforming_side<'f>(
    rules: &[&Rule],
    found: &'f [ConfirmedDifference],
    right: ConformingSide,
) -> Vec<Group<'f>> {
    let mut first: BTreeMap<&str, &ConfirmedDifference> = BTreeMap::new();
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
fn causes_of_both(found: &[ConfirmedDifference]) -> Vec<Group<'_>> {
    let mut same: BTreeMap<&str, Vec<&ConfirmedDifference>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.right == ConformingSide::Neither) {
        let words = one.result.finding.as_ref().map_or("", |finding| finding.violated.as_str());
        same.entry(words).or_default().push(one);
    }
    let title = |words: &str| words.trim_end_matches('.').to_owned();
    largest_first(same.into_iter().map(|(words, members)| (title(words), members)), ConformingSide::Neither)
}

/// Returns the kind of difference of two responses, without its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum KindWithoutMember {
    Outcome(String, String),
    OnlyA,
    OnlyB,
    Other,
}

/// By operation and the way in which it differs. What a rule judges in another case is told there, and not here.
fn undecided_causes<'f>(found: &'f [ConfirmedDifference], (here, there): (&str, &str)) -> Vec<Group<'f>> {
    let judged: BTreeSet<(&str, &DifferenceKind)> = found
        .iter()
        .filter(|one| one.right != ConformingSide::Undecided)
        .flat_map(|one| one.difference.kinds.iter().map(|kind| (one.difference.operation.as_str(), kind)))
        .collect();
    let mut same: BTreeMap<(Option<&str>, KindWithoutMember), SameKind<'f>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.right == ConformingSide::Undecided) {
        let operation = one.difference.operation.as_str();
        for kind in one.difference.kinds.iter().filter(|kind| !judged.contains(&(operation, *kind))) {
            let (kind, place) = match kind {
                DifferenceKind::Outcome(a, b) => (KindWithoutMember::Outcome(a.clone(), b.clone()), None),
                DifferenceKind::OnlyA(place) => (KindWithoutMember::OnlyA, Some(place)),
                DifferenceKind::OnlyB(place) => (KindWithoutMember::OnlyB, Some(place)),
                DifferenceKind::Other(place) => (KindWithoutMember::Other, Some(place)),
            };
            // A target that confuses two responses does so in many operations.
            let of = place.map(|_| operation);
            let same = same.entry((of, kind)).or_default();
            same.operations.insert(operation);
            same.places.extend(place.map(String::as_str));
            same.members.push(one);
        }
    }
    let title = |kind: &KindWithoutMember, same: &SameKind<'_>| {
        let subject = list_operations(&same.operations);
        let answer = if same.operations.len() == 1 { "answers" } else { "answer" };
        let places = same.places.iter().copied().collect::<Vec<_>>().join(", ");
        match kind {
            KindWithoutMember::Outcome(a, b) => {
                format!("{subject} {answer} with {a} on {here}, with {b} on {there}")
            }
            KindWithoutMember::OnlyA => format!("{subject} {answer} with {places} on {here} only"),
            KindWithoutMember::OnlyB => format!("{subject} {answer} with {places} on {there} only"),
            KindWithoutMember::Other => format!("{subject} {answer} with another {places}"),
        }
    };
    largest_first(
        same.into_iter().map(|((_, kind), same)| (title(&kind, &same), same.members)),
        ConformingSide::Undecided,
    )
}

/// Differences of one kind.
#[derive(Default)]
struct SameKind<'f> {
    operations: BTreeSet<&'f str>,
    places: BTreeSet<&'f str>,
    members: Vec<&'f ConfirmedDifference>,
}

/// Each group shown by its member with the fewest calls.
fn largest_first<'f>(
    titled: impl Iterator<Item = (String, Vec<&'f ConfirmedDifference>)>,
    right: ConformingSide,
) -> Vec<Group<'f>> {
    let calls = |one: &&ConfirmedDifference| (one.responses.len(), one.result.id.clone());
    let mut groups = Vec::new();
    for (title, members) in titled {
        let Some(shows) = members.iter().copied().min_by_key(calls) else { continue };
        let rules: BTreeSet<String> = members.iter().map(|one| one.result.id.clone()).collect();
        groups.push(Group { right, title, parts: Vec::new(), rules: rules.into_iter().collect(), shows });
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rules.len()));
    groups
}

type ShrunkDifference = (RuleResult, StepResponses);

/// The same difference in as few and as plain calls as it takes, if it still shows in the end.
async fn shrink_difference(
    pair: Pair<'_>,
    rule: &Rule,
    found: &ConfirmedDifference,
    plan: Plan,
) -> Option<ShrunkDifference> {
    if found.result.reason_kind.is_some() || found.waited {
        // An obstacle is not the subject of the rule, and a slow case would be slow many times.
        return None;
    }
    let cases =
        generate_trees(GeneratorContext { model: pair.model, region: DEFAULT_REGION }, rule, plan).ok()?;
    let mut one = cases.into_iter().nth(found.case)?;
    let both = pair.execute(rule, &one.case).await;
    let violation = find_again(pair, rule, &one.case, &both, &found.difference)?.violation;
    let first =
        FailingCase { case: one.case.clone(), execution: with_violation(both, &violation), violation };
    let attempt = async |case: &Case| {
        let both = pair.execute(rule, case).await;
        match find_again(pair, rule, case, &both, &found.difference) {
            Some(difference) => with_violation(both, &difference.violation),
            None => Execution { verdict: CaseVerdict::Held, calls: both.calls(), ..both.b },
        }
    };
    let case = Box::pin(shrink(&mut one.tree, first, plan.budget, attempt)).await.case;
    let both = pair.execute(rule, &case).await;
    let difference = find_again(pair, rule, &case, &both, &found.difference)?;
    Some(finding_of_difference(pair, rule, &case, &difference, None, &both))
}

/// The difference, if the case shows it again.
fn find_again(
    pair: Pair<'_>,
    rule: &Rule,
    case: &Case,
    both: &BothExecutions,
    known: &Difference,
) -> Option<Difference> {
    differences(pair, rule, case, both).into_iter().find(|difference| difference.is_like(known))
}

/// The input of shrinking: one execution, with the violation to keep.
fn with_violation(both: BothExecutions, violation: &Violation) -> Execution {
    let calls = both.calls();
    Execution { verdict: CaseVerdict::Violated(violation.clone()), calls, ..both.b }
}

fn build_cause(group: Group<'_>, shorter: Option<ShrunkDifference>) -> Option<DiffCause> {
    let (result, responses) =
        shorter.unwrap_or_else(|| (group.shows.result.clone(), group.shows.responses.clone()));
    let finding = result.finding?;
    let steps = finding.steps.into_iter().zip(responses).map(|(step, (a, b))| DiffStep {
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
