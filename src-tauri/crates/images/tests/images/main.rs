//! Pictures through the whole crate: made in the test, and the shared collection.

#![expect(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

mod corpus;
mod hostile;
mod made;
mod pictures;
