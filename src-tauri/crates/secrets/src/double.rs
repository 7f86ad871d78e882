//! Keychains in memory: for one run without a keychain, and for tests that need every state.

use std::sync::Arc;

use parking_lot::Mutex;
use zeroize::Zeroizing;

use crate::VaultState;
use crate::keychain::{Keychain, Reading};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Keeps the key until the process ends.
#[derive(Default)]
pub(crate) struct Memory {
    entry: Mutex<Option<Zeroizing<String>>>,
}

impl Keychain for Memory {
    fn read(&self) -> Reading {
        self.entry.lock().clone().map_or(Reading::Absent, Reading::Entry)
    }

    fn write(&self, entry: &str) -> Result<(), (VaultState, Option<Source>)> {
        *self.entry.lock() = Some(Zeroizing::new(entry.to_owned()));
        Ok(())
    }

    fn is_lasting(&self) -> bool {
        false
    }
}

/// The switch of a vault made by [`Vault::double`](crate::Vault::double): a keychain for tests that can be put
/// into any state, as a real one gets into it behind the app's back.
#[derive(Clone)]
pub struct Double(Arc<Switch>);

struct Switch {
    memory: Memory,
    state: Mutex<VaultState>,
}

impl Double {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Switch {
            memory: Memory::default(),
            state: Mutex::new(VaultState::Ready),
        }))
    }

    /// Puts the keychain into a state. A key that a vault already loaded keeps working, as with a real
    /// keychain; [`Vault::forget_key`](crate::Vault::forget_key) makes the vault ask again.
    pub fn turn(&self, state: VaultState) {
        *self.0.state.lock() = state;
    }
}

impl Keychain for Double {
    fn read(&self) -> Reading {
        match *self.0.state.lock() {
            VaultState::Ready => self.0.memory.read(),
            VaultState::Missing => Reading::Absent,
            state => Reading::Unavailable(state, None),
        }
    }

    fn write(&self, entry: &str) -> Result<(), (VaultState, Option<Source>)> {
        match *self.0.state.lock() {
            VaultState::Ready => self.0.memory.write(entry),
            state => Err((state, None)),
        }
    }
}
