//! The crate from outside: real files, damaged files, hostile files, and the way there and back.
#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]
#![expect(clippy::print_stdout, reason = "counts reached and tests skipped are shown")]

mod bombs;
mod kinds;
mod messy;
mod originals;
mod products;
mod roundtrip;
mod support;
