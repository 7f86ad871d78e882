//! Questions to the Secret Service that never open a prompt.

use std::collections::HashMap;

use secret_service::EncryptionType;
use secret_service::Error as ServiceError;
use secret_service::blocking::SecretService;

use crate::VaultState;

/// Whether our entry can be read now.
pub(crate) enum Presence {
    /// There, and readable without a prompt.
    Open,
    /// The default collection is open and holds none.
    Absent,
    /// Cannot be told.
    Unavailable(VaultState, Option<Box<dyn std::error::Error + Send + Sync>>),
}

/// Looks for the entry by the attributes that `keyring` gives it (service and username).
pub(crate) fn look_up(service: &str, username: &str) -> Presence {
    match try_look_up(service, username) {
        Ok(presence) => presence,
        Err(ServiceError::NoResult) => unavailable(VaultState::NoCollection, ServiceError::NoResult),
        Err(error @ (ServiceError::Locked | ServiceError::Prompt)) => unavailable(VaultState::Locked, error),
        Err(error) => unavailable(VaultState::Broken, error),
    }
}

fn try_look_up(service: &str, username: &str) -> Result<Presence, ServiceError> {
    // Only names are asked for, no secret crosses: the plain session needs no key exchange. Whatever keeps
    // us from a session (no bus, nobody on it) is a keychain that is not there.
    let keychain = match SecretService::connect(EncryptionType::Plain) {
        Ok(keychain) => keychain,
        Err(error) => return Ok(unavailable(VaultState::NoService, error)),
    };
    let found = keychain.search_items(HashMap::from([("service", service), ("username", username)]))?;
    if !found.unlocked.is_empty() {
        return Ok(Presence::Open);
    }
    if !found.locked.is_empty() || keychain.get_default_collection()?.is_locked()? {
        return Ok(Presence::Unavailable(VaultState::Locked, None));
    }
    Ok(Presence::Absent)
}

fn unavailable(state: VaultState, error: ServiceError) -> Presence {
    Presence::Unavailable(state, Some(Box::new(error)))
}
