//! The summary for a page of CI.

use glueproof::report::markdown::summary;
use glueproof::run::{Outcome, RuleResult};

use super::fixture::{HOSTILE, constraints, failed, lax, passed, report, with};

#[test]
fn verdict_scores_families_and_causes() {
    let report =
        report(vec![lax("glue/A/invalid/x/enum"), passed("glue/A/valid/y"), passed("glue/A/valid/z")]);
    let text = summary(&report);
    assert!(
        text.starts_with(
            "## ❌ `moto at http://127.0.0.1:5000` deviates\n\n1 documented rule violated, 1 cause.\n"
        ),
        "{text}"
    );
    assert!(text.contains("\n| conformance | 2 | 3 | 66 % |\n"), "{text}");
    assert!(text.contains("\n| valid | 2 | 0 | 0 | 0 | 0 |\n| invalid | 0 | 1 | 0 | 0 | 0 |\n"), "{text}");
    assert!(
        text.contains(
            "### 1 cause\n\n1. not enforced: A does what invalid x enum says (1 finding, documented)\n"
        ),
        "{text}"
    );
    assert!(text.contains("\n- `glue/A/invalid/x/enum`: `200`\n"), "{text}");
    assert!(text.contains("seed 42"), "{text}");
}

#[test]
fn causes_show_their_shortest_call_and_resources_share_a_row() {
    let text = summary(&report(vec![lax("glue/PutIt/invalid/x/enum"), passed("glue/GetIt/valid/y")]));
    assert!(text.contains("\n   - `PutIt {\"Name\":\"a\"} → 200`\n"), "{text}");
    assert!(
        text.contains("\n| held of judged | valid | invalid |\n|:--|--:|--:|\n| glue it | 1/1 | 0/1 |\n"),
        "{text}"
    );
}

#[test]
fn a_conforming_target_has_a_short_summary() {
    let text = summary(&report(vec![passed("glue/A/valid/y")]));
    assert!(text.starts_with("## ✅ ") && !text.contains("cause") && !text.contains("<details>"), "{text}");
}

#[test]
fn unjudged_rules_are_listed() {
    let text = summary(&report(vec![with("glue/A/valid/e", Outcome::Errored, "no answer came")]));
    assert!(text.starts_with("## ⚠️ ") && text.contains("- `glue/A/valid/e`: `no answer came`\n"), "{text}");
}

/// GitHub shows a megabyte of summary and no more.
#[test]
fn many_findings_stay_few_words() {
    let results = constraints(|operation, member, kind| {
        failed(&format!("glue/{operation}/invalid/{member}/{kind}"), 500, Some(&"x".repeat(5_000)))
    });
    let text = summary(&report(results));
    assert!(text.len() < 200_000, "{}", text.len());
    assert_eq!(text.matches("\n- `glue/").count(), 225);
}

#[test]
fn foreign_text_is_no_markup() {
    let hostile = format!(
        "</details><img src=x onerror=alert(1)> [x](https://evil.example) `code` ``` @someone | cell {HOSTILE}"
    );
    let mut rule = failed("glue/PutIt/errors/hostile", 400, Some(&hostile));
    rule.finding.as_mut().unwrap().violated = hostile.clone();
    let odd = RuleResult { operation: hostile.clone(), ..passed("glue/A/valid/x") };
    let mut report = report(vec![rule, odd]);
    report.target.name = hostile;
    let text = summary(&report);
    // Text between backticks is code; no other text may begin markup.
    let outside: String =
        regex::Regex::new("(?s)(`+)[^`].*?[^`]`+").unwrap().replace_all(&text, "").into_owned();
    for markup in ["<img", "](", "@someone", "https://"] {
        assert!(!outside.contains(markup), "`{markup}` in {outside}");
    }
    assert_eq!(text.matches("</details>\n").count(), 1, "{text}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    let cells = |line: &str| line.starts_with('|').then(|| line.replace(r"\|", "").matches('|').count());
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2) {
        if let (Some(above), Some(below)) = (cells(pair[0]), cells(pair[1])) {
            assert_eq!(above, below, "{} and {} have other cells", pair[0], pair[1]);
        }
    }
    assert!(lines.iter().filter_map(|line| cells(line)).all(|cells| cells >= 4), "{text}");
}
