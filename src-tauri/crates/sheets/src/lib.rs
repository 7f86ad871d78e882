//! Spreadsheets from outside, read as a guarded stream; spreadsheets of ours, written safely.
