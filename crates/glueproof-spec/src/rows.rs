//! Behaviors written once for every row of a table: each row is a behavior of its own, with the row's values in
//! its steps. Works on what is written, before anybody reads it as a behavior.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::SpecProblem;

/// Stands for a value of the row.
const PLACE: &str = "$row";

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// `{row}` in texts, and the end of the behavior's id where its subject does not tell it from the others.
    name: String,
    /// What it is about, where that is not what the file is about.
    subject: Option<String>,
    /// In place of the requirement that all rows share.
    requirement: Option<String>,
    /// In place of the evidence that all rows share.
    evidence: Option<Value>,
    /// What the steps take from it.
    #[serde(default)]
    values: Map<String, Value>,
}

/// Whether a file has behaviors with rows.
pub(super) fn are_in(file: &Value) -> bool {
    behaviors(file).iter().any(|behavior| behavior.get("rows").is_some())
}

fn behaviors(file: &Value) -> &[Value] {
    file.get("behaviors").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The behaviors of a file with subjects of their own, a file for each subject.
pub(super) fn expand(file: &Value) -> Result<Vec<Value>, SpecProblem> {
    let mut files: Vec<Value> = Vec::new();
    for behavior in behaviors(file) {
        for (subject, behavior) in of_rows(behavior)? {
            let subject = subject.map_or_else(|| file["subject"].clone(), Value::from);
            let index = files.iter().position(|file| file["subject"] == subject);
            let index = index.unwrap_or_else(|| {
                let mut fresh = file.clone();
                (fresh["subject"], fresh["behaviors"]) = (subject, Value::Array(Vec::new()));
                files.push(fresh);
                files.len() - 1
            });
            if let Some(Value::Array(behaviors)) = files[index].get_mut("behaviors") {
                behaviors.push(behavior);
            }
        }
    }
    Ok(files)
}

/// One behavior a row, with the row's subject; a behavior without rows is its own only one.
fn of_rows(behavior: &Value) -> Result<Vec<(Option<String>, Value)>, SpecProblem> {
    let (Some(rows), Some(shared)) = (behavior.get("rows"), behavior.as_object()) else {
        return Ok(vec![(None, behavior.clone())]);
    };
    let id = shared.get("id").and_then(Value::as_str).unwrap_or_default();
    let syntax = |text: String| SpecProblem::Syntax(format!("the rows of `{id}`: {text}"));
    let rows: Vec<Row> = serde_json::from_value(rows.clone()).map_err(|e| syntax(e.to_string()))?;
    if rows.is_empty() {
        return Err(syntax("there are none".to_owned()));
    }
    rows.into_iter().map(|row| of_row(shared, id, row).map_err(syntax)).collect()
}

fn of_row(shared: &Map<String, Value>, id: &str, row: Row) -> Result<(Option<String>, Value), String> {
    let mut unused: Vec<&String> = row.values.keys().collect();
    let mut made = Map::new();
    for (member, value) in shared.iter().filter(|(member, _)| *member != "rows") {
        made.insert(member.clone(), filled(value, &row, &mut unused)?);
    }
    if let Some(name) = unused.first() {
        return Err(format!("no step takes the value `{name}` of row `{}`", row.name));
    }
    let id = if row.subject.is_some() { id.to_owned() } else { format!("{id}/{}", row.name) };
    made.insert("id".to_owned(), id.into());
    for (member, own) in [("requirement", row.requirement.map(Value::from)), ("evidence", row.evidence)] {
        if let Some(own) = own {
            made.insert(member.to_owned(), own);
        }
    }
    Ok((row.subject, Value::Object(made)))
}

/// The value with everything filled in that the row has for it. In a list, a list of the row's stands for its
/// items; a member for which the row has null is left out.
fn filled(value: &Value, row: &Row, unused: &mut Vec<&String>) -> Result<Value, String> {
    if let Some(name) = place(value) {
        unused.retain(|known| *known != name);
        let found = row.values.get(name).cloned();
        return found.ok_or_else(|| format!("row `{}` has no value `{name}`", row.name));
    }
    match value {
        Value::Object(map) => {
            let mut made = Map::new();
            for (key, inner) in map {
                let value = filled(inner, row, unused)?;
                if !(value.is_null() && place(inner).is_some()) {
                    made.insert(key.clone(), value);
                }
            }
            Ok(Value::Object(made))
        }
        Value::Array(items) => {
            let mut made = Vec::new();
            for item in items {
                match (filled(item, row, unused)?, place(item)) {
                    (Value::Array(several), Some(_)) => made.extend(several),
                    (one, _) => made.push(one),
                }
            }
            Ok(Value::Array(made))
        }
        Value::String(text) => Ok(Value::from(text.replace("{row}", &row.name))),
        other => Ok(other.clone()),
    }
}

/// The name of the row's value that stands there.
fn place(value: &Value) -> Option<&str> {
    value.as_object().filter(|map| map.len() == 1)?.get(PLACE)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(rows: &Value) -> Value {
        json!({ "subject": "A", "behaviors": [
            { "id": "access/plain", "steps": [] },
            { "id": "access/many", "requirement": "{row} is refused.", "evidence": 1, "rows": rows,
              "steps": [{ "call": { "$row": "call" } }] },
        ] })
    }

    #[test]
    fn every_row_is_a_behavior_of_its_subject() {
        let rows = json!([
            { "name": "one", "values": { "call": "X" } },
            { "name": "two", "subject": "B", "requirement": "No.", "evidence": 2, "values": { "call": "Y" } },
        ]);
        let expected = [
            json!({ "subject": "A", "behaviors": [
                { "id": "access/plain", "steps": [] },
                { "id": "access/many/one", "requirement": "one is refused.", "evidence": 1, "steps": [{ "call": "X" }] },
            ] }),
            json!({ "subject": "B", "behaviors": [
                { "id": "access/many", "requirement": "No.", "evidence": 2, "steps": [{ "call": "Y" }] },
            ] }),
        ];
        assert_eq!(expand(&file(&rows)).unwrap(), expected);
    }

    #[test]
    fn lists_join_lists_and_null_leaves_out() {
        let file = json!({ "subject": "A", "behaviors": [{ "id": "access/x",
            "rows": [{ "name": "one", "values": { "more": [2, 3], "none": null } }],
            "steps": [1, { "$row": "more" }, { "a": { "$row": "none" }, "b": null }] }] });
        let expected = json!([{ "id": "access/x/one", "steps": [1, 2, 3, { "b": null }] }]);
        assert_eq!(expand(&file).unwrap()[0]["behaviors"], expected);
    }

    #[test]
    fn rows_that_say_too_much_or_too_little_are_refused() {
        for (rows, why) in [
            (json!([]), "there are none"),
            (json!([{ "name": "a" }]), "no value `call`"),
            (json!([{ "name": "a", "values": { "call": 1, "more": 2 } }]), "takes the value `more`"),
            (json!([{ "name": "a", "value": {} }]), "unknown field"),
        ] {
            let problem = expand(&file(&rows)).unwrap_err().to_string();
            assert!(problem.contains(why) && problem.contains("access/many"), "{problem}");
        }
    }
}
