//! Care of the data: health checks (inside, and of disk and line), backups, and the bundle for support.

pub mod backup;
pub mod diagnostics;
mod health;
mod live;
pub mod redact;

pub use backup::Kept;
pub use diagnostics::{Bundle, Program};
pub use health::Check;

use crate::engine::Engine;
use crate::error::Result;
use secrets::VaultState;

impl Engine {
    /// How the keychain stands now. Asks it without a prompt; may take seconds when it hangs.
    pub async fn vault_state(&self) -> Result<VaultState> {
        let marker = self.db().read(storage::account::any_secret)?;
        let vault = self.0.vault.clone();
        Ok(tokio::task::spawn_blocking(move || vault.state(marker)).await?)
    }

    /// Whether credentials outlive this run where the keychain can be used.
    pub fn vault_is_lasting(&self) -> bool {
        self.0.vault.is_lasting()
    }
}
