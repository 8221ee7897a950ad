//! The results of comparing snapshots, for people: changed ones as differences of lines, new ones, gone ones.

use std::path::PathBuf;

use similar::TextDiff;

use super::wording::count;
use super::writer::{Style, TerminalOptions, TextWriter};

/// Lines shown around a change.
const AROUND: usize = 2;

/// The results of comparing snapshots, by name.
#[derive(Debug, Default)]
pub struct SnapshotComparison {
    /// Their folder.
    pub place: PathBuf,
    /// The number of unchanged snapshots.
    pub same: usize,
    /// Snapshots that this command added.
    pub accepted: Vec<String>,
    /// Snapshots that this command removed.
    pub removed: Vec<String>,
    /// Not recorded yet.
    pub new: Vec<String>,
    /// Recorded otherwise: name, what was recorded, what came.
    pub changed: Vec<(String, String, String)>,
    /// Recorded snapshots without an exchange in this run.
    pub gone: Vec<String>,
}

impl SnapshotComparison {
    /// Returns whether the target differs from the recordings.
    #[must_use]
    pub fn differs(&self) -> bool {
        !(self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty())
    }
}

/// Renders it.
#[must_use]
pub fn compare_snapshots(comparison: &SnapshotComparison, target: &str, options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    for (name, was, received) in &comparison.changed {
        page.line(0, Style::Yellow, &format!("changed  {name}"));
        changes(&mut page, was, received);
        page.blank();
    }
    for (word, names) in [
        ("new", &comparison.new),
        ("gone", &comparison.gone),
        ("recorded", &comparison.accepted),
        ("removed", &comparison.removed),
    ] {
        for name in names {
            page.line(0, Style::Plain, &format!("{word:<7}  {name}"));
        }
    }
    let place = comparison.place.display();
    let parts: Vec<String> = [
        (comparison.changed.len(), "changed"),
        (comparison.new.len(), "new"),
        (comparison.gone.len(), "gone"),
        (comparison.accepted.len(), "recorded"),
        (comparison.removed.len(), "removed"),
    ]
    .iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{number} {word}, "))
    .collect();
    let same = count(comparison.same, "snapshot");
    page.line(0, Style::Bold, &format!("{target}: {}{same} as recorded in {place}", parts.concat()));
    if comparison.differs() {
        page.line(
            0,
            Style::Dim,
            "`cargo insta review` goes through what differs; the same command with --accept records all of it.",
        );
    }
    page.finish()
}

fn changes(page: &mut TextWriter, was: &str, received: &str) {
    let diff = TextDiff::from_lines(was.trim_end(), received.trim_end());
    let text = diff.unified_diff().context_radius(AROUND).to_string();
    for line in text.lines().filter(|line| !line.starts_with("\\ ")) {
        let style = match line.as_bytes().first() {
            Some(b'+') => Style::Green,
            Some(b'-') => Style::Red,
            _ => Style::Dim,
        };
        page.styled(2, style, line);
    }
}
