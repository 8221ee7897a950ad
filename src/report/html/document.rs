//! The shell of a page: head, style, script, and the policy that forbids everything else. Knows no report.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::super::escape::on_one_line;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A whole page. The main part comes between a header with the theme switch and a line about the suite. `home` is the
/// first page of the site that the page belongs to.
pub(super) fn document(title: &str, main: &Markup, footer: &str, home: Option<&str>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (on_one_line(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                header.bar {
                    p.brand { "glueproof" @if let Some(home) = home { " · " a href=(home) { "all verdicts" } } }
                    button #theme .scripted type="button" { "Dark" }
                }
                main #main tabindex="-1" { (main) }
                footer { (on_one_line(footer)) }
                p #said .unseen role="status" {}
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Returns the Content Security Policy: nothing but the embedded style and script, known by their digests.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}
