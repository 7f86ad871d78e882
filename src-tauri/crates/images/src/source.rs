//! The head of a picture, from memory or from an open file, read as little as possible.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// What one look at a file brings in.
const WINDOW: usize = 4096;
/// The most that is ever held of a file; longer requests are answered short.
const LONGEST: usize = 64 * 1024;

/// A window onto the bytes of a picture.
pub(crate) struct Head<'a> {
    source: Source<'a>,
    len: u64,
}

enum Source<'a> {
    Slice(&'a [u8]),
    File {
        file: &'a mut File,
        window: Vec<u8>,
        start: u64,
        failed: Option<io::Error>,
    },
}

impl<'a> Head<'a> {
    pub(crate) fn slice(bytes: &'a [u8]) -> Self {
        Self {
            len: bytes.len() as u64,
            source: Source::Slice(bytes),
        }
    }

    /// Reads the first bytes of an open file whose position is at its start.
    pub(crate) fn file(file: &'a mut File, len: u64) -> io::Result<Self> {
        let mut window = vec![0; WINDOW];
        let got = read_some(file, &mut window)?;
        window.truncate(got);
        Ok(Self {
            source: Source::File {
                file,
                window,
                start: 0,
                failed: None,
            },
            len,
        })
    }

    /// Bytes in the whole file.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Whether everything is in memory, so that walking to the end costs next to nothing.
    pub(crate) fn in_memory(&self) -> bool {
        matches!(self.source, Source::Slice(_))
    }

    /// The first read error, if there was one. Until asked for, a failed read looks like the end of the file.
    pub(crate) fn take_error(&mut self) -> Option<io::Error> {
        match &mut self.source {
            Source::Slice(_) => None,
            Source::File { failed, .. } => failed.take(),
        }
    }

    /// Up to `want` bytes from `at`; fewer at the end of the file or beyond 64 KB.
    pub(crate) fn upto(&mut self, at: u64, want: usize) -> &[u8] {
        match &mut self.source {
            Source::Slice(bytes) => {
                let from = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                let to = from.saturating_add(want).min(bytes.len());
                &bytes[from..to]
            }
            Source::File {
                file,
                window,
                start,
                failed,
            } => {
                let want = want.min(LONGEST);
                let held_to = *start + window.len() as u64;
                let wanted_to = at.saturating_add(want as u64).min(self.len);
                if at >= self.len {
                    return &[];
                }
                if at < *start || wanted_to > held_to {
                    window.resize(want.max(WINDOW / 4), 0);
                    let got = file
                        .seek(SeekFrom::Start(at))
                        .and_then(|_| read_some(file, window));
                    window.truncate(got.as_ref().copied().unwrap_or(0));
                    *start = at;
                    if let Err(error) = got {
                        failed.get_or_insert(error);
                    }
                }
                let from = usize::try_from(at - *start)
                    .unwrap_or(usize::MAX)
                    .min(window.len());
                let to = (from + want).min(window.len());
                &window[from..to]
            }
        }
    }

    /// Exactly `N` bytes from `at`, or `None` beyond the end.
    pub(crate) fn array<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        self.upto(at, N).first_chunk::<N>().copied()
    }

    pub(crate) fn be16(&mut self, at: u64) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    pub(crate) fn be32(&mut self, at: u64) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    pub(crate) fn le16(&mut self, at: u64) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(crate) fn le32(&mut self, at: u64) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }
}

/// Fills `buffer` as far as the file goes.
fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}
