//! The crate from outside: real files, damaged files, hostile files, and the way there and back.

mod bombs;
mod kinds;
mod messy;
mod originals;
mod products;
mod roundtrip;
mod support;
