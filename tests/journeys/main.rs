//! Whole stories through the real program: `guitai-cli` as a manager's script calls it, one process for each command,
//! against a simulator that is a process of its own, judged by that simulator's books.

#![expect(clippy::unwrap_used, reason = "a story whose stage cannot be set has failed")]

mod books;
mod desk;
mod drift;
mod keyring;
mod main_job;
mod offline;
