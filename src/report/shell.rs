//! Words a POSIX shell passes on unchanged, whatever is in them. Knows no command.

use super::escape::is_hazardous;

/// What one argument may hold on Linux is 128 KiB; stay well below.
const LONGEST_WORD: usize = 100_000;

/// Whether the text can stand between single quotes: an argument cannot hold a NUL, and control
/// characters and invisible ones do not survive being shown and copied.
pub(super) fn is_quotable(text: &str) -> bool {
    text.len() <= LONGEST_WORD && !text.chars().any(is_hazardous)
}

/// Between single quotes. The text must be quotable.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One word for the text: quoted, or made by `printf` where quoting will not do. A shell word cannot hold
/// NUL and loses line breaks at its end; use [`printf`] and a pipe where those may come.
pub(super) fn word(text: &str) -> String {
    if is_quotable(text) { quoted(text) } else { format!("\"$({})\"", printf(text)) }
}

/// A command that prints exactly the text. `printf` is built into shells, so no limit applies.
pub(super) fn printf(text: &str) -> String {
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
