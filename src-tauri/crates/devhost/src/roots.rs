//! Putting the counter together: the one place where connectors, vault and file meet the engine. The window, the
//! devhost, the CLI and the tests all open through here.

use connect::gateway::Gateway;
use connect::transport::{HttpTransport, Transport, install_crypto};
use engine::clock::{Chance, Clock, SystemClock};
use engine::error::{EngineError, Result};
use engine::{Connectors, Engine, EngineOptions};
use secrets::Vault;
use std::path::Path;
use std::sync::Arc;
use storage::db::{Access, Db};

/// Every platform and ERP over one transport.
pub fn connectors(transport: Arc<dyn Transport>, clock: &Arc<dyn Clock>) -> Connectors {
    let tells = clock.clone();
    let gateway = Gateway::new(transport, Arc::new(move || tells.now()));
    let platforms = platforms::registry::registry(gateway.clone());
    let erps = erp::registry::registry(gateway.clone());
    let printers = printing::registry::registry(gateway.clone());
    Connectors {
        platforms: platforms
            .all()
            .map(|p| (p.descriptor().id.to_owned(), p.clone()))
            .collect(),
        erps: erps
            .all()
            .map(|e| (e.descriptor().id.to_owned(), e.clone()))
            .collect(),
        printers: printers
            .all()
            .map(|p| (p.descriptor().id.to_owned(), p.clone()))
            .collect(),
        gateway,
    }
}

/// Opens a data folder with real HTTP, the machine's clock and its keychain.
///
/// # Errors
/// What opening the file answers: in use by another process (names it), newer, damaged, not there (reading only).
pub fn open(folder: &Path, access: Access, program: &str) -> Result<Engine> {
    open_with(folder, access, program, None)
}

/// The same with a vault of the caller's choice; the machine's keychain without one.
pub fn open_with(folder: &Path, access: Access, program: &str, vault: Option<Vault>) -> Result<Engine> {
    install_crypto();
    let db = Arc::new(Db::open(folder, access, program)?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let transport = HttpTransport::new().map_err(|error| EngineError::File {
        path: "tls".to_owned(),
        source: std::io::Error::other(error),
    })?;
    let vault = match vault {
        Some(vault) => vault,
        None => Vault::keychain(profile(&db)?),
    };
    let seed = u64::try_from(clock.now()).unwrap_or(0);
    Engine::new(EngineOptions {
        connectors: connectors(Arc::new(transport), &clock),
        db,
        vault,
        clock,
        chance: Chance::seeded(seed),
        actor: "店长".to_owned(),
    })
}

/// The id of a data folder, kept in it, by which its master key is found in the keychain. Made once; a folder that is
/// only read and never had one gets a name of its own that no key has.
fn profile(db: &Db) -> Result<String> {
    const KEY: &str = "vault.profile";
    if let Some(known) = db.read(|c| storage::setting::get(c, KEY))? {
        return Ok(known);
    }
    let new = uuid::Uuid::new_v4().to_string();
    if db.can_write() {
        db.write(|tx| storage::setting::set(tx, KEY, Some(&new)).map_err(EngineError::from))?;
    }
    Ok(new)
}
