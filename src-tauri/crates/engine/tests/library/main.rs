//! The library as a manager meets it: sheets in and out, cells, undo, search, pictures.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a helper that fails fails its test, and a skipped one says so"
)]

mod edits;
mod imports;
mod originals;
mod pictures;
mod support;
