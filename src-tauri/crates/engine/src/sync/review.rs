//! Pictures that a platform looks at before it shows them (F56): they are looked for again without a word, and the
//! manager hears of them only when they were refused.

use super::outbox::{ListingTask, TaskSubject};
use super::report::PICTURE_REFUSED;
use crate::engine::Engine;
use crate::error::Result;
use crate::event::Tag;
use domain::id::StoreId;
use domain::listing::ReviewState;
use std::collections::BTreeSet;
use storage::listing::{Applied, ListingSkuRow};
use storage::task::{TaskRow, TaskState, Verdict};

/// So many products are read one by one in a look; the others wait for the next one or for the reading of the store.
const AT_ONCE: usize = 50;
const HOUR_MS: i64 = 3_600_000;

/// What a look at reviews brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reviewed {
    /// Shown now.
    pub shown: usize,
    /// Refused, or not shown for longer than any review takes.
    pub refused: usize,
    /// Still looked at.
    pub waiting: usize,
}

impl Engine {
    /// Stores with pictures in review.
    pub(crate) fn stores_in_review(&self) -> Result<Vec<StoreId>> {
        let tasks = self
            .db()
            .read(|c| storage::task::in_state(c, TaskState::InReview, i64::MAX))?;
        let stores: BTreeSet<StoreId> = tasks.iter().map(|task| task.store).collect();
        Ok(stores.into_iter().collect())
    }

    /// Reads the products of a store whose pictures are in review, and moves on what is through.
    pub async fn look_at_reviews(&self, store: StoreId) -> Result<Reviewed> {
        let tasks = self.db().read(|c| storage::task::in_review(c, store))?;
        if tasks.is_empty() {
            return Ok(Reviewed::default());
        }
        let row = self.db().read(|c| storage::store::get(c, store))?;
        let platform = self.platform(&row.store.platform)?;
        let session = self.store_session(store).await?;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for task in &tasks {
            let Some(held) = self.reviewed_listing(task)?.into_iter().next() else {
                continue;
            };
            if seen.len() >= AT_ONCE || !seen.insert(held.listing_remote_id.clone()) {
                continue;
            }
            let answer = platform
                .listing(&session, Some(&held.listing_remote_id), &held.outer_code)
                .await;
            self.note_outcome(row.store.account, answer.as_ref().map(|_| ()))?;
            // Gone from the platform is for the reading of the whole store to say.
            if let Some(there) = answer? {
                let data = crate::pull::listings::listing_data(&there);
                let now = self.now();
                self.db().write(|tx| {
                    storage::listing::apply_listing(tx, store, now, &data, &mut Applied::default())
                })?;
            }
        }
        self.settle_reviews(store)
    }

    /// Moves on what the cache shows to be through its review.
    pub(crate) fn settle_reviews(&self, store: StoreId) -> Result<Reviewed> {
        let tasks = self.db().read(|c| storage::task::in_review(c, store))?;
        let mut reviewed = Reviewed::default();
        if tasks.is_empty() {
            return Ok(reviewed);
        }
        let platform = self.db().read(|c| storage::store::get(c, store))?.store.platform;
        let patience = self.rules().listing(&platform).picture_review_hours;
        let now = self.now();
        let mut moves = Vec::new();
        for task in &tasks {
            let age = now - task.done_at.unwrap_or(task.created_at);
            let over = patience.is_some_and(|hours| age >= hours * HOUR_MS);
            match judge(task, &self.reviewed_listing(task)?, over)? {
                Some(TaskState::Confirmed) => {
                    reviewed.shown += 1;
                    moves.push((task.id, TaskState::Confirmed, Verdict::default()));
                }
                Some(state) => {
                    reviewed.refused += 1;
                    let verdict = Verdict {
                        cause: PICTURE_REFUSED.to_owned(),
                        params: task_words(task),
                        ..Verdict::default()
                    };
                    moves.push((task.id, state, verdict));
                }
                None => reviewed.waiting += 1,
            }
        }
        if moves.is_empty() {
            return Ok(reviewed);
        }
        self.db().write(|tx| {
            for (id, state, verdict) in &moves {
                storage::task::set_state(tx, *id, now, *state, verdict)?;
            }
            Ok::<_, crate::error::EngineError>(())
        })?;
        self.events().changed(&[Tag::Listings, Tag::Tasks, Tag::Findings]);
        Ok(reviewed)
    }

    /// The platform's product behind a task, by the binding as it is now.
    fn reviewed_listing(&self, task: &TaskRow) -> Result<Vec<ListingSkuRow>> {
        let subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let content: ListingTask = serde_json::from_str(&task.payload)?;
        Ok(self.db().read(|c| {
            let mut skus = content.skus.clone();
            if let Some(product) = subject.product {
                let product = storage::product::get(c, product)?;
                skus.extend(product.skus.iter().map(|sku| sku.id));
            }
            for sku in skus {
                let places = storage::listing::bound_places(c, sku)?;
                if let Some(place) = places.into_iter().find(|row| row.store == task.store) {
                    return storage::listing::of_listing(c, place.listing);
                }
            }
            Ok(Vec::new())
        })?)
    }
}

/// Where a task in review goes; `None` while nothing is known. As many pictures as were sent, and others than before,
/// are ours.
fn judge(task: &TaskRow, rows: &[ListingSkuRow], over: bool) -> Result<Option<TaskState>> {
    let Some(held) = rows.first() else {
        return Ok(over.then_some(TaskState::Rejected));
    };
    let content: ListingTask = serde_json::from_str(&task.payload)?;
    let before: ListingTask = serde_json::from_str(&task.previous).unwrap_or_default();
    let sent = content.hashes.map_or(0, |hashes| hashes.len());
    let complete = held.pictures.len() >= sent;
    let fresh = before.write.pictures.as_ref() != Some(&held.pictures);
    Ok(match held.review {
        ReviewState::Rejected => Some(TaskState::Rejected),
        ReviewState::Pending => None,
        ReviewState::None if complete && (fresh || over) => Some(TaskState::Confirmed),
        ReviewState::None => over.then_some(TaskState::Rejected),
    })
}

/// The values of the words of a refusal.
fn task_words(task: &TaskRow) -> std::collections::BTreeMap<String, String> {
    let subject: TaskSubject = serde_json::from_str(&task.subject).unwrap_or_default();
    let since = task.done_at.unwrap_or(task.created_at);
    [
        ("name".to_owned(), subject.name),
        ("since".to_owned(), connect::shanghai::time(since)),
    ]
    .into()
}
