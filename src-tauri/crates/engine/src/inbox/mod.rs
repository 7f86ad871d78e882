//! 收件口: the one address of ours. A platform's consent page leads the manager's browser back to it, platforms that push
//! tell it of orders, and printer clouds of slips that came out. It listens on this machine alone; whoever wants pushes
//! from outside puts a relay before it (README, "Pushes").
//!
//! Nothing that arrives is believed: a consent answer must carry the secret of the question, a push the platform's or
//! the cloud's signature, and what a platform's push tells is only a reason to ask the platform.

mod consent;
mod push;
mod serve;

pub use consent::{ConsentStarted, ConsentState};

use domain::id::AccountId;
use parking_lot::Mutex;
use std::collections::HashMap;

/// Setting: the port of the inbox. Platforms know the return address beforehand, so it stays the same.
pub const PORT_KEY: &str = "inbox_port";
/// Setting: `1` when pushes are received.
pub const PUSHES_KEY: &str = "inbox_pushes";
/// Port when none is set.
pub const PORT: u16 = 17_877;

/// What is open and who is waited for.
#[derive(Default)]
pub(crate) struct Inbox {
    serving: tokio::sync::Mutex<Option<serve::Serving>>,
    consents: Mutex<HashMap<AccountId, consent::Waiting>>,
}
