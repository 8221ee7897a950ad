//! Values in `glueproof.toml` and on the command line, and the errors of the file with their positions.
//!
//! Quotes no value that may be a secret. The entry points are [`duration`], [`rate`], [`account`] and [`ConfigError`].

use std::ops::Range;
use std::time::Duration;

use crate::position::Position;

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct ConfigError {
    /// The position.
    pub at: Position,
    /// The problem.
    pub problem: ConfigProblem,
}

/// A problem in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigProblem {
    /// The file is not valid TOML, or has an unknown key.
    #[error("{0}")]
    Syntax(String),
    /// The name is reserved.
    #[error("`{0}` cannot be the name of a target: {1}")]
    Name(String, &'static str),
    /// The target has no URL.
    #[error("the target `{0}` needs a `url`, or `kind = \"aws\"`")]
    NoUrl(String),
    /// A target of kind `aws` has a URL.
    #[error("AWS has its own addresses: remove `url`, or `kind = \"aws\"`")]
    UrlOfAws,
    /// The kind is unknown.
    #[error("`{0}` is not a kind of target; write `endpoint` or `aws`")]
    Kind(String),
    /// The value is invalid.
    #[error("`{key}`: {why}")]
    Value {
        /// The key.
        key: &'static str,
        /// The reason.
        why: String,
    },
    /// The header cannot be added. The error omits its value.
    #[error("the header `{name}` cannot be added: {why}")]
    Header {
        /// The name.
        name: String,
        /// The reason.
        why: String,
    },
}

impl ConfigError {
    /// Creates an error at a part of the text.
    pub(super) fn at(text: &str, part: &Range<usize>, problem: ConfigProblem) -> Self {
        Self { at: Position::of(text, part.start), problem }
    }
}

/// Parses a duration: `10s`, `500ms` or `1m`.
///
/// # Errors
/// Returns a sentence that describes the format.
pub fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 =
        number.trim().parse().map_err(|_| "write a duration like 10s, 500ms or 1m".to_owned())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" | "" => number,
        "m" => number * 60.0,
        _ => return Err(format!("`{unit}` is not a unit; use ms, s or m")),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("the duration must be greater than zero".to_owned()),
    }
}

/// Parses a number of calls a second.
///
/// # Errors
/// Returns a sentence that describes the format.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("the rate must be a number of calls a second greater than zero".to_owned()),
    }
}

/// Parses an account id of twelve digits.
///
/// # Errors
/// Returns a sentence that describes the format.
pub fn account(text: &str) -> Result<String, String> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(text.to_owned()) } else { Err("an account has twelve digits".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_are_not_zero() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        for bad in ["0s", "-1s", "10h", "soon", "", "1e300m"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(rate("0").is_err() && rate("inf").is_err() && rate("2.5") == Ok(2.5));
    }
}
