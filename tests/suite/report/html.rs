//! The HTML page of one report, read by a real parser: everything there once, nothing foreign become markup,
//! nothing to be fetched.

use std::collections::BTreeSet;

use glueproof::model::{Confidence, Level, Source};
use glueproof::report::Report;
use glueproof::report::html::{Sources, report as page};
use glueproof::run::{Outcome, RuleResult};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use super::fixture::{
    HOSTILE, constraints, evidence, failed, lax, passed, report, step, with, with_commands,
};

/// Text that ends elements and attributes, and text that would run or be fetched if it got through.
const MARKUP: &str = r#"</script></style></code></details><img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(2)</script>' " --> & &lt;"#;

pub fn parsed(text: &str) -> Html {
    let html = Html::parse_document(text);
    let duplicates = duplicate_ids(&html);
    assert_eq!(duplicates, Vec::<String>::new(), "an id stands for one element");
    html
}

pub fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

pub fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn duplicate_ids(html: &Html) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = all(html, "[id]").into_iter().map(|e| e.value().id().unwrap().to_owned());
    ids.filter(|id| !seen.insert(id.clone())).collect()
}

/// Every outcome, every level, and a finding with everything in it.
fn mixed() -> Report {
    let mut observed = with_commands(failed("glue/PutIt/wire/form", 500, Some("InternalError")));
    observed.evidence = evidence(Level::Observed);
    let mut noted = lax("glue/GetIt/invalid/A/enum");
    (noted.outcome, noted.evidence) = (Outcome::Noted, evidence(Level::Assumed));
    let others = [Outcome::Errored, Outcome::Known, Outcome::Skipped]
        .map(|outcome| with(&format!("glue/PutIt/valid/{}", outcome.name()), outcome, "the reason for it"));
    let mut results = vec![with_commands(lax("glue/PutIt/invalid/A.B[]/length.max")), observed, noted];
    results.extend(others);
    results.push(passed("glue/GetIt/valid/input"));
    report(results)
}

/// A policy forbids everything but the page's own style and script, and nothing in the page would ask for more.
pub fn assert_closed(html: &Html) {
    let policy = all(html, "meta[http-equiv='Content-Security-Policy']");
    let [policy] = policy.as_slice() else { panic!("one policy") };
    let policy = policy.value().attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert_eq!((all(html, "script").len(), all(html, "style").len()), (1, 1));
    for element in all(html, "*") {
        let name = element.value().name();
        assert!(
            !["img", "link", "iframe", "object", "embed", "base", "audio", "video"].contains(&name),
            "{name}"
        );
        for (attribute, value) in element.value().attrs() {
            assert!(
                !attribute.starts_with("on") && attribute != "style" && attribute != "src",
                "{name} {attribute}"
            );
            let link = attribute == "href" && name == "a";
            assert!(!link || value.starts_with('#') || value.starts_with("https://"), "{value}");
            assert!(attribute != "href" || name == "a", "{name} {value}");
        }
    }
}

#[test]
fn every_rule_is_there_once_with_its_outcome() {
    let report = mixed();
    let html = parsed(&page(&report, &Sources::new()));
    assert_closed(&html);
    let shown: BTreeSet<(String, String)> = all(&html, "details.rule")
        .into_iter()
        .map(|rule| {
            let id = rule.select(&Selector::parse("summary .id").unwrap()).next().unwrap();
            (id.text().collect(), rule.value().attr("data-outcome").unwrap().to_owned())
        })
        .collect();
    let due = report.results.iter().map(|r| (r.id.clone(), r.outcome.name().to_owned())).collect();
    assert_eq!(shown, due);
    assert_eq!(all(&html, "details.rule").len(), report.results.len());
}

#[test]
fn findings_are_under_their_causes() {
    let results = constraints(|operation, _, kind| {
        let id = "glue/X/invalid/A/b";
        if operation.starts_with("Put") || kind == "enum" { with_commands(lax(id)) } else { passed(id) }
    });
    let report = report(results);
    let causes = glueproof::report::causes(&report.results);
    let html = unpacked(&page(&report, &Sources::new()));
    let shown = all(&html, "details.cause");
    assert_eq!(shown.len(), causes.len());
    for (shown, cause) in shown.into_iter().zip(&causes) {
        let title = text(shown.select(&Selector::parse("h3").unwrap()).next().unwrap());
        assert_eq!(title, cause.title.replace('`', ""));
        let rules: Vec<String> = shown
            .select(&Selector::parse(".rule > summary .id").unwrap())
            .map(|id| id.text().collect())
            .collect();
        assert_eq!(rules[0], cause.representative.id, "the shortest first");
        let (shown, due): (BTreeSet<&str>, BTreeSet<&str>) =
            (rules.iter().map(String::as_str).collect(), cause.rules.iter().map(|r| r.id.as_str()).collect());
        assert_eq!(shown, due);
    }
}

#[test]
fn a_finding_says_everything() {
    let mut rule = failed("glue/PutIt/valid/read-back", 200, None);
    let finding = rule.finding.as_mut().unwrap();
    finding.expected = r#"/Thing equal to {"A":1,"B":"same"}"#.to_owned();
    finding.actual = r#"/Thing equal to {"A":2,"B":"same"}"#.to_owned();
    finding.steps.push(step("GetIt", json!({ "Name": "b" }), 404, Some("EntityNotFoundException")));
    rule.evidence.note = Some("as far as anybody knows".to_owned());
    let rule = with_commands(rule);
    let source = |place: &str| Source {
        source: place.to_owned(),
        says: "It reads back.".to_owned(),
        confidence: Confidence::Documented,
    };
    let sources = Sources::from([("doc.X".to_owned(), source("https://example.org/it?a=1&b=2"))]);
    let html = parsed(&page(&report(vec![rule.clone()]), &sources));
    assert_closed(&html);
    let finding = rule.finding.unwrap();
    let shown = text(all(&html, ".cause details.rule")[0]);
    for due in [
        rule.requirement.as_str(),
        &finding.violated,
        "as far as anybody knows",
        "It reads back.",
        "documented",
    ] {
        assert!(shown.contains(due), "`{due}` in {shown}");
    }
    // Members that agree stand there once, the others on both sides.
    let (del, ins) = (all(&html, ".diff del"), all(&html, ".diff ins"));
    assert_eq!((text(del[0]), text(ins[0])), (r#"✓ "A": 1,"#.to_owned(), r#"✕ "A": 2,"#.to_owned()));
    assert_eq!((del.len(), ins.len()), (1, 1));
    assert_eq!(text(all(&html, ".diff del mark")[0]), "1,");
    let calls = all(&html, "ol.calls > li");
    assert_eq!(calls.len(), 2);
    assert!(text(calls[1]).starts_with("2 GetIt → 404 EntityNotFoundException"), "{}", text(calls[1]));
    assert!(text(calls[1]).contains(r#"{ "Name": "b" }"#));
    let link = all(&html, ".evidence a")[0];
    assert_eq!(link.value().attr("href"), Some("https://example.org/it?a=1&b=2"));
    let curl = finding.reproduce.curl.join("\n");
    for (name, commands) in [
        ("curl", curl),
        ("aws-cli", finding.reproduce.aws_cli.join("\n")),
        ("boto3", finding.reproduce.boto3.join("\n")),
        ("rust", finding.reproduce.rust.join("\n")),
        ("replay", finding.reproduce.replay.unwrap()),
    ] {
        let tab = all(&html, &format!("[role=tab][aria-controls='r0-{name}-panel']"));
        assert_eq!(tab.len(), 1, "{name} has a tab");
        assert_eq!(tab[0].value().attr("aria-selected"), Some(if name == "curl" { "true" } else { "false" }));
        let button = all(&html, &format!("button[data-copy='r0-{name}']"));
        assert_eq!(button.len(), 1, "{name}");
        let copied: String = all(&html, &format!("#r0-{name}"))[0].text().collect();
        assert_eq!(copied, commands, "what is copied is the command");
    }
}

#[test]
fn a_timeline_keeps_its_shape() {
    let mut rule = failed("glue/PutIt/concurrency/order", 200, None);
    let drawn = "        ms  client 1\n     0.000  ┌ PutIt\n     0.100  └ 200";
    rule.finding.as_mut().unwrap().actual = format!("no order explains them:\n{drawn}\n");
    let html = parsed(&page(&report(vec![rule]), &Sources::new()));
    let shown: String = all(&html, ".timeline pre")[0].text().collect();
    assert_eq!(shown, drawn);
    assert!(text(all(&html, ".diff ins")[0]).ends_with("no order explains them:"));
}

#[test]
fn foreign_text_stays_text() {
    for hostile in [MARKUP, HOSTILE] {
        let mut rule = with_commands(failed("glue/PutIt/errors/hostile", 400, Some(hostile)));
        let finding = rule.finding.as_mut().unwrap();
        finding.violated = hostile.to_owned();
        finding.expected = format!("{{\"{}\":1}}", "x");
        finding.actual = format!("400 {hostile}\n{hostile}");
        finding.steps[0].request.body = json!({ "Name": hostile });
        finding.steps[0].request.headers.insert("X-Odd".to_owned(), hostile.to_owned());
        finding.steps[0].response.as_mut().unwrap().body = json!(hostile);
        finding.reproduce.replay = Some(hostile.to_owned());
        rule.reason = Some(hostile.to_owned());
        rule.requirement = hostile.to_owned();
        rule.evidence.sources = vec![hostile.to_owned()];
        rule.evidence.note = Some(hostile.to_owned());
        let odd =
            RuleResult { id: hostile.to_owned(), operation: hostile.to_owned(), ..passed("glue/A/valid/x") };
        let mut whole = report(vec![rule, odd]);
        whole.target.name = hostile.to_owned();
        whole.target.url = Some(format!("javascript:{hostile}"));
        whole.suite.version = hostile.to_owned();
        whole.started = hostile.to_owned();
        let text = page(&whole, &Sources::new());
        let html = parsed(&text);
        assert_closed(&html);
        let plain = page(&report(vec![failed("glue/PutIt/errors/hostile", 400, None)]), &Sources::new());
        assert_eq!(all(&html, "script")[0].inner_html(), all(&parsed(&plain), "script")[0].inner_html());
        let invisible = |c: &char| {
            matches!(c, '\u{1b}' | '\0' | '\u{202e}' | '\u{2066}' | '\u{200f}' | '\u{7f}' | '\u{9b}')
        };
        let visible: String = all(&html, "main")[0].text().collect();
        assert_eq!(visible.chars().find(invisible), None);
    }
}

#[test]
fn a_cell_leads_to_a_rule_of_its_own() {
    let report = mixed();
    let html = parsed(&page(&report, &Sources::new()));
    let cells = all(&html, "table.matrix a.cell");
    assert!(cells.len() > 6);
    for cell in cells {
        let value = cell.value();
        let leads = value.attr("href").unwrap();
        let rule = all(&html, leads)[0].value();
        assert_eq!(rule.attr("data-family"), value.attr("data-family"));
        let operation = value.attr("data-operation").unwrap();
        assert!(operation.is_empty() || rule.attr("data-operation") == Some(operation));
        assert!(value.attr("aria-label").unwrap().contains(" hold"));
    }
    let scopes: BTreeSet<_> = all(&html, "table th").into_iter().map(|th| th.value().attr("scope")).collect();
    assert_eq!(scopes, BTreeSet::from([Some("col"), Some("row")]));
    let marked = text(all(&html, "a.cell[data-operation='PutIt'][data-family='invalid']")[0]);
    assert_eq!(marked, "0/1");
}

#[test]
fn verdict_scores_and_capabilities_are_the_reports() {
    let report = mixed();
    let html = parsed(&page(&report, &Sources::new()));
    assert_eq!(text(all(&html, "#verdict")[0]), "Deviates");
    let scores: Vec<String> = all(&html, ".score .words").into_iter().map(text).collect();
    let (conformance, parity) = (report.summary.conformance, report.summary.parity);
    assert_eq!(scores[0], format!("{} of {} documented rules hold", conformance.held, conformance.of));
    assert!(scores[1].starts_with(&format!("{} of {} ", parity.held, parity.of)));
    let chips: Vec<String> = all(&html, ".chip").into_iter().map(text).collect();
    assert_eq!(chips, ["core tested", "crypto absent"]);
    let bar = all(&html, ".score svg rect.held")[0].value();
    assert_eq!(bar.attr("width"), Some(conformance.held.to_string().as_str()));
}

#[test]
fn without_findings_there_is_no_list_of_them() {
    let html = parsed(&page(&report(vec![passed("glue/A/valid/x")]), &Sources::new()));
    assert!(all(&html, ".cause").is_empty() && all(&html, "#findings").is_empty());
    assert_eq!(text(all(&html, "#verdict")[0]), "Conforms");
    let none = parsed(&page(&report(Vec::new()), &Sources::new()));
    assert_eq!(text(all(&none, "#verdict")[0]), "Incomplete");
}

/// People who hear the page, or reach it by keys, find the same things.
#[test]
fn everything_has_a_name_and_can_be_reached() {
    let html = parsed(&page(&mixed(), &Sources::new()));
    assert_eq!(all(&html, "html[lang]").len(), 1);
    assert_eq!((all(&html, "main").len(), all(&html, "h1").len()), (1, 1));
    for control in all(&html, "form input, form select") {
        assert!(control.ancestors().any(|a| a.value().as_element().is_some_and(|e| e.name() == "label")));
    }
    for button in all(&html, "button") {
        assert!(!text(button).is_empty() && button.value().attr("type").is_some());
    }
    for region in all(&html, ".scroll, pre") {
        assert_eq!(region.value().attr("tabindex"), Some("0"), "what scrolls can be scrolled by keys");
    }
    for section in all(&html, "section") {
        let named = section.value().attr("aria-label").map(ToOwned::to_owned).or_else(|| {
            let by = section.value().attr("aria-labelledby")?;
            Some(text(all(&html, &format!("#{by}"))[0]))
        });
        assert!(named.is_some_and(|name| !name.is_empty()));
    }
    assert!(
        all(&html, ".mark")
            .into_iter()
            .all(|mark| !text(mark).trim_matches(['✓', '✕', 'i', '?', '≈', '–', ' ']).is_empty())
    );
}

/// The parts of a page that are compressed.
fn packed_parts(page: &Html) -> Vec<String> {
    use base64::Engine as _;
    let packed = all(page, "script#packed");
    let [packed] = packed.as_slice() else { panic!("{} packed scripts", packed.len()) };
    let data = base64::engine::general_purpose::STANDARD.decode(text(*packed)).unwrap();
    serde_json::from_reader(flate2::read::GzDecoder::new(data.as_slice())).unwrap()
}

/// The page as its script leaves it.
fn unpacked(page: &str) -> Html {
    let html = parsed(page);
    if all(&html, "script#packed").is_empty() {
        return html;
    }
    let parts = packed_parts(&html).into_iter().enumerate();
    let place = |number: usize| format!("<div data-part=\"{number}\"></div>");
    parsed(&parts.fold(page.to_owned(), |page, (number, part)| page.replace(&place(number), &part)))
}

#[test]
fn a_large_page_is_packed_and_loses_no_rule() {
    let rules = constraints(|_, _, _| lax("glue/X/invalid/y/z")).into_iter().map(|mut rule| {
        rule.requirement = format!("{} {}", rule.requirement, rule.id.repeat(40));
        with_commands(rule)
    });
    let report = report(rules.chain((0..400).map(|at| passed(&format!("glue/Op/valid/{at}")))).collect());
    let page = glueproof::report::html::report(&report, &Sources::new());
    assert!(page.len() < 500_000, "{} bytes", page.len());
    let html = parsed(&page);
    let parts = packed_parts(&html);
    let places: Vec<String> =
        all(&html, "[data-part]").iter().map(|e| e.value().attr("data-part").unwrap().to_owned()).collect();
    assert_eq!(places, (0..parts.len()).map(|part| part.to_string()).collect::<Vec<_>>());
    let packed = parsed(&parts.concat());
    for (number, rule) in report.results.iter().enumerate() {
        let selector = format!("details.rule#r{number}");
        let shown = [all(&html, &selector), all(&packed, &selector)].concat();
        assert_eq!(shown.len(), 1, "{}", rule.id);
        assert!(text(shown[0]).contains(&rule.requirement), "{}", rule.id);
    }
    assert!(page.contains("needs JavaScript"));
}

#[test]
fn a_small_page_is_not_packed() {
    let page = glueproof::report::html::report(&report(vec![lax("glue/A/invalid/b/c")]), &Sources::new());
    assert!(all(&parsed(&page), "[data-part], #packed").is_empty());
}
