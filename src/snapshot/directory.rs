//! A folder of snapshots in insta's form: what is accepted lies in `.snap` files, what differs is laid beside them as
//! `.snap.new`, where `cargo insta review` finds it. Touches no file of an operation that was not looked at.

use std::io;
use std::path::{Path, PathBuf};

use super::select::Snapshot;
use crate::secrets::without_secrets;

/// The folder of one target's snapshots.
#[derive(Debug, Clone)]
pub struct SnapshotDir {
    folder: PathBuf,
}

/// The state of a snapshot relative to the accepted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotStatus {
    /// As accepted.
    Same,
    /// There is no accepted exchange yet.
    New,
    /// Another text was accepted: this one.
    Changed(String),
}

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct SnapshotDirError {
    /// The file or folder.
    path: PathBuf,
    /// The problem.
    why: String,
}

impl SnapshotDirError {
    fn of(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self { path, why: why.to_string() }
    }
}

impl SnapshotDir {
    /// The album of that name, in a folder of albums. It need not be there yet.
    #[must_use]
    pub fn new(albums: &Path, name: &str) -> Self {
        Self { folder: albums.join(name) }
    }

    /// Names of the albums in a folder.
    #[must_use]
    pub fn all(albums: &Path) -> Vec<String> {
        let folders = entries(albums).unwrap_or_default().into_iter().filter(|path| path.is_dir());
        folders.filter_map(|path| last(&path)).collect()
    }

    /// Returns whether any snapshot was ever accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.folder.is_dir()
    }

    /// The state of a snapshot relative to the accepted one. Where it differs it is laid beside it, unless only to be looked at.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or written.
    pub fn compare(&self, snapshot: &Snapshot, propose: bool) -> Result<SnapshotStatus, SnapshotDirError> {
        let (accepted, proposed) = self.paths(&snapshot.name);
        let leaf = match read(&accepted)? {
            Some(text) if text == normal(&snapshot.text) => SnapshotStatus::Same,
            Some(text) => SnapshotStatus::Changed(text),
            None => SnapshotStatus::New,
        };
        match leaf {
            SnapshotStatus::Same => remove(&proposed)?,
            _ if propose => write(&proposed, snapshot)?,
            _ => {}
        }
        Ok(leaf)
    }

    /// Accepts a snapshot.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn accept(&self, snapshot: &Snapshot) -> Result<(), SnapshotDirError> {
        let (accepted, proposed) = self.paths(&snapshot.name);
        write(&accepted, snapshot)?;
        remove(&proposed)
    }

    /// The names accepted for an operation, `service/Operation`, in order.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read.
    pub fn of_operation(&self, operation: &str) -> Result<Vec<String>, SnapshotDirError> {
        let files = entries(&self.folder.join(operation))?;
        let outcome = |path: PathBuf| Some(last(&path)?.strip_suffix(".snap")?.to_owned());
        Ok(files.into_iter().filter_map(outcome).map(|outcome| format!("{operation}/{outcome}")).collect())
    }

    /// The operations of which something was accepted, in order.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read.
    pub fn operations(&self) -> Result<Vec<String>, SnapshotDirError> {
        let mut found = Vec::new();
        for service in entries(&self.folder)? {
            for operation in entries(&service)? {
                found.extend(last(&service).zip(last(&operation)).map(|(s, o)| format!("{s}/{o}")));
            }
        }
        Ok(found)
    }

    /// Takes a snapshot out that nothing comes for any more.
    ///
    /// # Errors
    /// Returns an error if the file cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), SnapshotDirError> {
        let (accepted, proposed) = self.paths(name);
        remove(&accepted)?;
        remove(&proposed)
    }

    fn paths(&self, name: &str) -> (PathBuf, PathBuf) {
        let file = |kind: &str| self.folder.join(format!("{name}.{kind}"));
        (file("snap"), file("snap.new"))
    }
}

/// The text of an accepted snapshot, if there is one.
fn read(path: &Path) -> Result<Option<String>, SnapshotDirError> {
    if !path.exists() {
        return Ok(None);
    }
    let broken = |why: String| SnapshotDirError { path: path.to_owned(), why };
    let snapshot = insta::Snapshot::from_file(path).map_err(|why| broken(why.to_string()))?;
    let text = snapshot.as_text().ok_or_else(|| broken("this is no snapshot of a text".to_owned()))?;
    Ok(Some(normal(&text.to_string())))
}

/// As insta compares texts.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

fn write(path: &Path, snapshot: &Snapshot) -> Result<(), SnapshotDirError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(SnapshotDirError::of(folder))?;
    }
    // YAML takes a JSON string for one.
    let about = serde_json::Value::from(snapshot.about.as_str());
    let text = format!("---\nsource: glueproof\ndescription: {about}\n---\n{}\n", normal(&snapshot.text));
    std::fs::write(path, without_secrets(&text).as_bytes()).map_err(SnapshotDirError::of(path))
}

fn remove(path: &Path) -> Result<(), SnapshotDirError> {
    match std::fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(SnapshotDirError::of(path)(why)),
        _ => Ok(()),
    }
}

/// Returns the files of a folder in the order of their names; none if there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, SnapshotDirError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = std::fs::read_dir(folder).map_err(SnapshotDirError::of(folder))?;
    let paths = read.map(|entry| entry.map(|entry| entry.path()).map_err(SnapshotDirError::of(folder)));
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn last(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}
