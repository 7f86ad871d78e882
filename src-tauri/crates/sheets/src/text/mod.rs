//! csv, tab and semicolon separated text from outside: encoding and separator are found out, damage is noted
//! line by line, and every row that can be read is read.

mod decode;
mod records;

use std::io::{Read, Seek, SeekFrom};

use serde::Serialize;

use crate::SheetError;
use crate::guard::{Limits, Source};
use crate::model::{CellFlags, CellKind, Loss, LossKind, MAX_COLUMNS, Row, RowVisitor, SheetTail};
use crate::number;

use decode::Lines;
pub use decode::TextEncoding;
use records::{Records, guess_separator};

/// Most losses that are listed one by one.
const LISTED_LOSSES: usize = 10_000;

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextShape {
    /// Encoding found in the bytes.
    pub encoding: TextEncoding,
    /// Separator between fields.
    pub separator: char,
}

/// An opened text file.
pub(crate) struct TextFile {
    source: Box<dyn Source>,
    shape: TextShape,
    limits: Limits,
}

impl std::fmt::Debug for TextFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextFile")
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

impl TextFile {
    pub(crate) fn open(mut source: Box<dyn Source>, limits: Limits) -> Result<Self, SheetError> {
        let encoding = decode::detect(&mut source)?;
        source.seek(SeekFrom::Start(0))?;
        let mut sample = Vec::new();
        let mut lines = Lines::new(source.as_mut(), encoding, limits.text_bytes);
        let mut bytes = 0;
        while let Some(line) = lines.next()? {
            bytes += line.text.len();
            sample.push(line);
            if sample.len() >= 200 || bytes > 256 << 10 {
                break;
            }
        }
        let separator = guess_separator(&sample, limits.text_bytes)?;
        Ok(Self {
            source,
            shape: TextShape {
                encoding,
                separator: char::from(separator),
            },
            limits,
        })
    }

    pub(crate) const fn shape(&self) -> TextShape {
        self.shape
    }

    pub(crate) fn read(&mut self, visit: &mut RowVisitor<'_>) -> Result<SheetTail, SheetError> {
        self.source.seek(SeekFrom::Start(0))?;
        let separator = u8::try_from(self.shape.separator).unwrap_or(b',');
        let lines = Lines::new(self.source.as_mut(), self.shape.encoding, self.limits.text_bytes);
        let mut records = Records::new(lines, separator, self.limits.text_bytes);
        let mut tail = SheetTail::default();
        let mut row = Row::default();
        let note = |losses: &mut Vec<Loss>, line, kind| {
            if losses.len() < LISTED_LOSSES {
                losses.push(Loss { line, kind });
            }
        };
        while let Some(record) = records.next()? {
            for kind in [
                record.broken_quotes.then_some(LossKind::BrokenQuotes),
                record.too_long.then_some(LossKind::LineTooLong),
            ]
            .into_iter()
            .flatten()
            {
                note(&mut tail.losses, record.line, kind);
            }
            if record.too_long {
                continue;
            }
            row.reset(record.line, false);
            let mut damaged = false;
            for (column, field) in (0_u32..).zip(record.fields) {
                if column >= MAX_COLUMNS {
                    note(&mut tail.losses, record.line, LossKind::TooManyFields);
                    break;
                }
                damaged |= add_cell(&mut row, column, field);
            }
            if damaged {
                note(&mut tail.losses, record.line, LossKind::BadBytes);
            }
            tail.rows += 1;
            tail.cells += row.cells().len() as u64;
            if tail.cells > self.limits.cells {
                return Err(SheetError::TooManyCells {
                    limit: self.limits.cells,
                });
            }
            if visit(&row).is_break() {
                break;
            }
        }
        Ok(tail)
    }
}

/// Adds a field as a cell; true when it carries replaced bytes.
fn add_cell(row: &mut Row, column: u32, field: &str) -> bool {
    let (text, formula) = shown(field);
    if text.is_empty() {
        return false;
    }
    let cell = row.push(column);
    cell.kind = CellKind::Text;
    if formula {
        cell.flags.add(CellFlags::FORMULA);
        cell.text.push_str(&text.replace("\"\"", "\""));
    } else {
        cell.text.push_str(text);
    }
    if number::digits_lost(text) {
        cell.flags.add(CellFlags::DIGITS_LOST);
    }
    let damaged = text.contains('\u{FFFD}');
    if damaged {
        cell.flags.add(CellFlags::DAMAGED_TEXT);
    }
    damaged
}

/// The text a spreadsheet would show for a field: without the apostrophe that made it inert, and for `="…"`
/// what stands between the quotes (the flag says so).
fn shown(field: &str) -> (&str, bool) {
    if let Some(rest) = field.strip_prefix('\'')
        && needs_escape(rest)
    {
        return (rest, false);
    }
    let inner = field
        .trim_end_matches(['\t', ' '])
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.replace("\"\"", "").contains('"') => (inner, true),
        _ => (field, false),
    }
}

/// Whether a text must not stand bare in a csv field, because a spreadsheet would calculate it: it begins, after
/// any apostrophes, with one of `= + - @`, tab, carriage return or NUL (OWASP ASVS 5.0, 1.2.10). The writer puts
/// one apostrophe in front of exactly these texts and the reader takes one away from exactly these.
pub(crate) fn needs_escape(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0'])
}

/// Reads up to `wanted` bytes from the start of a source.
pub(crate) fn head(source: &mut dyn Source, wanted: usize) -> Result<Vec<u8>, SheetError> {
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source.take(wanted as u64).read_to_end(&mut bytes)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(bytes)
}
