//! The source files of a target, and the wait for a change of them. Must not start or judge anything.
//!
//! Files are compared at intervals, which works in containers and on network drives too.
//! The entry points are [`Sources::new`] and [`Sources::changed`].

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ignore::{DirEntry, WalkBuilder};

/// The shortest time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(250);
/// Looking takes at most one part in this many of the time.
const SHARE: u32 = 10;
/// Folders whose files are made from sources.
const MADE: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// The length of each file and the time of its last change.
pub type Listing = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// The places that are watched.
#[derive(Debug)]
pub struct Sources {
    places: Vec<PathBuf>,
    /// Files and folders that the program writes itself.
    written: Vec<PathBuf>,
}

impl Sources {
    /// Watches these folders and files, except what the program writes.
    ///
    /// # Errors
    /// Returns an error if a place does not exist.
    pub fn new(places: &[PathBuf], written: &[PathBuf]) -> io::Result<Self> {
        let written = written.iter().map(|path| absolute(path)).collect();
        let places = places.iter().map(|place| place.canonicalize()).collect::<io::Result<_>>()?;
        Ok(Self { places, written })
    }

    /// Lists the files as they are now. What cannot be read is left out.
    #[must_use]
    pub fn list(&self) -> Listing {
        let Some((first, rest)) = self.places.split_first() else { return Listing::new() };
        let mut walk = WalkBuilder::new(first);
        for place in rest {
            walk.add(place);
        }
        let written = self.written.clone();
        let counts =
            move |entry: &DirEntry| !is_made(entry) && !written.iter().any(|path| path == entry.path());
        let files = walk.require_git(false).filter_entry(counts).build().filter_map(Result::ok);
        files
            .filter_map(|entry| {
                let data = entry.metadata().ok().filter(|data| !data.is_dir())?;
                Some((entry.into_path(), (data.len(), data.modified().ok())))
            })
            .collect()
    }

    /// Waits until the files differ from a listing and have come to rest. Returns a file that differs.
    pub async fn changed(self: Arc<Self>, before: Listing) -> PathBuf {
        let mut latest = before.clone();
        loop {
            let since = Instant::now();
            let sources = Arc::clone(&self);
            let now = tokio::task::spawn_blocking(move || sources.list()).await.unwrap_or_default();
            if now == latest
                && let Some(path) = difference(&before, &now)
            {
                return path.clone();
            }
            latest = now;
            tokio::time::sleep(INTERVAL.max(since.elapsed() * SHARE)).await;
        }
    }
}

fn is_made(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().to_str().is_some_and(|name| MADE.contains(&name))
}

/// Returns the path of a file that need not exist, with links resolved as far as it does.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let resolved = path.ancestors().find_map(|there| Some((there, there.canonicalize().ok()?)));
    match resolved {
        Some((there, real)) => path.strip_prefix(there).map(|rest| real.join(rest)).unwrap_or(path),
        None => path,
    }
}

/// Returns a file that is in one listing alone, or is another one there.
fn difference<'l>(before: &'l Listing, now: &'l Listing) -> Option<&'l PathBuf> {
    let changed = now.iter().find(|(path, state)| before.get(*path) != Some(state));
    let removed = || before.iter().find(|(path, _)| !now.contains_key(*path));
    changed.or_else(removed).map(|(path, _)| path)
}
