//! The master key in the operating system's keychain, and the credentials sealed with it.
//!
//! One 256-bit key lives in the keychain (Secret Service, macOS Keychain, Windows Credential Manager); every
//! account's credentials are sealed with it by AES-256-GCM and kept by the caller as bytes. One small entry
//! stays under the 2,560 bytes that Windows allows, and listing or backing up never needs the keychain.
//!
//! This crate must not know: SQLite, platforms, what a credential means, or words that people read. It keeps
//! no file of its own; whether a key was ever made is the caller's *marker*, handed in as a `bool`, because a
//! keychain that cannot be reached can answer "no such entry" exactly as an empty one does.
//!
//! Every call may block while the system asks the person to unlock the keychain: call from a blocking thread,
//! never from an async worker.
//!
//! Read first: [`Vault`], [`VaultState`], [`Credentials`].

mod blob;
mod credentials;
mod double;
mod error;
mod guard;
mod keychain;
mod master;
#[cfg(target_os = "linux")]
mod service;
mod state;
mod vault;

pub use credentials::{Credentials, Secret};
pub use double::Double;
pub use error::Error;
pub use state::VaultState;
pub use vault::{KeyOrigin, Vault};
