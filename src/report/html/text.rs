//! Foreign text on its way into a page: what does not print is named, long words may break. Escapes no markup;
//! maud does.

use maud::{Markup, html};
use serde_json::Value;

use super::super::body::shortened;
use super::super::escape::{on_lines, on_one_line};

/// Texts inside bodies longer than this are shortened; the commands hold them whole.
const LONGEST_TEXT: usize = 600;

/// A name that may break where a new word begins in it: `Put|Resource|Policy`, `a/|b`.
pub(super) fn breakable(name: &str) -> Markup {
    let name = on_one_line(name);
    let mut parts: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() || "/.-_".contains(before) {
            parts.push(String::new());
        }
        parts.iter_mut().last().into_iter().for_each(|part| part.push(c));
        before = c;
    }
    html! { @for (number, part) in parts.iter().enumerate() { @if number > 0 { wbr; } (part) } }
}

/// Words in which backticks mark code, as titles and remarks have them.
pub(super) fn prose(text: &str) -> Markup {
    let text = on_one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    html! {
        @if balanced {
            @for (number, part) in parts.iter().enumerate() { @if number % 2 == 1 { code { (part) } } @else { (part) } }
        } @else { (text) }
    }
}

/// A body for reading: JSON on lines of its own, raw text as it is.
pub(super) fn body(body: &Value) -> String {
    match body {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => on_lines(text),
        json => on_lines(&pretty(&shortened(json, LONGEST_TEXT))),
    }
}

/// JSON on several lines.
pub(super) fn pretty(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string())
}
