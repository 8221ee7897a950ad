//! Where a member stands inside an input or output: `EncryptionConfiguration.S3Encryption[].KmsKeyArn`.
//! Looks into values and puts values in; makes none up.

use std::fmt;

use serde_json::Value;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Into a member of a structure.
    Member(String),
    /// Into the first element of a list.
    Item,
}

/// A place inside a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberPath(Vec<Segment>);

impl MemberPath {
    /// One member further down.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        self.with(Segment::Member(name.to_owned()))
    }

    /// Into the elements of the list this path leads to.
    #[must_use]
    pub fn item(&self) -> Self {
        self.with(Segment::Item)
    }

    fn with(&self, segment: Segment) -> Self {
        Self(self.0.iter().cloned().chain([segment]).collect())
    }

    /// The steps.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The outermost member.
    #[must_use]
    pub fn root(&self) -> Option<&str> {
        match self.0.first() {
            Some(Segment::Member(name)) => Some(name),
            _ => None,
        }
    }

    /// The value there, if the way leads to one.
    #[must_use]
    pub fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |inner, segment| match segment {
            Segment::Member(name) => inner.get(name),
            Segment::Item => inner.get(0),
        })
    }

    /// Every value there: one for each element of the lists on the way.
    #[must_use]
    pub fn get_all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![value], |found, segment| match segment {
            Segment::Member(name) => found.into_iter().filter_map(|v| v.get(name)).collect(),
            Segment::Item => found.into_iter().filter_map(Value::as_array).flatten().collect(),
        })
    }

    /// Puts a value there; `None` takes out what is there. Lists are entered at their first element.
    /// Leaves the value as it is when the way leads nowhere.
    pub fn set(&self, value: &mut Value, new: Option<Value>) {
        let Some((last, way)) = self.0.split_last() else {
            *value = new.unwrap_or(Value::Null);
            return;
        };
        let parent = way.iter().try_fold(value, |inner, segment| match segment {
            Segment::Member(name) => inner.get_mut(name),
            Segment::Item => inner.get_mut(0),
        });
        match (parent, last, new) {
            (Some(Value::Object(map)), Segment::Member(name), Some(new)) => {
                map.insert(name.clone(), new);
            }
            (Some(Value::Object(map)), Segment::Member(name), None) => {
                map.shift_remove(name);
            }
            (Some(Value::Array(items)), Segment::Item, Some(new)) if !items.is_empty() => items[0] = new,
            (Some(Value::Array(items)), Segment::Item, Some(new)) => items.push(new),
            (Some(Value::Array(items)), Segment::Item, None) if !items.is_empty() => {
                items.remove(0);
            }
            _ => {}
        }
    }
}

impl fmt::Display for MemberPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Member(name) if index == 0 => f.write_str(name)?,
                Segment::Member(name) => write!(f, ".{name}")?,
                Segment::Item => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sets_gets_and_removes_at_every_depth() {
        let path = MemberPath::default().member("A").member("L").item().member("K");
        assert_eq!(path.to_string(), "A.L[].K");
        let mut value = json!({ "A": { "L": [{ "K": 1 }, { "K": 2 }] } });
        assert_eq!(path.get(&value), Some(&json!(1)));
        assert_eq!(path.get_all(&value), [&json!(1), &json!(2)]);
        path.set(&mut value, Some(json!("x")));
        assert_eq!(value, json!({ "A": { "L": [{ "K": "x" }, { "K": 2 }] } }));
        path.set(&mut value, None);
        assert_eq!(value, json!({ "A": { "L": [{}, { "K": 2 }] } }));
    }

    #[test]
    fn a_way_that_leads_nowhere_changes_nothing() {
        let mut value = json!({ "A": 1 });
        MemberPath::default().member("B").member("C").set(&mut value, Some(json!(1)));
        assert_eq!(value, json!({ "A": 1 }));
    }
}
