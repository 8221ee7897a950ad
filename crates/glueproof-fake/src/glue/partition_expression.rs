//! Expressions of `GetPartitions`: comparisons of partition keys with values, joined by `AND` and `OR`. Other expressions are
//! refused. Must not read partitions.
//! [`PartitionExpression::parse`] is the entry point.

use std::cmp::Ordering;

use crate::error::ServiceError;

/// Alternatives of comparisons that must all hold.
#[derive(Debug)]
pub struct PartitionExpression {
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Debug)]
struct Comparison {
    /// The position of the partition key.
    key: usize,
    operator: &'static str,
    value: String,
}

/// The operators, longer ones first.
const OPERATORS: [&str; 7] = ["<>", "!=", "<=", ">=", "=", "<", ">"];

impl PartitionExpression {
    /// Parses an expression. The empty expression admits all partitions.
    ///
    /// # Errors
    /// Returns an error if the expression names no partition key, or has a form that the fake does not implement.
    pub fn parse(text: &str, keys: &[String]) -> Result<Self, ServiceError> {
        if text.trim().is_empty() {
            return Ok(Self { alternatives: vec![Vec::new()] });
        }
        let refused = || {
            let text = format!("glueproof does not implement the partition expression {text}");
            ServiceError::invalid_input(text)
        };
        let conjuncts = |text: &str| {
            split_words(text, "AND")
                .iter()
                .map(|part| Comparison::parse(part, keys))
                .collect::<Option<Vec<_>>>()
        };
        let alternatives = split_words(text, "OR").iter().map(|part| conjuncts(part)).collect::<Option<_>>();
        alternatives.map(|alternatives| Self { alternatives }).ok_or_else(refused)
    }

    /// Returns true if the values of a partition satisfy the expression.
    pub fn admits(&self, values: &[String]) -> bool {
        self.alternatives.iter().any(|all| all.iter().all(|comparison| comparison.holds(values)))
    }
}

impl Comparison {
    fn parse(text: &str, keys: &[String]) -> Option<Self> {
        let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
        let at = text.find(['=', '<', '>', '!'])?;
        let operator = OPERATORS.into_iter().find(|operator| text[at..].starts_with(operator))?;
        let name = text[..at].trim().trim_matches('`').to_lowercase();
        let value = text[at + operator.len()..].trim();
        let quoted = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let is_plain = !value.contains(|c: char| c.is_whitespace() || "()'".contains(c));
        let value = quoted.or_else(|| is_plain.then_some(value))?;
        let key = keys.iter().position(|key| *key == name)?;
        Some(Self { key, operator, value: value.to_owned() })
    }

    fn holds(&self, values: &[String]) -> bool {
        let Some(value) = values.get(self.key) else { return false };
        let order = match (value.parse::<f64>(), self.value.parse::<f64>()) {
            (Ok(value), Ok(wanted)) => value.partial_cmp(&wanted).unwrap_or(Ordering::Equal),
            _ => value.cmp(&self.value),
        };
        match self.operator {
            "=" => order.is_eq(),
            "<" => order.is_lt(),
            ">" => order.is_gt(),
            "<=" => order.is_le(),
            ">=" => order.is_ge(),
            _ => order.is_ne(),
        }
    }
}

/// Splits at a word outside quotes.
fn split_words(text: &str, word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for piece in text.split_inclusive(' ') {
        if !is_quoted && piece.trim().eq_ignore_ascii_case(word) {
            parts.push(String::new());
            continue;
        }
        if piece.matches('\'').count() % 2 == 1 {
            is_quoted = !is_quoted;
        }
        if let Some(last) = parts.last_mut() {
            last.push_str(piece);
        }
    }
    parts
}
