//! Journals as files: what comes back after a kill at any byte, and what they do not hold.

use std::fs;
use std::path::{Path, PathBuf};

use glueproof::journal::{Header, JournalError, JournalFile, Ledger, SavedState, fingerprint};
use serde_json::json;
use tempfile::TempDir;

fn header() -> Header {
    Header::new("aws", "123456789012", "eu-west-1", "2026-11-22T08:00:00Z")
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/journal.jsonl");
    (folder, path)
}

fn written(path: &Path) -> Ledger {
    let journal = JournalFile::begin(path, header(), true).unwrap();
    let put_back = Some(json!({ "PolicyInJson": "{}" }));
    journal
        .record_saved_state(SavedState { resource: "glue/Policy".to_owned(), put_back, answer: None })
        .unwrap();
    journal.record_own_state("glue/Policy", fingerprint(&json!({ "PolicyInJson": "other" }))).unwrap();
    let first = journal.record_deletion("glue", "DeleteIt", json!({ "Name": "a" })).unwrap();
    journal.record_deletion("glue", "DeleteIt", json!({ "Name": "b" })).unwrap();
    let unnamed = journal.record_unnamed("kms", "Key", "gp-1".to_owned()).unwrap();
    journal.record_deletion("kms", "DeleteKey", json!({ "KeyId": "k" })).unwrap();
    journal.record_deleted(vec![first, unnamed]).unwrap();
    let ledger = journal.ledger();
    // As a process that is killed leaves it.
    std::mem::forget(journal);
    ledger
}

#[test]
fn a_journal_reads_back_as_written() {
    let (_folder, path) = place();
    let ledger = written(&path);
    let read = Ledger::read(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(read.header, Some(header()));
    let due: Vec<_> = read.due.values().map(|due| due.input.clone()).collect();
    assert_eq!(due, [json!({ "Name": "b" }), json!({ "KeyId": "k" })]);
    assert!(read.unnamed.is_empty() && !read.is_settled());
    assert!(read.is_own("glue/Policy", &fingerprint(&json!({ "PolicyInJson": "other" }))));
    assert!(!read.is_own("glue/Other", &fingerprint(&json!({ "PolicyInJson": "other" }))));
    assert_eq!((read.saved.len(), &read.due), (1, &ledger.due));
}

#[test]
fn half_a_line_was_never_written() {
    let (_folder, path) = place();
    written(&path);
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        let copy = path.with_file_name(format!("{length}.jsonl"));
        fs::write(&copy, &whole[..length]).unwrap();
        let journal = JournalFile::reopen(&copy).unwrap();
        // New entries follow whole lines, and never start in the middle of a line.
        if journal.ledger().header.is_some() {
            journal.record_deletion("glue", "DeleteIt", json!({ "Name": "late" })).unwrap();
            let due = journal.ledger().due;
            std::mem::forget(journal);
            let again = Ledger::read(&fs::read_to_string(&copy).unwrap()).unwrap();
            assert_eq!(again.due, due, "{length}");
        }
    }
}

#[test]
fn a_file_that_is_no_journal_is_named_with_its_line() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let first = serde_json::to_string(&json!({ "journal": header() })).unwrap();
    for (text, words) in [
        ("{}\n".to_owned(), "line 1"),
        (format!("{first}\nnonsense\n"), "line 2"),
        (format!("{first}\n{first}\n"), "line 2: it begins again"),
        ("{\"gone\":[1]}\n".to_owned(), "line 1: it does not begin"),
        (first.replace("\"format\":1", "\"format\":9") + "\n", "format 9"),
    ] {
        fs::write(&path, &text).unwrap();
        let error = JournalFile::reopen(&path).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("journal.jsonl"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "it is left as it is");
    }
}

#[test]
fn it_is_for_one_process_and_its_owner() {
    let (_folder, path) = place();
    let journal = JournalFile::begin(&path, header(), true).unwrap();
    assert!(matches!(JournalFile::reopen(&path), Err(JournalError::InUse { .. })));
    assert!(matches!(JournalFile::begin(&path, header(), true), Err(JournalError::Io { .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }
    drop(journal);
    assert!(!path.exists(), "of a run that changed nothing nothing stays");
}

#[test]
fn open_entries_outlive_their_writer() {
    let (_folder, path) = place();
    let journal = JournalFile::begin(&path, header(), false).unwrap();
    journal
        .record_saved_state(SavedState { resource: "glue/Policy".to_owned(), put_back: None, answer: None })
        .unwrap();
    drop(journal);
    assert!(path.exists());
    JournalFile::reopen(&path).unwrap().close().unwrap();
    assert!(!path.exists());
}
