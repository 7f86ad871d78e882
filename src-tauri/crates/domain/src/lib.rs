//! Nouns and rules of the counter: no I/O, no clock, no SQL.
