//! Seeded runs of the whole engine against a network that loses requests and answers, an ERP of each kind, and an app
//! that dies at any await point. Every run ends with nothing lost and nothing sent twice.
//!
//! `GUITAI_SEEDS` sets how many (500 by default).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; figures are for whoever reads the run"
)]

mod orders;
