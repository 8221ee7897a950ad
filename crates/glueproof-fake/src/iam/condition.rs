//! `Condition`: operators, set operators, absent keys, negation and `IfExists` (IAM User Guide, "Condition operators"
//! and "Multivalued context keys"). Must not know statements.
//! [`holds`] evaluates a block; [`is_legal`] checks its form.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::pattern::Pattern;
use super::request_context::RequestContext;

/// Returns true if every condition of the block holds. A variable without a value makes the block false.
pub fn holds(block: &Map<String, Value>, context: &RequestContext, has_variables: bool) -> bool {
    block.iter().all(|(operator, keys)| {
        let (Some(operator), Some(keys)) = (Operator::parse(operator), keys.as_object()) else {
            return false;
        };
        keys.iter().all(|(key, values)| operator.holds(key, values, context, has_variables))
    })
}

/// Returns true if every operator is known, and each of its keys has a value.
pub fn is_legal(block: &Map<String, Value>) -> bool {
    block.iter().all(|(operator, keys)| {
        let has_value = |values: &Value| texts(values).next().is_some();
        Operator::parse(operator).is_some()
            && keys.as_object().is_some_and(|keys| keys.values().all(has_value))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SetOperator {
    None,
    ForAllValues,
    ForAnyValue,
}

/// An ordering of two numbers or dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Relation {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Equals" => Self::Equals,
            "LessThan" => Self::LessThan,
            "LessThanEquals" => Self::LessThanEquals,
            "GreaterThan" => Self::GreaterThan,
            "GreaterThanEquals" => Self::GreaterThanEquals,
            _ => return None,
        })
    }

    /// Compares two values. Values that could not be read do not compare.
    fn compare<T: PartialOrd>(self, given: Option<T>, wanted: Option<T>) -> bool {
        let ordering = given.zip(wanted).and_then(|(given, wanted)| given.partial_cmp(&wanted));
        ordering.is_some_and(|ordering| match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThan => ordering.is_gt(),
            Self::GreaterThanEquals => ordering.is_ge(),
        })
    }
}

/// A comparison of two values, without negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Null,
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Arn,
    Bool,
    IpAddress,
    Numeric(Relation),
    Date(Relation),
}

impl Comparison {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Null" => Self::Null,
            "StringEquals" | "BinaryEquals" => Self::StringEquals,
            "StringEqualsIgnoreCase" => Self::StringEqualsIgnoreCase,
            "StringLike" => Self::StringLike,
            "ArnEquals" | "ArnLike" => Self::Arn,
            "Bool" => Self::Bool,
            "IpAddress" => Self::IpAddress,
            _ => {
                let numeric = || Relation::parse(name.strip_prefix("Numeric")?).map(Self::Numeric);
                let date = || Relation::parse(name.strip_prefix("Date")?).map(Self::Date);
                return numeric().or_else(date);
            }
        })
    }

    fn compare(self, given: &str, wanted: &Pattern) -> bool {
        match self {
            Self::Null => false,
            Self::StringEquals => given == wanted.text(),
            Self::StringEqualsIgnoreCase => given.to_lowercase() == wanted.text().to_lowercase(),
            Self::StringLike => wanted.matches(given),
            Self::Arn => wanted.matches_arn(given),
            Self::Bool => given.eq_ignore_ascii_case(&wanted.text()),
            Self::IpAddress => {
                range(&wanted.text()).zip(range(given)).is_some_and(|(wanted, given)| wanted.contains(&given))
            }
            Self::Numeric(ordering) => ordering.compare(number(given), number(&wanted.text())),
            Self::Date(ordering) => ordering.compare(date(given), date(&wanted.text())),
        }
    }
}

/// An operator, such as `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug)]
struct Operator {
    set: SetOperator,
    comparison: Comparison,
    is_negated: bool,
    if_exists: bool,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        let (set, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (SetOperator::ForAllValues, rest),
            Some(("ForAnyValue", rest)) => (SetOperator::ForAnyValue, rest),
            Some(_) => return None,
            None => (SetOperator::None, name),
        };
        let plain = rest.strip_suffix("IfExists").unwrap_or(rest);
        let positive = plain.replacen("Not", "", 1);
        let comparison = Comparison::parse(&positive)?;
        Some(Self { set, comparison, is_negated: positive != plain, if_exists: rest != plain })
    }

    fn holds(&self, key: &str, values: &Value, context: &RequestContext, has_variables: bool) -> bool {
        let given = context.get(key);
        if self.comparison == Comparison::Null {
            return texts(values).any(|value| (value == "true") == given.is_none());
        }
        let Some(given) = given else {
            return match self.set {
                SetOperator::None => self.is_negated || self.if_exists,
                SetOperator::ForAllValues => true,
                SetOperator::ForAnyValue => self.if_exists,
            };
        };
        let pattern = |text: String| {
            if has_variables { Pattern::resolve(&text, context) } else { Some(Pattern::from(text.as_str())) }
        };
        let Some(wanted) = texts(values).map(pattern).collect::<Option<Vec<_>>>() else { return false };
        let fits = |given: &String| wanted.iter().any(|wanted| self.comparison.compare(given, wanted));
        match (self.set, self.is_negated) {
            (SetOperator::None | SetOperator::ForAnyValue, false) => given.iter().any(fits),
            (SetOperator::None | SetOperator::ForAllValues, true) => !given.iter().any(fits),
            (SetOperator::ForAllValues, false) => given.iter().all(fits),
            (SetOperator::ForAnyValue, true) => !given.iter().all(fits),
        }
    }
}

/// Returns the values of a condition as texts. Some policies write numbers and booleans without quotes.
fn texts(value: &Value) -> impl Iterator<Item = String> + '_ {
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

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Reads an address or a range of addresses.
fn range(text: &str) -> Option<IpNet> {
    IpNet::from_str(text).ok().or_else(|| IpAddr::from_str(text).ok().map(IpNet::from))
}

/// Reads a date, or seconds since the epoch. W3C dates can end with the year, the month, the day or the minute.
fn date(text: &str) -> Option<OffsetDateTime> {
    const WHOLE: &str = "0000-01-01T00:00:00Z";
    let whole = match text.len() {
        // Four digits are a year. More digits without a dash are seconds since the epoch.
        4 | 7 | 10 if text.len() == 4 || text.contains('-') => format!("{text}{}", &WHOLE[text.len()..]),
        17 if text.ends_with('Z') => format!("{}:00Z", &text[..16]),
        _ => text.to_owned(),
    };
    let of_epoch = || {
        let seconds: f64 = text.parse().ok().filter(|seconds: &f64| seconds.is_finite())?;
        #[expect(clippy::cast_possible_truncation, reason = "too large numbers are no dates either way")]
        let nanoseconds = (seconds * 1e9) as i128;
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
    };
    OffsetDateTime::parse(&whole, &Rfc3339).ok().or_else(of_epoch)
}
