//! The library as a manager meets it: sheets in and out, cells, undo, search, pictures.

mod edits;
mod imports;
mod originals;
mod pictures;
mod support;
