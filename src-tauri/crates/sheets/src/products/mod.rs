//! Product sheets: from any workbook to rows of product text, with a reason for everything left out.

mod amount;
mod code;
mod columns;
mod header;
mod mapping;
mod read;
mod row;
mod words;

pub use code::{Code, CodeMark};
pub use columns::{Field, Reason};
pub use mapping::{Evidence, Mapping};
pub use read::{inspect, read_products};
pub use row::{Note, NoteKind, ProductRow, ProductSheet, Rejection, RejectionCode, Scope, Skip, SkipReason};
