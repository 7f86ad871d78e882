//! Spreadsheets from outside, read as a guarded stream; spreadsheets of ours, written safely.
//!
//! The crate reads xlsx, xls and separated text row by row within fixed [`Limits`], recognises which column is
//! which in a product sheet, and writes sheets in which nothing can be calculated by accident. It must not know
//! the library, the database, any platform, or the words shown to a person: it hands out codes and parameters.
//!
//! Read first: [`Workbook`] (a file as a stream of [`Row`]s), [`Mapping`] and [`ProductSheet`] (what
//! [`read_products`] makes of it), [`XlsxWriter`].

mod error;
mod guard;
mod model;
mod number;
mod products;
mod text;
mod workbook;
mod write;
mod xls;
mod xlsx;
mod xml;

pub use error::SheetError;
pub use guard::Limits;
pub use model::{
    Cell, CellFlags, CellKind, Loss, LossKind, Merge, Row, RowVisitor, SheetInfo, SheetTail, column_index,
    column_letters,
};
pub use products::{
    Code, CodeMark, Evidence, Field, Mapping, Note, NoteKind, ProductRow, ProductSheet, Reason, Rejection,
    RejectionCode, Scope, Skip, SkipReason, inspect, read_products,
};
pub use text::{TextEncoding, TextShape};
pub use workbook::{FileKind, Workbook};
pub use write::{ColumnSpec, CsvWriter, TargetFile, Value, XlsxWriter, write_rejects};
