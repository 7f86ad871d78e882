//! The gate every archive passes before a byte of it is inflated, and the counter it stays under afterwards.
//!
//! The sizes in a central directory are only a claim: they are checked first because that costs nothing, and
//! then [`Counted`] stops any part that delivers more than it declared.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::SheetError;

/// What this crate is willing to read. The defaults hold for a machine with 4 GB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file of any kind, in bytes.
    pub file_bytes: u64,
    /// Largest `.xls` file, in bytes: it is held in memory.
    pub xls_bytes: u64,
    /// Largest sum of the unpacked sizes of an archive, in bytes.
    pub unpacked_bytes: u64,
    /// Largest unpacked : packed ratio of one part; honest sheets stay under 100.
    pub ratio: u64,
    /// Parts up to this unpacked size, in bytes, may have any ratio.
    pub ratio_free_bytes: u64,
    /// Most parts in an archive.
    pub entries: usize,
    /// Most shared strings.
    pub strings: u64,
    /// Most bytes of shared text.
    pub string_bytes: u64,
    /// Longest single text, in bytes; also the longest line or record of a text file.
    pub text_bytes: usize,
    /// Most cells read from one sheet.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            xls_bytes: 64 << 20,
            unpacked_bytes: 512 << 20,
            ratio: 200,
            ratio_free_bytes: 4 << 20,
            entries: 2_000,
            strings: 4_000_000,
            string_bytes: 128 << 20,
            text_bytes: 1 << 20,
            cells: 32_000_000,
        }
    }
}

/// Anything that can be read from any position.
pub(crate) trait Source: Read + Seek + Send {}
impl Source for BufReader<File> {}
impl Source for Cursor<Vec<u8>> {}

/// Bytes inflated so far, shared with the readers that count them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

impl Meter {
    pub(crate) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// An archive that passed the gate.
pub(crate) struct Package {
    archive: ZipArchive<Box<dyn Source>>,
    meter: Meter,
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package")
            .field("parts", &self.archive.len())
            .finish_non_exhaustive()
    }
}

impl Package {
    /// Reads the central directory and refuses what it declares too large. Nothing is inflated.
    pub(crate) fn open(source: Box<dyn Source>, limits: &Limits) -> Result<Self, SheetError> {
        let mut archive = ZipArchive::new(source).map_err(|error| zip_error("archive", error))?;
        if archive.len() > limits.entries {
            return Err(SheetError::Bomb {
                part: String::new(),
                declared: archive.len() as u64,
                limit: limits.entries as u64,
            });
        }
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let entry = archive
                .by_index_raw(index)
                .map_err(|error| zip_error("archive", error))?;
            let (size, packed) = (entry.size(), entry.compressed_size());
            if entry.encrypted() {
                return Err(SheetError::Encrypted);
            }
            total = total.saturating_add(size);
            let part = || String::from_utf8_lossy(entry.name_raw()).into_owned();
            if total > limits.unpacked_bytes {
                return Err(SheetError::Bomb {
                    part: part(),
                    declared: total,
                    limit: limits.unpacked_bytes,
                });
            }
            let allowed = packed.saturating_mul(limits.ratio).max(limits.ratio_free_bytes);
            if size > allowed {
                return Err(SheetError::Bomb {
                    part: part(),
                    declared: size,
                    limit: allowed,
                });
            }
        }
        Ok(Self {
            archive,
            meter: Meter::default(),
        })
    }

    pub(crate) fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// The name under which a part is stored: exact, else ignoring case and a leading slash or backslashes.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        let wanted = name.trim_start_matches('/');
        if self.archive.index_for_name(wanted).is_some() {
            return Some(wanted.to_owned());
        }
        self.names()
            .into_iter()
            .find(|stored| stored.replace('\\', "/").eq_ignore_ascii_case(wanted))
    }

    /// All readable part names.
    pub(crate) fn names(&self) -> Vec<String> {
        (0..self.archive.len())
            .filter_map(|index| self.archive.name_for_index(index))
            .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
            .collect()
    }

    /// A reader over one part that never delivers more than the part declared.
    pub(crate) fn part(&mut self, name: &str) -> Result<Counted<impl Read + '_>, SheetError> {
        let stored = self
            .find(name)
            .ok_or_else(|| SheetError::damaged(name, "part missing from the archive"))?;
        let meter = self.meter.clone();
        let entry = self
            .archive
            .by_name(&stored)
            .map_err(|error| zip_error(&stored, error))?;
        let declared = entry.size();
        Ok(Counted {
            inner: entry,
            part: stored,
            declared,
            left: declared,
            meter,
        })
    }
}

fn zip_error(place: &str, error: ZipError) -> SheetError {
    match error {
        ZipError::Io(source) if source.kind() != std::io::ErrorKind::UnexpectedEof => SheetError::Io(source),
        other => SheetError::damaged(place, other.to_string()),
    }
}

/// A reader that counts what it delivers and fails once a part gives more than it declared.
pub(crate) struct Counted<R> {
    inner: R,
    part: String,
    declared: u64,
    left: u64,
    meter: Meter,
}

impl<R: Read> Counted<R> {
    pub(crate) fn part_name(&self) -> &str {
        &self.part
    }

    /// Fills `buffer` from the part; 0 at its end.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, SheetError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = loop {
            match self.inner.read(buffer) {
                Ok(read) => break read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(SheetError::damaged(self.part.clone(), error.to_string())),
            }
        };
        self.meter.add(read);
        if read as u64 > self.left {
            return Err(SheetError::Bomb {
                part: self.part.clone(),
                declared: self.declared.saturating_add(read as u64 - self.left),
                limit: self.declared,
            });
        }
        self.left -= read as u64;
        Ok(read)
    }
}
