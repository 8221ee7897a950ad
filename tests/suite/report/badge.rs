//! Badges: what shields.io reads, and a picture as wide as its text.

use glueproof::report::badge::{json, svg};
use glueproof::report::{Report, Score};
use glueproof::run::Outcome;
use scraper::{ElementRef, Html};
use serde_json::{Value, json as value};

use super::fixture::{lax, passed, report, with};
use super::html::{all, text};

fn reports() -> [(Report, &'static str, &'static str); 4] {
    let mut nearly = report(vec![passed("glue/A/valid/x"), lax("glue/A/invalid/x/enum")]);
    nearly.summary.conformance = Score { held: 999, of: 1000 };
    let open = with("glue/A/valid/e", Outcome::Errored, "gone");
    [
        (report(vec![passed("glue/A/valid/x")]), "conforms, 100%", "brightgreen"),
        (nearly, "deviates, 99%", "red"),
        (report(vec![passed("glue/A/valid/x"), open.clone()]), "incomplete, 100%", "yellow"),
        (report(vec![open]), "incomplete", "yellow"),
    ]
}

#[test]
fn the_endpoint_form() {
    for (report, message, color) in reports() {
        let badge: Value = serde_json::from_str(&json(&report)).unwrap();
        let due = value!({ "schemaVersion": 1, "label": "glueproof", "message": message, "color": color });
        assert_eq!(badge, due);
    }
}

#[test]
fn the_picture_says_the_same_and_has_room_for_it() {
    let mut widths = Vec::new();
    for (report, message, _) in reports() {
        let html = Html::parse_fragment(&svg(&report));
        let texts = all(&html, "g > text");
        assert_eq!(texts.iter().map(|t| text(*t)).collect::<Vec<_>>(), ["glueproof", message]);
        let number =
            |of: ElementRef<'_>, name: &str| of.value().attr(name).unwrap().parse::<usize>().unwrap();
        let picture = all(&html, "svg")[0];
        let (first, last) = (texts[0], texts[1]);
        assert!(number(first, "x") + number(first, "textLength") < number(last, "x"));
        assert!(number(last, "x") + number(last, "textLength") < number(picture, "width"));
        assert_eq!(picture.value().attr("aria-label"), Some(format!("glueproof: {message}").as_str()));
        widths.push(number(picture, "width"));
    }
    assert!(widths[2] > widths[3] && widths[0] > widths[3], "{widths:?}");
}
