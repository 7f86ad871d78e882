//! The one surface of the engine: commands, their request and answer types, and the words for errors.
//!
//! What it is for: turning requests from the window, the CLI and the devhost into one engine call each. What it must not
//! know: platforms, SQL beyond storage's views, Tauri, HTTP. Read first: [`commands`], [`types`].

pub mod commands;
pub mod export;
pub mod types;
