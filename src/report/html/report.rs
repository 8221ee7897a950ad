//! The page about one target. Puts the parts together; renders none.

use maud::html;

use super::super::escape::on_one_line;
use super::super::model::Report;
use super::super::wording;
use super::document::document;
use super::pack::Packer;
use super::page::{ReportPage, Sources};
use super::{findings, matrix, overview};

/// Pages with more bytes are packed.
const MAX_PLAIN_BYTES: usize = 400_000;

/// Renders the report as a page. In a large page the findings beyond the first of each cause, and the other outcomes, are
/// compressed; nothing is left out.
#[must_use]
pub fn report(report: &Report, sources: &Sources) -> String {
    report_page(report, sources, None)
}

/// Renders the report as a page of a site whose first page is `home`.
pub(super) fn report_page(report: &Report, sources: &Sources, home: Option<&str>) -> String {
    let plain = page(report, sources, Packer::default(), home);
    if plain.len() <= MAX_PLAIN_BYTES { plain } else { page(report, sources, Packer::packing(), home) }
}

fn page(report: &Report, sources: &Sources, packer: Packer, home: Option<&str>) -> String {
    let page = ReportPage::new(report, sources, packer);
    let target = wording::target(report);
    let main = html! {
        h1 { (on_one_line(&target)) }
        (overview::verdict(report, &page.causes))
        (overview::facts(report))
        (matrix::matrix(&page))
        (findings::filter(&page))
        (findings::failed(&page))
        (findings::others(&page))
        @if let Some(packed) = page.packer.packed() { (packed) }
    };
    document(&format!("{target}: {}", report.verdict.name()), &main, &wording::suite(report), home)
}
