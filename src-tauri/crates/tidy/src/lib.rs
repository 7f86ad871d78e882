//! Layout rules of the house, as tests.
//!
//! A rule that nothing checks is forgotten in a month. Each module here guards a group of rules, keeps its
//! tables in one place, and proves on a made-up example that it can fail. Folders that are not there yet
//! break nothing.
//!
//! This crate must not know: what the code does. It reads manifests and source text only, and nothing
//! depends on it.
//!
//! Read first: `tree` (the files), `crates` (who may depend on whom), `pages` (the same for the UI).

#[cfg(test)]
mod crates;
#[cfg(test)]
mod files;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod names;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod tree;
