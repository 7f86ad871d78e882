//! 匹配绑定: proposals for a store with their sums, and making and taking back bindings.
//!
//! Read [`report`] for what is proposed, [`bind`] for what a binding sets going, [`adopt`] for products made of listings,
//! [`sheet`] for bindings as a file.

pub mod adopt;
pub mod bind;
pub mod report;
pub mod sheet;
