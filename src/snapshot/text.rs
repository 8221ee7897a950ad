//! One exchange for people: the call, what was sent, what came. Must show nothing that varies.

use serde_json::Value;

use crate::case::Step;
use crate::redact::{Redacted, RedactedAnswer};
use crate::report::on_lines;

/// Longer texts are cut, with their length beside them.
const LONGEST: usize = 400;

/// The text of an exchange.
pub(super) fn text(exchange: &Redacted, answer: &RedactedAnswer, step: &Step) -> String {
    let mut lines = vec![format!("{} {}", exchange.service, exchange.operation)];
    lines.extend(step.by.iter().map(|by| format!("by: {}", by.name())));
    lines.extend(step.headers.iter().map(|(name, value)| match value {
        Some(value) => format!("{name}: {value}"),
        None => format!("{name}: (removed)"),
    }));
    lines.push(body(&exchange.input));
    lines.push(String::new());
    let error = answer.error.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
    lines.push(format!("{}{error}", answer.status));
    lines.extend(answer.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.push(body(&answer.body));
    on_lines(&lines.join("\n"))
}

fn body(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => cut(text),
        json => serde_json::to_string_pretty(&shortened(json)).unwrap_or_else(|_| json.to_string()),
    }
}

fn shortened(json: &Value) -> Value {
    match json {
        Value::String(text) => Value::String(cut(text)),
        Value::Array(items) => items.iter().map(shortened).collect(),
        Value::Object(members) => members.iter().map(|(name, v)| (cut(name), shortened(v))).collect(),
        other => other.clone(),
    }
}

fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST / 2).collect();
    format!("{kept}… ({length} characters)")
}
