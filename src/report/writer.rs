//! Lays text out for people: colour, width, indentation, labelled fields. The only place that writes escape
//! sequences, and everything that goes through it is made harmless first. Knows no result.

use textwrap::{Options, WordSplitter};

use super::escape::on_one_line;

/// Columns of the labels of fields.
const LABEL: usize = 13;
/// The minimum length of a fragment of a sentence.
const FRAGMENT: usize = 12;
/// The minimum width of text.
const NARROWEST: usize = 40;

/// The width and the colours of a terminal; the caller knows both, and `NO_COLOR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Set if colours are wanted.
    pub color: bool,
    /// Columns there are; `usize::MAX` for no limit, as where no terminal is: then lists are whole, too.
    pub width: usize,
}

/// The style of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Red => "31;1",
            Self::Green => "32",
            Self::Yellow => "33",
            Self::Cyan => "36",
        }
    }
}

/// Text in the making.
#[derive(Debug)]
pub(super) struct TextWriter {
    options: TerminalOptions,
    text: String,
}

impl TextWriter {
    pub(super) fn new(options: TerminalOptions) -> Self {
        Self {
            options: TerminalOptions { width: options.width.max(NARROWEST), ..options },
            text: String::new(),
        }
    }

    /// Columns there are.
    pub(super) fn width(&self) -> usize {
        self.options.width
    }

    /// Set if colours are wanted.
    pub(super) fn has_color(&self) -> bool {
        self.options.color
    }

    /// The text in colour, where colour is wanted. The text must be harmless already.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.options.color && style != Style::Plain && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", style.code())
        } else {
            text.to_owned()
        }
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A title with nothing beside it.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.line(0, Style::Bold, text);
    }

    /// Text wrapped to the width, every line indented.
    pub(super) fn line(&mut self, indent: usize, style: Style, text: &str) {
        self.hanging(indent, indent + 3, style, text);
    }

    /// Two columns: an id, never broken, and what is said about it on the same line as far as it fits.
    /// A fragment that says nothing is left out.
    pub(super) fn pair(&mut self, indent: usize, left: &str, right: &str) {
        let left = on_one_line(left);
        let room = self.options.width.saturating_sub(indent + textwrap::core::display_width(&left) + 2);
        let right = if room < FRAGMENT { String::new() } else { truncated(&on_one_line(right), room) };
        let row = if right.is_empty() { left } else { format!("{left}  {}", self.paint(Style::Dim, &right)) };
        self.put(indent, &row);
    }

    /// A label and text wrapped beside it.
    pub(super) fn field(&mut self, indent: usize, label: &str, text: &str) {
        self.styled_field(indent, label, Style::Plain, text);
    }

    /// A label alone; what it labels follows beneath.
    pub(super) fn label(&mut self, indent: usize, label: &str) {
        let label = self.paint(Style::Dim, label);
        self.put(indent, &label);
    }

    /// The same with the text painted.
    pub(super) fn styled_field(&mut self, indent: usize, label: &str, style: Style, text: &str) {
        let label = self.paint(Style::Dim, &format!("{label:<LABEL$}"));
        for (number, line) in self.wrapped(indent + LABEL, indent + LABEL, text).into_iter().enumerate() {
            let line = self.paint(style, &line);
            if number == 0 {
                self.put(indent, &format!("{label}{line}"));
            } else {
                self.put(indent + LABEL, &line);
            }
        }
    }

    /// A line to be copied: harmless, yet never wrapped or cut.
    pub(super) fn verbatim(&mut self, indent: usize, text: &str) {
        let text = on_one_line(text);
        self.put(indent, &text);
    }

    /// Returns the number of lines so far.
    pub(super) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Text wrapped to the width, with an indentation of its own for the lines after the first.
    pub(super) fn indented(&mut self, first: usize, rest: usize, style: Style, text: &str) {
        self.hanging(first, rest, style, text);
    }

    /// The same, painted.
    pub(super) fn styled(&mut self, indent: usize, style: Style, text: &str) {
        let text = self.paint(style, &on_one_line(text));
        self.put(indent, &text);
    }

    /// Lines laid out elsewhere, harmless already.
    pub(super) fn block(&mut self, indent: usize, lines: &str) {
        for line in lines.lines() {
            self.put(indent, line);
        }
    }

    /// A line across.
    pub(super) fn rule(&mut self) {
        let line = self.paint(Style::Dim, &"─".repeat(self.options.width.min(100)));
        self.put(0, &line);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn hanging(&mut self, first: usize, rest: usize, style: Style, text: &str) {
        for (number, line) in self.wrapped(first, rest, text).into_iter().enumerate() {
            let line = self.paint(style, &line);
            self.put(if number == 0 { first } else { rest }, &line);
        }
    }

    fn wrapped(&self, first: usize, rest: usize, text: &str) -> Vec<String> {
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let options = Options::new(self.options.width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_splitter(WordSplitter::NoHyphenation);
        let text = on_one_line(text);
        let lines = textwrap::wrap(&text, options);
        lines.iter().map(|line| line.trim().to_owned()).collect()
    }

    fn put(&mut self, indent: usize, line: &str) {
        let line = format!("{}{line}", " ".repeat(indent));
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// As much of the text as fits, with `…` where something is missing.
pub(super) fn truncated(text: &str, room: usize) -> String {
    if textwrap::core::display_width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += textwrap::core::display_width(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        kept.push(c);
    }
    if room == 0 { kept } else { format!("{}…", kept.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_wrap_beside_their_label() {
        let mut page = TextWriter::new(TerminalOptions { color: false, width: 40 });
        page.field(2, "expected", "an error with one of the codes that are allowed");
        page.verbatim(4, &"x".repeat(60));
        assert_eq!(
            page.finish(),
            format!(
                "  expected     an error with one of the\n               codes that are allowed\n    {}\n",
                "x".repeat(60)
            )
        );
    }

    #[test]
    fn nothing_hostile_gets_through() {
        let hostile = "\u{1b}[31m\n\u{202e}x\u{9b}";
        let mut page = TextWriter::new(TerminalOptions { color: false, width: 80 });
        page.heading(hostile);
        page.line(2, Style::Red, hostile);
        page.field(2, "label", hostile);
        page.verbatim(2, hostile);
        page.pair(2, hostile, hostile);
        let text = page.finish();
        assert!(text.chars().all(|c| c == '\n' || !super::super::escape::is_hazardous(c)), "{text:?}");
        assert_eq!(text.lines().count(), 6);
    }

    #[test]
    fn colour_is_written_only_where_wanted() {
        let plain = TextWriter::new(TerminalOptions { color: false, width: 80 });
        assert_eq!(plain.paint(Style::Red, "x"), "x");
        let colored = TextWriter::new(TerminalOptions { color: true, width: 80 });
        assert_eq!(colored.paint(Style::Red, "x"), "\u{1b}[31;1mx\u{1b}[0m");
    }

    #[test]
    fn truncation_counts_columns() {
        assert_eq!(truncated("abcdef", 6), "abcdef");
        assert_eq!(truncated("abcdef", 4), "abc…");
        assert_eq!(truncated("漢字漢字", 5), "漢字…");
        assert_eq!(truncated("abc", 0), "");
    }
}
