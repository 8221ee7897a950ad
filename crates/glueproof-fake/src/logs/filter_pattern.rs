//! Filter patterns of terms: `error`, `"two words"`, `-without`, `?either ?or` (CloudWatch Logs User Guide,
//! "Filter pattern syntax"). Must not read events; patterns of JSON, columns and regular expressions are
//! refused, not guessed at.

use crate::error::ServiceError;

/// What a text must have in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FilterPattern {
    all: Vec<String>,
    none: Vec<String>,
    any: Vec<String>,
}

impl FilterPattern {
    /// Takes a pattern apart; the empty one matches everything.
    pub fn read(pattern: &str) -> Result<Self, ServiceError> {
        let mut rest = pattern.trim();
        if let Some(kind @ ('{' | '[' | '%')) = rest.chars().next() {
            return Err(refused(format!("the fake reads no filter patterns that begin with {kind}")));
        }
        let mut read = Self::default();
        while !rest.is_empty() {
            let (terms, behind) = match rest.chars().next() {
                Some('-') => (&mut read.none, &rest[1..]),
                Some('?') => (&mut read.any, &rest[1..]),
                _ => (&mut read.all, rest),
            };
            let (term, behind) = term(behind)?;
            terms.push(term);
            rest = behind.trim_start();
        }
        // Beside other terms, the optional ones are not looked at.
        if !read.all.is_empty() || !read.none.is_empty() {
            read.any.clear();
        }
        Ok(read)
    }

    /// Whether the text is as the pattern wants it; case matters.
    pub fn matches(&self, text: &str) -> bool {
        let has = |term: &String| text.contains(term.as_str());
        self.all.iter().all(has)
            && !self.none.iter().any(has)
            && (self.any.is_empty() || self.any.iter().any(has))
    }
}

/// The first term, and what is behind it. What is not of letters, digits and `_` has to be in quotes.
fn term(text: &str) -> Result<(String, &str), ServiceError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = closing_quote(quoted).ok_or_else(|| invalid(text))?;
        return Ok((quoted[..end].replace("\\\"", "\""), &quoted[end + 1..]));
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, behind) = text.split_at(end);
    let plain = !term.is_empty() && term.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { Ok((term.to_owned(), behind)) } else { Err(invalid(term)) }
}

fn closing_quote(text: &str) -> Option<usize> {
    text.match_indices('"').map(|(at, _)| at).find(|at| !text[..*at].ends_with('\\'))
}

fn invalid(term: &str) -> ServiceError {
    refused(format!("Invalid character(s) in term '{term}'"))
}

fn refused(text: String) -> ServiceError {
    ServiceError::with("InvalidParameterException", text)
}
