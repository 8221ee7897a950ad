//! Packs parts of a large page: compressed, in one place, and put where they belong by the script of the page.
//! Must not know what the parts are.
//! Entry point: [`Packer::part`].

use std::cell::RefCell;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::{Markup, html};

/// Collects the packed parts of a page.
#[derive(Debug, Default)]
pub(super) struct Packer {
    /// The parts, in the order of their numbers; nothing for a page that is small enough as it is.
    parts: Option<RefCell<Vec<String>>>,
}

impl Packer {
    /// Returns a packer that packs.
    pub(super) fn packing() -> Self {
        Self { parts: Some(RefCell::default()) }
    }

    /// Returns the part itself, or a place for it.
    pub(super) fn part(&self, part: Markup) -> Markup {
        let Some(parts) = &self.parts else { return part };
        let mut parts = parts.borrow_mut();
        let number = parts.len();
        parts.push(part.into_string());
        html! { div data-part=(number) {} }
    }

    /// Returns the packed parts, to be put at the end of the page.
    pub(super) fn packed(&self) -> Option<Markup> {
        let parts = self.parts.as_ref()?.borrow();
        let data = compressed(&serde_json::to_vec(&*parts).ok()?)?;
        Some(html! {
            noscript { p.hint { "The rest of this page is compressed and needs JavaScript. The JSON report has it too." } }
            script #packed type="text/plain" { (STANDARD.encode(data)) }
        })
    }
}

fn compressed(data: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).ok()?;
    encoder.finish().ok()
}
