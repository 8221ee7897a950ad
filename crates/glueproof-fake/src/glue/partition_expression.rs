//! Expressions of `GetPartitions`: conditions on partition keys in the syntax of SQL, as the API documents them (AWS Glue
//! Web API Reference, "`GetPartitions`"). Must not read partitions.
//! [`PartitionExpression::parse`] is the entry point.

use std::cmp::Ordering;

use crate::error::ServiceError;

/// A condition on the values of partition keys.
#[derive(Debug)]
pub struct PartitionExpression(Condition);

#[derive(Debug)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// The value of a key has one of these orders to a value.
    Compare {
        /// The position of the partition key.
        key: usize,
        orders: &'static [Ordering],
        value: String,
    },
    /// The value of a key matches a pattern of `%` and `_`.
    Like {
        key: usize,
        pattern: String,
    },
    /// The key has no value.
    IsNull {
        key: usize,
    },
}

/// The operators, longer ones first, with the orders that they accept.
const OPERATORS: [(&str, &[Ordering]); 7] = [
    ("<>", &[Ordering::Less, Ordering::Greater]),
    ("!=", &[Ordering::Less, Ordering::Greater]),
    ("<=", &[Ordering::Less, Ordering::Equal]),
    (">=", &[Ordering::Greater, Ordering::Equal]),
    ("=", &[Ordering::Equal]),
    ("<", &[Ordering::Less]),
    (">", &[Ordering::Greater]),
];

/// The largest depth of parentheses and negations.
const MAX_DEPTH: usize = 64;

impl PartitionExpression {
    /// Parses an expression. The empty expression admits all partitions.
    ///
    /// # Errors
    /// Returns an error if the expression names no partition key, or has another form.
    pub fn parse(text: &str, keys: &[String]) -> Result<Self, ServiceError> {
        let refused = || {
            let text = format!("glueproof does not implement the partition expression {text}");
            ServiceError::invalid_input(text)
        };
        let tokens = tokens(text).ok_or_else(refused)?;
        if tokens.is_empty() {
            return Ok(Self(Condition::All(Vec::new())));
        }
        let mut parser = Parser { tokens: &tokens, keys };
        let condition = parser.any(0).filter(|_| parser.tokens.is_empty());
        condition.map(Self).ok_or_else(refused)
    }

    /// Returns true if the values of a partition satisfy the expression.
    pub fn admits(&self, values: &[String]) -> bool {
        self.0.holds(values)
    }
}

impl Condition {
    fn holds(&self, values: &[String]) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(values)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(values)),
            Self::Not(condition) => !condition.holds(values),
            Self::Compare { key, orders, value } => {
                values.get(*key).is_some_and(|given| orders.contains(&compare(given, value)))
            }
            Self::Like { key, pattern } => values.get(*key).is_some_and(|given| is_like(given, pattern)),
            Self::IsNull { key } => values.get(*key).is_none(),
        }
    }
}

/// Compares two values: as numbers if both are numbers, and otherwise as texts.
fn compare(value: &str, wanted: &str) -> Ordering {
    match (value.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(number), Ok(wanted)) => number.partial_cmp(&wanted).unwrap_or(Ordering::Equal),
        _ => value.cmp(wanted),
    }
}

/// Matches a pattern of SQL: `%` stands for any text, `_` for one character.
fn is_like(value: &str, pattern: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    // The positions of the value that the pattern can have reached.
    let mut reached = vec![false; value.len() + 1];
    reached[0] = true;
    for c in pattern.chars() {
        let mut next = vec![false; value.len() + 1];
        let mut is_behind_any = false;
        for (at, is_reached) in reached.iter().enumerate() {
            is_behind_any |= is_reached;
            next[at] = match c {
                '%' => is_behind_any,
                c => at > 0 && reached[at - 1] && (c == '_' || c == value[at - 1]),
            };
        }
        reached = next;
    }
    reached[value.len()]
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A word: a name, a keyword or a value without quotes.
    Word(String),
    /// A text in single quotes.
    Text(String),
    /// A name in backticks or double quotes.
    Name(String),
    Operator(&'static [Ordering]),
    Open,
    Close,
    Comma,
}

/// Splits an expression. Returns none if a quote does not end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let operator = OPERATORS.into_iter().find(|(operator, _)| rest.starts_with(operator));
        let (token, length) = if let Some((operator, orders)) = operator {
            (Token::Operator(orders), operator.len())
        } else {
            match first {
                '(' => (Token::Open, 1),
                ')' => (Token::Close, 1),
                ',' => (Token::Comma, 1),
                '\'' | '`' | '"' => {
                    let (inner, length) = quoted(rest, first)?;
                    (if first == '\'' { Token::Text(inner) } else { Token::Name(inner) }, length)
                }
                _ => {
                    let is_end = |c: char| c.is_whitespace() || "()',`\"=<>!".contains(c);
                    let length = rest.find(is_end).unwrap_or(rest.len());
                    (Token::Word(rest.get(..length).filter(|word| !word.is_empty())?.to_owned()), length)
                }
            }
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Some(found)
}

/// Returns the text within quotes, and its length with them. A doubled quote is part of the text.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            inner.push(c);
        } else if chars.next_if(|(_, next)| *next == quote).is_some() {
            inner.push(quote);
        } else {
            return Some((inner, at + 1));
        }
    }
    None
}

/// A parser by recursive descent. Each function takes the tokens of its part, and returns none if they have another form.
struct Parser<'e> {
    tokens: &'e [Token],
    keys: &'e [String],
}

impl<'e> Parser<'e> {
    fn any(&mut self, depth: usize) -> Option<Condition> {
        let mut conditions = vec![self.all(depth)?];
        while self.take_word("OR") {
            conditions.push(self.all(depth)?);
        }
        Some(Condition::Any(conditions))
    }

    fn all(&mut self, depth: usize) -> Option<Condition> {
        let mut conditions = vec![self.negated(depth)?];
        while self.take_word("AND") {
            conditions.push(self.negated(depth)?);
        }
        Some(Condition::All(conditions))
    }

    fn negated(&mut self, depth: usize) -> Option<Condition> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.take_word("NOT") {
            return self.negated(depth + 1).map(|condition| Condition::Not(Box::new(condition)));
        }
        if self.take(&Token::Open) {
            let inner = self.any(depth + 1)?;
            return self.take(&Token::Close).then_some(inner);
        }
        let key = self.key()?;
        self.predicate(key)
    }

    /// Takes the part of a condition behind its key.
    fn predicate(&mut self, key: usize) -> Option<Condition> {
        let compare = |orders: &'static [Ordering], value: String| Condition::Compare { key, orders, value };
        if let Some(Token::Operator(orders)) = self.tokens.first() {
            self.tokens = &self.tokens[1..];
            return Some(compare(orders, self.value()?));
        }
        if self.take_word("IS") {
            let is_negated = self.take_word("NOT");
            return self.take_word("NULL").then(|| negated_if(is_negated, Condition::IsNull { key }));
        }
        let is_negated = self.take_word("NOT");
        let condition = if self.take_word("IN") {
            if !self.take(&Token::Open) {
                return None;
            }
            let mut values = vec![self.value()?];
            while self.take(&Token::Comma) {
                values.push(self.value()?);
            }
            if !self.take(&Token::Close) {
                return None;
            }
            Condition::Any(values.into_iter().map(|value| compare(&[Ordering::Equal], value)).collect())
        } else if self.take_word("BETWEEN") {
            let from = compare(&[Ordering::Greater, Ordering::Equal], self.value()?);
            if !self.take_word("AND") {
                return None;
            }
            Condition::All(vec![from, compare(&[Ordering::Less, Ordering::Equal], self.value()?)])
        } else if self.take_word("LIKE") {
            Condition::Like { key, pattern: self.value()? }
        } else {
            return None;
        };
        Some(negated_if(is_negated, condition))
    }

    fn key(&mut self) -> Option<usize> {
        let name = match self.next()? {
            Token::Word(name) | Token::Name(name) => name.to_lowercase(),
            _ => return None,
        };
        self.keys.iter().position(|key| *key == name)
    }

    /// Takes a value. A date or a timestamp may have its type before it.
    fn value(&mut self) -> Option<String> {
        match self.next()? {
            Token::Text(text) => Some(text.clone()),
            Token::Word(word) => match self.tokens.first() {
                Some(Token::Text(text)) if ["DATE", "TIMESTAMP"].iter().any(|kind| is_word(word, kind)) => {
                    self.tokens = &self.tokens[1..];
                    Some(text.clone())
                }
                _ => Some(word.clone()),
            },
            _ => None,
        }
    }

    fn next(&mut self) -> Option<&'e Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_next = self.tokens.first() == Some(token);
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Word(word)) if is_word(word, keyword));
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }
}

fn is_word(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

fn negated_if(is_negated: bool, condition: Condition) -> Condition {
    if is_negated { Condition::Not(Box::new(condition)) } else { condition }
}
