//! The simulator of platforms and ERPs, written from the documents alone.
