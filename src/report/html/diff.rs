//! The expected and the actual response line by line, with the words that differ marked. Judges nothing.

use maud::{Markup, html};
use serde_json::Value;
use similar::{ChangeTag, InlineChange, TextDiff};

use super::super::escape::on_lines;
use super::text::pretty;

/// Texts that share less than this are different as a whole: single words marked in them say nothing.
const ALIKE: f32 = 0.6;

/// The two texts as one, with signs for those who see no colours.
pub(super) fn diff(expected: &str, actual: &str) -> Markup {
    let (expected, actual) = (lines(expected), lines(actual));
    let alike = TextDiff::from_words(&expected, &actual).ratio() >= ALIKE;
    let diff = TextDiff::from_lines(&expected, &actual);
    let changes: Vec<InlineChange<'_, str>> =
        diff.ops().iter().flat_map(|op| diff.iter_inline_changes(op)).collect();
    html! {
        figure.diff {
            figcaption { span.due { "✓ expected" } " " span.came { "✕ actual" } }
            pre tabindex="0" { @for change in &changes { (line(change, alike)) } }
        }
    }
}

fn line(change: &InlineChange<'_, str>, alike: bool) -> Markup {
    let words = words(change, alike);
    match change.tag() {
        ChangeTag::Equal => html! { span.same { "  " (words) } },
        ChangeTag::Delete => html! { del { "✓ " (words) } },
        ChangeTag::Insert => html! { ins { "✕ " (words) } },
    }
}

fn words(change: &InlineChange<'_, str>, alike: bool) -> Markup {
    html! {
        @for (emphasised, text) in change.iter_strings_lossy() {
            @if emphasised && alike { mark { (text) } } @else { (text) }
        }
    }
}

/// The text with JSON at its end laid out on lines, so that members can be compared one by one.
fn lines(text: &str) -> String {
    let text = text.trim_end();
    let json = text.find(['{', '[']).and_then(|at| {
        let value: Value = serde_json::from_str(&text[at..]).ok()?;
        let is_large = value.as_object().is_some_and(|m| !m.is_empty())
            || value.as_array().is_some_and(|i| !i.is_empty());
        is_large.then(|| (text[..at].trim_end(), pretty(&value)))
    });
    let laid_out = match json {
        Some(("", json)) => json,
        Some((head, json)) => format!("{head}\n{json}"),
        None => text.to_owned(),
    };
    on_lines(&laid_out) + "\n"
}
