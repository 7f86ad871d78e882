//! List queries for pages: filter, sort, page, counts.

pub mod library;
pub mod listings;
pub mod orders;
pub mod status;
