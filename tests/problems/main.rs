//! One test per line of the list of problems, named after its id: the simulator makes the situation, the exception and
//! its cause are seen, the remedy is run to its end.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod commands;
mod doudian;
mod ebai;
mod eleme;
mod exceptions;
mod groups;
mod jddj;
mod kit;
mod laike;
mod matching;
mod pictures;
mod platform;
mod preflight;
mod printers;
mod printing;
mod refunds;
mod waimai;
