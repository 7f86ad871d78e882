//! The vault: one master key, and what is sealed with it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::double::{Double, Memory};
use crate::guard::Guard;
use crate::keychain::{Keychain, Reading, System};
use crate::master::MasterKey;
use crate::{Credentials, Error, VaultState, blob};

/// A question that opens no prompt is answered in milliseconds; this much covers a busy machine.
const PEEK_PATIENCE: Duration = Duration::from_secs(10);
/// A read or write may wait for a person who types the keychain's password.
const USE_PATIENCE: Duration = Duration::from_mins(2);

/// Whether [`Vault::ensure_key`] found a key or made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOrigin {
    /// It was there.
    Found,
    /// It was made just now. The caller stores its marker before anything sealed.
    Made,
}

/// The vault. Cheap to clone; all clones share one loaded key. Once loaded, the key stays in this process
/// (and is wiped at the end), so that a keychain which locks itself in mid-work stops nothing.
///
/// Every method that asks the keychain blocks: for at most 10 seconds where no prompt can open, for at most
/// two minutes where one can.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
}

struct Shared {
    keychain: Arc<dyn Keychain>,
    guard: Guard,
    loaded: Mutex<Option<Arc<MasterKey>>>,
}

impl Vault {
    /// The operating system's keychain. `profile` names the data folder this vault belongs to (an id kept in
    /// it, not a path), so that two folders on one machine have keys of their own.
    pub fn keychain(profile: impl Into<String>) -> Self {
        Self::over(System::new(profile.into()))
    }

    /// A vault of this process alone, for a machine without a keychain. Its key is made on first use and is
    /// gone at the end: what it sealed must not be stored. See [`is_lasting`](Self::is_lasting).
    pub fn memory() -> Self {
        Self::over(Memory::default())
    }

    /// A vault over a keychain for tests, and the switch that puts that keychain into any state.
    pub fn double() -> (Self, Double) {
        let double = Double::new();
        (Self::over(double.clone()), double)
    }

    fn over(keychain: impl Keychain) -> Self {
        let shared = Shared {
            keychain: Arc::new(keychain),
            guard: Guard::default(),
            loaded: Mutex::new(None),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether sealed credentials can be opened by a later run.
    pub fn is_lasting(&self) -> bool {
        self.shared.keychain.is_lasting()
    }

    /// The state as far as sealing and opening go: ready while the key is loaded, otherwise what
    /// [`probe`](Self::probe) says. `marker` says whether a key was ever made for this data.
    pub fn state(&self, marker: bool) -> VaultState {
        if self.shared.loaded.lock().is_some() {
            VaultState::Ready
        } else {
            self.probe(marker)
        }
    }

    /// The state of the keychain itself, asked now, without opening a prompt where the system can do so. A
    /// keychain that does not answer is [`VaultState::Locked`]: an open prompt is the common cause.
    pub fn probe(&self, marker: bool) -> VaultState {
        let keychain = Arc::clone(&self.shared.keychain);
        match self.shared.guard.run(PEEK_PATIENCE, move || keychain.peek()) {
            Ok(Reading::Entry(text)) if MasterKey::from_entry(&text).is_some() => VaultState::Ready,
            Ok(Reading::Absent) if marker && self.is_lasting() => VaultState::Missing,
            Ok(Reading::Absent) => VaultState::Ready,
            Ok(Reading::Unavailable(state, source)) => {
                tracing::debug!(%state, ?source, "the keychain is not available");
                state
            }
            Err(Error::TimedOut(_)) => VaultState::Locked,
            Ok(Reading::Entry(_)) | Err(_) => VaultState::Broken,
        }
    }

    /// Makes sure that there is a key, and makes the first one when `marker` says there never was one. Call
    /// before the first [`seal`](Self::seal), then store the marker.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the state; a key is never made over one that merely cannot be seen.
    pub fn ensure_key(&self, marker: bool) -> Result<KeyOrigin, Error> {
        match self.key() {
            Ok(_) => Ok(KeyOrigin::Found),
            Err(Error::Unavailable {
                state: VaultState::Missing,
                ..
            }) if !marker => self.make_key().map(|()| KeyOrigin::Made),
            Err(error) => Err(error),
        }
    }

    /// Seals the credentials of the account with that id.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the key cannot be had; `Missing` also when none was ever made, see
    /// [`ensure_key`](Self::ensure_key).
    pub fn seal(&self, account: &str, credentials: &Credentials) -> Result<Vec<u8>, Error> {
        blob::seal(&*self.key()?, account, &credentials.to_clear_json()?)
    }

    /// Opens what [`seal`](Self::seal) made for the same account id. That something was sealed proves that a
    /// key existed, so a keychain without one is [`VaultState::Missing`] here, whatever the marker says.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the key cannot be had, and one variant for each way in which the bytes
    /// are not what this vault sealed for this account.
    pub fn open(&self, account: &str, sealed: &[u8]) -> Result<Credentials, Error> {
        Credentials::from_clear_json(&blob::open(&*self.key()?, account, sealed)?)
    }

    /// Drops the loaded key; the next use asks the keychain again.
    pub fn forget_key(&self) {
        *self.shared.loaded.lock() = None;
    }

    fn key(&self) -> Result<Arc<MasterKey>, Error> {
        if let Some(key) = &*self.shared.loaded.lock() {
            return Ok(Arc::clone(key));
        }
        match self.read_key() {
            Err(Error::Unavailable {
                state: VaultState::Missing,
                ..
            }) if !self.is_lasting() => {
                self.make_key()?;
                self.read_key()
            }
            result => result,
        }
    }

    fn read_key(&self) -> Result<Arc<MasterKey>, Error> {
        let keychain = Arc::clone(&self.shared.keychain);
        match self.shared.guard.run(USE_PATIENCE, move || keychain.read())? {
            Reading::Entry(text) => {
                let key = MasterKey::from_entry(&text).ok_or(Error::unavailable(VaultState::Broken))?;
                let key = Arc::new(key);
                *self.shared.loaded.lock() = Some(Arc::clone(&key));
                Ok(key)
            }
            Reading::Absent => Err(Error::unavailable(VaultState::Missing)),
            Reading::Unavailable(state, source) => Err(Error::Unavailable { state, source }),
        }
    }

    /// Writes a new key and reads it back: only a key that was seen in the keychain may seal anything.
    fn make_key(&self) -> Result<(), Error> {
        let made = MasterKey::generate()?;
        let entry = made.to_entry();
        let keychain = Arc::clone(&self.shared.keychain);
        self.shared
            .guard
            .run(USE_PATIENCE, move || keychain.write(&entry))?
            .map_err(|(state, source)| Error::Unavailable { state, source })?;
        let read = self.read_key()?;
        if read.key() != made.key() {
            self.forget_key();
            return Err(Error::unavailable(VaultState::Broken));
        }
        Ok(())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("lasting", &self.is_lasting())
            .field("loaded", &self.shared.loaded.lock().is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyOrigin, Vault};
    use crate::{Credentials, Error, VaultState};

    fn credentials() -> Credentials {
        [("app_secret", "canary-77-密")].into_iter().collect()
    }

    #[test]
    fn a_memory_vault_seals_at_once_and_says_it_does_not_last() {
        let vault = Vault::memory();
        assert!(!vault.is_lasting());
        assert_eq!(vault.state(true), VaultState::Ready);
        let sealed = vault.seal("a", &credentials()).unwrap();
        assert_eq!(
            vault.open("a", &sealed).unwrap().expose("app_secret"),
            Some("canary-77-密")
        );
        assert!(matches!(Vault::memory().open("a", &sealed), Err(Error::OtherKey)));
    }

    #[test]
    fn the_first_key_is_made_once() {
        let (vault, _) = Vault::double();
        assert_eq!(vault.state(false), VaultState::Ready);
        assert_eq!(vault.ensure_key(false).unwrap(), KeyOrigin::Made);
        vault.forget_key();
        assert_eq!(vault.ensure_key(false).unwrap(), KeyOrigin::Found);
        assert_eq!(vault.ensure_key(true).unwrap(), KeyOrigin::Found);
    }

    #[test]
    fn no_unavailable_state_makes_a_key_or_loses_one() {
        for state in VaultState::ALL.into_iter().filter(|state| !state.is_ready()) {
            let (vault, double) = Vault::double();
            vault.ensure_key(false).unwrap();
            let sealed = vault.seal("a", &credentials()).unwrap();
            vault.forget_key();
            double.turn(state);
            assert_eq!(vault.state(true), state);
            for error in [
                vault.ensure_key(true).unwrap_err(),
                vault.seal("a", &credentials()).unwrap_err(),
                vault.open("a", &sealed).unwrap_err(),
            ] {
                assert_eq!(error.code(), state.code());
                assert!(error.is_temporary());
            }
            double.turn(VaultState::Ready);
            assert_eq!(
                vault.open("a", &sealed).unwrap().expose("app_secret"),
                Some("canary-77-密")
            );
        }
    }

    #[test]
    fn a_keychain_that_locks_in_mid_work_stops_nothing() {
        let (vault, double) = Vault::double();
        vault.ensure_key(false).unwrap();
        double.turn(VaultState::Locked);
        let sealed = vault.seal("a", &credentials()).unwrap();
        assert!(vault.open("a", &sealed).is_ok());
        assert_eq!(vault.state(true), VaultState::Ready);
        assert_eq!(vault.probe(true), VaultState::Locked);
    }

    #[test]
    fn a_marker_turns_an_absent_key_into_a_missing_one() {
        let (vault, _) = Vault::double();
        assert_eq!(vault.state(true), VaultState::Missing);
        assert_eq!(vault.ensure_key(true).unwrap_err().code(), "vault.missing");
        assert_eq!(
            vault.state(false),
            VaultState::Ready,
            "and nothing was made on the way"
        );
    }

    #[test]
    fn sealed_bytes_and_debug_text_hold_no_clear_secret() {
        let vault = Vault::memory();
        let sealed = vault.seal("a", &credentials()).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert_eq!(format!("{vault:?}"), "Vault { lasting: false, loaded: true }");
    }
}
