//! Filter patterns on JSON texts: `{ $.status = 404 && ($.user.name = "a*" || $.error NOT EXISTS) }`. Must not read events.
//! [`JsonPattern::parse`] is the entry point.

use serde_json::Value;

use super::condition::{Condition, split};

/// A condition on the members of a JSON text, or a combination of conditions.
#[derive(Debug)]
pub enum JsonPattern {
    /// All patterns match.
    All(Vec<JsonPattern>),
    /// One pattern matches.
    Any(Vec<JsonPattern>),
    /// The values at a path satisfy a test.
    Test(Vec<Step>, Test),
}

/// A step of a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Member(String),
    /// An element of an array.
    Element(usize),
    /// Every element of an array, or every member of an object.
    Every,
}

/// A test of the values at a path.
#[derive(Debug)]
pub enum Test {
    /// A value compares.
    Compare(Condition),
    /// A value is `true`, `false` or `null`.
    Is(Value),
    /// There is no value.
    NotExists,
}

impl JsonPattern {
    /// Parses the text between the braces.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let alternatives = split(text, "||");
        if alternatives.len() > 1 {
            return alternatives.into_iter().map(Self::parse).collect::<Option<_>>().map(Self::Any);
        }
        let conjuncts = split(text, "&&");
        if conjuncts.len() > 1 {
            return conjuncts.into_iter().map(Self::parse).collect::<Option<_>>().map(Self::All);
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            return Self::parse(inner);
        }
        let path_end = text.find(|c: char| c.is_whitespace() || "=!<>".contains(c))?;
        let (path, comparison) = text.split_at(path_end);
        Some(Self::Test(steps(path)?, parse_test(comparison.trim())?))
    }

    /// Returns true if the text is JSON and matches.
    pub fn matches(&self, text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|value| self.holds(&value))
    }

    fn holds(&self, document: &Value) -> bool {
        match self {
            Self::All(patterns) => patterns.iter().all(|pattern| pattern.holds(document)),
            Self::Any(patterns) => patterns.iter().any(|pattern| pattern.holds(document)),
            Self::Test(path, test) => {
                let found = select(document, path);
                match test {
                    Test::NotExists => found.is_empty(),
                    Test::Is(wanted) => found.contains(&wanted),
                    Test::Compare(condition) => {
                        found.iter().filter_map(|value| written(value)).any(|value| condition.holds(&value))
                    }
                }
            }
        }
    }
}

/// Parses a path: `$.user.names[0]`, `$.['a b']`, `$.list[*]`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(member) = rest.strip_prefix('.') {
            if member.starts_with('[') {
                rest = member;
                continue;
            }
            let end = member.find(['.', '[']).unwrap_or(member.len());
            let (name, behind) = member.split_at(end);
            steps.push(if name == "*" { Step::Every } else { Step::Member(name.to_owned()) });
            rest = behind;
        } else {
            let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
            let quoted = index.strip_prefix(['\'', '"']).and_then(|name| name.strip_suffix(['\'', '"']));
            steps.push(match (index, quoted) {
                ("*", _) => Step::Every,
                (_, Some(name)) => Step::Member(name.to_owned()),
                (number, None) => Step::Element(number.parse().ok()?),
            });
            rest = behind;
        }
    }
    (!steps.is_empty()).then_some(steps)
}

fn parse_test(text: &str) -> Option<Test> {
    let words: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["NOT", "EXISTS"] => Some(Test::NotExists),
        ["IS", "TRUE"] => Some(Test::Is(Value::Bool(true))),
        ["IS", "FALSE"] => Some(Test::Is(Value::Bool(false))),
        ["IS", "NULL"] => Some(Test::Is(Value::Null)),
        _ => Condition::parse(text).map(Test::Compare),
    }
}

/// Returns the values at a path.
fn select<'v>(document: &'v Value, path: &[Step]) -> Vec<&'v Value> {
    path.iter().fold(vec![document], |values, step| {
        let of_value = |value: &'v Value| -> Vec<&'v Value> {
            match (step, value) {
                (Step::Member(name), Value::Object(members)) => members.get(name).into_iter().collect(),
                (Step::Element(index), Value::Array(items)) => items.get(*index).into_iter().collect(),
                (Step::Every, Value::Array(items)) => items.iter().collect(),
                (Step::Every, Value::Object(members)) => members.values().collect(),
                _ => Vec::new(),
            }
        };
        values.into_iter().flat_map(of_value).collect()
    })
}

/// Returns a text or a number as conditions compare it.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
