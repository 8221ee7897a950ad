//! The table of operations and families; a cell leads to its rules. Counts nothing.

use maud::{Markup, html};

use crate::model::Family;

use super::super::escape::on_one_line;
use super::super::tally::{ALL, CellStatus, Tally, families, rows, tallies};
use super::page::ReportPage;
use super::text::breakable;

/// The table.
pub(super) fn matrix(page: &ReportPage<'_>) -> Markup {
    let results = &page.report.results;
    let (tallies, families, rows) = (tallies(results), families(results), rows(results));
    html! {
        section aria-labelledby="matrix" {
            h2 #matrix { "Operations and families" }
            p.hint { "Rules that hold, of those judged. A cell leads to its rules." }
            div.scroll role="region" aria-labelledby="matrix" tabindex="0" {
                table.matrix {
                    thead { tr { th scope="col" { "operation" } @for family in &families { th scope="col" { (breakable(family.name())) } } } }
                    tbody {
                        @for row in &rows {
                            tr.(if *row == ALL { "sum" } else { "one" }) {
                                th scope="row" { (breakable(row)) }
                                @for family in &families {
                                    td { @if let Some(tally) = tallies.get(&(*row, *family)) { (cell(page, (row, *family), *tally)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(page: &ReportPage<'_>, (row, family): (&str, Family), tally: Tally) -> Markup {
    let operation = if row == ALL { "" } else { row };
    let named = format!("{row}, {family}: {} of {} hold", tally.held, tally.judged());
    html! {
        a class={ "cell " (class(tally)) } href={ "#" (page.first(operation, family)) } aria-label=(on_one_line(&named))
            data-operation=(on_one_line(operation)) data-family=(family.name()) { (tally.text()) }
    }
}

/// Returns the class that colours a cell.
pub(super) fn class(tally: Tally) -> &'static str {
    match tally.status() {
        CellStatus::Failed => "bad",
        CellStatus::Unjudged => "open",
        CellStatus::Held => "good",
        CellStatus::Empty => "nothing",
    }
}
