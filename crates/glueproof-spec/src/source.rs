//! Reads the spec files, from the binary or from a folder. The only file that touches `specs/`.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::error::{SpecError, SpecProblem};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/specs");

/// One file, unread.
#[derive(Debug, Clone)]
pub struct SpecFile {
    /// Path below the specs folder, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files compiled into the binary, sorted by path.
///
/// # Errors
/// Returns an error if one is not UTF-8.
pub fn embedded() -> Result<Vec<SpecFile>, SpecError> {
    let mut files = Vec::new();
    collect_embedded(&EMBEDDED, &mut files)?;
    Ok(sorted(files))
}

fn collect_embedded(dir: &Dir<'_>, files: &mut Vec<SpecFile>) -> Result<(), SpecError> {
    for file in dir.files().filter(|f| is_spec(f.path())) {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let text = file.contents_utf8().ok_or_else(|| SpecError {
            file: path.clone(),
            position: None,
            shape: None,
            nearest: None,
            problem: SpecProblem::Syntax("the file is not UTF-8".to_owned()),
        })?;
        files.push(SpecFile { path, text: text.to_owned() });
    }
    dir.dirs().try_for_each(|inner| collect_embedded(inner, files))
}

/// The files of a folder on disk, sorted by path.
///
/// # Errors
/// Returns an error if the folder or a file cannot be read.
pub fn from_dir(root: &Path) -> Result<Vec<SpecFile>, SpecError> {
    let mut files = Vec::new();
    collect_dir(root, root, &mut files)?;
    if files.is_empty() {
        return Err(SpecError {
            file: root.display().to_string(),
            position: None,
            shape: None,
            nearest: None,
            problem: SpecProblem::Missing("the folder contains no .json files".to_owned()),
        });
    }
    Ok(sorted(files))
}

fn collect_dir(root: &Path, dir: &Path, files: &mut Vec<SpecFile>) -> Result<(), SpecError> {
    let unreadable = |path: &Path, source| SpecError {
        file: path.strip_prefix(root).unwrap_or(path).display().to_string(),
        position: None,
        shape: None,
        nearest: None,
        problem: SpecProblem::Unreadable { path: path.to_owned(), source },
    };
    for entry in std::fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let path = entry.map_err(|e| unreadable(dir, e))?.path();
        if path.is_dir() {
            collect_dir(root, &path, files)?;
        } else if is_spec(&path) {
            let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            files.push(SpecFile { path: relative.to_string_lossy().replace('\\', "/"), text });
        }
    }
    Ok(())
}

/// Specs are JSON, except for behaviors, fixtures and documents. `behavior.schema.json` and `drift.toml` are for other
/// readers.
fn is_spec(path: &Path) -> bool {
    let is_named = |name: &str| path.file_name().is_some_and(|found| found == name);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => !is_named("behavior.schema.json"),
        Some("toml") => !is_named("drift.toml"),
        _ => false,
    }
}

fn sorted(mut files: Vec<SpecFile>) -> Vec<SpecFile> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
