//! Bad input, end to end: it is refused in a Chinese sentence that says what to do, within bounded memory, and the
//! library is as it was.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod disk;
mod files;
mod kit;
mod pictures;
mod remote;
mod sheets;
