//! `glueproof snapshot`: what it records and compares, and what it must leave alone.

mod compared;
mod recorded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::trial::Setting;

/// All files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
            }
        }
    }
    found
}

/// The snapshots of the fake, as this version of it answers.
#[track_caller]
fn of_the_fake(setting: &Setting, more: &[&str]) -> BTreeMap<PathBuf, String> {
    let ended = setting.run(&[&["snapshot", "--accept"], more].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    files(&setting.path("snapshots/fake"))
}

/// The new snapshots beside the accepted ones.
fn proposed(setting: &Setting) -> Vec<PathBuf> {
    let proposed = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "new");
    files(&setting.path("snapshots/fake")).into_keys().filter(proposed).collect()
}
