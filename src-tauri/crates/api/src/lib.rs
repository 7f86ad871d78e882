//! The one surface of the engine: commands, their request and answer types, and the words for errors.
//!
//! What it is for: turning requests from the window, the CLI and the devhost into one engine call each. What it must not
//! know: platforms, SQL beyond storage's views, Tauri, HTTP. Read first: [`Api`], [`commands`], [`types`].

pub mod app;
pub mod categories;
pub mod commands;
pub mod erp;
pub mod error;
pub mod exceptions;
pub mod export;
pub mod groups;
pub mod host;
pub mod jobs;
pub mod library;
pub mod listings;
pub mod matching;
pub mod orders;
pub mod pictures;
pub mod printing;
pub mod router;
pub mod sheet;
pub mod stock;
pub mod stores;
pub mod sync;
pub mod types;
pub mod visibility;
pub mod words;

use engine::Engine;
use std::sync::Arc;

pub use error::ApiError;
pub use host::Host;

/// What a command's body works with: the use cases, and the program round them.
#[derive(Clone)]
pub struct Api {
    /// The use cases.
    pub engine: Engine,
    /// What only the program can do.
    pub host: Arc<dyn Host>,
}
