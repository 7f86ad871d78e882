//! The engine itself: the open file, the ports, the clock, and who is working on what.

use crate::clock::{Chance, Clock};
use crate::error::{EngineError, Result};
use crate::event::{Event, Events, Throttled};
use crate::jobs::Jobs;
use crate::rulebook::Rulebook;
use connect::erp::Erp;
use connect::gateway::Gateway;
use connect::platform::Platform;
use connect::printer::Printer;
use connect::session::Credentials;
use domain::id::{AccountId, PrinterAccountId};
use parking_lot::Mutex;
use secrets::Vault;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use storage::change::Origin;
use storage::db::Db;

/// The connectors by id, as the roots put them together.
#[derive(Clone)]
pub struct Connectors {
    /// Sales platforms.
    pub platforms: BTreeMap<String, Arc<dyn Platform>>,
    /// ERPs.
    pub erps: BTreeMap<String, Arc<dyn Erp>>,
    /// Kinds of printer.
    pub printers: BTreeMap<String, Arc<dyn Printer>>,
    /// The gateway they all call through, for showing waits.
    pub gateway: Gateway,
}

/// What an engine is made of.
pub struct EngineOptions {
    /// The open file.
    pub db: Arc<Db>,
    /// Platforms and ERPs.
    pub connectors: Connectors,
    /// Where the master key lives.
    pub vault: Vault,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Jitter.
    pub chance: Chance,
    /// Who sits at the counter: the actor of change batches.
    pub actor: String,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Arc<Db>,
    pub(crate) connectors: Connectors,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Chance,
    pub(crate) actor: String,
    pub(crate) rules: Rulebook,
    pub(crate) events: Events,
    pub(crate) jobs: Jobs,
    /// Credentials opened in this run, and those that live for this run only.
    pub(crate) opened: Mutex<HashMap<AccountId, Credentials>>,
    /// The same for accounts of printers.
    pub(crate) printer_keys: Mutex<HashMap<PrinterAccountId, Credentials>>,
    /// What the last 体检 found, and who is writing to which store.
    pub(crate) sync: crate::sync::SyncState,
    /// The library in memory.
    pub(crate) library: crate::library::catalog::Catalog,
    /// One pushing round at a time, so that no order can be in two hands.
    pub(crate) pushing: tokio::sync::Mutex<()>,
    /// One printing round at a time, so that no slip can be in two hands.
    pub(crate) printing: tokio::sync::Mutex<()>,
    /// One token refresh per account at a time.
    pub(crate) refreshing: tokio::sync::Mutex<()>,
    /// The address of ours and what is waited for there.
    pub(crate) inbox: crate::inbox::Inbox,
    /// When the last test of a store began, UTC ms (F61a).
    pub(crate) store_test_at: tokio::sync::Mutex<i64>,
}

impl Engine {
    /// Makes the engine and settles what a crash may have left behind: tasks found `sending` become `unknown`, jobs
    /// found running become interrupted.
    pub fn new(options: EngineOptions) -> Result<Self> {
        let packs = options
            .connectors
            .platforms
            .iter()
            .map(|(id, p)| (id.as_str(), p.descriptor().rules));
        let rules = Rulebook::load(&options.db.folder().join("rules"), packs)?;
        let events = Events::default();
        tell_slowdowns(&options.connectors.gateway, events.clone(), options.clock.clone());
        let engine = Self(Arc::new(Inner {
            db: options.db,
            connectors: options.connectors,
            vault: options.vault,
            clock: options.clock,
            chance: options.chance,
            actor: options.actor,
            rules,
            events,
            jobs: Jobs::default(),
            opened: Mutex::new(HashMap::new()),
            printer_keys: Mutex::new(HashMap::new()),
            sync: crate::sync::SyncState::default(),
            library: crate::library::catalog::Catalog::default(),
            pushing: tokio::sync::Mutex::new(()),
            printing: tokio::sync::Mutex::new(()),
            refreshing: tokio::sync::Mutex::new(()),
            inbox: crate::inbox::Inbox::default(),
            store_test_at: tokio::sync::Mutex::new(0),
        }));
        if engine.db().can_write() {
            let now = engine.now();
            engine.db().write(|tx| {
                let tasks = storage::task::sending_to_unknown(tx)?;
                let slips = storage::ticket::sending_to_waiting(tx, crate::printing::UNKNOWN)?;
                let jobs = storage::job::mark_interrupted(tx, now)?;
                if tasks > 0 || slips > 0 || !jobs.is_empty() {
                    tracing::info!(
                        tasks,
                        slips,
                        jobs = jobs.len(),
                        "settled what the last run left open"
                    );
                }
                Ok::<_, EngineError>(())
            })?;
        }
        Ok(engine)
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.0.db.folder()
    }

    /// UTC milliseconds.
    pub fn now(&self) -> i64 {
        self.0.clock.now()
    }

    /// Events.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// Rule packs, error dictionary.
    pub fn rules(&self) -> &Rulebook {
        &self.0.rules
    }

    /// Jobs of this run.
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// A platform by id.
    pub fn platform(&self, id: &str) -> Result<Arc<dyn Platform>> {
        self.0
            .connectors
            .platforms
            .get(id)
            .cloned()
            .ok_or_else(|| EngineError::UnknownService(id.to_owned()))
    }

    /// An ERP by id.
    pub fn erp(&self, id: &str) -> Result<Arc<dyn Erp>> {
        self.0
            .connectors
            .erps
            .get(id)
            .cloned()
            .ok_or_else(|| EngineError::UnknownService(id.to_owned()))
    }

    /// A kind of printer by id.
    pub fn printer_kind(&self, id: &str) -> Result<Arc<dyn Printer>> {
        self.0
            .connectors
            .printers
            .get(id)
            .cloned()
            .ok_or_else(|| EngineError::UnknownService(id.to_owned()))
    }

    /// A platform's or an ERP's name as merchants know it; the id when there is no connector of it.
    pub fn service_name(&self, id: &str) -> String {
        let connectors = &self.0.connectors;
        let platform = connectors
            .platforms
            .get(id)
            .map(|platform| platform.descriptor().name);
        let name = platform.or_else(|| connectors.erps.get(id).map(|erp| erp.descriptor().name));
        name.unwrap_or(id).to_owned()
    }

    /// The connectors.
    pub fn connectors(&self) -> &Connectors {
        &self.0.connectors
    }

    /// The origin of a batch that the manager makes now.
    pub fn by_user(&self, title: &'static str) -> Origin {
        Origin {
            at: self.now(),
            actor: self.0.actor.clone(),
            origin: "user",
            title,
            params: BTreeMap::new(),
        }
    }

    /// The origin of a batch that the app makes by itself.
    pub fn by_itself(&self, origin: &'static str, title: &'static str) -> Origin {
        Origin {
            at: self.now(),
            actor: "auto".to_owned(),
            origin,
            title,
            params: BTreeMap::new(),
        }
    }
}

/// Passes on what platforms say about calling too often, wherever the call came from.
fn tell_slowdowns(gateway: &Gateway, events: Events, clock: Arc<dyn Clock>) {
    gateway.pacer().on_slowdown(move |slowdown| {
        let (service, store) = crate::session::whose(&slowdown.account, &slowdown.store);
        let wait = i64::try_from(slowdown.wait.as_millis()).unwrap_or(i64::MAX);
        events.send(Event::Throttled(Throttled {
            service,
            store,
            until: clock.now().saturating_add(wait),
        }));
    });
}
