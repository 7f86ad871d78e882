//! The same api over loopback HTTP, for browser tests and machines without a display.
