//! Bytes to lines: which encoding, and physical lines with whatever ends them.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Decoder, Encoding};
use serde::Serialize;

use crate::SheetError;
use crate::guard::Source;

/// Encodings told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, little end first (what Excel calls "Unicode text").
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
}

impl TextEncoding {
    fn codec(self) -> &'static Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
        }
    }
}

/// Finds the encoding by reading the source once, without keeping it.
pub(crate) fn detect(source: &mut Box<dyn Source>) -> Result<TextEncoding, SheetError> {
    let head = super::head(source.as_mut(), 4096)?;
    match head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => return Ok(TextEncoding::Utf8),
        [0xFF, 0xFE, ..] => return Ok(TextEncoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Ok(TextEncoding::Utf16Be),
        _ => {}
    }
    // Separators and line ends have a zero byte in UTF-16, on one side only.
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs >= 4 && odd * 12 > pairs && even * 20 < odd {
        return Ok(TextEncoding::Utf16Le);
    }
    if pairs >= 4 && even * 12 > pairs && odd * 20 < even {
        return Ok(TextEncoding::Utf16Be);
    }
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut chunk = vec![0_u8; 64 << 10];
    let mut kept = 0;
    loop {
        let read = source.read(&mut chunk[kept..])?;
        let filled = kept + read;
        let (used, found) = weigh(&chunk[..filled], read == 0);
        good += found.0;
        bad += found.1;
        chunk.copy_within(used..filled, 0);
        kept = filled - used;
        if read == 0 {
            break;
        }
    }
    // A few damaged bytes in a UTF-8 file do not make it GB18030: there hardly any sequence would be valid.
    if bad == 0 || good > bad * 10 || bad <= misfits(source)? {
        return Ok(TextEncoding::Utf8);
    }
    Ok(TextEncoding::Gb18030)
}

/// How many characters of the source do not fit when it is read as GB18030: bytes that are none, and characters
/// of the private range that no shop uses.
fn misfits(source: &mut Box<dyn Source>) -> Result<u64, SheetError> {
    source.seek(SeekFrom::Start(0))?;
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let mut chunk = vec![0_u8; 64 << 10];
    let mut text = String::with_capacity(256 << 10);
    let mut count = 0;
    loop {
        let read = source.read(&mut chunk)?;
        let (_, _, _) = decoder.decode_to_string(&chunk[..read], &mut text, read == 0);
        count += text
            .chars()
            .filter(|&character| matches!(character, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}'))
            .count() as u64;
        text.clear();
        if read == 0 {
            return Ok(count);
        }
    }
}

/// Counts valid and invalid multi-byte sequences of UTF-8; returns also how many bytes were judged.
fn weigh(bytes: &[u8], last: bool) -> (usize, (u64, u64)) {
    let (mut at, mut good, mut bad) = (0, 0, 0);
    loop {
        let rest = &bytes[at..];
        let (valid, error) = match std::str::from_utf8(rest) {
            Ok(text) => (text.len(), None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        good += rest[..valid].iter().filter(|&&byte| byte >= 0xC0).count() as u64;
        at += valid;
        match error {
            Some(Some(length)) => {
                bad += 1;
                at += length;
            }
            Some(None) if last => return (bytes.len(), (good, bad + 1)),
            None | Some(None) => return (at, (good, bad)),
        }
    }
}

/// One physical line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// Number from 1.
    pub(crate) number: u32,
    /// The text with its line end; empty when it was too long.
    pub(crate) text: String,
    /// The line was over the limit and its text dropped.
    pub(crate) too_long: bool,
}

/// Splits a source into lines ended by LF, CRLF or CR alone.
pub(crate) struct Lines<'a> {
    source: &'a mut dyn Source,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    at: usize,
    number: u32,
    limit: usize,
    drained: bool,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: &'a mut dyn Source, encoding: TextEncoding, limit: usize) -> Self {
        Self {
            source,
            decoder: encoding.codec().new_decoder_with_bom_removal(),
            raw: vec![0; 64 << 10],
            text: String::new(),
            at: 0,
            number: 0,
            limit,
            drained: false,
        }
    }

    fn more(&mut self) -> Result<bool, SheetError> {
        if self.drained {
            return Ok(false);
        }
        self.text.drain(..self.at);
        self.at = 0;
        let read = self.source.read(&mut self.raw)?;
        self.drained = read == 0;
        let mut from = 0;
        loop {
            self.text.reserve((read - from) * 2 + 16);
            let (result, used, _) =
                self.decoder
                    .decode_to_string(&self.raw[from..read], &mut self.text, self.drained);
            from += used;
            if result == encoding_rs::CoderResult::InputEmpty {
                return Ok(true);
            }
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Line>, SheetError> {
        let mut line = Line {
            number: self.number.saturating_add(1),
            ..Line::default()
        };
        let mut seen = 0;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            if let Some(found) = memchr::memchr2(b'\n', b'\r', &rest[seen..]) {
                let at = seen + found;
                if rest[at] == b'\r' && at + 1 == rest.len() && !self.drained {
                    seen = at;
                    self.more()?;
                    continue;
                }
                let length = if rest[at] == b'\r' && rest.get(at + 1) == Some(&b'\n') {
                    at + 2
                } else {
                    at + 1
                };
                self.take(&mut line, length);
                return Ok(Some(line));
            }
            seen = rest.len();
            if seen > self.limit {
                line.too_long = true;
                self.at += seen;
                seen = 0;
            }
            if !self.more()? {
                let length = self.text.len() - self.at;
                if length == 0 && !line.too_long {
                    return Ok(None);
                }
                self.take(&mut line, length);
                return Ok(Some(line));
            }
        }
    }

    fn take(&mut self, line: &mut Line, length: usize) {
        line.too_long |= length > self.limit;
        if !line.too_long {
            line.text.push_str(&self.text[self.at..self.at + length]);
        }
        self.at += length;
        self.number = line.number;
    }
}
