//! The table of operations and families for people at a terminal. Lays out; counts nothing and says nothing
//! about single rules.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use crate::model::Family;
use crate::run::{Outcome, RuleResult};

use super::escape::on_one_line;
use super::page::{Ink, Page};
use super::tally::{Standing, Tallies, Tally, families, rows, tallies};

/// Blanks between columns.
const GAP: usize = 2;
/// Writes the table; in several parts where it is wider than the page.
pub(super) fn table(page: &mut Page, results: &[RuleResult]) {
    let tallies = tallies(results);
    let rows = rows(results);
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

/// Families shared out so that each part fits into the room.
fn parts(families: &[Family], rows: &[&str], tallies: &Tallies<'_>, room: usize) -> Vec<Vec<Family>> {
    let mut parts: Vec<Vec<Family>> = Vec::new();
    let mut used = usize::MAX;
    for family in families {
        let cells = rows.iter().filter_map(|row| tallies.get(&(*row, *family)));
        let widest = cells.map(|tally| tally.text().chars().count()).max().unwrap_or(0);
        let width = family.name().len().max(widest) + GAP;
        if used.saturating_add(width) > room {
            parts.push(Vec::new());
            used = 0;
        }
        used += width;
        parts.iter_mut().last().into_iter().for_each(|part| part.push(*family));
    }
    parts
}

fn part(page: &Page, rows: &[&str], families: &[Family], tallies: &Tallies<'_>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if page.has_color() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let heads = families.iter().map(|family| Cell::new(family.name()).fg(Color::DarkGrey));
    table.set_header(std::iter::once(Cell::new("")).chain(heads));
    let has_any = |row: &&&str| families.iter().any(|family| tallies.contains_key(&(**row, *family)));
    for row in rows.iter().filter(has_any) {
        let cells = families
            .iter()
            .map(|family| tallies.get(&(*row, *family)).map_or_else(|| Cell::new(""), |tally| cell(*tally)));
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

fn cell(tally: Tally) -> Cell {
    let cell = Cell::new(tally.text());
    match tally.standing() {
        Standing::Bad => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        Standing::Good => cell.fg(Color::DarkGreen),
        Standing::Open => cell.fg(Color::DarkYellow),
        Standing::Nothing => cell.fg(Color::DarkGrey),
    }
}
