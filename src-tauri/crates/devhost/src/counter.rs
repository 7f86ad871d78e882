//! The open counter of a program: the real data or the demo shop, opened, put away and opened anew while the window
//! stays. The window and the devhost differ only in how they reach [`Counter::dispatch`].

use crate::{demo, roots};
use api::{Api, ApiError, Host};
use async_trait::async_trait;
use engine::clock::Clock as _;
use engine::doctor::Program;
use engine::error::EngineError;
use engine::event::Event;
use engine::jobs::Rounds;
use parking_lot::{Mutex, RwLock};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;
use storage::db::Access;
use storage::error::StorageError;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How long a restore or a new demo shop waits for commands that are still under way.
const SETTLE: Duration = Duration::from_millis(100);
const SETTLE_ROUNDS: usize = 50;

/// What a counter is opened with.
#[derive(Clone, Debug)]
pub struct CounterOptions {
    /// The data folder. The demo shop lies in its folder `demo`.
    pub folder: PathBuf,
    /// Name of the program, as other copies see it.
    pub program: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Whether it works by itself: reads orders, backs up.
    pub rounds: bool,
    /// Whether pages of platforms may be shown in the browser of whoever sits here.
    pub browser: bool,
    /// Seed of the demo shop.
    pub seed: u64,
}

/// What goes to the pages.
#[derive(Clone, Debug)]
pub enum Notice {
    /// An event of the engine.
    Event(Event),
    /// Other data are open now: everything has to be read again.
    Reloaded,
}

/// The counter. Cheap to clone.
#[derive(Clone)]
pub struct Counter(Arc<Inner>);

struct Inner {
    options: CounterOptions,
    open: RwLock<Slot>,
    /// Opening and closing happen one after the other.
    changing: tokio::sync::Mutex<()>,
    notices: broadcast::Sender<Notice>,
}

enum Slot {
    Open(Box<Open>),
    /// Why nothing is open.
    Closed(Arc<EngineError>),
}

struct Open {
    api: Api,
    demo: Option<demo::Demo>,
    /// The real data behind the demo shop. They stay open, because with them stays the writer's lock: a second copy of
    /// the program must not write beside this one, whatever this one shows.
    home: Option<engine::Engine>,
    rounds: Mutex<Option<Rounds>>,
    forward: tokio::task::JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.forward.abort();
    }
}

/// What the api asks of the program. It knows the counter weakly: the counter holds it.
struct Root {
    counter: Weak<Inner>,
    version: &'static str,
    demo: bool,
    browser: bool,
}

#[async_trait]
impl Host for Root {
    fn version(&self) -> &'static str {
        self.version
    }

    fn is_demo(&self) -> bool {
        self.demo
    }

    fn show_page(&self, page: &url::Url) -> bool {
        if !self.browser {
            return false;
        }
        opener::open_browser(page.as_str())
            .inspect_err(|error| tracing::warn!(%error, "no browser could be opened"))
            .is_ok()
    }

    async fn open_demo(&self) -> api::error::Result<()> {
        match self.counter.upgrade() {
            Some(inner) => Counter(inner).open_demo().await,
            None => Err(ApiError::new("demo_unavailable")),
        }
    }

    /// Never reached through [`Counter::dispatch`], which restores itself: whoever calls from inside a command still
    /// holds the file that would have to be closed.
    async fn restore(&self, _: PathBuf) -> api::error::Result<()> {
        Err(ApiError::new("restore_unavailable"))
    }
}

impl Counter {
    /// Opens the data. A second copy reads only; data that cannot be opened leave a counter that can still say why,
    /// list and restore backups, and export diagnostics.
    pub fn open(options: CounterOptions) -> Self {
        let counter = Self(Arc::new(Inner {
            options,
            open: RwLock::new(Slot::Closed(Arc::new(EngineError::Cancelled))),
            changing: tokio::sync::Mutex::new(()),
            notices: broadcast::channel(1024).0,
        }));
        counter.reopen();
        counter
    }

    /// The data folder of what is open.
    pub fn folder(&self) -> PathBuf {
        match &*self.0.open.read() {
            Slot::Open(open) => open.api.engine.folder().to_owned(),
            Slot::Closed(_) => self.0.options.folder.clone(),
        }
    }

    /// Who holds the data, when this copy reads only.
    pub fn holder(&self) -> Option<String> {
        match storage::db::Db::open(&self.0.options.folder, Access::Write, self.0.options.program) {
            Err(StorageError::InUse { holder }) => Some(holder),
            _ => None,
        }
    }

    /// What happens from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.0.notices.subscribe()
    }

    /// The open api.
    pub fn api(&self) -> Result<Api, ApiError> {
        match &*self.0.open.read() {
            Slot::Open(open) => Ok(open.api.clone()),
            Slot::Closed(why) => Err(closed(why)),
        }
    }

    /// Runs one command.
    pub async fn dispatch(&self, name: &str, payload: Value) -> Result<Value, ApiError> {
        if name == "backup_restore" {
            let path = payload.get("path").and_then(Value::as_str);
            let path = path.ok_or_else(|| ApiError::new("wrong_payload").with("name", name))?;
            self.restore(Path::new(path)).await?;
            return Ok(json!({}));
        }
        if name == "demo_open" {
            // Inside a command of the demo itself its folder would still be held.
            self.open_demo().await?;
            return Ok(json!({}));
        }
        match self.api() {
            Ok(api) => api::router::dispatch(&api, name, payload).await,
            Err(why) => self.dispatch_closed(name, &payload, why).await,
        }
    }

    /// What works without open data: words, the backups, the bundle for support.
    async fn dispatch_closed(&self, name: &str, payload: &Value, why: ApiError) -> Result<Value, ApiError> {
        let text = |key: &str| {
            payload
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let folder = self.0.options.folder.clone();
        match name {
            "messages_get" => Ok(json!({ "words": api::words::words(&text("lang")).all() })),
            "backups_list" => {
                let kept = engine::doctor::backup::list(&folder)?;
                let rows: Vec<Value> = kept
                    .into_iter()
                    .map(|kept| {
                        json!({ "path": kept.path, "name": kept.name, "bytes": kept.bytes, "at": kept.at,
                                "products": 0, "orders": 0 })
                    })
                    .collect();
                Ok(json!({ "backups": rows }))
            }
            "diagnostics_export" => {
                let (target, program) = (PathBuf::from(text("path")), self.program());
                let reason = match &*self.0.open.read() {
                    Slot::Closed(why) => why.clone(),
                    Slot::Open(_) => return Err(ApiError::new("busy")),
                };
                let bundle = tokio::task::spawn_blocking(move || {
                    engine::doctor::diagnostics::export_closed(&folder, &program, &reason, &target)
                })
                .await
                .map_err(|error| ApiError::internal(error.to_string()))??;
                Ok(
                    json!({ "path": bundle.path, "bytes": bundle.bytes, "files": bundle.files,
                           "redactions": bundle.redactions }),
                )
            }
            _ => Err(why),
        }
    }

    fn program(&self) -> Program {
        Program {
            version: format!("{} {}", self.0.options.program, self.0.options.version),
        }
    }

    /// Opens the demo shop in place of what is open; the real data stay as they are.
    pub async fn open_demo(&self) -> Result<(), ApiError> {
        let _one = self.0.changing.lock().await;
        let options = &self.0.options;
        let folder = options.folder.join("demo");
        // An open demo holds its own folder: it goes first, and the real data take its place meanwhile.
        if self.is_demo() {
            match self.put_away().await {
                Some(home) => self.put(home, None),
                None => self.reopen(),
            }
        }
        for _ in 0..SETTLE_ROUNDS {
            match demo::open(&folder, options.seed, options.program).await {
                // A command that was under way still holds the file.
                Err(EngineError::Storage(StorageError::InUse { .. })) => tokio::time::sleep(SETTLE).await,
                Err(error) => return Err(error.into()),
                Ok(demo) => {
                    let home = self.put_away().await;
                    self.put(demo.engine.clone(), Some((demo, home)));
                    return Ok(());
                }
            }
        }
        Err(ApiError::new("busy"))
    }

    fn is_demo(&self) -> bool {
        matches!(&*self.0.open.read(), Slot::Open(open) if open.demo.is_some())
    }

    /// Puts a backup in the place of the data and opens them again, whatever the outcome.
    async fn restore(&self, backup: &Path) -> Result<(), ApiError> {
        let _one = self.0.changing.lock().await;
        if self.is_demo() {
            return Err(ApiError::new("restore_in_demo"));
        }
        let backup = backup.to_owned();
        let checked = backup.clone();
        let verified = tokio::task::spawn_blocking(move || storage::backup::verify(&checked)).await;
        verified.map_err(|error| ApiError::internal(error.to_string()))??;
        if self.api().is_ok_and(|api| api.engine.is_working()) {
            return Err(ApiError::new("busy"));
        }
        drop(self.put_away().await);
        let done = self.restore_closed(&backup).await;
        self.reopen();
        done
    }

    async fn restore_closed(&self, backup: &Path) -> Result<(), ApiError> {
        let now = engine::clock::SystemClock.now();
        for _ in 0..SETTLE_ROUNDS {
            let (folder, backup) = (self.0.options.folder.clone(), backup.to_owned());
            let outcome =
                tokio::task::spawn_blocking(move || engine::doctor::backup::restore(&folder, &backup, now))
                    .await;
            match outcome.map_err(|error| ApiError::internal(error.to_string()))? {
                // A command that was under way still holds the file.
                Err(EngineError::Storage(StorageError::InUse { .. })) => tokio::time::sleep(SETTLE).await,
                done => return done.map(|_| ()).map_err(ApiError::from),
            }
        }
        Err(ApiError::new("busy"))
    }

    /// Closes what is open and gives the real data, which whoever drops closes too. Commands under way end on the old
    /// data.
    async fn put_away(&self) -> Option<engine::Engine> {
        let old = std::mem::replace(
            &mut *self.0.open.write(),
            Slot::Closed(Arc::new(EngineError::Cancelled)),
        );
        let Slot::Open(mut open) = old else { return None };
        let rounds = open.rounds.lock().take();
        if let Some(rounds) = rounds {
            rounds.stop().await;
        }
        match open.demo.take() {
            Some(demo) => {
                demo.close().await;
                open.home.take()
            }
            None => Some(open.api.engine.clone()),
        }
    }

    /// Opens the real data: for writing, else for reading, else not at all.
    fn reopen(&self) {
        let options = &self.0.options;
        let opened = match roots::open(&options.folder, Access::Write, options.program) {
            Err(EngineError::Storage(StorageError::InUse { holder })) => {
                tracing::warn!(holder, "another program writes: reading only");
                roots::open(&options.folder, Access::Read, options.program)
            }
            other => other,
        };
        match opened {
            Ok(engine) => self.put(engine, None),
            Err(error) => {
                tracing::error!(%error, code = error.code(), "the data do not open");
                *self.0.open.write() = Slot::Closed(Arc::new(error));
                self.tell(Notice::Reloaded);
            }
        }
    }

    fn put(&self, engine: engine::Engine, demo: Option<(demo::Demo, Option<engine::Engine>)>) {
        let options = &self.0.options;
        let forward = tokio::spawn(forward(engine.events().subscribe(), self.0.notices.clone()));
        let rounds = (options.rounds && engine.db().can_write()).then(|| engine.start_rounds());
        let host = Root {
            counter: Arc::downgrade(&self.0),
            version: options.version,
            demo: demo.is_some(),
            browser: options.browser,
        };
        let (demo, home) = demo.map_or((None, None), |(demo, home)| (Some(demo), home));
        let api = Api {
            engine,
            host: Arc::new(host),
        };
        *self.0.open.write() = Slot::Open(Box::new(Open {
            api,
            demo,
            home,
            rounds: Mutex::new(rounds),
            forward,
        }));
        self.tell(Notice::Reloaded);
    }

    fn tell(&self, notice: Notice) {
        let listeners = self.0.notices.send(notice).unwrap_or(0);
        tracing::trace!(listeners, "notice");
    }
}

/// The reason why nothing is open, as a command's answer.
fn closed(why: &EngineError) -> ApiError {
    ApiError {
        code: why.code().to_owned(),
        params: why.params(),
        detail: Some(why.to_string()),
        trace: None,
    }
}

async fn forward(mut events: broadcast::Receiver<Event>, notices: broadcast::Sender<Notice>) {
    loop {
        match events.recv().await {
            Ok(event) => {
                let listeners = notices.send(Notice::Event(event)).unwrap_or(0);
                tracing::trace!(listeners, "event");
            }
            // Whoever missed some reads everything again.
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "events were missed");
                if notices.send(Notice::Reloaded).is_err() {
                    tracing::trace!("nobody listens");
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

#[cfg(test)]
#[path = "counter_tests.rs"]
mod tests;
