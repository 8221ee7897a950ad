//! Smithy patterns on Rust's regex engine, and what can be known of a pattern without asking it:
//! the characters it is made of, and those no match can do without. Makes no values.
//!
//! Two traps. Patterns are searches unless anchored. And the service writes the characters above
//! U+FFFF as UTF-16 surrogate pairs, which Rust refuses; they stand for U+10000 to U+10FFFF.

use std::collections::BTreeSet;

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A range of surrogate pairs as the service writes it, and as Unicode means it.
const SURROGATE_RANGE: (&str, &str) = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\x{10000}-\x{10FFFF}");

/// A usable pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
    hir: Hir,
}

impl Pattern {
    /// Translates and compiles.
    ///
    /// # Errors
    /// The regex engine's words when the pattern is none.
    pub fn new(written: &str) -> Result<Self, String> {
        let translated = translate(written);
        let regex = Regex::new(&translated).map_err(|e| e.to_string())?;
        let hir = regex_syntax::parse(&translated).map_err(|e| e.to_string())?;
        Ok(Self { written: written.to_owned(), regex, hir })
    }

    /// As the spec has it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Returns true if the text satisfies the pattern, as a search.
    ///
    /// The published patterns for ARNs list the partitions that existed when they were written. In `aws-eusc`, which is
    /// younger, no other ARNs exist, so the pattern applies to the ARN as if it were one of the partition `aws`.
    #[must_use]
    pub fn admits(&self, text: &str) -> bool {
        let as_commercial = || text.replacen("arn:aws-eusc:", "arn:aws:", 1);
        self.regex.is_match(text) || text.contains("arn:aws-eusc:") && self.regex.is_match(&as_commercial())
    }

    /// For a pattern of the form `^[…]*$`: the inclusive ranges of characters it is made of.
    #[must_use]
    pub fn alphabet(&self) -> Option<Vec<(char, char)>> {
        let HirKind::Concat(parts) = self.hir.kind() else { return None };
        let [start, body, end] = parts.as_slice() else { return None };
        let anchored = matches!(start.kind(), HirKind::Look(_)) && matches!(end.kind(), HirKind::Look(_));
        let HirKind::Repetition(repetition) = body.kind() else { return None };
        let HirKind::Class(Class::Unicode(class)) = repetition.sub.kind() else { return None };
        let open = repetition.max.is_none() && repetition.min <= 1;
        (anchored && open).then(|| class.ranges().iter().map(|r| (r.start(), r.end())).collect())
    }

    /// Characters that stand in every non-empty text the pattern admits: a text without one of them,
    /// and not empty, is a violation whatever else it holds.
    #[must_use]
    pub fn indispensable(&self) -> BTreeSet<char> {
        indispensable(&self.hir).unwrap_or_default()
    }
}

fn translate(written: &str) -> String {
    let plain = written.replace(SURROGATE_RANGE.0, SURROGATE_RANGE.1);
    // `\uXXXX` needs no change: Rust reads it. Smithy's `\/` does: the slash is no meta-character.
    plain.replace(r"\/", "/")
}

/// `None` stands for "matches only the empty text", which restricts nothing.
fn indispensable(hir: &Hir) -> Option<BTreeSet<char>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(String::from_utf8_lossy(&literal.0).chars().collect()),
        HirKind::Concat(parts) => {
            let known: Vec<_> = parts.iter().filter_map(indispensable).collect();
            (!known.is_empty()).then(|| known.into_iter().flatten().collect())
        }
        HirKind::Alternation(branches) => branches.iter().filter_map(indispensable).reduce(|a, b| &a & &b),
        HirKind::Capture(capture) => indispensable(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => indispensable(&repetition.sub),
        HirKind::Look(_) | HirKind::Empty => None,
        HirKind::Class(_) | HirKind::Repetition(_) => Some(BTreeSet::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE_LINE: &str = r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*$";

    #[test]
    fn single_line_admits_what_the_pattern_lists_and_nothing_else() {
        let pattern = Pattern::new(SINGLE_LINE).unwrap();
        for good in ["", "a b", "\t", "\u{7f}", "\u{fffd}", "\u{10000}", "\u{10ffff}", "é", "\u{200f}"] {
            assert!(pattern.admits(good), "{good:?} refused");
        }
        for bad in ["\n", "a\nb", "a\n", "\0", "\u{1f}", "\u{fffe}", "\u{ffff}", "\r"] {
            assert!(!pattern.admits(bad), "{bad:?} admitted");
        }
    }

    #[test]
    fn alphabet_is_read_off_the_class() {
        let ranges = Pattern::new(SINGLE_LINE).unwrap().alphabet().unwrap();
        assert_eq!(
            ranges,
            [('\t', '\t'), (' ', '\u{d7ff}'), ('\u{e000}', '\u{fffd}'), ('\u{10000}', '\u{10ffff}')]
        );
        assert!(Pattern::new("arn:aws:kms:.*").unwrap().alphabet().is_none());
    }

    #[test]
    fn indispensable_characters_of_searches_and_alternatives() {
        let kms = Pattern::new("^$|arn:aws[a-z0-9-]*:kms:.*").unwrap();
        let role = Pattern::new("^arn:aws(-(cn|us-gov))?:iam::[0-9]{12}:role/.+$").unwrap();
        assert!(
            role.admits("arn:aws-eusc:iam::123456789012:role/a")
                && !role.admits("arn:aws-eusc:iam::1:role/a")
        );
        assert!(kms.admits("") && kms.admits("xarn:aws-cn:kms:"));
        let expected: BTreeSet<char> = "arn:wskm".chars().collect();
        assert_eq!(kms.indispensable(), expected);
        let either = Pattern::new("ab|bc").unwrap();
        assert_eq!(either.indispensable(), BTreeSet::from(['b']));
        assert!(Pattern::new("a?[xy]").unwrap().indispensable().is_empty());
    }

    #[test]
    fn a_broken_pattern_is_an_error_not_a_panic() {
        assert!(Pattern::new("[").is_err());
    }
}
