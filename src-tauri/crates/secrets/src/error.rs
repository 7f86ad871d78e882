//! What can go wrong with the vault.

use std::time::Duration;

use crate::VaultState;

/// A failure of the vault. No variant carries secret text: errors of parsers that quote their input, and
/// keychain errors that carry an entry's bytes, are dropped on purpose.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key cannot be had now. See [`VaultState`] for what each state means.
    #[error("the keychain is not available ({state})")]
    Unavailable {
        /// Why.
        state: VaultState,
        /// What the keychain itself said, where it said something.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The keychain gave no answer; most often a prompt to unlock it is open on the screen.
    #[error("the keychain gave no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The bytes are not credentials sealed by this crate.
    #[error("these bytes are not sealed credentials")]
    NotSealed,
    /// Sealed by a newer version of this program.
    #[error("sealed in format {0}, which this version does not know")]
    UnknownVersion(u8),
    /// Sealed with another master key, for instance a database restored from another computer.
    #[error("sealed with another master key")]
    OtherKey,
    /// The seal does not hold: the bytes were changed, or belong to another account.
    #[error("the sealed credentials were altered or belong to another account")]
    Altered,
    /// The seal holds but the contents are no set of named texts.
    #[error("the sealed contents are not credentials")]
    Contents,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system")]
    Random(#[source] rand::rngs::SysError),
    /// The operating system refused the thread that talks to the keychain.
    #[error("cannot start a thread for the keychain")]
    Thread(#[source] std::io::Error),
}

impl Error {
    pub(crate) const fn unavailable(state: VaultState) -> Self {
        Self::Unavailable { state, source: None }
    }

    /// The stable code by which messages name this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { state, .. } => state.code(),
            Self::TimedOut(_) => "vault.timed_out",
            Self::NotSealed => "vault.not_sealed",
            Self::UnknownVersion(_) => "vault.unknown_version",
            Self::OtherKey => "vault.other_key",
            Self::Altered => "vault.altered",
            Self::Contents => "vault.contents",
            Self::Random(_) => "vault.random",
            Self::Thread(_) => "vault.thread",
        }
    }

    /// Whether the same call can succeed later without anybody authorizing a store again. Such an error
    /// makes work wait; it never discards credentials.
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. } | Self::TimedOut(_) | Self::Random(_) | Self::Thread(_)
        )
    }
}
