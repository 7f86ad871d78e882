//! Records of a BIFF stream and the workbook-wide ones among them (MS-XLS 2.4).

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::SheetError;
use crate::guard::Limits;
use crate::number::NumberFormat;

use super::compound::{u16_at, u32_at};

/// One record: its number and its data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) id: u16,
    pub(crate) data: &'a [u8],
    /// Where the data begins in the stream.
    pub(crate) at: usize,
}

/// The records from `at` on.
pub(crate) fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let id = u16_at(stream, at)?;
        let length = usize::from(u16_at(stream, at + 2)?);
        let start = at + 4;
        let data = stream.get(start..start + length)?;
        at = start + length;
        Some(Record { id, data, at: start })
    })
}

pub(crate) const CONTINUE: u16 = 0x3C;
pub(crate) const END: u16 = 0x0A;
const BOF: u16 = 0x809;

/// One sheet of the workbook.
#[derive(Debug)]
pub(crate) struct SheetEntry {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(crate) offset: usize,
}

/// What holds for the whole workbook.
#[derive(Debug)]
pub(crate) struct Globals {
    pub(crate) sheets: Vec<SheetEntry>,
    pub(crate) strings: Vec<String>,
    pub(crate) formats: Vec<NumberFormat>,
    pub(crate) date1904: bool,
    /// Text is UTF-16 (BIFF8), otherwise bytes in `codec`.
    pub(crate) wide: bool,
    pub(crate) codec: &'static Encoding,
}

impl Globals {
    pub(crate) fn read(stream: &[u8], limits: &Limits) -> Result<Self, SheetError> {
        let mut globals = Self {
            sheets: Vec::new(),
            strings: Vec::new(),
            formats: Vec::new(),
            date1904: false,
            wide: true,
            codec: encoding_rs::GB18030,
        };
        let mut custom: HashMap<u16, NumberFormat> = HashMap::new();
        let mut styles = Vec::new();
        let mut table: Vec<&[u8]> = Vec::new();
        let mut previous = 0;
        for (index, record) in records(stream, 0).enumerate() {
            let data = record.data;
            if index == 0 && record.id != BOF {
                return Err(SheetError::damaged("Workbook", "no workbook begins here"));
            }
            match record.id {
                BOF => globals.wide = u16_at(data, 0).is_none_or(|version| version >= 0x600),
                0x2F => return Err(SheetError::Encrypted),
                0x42 => globals.codec = codec(u16_at(data, 0).unwrap_or(0)),
                0x22 => globals.date1904 = u16_at(data, 0) == Some(1),
                0x41E => {
                    let code = data.get(2..).and_then(|rest| globals.text(rest, Length::Format));
                    if let (Some(id), Some(code)) = (u16_at(data, 0), code) {
                        custom.insert(id, NumberFormat::parse(&code));
                    }
                }
                0xE0 => styles.push(u16_at(data, 2).unwrap_or(0)),
                0x85 => globals.add_sheet(data),
                0xFC => table.push(data),
                CONTINUE if previous == 0xFC => table.push(data),
                END => break,
                _ => {}
            }
            if record.id != CONTINUE {
                previous = record.id;
            }
        }
        globals.formats = styles
            .into_iter()
            .map(|id| {
                custom
                    .get(&id)
                    .copied()
                    .unwrap_or_else(|| NumberFormat::builtin(u32::from(id)))
            })
            .collect();
        globals.strings = read_strings(&table, limits)?;
        if globals.sheets.is_empty() {
            return Err(SheetError::damaged("Workbook", "no worksheet is listed"));
        }
        Ok(globals)
    }

    fn add_sheet(&mut self, data: &[u8]) {
        let (Some(offset), Some([state, kind])) = (u32_at(data, 0), data.get(4..6)) else {
            return;
        };
        if *kind == 0 {
            let name = data
                .get(6..)
                .and_then(|rest| self.text(rest, Length::Byte))
                .unwrap_or_default();
            self.sheets.push(SheetEntry {
                name,
                hidden: state & 3 != 0,
                offset: offset as usize,
            });
        }
    }

    /// A text that lies in one record.
    pub(crate) fn text(&self, data: &[u8], length: Length) -> Option<String> {
        let (count, rest) = match (length, self.wide) {
            (Length::Byte, _) | (Length::Format, false) => (usize::from(*data.first()?), data.get(1..)?),
            _ => (usize::from(u16_at(data, 0)?), data.get(2..)?),
        };
        if !self.wide {
            let bytes = rest.get(..count.min(rest.len()))?;
            return Some(self.codec.decode_without_bom_handling(bytes).0.into_owned());
        }
        let mut reader = Pieces {
            data: &[rest],
            piece: 0,
            at: 0,
        };
        reader.characters(count)
    }
}

/// How the length of a text is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// One byte.
    Byte,
    /// Two bytes.
    Word,
    /// Two bytes in BIFF8, one in BIFF5.
    Format,
}

fn codec(page: u16) -> &'static Encoding {
    match page {
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 => encoding_rs::WINDOWS_1252,
        65_001 => encoding_rs::UTF_8,
        _ => encoding_rs::GB18030,
    }
}

/// Reads texts that may run over into CONTINUE records.
struct Pieces<'a> {
    data: &'a [&'a [u8]],
    piece: usize,
    at: usize,
}

impl Pieces<'_> {
    fn rest(&self) -> &[u8] {
        self.data
            .get(self.piece)
            .and_then(|piece| piece.get(self.at..))
            .unwrap_or_default()
    }

    fn next_piece(&mut self) -> bool {
        self.piece += 1;
        self.at = 0;
        self.piece < self.data.len()
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut out = [0; N];
        for byte in &mut out {
            while self.rest().is_empty() {
                if !self.next_piece() {
                    return None;
                }
            }
            *byte = *self.rest().first()?;
            self.at += 1;
        }
        Some(out)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 {
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
            if count > 0 && !self.next_piece() {
                return;
            }
        }
    }

    /// A text of `count` characters: flags, sizes of what follows it, characters. Where a CONTINUE record
    /// breaks the characters, the flags are said again.
    fn characters(&mut self, count: usize) -> Option<String> {
        let [flags] = self.bytes()?;
        let runs = if flags & 8 != 0 {
            usize::from(u16::from_le_bytes(self.bytes()?))
        } else {
            0
        };
        let extra = if flags & 4 != 0 {
            u32::from_le_bytes(self.bytes()?) as usize
        } else {
            0
        };
        let mut wide = flags & 1 != 0;
        // A character takes at least one byte of the stream: the count cannot make this larger than the file.
        let mut units: Vec<u16> = Vec::with_capacity(count.min(self.rest().len()));
        while units.len() < count {
            if self.rest().is_empty() {
                if !self.next_piece() {
                    return None;
                }
                let [again] = self.bytes()?;
                wide = again & 1 != 0;
                continue;
            }
            let size = if wide { 2 } else { 1 };
            let here = (self.rest().len() / size).min(count - units.len());
            if here == 0 {
                return None;
            }
            let bytes = self.rest().get(..here * size)?;
            if wide {
                units.extend(
                    bytes
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|pair| u16::from_le_bytes(*pair)),
                );
            } else {
                units.extend(bytes.iter().map(|&byte| u16::from(byte)));
            }
            self.at += here * size;
        }
        self.skip(runs * 4 + extra);
        Some(String::from_utf16_lossy(&units))
    }
}

fn read_strings(table: &[&[u8]], limits: &Limits) -> Result<Vec<String>, SheetError> {
    let Some(first) = table.first() else {
        return Ok(Vec::new());
    };
    let count = u32_at(first, 4).ok_or_else(|| SheetError::damaged("SST", "cut off"))?;
    if u64::from(count) > limits.strings {
        return Err(SheetError::TooManyStrings {
            limit: limits.strings,
        });
    }
    let mut reader = Pieces {
        data: table,
        piece: 0,
        at: 8,
    };
    let mut strings = Vec::new();
    for _ in 0..count {
        let text = reader
            .bytes()
            .map(u16::from_le_bytes)
            .and_then(|count| reader.characters(usize::from(count)));
        match text {
            Some(text) => strings.push(text),
            // Some programs count more strings than they write; a cell that needs one of them is reported.
            None => break,
        }
    }
    Ok(strings)
}
