//! The library as a manager meets it: sheets in and out, cells, undo, search, pictures.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod edits;
mod imports;
mod originals;
mod pictures;
mod support;
