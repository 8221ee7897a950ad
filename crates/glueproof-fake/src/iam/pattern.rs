//! Texts with wildcards: what `*` and `?` stand for in values and in ARNs. Must not know policies.
//!
//! A star or question mark that is meant literally (`${*}`, or out of a variable's value) is carried as a
//! private character, for the matcher of iam-rs has no way to quote one.

use iam_rs::Arn;

const LITERAL_STAR: char = '\u{f0000}';
const LITERAL_MARK: char = '\u{f0001}';

/// The text with its wildcards made literal.
pub fn literal(text: &str) -> String {
    text.replace('*', LITERAL_STAR.encode_utf8(&mut [0; 4]))
        .replace('?', LITERAL_MARK.encode_utf8(&mut [0; 4]))
}

/// The text as it is meant where nothing is a wildcard.
pub fn plain(text: &str) -> String {
    text.replace(LITERAL_STAR, "*").replace(LITERAL_MARK, "?")
}

/// Whether the whole text is of that pattern; case matters.
pub fn matches(text: &str, pattern: &str) -> bool {
    Arn::wildcard_match(&literal(text), pattern)
}

/// Whether an ARN is of that pattern. Wildcards stay within the parts between colons, but that one at the
/// end of a part goes on beyond it (IAM User Guide, "Using wildcards in resource ARNs"), and none stands for
/// the service.
pub fn arn_matches(arn: &str, pattern: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (Some(arn), Some(wanted)) = (parts(arn), parts(pattern)) else {
        return false;
    };
    let whole = wanted.len() == PARTS;
    for (index, (part, pattern)) in arn.iter().zip(&wanted).enumerate() {
        let last = index + 1 == wanted.len();
        if last && !whole {
            // A shorter pattern can only end in a star that covers the rest.
            return pattern.ends_with('*') && matches(&arn[index..].join(":"), pattern);
        }
        let fits = if index == SERVICE { part == pattern } else { matches(part, pattern) };
        if !fits {
            return false;
        }
    }
    whole && arn.len() == PARTS
}

const PARTS: usize = 6;
const SERVICE: usize = 2;

/// `arn`, partition, service, region, account and the resource, in which colons may follow.
fn parts(arn: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = arn.splitn(PARTS, ':').collect();
    (parts.first() == Some(&"arn")).then_some(parts)
}
