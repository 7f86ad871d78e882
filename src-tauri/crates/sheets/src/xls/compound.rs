//! The compound file an `.xls` lives in (MS-CFB): sectors in chains, a directory of streams.

use crate::SheetError;

const END: u32 = 0xFFFF_FFFE;
/// Streams below this size live in the mini stream.
const MINI_CUTOFF: u64 = 4096;

struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

/// A parsed compound file.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    entries: Vec<Entry>,
}

fn damaged(what: &str) -> SheetError {
    SheetError::damaged("compound file", what)
}

/// Two bytes, little end first.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at.checked_add(2)?)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

/// Four bytes, little end first.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

impl<'a> Compound<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let field = |at| u32_at(bytes, at).ok_or_else(|| damaged("header cut off"));
        let shift = u16_at(bytes, 30).ok_or_else(|| damaged("header cut off"))?;
        if shift != 9 && shift != 12 {
            return Err(damaged("sector size"));
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            entries: Vec::new(),
        };
        let most = bytes.len() / file.sector + 1;
        let mut fat_sectors = Vec::new();
        for index in 0..109 {
            fat_sectors.push(field(76 + index * 4)?);
        }
        let mut next = field(68)?;
        let mut steps = 0;
        while next < END && steps <= most {
            let sector = file.sector_at(next).ok_or_else(|| damaged("sector list"))?;
            let numbers = sector.len() / 4 - 1;
            fat_sectors.extend((0..numbers).filter_map(|index| u32_at(sector, index * 4)));
            next = u32_at(sector, numbers * 4).unwrap_or(END);
            steps += 1;
        }
        for number in fat_sectors.into_iter().filter(|&number| number < END).take(most) {
            let sector = file
                .sector_at(number)
                .ok_or_else(|| damaged("allocation table"))?;
            let links: Vec<u32> = (0..sector.len() / 4)
                .filter_map(|index| u32_at(sector, index * 4))
                .collect();
            file.fat.extend(links);
        }
        let mini = file.chain(field(60)?, u64::MAX)?;
        file.mini_fat = (0..mini.len() / 4)
            .filter_map(|index| u32_at(&mini, index * 4))
            .collect();
        let directory = file.chain(field(48)?, u64::MAX)?;
        file.entries = directory
            .as_chunks::<128>()
            .0
            .iter()
            .filter_map(|entry| parse_entry(entry))
            .collect();
        Ok(file)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name))
    }

    /// The content of the stream called `name`.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, SheetError> {
        let Some(entry) = self.find(name) else {
            return Ok(None);
        };
        if entry.size >= MINI_CUTOFF {
            return self.chain(entry.start, entry.size).map(Some);
        }
        let root = self
            .entries
            .iter()
            .find(|entry| entry.kind == 5)
            .ok_or_else(|| damaged("no root"))?;
        let store = self.chain(root.start, root.size)?;
        let mut content = Vec::new();
        let mut next = entry.start;
        while next < END && (content.len() as u64) < entry.size {
            let at = next as usize * 64;
            content.extend_from_slice(store.get(at..at + 64).ok_or_else(|| damaged("mini stream"))?);
            next = *self
                .mini_fat
                .get(next as usize)
                .ok_or_else(|| damaged("mini stream"))?;
        }
        content.truncate(usize::try_from(entry.size).unwrap_or(usize::MAX));
        Ok(Some(content))
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector of a file may be cut short.
        self.bytes
            .get(start..(start + self.sector).min(self.bytes.len()))
            .filter(|sector| !sector.is_empty())
    }

    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>, SheetError> {
        let mut content = Vec::new();
        let mut next = start;
        while next < END && (content.len() as u64) < size {
            // A chain that is longer than the file runs in a circle.
            if content.len() > self.bytes.len() {
                return Err(damaged("circular chain"));
            }
            content.extend_from_slice(
                self.sector_at(next)
                    .ok_or_else(|| damaged("chain leaves the file"))?,
            );
            next = *self
                .fat
                .get(next as usize)
                .ok_or_else(|| damaged("chain leaves the table"))?;
        }
        content.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(content)
    }
}

fn parse_entry(entry: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(entry, 64)?).min(64);
    let units: Vec<u16> = (0..length / 2)
        .filter_map(|index| u16_at(entry, index * 2))
        .take_while(|&unit| unit != 0)
        .collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        kind: *entry.get(66)?,
        start: u32_at(entry, 116)?,
        size: u64::from(u32_at(entry, 120)?),
    })
}
