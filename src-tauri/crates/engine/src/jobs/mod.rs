//! 任务中心: long work with progress, pause and cancel; at most one job of a kind per store.

mod retry;
mod rounds;

pub use retry::Requeued;
pub use rounds::Rounds;

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::{Event, Tag};
use domain::id::{JobId, StoreId};
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The jobs of this run.
#[derive(Default)]
pub struct Jobs {
    running: Mutex<HashMap<JobId, Running>>,
}

struct Running {
    kind: &'static str,
    store: Option<StoreId>,
    cancel: CancellationToken,
    pause: watch::Sender<bool>,
}

/// One running job, in the hands of the work. Dropping it without [`Job::finish`] marks it interrupted.
pub struct Job {
    engine: Engine,
    id: JobId,
    cancel: CancellationToken,
    paused: watch::Receiver<bool>,
    progress: Arc<Mutex<Progress>>,
    finished: bool,
}

struct Progress {
    done: i64,
    total: i64,
    told: Option<Instant>,
}

impl Engine {
    /// Starts a job. Refused while one of the same kind runs for the same store.
    pub fn start_job(
        &self,
        kind: &'static str,
        store: Option<StoreId>,
        total: i64,
        params: &impl Serialize,
    ) -> Result<Job> {
        let mut running = self.jobs().running.lock();
        if running.values().any(|job| job.kind == kind && job.store == store) {
            return Err(EngineError::AlreadyRunning { kind });
        }
        let text = serde_json::to_string(params)?;
        let now = self.now();
        let id = self.db().write(|tx| {
            storage::job::insert(tx, now, kind, store, total, &text).map_err(EngineError::from)
        })?;
        let (pause, paused) = watch::channel(false);
        let cancel = CancellationToken::new();
        running.insert(
            id,
            Running {
                kind,
                store,
                cancel: cancel.clone(),
                pause,
            },
        );
        drop(running);
        self.events().changed(&[Tag::Tasks]);
        let progress = Arc::new(Mutex::new(Progress {
            done: 0,
            total,
            told: None,
        }));
        Ok(Job {
            engine: self.clone(),
            id,
            cancel,
            paused,
            progress,
            finished: false,
        })
    }

    /// Asks a job to stop; it ends at its next safe point.
    pub fn cancel_job(&self, id: JobId) -> bool {
        self.jobs()
            .running
            .lock()
            .get(&id)
            .map(|job| job.cancel.cancel())
            .is_some()
    }

    /// Pauses or goes on with a job.
    pub fn pause_job(&self, id: JobId, paused: bool) -> bool {
        self.jobs()
            .running
            .lock()
            .get(&id)
            .is_some_and(|job| job.pause.send(paused).is_ok())
    }

    /// Whether this job runs now.
    pub fn is_running(&self, id: JobId) -> bool {
        self.jobs().running.lock().contains_key(&id)
    }

    /// Whether a job of a kind runs now, for whichever store.
    pub(crate) fn runs(&self, kind: &str) -> bool {
        self.jobs().running.lock().values().any(|job| job.kind == kind)
    }

    /// Whether any job runs now.
    pub fn is_working(&self) -> bool {
        !self.jobs().running.lock().is_empty()
    }
}

impl Job {
    /// Its row.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Sets the total once it is known.
    pub fn set_total(&self, total: i64) {
        self.progress.lock().total = total;
    }

    /// Adds work that turned up.
    pub fn add_total(&self, more: i64) {
        self.progress.lock().total += more;
    }

    /// Counts work done and tells the window, at most four times a second.
    pub fn advance(&self, by: i64) {
        let (done, total, tell) = {
            let mut progress = self.progress.lock();
            progress.done += by;
            let tell = progress
                .told
                .is_none_or(|told| told.elapsed() >= Duration::from_millis(250));
            if tell {
                progress.told = Some(Instant::now());
            }
            (progress.done, progress.total, tell)
        };
        if tell {
            self.tell(done, total, "running", "", 0);
        }
    }

    /// Says why the job waits and for how long.
    pub fn waiting(&self, why: &str, wait_ms: i64) {
        let (done, total) = {
            let progress = self.progress.lock();
            (progress.done, progress.total)
        };
        self.tell(done, total, "running", why, wait_ms);
    }

    fn tell(&self, done: i64, total: i64, state: &str, waiting: &str, wait_ms: i64) {
        self.engine.events().send(Event::Job {
            id: self.id,
            done,
            total,
            state: state.to_owned(),
            waiting: waiting.to_owned(),
            wait_ms,
        });
    }

    /// A safe point: ends with [`EngineError::Cancelled`] when the manager cancelled, waits while paused.
    pub async fn checkpoint(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let mut paused = self.paused.clone();
        if *paused.borrow_and_update() {
            self.waiting("paused", 0);
            tokio::select! {
                () = self.cancel.cancelled() => return Err(EngineError::Cancelled),
                // A closed channel means that nobody can pause any more.
                _ = paused.wait_for(|paused| !paused) => {}
            }
        }
        Ok(())
    }

    /// A token for work in other tasks.
    pub fn token(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Whether the manager cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Waits, but not longer than until the manager cancels.
    pub async fn sleep(&self, why: &str, pause: Duration) -> Result<()> {
        self.waiting(why, i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
        tokio::select! {
            () = self.cancel.cancelled() => Err(EngineError::Cancelled),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// Ends the job with its result: done, cancelled or failed by what the work answered.
    pub fn finish<T: Serialize>(mut self, outcome: &Result<T>) -> Result<()> {
        let (state, result) = match outcome {
            Ok(value) => ("done", serde_json::to_string(value)?),
            Err(EngineError::Cancelled) => ("cancelled", "{}".to_owned()),
            Err(error) => {
                let words = serde_json::json!({ "error": error.code(), "params": error.params() });
                ("failed", words.to_string())
            }
        };
        self.end(state, &result)
    }

    /// Ends the job in a state with a result of its own.
    pub fn finish_as(mut self, state: &'static str, result: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(result)?;
        self.end(state, &text)
    }

    fn end(&mut self, state: &str, result: &str) -> Result<()> {
        self.finished = true;
        self.engine.jobs().running.lock().remove(&self.id);
        let (done, total) = {
            let progress = self.progress.lock();
            (progress.done, progress.total)
        };
        let now = self.engine.now();
        let id = self.id;
        self.engine.db().write(|tx| {
            storage::job::set_progress(tx, id, done, total.max(done))?;
            storage::job::set_state(tx, id, now, state, result).map_err(EngineError::from)
        })?;
        self.tell(done, total, state, "", 0);
        self.engine.events().changed(&[Tag::Tasks]);
        Ok(())
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = self.end("interrupted", "{}")
        {
            tracing::warn!(%error, job = self.id.0, "could not note that a job was interrupted");
        }
    }
}
