//! Files and terminals: looks early whether a report can be written, writes it late, loses none.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::report::TerminalOptions;

use super::error::CliError;

/// Returns the width and colours of standard output.
#[must_use]
pub fn terminal_options() -> TerminalOptions {
    let terminal = std::io::stdout().is_terminal();
    let width = if terminal {
        console::Term::stdout().size_checked().map_or(100, |(_, columns)| columns.into())
    } else {
        usize::MAX
    };
    TerminalOptions { color: terminal && !no_color(), width }
}

/// Whether the user wants no colours (<https://no-color.org>).
#[must_use]
pub fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
}

/// Prints to standard output. A reader that went away is no error.
///
/// # Errors
/// When the text cannot be printed.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(CliError::Print),
    }
}

/// Says something on standard error, if anybody is there to hear it.
#[expect(clippy::print_stderr, reason = "this is the one place that does")]
pub fn complain(text: &str) {
    eprintln!("{}", crate::report::on_lines(text));
}

/// Says on standard error what could not be removed or put back.
pub fn complain_of_leftovers(all: impl IntoIterator<Item = String>) {
    for what in all {
        complain(&format!("left behind: {what}"));
    }
}

/// Makes sure, before the work is done, that a file can be written. Leaves what it holds.
///
/// # Errors
/// When it cannot.
pub fn writable(path: &Path) -> Result<(), CliError> {
    if path == Path::new("-") {
        return Ok(());
    }
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
    opened.map(drop).map_err(|source| CliError::Unwritable { path: path.to_owned(), source, rescued: None })
}

/// Makes sure that a folder is there.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(path).map_err(|source| CliError::Unwritable {
        path: path.to_owned(),
        source,
        rescued: None,
    })
}

/// Writes a whole file; where that fails, into the folder for temporary files, and says so.
///
/// # Errors
/// When the file could not be written, even if the text was saved elsewhere.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    if path == Path::new("-") {
        return print(text);
    }
    std::fs::write(path, text).map_err(|source| {
        let rescue = rescue_path(path);
        let rescued = std::fs::write(&rescue, text).is_ok().then_some(rescue);
        CliError::Unwritable { path: path.to_owned(), source, rescued }
    })
}

fn rescue_path(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(|| "report".into(), |n| n.to_string_lossy());
    std::env::temp_dir().join(format!("glueproof-{}-{name}", std::process::id()))
}
