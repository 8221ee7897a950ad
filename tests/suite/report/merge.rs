//! Shards joined: every outcome as in one run, and nothing joined that does not belong together.

use glueproof::model::Capability;
use glueproof::report::merge::{MergeError, by_run, merge};
use glueproof::report::{Report, Verdict};
use glueproof::run::{Outcome, Presence, RuleResult, Shard};

use super::fixture::{constraints, lax, passed, report, with};

/// A run, and the same in parts.
fn in_parts(results: &[RuleResult], of: u32) -> Vec<(String, Report)> {
    (1..=of)
        .map(|number| {
            let own = results
                .iter()
                .enumerate()
                .filter(|(at, _)| u32::try_from(at % of as usize).unwrap() + 1 == number);
            let mut part = report(own.map(|(_, rule)| rule.clone()).collect());
            part.shard = Some(Shard { number, of });
            part.started = format!("2026-11-21T10:00:0{number}Z");
            part.duration_ms = u64::from(number);
            (format!("{number}.json"), part)
        })
        .collect()
}

fn results() -> Vec<RuleResult> {
    let mut all = constraints(|operation, _, kind| {
        let id = "glue/X/invalid/A/b";
        if operation.starts_with("Put") || kind == "enum" { lax(id) } else { passed(id) }
    });
    all.extend(Outcome::ALL.map(|o| with(&format!("glue/Op/valid/{}", o.name()), o, "so")));
    all
}

#[test]
fn shards_are_the_run_they_are_parts_of() {
    let whole = report(results());
    for of in [1, 2, 4, 7] {
        let mut parts = in_parts(&whole.results, of);
        parts.reverse();
        let merged = merge(parts).unwrap();
        let duration_ms = (1..=u64::from(of)).sum();
        assert_eq!(
            merged,
            Report { started: "2026-11-21T10:00:01Z".to_owned(), duration_ms, ..whole.clone() }
        );
    }
}

#[test]
fn verdicts_are_those_of_the_whole() {
    let judged = |results: Vec<RuleResult>| report(results).verdict;
    let bad = lax("glue/A/invalid/x/enum");
    let open = with("glue/A/valid/e", Outcome::Errored, "gone");
    let (good, fine) = (passed("glue/A/valid/x"), passed("glue/A/valid/y"));
    for all in
        [vec![good.clone(), fine], vec![good.clone(), open.clone()], vec![bad.clone(), open], vec![good, bad]]
    {
        let merged = merge(in_parts(&all, 2)).unwrap();
        assert_eq!(merged.verdict, judged(all));
        // A shard that got no rule says nothing either way.
        let more = merge(in_parts(&merged.results, 3)).unwrap();
        assert_eq!(more.verdict, merged.verdict);
    }
    assert_eq!(merge(in_parts(&[], 2)).unwrap().verdict, Verdict::Incomplete);
}

#[test]
fn a_capability_tested_anywhere_was_tested() {
    let mut parts = in_parts(&results(), 2);
    parts[0].1.target.capabilities.insert(Capability::Core, Presence::Absent);
    parts[1].1.target.capabilities.insert(Capability::Logs, Presence::Absent);
    let capabilities = merge(parts).unwrap().target.capabilities;
    assert_eq!(
        (capabilities[&Capability::Core], capabilities[&Capability::Logs]),
        (Presence::Tested, Presence::Absent)
    );
}

/// A part would look as if it were everything.
#[test]
fn missing_and_repeated_shards_are_named() {
    let mut parts = in_parts(&results(), 4);
    let second = parts.remove(1);
    let missing = by_run(parts.clone()).unwrap_err();
    assert_eq!(missing.to_string(), "the run of 1.json, 3.json, 4.json has 4 shards; missing: 2");
    parts.push(second.clone());
    parts.push(("again.json".to_owned(), second.1));
    let twice = by_run(parts).unwrap_err();
    assert_eq!(twice.to_string(), "2.json and again.json are the same shard, 2 of 4");
}

#[test]
fn reports_of_another_run_are_refused() {
    type Change = fn(&mut Report);
    let changes: [(&str, Change); 5] = [
        ("the target", |r| r.target.url = Some("http://127.0.0.1:1".to_owned())),
        ("the target", |r| r.target.name = "other".to_owned()),
        ("the seed", |r| r.seed += 1),
        ("the suite (its version, specs or edition)", |r| {
            r.suite.specs = format!("sha256:{}", "f".repeat(64));
        }),
        ("the suite (its version, specs or edition)", |r| r.suite.version = "9.9.9".to_owned()),
    ];
    for (what, change) in changes {
        let mut parts = in_parts(&results(), 2);
        change(&mut parts[1].1);
        let refused = merge(parts.clone()).unwrap_err();
        let expected =
            MergeError::AnotherRun { first: "1.json".to_owned(), second: "2.json".to_owned(), what };
        assert_eq!(refused, expected);
        assert!(matches!(by_run(parts), Err(MergeError::ShardsMissing { .. })), "neither is a whole run");
    }
    let mut overlapping = in_parts(&results(), 2);
    let common = overlapping[0].1.results[0].clone();
    let rule = common.id.clone();
    overlapping[1].1.results.push(common);
    let refused = merge(overlapping).unwrap_err();
    assert_eq!(
        refused,
        MergeError::RuleTwice { rule, first: "1.json".to_owned(), second: "2.json".to_owned() }
    );
    assert_eq!(merge(Vec::new()), Err(MergeError::Nothing));
}

/// Runs with `--only` are parts as well; two runs of the same rules are two runs.
#[test]
fn reports_go_together_by_what_they_hold() {
    let parts =
        [passed("glue/A/valid/x"), passed("glue/B/valid/x")].map(|rule| ("f".to_owned(), report(vec![rule])));
    let joined = by_run(parts.to_vec()).unwrap();
    assert_eq!(joined.len(), 1);
    assert_eq!((joined[0].0.as_str(), joined[0].1.results.len()), ("f, f", 2));
    let twice = vec![parts[0].clone(), parts[0].clone()];
    assert_eq!(by_run(twice).unwrap().len(), 2);
}
