//! The records of a cloud in redb. Must not know a service, nor how a file is found and locked.
//! [`Store`] is the entry point.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Cursor};

use aws_lc_rs::error::Unspecified;
use redb::{Builder, Database, ReadableDatabase, ReadableTable, Table, TableDefinition};
use serde_json::Value;

use super::changes::RecordChange;
use super::cipher::{Cipher, StateKey};
use super::medium::{Medium, Resizable};
use super::tree;

/// The records by the keys of [`tree`].
const RECORDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("records");
/// The key of the number of the last commit. All other keys begin with a bracket.
const COMMIT: &str = "";
/// The key of the encrypted data key. It is there if the records are encrypted.
const DATA_KEY: &str = " data key";
/// The memory for pages of the file. Calls read the state, and not the file.
const CACHE_BYTES: usize = 16 << 20;

/// The reason why a store cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The bytes are not those that were written.
    #[error("{0}")]
    Damaged(String),
    /// The records are encrypted under another key.
    #[error("it is encrypted under another key than the given one")]
    WrongKey,
    /// The records are encrypted.
    #[error("it is encrypted, and no key was given")]
    KeyMissing,
    /// The file cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl StoreError {
    fn of(error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::Io(error) => Self::Io(error),
            error => Self::Damaged(error.to_string()),
        }
    }

    /// Returns the error of a copy in memory, where reading cannot fail for another reason than damage.
    fn in_copy(self) -> Self {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Self::Damaged("it is shorter than it was".to_owned())
            }
            Self::Io(error) => Self::Damaged(error.to_string()),
            other => other,
        }
    }
}

/// The records of one cloud, and their file.
#[derive(Debug)]
pub struct Store {
    medium: Medium<File>,
    /// None after an error: redb refuses everything after a failed operation.
    database: Option<Database>,
    /// The number of the last commit.
    commit: u64,
    key: Option<StateKey>,
    /// None if the records are not encrypted.
    cipher: Option<Cipher>,
}

impl Store {
    /// Creates a store in an empty file. It can be opened after the first commit.
    pub fn create(file: File, key: Option<StateKey>) -> Result<Self, StoreError> {
        let medium = Medium::new(file);
        medium.format()?;
        let database = open_database(medium.clone())?;
        let cipher = key.is_some().then(Cipher::generate).transpose().map_err(no_cipher)?;
        if let (Some(cipher), Some(key)) = (&cipher, &key) {
            write_data_key(&database, &cipher.wrapped(key).map_err(no_cipher)?)?;
        }
        Ok(Self { medium, database: Some(database), commit: 0, key, cipher })
    }

    /// Opens the store in a file, and returns the document that its records make. Nothing is written to a damaged file.
    pub fn open(file: File, key: Option<StateKey>) -> Result<(Self, Value), StoreError> {
        let mut store = Self { medium: Medium::new(file), database: None, commit: 0, key, cipher: None };
        let document = store.read()?;
        store.database = Some(open_database(store.medium.clone())?);
        Ok((store, document))
    }

    /// Reads the document again, from a copy of the file, and checks every page.
    pub fn read(&mut self) -> Result<Value, StoreError> {
        let copy = self.medium.copy()?;
        let content = read_copy(copy, self.key.as_ref()).map_err(StoreError::in_copy)?;
        self.commit = content.commit;
        self.cipher = content.cipher;
        Ok(content.document)
    }

    /// Returns true if the user gave a key, and the records are not encrypted.
    pub fn lacks_encryption(&self) -> bool {
        self.key.is_some() && self.cipher.is_none()
    }

    /// Returns the file.
    pub fn with_file<T>(&self, read: impl FnOnce(&File) -> T) -> T {
        self.medium.with(|file| read(file))
    }

    /// Returns the edits without those that change nothing.
    pub fn effective(
        &mut self,
        edits: Vec<(String, RecordChange)>,
    ) -> Result<Vec<(String, RecordChange)>, StoreError> {
        if edits.is_empty() {
            return Ok(edits);
        }
        let cipher = self.cipher.clone();
        let transaction = self.database()?.begin_read().map_err(StoreError::of)?;
        let records = transaction.open_table(RECORDS).map_err(StoreError::of)?;
        let mut effective = Vec::with_capacity(edits.len());
        for (key, edit) in edits {
            let changes = match &edit {
                RecordChange::Write(_) => true,
                RecordChange::Compare(text) => {
                    let known = records.get(key.as_str()).map_err(StoreError::of)?;
                    match known {
                        Some(known) => decrypted(cipher.as_ref(), &key, known.value())? != *text,
                        None => true,
                    }
                }
                RecordChange::RemoveBelow => has_records_below(&records, &key)?,
                RecordChange::Remove => {
                    let known = records.get(key.as_str()).map_err(StoreError::of)?.is_some();
                    known || has_records_below(&records, &key)?
                }
            };
            if changes {
                effective.push((key, edit));
            }
        }
        Ok(effective)
    }

    /// Writes the edits, and flushes them to the disk. After an error, the store holds what it held before.
    pub fn apply(&mut self, edits: &[(String, RecordChange)]) -> Result<(), StoreError> {
        let commit = self.commit + 1;
        let cipher = self.cipher.clone();
        let applied = write(self.database()?, commit, edits, cipher.as_ref());
        if applied.is_err() {
            self.database = None;
        }
        applied?;
        self.commit = commit;
        // The commit is on the disk. A missing note weakens the check at the next start, and nothing else.
        let _ = self.medium.acknowledge(commit);
        Ok(())
    }

    fn database(&mut self) -> Result<&Database, StoreError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => open_database(self.medium.clone())?,
        };
        Ok(self.database.insert(database))
    }
}

fn open_database<B: Resizable>(medium: Medium<B>) -> Result<Database, StoreError> {
    Builder::new().set_cache_size(CACHE_BYTES).create_with_backend(medium).map_err(StoreError::of)
}

fn no_cipher(_: Unspecified) -> StoreError {
    StoreError::Io(io::Error::other("the records cannot be encrypted"))
}

/// Returns the text of a record.
fn decrypted<'r>(cipher: Option<&Cipher>, key: &str, record: &'r [u8]) -> Result<Cow<'r, [u8]>, StoreError> {
    let Some(cipher) = cipher else { return Ok(Cow::Borrowed(record)) };
    let damaged = |_| StoreError::Damaged("a record cannot be decrypted".to_owned());
    cipher.open(key, record).map(Cow::Owned).map_err(damaged)
}

fn write_data_key(database: &Database, wrapped: &[u8]) -> Result<(), StoreError> {
    let transaction = database.begin_write().map_err(StoreError::of)?;
    transaction
        .open_table(RECORDS)
        .map_err(StoreError::of)?
        .insert(DATA_KEY, wrapped)
        .map_err(StoreError::of)?;
    transaction.commit().map_err(StoreError::of)
}

fn write(
    database: &Database,
    commit: u64,
    edits: &[(String, RecordChange)],
    cipher: Option<&Cipher>,
) -> Result<(), StoreError> {
    let mut transaction = database.begin_write().map_err(StoreError::of)?;
    // Without it, a flipped bit in the last commit looks like a commit that was interrupted, and is dropped.
    transaction.set_two_phase_commit(true);
    {
        let mut records = transaction.open_table(RECORDS).map_err(StoreError::of)?;
        records.insert(COMMIT, commit.to_le_bytes().as_slice()).map_err(StoreError::of)?;
        for (key, edit) in edits {
            apply(&mut records, key, edit, cipher)?;
        }
    }
    transaction.commit().map_err(StoreError::of)
}

fn apply(
    records: &mut Table<'_, &str, &[u8]>,
    key: &str,
    edit: &RecordChange,
    cipher: Option<&Cipher>,
) -> Result<(), StoreError> {
    match edit {
        RecordChange::Write(text) | RecordChange::Compare(text) => {
            let sealed = cipher.map(|cipher| cipher.seal(key, text)).transpose().map_err(no_cipher)?;
            records.insert(key, sealed.as_ref().unwrap_or(text).as_slice()).map_err(StoreError::of)?;
        }
        RecordChange::Remove | RecordChange::RemoveBelow => {
            let (first, end) = tree::range_below(key);
            records.retain_in(first.as_str()..end.as_str(), |_, _| false).map_err(StoreError::of)?;
            if *edit == RecordChange::Remove {
                records.remove(key).map_err(StoreError::of)?;
            }
        }
    }
    Ok(())
}

fn has_records_below(
    records: &impl ReadableTable<&'static str, &'static [u8]>,
    key: &str,
) -> Result<bool, StoreError> {
    let (first, end) = tree::range_below(key);
    let mut below = records.range(first.as_str()..end.as_str()).map_err(StoreError::of)?;
    Ok(below.next().transpose().map_err(StoreError::of)?.is_some())
}

/// The content of a store.
struct Content {
    /// The number of the last commit.
    commit: u64,
    cipher: Option<Cipher>,
    document: Value,
}

/// Checks every page of a copy, and returns its content.
fn read_copy(copy: Medium<Cursor<Vec<u8>>>, key: Option<&StateKey>) -> Result<Content, StoreError> {
    let damaged = |problem: &str| StoreError::Damaged(problem.to_owned());
    let acknowledged = copy.acknowledged()?.ok_or_else(|| damaged("its first page is damaged"))?;
    let mut database = open_database(copy)?;
    if !database.check_integrity().map_err(StoreError::of)? {
        return Err(damaged("a page is damaged"));
    }
    let transaction = database.begin_read().map_err(StoreError::of)?;
    let records = transaction.open_table(RECORDS).map_err(StoreError::of)?;
    let mut all = Vec::new();
    for record in records.iter().map_err(StoreError::of)? {
        all.push(record.map_err(StoreError::of)?);
    }
    let commit = all.first().and_then(|(_, number)| number.value().try_into().ok()).map(u64::from_le_bytes);
    let commit = commit.ok_or_else(|| damaged("it has no number of a commit"))?;
    if commit < acknowledged {
        return Err(damaged("its last change is missing"));
    }
    let data_key = all.get(1).filter(|(key, _)| key.value() == DATA_KEY);
    let cipher = match (data_key, key) {
        (None, _) => None,
        (Some(_), None) => return Err(StoreError::KeyMissing),
        (Some((_, wrapped)), Some(key)) => {
            Some(Cipher::unwrap(key, wrapped.value()).map_err(|_| StoreError::WrongKey)?)
        }
    };
    let first = if cipher.is_some() { 2 } else { 1 };
    let mut records = Vec::with_capacity(all.len());
    for (key, record) in all.iter().skip(first) {
        records.push((key.value(), decrypted(cipher.as_ref(), key.value(), record.value())?));
    }
    let document = tree::document(records.iter().map(|(key, text)| (*key, text.as_ref())));
    let document = document.ok_or_else(|| damaged("its records do not fit together"))?;
    Ok(Content { commit, cipher, document })
}
