//! What a keychain can be like, seen from outside.

use std::fmt;

/// The state of the vault, decided from what the keychain answers and the caller's marker.
///
/// None of the unavailable states means that credentials are gone: work waits and goes on once the keychain
/// is back. Only a person who gives up the old credentials authorizes a store again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaultState {
    /// Credentials can be sealed and opened now; the key exists, or can be made because none ever was.
    Ready,
    /// There is no keychain to talk to: no session bus, or no Secret Service on it.
    NoService,
    /// The keychain runs but has no default collection to keep a key in.
    NoCollection,
    /// The keychain is locked, or waits for a person to answer its prompt.
    Locked,
    /// A key exists by the caller's marker, yet the keychain shows none: another keychain or user profile is
    /// open, or it was restored from elsewhere. Never reported as deleted.
    Missing,
    /// The keychain answered with something that is no key of ours, or failed in an unknown way.
    Broken,
}

impl VaultState {
    /// All states, in the order of the type, for tables of words.
    pub const ALL: [Self; 6] = [
        Self::Ready,
        Self::NoService,
        Self::NoCollection,
        Self::Locked,
        Self::Missing,
        Self::Broken,
    ];

    /// The stable code by which messages name this state.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ready => "vault.ready",
            Self::NoService => "vault.no_service",
            Self::NoCollection => "vault.no_collection",
            Self::Locked => "vault.locked",
            Self::Missing => "vault.missing",
            Self::Broken => "vault.broken",
        }
    }

    /// Whether credentials can be sealed and opened now.
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::Ready)
    }

    /// Whether this machine offers no keychain at all, so that keeping credentials for this run only is the
    /// honest offer. A locked or unreadable keychain is not such a case: its contents would be shadowed.
    pub const fn is_without_keychain(self) -> bool {
        matches!(self, Self::NoService | Self::NoCollection)
    }
}

impl fmt::Display for VaultState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::VaultState;

    #[test]
    fn every_state_has_its_own_code() {
        let mut codes: Vec<_> = VaultState::ALL.iter().map(|state| state.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), VaultState::ALL.len());
    }
}
