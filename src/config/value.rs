//! How times, rates and accounts are written, on the command line and in the file.

use std::time::Duration;

/// `10s`, `500ms` or `1m`.
///
/// # Errors
/// A sentence on what to write.
pub fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number.trim().parse().map_err(|_| "write it like 10s, 500ms or 1m".to_owned())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" | "" => number,
        "m" => number * 60.0,
        _ => return Err(format!("`{unit}` is no unit; use ms, s or m")),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it must be more than nothing".to_owned()),
    }
}

/// Calls a second.
///
/// # Errors
/// A sentence on what to write.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("it must be a number of calls a second above zero".to_owned()),
    }
}

/// Twelve digits.
///
/// # Errors
/// A sentence that says so.
pub fn account(text: &str) -> Result<String, String> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(text.to_owned()) } else { Err("an account has twelve digits".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_are_never_zero() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        for bad in ["0s", "-1s", "10h", "soon", "", "1e300m"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(rate("0").is_err() && rate("inf").is_err() && rate("2.5") == Ok(2.5));
    }
}
