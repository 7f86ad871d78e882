//! The one surface of the engine: commands, their request and answer types, and the words for errors.
//!
//! What it is for: turning requests from the window, the CLI and the devhost into one engine call each. What it must not
//! know: platforms, SQL beyond storage's views, Tauri, HTTP. Read first: [`Api`], [`commands`], [`types`].

pub mod commands;
pub mod error;
pub mod export;
pub mod exceptions;
pub mod host;
pub mod library;
pub mod orders;
pub mod pictures;
pub mod sheet;
pub mod types;

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
