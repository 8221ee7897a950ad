//! Several reports side by side.

use glueproof::report::Report;
use glueproof::report::html::comparison;
use glueproof::report::{Column, TerminalOptions, names, side_by_side};
use glueproof::run::Outcome;
use scraper::{Html, Selector};

use super::fixture::{HOSTILE, failed, lax, passed, report, with};
use super::html::{all, assert_closed, parsed, text};

fn named(name: &str, mut report: Report) -> Report {
    name.clone_into(&mut report.target.name);
    report.target.url = None;
    report
}

fn three() -> [Report; 3] {
    [
        named(
            "one",
            report(vec![
                lax("glue/A/invalid/x/enum"),
                lax("glue/A/invalid/y/enum"),
                passed("glue/A/valid/z"),
            ]),
        ),
        named(
            "two",
            report(vec![
                passed("glue/A/invalid/x/enum"),
                lax("glue/A/invalid/y/enum"),
                passed("glue/A/valid/z"),
            ]),
        ),
        named(
            "three",
            report(vec![lax("glue/A/invalid/y/enum"), passed("glue/A/valid/z"), passed("glue/A/valid/own")]),
        ),
    ]
}

fn columns(reports: &[Report]) -> Vec<Column<'_>> {
    reports.iter().map(|report| Column { name: &report.target.name, report }).collect()
}

/// Title, and the ids of the rules in it, section by section.
fn sections(html: &Html) -> Vec<(String, Vec<String>)> {
    let id = Selector::parse("tr.rule .id").unwrap();
    all(html, "section.list")
        .into_iter()
        .map(|section| {
            let ids = section.select(&id).map(|id| id.text().collect()).collect();
            (section.value().attr("aria-label").unwrap().to_owned(), ids)
        })
        .collect()
}

#[test]
fn where_they_differ_comes_first_and_no_rule_is_lost() {
    let reports = three();
    let html = parsed(&comparison(&columns(&reports)));
    assert_closed(&html);
    let due = [
        ("They differ", vec!["glue/A/invalid/x/enum", "glue/A/valid/own"]),
        ("Alike, and not held", vec!["glue/A/invalid/y/enum"]),
        ("Alike, and held", vec!["glue/A/valid/z"]),
    ];
    let due: Vec<(String, Vec<String>)> = due
        .into_iter()
        .map(|(title, ids)| (title.to_owned(), ids.into_iter().map(ToOwned::to_owned).collect()))
        .collect();
    assert_eq!(sections(&html), due);
    let first: Vec<String> =
        all(&html, "tr.rule")[0].select(&Selector::parse("td").unwrap()).map(text).collect();
    assert!(first[0].contains("failed") && first[1].contains("held") && first[2] == "not run", "{first:?}");
}

#[test]
fn each_target_has_its_own_verdict_and_scores() {
    let mut reports = three();
    reports[1] = named(
        "two",
        report(vec![passed("glue/A/valid/z"), with("glue/A/valid/e", Outcome::Errored, "gone")]),
    );
    let html = parsed(&comparison(&columns(&reports)));
    let heads: Vec<String> = all(&html, "table.scores thead th").into_iter().map(text).collect();
    assert_eq!(heads, ["", "one", "two", "three"]);
    let cells = |row: usize| -> Vec<String> {
        let row = all(&html, "table.scores tbody tr")[row];
        row.select(&Selector::parse("td").unwrap()).map(text).collect()
    };
    assert_eq!(cells(0), ["Deviates", "Incomplete", "Deviates"]);
    assert_eq!(cells(1), ["33 % 1 of 3", "100 % 1 of 1", "66 % 2 of 3"]);
    assert!(all(&html, ".warning").is_empty());
}

#[test]
fn targets_that_cannot_be_compared_are_named() {
    let mut reports = three();
    reports[0].seed = 7;
    let seeds = parsed(&comparison(&columns(&reports)));
    assert!(text(all(&seeds, ".warning")[0]).contains("different seeds"));
    reports[1].suite.specs = format!("sha256:{}", "f".repeat(64));
    let specs = parsed(&comparison(&columns(&reports)));
    assert!(text(all(&specs, ".warning")[0]).contains("different specs"));
}

#[test]
fn foreign_names_stay_text() {
    let mut report = report(vec![failed("glue/A/valid/x", 400, Some("</td><script>alert(1)</script>"))]);
    report.target.name = format!("<img src=x onerror=alert(1)>{HOSTILE}");
    let reports = [report.clone(), report];
    assert_closed(&parsed(&comparison(&columns(&reports))));
}

#[test]
fn targets_of_one_name_are_told_apart_by_their_files() {
    let [one, two, _] = three();
    let apart = [("a.json".to_owned(), one.clone()), ("b.json".to_owned(), two)];
    assert_eq!(names(&apart), ["one", "two"]);
    let alike = [("a.json".to_owned(), one.clone()), ("b.json".to_owned(), one)];
    assert_eq!(names(&alike), ["one (a.json)", "one (b.json)"]);
}

#[test]
fn in_text_each_has_its_verdict() {
    let reports = three();
    let shown = side_by_side(&columns(&reports), TerminalOptions { color: false, width: 80 });
    assert!(
        shown
            .starts_with("one\n  verdict      deviates\n  conformance  1 of 3 documented rules hold (33%)\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("verdict").count(), 3);
}
