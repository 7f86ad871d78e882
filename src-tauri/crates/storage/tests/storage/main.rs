//! The file as a whole: opening, locking, undo, plans of queries, backups.

mod backups;
mod changes;
mod opening;
mod plans;
mod support;
