//! Sheets of ours, going out: codes as text, nothing a spreadsheet would calculate, constant memory.

mod csv;
mod rejects;
mod target;
mod xlsx;

pub use csv::CsvWriter;
pub use rejects::write_rejects;
pub use target::TargetFile;
pub use xlsx::XlsxWriter;

/// A column of a sheet to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec<'a> {
    /// Header text.
    pub title: &'a str,
    /// Marked in the header as required.
    pub required: bool,
    /// Width in characters of the standard font (xlsx only).
    pub width: u16,
}

impl<'a> ColumnSpec<'a> {
    /// A column that may stay empty, of usual width.
    pub const fn new(title: &'a str) -> Self {
        Self {
            title,
            required: false,
            width: 16,
        }
    }

    /// The same column, required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same column, `width` characters wide.
    #[must_use]
    pub const fn wide(mut self, width: u16) -> Self {
        self.width = width;
        self
    }
}

/// A value to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text, codes among it: comes back exactly as it is here.
    Text(&'a str),
    /// Text in a cell that is marked as wrong (xlsx: red ground; csv: plain).
    Marked(&'a str),
    /// Money in fen, written as yuan with two places.
    Fen(i64),
    /// A whole number.
    Integer(i64),
}

/// Yuan with two places.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let amount = fen.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}
