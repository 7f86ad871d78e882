//! The operating system's keychain as `keyring` offers it, with its answers told apart.

use keyring_core::Entry;
use zeroize::Zeroizing;

use crate::VaultState;

/// The service name of our entries; the user name is the profile.
const SERVICE: &str = "guitai";

type Source = Box<dyn std::error::Error + Send + Sync>;

/// What a keychain said about our entry.
pub(crate) enum Reading {
    /// The entry's text.
    Entry(Zeroizing<String>),
    /// The keychain is open and has no entry of ours.
    Absent,
    /// The entry cannot be read now.
    Unavailable(VaultState, Option<Source>),
}

/// Where the master key's entry is kept. All calls block.
pub(crate) trait Keychain: Send + Sync + 'static {
    /// Reads the entry; may open the system's prompt.
    fn read(&self) -> Reading;
    /// Reads the entry without ever opening a prompt, where the system can do so.
    fn peek(&self) -> Reading {
        self.read()
    }
    /// Writes the entry; may open the system's prompt.
    fn write(&self, entry: &str) -> Result<(), (VaultState, Option<Source>)>;
    /// Whether the entry outlives this process.
    fn is_lasting(&self) -> bool {
        true
    }
}

/// The system's own keychain; the entry is named by service `guitai` and the profile.
pub(crate) struct System {
    profile: String,
}

impl System {
    pub(crate) const fn new(profile: String) -> Self {
        Self { profile }
    }

    /// `keyring` picks the store of the system once per process. Should that have failed, or its connection
    /// have died since, a second connection is tried where the system has one.
    fn attempt<T>(&self, call: impl Fn(&Entry) -> keyring_core::Result<T>) -> keyring_core::Result<T> {
        // The result itself is seen below: without a store, `Entry::new` says so.
        let _ = keyring::Entry::store_status();
        match Entry::new(SERVICE, &self.profile).and_then(|entry| call(&entry)) {
            Err(error) if is_connection_trouble(&error) && connect_again() => {
                call(&Entry::new(SERVICE, &self.profile)?)
            }
            result => result,
        }
    }
}

impl Keychain for System {
    fn read(&self) -> Reading {
        match self.attempt(Entry::get_password) {
            Ok(text) => Reading::Entry(Zeroizing::new(text)),
            Err(keyring_core::Error::NoEntry) => absent(&self.profile),
            Err(error) => {
                let (state, source) = classify(error);
                Reading::Unavailable(state, source)
            }
        }
    }

    #[cfg(target_os = "linux")]
    fn peek(&self) -> Reading {
        use crate::service::{Presence, look_up};
        match look_up(SERVICE, &self.profile) {
            Presence::Open => self.read(),
            Presence::Absent => Reading::Absent,
            Presence::Unavailable(state, source) => Reading::Unavailable(state, source),
        }
    }

    fn write(&self, entry: &str) -> Result<(), (VaultState, Option<Source>)> {
        self.attempt(|keychain| keychain.set_password(entry))
            .map_err(classify)
    }
}

/// An answer of "no entry" from a keychain that is locked or has no collection must not pass for an empty
/// keychain, so the service is asked for its state.
#[cfg(target_os = "linux")]
fn absent(profile: &str) -> Reading {
    use crate::service::{Presence, look_up};
    match look_up(SERVICE, profile) {
        Presence::Absent => Reading::Absent,
        // It appeared between two questions: ask again later.
        Presence::Open => Reading::Unavailable(VaultState::Locked, None),
        Presence::Unavailable(state, source) => Reading::Unavailable(state, source),
    }
}

/// The other systems say so when their keychain is locked.
#[cfg(not(target_os = "linux"))]
fn absent(_: &str) -> Reading {
    Reading::Absent
}

/// Whether a new connection could help.
const fn is_connection_trouble(error: &keyring_core::Error) -> bool {
    matches!(
        error,
        keyring_core::Error::NoDefaultStore | keyring_core::Error::PlatformFailure(_)
    )
}

/// Opens a new connection to the Secret Service and makes it the one that entries use. The first one is
/// made once per process and its session dies with the keychain's daemon.
#[cfg(target_os = "linux")]
fn connect_again() -> bool {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => {
            keyring_core::set_default_store(store);
            true
        }
        Err(error) => {
            tracing::debug!(%error, "the keychain cannot be reached again");
            false
        }
    }
}

/// The other systems have no connection that could die.
#[cfg(not(target_os = "linux"))]
fn connect_again() -> bool {
    false
}

/// The state an error stands for. Errors that carry the entry's bytes lose them here.
fn classify(error: keyring_core::Error) -> (VaultState, Option<Source>) {
    use keyring_core::Error as Keyring;
    match error {
        Keyring::NoDefaultStore => (VaultState::NoService, None),
        Keyring::NoStorageAccess(source) if is_no_collection(&source) => {
            (VaultState::NoCollection, Some(source))
        }
        Keyring::NoStorageAccess(source) => (VaultState::Locked, Some(source)),
        Keyring::PlatformFailure(source) if is_no_service(&source) => (VaultState::NoService, Some(source)),
        Keyring::PlatformFailure(source) => (VaultState::Broken, Some(source)),
        _ => (VaultState::Broken, None),
    }
}

#[cfg(target_os = "linux")]
fn is_no_collection(source: &Source) -> bool {
    matches!(source.downcast_ref(), Some(secret_service::Error::NoResult))
}

#[cfg(target_os = "linux")]
fn is_no_service(source: &Source) -> bool {
    matches!(source.downcast_ref(), Some(secret_service::Error::Unavailable))
}

#[cfg(not(target_os = "linux"))]
const fn is_no_collection(_: &Source) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
const fn is_no_service(_: &Source) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::classify;
    use crate::VaultState;

    #[test]
    fn errors_that_carry_the_entry_lose_it() {
        let canary = b"canary-5511".to_vec();
        let errors = [
            keyring_core::Error::BadEncoding(canary.clone()),
            keyring_core::Error::BadDataFormat(canary, Box::new(std::io::Error::other("canary-5511"))),
        ];
        for error in errors {
            let (state, source) = classify(error);
            assert_eq!(state, VaultState::Broken);
            assert!(source.is_none());
        }
    }

    #[test]
    fn a_refused_prompt_is_a_locked_keychain_and_never_a_missing_one() {
        let refused = keyring_core::Error::NoStorageAccess(Box::new(std::io::Error::other("denied")));
        assert_eq!(classify(refused).0, VaultState::Locked);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_secret_services_own_errors_are_told_apart() {
        use secret_service::Error as Service;
        let access = |error: Service| keyring_core::Error::NoStorageAccess(Box::new(error));
        assert_eq!(classify(access(Service::NoResult)).0, VaultState::NoCollection);
        assert_eq!(classify(access(Service::Prompt)).0, VaultState::Locked);
        assert_eq!(classify(access(Service::Locked)).0, VaultState::Locked);
        let failure = |error: Service| keyring_core::Error::PlatformFailure(Box::new(error));
        assert_eq!(classify(failure(Service::Unavailable)).0, VaultState::NoService);
        assert_eq!(classify(failure(Service::Crypto("x"))).0, VaultState::Broken);
    }
}
