//! Request and response types: the border's own words. Ids are numbers, remote ids and codes are text, money is fen,
//! times are UTC milliseconds. Exported to TypeScript by the test in `export.rs`.

pub mod app;
pub mod categories;
pub mod erp;
pub mod exceptions;
pub mod groups;
pub mod jobs;
pub mod library;
pub mod listings;
pub mod matching;
pub mod orders;
pub mod printing;
pub mod shared;
pub mod sheet;
pub mod stock;
pub mod stores;
pub mod sync;
pub mod visibility;
