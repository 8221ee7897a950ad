//! The report for people.

use glueproof::model::Level;
use glueproof::report::{CauseDetail, Report, TerminalOptions, Verdict, brief, cause, terminal};
use glueproof::run::{Outcome, RuleResult};
use serde_json::json;

use super::fixture::{
    HOSTILE, constraints, evidence, failed, lax, passed, report, step, with, with_commands,
};

const PLAIN: TerminalOptions = TerminalOptions { color: false, width: 90 };

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
    insta::assert_snapshot!(terminal(&small(), PLAIN), @r#"

                        valid  boundary  invalid  wire  condition  encryption
    GetResourcePolicy  1/2 1?         ·            0/1                      ·
    PutResourcePolicy                        1/3              0/1
    all                1/2 1?         ·      1/3   0/1        0/1           ·
    n? = rules that could not be judged

    4 findings, 2 documented and 1 observed cause

    1. PutResourcePolicy does not check `enum` — 2 findings
       glue/PutResourcePolicy/invalid/EnableHybrid/enum
         rule         PutResourcePolicy does what invalid EnableHybrid enum says.
         evidence     documented (doc.X)
         violated     PutResourcePolicy was wrong about enum
         expected     something else
         actual       200
         call 1       PutResourcePolicy {"Name":"a"}
                      → 200 {}

       glue/PutResourcePolicy/invalid/PolicyExistsCondition/enum
         rule         PutResourcePolicy does what invalid PolicyExistsCondition enum says.
         evidence     documented (doc.X)
         violated     PutResourcePolicy was wrong about enum
         expected     something else
         actual       200
         call 1       PutResourcePolicy {"Name":"a"}
                      → 200 {}

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
         call 2       PutResourcePolicy
                      {"PolicyInJson":"{\"Version\":\"2012-10-17\",\"Statement\":[0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
                      0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,]}"}
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
    verdict      DEVIATES: 3 documented and 1 observed rule violated, 2 documented and 1
                 observed cause
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
    insta::assert_snapshot!(brief(&fine, PLAIN, Some("glueproof show")), @r#"
    verdict      CONFORMS: every documented rule that was run holds
    conformance  1 of 1 documented rules hold (100%)
    parity       1 of 1 documented and observed rules hold (100%)
    rules        1 passed; 8 cases, 24 exchanges in 12.3 s
    target       moto at http://127.0.0.1:5000
    capabilities core tested; crypto absent
    suite        glueproof 0.1.0, specs 0123456789ab, edition current, seed 42

            valid
    glue      1/1
    valid: valid and boundary
    "#);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let plain = terminal(&small(), PLAIN);
    assert!(!plain.contains('\u{1b}'));
    let colored = terminal(&small(), TerminalOptions { color: true, ..PLAIN });
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
    for text in [
        terminal(&report, PLAIN),
        brief(&report, PLAIN, Some("glueproof show")),
        cause(&report, 1, PLAIN, CauseDetail::default()).unwrap(),
    ] {
        let harmless =
            |c: char| c == '\n' || !c.is_control() && !"\u{202e}\u{2066}\u{200f}\u{ffff}".contains(c);
        assert!(text.chars().all(harmless), "{text:?}");
    }
}

#[test]
fn many_findings_stay_readable_and_all_can_be_had() {
    let unchecked =
        report(constraints(|_, _, _| lax("glue/X/invalid/y/z")).into_iter().map(with_commands).collect());
    let short = brief(&unchecked, PLAIN, Some("glueproof show"));
    assert!(short.contains("225 findings: 1 cause"), "{short}");
    assert!(short.contains("\n  glueproof show 1\n"), "{short}");
    let full = terminal(&unchecked, PLAIN);
    let one =
        cause(&unchecked, 1, TerminalOptions { width: usize::MAX, ..PLAIN }, CauseDetail::default()).unwrap();
    for rule in &unchecked.results {
        assert_eq!(full.lines().filter(|line| line.trim() == rule.id).count(), 1, "{}", rule.id);
        let named = |line: &&str| line.split_whitespace().next() == Some(&rule.id);
        assert_eq!(one.lines().filter(named).count(), 1, "{}", rule.id);
    }
    assert_eq!(cause(&unchecked, 0, PLAIN, CauseDetail::default()), None);
    assert_eq!(cause(&unchecked, 2, PLAIN, CauseDetail::default()), None);
}

#[test]
fn lines_keep_to_the_width_except_what_is_copied() {
    for width in [50, 80, 120] {
        let text = terminal(&small(), TerminalOptions { color: false, width });
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
    assert!(brief(&parity, PLAIN, None).contains("CONFORMS: every documented rule that was run holds"));
    parity.verdict = Verdict::Deviates;
    assert!(brief(&parity, PLAIN, None).contains("DEVIATES: 1 observed rule violated, 1 cause"));
    let nothing = report(Vec::new());
    let text = brief(&nothing, PLAIN, None);
    assert!(text.contains("INCOMPLETE: nothing is violated, and not everything was run"), "{text}");
    assert!(text.contains("no documented rules judged"), "{text}");
}

/// A report with this number of causes, each of one finding.
fn with_causes(number: usize) -> Report {
    let operation = |at: usize| format!("Get{}", "Thing".repeat(at % 7 + 1));
    let rules = (0..number).map(|at| {
        let mut rule = lax(&format!("glue/{}/encryption/reason-{at}", operation(at)));
        let finding = rule.finding.as_mut().unwrap();
        finding.violated = format!("the answer to call {at} lacks one of its members, which is required");
        finding.kind = None;
        finding.expected = "a very long expectation ".repeat(20);
        finding.actual = format!("200 {}", json!({ "Value": "x".repeat(300) }));
        rule
    });
    report(rules.collect())
}

#[test]
fn a_brief_report_fits_a_screen() {
    for (causes, width) in [(28, 100), (28, 80), (1, 100), (5, 80), (200, 80), (28, usize::MAX)] {
        let text =
            brief(&with_causes(causes), TerminalOptions { color: false, width }, Some("glueproof show"));
        assert!(text.lines().count() <= 60, "{causes} causes: {} lines\n{text}", text.lines().count());
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width.min(100), "{causes} causes, {width} columns: {widest}\n{text}");
    }
}

#[test]
fn a_brief_report_names_every_cause_that_fits() {
    let text = brief(&with_causes(28), TerminalOptions { color: false, width: 100 }, Some("glueproof show"));
    for number in 1..=28 {
        assert!(text.contains(&format!("\n{number:>2}. ")), "{number}\n{text}");
    }
    let many = brief(&with_causes(200), TerminalOptions { color: false, width: 100 }, Some("glueproof show"));
    assert!(many.contains("lighter causes"), "{many}");
}

#[test]
fn a_brief_report_shows_causes_as_call_and_response() {
    insta::assert_snapshot!(brief(&small(), PLAIN, Some("glueproof show")), @r#"
    verdict      DEVIATES: 3 documented and 1 observed rule violated, 2 documented and 1
                 observed cause
    conformance  2 of 6 documented rules hold (33%)
    parity       2 of 7 documented and observed rules hold (28%)
    rules        2 passed, 4 failed, 1 noted, 1 errored, 1 known, 1 skipped; 80 cases, 240
                 exchanges in 12.3 s
    target       moto at http://127.0.0.1:5000
    capabilities core tested; crypto absent
    suite        glueproof 0.1.0, specs 0123456789ab, edition current, seed 42

                           valid  invalid  wire  state  encryption
    glue resource policy  1/2 1?      1/3   0/1    0/1           ·
    valid: valid and boundary; state: condition, sequence, concurrency, metamorphic

    Errored: 1 rule could not be judged
      1 × no answer within 10 s

    Known: 1 gap, as expected
      1 × issue 1234

    4 findings: 2 documented and 1 observed cause
     1. PutResourcePolicy does not check `enum` — 2 findings
        PutResourcePolicy {"Name":"a"} → 200
        expected something else; documented (doc.X)
     2. a wrong hash was accepted
        after 2 calls: PutResourcePolicy {"PolicyInJson":"{}","PolicyHas… → 200 and a new hash
        expected 400 ConditionCheckFailureException; documented (doc.X)
     3. [observed] GetResourcePolicy was wrong about request-id
        GetResourcePolicy {"Name":"a"} → 200
        expected something else; observed (doc.X)

    To see cause 1 in full, and to see it fail again:
      glueproof show 1
    --all shows every finding and every rule that was noted, skipped or known.
    "#);
}

#[test]
fn operations_of_one_resource_share_a_row() {
    let ids = [
        "glue/GetPolicy/valid/a",
        "glue/GetPolicies/boundary/a",
        "glue/GetOdd/valid/a",
        "kms/Encrypt/invalid/a",
    ];
    let text = brief(&report(ids.map(passed).to_vec()), PLAIN, None);
    let rows: Vec<Vec<&str>> = text.lines().skip(8).map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.contains(&vec!["glue", "policy", "2/2"]), "{text}");
    assert!(rows.contains(&vec!["other", "1/1"]), "{text}");
    assert!(rows.contains(&vec!["kms", "1/1"]), "{text}");
    assert!(rows.contains(&vec!["all", "3/3", "1/1"]), "{text}");
}
