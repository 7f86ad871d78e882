//! Use cases: the only crate that joins the others.
//!
//! What it is for: everything a manager can do, as functions on [`Engine`]; each writes locally first and speaks to the
//! outside through ports. What it must not know: any platform or ERP by name (they come from a registry), Tauri, HTTP
//! servers, words for people (findings and errors carry codes). Read first: [`Engine`], [`error::EngineError`],
//! [`orders::push`].

mod abreast;
pub mod clock;
pub mod doctor;
mod engine;
pub mod erp_move;
pub mod error;
pub mod event;
pub mod inbox;
pub mod jobs;
pub mod library;
pub mod matching;
pub mod orders;
pub mod printing;
pub mod pull;
pub mod rulebook;
mod session;
pub mod stock;
pub mod stores;
pub mod sync;

pub use engine::{Connectors, Engine, EngineOptions};
