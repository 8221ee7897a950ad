//! Escapes untrusted text for Markdown: no character becomes markup, and unprintable characters are escaped.

use super::super::escape::{on_lines, on_one_line};

/// As plain words.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in on_one_line(text).chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            // A mention would notify a user of GitHub.
            '@' => shown.push_str("&#64;"),
            c if r"\`*_{}[]()#+|~!".contains(c) => shown.extend(['\\', c]),
            c => shown.push(c),
        }
    }
    // Addresses would become links by themselves.
    shown.replace("://", "&#58;//")
}

/// As code within a line; in a table `|` must not end the cell.
pub(super) fn code(text: &str) -> String {
    let text = on_one_line(text).replace('|', "\u{2502}");
    let fence = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// As a block of code.
pub(super) fn block(language: &str, text: &str) -> String {
    let text = on_lines(text.trim_end_matches('\n'));
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
