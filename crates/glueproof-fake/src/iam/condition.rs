//! Conditions: set operators, absent keys, negation and `IfExists` as the IAM User Guide says ("Condition
//! operators", "Multivalued context keys"); comparing two values is left to iam-rs. Must not know statements.
//!
//! iam-rs decides all of this too, but otherwise than documented in places: `ArnEquals` without wildcards,
//! ARNs across colons, no variables in values, no set operator with `IfExists` or on numbers and dates,
//! negation over many values as "any", and one value it cannot read makes an error of the whole policy.

use iam_rs::IAMOperator;
use serde_json::{Map, Value};

use super::context::Context;
use super::{evaluator, pattern, variable};

/// Whether every condition of the block holds. A variable without value makes none hold.
pub fn hold(block: &Map<String, Value>, context: &Context, variables: bool) -> bool {
    block.iter().all(|(operator, keys)| {
        let (Some(operator), Some(keys)) = (Operator::parse(operator), keys.as_object()) else {
            return false;
        };
        keys.iter().all(|(key, values)| operator.holds(key, values, context, variables))
    })
}

/// Whether every operator is one there is, and has keys with values.
pub fn is_legal(block: &Map<String, Value>) -> bool {
    block.iter().all(|(operator, keys)| {
        let filled = |values: &Value| wanted(values).next().is_some();
        Operator::parse(operator).is_some() && keys.as_object().is_some_and(|keys| keys.values().all(filled))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    One,
    All,
    Any,
}

/// An operator taken apart: `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug)]
struct Operator {
    over: Over,
    negated: bool,
    base: String,
    if_exists: bool,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        let (over, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Over::All, rest),
            Some(("ForAnyValue", rest)) => (Over::Any, rest),
            Some(_) => return None,
            None => (Over::One, name),
        };
        let plain = rest.strip_suffix("IfExists").unwrap_or(rest);
        let base = plain.replacen("Not", "", 1);
        let known = plain == "Null" || base.starts_with("Arn") || base.parse::<IAMOperator>().is_ok();
        known.then_some(Self { over, negated: base != plain, if_exists: rest != plain, base })
    }

    fn holds(&self, key: &str, values: &Value, context: &Context, variables: bool) -> bool {
        let given = context.get(key);
        if self.base == "Null" {
            return wanted(values).any(|value| (value == "true") == given.is_none());
        }
        let Some(given) = given else {
            return match self.over {
                Over::One => self.negated || self.if_exists,
                Over::All => true,
                Over::Any => self.if_exists,
            };
        };
        let mut wanted_values = Vec::new();
        for value in wanted(values) {
            let value = if variables { variable::resolve(&value, context) } else { Some(value) };
            let Some(value) = value else { return false };
            wanted_values.push(value);
        }
        let fits = |given: &String| wanted_values.iter().any(|wanted| self.compare(given, wanted));
        match (self.over, self.negated) {
            (Over::One | Over::Any, false) => given.iter().any(fits),
            (Over::One | Over::All, true) => !given.iter().any(fits),
            (Over::All, false) => given.iter().all(fits),
            (Over::Any, true) => !given.iter().all(fits),
        }
    }

    fn compare(&self, given: &str, wanted: &str) -> bool {
        match self.base.as_str() {
            "ArnEquals" | "ArnLike" => pattern::arn_matches(given, wanted),
            "StringLike" => pattern::matches(given, wanted),
            "StringEquals" | "BinaryEquals" => given == pattern::plain(wanted),
            "StringEqualsIgnoreCase" => given.to_lowercase() == pattern::plain(wanted).to_lowercase(),
            "Bool" => given.eq_ignore_ascii_case(wanted),
            _ => self.measure(given, wanted),
        }
    }

    /// Numbers, dates and addresses.
    fn measure(&self, given: &str, wanted: &str) -> bool {
        let Ok(operator) = self.base.parse::<IAMOperator>() else { return false };
        let read = if self.base.starts_with("Date") { whole_date } else { str::to_owned };
        evaluator::compares(operator, read(given), read(wanted))
    }
}

/// The values of a condition as texts; numbers and truths are written plainly in some policies.
fn wanted(value: &Value) -> impl Iterator<Item = String> + '_ {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    })
}

/// W3C dates may stop at the year, the month, the day or the minute; iam-rs wants them whole.
fn whole_date(text: &str) -> String {
    const WHOLE: &str = "0000-01-01T00:00:00Z";
    match text.len() {
        // Four digits are a year; more without a dash are seconds since the epoch.
        4 | 7 | 10 if text.len() == 4 || text.contains('-') => format!("{text}{}", &WHOLE[text.len()..]),
        17 if text.ends_with('Z') => format!("{}:00Z", &text[..16]),
        _ => text.to_owned(),
    }
}
