//! One folder per ERP, and the registry.
//!
//! What it is for: speaking each ERP's protocol behind the one port [`connect::erp::Erp`]. What it must not know: the
//! library, the engine, SQL, windows, and any sibling: an ERP folder uses `connect` and `domain` only. Read first:
//! [`registry::registry`], then [`ama::Ama`].

pub mod ama;
pub mod jushuitan;
pub mod registry;
pub mod tryton;
pub mod vectors;
pub mod wangdiantong;
