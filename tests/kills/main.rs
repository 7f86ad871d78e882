//! `kill -9` of the real `guitai-cli` while it imports, syncs and pushes orders, against a simulator in a process of its
//! own (R3). After every kill the data folder is whole, the next run takes the work up, and the simulator's own books
//! show that nothing was lost and nothing done twice.
//!
//! `GUITAI_KILLS` sets the rounds of all tests together (100 by default). A round counts when the process was alive when
//! it was killed. Each test plays inside a session bus of its own with a real keychain, for credentials outlive a killed
//! process there alone.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; figures are for whoever reads the run"
)]

#[cfg(unix)]
mod desk;
#[cfg(unix)]
mod import;
#[cfg(unix)]
mod orders;
#[cfg(unix)]
mod session;
#[cfg(unix)]
mod simulated;
#[cfg(unix)]
mod sync;
