//! A place inside JSON, written `SecurityConfigurations[].Name`: `[]` stands for every element of a list. Finds and
//! changes; must not know what a value means.

use serde::Deserialize;
use serde_json::Value;

/// Members from the outside in; `[]` enters a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Place(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Elements,
}

impl From<String> for Place {
    fn from(written: String) -> Self {
        Self::from(written.as_str())
    }
}

impl From<&str> for Place {
    fn from(written: &str) -> Self {
        let mut steps = Vec::new();
        for name in written.split('.').filter(|name| !name.is_empty()) {
            let member = name.trim_end_matches("[]");
            steps.push(Step::Member(member.to_owned()));
            steps.extend((0..(name.len() - member.len()) / 2).map(|_| Step::Elements));
        }
        Self(steps)
    }
}

/// What a change makes of the value at a place: nothing where there is none, or where there is to be none.
pub type Change<'c> = &'c dyn Fn(Option<Value>) -> Option<Value>;

impl Place {
    /// Puts what the change makes of each value there in its stead. Goes nowhere where the way ends early.
    pub fn change(&self, value: &mut Value, change: Change<'_>) {
        walk(&self.0, value, change);
    }

    /// Puts each value there under another name beside it.
    pub fn rename(&self, value: &mut Value, to: &str) {
        let Some((Step::Member(name), way)) = self.0.split_last() else { return };
        walk(way, value, &|holder| {
            let mut holder = holder?;
            if let Value::Object(members) = &mut holder
                && let Some(there) = members.shift_remove(name)
            {
                members.insert(to.to_owned(), there);
            }
            Some(holder)
        });
    }
}

fn walk(steps: &[Step], value: &mut Value, change: Change<'_>) {
    let Some((first, rest)) = steps.split_first() else {
        *value = change(Some(value.take())).unwrap_or_default();
        return;
    };
    match (first, value) {
        (Step::Member(name), Value::Object(members)) if rest.is_empty() => {
            match change(members.get(name).cloned()) {
                Some(new) => drop(members.insert(name.clone(), new)),
                None => drop(members.shift_remove(name)),
            }
        }
        (Step::Member(name), Value::Object(members)) => {
            if let Some(inner) = members.get_mut(name) {
                walk(rest, inner, change);
            }
        }
        (Step::Elements, Value::Array(items)) if rest.is_empty() => {
            *items = items.drain(..).filter_map(|item| change(Some(item))).collect();
        }
        (Step::Elements, Value::Array(items)) => items.iter_mut().for_each(|item| walk(rest, item, change)),
        _ => {}
    }
}
