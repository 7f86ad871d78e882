//! The counter without a window: how its parts are put together, and the same api over loopback HTTP.
//!
//! What it is for: roots that the window, the CLI and the tests share, the demo shop, and a host for browser tests. What it
//! must not know: Tauri. Read first: [`roots`].

pub mod counter;
pub mod demo;
pub mod roots;
pub mod server;
