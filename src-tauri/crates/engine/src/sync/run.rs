//! Emptying the outbox of one store: take what is due, send it in batches, judge each answer.

use super::outbox::{
    CODES, DELETE, GROUP, GroupTask, LISTING, PRICE, PriceTask, STOCK, StockTask, TaskSubject,
};
use super::report::{NOT_BOUND, WAITS_FOR};
use crate::clock::back_off_ms;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Event;
use crate::jobs::Job;
use connect::error::{Effect, RemoteError};
use connect::platform::{Platform, PriceWrite, SkuRef, StockWrite, WriteOutcome};
use connect::session::Session;
use domain::id::{StoreId, TaskId};
use domain::money::Money;
use domain::product::SINGLE_SPEC;
use domain::rules::Retry;
use domain::store::Store;
use domain::text::normalized;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use storage::listing::ListingSkuRow;
use storage::task::{TaskRow, TaskState, Verdict};

/// An answer that was lost may still be on its way into the platform's books: looking too early would find nothing.
pub(super) const SETTLE_MS: i64 = 2_000;
/// Taken from the outbox at once.
const AT_ONCE: i64 = 400;
/// Read back when so many wait for it.
const READ_BACK_FROM: usize = 400;
/// The same failure so often in a row stops a task (problems.md 1.6).
const SAME_FAILURES: i64 = 3;
/// Calls that fail on the way so often in a row end the run; the tasks stay.
const LINE_FAILURES: u32 = 6;
/// A task that was sent so often in vain is given up.
pub(super) const ATTEMPTS: i64 = 8;

/// A task that the platform has taken and that is not read back yet. In the outbox it stays `sending`, so that a crash
/// now makes it `unknown`.
pub(super) struct Sent {
    pub(super) task: TaskRow,
    /// The platform's product id when it told one.
    pub(super) remote_id: Option<String>,
    /// It waits for the platform's review.
    pub(super) in_review: bool,
    /// Taken with this defect: code and text.
    pub(super) flaw: Option<(String, String)>,
}

/// One store being written to.
pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine,
    pub(super) job: &'a Job,
    pub(super) store: Store,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) session: Session,
    /// Pictures uploaded in this run: content hash to the platform's reference.
    pub(super) uploads: HashMap<String, String>,
    pub(super) pending: Vec<Sent>,
    reread: bool,
    failures: u32,
}

/// How a task goes on.
pub(super) type Move = (TaskId, TaskState, Verdict);

impl Engine {
    /// Sends what a job has queued for a store, until nothing waits. Whatever ends it early, every task keeps a state
    /// from which it can be resumed.
    pub(crate) async fn run_outbox(&self, job: &Job, store: StoreId) -> Result<()> {
        let store = self.db().read(|c| storage::store::get(c, store))?.store;
        let platform = self.platform(&store.platform)?;
        let session = self.store_session(store.id).await?;
        let id = store.id;
        let mut run = Run {
            engine: self,
            job,
            store,
            platform,
            session,
            uploads: HashMap::new(),
            pending: Vec::new(),
            reread: false,
            failures: 0,
        };
        let mut outcome = run.go().await;
        if matches!(outcome, Err(EngineError::Cancelled)) && !run.pending.is_empty() {
            // What was sent is told truly also when the rest was cancelled.
            if let Err(error) = run.confirm().await {
                tracing::warn!(%error, "what was sent before the cancelling could not be read back");
            }
            outcome = Err(EngineError::Cancelled);
        }
        run.leave()?;
        if outcome.is_ok() {
            run.tell_stuck()?;
            // Binding may push stock, which is a run of its own.
            Box::pin(self.bind_to_what_is_there(job, id)).await?;
        }
        outcome
    }
}

impl Run<'_> {
    async fn go(&mut self) -> Result<()> {
        let (store, id) = (self.store.id, self.job.id());
        let lane = self.engine.0.sync.lane(store);
        loop {
            self.job.checkpoint().await?;
            let now = self.engine.now();
            let due = self
                .engine
                .db()
                .read(|c| storage::task::due(c, store, Some(id), now, AT_ONCE))?;
            let enough = self.pending.len() >= READ_BACK_FROM;
            if enough || (due.is_empty() && !self.pending.is_empty()) {
                let _turn = lane.lock().await;
                self.confirm().await?;
                continue;
            }
            if due.is_empty() {
                let Some(next) = self.engine.db().read(|c| storage::task::next_due(c, store, id))? else {
                    return Ok(());
                };
                let pause = u64::try_from((next - now).max(1)).unwrap_or(1);
                self.job.sleep("retry", Duration::from_millis(pause)).await?;
                continue;
            }
            let _turn = lane.lock().await;
            self.step(due).await?;
        }
    }

    /// One batch: the unknown ones first, else the first kind that is due.
    async fn step(&mut self, due: Vec<TaskRow>) -> Result<()> {
        let (unknown, queued): (Vec<TaskRow>, Vec<TaskRow>) =
            due.into_iter().partition(|task| task.state == TaskState::Unknown);
        if !unknown.is_empty() {
            return self.settle(unknown).await;
        }
        let Some(first) = queued.first() else {
            return Ok(());
        };
        let kind = first.kind.clone();
        let capabilities = &self.platform.descriptor().capabilities;
        let most = match kind.as_str() {
            LISTING | CODES | DELETE => capabilities.batch,
            GROUP => 1,
            _ => capabilities.row_batch,
        };
        let batch: Vec<TaskRow> = queued
            .into_iter()
            .filter(|task| task.kind == kind)
            .take(most.max(1))
            .collect();
        match kind.as_str() {
            LISTING | CODES => self.send_listings(batch).await,
            PRICE => self.send_numbers(batch, Number::Price).await,
            STOCK => self.send_numbers(batch, Number::Stock).await,
            GROUP => self.send_groups(batch).await,
            DELETE => self.send_deletions(batch).await,
            other => {
                let raw = format!("unknown task kind {other}");
                let moves: Vec<Move> = batch
                    .iter()
                    .map(|task| rejected(task, "OTHER", BTreeMap::new(), &raw))
                    .collect();
                self.apply_moves(&moves)
            }
        }
    }

    /// Commits `sending` before the first byte leaves.
    pub(super) fn take(&self, tasks: &mut [TaskRow]) -> Result<()> {
        let now = self.engine.now();
        let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
        self.engine
            .db()
            .write(|tx| storage::task::take(tx, now, &ids).map_err(EngineError::from))?;
        for task in tasks {
            task.attempts += 1;
        }
        Ok(())
    }

    /// Moves tasks on, in one transaction, and counts those that are through.
    pub(super) fn apply_moves(&mut self, moves: &[Move]) -> Result<()> {
        let now = self.engine.now();
        let done = moves
            .iter()
            .filter(|(_, state, _)| {
                !matches!(state, TaskState::Queued | TaskState::Unknown | TaskState::Sending)
            })
            .count();
        self.engine.db().write(|tx| {
            for (id, state, verdict) in moves {
                storage::task::set_state(tx, *id, now, *state, verdict)?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.job.advance(i64::try_from(done).unwrap_or(0));
        Ok(())
    }

    async fn send_groups(&mut self, mut batch: Vec<TaskRow>) -> Result<()> {
        self.take(&mut batch)?;
        for task in batch {
            let group: GroupTask = serde_json::from_str(&task.payload)?;
            let answer = self
                .platform
                .create_group(&self.session, &group.path, group.sequence)
                .await;
            match answer {
                // The connector takes a group that is there already for done, so a lost answer may be asked again.
                Ok(_) => {
                    self.well()?;
                    self.apply_moves(&[(task.id, TaskState::Confirmed, Verdict::default())])?;
                    self.read_groups().await?;
                }
                Err(RemoteError::Rejected { code, text }) => self.refused(vec![(task, code, text)]).await?,
                Err(error) => return self.failed(vec![task], &error, Effect::None).await,
            }
        }
        Ok(())
    }

    async fn read_groups(&mut self) -> Result<()> {
        match self.platform.groups(&self.session).await {
            Ok(groups) => {
                let rows: Vec<_> = groups.iter().map(crate::pull::listings::group_row).collect();
                let store = self.store.id;
                self.engine
                    .db()
                    .write(|tx| storage::listing::replace_groups(tx, store, &rows).map_err(EngineError::from))
            }
            // The next reading of the store brings them.
            Err(error) => {
                tracing::info!(%error, "groups could not be read after one was made");
                Ok(())
            }
        }
    }

    async fn send_numbers(&mut self, mut batch: Vec<TaskRow>, number: Number) -> Result<()> {
        self.take(&mut batch)?;
        let mut refs = Vec::new();
        let mut tasks = Vec::new();
        let mut moves = Vec::new();
        for task in batch {
            match self.sku_row(&task)? {
                Some(row) => {
                    refs.push(sku_ref(&row));
                    tasks.push(task);
                }
                None => moves.push(rejected(&task, NOT_BOUND, BTreeMap::new(), "")),
            }
        }
        self.apply_moves(&moves)?;
        if tasks.is_empty() {
            return Ok(());
        }
        let answer = match number {
            Number::Price => {
                let rows: Vec<PriceWrite> = refs
                    .into_iter()
                    .zip(&tasks)
                    .map(|(sku, task)| {
                        let payload: PriceTask = serde_json::from_str(&task.payload)?;
                        Ok(PriceWrite {
                            sku,
                            price: Money(payload.price_fen),
                        })
                    })
                    .collect::<Result<_>>()?;
                self.platform.set_prices(&self.session, &rows).await
            }
            Number::Stock => {
                let rows: Vec<StockWrite> = refs
                    .into_iter()
                    .zip(&tasks)
                    .map(|(sku, task)| {
                        let payload: StockTask = serde_json::from_str(&task.payload)?;
                        Ok(StockWrite {
                            sku,
                            stock: payload.stock,
                        })
                    })
                    .collect::<Result<_>>()?;
                self.platform.set_stocks(&self.session, &rows).await
            }
        };
        self.answered(tasks, answer).await
    }

    /// Judges the answer to a batch, task by task.
    pub(super) async fn answered(
        &mut self,
        tasks: Vec<TaskRow>,
        answer: std::result::Result<Vec<WriteOutcome>, RemoteError>,
    ) -> Result<()> {
        let outcomes = match answer {
            Ok(outcomes) if outcomes.len() == tasks.len() => outcomes,
            Ok(_) => {
                let error = RemoteError::Malformed {
                    raw: "fewer answers than questions".to_owned(),
                };
                return self.failed(tasks, &error, Effect::Unknown).await;
            }
            Err(RemoteError::Rejected { code, text }) => tasks
                .iter()
                .map(|_| WriteOutcome::Rejected {
                    code: code.clone(),
                    text: text.clone(),
                })
                .collect(),
            Err(error) => {
                let effect = error.effect();
                return self.failed(tasks, &error, effect).await;
            }
        };
        self.well()?;
        let mut refused = Vec::new();
        for (task, outcome) in tasks.into_iter().zip(outcomes) {
            let (remote_id, in_review, flaw) = match outcome {
                WriteOutcome::Accepted { remote_id } => (remote_id, false, None),
                WriteOutcome::InReview { remote_id } => (remote_id, true, None),
                WriteOutcome::Flawed {
                    remote_id,
                    code,
                    text,
                } => (remote_id, false, Some((code, text))),
                WriteOutcome::Rejected { code, text } => {
                    refused.push((task, code, text));
                    continue;
                }
            };
            self.pending.push(Sent {
                task,
                remote_id,
                in_review,
                flaw,
            });
        }
        self.refused(refused).await
    }

    /// Tasks that the platform said no to: by the error dictionary they are over, or tried again.
    pub(super) async fn refused(&mut self, refused: Vec<(TaskRow, String, String)>) -> Result<()> {
        let refused = self.without_made(refused).await?;
        let mut moves = Vec::new();
        let mut wants_reread = false;
        for (task, code, text) in refused {
            let known = self
                .engine
                .rules()
                .recognize(&text)
                .or_else(|| self.engine.rules().recognize(&format!("{code} {text}")));
            let (cause, retry, params) = match known {
                Some(known) => (known.cause, Some(known.retry), known.params.into_iter().collect()),
                None => (crate::orders::UNRECOGNIZED.to_owned(), None, BTreeMap::new()),
            };
            let same = if task.cause == cause && task.raw == text {
                task.same_failures + 1
            } else {
                1
            };
            let again = match retry {
                Some(Retry::Never | Retry::AfterFix) => None,
                Some(Retry::Few) => (same < SAME_FAILURES).then_some(300 * same),
                Some(Retry::BackOff) => {
                    (same < SAME_FAILURES).then(|| back_off_ms(task.attempts, &self.engine.0.chance))
                }
                Some(Retry::AfterReread) => {
                    wants_reread |= same < 2;
                    (same < 2).then_some(0)
                }
                // Nobody knows the text: once more, then the manager sees it.
                None => (same < 2).then_some(500),
            };
            let verdict = Verdict {
                cause,
                params,
                raw: text,
                not_before: again.map_or(0, |pause| self.engine.now() + pause),
            };
            let state = if again.is_some() {
                TaskState::Queued
            } else {
                TaskState::Rejected
            };
            moves.push((task.id, state, verdict));
        }
        self.apply_moves(&moves)?;
        if wants_reread { self.reread().await } else { Ok(()) }
    }

    /// Reads the store again, once in a run: bindings heal, codes and ids are the platform's newest (F28, F40).
    async fn reread(&mut self) -> Result<()> {
        if self.reread {
            return Ok(());
        }
        self.reread = true;
        match self.engine.pull_store(self.store.id).await {
            Ok(_) | Err(EngineError::AlreadyRunning { .. }) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, store = self.store.id.0, "the store could not be read again before a second try");
                Ok(())
            }
        }
    }

    /// The whole call failed. With an unknown effect its tasks are read back before anything is sent again; without one
    /// they go back in the queue. A dead authorization or a line that stays down ends the run.
    pub(super) async fn failed(
        &mut self,
        tasks: Vec<TaskRow>,
        error: &RemoteError,
        effect: Effect,
    ) -> Result<()> {
        self.engine.note_outcome(self.store.account, Err(error))?;
        let now = self.engine.now();
        let moves: Vec<Move> = tasks
            .iter()
            .map(|task| {
                if let RemoteError::Unsupported { .. } = error {
                    return rejected(task, crate::orders::UNRECOGNIZED, BTreeMap::new(), error.text());
                }
                // What is unknown stays unknown: only looking may end it.
                if effect == Effect::None && task.attempts >= ATTEMPTS {
                    return rejected(
                        task,
                        crate::orders::UNRECOGNIZED,
                        BTreeMap::new(),
                        &error.to_string(),
                    );
                }
                let (state, wait) = match effect {
                    Effect::Unknown => (TaskState::Unknown, SETTLE_MS),
                    Effect::None => (TaskState::Queued, 0),
                };
                let verdict = Verdict {
                    not_before: now + wait,
                    ..Verdict::default()
                };
                (task.id, state, verdict)
            })
            .collect();
        self.apply_moves(&moves)?;
        self.pause_after(error).await
    }

    /// Waits as a failed call asks for, or ends the run.
    pub(super) async fn pause_after(&mut self, error: &RemoteError) -> Result<()> {
        if matches!(error, RemoteError::Unsupported { .. }) {
            return Ok(());
        }
        if !error.is_transient() {
            return Err(error.clone().into());
        }
        if let RemoteError::Throttled { wait, .. } = error {
            let wait = wait.unwrap_or(Duration::from_secs(2));
            return self.job.sleep("throttled", wait).await;
        }
        self.failures += 1;
        if self.failures >= LINE_FAILURES {
            self.engine.events().send(Event::Connection { online: false });
            return Err(error.clone().into());
        }
        let why = match error {
            RemoteError::Unreachable { .. } | RemoteError::NoAnswer { .. } => "offline",
            _ => "busy",
        };
        let pause = back_off_ms(i64::from(self.failures) - 1, &self.engine.0.chance);
        self.job
            .sleep(why, Duration::from_millis(u64::try_from(pause).unwrap_or(1_000)))
            .await
    }

    /// A call came through.
    pub(super) fn well(&mut self) -> Result<()> {
        self.failures = 0;
        self.engine.note_outcome(self.store.account, Ok(()))
    }

    /// The platform's SKU that a price or stock task is about, by the binding as it is now: a healed binding leads to
    /// the new one.
    pub(super) fn sku_row(&self, task: &TaskRow) -> Result<Option<ListingSkuRow>> {
        let subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let Some(sku) = subject.sku else { return Ok(None) };
        let store = self.store.id;
        let found = self.engine.db().read(|c| {
            let places = storage::listing::bound_places(c, sku)?;
            Ok(places.into_iter().find(|row| row.store == store))
        })?;
        Ok(found)
    }

    /// What waits for a task that did not get through says so and for which: it stays queued, and goes on when that one
    /// is tried again and taken.
    fn tell_stuck(&self) -> Result<()> {
        let (store, job, now) = (self.store.id, self.job.id(), self.engine.now());
        let stuck = self.engine.db().read(|c| storage::task::stuck(c, store, job))?;
        self.engine.db().write(|tx| {
            for (task, first) in stuck {
                let subject: TaskSubject = serde_json::from_str(&first.subject)?;
                let verdict = Verdict {
                    cause: WAITS_FOR.to_owned(),
                    params: BTreeMap::from([
                        ("what".to_owned(), subject.name),
                        ("task".to_owned(), first.id.to_string()),
                    ]),
                    ..Verdict::default()
                };
                storage::task::set_state(tx, task, now, TaskState::Queued, &verdict)?;
            }
            Ok::<_, EngineError>(())
        })
    }

    /// What was taken and could not be read back is unknown until somebody looks.
    fn leave(&mut self) -> Result<()> {
        let moves: Vec<Move> = std::mem::take(&mut self.pending)
            .into_iter()
            .map(|sent| (sent.task.id, TaskState::Unknown, Verdict::default()))
            .collect();
        self.apply_moves(&moves)
    }
}

/// Which number a row call sets.
#[derive(Clone, Copy)]
enum Number {
    Price,
    Stock,
}

/// A task that is over.
pub(super) fn rejected(task: &TaskRow, cause: &str, params: BTreeMap<String, String>, raw: &str) -> Move {
    let verdict = Verdict {
        cause: cause.to_owned(),
        params,
        raw: raw.to_owned(),
        not_before: 0,
    };
    (task.id, TaskState::Rejected, verdict)
}

/// How price and stock calls name a SKU.
pub(super) fn sku_ref(row: &ListingSkuRow) -> SkuRef {
    SkuRef {
        listing_id: row.listing_remote_id.clone(),
        outer_code: row.outer_code.clone(),
        sku_id: row.remote_id.clone(),
        outer_sku_code: row.outer_sku_code.clone(),
        multi_spec: row.sibling_count > 1 || normalized(&row.spec_name) != SINGLE_SPEC,
    }
}
