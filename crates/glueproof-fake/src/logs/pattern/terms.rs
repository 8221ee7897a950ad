//! Filter patterns of terms: `error`, `"two words"`, `-without`, `?either ?or`. Must not read events.
//! [`TermsPattern::parse`] is the entry point.

use crate::error::ServiceError;

/// The terms that a text must contain, must not contain, or must contain one of.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TermsPattern {
    all: Vec<String>,
    none: Vec<String>,
    any: Vec<String>,
}

impl TermsPattern {
    /// Parses a pattern. The empty pattern matches every text.
    ///
    /// # Errors
    /// Returns an error if a term is invalid.
    pub fn parse(pattern: &str) -> Result<Self, ServiceError> {
        let mut rest = pattern.trim();
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
        // Optional terms have no effect beside other terms.
        if !read.all.is_empty() || !read.none.is_empty() {
            read.any.clear();
        }
        Ok(read)
    }

    /// Returns true if the text matches. Case matters.
    pub fn matches(&self, text: &str) -> bool {
        let has = |term: &String| text.contains(term.as_str());
        self.all.iter().all(has)
            && !self.none.iter().any(has)
            && (self.any.is_empty() || self.any.iter().any(has))
    }
}

/// Returns the first term and the text behind it. Terms with characters other than letters, digits and `_` need quotes.
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
