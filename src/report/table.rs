//! The table of operations and families: how many rules hold of those that were judged. Counts and lays
//! out; says nothing about single rules.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use crate::model::FAMILIES;
use crate::run::{Outcome, RuleResult};

use super::escape::on_one_line;
use super::page::{Ink, Page};

/// Blanks between columns.
const GAP: usize = 2;
/// The name of the row that adds up.
const ALL: &str = "all";

/// Rules of one cell.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    held: u64,
    failed: u64,
    known: u64,
    errored: u64,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.held += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Known => self.known += 1,
            Outcome::Errored => self.errored += 1,
            Outcome::Noted | Outcome::Skipped => {}
        }
    }

    fn text(self) -> String {
        let of = self.held + self.failed + self.known;
        match (of, self.errored) {
            (0, 0) => "·".to_owned(),
            (0, errored) => format!("{errored}?"),
            (of, 0) => format!("{}/{of}", self.held),
            (of, errored) => format!("{}/{of} {errored}?", self.held),
        }
    }

    fn ink(self) -> Ink {
        match self {
            Self { failed: 1.., .. } => Ink::Red,
            Self { errored: 1.., .. } | Self { known: 1.., .. } => Ink::Yellow,
            Self { held: 1.., .. } => Ink::Green,
            _ => Ink::Dim,
        }
    }
}

type Tallies<'r> = BTreeMap<(&'r str, &'r str), Tally>;

/// Writes the table; in several parts where it is wider than the page.
pub(super) fn table(page: &mut Page, results: &[RuleResult]) {
    let tallies = tallies(results);
    let operations: BTreeSet<&str> = results.iter().map(|r| r.operation.as_str()).collect();
    let mut rows: Vec<&str> = operations.into_iter().collect();
    if rows.len() > 1 {
        rows.push(ALL);
    }
    let first = rows.iter().map(|row| on_one_line(row).chars().count()).max().unwrap_or(0);
    let room = page.width().saturating_sub(first);
    for families in parts(&families(results), &rows, &tallies, room) {
        page.blank();
        let text = part(page, &rows, &families, &tallies);
        page.block(0, &text);
    }
    if results.iter().any(|r| r.outcome == Outcome::Errored) {
        page.line(0, Ink::Dim, "n? = rules that could not be judged");
    }
}

fn tallies(results: &[RuleResult]) -> Tallies<'_> {
    let mut tallies = Tallies::new();
    for result in results {
        for row in [result.operation.as_str(), ALL] {
            tallies.entry((row, result.family.as_str())).or_default().count(result.outcome);
        }
    }
    tallies
}

/// Families that occur, in their usual order; strangers last.
fn families(results: &[RuleResult]) -> Vec<&str> {
    let present: BTreeSet<&str> = results.iter().map(|r| r.family.as_str()).collect();
    let usual = FAMILIES.into_iter().filter(|family| present.contains(family));
    let strange = present.iter().copied().filter(|family| !FAMILIES.contains(family));
    usual.chain(strange).collect()
}

/// Families shared out so that each part fits into the room.
fn parts<'f>(families: &[&'f str], rows: &[&str], tallies: &Tallies<'_>, room: usize) -> Vec<Vec<&'f str>> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    let mut used = usize::MAX;
    for family in families {
        let cells = rows.iter().filter_map(|row| tallies.get(&(*row, *family)));
        let widest = cells.map(|tally| tally.text().chars().count()).max().unwrap_or(0);
        let width = on_one_line(family).chars().count().max(widest) + GAP;
        if used.saturating_add(width) > room {
            parts.push(Vec::new());
            used = 0;
        }
        used += width;
        parts.iter_mut().last().into_iter().for_each(|part| part.push(family));
    }
    parts
}

fn part(page: &Page, rows: &[&str], families: &[&str], tallies: &Tallies<'_>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if page.has_color() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let heads = families.iter().map(|family| Cell::new(on_one_line(family)).fg(Color::DarkGrey));
    table.set_header(std::iter::once(Cell::new("")).chain(heads));
    let has_any = |row: &&&str| families.iter().any(|family| tallies.contains_key(&(**row, *family)));
    for row in rows.iter().filter(has_any) {
        let cells = families
            .iter()
            .map(|family| cell(tallies.get(&(*row, *family)).copied().map(|t| (t.text(), t.ink()))));
        table.add_row(std::iter::once(Cell::new(on_one_line(row))).chain(cells));
    }
    for (number, column) in table.column_iter_mut().enumerate() {
        column.set_padding((u16::from(number > 0), 1));
        if number > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn cell(shown: Option<(String, Ink)>) -> Cell {
    let Some((text, ink)) = shown else { return Cell::new("") };
    let cell = Cell::new(text);
    match ink {
        Ink::Red => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        Ink::Green => cell.fg(Color::DarkGreen),
        Ink::Yellow => cell.fg(Color::DarkYellow),
        _ => cell.fg(Color::DarkGrey),
    }
}
