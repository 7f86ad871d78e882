//! The engine against the simulator in process, judged by the simulator's own books.

mod kit;
mod matching;
mod stock;
mod sync;
