//! The vault over a real Secret Service, in every state such a keychain can be in.
//!
//! Each test starts this binary again inside a session bus and folders of its own, so that no test meets the
//! machine's own keychain or another test's. Where the tools are not installed, the tests say so and pass.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::print_stdout,
        reason = "a test stops at the first thing that is not as it should be, and prints why it was skipped"
    )
)]

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod scene;
#[cfg(target_os = "linux")]
mod states;
