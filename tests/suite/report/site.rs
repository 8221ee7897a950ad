//! The site of verdicts: every page is there once, every link leads to a page, and the numbers are those of the reports.

use std::collections::BTreeSet;

use glueproof::report::Report;
use glueproof::report::html::{Page, Sources, site};

use super::fixture::{lax, passed, report};
use super::html::{all, parsed, text};

/// The target fails one rule before 5.10, and none in it.
fn reports() -> Vec<(Report, Sources)> {
    let rule = |holds: bool| {
        let id = "glue/PutIt/invalid/A/enum";
        if holds { passed(id) } else { lax(id) }
    };
    [("moto 5.10", true), ("other", true), ("moto 5.9", false)]
        .map(|(name, holds)| {
            let mut report = report(vec![rule(holds), passed("glue/GetIt/valid/input")]);
            name.clone_into(&mut report.target.name);
            (report, Sources::new())
        })
        .into()
}

fn file<'p>(pages: &'p [Page], name: &str) -> &'p str {
    &pages.iter().find(|page| page.file == name).unwrap_or_else(|| panic!("there is no {name}")).html
}

#[test]
fn every_link_of_a_site_leads_to_a_page() {
    let pages = site(&reports());
    let names: BTreeSet<&str> = pages.iter().map(|page| page.file.as_str()).collect();
    assert_eq!(names.len(), pages.len(), "a file is written once");
    let due = ["index.html", "moto-5.10.html", "moto-5.9-to-moto-5.10.html", "moto-5.9.html", "other.html"];
    assert_eq!(names, BTreeSet::from(due));
    for page in &pages {
        let html = parsed(&page.html);
        for link in all(&html, "a[href]").iter().filter_map(|link| link.value().attr("href")) {
            let is_inside = link.starts_with('#') || link.starts_with("https://");
            assert!(is_inside || names.contains(link), "{}: {link}", page.file);
        }
        assert_eq!(page.file != "index.html", !all(&html, ".brand a[href='index.html']").is_empty());
    }
}

#[test]
fn the_first_page_shows_the_newest_version_and_the_change() {
    let pages = site(&reports());
    let html = parsed(file(&pages, "index.html"));
    let rows = |selector: &str| -> Vec<String> { all(&html, selector).into_iter().map(text).collect() };
    assert_eq!(rows(".matrix tbody th"), ["moto 5.10", "other"], "5.10 is newer than 5.9");
    assert_eq!(rows(".scores tbody th"), ["moto 5.9", "moto 5.10", "other"]);
    assert_eq!(rows(".scores tbody td:last-child"), ["–", "1 more hold, 0 no longer", "–"]);
}

#[test]
fn reports_of_one_name_have_a_page_each() {
    let mut all = reports();
    all.extend(reports());
    let names: BTreeSet<String> = site(&all).into_iter().map(|page| page.file).collect();
    for name in ["other.html", "other-2.html", "moto-5.9.html", "moto-5.9-2.html"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
}

#[test]
fn a_hostile_name_is_a_plain_file_name() {
    let mut all = reports();
    "../../etc/passwd\u{0}<b>".clone_into(&mut all[0].0.target.name);
    "..".clone_into(&mut all[1].0.target.name);
    for page in site(&all) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
        assert!(page.file.chars().all(is_plain) && !page.file.starts_with('.'), "{}", page.file);
    }
}
