//! The verdict as a badge: JSON for an endpoint badge of shields.io, and a picture. Holds no text of a target.

use maud::html;
use serde_json::json;

use super::model::{Report, Verdict};

/// The text on the left.
const LABEL: &str = "glueproof";
/// Room on both sides of a text.
const MARGIN: usize = 6;

/// The endpoint form of shields.io.
#[must_use]
pub fn json(report: &Report) -> String {
    let (color, _) = colors(report.verdict);
    let badge = json!({ "schemaVersion": 1, "label": LABEL, "message": message(report), "color": color });
    format!("{badge}\n")
}

/// A picture as wide as its text.
#[must_use]
pub fn svg(report: &Report) -> String {
    let message = message(report);
    let (left, right) = (width(LABEL), width(&message));
    let (middle, all) = (left + 2 * MARGIN, left + right + 4 * MARGIN);
    let (_, color) = colors(report.verdict);
    let text = |at: usize, length: usize, text: &str| {
        html! { text x=(at) y="14" textLength=(length) lengthAdjust="spacingAndGlyphs" { (text) } }
    };
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(all) height="20" role="img" aria-label={ (LABEL) ": " (message) } {
            title { (LABEL) ": " (message) }
            clipPath id="r" { rect width=(all) height="20" rx="3" {} }
            g clip-path="url(#r)" {
                rect width=(middle) height="20" fill="#444d56" {}
                rect x=(middle) width=(all - middle) height="20" fill=(color) {}
            }
            g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" {
                (text(MARGIN, left, LABEL))
                (text(middle + MARGIN, right, &message))
            }
        }
    };
    picture.into_string() + "\n"
}

/// `deviates, 44%`: rounded down, so that only what is whole is 100%.
fn message(report: &Report) -> String {
    let (score, operations) = (report.summary.conformance, report.summary.operations);
    let share = score.percent();
    share.map_or_else(
        || report.verdict.name().to_owned(),
        |share| {
            let of = if operations.implemented < operations.of {
                format!(" of {}/{} operations", operations.implemented, operations.of)
            } else {
                String::new()
            };
            format!("{}, {share}%{of}", report.verdict.name())
        },
    )
}

/// The name shields.io has for a colour, and a darker one that white text can be read on.
fn colors(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Conforms => ("brightgreen", "#1a7f37"),
        Verdict::Deviates => ("red", "#b3261e"),
        Verdict::Incomplete => ("yellow", "#8a5a00"),
    }
}

/// Roughly what the text takes in 11 pixels of Verdana; `textLength` makes it exact.
fn width(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            'f' | 'i' | 'j' | 'l' | 't' | 'r' | ',' | '.' | ' ' => 40,
            'm' | 'w' | '%' => 107,
            _ => 68,
        })
        .sum();
    tenths.div_ceil(10)
}
