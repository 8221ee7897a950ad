//! Differences between specs and a published model, for people. Renders what it is given; compares nothing.

use super::wording::count;
use super::writer::{Style, TerminalOptions, TextWriter};

/// More rules than this are shown as a pattern.
const MAX_NAMED: usize = 3;

/// A difference, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftDescription {
    /// Its stable name.
    pub id: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// The value in the specs.
    pub specs: Option<String>,
    /// The value in the model.
    pub model: Option<String>,
    /// Ids of the rules it touches.
    pub rules: Vec<String>,
    /// The reason why the difference is intended, if it is known.
    pub reason: Option<String>,
}

/// All differences, those without a reason first.
#[must_use]
pub fn drift(differences: &[DriftDescription], options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    let (known, open): (Vec<_>, Vec<_>) = differences.iter().partition(|d| d.reason.is_some());
    for difference in &open {
        write_difference(&mut page, difference, Style::Red);
    }
    if !known.is_empty() {
        page.heading(&format!("Known: {}", count(known.len(), "difference")));
    }
    for difference in &known {
        write_difference(&mut page, difference, Style::Yellow);
    }
    let closing = match (open.len(), known.len()) {
        (0, 0) => "the specs and the model agree".to_owned(),
        (0, known) => format!("the specs and the model agree, but for {}", count(known, "known difference")),
        (open, 0) => count(open, "difference"),
        (open, known) => format!("{}, and {known} known", count(open, "difference")),
    };
    if !differences.is_empty() {
        page.blank();
    }
    page.line(0, if open.is_empty() { Style::Green } else { Style::Red }, &closing);
    page.finish()
}

fn write_difference(page: &mut TextWriter, difference: &DriftDescription, style: Style) {
    page.line(0, style, &format!("{:<8} {}", difference.change, difference.id));
    // Of what is there or not, the first line says all.
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
    if [&difference.specs, &difference.model].into_iter().flatten().any(|said| said != "yes") {
        page.field(9, "specs", &side(&difference.specs));
        page.field(9, "model", &side(&difference.model));
    }
    page.field(9, "rules", &rules(&difference.rules));
    if let Some(reason) = &difference.reason {
        page.field(9, "reason", reason);
    }
}

/// `2: a, b`, or where there are many, a pattern that matches them all.
fn rules(ids: &[String]) -> String {
    match ids {
        [] => "none".to_owned(),
        few if few.len() <= MAX_NAMED => format!("{}: {}", few.len(), few.join(", ")),
        [first, rest @ ..] => {
            let shared = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
            let start = rest.iter().map(|id| shared(first, id)).min().unwrap_or(0);
            let end = rest.iter().map(|id| last_parts(first, id)).min().unwrap_or(0);
            let end = if start + end > first.len() { 0 } else { end };
            format!("{}: {}*{}", ids.len(), &first[..start], &first[first.len() - end..])
        }
    }
}

/// Returns the number of bytes of whole parts that two ids share at their ends.
fn last_parts(a: &str, b: &str) -> usize {
    let shared = a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b);
    shared.map(|(part, _)| part.len() + 1).sum()
}
