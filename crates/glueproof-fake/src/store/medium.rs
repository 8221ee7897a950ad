//! The bytes that redb reads and writes: a file, or a copy of a file in memory. Must not know a record.
//! [`Medium`] is the entry point; [`MAGIC`] recognises a store.
//!
//! The file begins with a page of its own. That page says which commit was acknowledged last: redb has two places for
//! commits and one bit that selects a place, and a flipped bit selects the commit before.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

/// The beginning of every store.
pub const MAGIC: &[u8; 24] = b"glueproof state store 1\n";
/// The length of the first page.
const PAGE_LENGTH: u64 = 4096;
/// The length of an acknowledgement: a number, and its complement.
const ACKNOWLEDGEMENT_LENGTH: usize = 16;

/// The bytes of a store. Clones share them.
#[derive(Debug)]
pub struct Medium<B>(Arc<Mutex<B>>);

impl<B> Clone for Medium<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Bytes that can grow, at positions.
pub trait Resizable: Read + Write + Seek + Send + std::fmt::Debug + 'static {
    /// Returns the length.
    fn length(&mut self) -> io::Result<u64>;
    /// Cuts the bytes, or appends zeros.
    fn set_length(&mut self, length: u64) -> io::Result<()>;
    /// Flushes the bytes to the disk.
    fn flush_to_disk(&mut self) -> io::Result<()>;
}

impl Resizable for File {
    fn length(&mut self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn set_length(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn flush_to_disk(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

impl Resizable for io::Cursor<Vec<u8>> {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.get_ref().len() as u64)
    }

    /// A damaged store may ask for any length.
    fn set_length(&mut self, length: u64) -> io::Result<()> {
        let limit = self.get_ref().len().saturating_mul(2);
        let length = usize::try_from(length).ok().filter(|length| *length <= limit);
        self.get_mut().resize(length.ok_or(io::ErrorKind::FileTooLarge)?, 0);
        Ok(())
    }

    fn flush_to_disk(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<B: Resizable> Medium<B> {
    /// Takes bytes that a store is in, or is to be written to.
    pub fn new(bytes: B) -> Self {
        Self(Arc::new(Mutex::new(bytes)))
    }

    fn lock(&self) -> MutexGuard<'_, B> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `read` with the bytes.
    pub fn with<T>(&self, read: impl FnOnce(&B) -> T) -> T {
        read(&self.lock())
    }

    /// Returns a copy in memory.
    pub fn copy(&self) -> io::Result<Medium<io::Cursor<Vec<u8>>>> {
        let mut bytes = self.lock();
        let mut copy = Vec::new();
        bytes.rewind()?;
        bytes.read_to_end(&mut copy)?;
        Ok(Medium::new(io::Cursor::new(copy)))
    }

    /// Writes the first page of a new store.
    pub fn format(&self) -> io::Result<()> {
        let mut bytes = self.lock();
        bytes.set_length(PAGE_LENGTH)?;
        bytes.rewind()?;
        bytes.write_all(MAGIC)?;
        drop(bytes);
        self.acknowledge(0)
    }

    /// Notes the number of the last acknowledged commit. Not flushed: the next commit flushes it.
    pub fn acknowledge(&self, commit: u64) -> io::Result<()> {
        let mut bytes = self.lock();
        bytes.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        bytes.write_all(&[commit.to_le_bytes(), (!commit).to_le_bytes()].concat())
    }

    /// Returns the number of the last acknowledged commit, or none if the first page is damaged.
    pub fn acknowledged(&self) -> io::Result<Option<u64>> {
        let mut bytes = self.lock();
        let mut page = [0; MAGIC.len() + ACKNOWLEDGEMENT_LENGTH];
        bytes.rewind()?;
        bytes.read_exact(&mut page)?;
        let (magic, numbers) = page.split_at(MAGIC.len());
        let mut numbers =
            numbers.chunks_exact(8).map(|number| u64::from_le_bytes(number.try_into().unwrap_or_default()));
        let (commit, complement) = (numbers.next(), numbers.next());
        Ok(commit.filter(|commit| magic == MAGIC && complement == Some(!commit)))
    }
}

impl<B: Resizable> StorageBackend for Medium<B> {
    fn len(&self) -> io::Result<u64> {
        Ok(self.lock().length()?.saturating_sub(PAGE_LENGTH))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut bytes = self.lock();
        bytes.seek(SeekFrom::Start(PAGE_LENGTH.saturating_add(offset)))?;
        bytes.read_exact(out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.lock().set_length(length.saturating_add(PAGE_LENGTH))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.lock().flush_to_disk()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut bytes = self.lock();
        bytes.seek(SeekFrom::Start(PAGE_LENGTH.saturating_add(offset)))?;
        bytes.write_all(data)
    }
}
