//! The local SQLite file.
//!
//! What it is for: opening it safely (one writer, several readers, backup before migration), one file per aggregate
//! with its rows and SQL, the change log behind undo, list queries for pages. What it must not know: networks,
//! platforms, clocks (times are handed in). Read first: [`db::Db`], [`change::Changes`], [`product`].

pub use rusqlite::Connection;

pub mod account;
pub mod backup;
pub mod category;
pub mod change;
pub mod db;
pub mod erp_cache;
pub mod error;
pub mod exception;
pub mod job;
pub mod listing;
mod merge;
pub mod offer;
pub mod order;
pub mod picture;
pub mod platform_category;
pub mod printer;
pub mod product;
pub mod search;
pub mod setting;
pub mod store;
pub mod task;
pub mod ticket;
pub mod views;
