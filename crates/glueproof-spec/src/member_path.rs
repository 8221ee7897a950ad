//! The path to a member inside an input or output: `EncryptionConfiguration.S3Encryption[].KmsKeyArn`.
//! Must not make values.
//! The entry point is [`MemberPath`].

use std::fmt;

use serde_json::Value;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Into a member of a structure.
    Member(String),
    /// Into the first element of a list.
    Item,
}

/// A path inside a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberPath(Vec<Segment>);

impl MemberPath {
    /// The path to a member below.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        self.with(Segment::Member(name.to_owned()))
    }

    /// The path to the elements of the list.
    #[must_use]
    pub fn item(&self) -> Self {
        self.with(Segment::Item)
    }

    fn with(&self, segment: Segment) -> Self {
        self.0.iter().cloned().chain([segment]).collect()
    }

    /// The segments.
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

    /// The value at the path, if the path leads to one.
    #[must_use]
    pub fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |inner, segment| match segment {
            Segment::Member(name) => inner.get(name),
            Segment::Item => inner.get(0),
        })
    }

    /// Every value at the path: one for each element of the lists on it.
    #[must_use]
    pub fn get_all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![value], |found, segment| match segment {
            Segment::Member(name) => found.into_iter().filter_map(|v| v.get(name)).collect(),
            Segment::Item => found.into_iter().filter_map(Value::as_array).flatten().collect(),
        })
    }

    /// Replaces the value at the path; `None` removes it. Lists are entered at their first element. A value without
    /// that path stays as it is.
    pub fn set(&self, value: &mut Value, new: Option<Value>) {
        let Some((last, parents)) = self.0.split_last() else {
            *value = new.unwrap_or(Value::Null);
            return;
        };
        let parent = parents.iter().try_fold(value, |inner, segment| match segment {
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

impl FromIterator<Segment> for MemberPath {
    fn from_iter<T: IntoIterator<Item = Segment>>(segments: T) -> Self {
        Self(segments.into_iter().collect())
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
    fn a_path_that_leads_nowhere_changes_nothing() {
        let mut value = json!({ "A": 1 });
        MemberPath::default().member("B").member("C").set(&mut value, Some(json!(1)));
        assert_eq!(value, json!({ "A": 1 }));
    }
}
