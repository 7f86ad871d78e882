//! One worksheet of a BIFF stream. Cells are indexed first (programs may write them in any order) and decoded
//! when their row is handed out.

use std::collections::HashSet;

use crate::SheetError;
use crate::guard::Limits;
use crate::model::{CellFlags, CellKind, Merge, Row, RowVisitor, SheetTail};
use crate::number;

use super::biff::{END, Globals, Length, Record, records};
use super::compound::{u16_at, u32_at};

/// Where one cell's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    row: u16,
    column: u16,
    id: u16,
    /// Start of the record's data in the stream.
    at: u32,
}

const FORMULA: u16 = 0x06;
const NUMBER: u16 = 0x203;
const LABEL: u16 = 0x204;
const BOOL_OR_ERROR: u16 = 0x205;
const STRING: u16 = 0x207;
const RICH_LABEL: u16 = 0xD6;
const LABEL_SHARED: u16 = 0xFD;
const RK: u16 = 0x27E;
const MANY_RK: u16 = 0xBD;

/// Streams the rows of the sheet whose records begin at `offset`.
pub(crate) fn stream(
    stream: &[u8],
    offset: usize,
    globals: &Globals,
    limits: &Limits,
    visit: &mut RowVisitor<'_>,
) -> Result<SheetTail, SheetError> {
    let mut index = Index::default();
    let mut ended = false;
    let mut depth = 0_u32;
    for record in records(stream, offset) {
        match record.id {
            // Charts inside a sheet are streams inside the stream.
            0x809 => depth += 1,
            END => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    ended = true;
                    break;
                }
            }
            _ if depth == 1 => index.note(record),
            _ => {}
        }
        if index.slots.len() as u64 > limits.cells {
            return Err(SheetError::TooManyCells { limit: limits.cells });
        }
    }
    if !ended {
        return Err(SheetError::damaged("Workbook", "ends inside a sheet"));
    }
    if !index.slots.is_sorted_by_key(|slot| (slot.row, slot.column)) {
        index.slots.sort_by_key(|slot| (slot.row, slot.column));
    }
    let mut row = Row::default();
    for group in index.slots.chunk_by(|left, right| left.row == right.row) {
        let Some(first) = group.first() else { continue };
        row.reset(u32::from(first.row) + 1, index.hidden_rows.contains(&first.row));
        for slot in group {
            decode(stream, *slot, globals, &mut row)?;
        }
        row.settle();
        index.tail.rows += 1;
        index.tail.cells += row.cells().len() as u64;
        if visit(&row).is_break() {
            break;
        }
    }
    Ok(index.tail)
}

#[derive(Default)]
struct Index {
    slots: Vec<Slot>,
    hidden_rows: HashSet<u16>,
    tail: SheetTail,
}

impl Index {
    fn note(&mut self, record: Record<'_>) {
        let data = record.data;
        let word = |at| u16_at(data, at);
        let at = u32::try_from(record.at).unwrap_or(u32::MAX);
        match record.id {
            FORMULA | NUMBER | LABEL | BOOL_OR_ERROR | RICH_LABEL | LABEL_SHARED | RK => {
                if let (Some(row), Some(column)) = (word(0), word(2)) {
                    self.slots.push(Slot {
                        row,
                        column,
                        id: record.id,
                        at: at + 4,
                    });
                }
            }
            MANY_RK => {
                if let (Some(row), Some(first)) = (word(0), word(2)) {
                    let cells = data.len().saturating_sub(6) / 6;
                    self.slots.extend((0_u16..).zip(0..cells).filter_map(|(step, _)| {
                        let column = first.checked_add(step)?;
                        Some(Slot {
                            row,
                            column,
                            id: RK,
                            at: at + 4 + u32::from(step) * 6,
                        })
                    }));
                }
            }
            0x208 if word(12).is_some_and(|options| options & 0x20 != 0) => {
                self.hidden_rows.extend(word(0));
            }
            0x7D if word(8).is_some_and(|options| options & 1 != 0) => {
                if let (Some(first), Some(last)) = (word(0), word(2)) {
                    self.tail
                        .hidden_columns
                        .extend((first..=last.min(255)).map(u32::from));
                }
            }
            0xE5 => {
                for block in data.get(2..).unwrap_or_default().as_chunks::<8>().0 {
                    let bound = |at| u16_at(block, at).map_or(0, u32::from);
                    self.tail.merges.push(Merge {
                        top: bound(0) + 1,
                        bottom: bound(2) + 1,
                        left: bound(4),
                        right: bound(6),
                    });
                }
            }
            _ => {}
        }
    }
}

/// Decodes one cell into the row. `slot.at` points at the style, the value follows it.
fn decode(stream: &[u8], slot: Slot, globals: &Globals, row: &mut Row) -> Result<(), SheetError> {
    let at = slot.at as usize;
    let cut = || SheetError::damaged("Workbook", "ends inside a cell");
    let style = usize::from(u16_at(stream, at).ok_or_else(cut)?);
    let format = globals.formats.get(style).copied().unwrap_or_default();
    let value = at + 2;
    let cell = row.push(u32::from(slot.column));
    let number = |value: f64, cell: &mut crate::model::Cell| {
        let raw = format!("{value:e}");
        cell.kind = number::show(&raw, format, globals.date1904, &mut cell.text, &mut cell.flags);
    };
    let bytes = |at: usize| {
        stream
            .get(at..at + 8)
            .and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
    };
    match slot.id {
        LABEL_SHARED => {
            let index = u32_at(stream, value).ok_or_else(cut)? as usize;
            let text = globals.strings.get(index).ok_or_else(cut)?;
            cell.kind = CellKind::Text;
            cell.text.push_str(text);
        }
        LABEL | RICH_LABEL => {
            let record = stream.get(value..).ok_or_else(cut)?;
            cell.kind = CellKind::Text;
            cell.text = globals.text(record, Length::Word).ok_or_else(cut)?;
        }
        NUMBER => number(f64::from_le_bytes(bytes(value).ok_or_else(cut)?), cell),
        RK => number(from_rk(u32_at(stream, value).ok_or_else(cut)?), cell),
        BOOL_OR_ERROR => {
            let [content, error] = *stream.get(value..value + 2).ok_or_else(cut)? else {
                return Err(cut());
            };
            bool_or_error(cell, content, error != 0);
        }
        _ => {
            cell.flags.add(CellFlags::FORMULA);
            let result = bytes(value).ok_or_else(cut)?;
            match result {
                [0, .., 0xFF, 0xFF] => {
                    cell.kind = CellKind::Text;
                    cell.text = formula_text(stream, at, globals).unwrap_or_default();
                }
                [kind @ (1 | 2), _, content, .., 0xFF, 0xFF] => bool_or_error(cell, content, kind == 2),
                [.., 0xFF, 0xFF] => {}
                plain => number(f64::from_le_bytes(plain), cell),
            }
        }
    }
    if cell.kind == CellKind::Text && number::digits_lost(&cell.text) {
        cell.flags.add(CellFlags::DIGITS_LOST);
    }
    if cell.text.is_empty() {
        row.pop();
    }
    Ok(())
}

/// The text a formula gave: it stands in a STRING record within the next few.
fn formula_text(stream: &[u8], at: usize, globals: &Globals) -> Option<String> {
    let header = at.checked_sub(8)?;
    records(stream, header)
        .skip(1)
        .take(3)
        .find(|record| record.id == STRING)
        .and_then(|record| globals.text(record.data, Length::Word))
}

fn bool_or_error(cell: &mut crate::model::Cell, content: u8, error: bool) {
    if !error {
        cell.kind = CellKind::Bool;
        cell.text.push_str(if content == 0 { "FALSE" } else { "TRUE" });
        return;
    }
    cell.kind = CellKind::Error;
    cell.text.push_str(match content {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    });
}

/// A number packed into 30 bits (MS-XLS 2.5.218).
fn from_rk(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::from_rk;

    #[test]
    fn packed_numbers() {
        assert!((from_rk(0x3FF0_0000) - 1.0).abs() < f64::EPSILON);
        assert!((from_rk((1299 << 2) | 3) - 12.99).abs() < 1e-9);
        assert!((from_rk(((-5_i32) << 2).cast_unsigned() | 2) + 5.0).abs() < f64::EPSILON);
    }
}
