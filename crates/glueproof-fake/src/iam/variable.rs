//! Policy variables: `${aws:username}` and the like within a policy's texts. Must not know what a text is
//! compared with.

use super::context::Context;
use super::pattern;

/// The text with its variables replaced, or nothing if one of them has no value: then the whole statement
/// says nothing (IAM User Guide, "Variables and tags").
pub fn resolve(text: &str, context: &Context) -> Option<String> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        let (name, after) = variable.split_once('}')?;
        resolved.push_str(before);
        resolved.push_str(&pattern::literal(&value(name.trim(), context)?));
        rest = after;
    }
    resolved.push_str(rest);
    Some(resolved)
}

fn value(name: &str, context: &Context) -> Option<String> {
    if matches!(name, "*" | "?" | "$") {
        return Some(name.to_owned());
    }
    let (key, default) = match name.split_once(',') {
        Some((key, default)) => (key.trim(), Some(quoted(default.trim())?)),
        None => (name, None),
    };
    match context.get(key) {
        // A key of many values is no variable.
        Some([single]) => Some(single.clone()),
        Some(_) | None => default.map(str::to_owned),
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}
