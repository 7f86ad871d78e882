//! The engine against the simulator in process, judged by the simulator's own books.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where its ground is not as it must be"
)]

mod accounts;
mod binding_sheet;
mod kit;
mod matching;
mod narrowing;
mod order_of_steps;
mod slowdown;
mod states;
mod stock;
mod sync;
mod taken;
