//! The report for people.

use glueproof::model::Level;
use glueproof::report::{Look, terminal};
use glueproof::report::{Report, Verdict};
use glueproof::run::{Outcome, RuleResult};
use serde_json::json;

use super::fixture::{
    HOSTILE, constraints, evidence, failed, lax, passed, report, step, with, with_commands,
};

const PLAIN: Look = Look { color: false, width: 90 };

/// A finding of several calls, the way a run words it.
fn wrong_hash() -> RuleResult {
    let mut rule = lax("glue/PutResourcePolicy/condition/present/absent/foreign");
    let finding = rule.finding.as_mut().unwrap();
    for (text, new) in [
        (
            &mut rule.requirement,
            "A put with a hash that is not the one in force is refused, and sets nothing.",
        ),
        (&mut finding.violated, "a wrong hash was accepted"),
        (&mut finding.expected, "400 ConditionCheckFailureException"),
        (&mut finding.actual, "200 and a new hash"),
    ] {
        new.clone_into(text);
    }
    let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", "0,".repeat(600));
    finding.steps = vec![
        step("DeleteResourcePolicy", json!({}), 400, Some("EntityNotFoundException")),
        step("PutResourcePolicy", json!({ "PolicyInJson": policy }), 200, None),
        step(
            "PutResourcePolicy",
            json!({ "PolicyInJson": "{}", "PolicyHashCondition": "d3Jvbmc=" }),
            200,
            None,
        ),
    ];
    finding.steps[2].request.headers.insert("X-Odd".to_owned(), "1".to_owned());
    with_commands(rule)
}

/// Every outcome, and more than one finding with one cause.
fn small() -> Report {
    let observed =
        RuleResult { evidence: evidence(Level::Observed), ..lax("glue/GetResourcePolicy/wire/request-id") };
    report(vec![
        wrong_hash(),
        lax("glue/PutResourcePolicy/invalid/PolicyExistsCondition/enum"),
        lax("glue/PutResourcePolicy/invalid/EnableHybrid/enum"),
        passed("glue/PutResourcePolicy/invalid/PolicyInJson/required"),
        passed("glue/GetResourcePolicy/valid/input"),
        observed,
        with("glue/GetResourcePolicy/valid/slow", Outcome::Errored, "no answer within 10 s"),
        with("glue/GetResourcePolicy/encryption/at-rest", Outcome::Skipped, "the target lacks crypto"),
        with("glue/GetResourcePolicy/valid/gap", Outcome::Known, "issue 1234"),
        RuleResult {
            outcome: Outcome::Noted,
            ..failed("glue/GetResourcePolicy/boundary/MaxResults/null", 400, Some("X"))
        },
    ])
}

#[test]
fn a_small_report() {
    insta::assert_snapshot!(terminal(&small(), PLAIN, false), @r#"

                        valid  boundary  invalid  wire  condition  encryption
    GetResourcePolicy  1/2 1?         ·            0/1                      ·
    PutResourcePolicy                        1/3              0/1
    all                1/2 1?         ·      1/3   0/1        0/1           ·
    n? = rules that could not be judged

    4 findings, 3 causes

    1. PutResourcePolicy does not check `enum` — 2 findings
       glue/PutResourcePolicy/invalid/EnableHybrid/enum
         rule         PutResourcePolicy does what invalid EnableHybrid enum says.
         evidence     documented (doc.X)
         violated     PutResourcePolicy was wrong about enum
         expected     something else
         actual       200
         call 1       PutResourcePolicy {"Name":"a"}
                      → 200 {}
       1 more likewise
         glue/PutResourcePolicy/invalid/PolicyExistsCondition/enum  200

    2. a wrong hash was accepted
       glue/PutResourcePolicy/condition/present/absent/foreign
         rule         A put with a hash that is not the one in force is refused, and sets
                      nothing.
         evidence     documented (doc.X)
         expected     400 ConditionCheckFailureException
         actual       200 and a new hash
         call 1       DeleteResourcePolicy {}
                      → 400 EntityNotFoundException
                      {"__type":"EntityNotFoundException","Message":"no"}
         call 2       PutResourcePolicy {"PolicyInJson":"{\"Version\":\"2012-10-17\",…(1239
                      characters)…0,0,0,0,0,0,0,0,0,0,0,]}"}
                      → 200 {}
         call 3       PutResourcePolicy with X-Odd: 1
                      {"PolicyInJson":"{}","PolicyHashCondition":"d3Jvbmc="}
                      → 200 {}
         replay
           glueproof replay glueproof-findings/glue-PutResourcePolicy-condition-present-absent-foreign.json
         curl
           curl -sS --aws-sigv4 'aws:amz:us-east-1:glue' --user 'test:test' -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AWSGlue.DeleteResourcePolicy' --data-binary '{}' 'http://127.0.0.1:5000'
           (1460 characters: see the JSON report)
           curl -sS --aws-sigv4 'aws:amz:us-east-1:glue' --user 'test:test' -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AWSGlue.PutResourcePolicy' -H 'X-Odd: 1' --data-binary '{"PolicyInJson":"{}","PolicyHashCondition":"d3Jvbmc="}' 'http://127.0.0.1:5000'
         aws cli
           AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws glue delete-resource-policy --endpoint-url 'http://127.0.0.1:5000' --region us-east-1 --cli-input-json '{}'
           (1420 characters: see the JSON report)

    3. [observed] GetResourcePolicy was wrong about request-id
       glue/GetResourcePolicy/wire/request-id
         rule         GetResourcePolicy does what wire request-id says.
         evidence     observed (doc.X)
         expected     something else
         actual       200
         call 1       GetResourcePolicy {"Name":"a"}
                      → 200 {}

    Errored: 1 rule could not be judged
      no answer within 10 s
        glue/GetResourcePolicy/valid/slow

    Noted: 1 assumed rule does not hold here
      glue/GetResourcePolicy/boundary/MaxResults/null  refuses a valid call: 400 X

    Known: 1 gap, as expected
      issue 1234
        glue/GetResourcePolicy/valid/gap

    Skipped: 1 rule
      1 × the target lacks crypto

    ──────────────────────────────────────────────────────────────────────────────────────────
    verdict      DEVIATES: 3 documented rules violated, 2 causes
    conformance  2 of 6 documented rules hold (33%)
    parity       2 of 7 documented and observed rules hold (28%)
    rules        2 passed, 4 failed, 1 noted, 1 errored, 1 known, 1 skipped
    target       moto at http://127.0.0.1:5000
    capabilities core tested; crypto absent
    suite        glueproof 0.1.0, specs 0123456789ab, edition current
    seed         42
    work         80 cases, 240 exchanges in 12.3 s

    To have a rule explained, and to see it fail again:
      glueproof explain glue/PutResourcePolicy/invalid/EnableHybrid/enum
    "#);
}

#[test]
fn a_report_without_trouble() {
    let fine = report(vec![passed("glue/GetResourcePolicy/valid/input")]);
    insta::assert_snapshot!(terminal(&fine, PLAIN, false), @r#"

                       valid
    GetResourcePolicy    1/1

    ──────────────────────────────────────────────────────────────────────────────────────────
    verdict      CONFORMS: every documented rule that was run holds
    conformance  1 of 1 documented rules hold (100%)
    parity       1 of 1 documented and observed rules hold (100%)
    rules        1 passed
    target       moto at http://127.0.0.1:5000
    capabilities core tested; crypto absent
    suite        glueproof 0.1.0, specs 0123456789ab, edition current
    seed         42
    work         8 cases, 24 exchanges in 12.3 s
    "#);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let plain = terminal(&small(), PLAIN, true);
    assert!(!plain.contains('\u{1b}'));
    let colored = terminal(&small(), Look { color: true, ..PLAIN }, true);
    assert!(colored.contains("\u{1b}[31;1m"));
}

#[test]
fn hostile_text_stays_text() {
    let mut rule = lax("glue/Op/invalid/A/enum");
    let finding = rule.finding.as_mut().unwrap();
    for text in [&mut finding.violated, &mut finding.expected, &mut finding.actual, &mut rule.operation] {
        HOSTILE.clone_into(text);
    }
    finding.steps[0] = step(HOSTILE, json!({ HOSTILE: HOSTILE }), 500, Some(HOSTILE));
    finding.steps[0].request.headers.insert(HOSTILE.to_owned(), HOSTILE.to_owned());
    finding.reproduce.curl = vec![HOSTILE.to_owned()];
    finding.reproduce.replay = Some(HOSTILE.to_owned());
    let strange = RuleResult { id: HOSTILE.to_owned(), ..rule.clone() };
    let errored = with("glue/Op/valid/e", Outcome::Errored, HOSTILE);
    let mut report = report(vec![rule, strange, errored]);
    HOSTILE.clone_into(&mut report.target.name);
    for all in [false, true] {
        let text = terminal(&report, PLAIN, all);
        let harmless =
            |c: char| c == '\n' || !c.is_control() && !"\u{202e}\u{2066}\u{200f}\u{ffff}".contains(c);
        assert!(text.chars().all(harmless), "{text:?}");
    }
}

#[test]
fn many_findings_stay_readable_and_all_can_be_had() {
    let unchecked =
        report(constraints(|_, _, _| lax("glue/X/invalid/y/z")).into_iter().map(with_commands).collect());
    let short = terminal(&unchecked, PLAIN, false);
    assert!(short.lines().count() < 80, "{short}");
    assert!(short.contains("225 findings, 1 cause"), "{short}");
    assert!(short.contains("… and 204 more; --all shows them"), "{short}");
    let long = terminal(&unchecked, PLAIN, true);
    let piped = terminal(&unchecked, Look { width: usize::MAX, ..PLAIN }, false);
    for rule in &unchecked.results {
        assert_eq!(long.lines().filter(|line| line.trim() == rule.id).count(), 1, "{}", rule.id);
        let named = |line: &&str| line.split_whitespace().next() == Some(&rule.id);
        assert_eq!(piped.lines().filter(named).count(), 1, "{}", rule.id);
    }
}

#[test]
fn lines_keep_to_the_width_except_what_is_copied() {
    for width in [50, 80, 120] {
        let text = terminal(&small(), Look { color: false, width }, true);
        let copied = ["curl ", "AWS_ACCESS_KEY_ID=", "glueproof ", "glue/"];
        for line in
            text.lines().filter(|line| !copied.iter().any(|start| line.trim_start().starts_with(start)))
        {
            assert!(
                line.chars().count() <= width.max(90 * usize::from(line.starts_with('─'))),
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn verdicts_say_why() {
    let mut parity = report(vec![
        passed("glue/A/valid/input"),
        RuleResult { evidence: evidence(Level::Observed), ..lax("glue/A/wire/x") },
    ]);
    assert!(terminal(&parity, PLAIN, false).contains("CONFORMS: every documented rule that was run holds"));
    parity.verdict = Verdict::Deviates;
    assert!(terminal(&parity, PLAIN, false).contains("DEVIATES: 1 observed rule violated, 1 cause"));
    let nothing = report(Vec::new());
    let text = terminal(&nothing, PLAIN, false);
    assert!(text.contains("INCOMPLETE: nothing is violated, and not everything was run"), "{text}");
    assert!(text.contains("no documented rules judged"), "{text}");
}
