//! `glueproof site`: writes a static site of saved reports. Judges nothing.
//! Entry point: [`site`].

use crate::report::{html, merge};

use super::args::SiteArgs;
use super::error::CliError;
use super::{output, rendered, report};

/// Writes the pages into a folder, and says which one is the first.
///
/// # Errors
/// Returns an error if a file is no report, if reports do not go together, or if a page cannot be written.
pub fn site(args: &SiteArgs) -> Result<u8, CliError> {
    let read = args.files.iter().map(|file| report::read(file)).collect::<Result<Vec<_>, _>>()?;
    let reports = merge::by_run(read)?
        .into_iter()
        .map(|(_, report)| rendered::sources(&report).map(|sources| (report, sources)))
        .collect::<Result<Vec<_>, _>>()?;
    output::folder(&args.out)?;
    let pages = html::site(&reports);
    for page in &pages {
        output::write(&args.out.join(&page.file), &page.html)?;
    }
    output::print_error(&format!(
        "wrote {} pages; open {}",
        pages.len(),
        args.out.join("index.html").display()
    ));
    Ok(0)
}
