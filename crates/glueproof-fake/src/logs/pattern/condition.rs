//! Conditions on one value of a filter pattern: comparisons with texts and numbers. `*` in a text stands for any characters.
//! Must not know where the value stands.
//! [`Condition::parse`] and [`Condition::holds`] are the entry points.

use regex::Regex;

/// A comparison of a value.
#[derive(Debug)]
pub struct Condition {
    operator: Operator,
    operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
enum Operand {
    Number(f64),
    Text(Regex),
}

/// The operators, longer ones first.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Condition {
    /// Parses an operator with its operand, such as `= 4*`, `!= "a b"` or `>= 100`.
    pub fn parse(text: &str) -> Option<Self> {
        let (symbol, operator) = OPERATORS.into_iter().find(|(symbol, _)| text.starts_with(symbol))?;
        let written = text[symbol.len()..].trim();
        let operand = match written.parse::<f64>() {
            Ok(number) => Operand::Number(number),
            Err(_) => Operand::Text(text_operand(written)?),
        };
        let is_order = !matches!(operator, Operator::Equal | Operator::NotEqual);
        let is_valid = !is_order || matches!(operand, Operand::Number(_));
        is_valid.then_some(Self { operator, operand })
    }

    /// Returns true if the condition holds for the value, which is written as a text.
    pub fn holds(&self, value: &str) -> bool {
        match &self.operand {
            Operand::Text(pattern) => pattern.is_match(value) == (self.operator == Operator::Equal),
            Operand::Number(wanted) => match value.parse::<f64>() {
                Ok(number) => self.operator.holds(number, *wanted),
                Err(_) => self.operator == Operator::NotEqual,
            },
        }
    }
}

impl Operator {
    fn holds(self, value: f64, wanted: f64) -> bool {
        let order = value.partial_cmp(&wanted);
        match self {
            Self::Equal => order.is_some_and(std::cmp::Ordering::is_eq),
            Self::NotEqual => order.is_none_or(std::cmp::Ordering::is_ne),
            Self::Less => order.is_some_and(std::cmp::Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}

/// Returns the pattern of a text with or without quotes, or of a regular expression between `%`.
fn text_operand(written: &str) -> Option<Regex> {
    if let Some(regex) = written.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')) {
        return Regex::new(regex).ok();
    }
    let text = match written.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => written,
    };
    let is_bare = written.starts_with('"') || !text.contains(|c: char| c.is_whitespace() || c == '"');
    if text.is_empty() || !is_bare {
        return None;
    }
    let parts: Vec<String> = text.split('*').map(regex::escape).collect();
    Regex::new(&format!("^(?s:{})$", parts.join(".*"))).ok()
}

/// Splits at a separator outside quotes, parentheses and regular expressions.
pub fn split<'p>(text: &'p str, separator: &str) -> Vec<&'p str> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (quoted, c) {
            (Some(quote), c) if c == quote => quoted = None,
            (None, '"' | '%') => quoted = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && at >= start && text[at..].starts_with(separator) => {
                parts.push(text[start..at].trim());
                start = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}
