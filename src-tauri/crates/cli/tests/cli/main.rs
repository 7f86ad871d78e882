//! The program as a script meets it: arguments in, a document, an exit code and words out.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod kit;
mod library;
mod pictures;
mod printers;
mod sheets;
mod simulator;
mod stores;
mod usage;
