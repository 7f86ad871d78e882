//! Nouns and rules of the counter.
//!
//! What it is for: the words every other crate shares (products, listings, bindings, orders, findings) and the
//! rules that need nothing but their inputs: matching keys, code checks, preflight, the plan.
//! What it must not know: files, clocks, networks, SQL, the names of platforms in code (rules arrive as data).
//! Read first: [`product::Product`], [`listing::Listing`], [`finding::Finding`].

pub mod allocation;
pub mod binding;
pub mod cause;
pub mod code;
pub mod erp_codes;
pub mod finding;
pub mod id;
pub mod listing;
pub mod money;
pub mod number;
pub mod order;
pub mod plan;
pub mod preflight;
pub mod product;
pub mod reason;
pub mod receipt;
pub mod resolve;
pub mod rules;
pub mod store;
pub mod text;
pub mod wanted;

#[cfg(test)]
mod words;
