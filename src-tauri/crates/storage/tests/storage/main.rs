//! The file as a whole: opening, locking, undo, plans of queries, backups.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod backups;
mod changes;
mod opening;
mod plans;
mod support;
