//! Quotes words for a POSIX shell. Knows no command.

use super::super::escape::is_hazardous;

/// The limit of one argument on Linux is 128 KiB; this stays well below.
const LONGEST_WORD: usize = 100_000;

/// Returns whether the text can stand between single quotes: an argument cannot hold a NUL, and control
/// characters and invisible ones do not survive being shown and copied.
pub(in crate::report) fn is_quotable(text: &str) -> bool {
    text.len() <= LONGEST_WORD && !text.chars().any(is_hazardous)
}

/// Between single quotes. The text must be quotable.
pub(in crate::report) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the text as one word, with quotes only where a shell needs them.
#[must_use]
pub fn argument(text: &str) -> String {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if is_plain && !text.starts_with('-') { text.to_owned() } else { word(text) }
}

/// One word for the text: quoted, or made by `printf` where quoting will not do. A shell word cannot hold
/// NUL and loses line breaks at its end; use [`printf`] and a pipe where those may come.
#[must_use]
pub fn word(text: &str) -> String {
    if is_quotable(text) { quoted(text) } else { format!("\"$({})\"", printf(text)) }
}

/// A command that prints exactly the text. `printf` is built into shells, so no limit applies.
pub(in crate::report) fn printf(text: &str) -> String {
    let mut format = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        match c {
            // A format that starts with `-` would be taken for an option.
            '-' if at == 0 => format.push_str(r"\055"),
            '%' => format.push_str("%%"),
            '\\' => format.push_str(r"\\"),
            '\'' => format.push_str(r"'\''"),
            '\n' => format.push_str(r"\n"),
            c if is_hazardous(c) => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                format.extend(bytes.map(|byte| format!("\\{byte:03o}")));
            }
            c => format.push(c),
        }
    }
    format!("printf '{format}'")
}
