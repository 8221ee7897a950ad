//! The short forms in strings: `@step/Pointer`, `#label` and `$parameter`, alone or in braces within a text.
//! Must not look up a name: later checks decide whether a step, a shape or a parameter of that name exists.
//! The entry points are [`template`] and [`parameter`].

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::node::{Mistake, Node, Tree};

/// Placeholders whose only argument is plain text.
const PLAIN_PLACEHOLDERS: [&str; 8] =
    ["$name", "$policy", "$valid", "$foreign", "$repeat", "$base64", "$answer", "$sent"];

/// The template that a value stands for.
pub(super) fn template(node: &Node) -> Result<Value, Mistake> {
    match &node.value {
        Tree::Text(text) => placeholder(text).map_err(|problem| node.mistake(problem)),
        Tree::List(items) => items.iter().map(template).collect(),
        Tree::Table(members) => {
            if let Some((key, _)) = members.iter().find(|(key, _)| key.name == "use") {
                return Err(Mistake::new(key.place, "a fixture can be used only in a list of steps"));
            }
            if members.iter().any(|(key, _)| PLAIN_PLACEHOLDERS.contains(&key.name.as_str())) {
                return Ok(plain(node));
            }
            members.iter().map(|(key, inner)| Ok((key.name.clone(), template(inner)?))).collect()
        }
        _ => Ok(plain(node)),
    }
}

/// The value as it is written, without short forms.
pub(super) fn plain(node: &Node) -> Value {
    match &node.value {
        Tree::Null => Value::Null,
        Tree::Bool(flag) => Value::Bool(*flag),
        Tree::Number(number) => Value::Number(number.clone()),
        Tree::Text(text) => Value::from(text.as_str()),
        Tree::List(items) => items.iter().map(plain).collect(),
        Tree::Table(members) => members.iter().map(|(key, inner)| (key.name.clone(), plain(inner))).collect(),
    }
}

/// The placeholder or text that a string stands for. A doubled first character stands for itself.
fn placeholder(text: &str) -> Result<Value, String> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first @ ('@' | '#')), Some(second)) if first == second => return Ok(Value::from(&text[1..])),
        (Some('$'), Some('$')) => return Ok(Value::from(&text[1..])),
        (Some('@' | '#'), _) => return reference(text),
        _ => {}
    }
    if !text.contains("{#") && !text.contains("{@") {
        return Ok(Value::from(text));
    }
    let mut parts: Vec<Value> = Vec::new();
    let mut rest = text;
    while let Some(start) = [rest.find("{#"), rest.find("{@")].into_iter().flatten().min() {
        let (before, inside) = rest.split_at(start);
        let end = inside.find('}').ok_or_else(|| format!("`{inside}` has no closing brace"))?;
        if !before.is_empty() {
            parts.push(Value::from(before));
        }
        parts.push(reference(&inside[1..end])?);
        rest = &inside[end + 1..];
    }
    if !rest.is_empty() {
        parts.push(Value::from(rest));
    }
    Ok(json!({ "$concat": parts }))
}

/// `@step/Pointer`, `@step.input/Pointer`, `#label`, `#policy:label` or `#Shape:label`.
fn reference(text: &str) -> Result<Value, String> {
    let (sigil, rest) = text.split_at(1);
    let fail = |form: &str| {
        Err(format!("`{text}` is not of the form {form}; a text that begins with `{sigil}` doubles it"))
    };
    if sigil == "@" {
        let at = rest.find('/').unwrap_or(rest.len());
        let (step, pointer) = rest.split_at(at);
        let (step, placeholder) = match step.strip_suffix(".input") {
            Some(step) => (step, "$sent"),
            None => (step, "$answer"),
        };
        if !is_label(step) {
            return fail("`@step/Pointer`");
        }
        return Ok(json!({ placeholder: step, "at": pointer }));
    }
    let (kind, label) = rest.split_once(':').unwrap_or(("", rest));
    if !is_label(label) {
        return fail("`#label`, `#policy:label` or `#Shape:label`");
    }
    Ok(match kind {
        "" => json!({ "$name": label }),
        "policy" => json!({ "$policy": label }),
        shape => json!({ "$valid": shape, "label": label }),
    })
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// The text of a parameter within a longer text.
pub(super) fn inserted(node: &Node, value: Option<&Node>) -> Result<String, Mistake> {
    match value.map(|value| &value.value) {
        Some(Tree::Text(text)) => Ok(match text.as_bytes() {
            [b'@' | b'#' | b'$', second, ..] if text.as_bytes()[0] == *second => text[1..].to_owned(),
            [b'@' | b'#', ..] => format!("{{{text}}}"),
            _ => text.clone(),
        }),
        Some(Tree::Number(number)) => Ok(number.to_string()),
        Some(Tree::Bool(flag)) => Ok(flag.to_string()),
        _ => Err(node.mistake("only a string, a number or a boolean can be put into a text")),
    }
}

/// The name in `"$name"` or `"$name?"`, and whether it may be without a value.
pub(super) fn parameter(text: &str) -> Option<(&str, bool)> {
    let name = text.strip_prefix('$')?;
    let (name, is_optional) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    is_name.then_some((name, is_optional))
}

/// Adds all names that the node refers to.
pub(super) fn collect_references(node: &Node, names: &mut BTreeSet<String>) {
    match &node.value {
        Tree::Text(text) => match parameter(text) {
            Some(("null", _)) => {}
            Some((name, _)) => {
                names.insert(name.to_owned());
            }
            None => names
                .extend(text.split("{$").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))),
        },
        Tree::List(items) => items.iter().for_each(|item| collect_references(item, names)),
        Tree::Table(members) => members.iter().for_each(|(_, inner)| collect_references(inner, names)),
        _ => {}
    }
}

/// Returns true if the node names the parameter as optional.
pub(super) fn is_optional(node: &Node, name: &str) -> bool {
    match &node.value {
        Tree::Text(text) => parameter(text) == Some((name, true)),
        Tree::List(items) => items.iter().any(|item| is_optional(item, name)),
        Tree::Table(members) => members.iter().any(|(_, inner)| is_optional(inner, name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_stand_for_placeholders() {
        for (text, expected) in [
            ("plain", json!("plain")),
            ("", json!("")),
            ("#a", json!({ "$name": "a" })),
            ("#policy:a", json!({ "$policy": "a" })),
            ("#Connection:a", json!({ "$valid": "Connection", "label": "a" })),
            ("@key/KeyMetadata/Arn", json!({ "$answer": "key", "at": "/KeyMetadata/Arn" })),
            ("@all", json!({ "$answer": "all", "at": "" })),
            ("@put.input/A/0", json!({ "$sent": "put", "at": "/A/0" })),
            (
                "s3://{#b}/{@k/Id}",
                json!({ "$concat": ["s3://", { "$name": "b" }, "/", { "$answer": "k", "at": "/Id" }] }),
            ),
            ("{#b}", json!({ "$concat": [{ "$name": "b" }] })),
            ("##a", json!("#a")),
            ("@@a", json!("@a")),
            ("$$a", json!("$a")),
            ("${aws:PrincipalAccount}", json!("${aws:PrincipalAccount}")),
            ("arn:{region}", json!("arn:{region}")),
        ] {
            assert_eq!(placeholder(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn malformed_short_forms_are_refused() {
        for (text, reason) in [
            ("# a comment", "doubles it"),
            ("@", "`@step/Pointer`"),
            ("#a/b", "`#label`"),
            ("s3://{#bucket", "no closing brace"),
        ] {
            let problem = placeholder(text).unwrap_err();
            assert!(problem.contains(reason), "{text}: {problem}");
        }
    }
}
