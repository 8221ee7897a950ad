//! Filter patterns on words by position: `[ip, user, ..., status = 4*, bytes > 1000]`. Texts in brackets or quotes are one
//! word. Must not read events.
//! [`ColumnsPattern::parse`] is the entry point.

use super::condition::{Condition, split};

/// The columns of a line, from left to right.
#[derive(Debug)]
pub struct ColumnsPattern {
    columns: Vec<Column>,
}

#[derive(Debug)]
enum Column {
    /// A word that satisfies one of several lists of conditions.
    Word(Vec<Vec<Condition>>),
    /// Any number of words.
    Ellipsis,
}

impl ColumnsPattern {
    /// Parses the text between the brackets.
    pub fn parse(text: &str) -> Option<Self> {
        let columns: Vec<Column> = split(text, ",").into_iter().map(column).collect::<Option<_>>()?;
        let ellipses = columns.iter().filter(|column| matches!(column, Column::Ellipsis)).count();
        (ellipses <= 1).then_some(Self { columns })
    }

    /// Returns true if the words of the text match the columns.
    pub fn matches(&self, text: &str) -> bool {
        let words = words(text);
        let holds = |(column, word): (&Column, &&str)| column.holds(word);
        let is_ellipsis = |column: &Column| matches!(column, Column::Ellipsis);
        let Some(at) = self.columns.iter().position(is_ellipsis) else {
            return words.len() == self.columns.len() && self.columns.iter().zip(&words).all(holds);
        };
        let (first, last) = (&self.columns[..at], &self.columns[at + 1..]);
        words.len() >= first.len() + last.len()
            && first.iter().zip(&words).all(holds)
            && last.iter().zip(&words[words.len() - last.len()..]).all(holds)
    }
}

impl Column {
    fn holds(&self, word: &str) -> bool {
        match self {
            Self::Ellipsis => true,
            Self::Word(alternatives) => {
                alternatives.is_empty()
                    || alternatives.iter().any(|all| all.iter().all(|condition| condition.holds(word)))
            }
        }
    }
}

/// Parses a column: `name`, `name = value`, `name != a && name != b`, or `...`.
fn column(text: &str) -> Option<Column> {
    if text == "..." || text == "…" {
        return Some(Column::Ellipsis);
    }
    if text.contains(['=', '<', '>']) {
        let conjuncts = |text: &str| split(text, "&&").into_iter().map(condition).collect::<Option<Vec<_>>>();
        return split(text, "||").into_iter().map(conjuncts).collect::<Option<_>>().map(Column::Word);
    }
    let is_name = !text.contains(char::is_whitespace);
    is_name.then(|| Column::Word(Vec::new()))
}

fn condition(text: &str) -> Option<Condition> {
    let operator = text.find(['=', '!', '<', '>'])?;
    Condition::parse(text[operator..].trim())
}

/// Returns the words of a line. Brackets and quotes hold words together.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let closing = match first {
            '"' => Some('"'),
            '[' => Some(']'),
            _ => None,
        };
        let enclosed = closing.and_then(|closing| rest[1..].find(closing)).map(|end| (1, end + 1, end + 2));
        let plain = || {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (0, end, end)
        };
        let (from, to, next) = enclosed.unwrap_or_else(plain);
        words.push(&rest[from..to]);
        rest = rest[next..].trim_start();
    }
    words
}
