//! Redacts the parts of texts that vary, by their form alone: ids, times, digests, addresses.
//! Must not know a shape.

use std::sync::LazyLock;

use regex::Regex;

/// Forms, and the words that stand for them. Earlier ones go first.
const FORMS: [(&str, &str); 9] = [
    (r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "[id]"),
    (r"\b(?:AKIA|ASIA|AROA|AIDA|ANPA)[A-Z0-9]{8,}\b", "[id]"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?", "[time]"),
    (r"\b\d{8}T\d{6}Z\b", "[time]"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "[time]"),
    (r"\b0x[0-9a-f]{6,}\b", "[address]"),
    (r"(?i)\b[0-9a-f]{32,}\b", "[digest]"),
    // Ids of runs: `jr_` and the like before it.
    (r"\b([a-z]{1,4}_)[0-9a-f]{32,}\b", "$1[digest]"),
    (r"\b(127\.0\.0\.1|localhost):\d+\b", "$1:[port]"),
];

static PATTERNS: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| FORMS.iter().filter_map(|(form, word)| Some((Regex::new(form).ok()?, *word))).collect());

/// The text with all that varies in it replaced.
pub(super) fn steady(text: &str) -> String {
    let mut shown = text.to_owned();
    for (pattern, word) in PATTERNS.iter() {
        if pattern.is_match(&shown) {
            shown = pattern.replace_all(&shown, *word).into_owned();
        }
    }
    if is_opaque(&shown) { "[opaque]".to_owned() } else { shown }
}

/// Returns true for a text that is not meant to be read: base64 and the like, long, with digits among the letters.
fn is_opaque(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    let mixed =
        text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_alphabetic());
    text.len() >= 20 && mixed && text.chars().all(letter) && !text.contains(crate::case::RUN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_can_be_looked_for() {
        assert_eq!(PATTERNS.len(), FORMS.len());
    }

    #[test]
    fn only_varying_values_are_replaced() {
        for (text, shown) in [
            (
                "arn:aws:kms:us-east-1:1:key/5d9b1f0e-0c55-4a9e-8a41-0123456789ab",
                "arn:aws:kms:us-east-1:1:key/[id]",
            ),
            ("signed 2026-11-22T07:00:00Z, or 2026-11-22 07:00:00.123456", "signed [time], or [time]"),
            ("expired: 20261122T062150Z", "expired: [time]"),
            ("Sun, 22 Nov 2026 07:00:00 GMT", "[time]"),
            ("<Policy object at 0x7f5cd2a0b1c0>", "<Policy object at [address]>"),
            ("http://127.0.0.1:45123/x", "http://127.0.0.1:[port]/x"),
            ("AROA0123456789ABCDEF:gp", "[id]:gp"),
            ("9f86d081884c7d659a2feaa0c55ad015", "[digest]"),
            ("JobRunId:jr_9f86d081884c7d659a2feaa0c55ad015 failed", "JobRunId:jr_[digest] failed"),
            ("PpNFpFh+0p0Q0SKj0pDO1Q==", "[opaque]"),
            ("SSE-KMS-WITH-SERVICE-ROLE", "SSE-KMS-WITH-SERVICE-ROLE"),
            ("gp-thisruncase-configuration-1", "gp-thisruncase-configuration-1"),
            ("Policy hash is wrong at 12:30", "Policy hash is wrong at 12:30"),
        ] {
            assert_eq!(steady(text), shown);
        }
    }
}
