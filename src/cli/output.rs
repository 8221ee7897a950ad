//! Files and terminals: checks before a run that a report can be written, and writes it after the run.
//! The rest of the program neither prints nor writes reports.
//! Entry points: [`print`], [`writable`], [`write`].

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::report::{TerminalOptions, leftover_lines};
use crate::secrets::without_secrets;

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
    TerminalOptions { color: color(terminal), width }
}

/// Returns true if output may have colours: on a terminal that has some, or wherever `CLICOLOR_FORCE` asks for them.
/// `NO_COLOR` has precedence (<https://no-color.org>, <https://bixense.com/clicolors>).
#[must_use]
pub fn color(is_terminal: bool) -> bool {
    let value = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let is_forced = value("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let is_dumb = value("TERM").is_some_and(|value| value == "dumb");
    let is_off = value("CLICOLOR").is_some_and(|value| value == "0");
    value("NO_COLOR").is_none() && (is_forced || is_terminal && !is_dumb && !is_off)
}

/// Returns true if standard error is a terminal that can redraw a line.
#[must_use]
pub fn can_redraw() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Prints to standard output. A reader that went away is no error.
///
/// # Errors
/// Returns an error if the text cannot be printed.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(without_secrets(text).as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(CliError::Print),
    }
}

/// Prints to standard error. A reader that went away is no error.
pub fn print_error(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", crate::report::on_lines(&without_secrets(text)));
}

/// Prints the resources that could not be removed or restored, each kind on one line with its number.
pub fn print_leftovers(all: impl IntoIterator<Item = String>) {
    for line in leftover_lines(all) {
        print_error(&line);
    }
}

/// Checks that a file can be written, before the work is done. Leaves its content, and creates no file.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn writable(path: &Path) -> Result<(), CliError> {
    if path == Path::new("-") {
        return Ok(());
    }
    let checked = if path.exists() {
        std::fs::OpenOptions::new().append(true).open(path).map(drop)
    } else {
        draft(path).map(drop)
    };
    checked.map_err(unwritable(path))
}

/// Creates a folder, if there is none.
///
/// # Errors
/// Returns an error if the folder cannot be created.
pub fn folder(path: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(path).map_err(unwritable(path))
}

/// Checks that a folder is there or can be created, before the work is done. Creates nothing.
///
/// # Errors
/// Returns an error if the folder can be neither used nor created.
pub fn creatable_folder(path: &Path) -> Result<(), CliError> {
    let absolute = std::path::absolute(path).map_err(unwritable(path))?;
    let there = absolute.ancestors().find(|folder| folder.exists()).unwrap_or(&absolute);
    NamedTempFile::new_in(there).map(drop).map_err(unwritable(path))
}

/// Writes a whole file: first beside it, then in its place. The summary file of a job on GitHub is appended to. If that
/// fails, writes into the folder for temporary files and says so.
///
/// # Errors
/// Returns an error if the file could not be written, even if the text was saved elsewhere.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    if path == Path::new("-") {
        return print(text);
    }
    let text = &*without_secrets(text);
    let written = if is_step_summary(path) { append(path, text) } else { replace(path, text) };
    written.map_err(|source| CliError::Unwritable {
        path: path.to_owned(),
        source,
        rescued: rescue(path, text),
    })
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> CliError + '_ {
    |source| CliError::Unwritable { path: path.to_owned(), source, rescued: None }
}

/// Returns whether the file is the one to which the steps of a job on GitHub append their summaries.
fn is_step_summary(path: &Path) -> bool {
    std::env::var_os("GITHUB_STEP_SUMMARY")
        .is_some_and(|summary| !summary.is_empty() && path == Path::new(&summary))
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// Replaces a file at once. What is no regular file, such as a pipe, is written to directly.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if real.exists() && !real.is_file() {
        return File::options().write(true).open(path)?.write_all(text.as_bytes());
    }
    let mut file = draft(&real)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = std::fs::metadata(&real) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.persist(&real).map(drop).map_err(|failed| failed.error)
}

/// Creates a temporary file beside a path, with the permissions of an ordinary new file.
fn draft(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".glueproof-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Saves a text that could not be written where it belongs, under a name that cannot be guessed.
fn rescue(path: &Path, text: &str) -> Option<PathBuf> {
    let name = path.file_name().map_or_else(|| "report".into(), |name| name.to_string_lossy());
    let mut file = Builder::new().prefix("glueproof-").suffix(&format!("-{name}")).tempfile().ok()?;
    file.write_all(text.as_bytes()).ok()?;
    file.keep().ok().map(|(_, path)| path)
}
