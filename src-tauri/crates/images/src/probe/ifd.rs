//! TIFF directories, as they stand in TIFF files and in EXIF blocks (TIFF 6.0, section 2; EXIF 2.32, 4.6).

use crate::source::Head;

/// Directories longer than this are taken for damage.
const MOST_ENTRIES: u16 = 1024;

/// Where a TIFF structure lies in a file, and its byte order.
#[derive(Clone, Copy)]
pub(crate) struct Tiff {
    base: u64,
    big: bool,
}

/// One directory entry.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) tag: u16,
    kind: u16,
    count: u32,
    inline: [u8; 4],
}

impl Tiff {
    /// Recognises a TIFF header at `base`; the second value is the offset of the first directory.
    pub(crate) fn open(head: &mut Head<'_>, base: u64) -> Option<(Self, u32)> {
        let bytes: [u8; 8] = head.array(base)?;
        let big = match &bytes[..4] {
            b"II\x2A\0" => false,
            b"MM\0\x2A" => true,
            _ => return None,
        };
        let tiff = Self { base, big };
        Some((tiff, tiff.u32([bytes[4], bytes[5], bytes[6], bytes[7]])))
    }

    /// Whether numbers are stored most significant byte first.
    pub(crate) fn big_endian(self) -> bool {
        self.big
    }

    fn u16(self, b: [u8; 2]) -> u16 {
        if self.big {
            u16::from_be_bytes(b)
        } else {
            u16::from_le_bytes(b)
        }
    }

    fn u32(self, b: [u8; 4]) -> u32 {
        if self.big {
            u32::from_be_bytes(b)
        } else {
            u32::from_le_bytes(b)
        }
    }

    /// The entries of the directory at `offset`, and the offset of the next one (0 = none). A directory cut
    /// short yields what is there.
    pub(crate) fn directory(self, head: &mut Head<'_>, offset: u32) -> Option<(Vec<Entry>, u32)> {
        let at = self.base + u64::from(offset);
        let count = self.u16(head.array(at)?);
        if count > MOST_ENTRIES {
            return None;
        }
        let bytes = head.upto(at + 2, usize::from(count) * 12 + 4);
        let entries = bytes
            .chunks_exact(12)
            .take(usize::from(count))
            .map(|e| Entry {
                tag: self.u16([e[0], e[1]]),
                kind: self.u16([e[2], e[3]]),
                count: self.u32([e[4], e[5], e[6], e[7]]),
                inline: [e[8], e[9], e[10], e[11]],
            })
            .collect();
        let next = bytes
            .get(usize::from(count) * 12..)
            .and_then(<[u8]>::first_chunk)
            .map_or(0, |b| self.u32(*b));
        Some((entries, next))
    }

    /// The first number of an entry of type BYTE, SHORT or LONG.
    pub(crate) fn number(self, head: &mut Head<'_>, entry: &Entry) -> Option<u32> {
        self.numbers(head, entry, 1).first().copied()
    }

    /// Up to `most` numbers of an entry of type BYTE, SHORT or LONG; empty for another type.
    pub(crate) fn numbers(self, head: &mut Head<'_>, entry: &Entry, most: usize) -> Vec<u32> {
        let size = match entry.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            _ => return Vec::new(),
        };
        let count = (entry.count as usize).min(most);
        let bytes = if entry.count as usize * size <= 4 {
            entry.inline.to_vec()
        } else {
            head.upto(self.base + u64::from(self.u32(entry.inline)), count * size)
                .to_vec()
        };
        bytes
            .chunks_exact(size)
            .take(count)
            .map(|b| match *b {
                [one] => u32::from(one),
                [a, b] => u32::from(self.u16([a, b])),
                [a, b, c, d] => self.u32([a, b, c, d]),
                _ => 0,
            })
            .collect()
    }
}

/// What a check needs from EXIF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exif {
    /// The turn to apply, 1 to 8; `None` when not said or nonsense.
    pub(crate) orientation: Option<u8>,
    /// Whether a GPS directory with a latitude or longitude is there.
    pub(crate) gps: bool,
}

const ORIENTATION: u16 = 0x0112;
const GPS: u16 = 0x8825;

/// Reads orientation and GPS from the EXIF block whose TIFF header stands at `base`.
pub(crate) fn exif(head: &mut Head<'_>, base: u64) -> Exif {
    let Some((tiff, first)) = Tiff::open(head, base) else {
        return Exif::default();
    };
    let Some((entries, _)) = tiff.directory(head, first) else {
        return Exif::default();
    };
    exif_in(head, tiff, &entries)
}

/// The same from a directory that is already read.
pub(crate) fn exif_in(head: &mut Head<'_>, tiff: Tiff, entries: &[Entry]) -> Exif {
    let mut found = Exif::default();
    for entry in entries {
        match entry.tag {
            ORIENTATION if found.orientation.is_none() => {
                found.orientation = tiff
                    .number(head, entry)
                    .and_then(|n| u8::try_from(n).ok())
                    .filter(|n| (1..=8).contains(n));
            }
            GPS => {
                let at = tiff.number(head, entry).unwrap_or(0);
                // Tags 1 to 4 are the latitude and longitude with their hemispheres.
                found.gps |= at != 0
                    && tiff
                        .directory(head, at)
                        .is_some_and(|(gps, _)| gps.iter().any(|e| (1..=4).contains(&e.tag)));
            }
            _ => {}
        }
    }
    found
}
