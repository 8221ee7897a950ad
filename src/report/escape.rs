//! Makes foreign text harmless to a terminal and legal in XML: what would move the cursor, change colours,
//! turn the reading direction or stay invisible is shown by its code point. Shortens nothing.

use std::fmt::Write as _;

/// The text on one line: line breaks are shown as `\n`.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    escaped(text, |_| false)
}

/// The text with its line breaks kept and everything else that does not print shown.
#[must_use]
pub fn on_lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

/// Returns JSON in which characters that are invisible, move the cursor or change the reading direction are escaped. The
/// value is the same for every parser.
#[must_use]
pub fn in_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        // Outside strings, JSON contains no control characters but these.
        if !is_hazardous(c) || matches!(c, '\n' | '\r' | '\t') {
            shown.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    shown
}

/// Returns whether the character must not reach a terminal unescaped.
pub(super) fn is_hazardous(c: char) -> bool {
    c.is_control() || is_invisible(c) || is_noncharacter(c)
}

/// Format characters: zero widths, joiners, directions, separators, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Code points that stand for no character; XML refuses two of them.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

fn escaped(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if kept(c) || !is_hazardous(c) => shown.push(c),
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c => shown.extend(c.escape_unicode()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_characters_stay() {
        for text in ["", "plain", "é ü 漢字 \u{1f600}", r#"{"a":"\u001b"}"#, "\u{e000}"] {
            assert_eq!(on_one_line(text), text);
        }
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "a\u{202e}": "\u{7f}\u{9b}\u{2066}\u{e0041}\n\u{1b} é 漢" });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let shown = in_json(&text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        assert!(shown.chars().all(|c| c == '\n' || !is_hazardous(c)), "{shown:?}");
        assert!(shown.contains("é 漢"));
    }

    #[test]
    fn unprintable_characters_are_escaped() {
        assert_eq!(
            on_one_line(
                "\u{1b}[2J\0\r\n\t\u{7f}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{fffe}\u{ffff}\u{e0041}\u{2028}"
            ),
            "\\u{1b}[2J\\u{0}\\r\\n\\t\\u{7f}\\u{9b}31m\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{fffe}\\u{ffff}\\u{e0041}\\u{2028}"
        );
        assert_eq!(on_lines("a\nb\r\u{1b}"), "a\nb\\r\\u{1b}");
    }
}
