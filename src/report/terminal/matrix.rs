//! The matrix for a terminal: operations and families, or resources and groups of families where it must be small.
//! Lays out; must not count.
//! Entry points: [`by_family`] and [`by_resource`].

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use crate::model::Family;
use crate::run::{Outcome, RuleResult};

use super::super::escape::on_one_line;
use super::super::tally::{
    CellStatus, FamilyGroup, ResourceRow, Tallies, Tally, families, groups, resources, rows, tallies,
};
use super::super::writer::{Style, TextWriter, truncated};

/// Blanks between columns.
const GAP: usize = 2;
/// Writes the matrix of operations and families, in several parts if it is wider than the page.
pub(super) fn by_family(page: &mut TextWriter, results: &[RuleResult]) {
    let tallies = tallies(results);
    let rows = rows(results);
    let first = rows.iter().map(|row| on_one_line(row).chars().count()).max().unwrap_or(0);
    let room = page.width().saturating_sub(first);
    for families in parts(&families(results), &rows, &tallies, room) {
        page.blank();
        let text = part(page, &rows, &families, &tallies);
        page.block(0, &text);
    }
    if results.iter().any(|r| matches!(r.outcome, Outcome::Errored | Outcome::Blocked | Outcome::Flaky)) {
        page.line(0, Style::Dim, "n? = rules that could not be judged");
    }
    if results.iter().any(|r| r.outcome == Outcome::Unimplemented) {
        page.line(0, Style::Dim, "– = not implemented");
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

fn part(page: &TextWriter, rows: &[&str], families: &[Family], tallies: &Tallies<'_>) -> String {
    let mut table = empty_table(page);
    let heads = families.iter().map(|family| Cell::new(family.name()).fg(Color::DarkGrey));
    table.set_header(std::iter::once(Cell::new("")).chain(heads));
    let has_any = |row: &&&str| families.iter().any(|family| tallies.contains_key(&(**row, *family)));
    for row in rows.iter().filter(has_any) {
        let cells = families
            .iter()
            .map(|family| tallies.get(&(*row, *family)).map_or_else(|| Cell::new(""), |tally| cell(*tally)));
        table.add_row(std::iter::once(Cell::new(on_one_line(row))).chain(cells));
    }
    align(&mut table, 1);
    table.to_string()
}

/// Writes the matrix of resources and groups of families: one row for each resource of a service, never wider than the
/// page.
pub(super) fn by_resource(page: &mut TextWriter, results: &[RuleResult]) {
    let (rows, groups) = (resources(results), groups(results));
    if rows.is_empty() {
        return;
    }
    let service = rows.iter().map(|row| on_one_line(row.service).chars().count()).max().unwrap_or(0);
    let room = page
        .width()
        .saturating_sub(service + 1 + groups.iter().map(|group| width(&rows, *group)).sum::<usize>());
    let mut table = empty_table(page);
    let heads = groups.iter().map(|group| Cell::new(group.name()).fg(Color::DarkGrey));
    table.set_header([Cell::new(""), Cell::new("")].into_iter().chain(heads));
    let mut above = None;
    for row in &rows {
        let service = if above.replace(row.service) == Some(row.service) { "" } else { row.service };
        let first = [on_one_line(service), truncated(&on_one_line(&row.resource), room.saturating_sub(GAP))];
        let cells = groups
            .iter()
            .map(|group| row.cells.get(group).map_or_else(|| Cell::new(""), |tally| cell(*tally)));
        table.add_row(first.into_iter().map(Cell::new).chain(cells));
    }
    align(&mut table, 2);
    page.blank();
    page.block(0, &table.to_string());
    let legend: Vec<&str> = groups.iter().filter_map(|group| group.legend()).collect();
    if !legend.is_empty() {
        page.line(0, Style::Dim, &legend.join("; "));
    }
}

/// Returns the columns that a group takes, with the gap before it.
fn width(rows: &[ResourceRow<'_>], group: FamilyGroup) -> usize {
    let cells = rows.iter().filter_map(|row| row.cells.get(&group));
    cells.map(|tally| tally.text().chars().count()).chain([group.name().len()]).max().unwrap_or(0) + GAP
}

fn empty_table(page: &TextWriter) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if page.has_color() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

/// Aligns the columns after the first `labels` to the right.
fn align(table: &mut Table, labels: usize) {
    for (number, column) in table.column_iter_mut().enumerate() {
        column.set_padding((u16::from(number > 0 && number >= labels), 1));
        if number >= labels {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn cell(tally: Tally) -> Cell {
    let cell = Cell::new(tally.text());
    match tally.status() {
        CellStatus::Failed => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        CellStatus::Held => cell.fg(Color::DarkGreen),
        CellStatus::Unjudged => cell.fg(Color::DarkYellow),
        CellStatus::Empty => cell.fg(Color::DarkGrey),
    }
}
