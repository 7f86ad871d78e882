//! Rows and cells as they come out of any kind of sheet.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Nothing to show (a formula without a stored value, for example).
    #[default]
    Empty,
    /// Text. Every cell of a csv file is text.
    Text,
    /// A number; the text holds its digits without exponent.
    Number,
    /// A date or time; the text is `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` or `HH:MM:SS`.
    Date,
    /// `TRUE` or `FALSE`.
    Bool,
    /// An error such as `#N/A`.
    Error,
}

/// Marks a cell can carry beside its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CellFlags(u8);

impl CellFlags {
    /// The value once had more digits than it has now (`6.90123E+12`, or a number of more than 15 digits).
    pub const DIGITS_LOST: Self = Self(1);
    /// A formula that was never calculated: there is no value to read.
    pub const FORMULA_WITHOUT_VALUE: Self = Self(2);
    /// The value comes from a formula.
    pub const FORMULA: Self = Self(4);
    /// Bytes that do not fit the file's encoding were replaced in this text.
    pub const DAMAGED_TEXT: Self = Self(8);

    /// No mark.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Whether all marks of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Adds the marks of `other`.
    pub const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// One cell with content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Column, counted from 0.
    pub column: u32,
    /// The value as text. Codes keep every digit.
    pub text: String,
    /// What the file says the value is.
    pub kind: CellKind,
    /// Marks.
    pub flags: CellFlags,
}

/// One row. It is reused from row to row while a sheet streams by: copy what you keep.
#[derive(Debug, Clone, Default)]
pub struct Row {
    number: u32,
    hidden: bool,
    cells: Vec<Cell>,
    used: usize,
}

impl Row {
    /// The row's number as Excel shows it (from 1); in csv files the physical line the record begins on.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Whether the row is hidden in the sheet.
    pub const fn hidden(&self) -> bool {
        self.hidden
    }

    /// The cells with content, by rising column. Empty styled cells are left out.
    pub fn cells(&self) -> &[Cell] {
        self.cells.get(..self.used).unwrap_or_default()
    }

    /// The cell in `column` (from 0), if it has content.
    pub fn get(&self, column: u32) -> Option<&Cell> {
        let cells = self.cells();
        cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()
            .and_then(|index| cells.get(index))
    }

    /// The text in `column`, empty when there is none.
    pub fn text(&self, column: u32) -> &str {
        self.get(column).map_or("", |cell| cell.text.as_str())
    }

    /// Whether no cell shows anything but blanks.
    pub fn is_blank(&self) -> bool {
        self.cells()
            .iter()
            .all(|cell| cell.text.trim().is_empty() && !cell.flags.has(CellFlags::FORMULA_WITHOUT_VALUE))
    }

    pub(crate) fn reset(&mut self, number: u32, hidden: bool) {
        self.number = number;
        self.hidden = hidden;
        self.used = 0;
    }

    /// Adds an empty cell and hands it out to be filled; its text buffer is reused.
    pub(crate) fn push(&mut self, column: u32) -> &mut Cell {
        if self.used == self.cells.len() {
            self.cells.push(Cell::default());
        }
        let index = self.used;
        self.used += 1;
        let cell = &mut self.cells[index];
        cell.column = column;
        cell.text.clear();
        cell.kind = CellKind::Empty;
        cell.flags = CellFlags::none();
        cell
    }

    pub(crate) fn pop(&mut self) {
        self.used = self.used.saturating_sub(1);
    }

    /// Puts the cells in column order and keeps the last of two in one place; damaged files need it.
    pub(crate) fn settle(&mut self) {
        let Some(cells) = self.cells.get_mut(..self.used) else {
            return;
        };
        if cells.is_sorted_by(|left, right| left.column < right.column) {
            return;
        }
        cells.sort_by_key(|cell| cell.column);
        let mut kept = 0;
        for index in 0..cells.len() {
            if index + 1 < cells.len() && cells[index].column == cells[index + 1].column {
                continue;
            }
            cells.swap(kept, index);
            kept += 1;
        }
        self.used = kept;
    }
}

/// A merged block; all bounds are inclusive, columns from 0, rows from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetInfo {
    /// Name on the tab; for text files the name is empty.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
}

/// Something in a text file that could not be read as it stands. The row was kept as far as possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Physical line, from 1.
    pub line: u32,
    /// What happened.
    pub kind: LossKind,
}

/// Kinds of [`Loss`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// A quote is never closed; the line was read with the quote as plain text.
    BrokenQuotes,
    /// The line is longer than the limit and was left out.
    LineTooLong,
    /// Bytes that do not fit the encoding became U+FFFD.
    BadBytes,
    /// The record has more fields than a sheet has columns; the rest was left out.
    TooManyFields,
}

/// What is known once a sheet has been read to its end (or to where the reader stopped).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetTail {
    /// Merged blocks, in file order.
    pub merges: Vec<Merge>,
    /// Hidden columns, counted from 0.
    pub hidden_columns: Vec<u32>,
    /// Losses in a text file, at most 10,000 of them.
    pub losses: Vec<Loss>,
    /// Rows handed to the visitor.
    pub rows: u64,
    /// Cells handed to the visitor.
    pub cells: u64,
}

/// Called for each row; `Break` ends the reading early.
pub type RowVisitor<'a> = dyn FnMut(&Row) -> ControlFlow<()> + 'a;

/// `AB` for 27.
pub fn column_letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// 27 for `AB` (any case); `None` when it is not a column Excel has (`A` to `XFD`).
pub fn column_index(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0_u32;
    for byte in letters.bytes() {
        if !byte.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    }
    (column <= MAX_COLUMNS).then(|| column - 1)
}

/// Columns a sheet can have (XFD).
pub(crate) const MAX_COLUMNS: u32 = 16_384;
/// Rows a sheet can have.
pub(crate) const MAX_ROWS: u32 = 1_048_576;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_index_are_inverse() {
        for (index, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_letters(index), letters);
            assert_eq!(column_index(letters), Some(index));
        }
        assert_eq!(column_index("XFE"), None);
        assert_eq!(column_index("1"), None);
    }

    #[test]
    fn unordered_and_doubled_cells_are_settled() {
        let mut row = Row::default();
        row.reset(1, false);
        for (column, text) in [(3, "d"), (1, "b"), (1, "c")] {
            row.push(column).text.push_str(text);
        }
        row.settle();
        let seen: Vec<_> = row
            .cells()
            .iter()
            .map(|cell| (cell.column, cell.text.as_str()))
            .collect();
        assert_eq!(seen, [(1, "c"), (3, "d")]);
    }
}
