//! Seeded runs of the whole engine against a network that loses requests and answers, an ERP of each kind, platforms in
//! bad weather, and an app that dies at any await point. Every run ends with nothing lost and nothing sent twice.
//!
//! `GUITAI_SEEDS` sets how many in all (500 by default: 300 of orders, 200 of the sync), `GUITAI_SEED` replays one.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; figures are for whoever reads the run"
)]

mod cancel;
mod dying;
mod goods;
mod orders;
mod shop;
mod sync;
mod thousand;
