//! A filter pattern of any kind. Must not read events.
//! [`FilterPattern::parse`] and [`FilterPattern::matches`] are the entry points.

use regex::Regex;

use super::columns::ColumnsPattern;
use super::json::JsonPattern;
use super::terms::TermsPattern;
use crate::error::ServiceError;

/// A filter pattern.
#[derive(Debug)]
pub enum FilterPattern {
    /// Words that a text contains: `error -"not found"`.
    Terms(TermsPattern),
    /// Conditions on the members of a JSON text: `{ $.status = 5* }`.
    Json(JsonPattern),
    /// Conditions on words by position: `[ip, user, status = 404]`.
    Columns(ColumnsPattern),
    /// A regular expression: `%[0-9]{3}%`.
    Regex(Regex),
}

impl FilterPattern {
    /// Parses a pattern. The empty pattern matches every text.
    ///
    /// # Errors
    /// Returns an error if the pattern is invalid.
    pub fn parse(pattern: &str) -> Result<Self, ServiceError> {
        let pattern = pattern.trim();
        if let Some(inner) = enclosed(pattern, '{', '}') {
            return JsonPattern::parse(inner).map(Self::Json).ok_or_else(|| invalid(pattern));
        }
        if let Some(inner) = enclosed(pattern, '[', ']') {
            return ColumnsPattern::parse(inner).map(Self::Columns).ok_or_else(|| invalid(pattern));
        }
        if let Some(inner) = enclosed(pattern, '%', '%') {
            return Regex::new(inner).map(Self::Regex).map_err(|_| invalid(pattern));
        }
        if pattern.starts_with(['{', '[', '%']) {
            return Err(invalid(pattern));
        }
        TermsPattern::parse(pattern).map(Self::Terms)
    }

    /// Returns true if the text matches. Case matters.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Terms(terms) => terms.matches(text),
            Self::Json(json) => json.matches(text),
            Self::Columns(columns) => columns.matches(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Returns the text between two characters that enclose a pattern.
fn enclosed(pattern: &str, open: char, close: char) -> Option<&str> {
    pattern.strip_prefix(open)?.strip_suffix(close)
}

fn invalid(pattern: &str) -> ServiceError {
    let text = format!("The specified filter pattern '{pattern}' is invalid.");
    ServiceError::with("InvalidParameterException", text)
}
