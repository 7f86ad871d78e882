//! What came of a job that wrote to platforms, by cause.

use super::outbox::TaskSubject;
use crate::engine::Engine;
use crate::error::Result;
use domain::id::{JobId, ProductId, StoreId};
use domain::rules::Retry;
use serde::Serialize;
use std::collections::BTreeMap;
use storage::task::{TaskRow, TaskState};

/// Cause of a write that the platform called done and that is not there when read back.
pub const READ_BACK: &str = "read_back";
/// Cause of a number for a SKU that is not bound or not on the platform any more.
pub const NOT_BOUND: &str = "F04b";

/// Cause of a task that is not sent yet because the one before it was not taken.
pub const WAITS_FOR: &str = "waits_for";

/// Cause of pictures that the platform refused after looking at them, or never showed (F56).
pub const PICTURE_REFUSED: &str = "picture_refused";

/// Cause of a product that the platform took but for its barcode, without a word (F39).
pub const BARCODE_LEFT_OUT: &str = "F39";

/// So many names are told for each cause.
const NAMES: usize = 20;
/// So many products are told for each cause, to choose their 类目.
const PRODUCTS: usize = 200;

/// What a job did.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SyncReport {
    /// The job.
    pub job: i64,
    /// Confirmed by reading back, or acknowledged for stock.
    pub confirmed: usize,
    /// Not taken.
    pub rejected: usize,
    /// In the platform's review.
    pub in_review: usize,
    /// Outcome not known yet.
    pub unknown: usize,
    /// Still to be sent.
    pub queued: usize,
    /// Of those, the ones that wait for a task that was not taken.
    pub waiting: usize,
    /// Taken back before it was sent.
    pub cancelled: usize,
    /// By cause, most first; also what was taken with a defect, and last what waits for one that was not taken.
    pub rejections: Vec<Rejection>,
}

/// What was not taken for one cause, or taken with one defect.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Rejection {
    /// Row of problems.md, or `OTHER`.
    pub id: String,
    /// How many.
    pub count: usize,
    /// The first names.
    pub subjects: Vec<String>,
    /// Values for the words, of the first.
    pub params: BTreeMap<String, String>,
    /// The platform's own text of the first.
    pub raw: String,
    /// Trying again can help.
    pub retry: bool,
    /// The products are gone there and can be made anew ([`Engine::sync_anew`]).
    pub anew: bool,
    /// Products that another 类目 may help ([`Engine::change_category`]), the first of them.
    pub categories: Vec<CategoryTarget>,
    /// Taken all the same, with this defect.
    pub taken: bool,
}

/// A product whose 类目 the platform did not take.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CategoryTarget {
    /// Where.
    pub store: StoreId,
    /// Which.
    pub product: ProductId,
    /// What a person calls it.
    pub name: String,
}

impl Engine {
    /// What a job has done so far.
    pub fn sync_report(&self, job: JobId) -> Result<SyncReport> {
        let tasks = self.db().read(|c| storage::task::of_job(c, job))?;
        let mut report = SyncReport {
            job: job.0,
            ..SyncReport::default()
        };
        let mut causes: BTreeMap<(String, bool), Rejection> = BTreeMap::new();
        for task in &tasks {
            match task.state {
                TaskState::Queued => report.queued += 1,
                TaskState::Sending | TaskState::Unknown => report.unknown += 1,
                TaskState::Confirmed => report.confirmed += 1,
                TaskState::Rejected => report.rejected += 1,
                TaskState::InReview => report.in_review += 1,
                TaskState::Cancelled => report.cancelled += 1,
            }
            let taken = task.state == TaskState::Confirmed;
            let waits = task.state == TaskState::Queued && task.cause == WAITS_FOR;
            report.waiting += usize::from(waits);
            if (taken || waits || task.state == TaskState::Rejected) && !task.cause.is_empty() {
                let cause = causes.entry((task.cause.clone(), taken)).or_default();
                self.count_cause(cause, task, taken);
                self.count_category(cause, task)?;
            }
        }
        report.rejections = causes.into_values().collect();
        report
            .rejections
            .sort_by_key(|one| (one.taken, one.id == WAITS_FOR, std::cmp::Reverse(one.count)));
        Ok(report)
    }

    fn count_category(&self, rejection: &mut Rejection, task: &TaskRow) -> Result<()> {
        let known = self.rules().recognize(&task.raw);
        if task.state != TaskState::Rejected
            || rejection.categories.len() >= PRODUCTS
            || !known.is_some_and(|known| known.category)
        {
            return Ok(());
        }
        let subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let Some(product) = subject.product else {
            return Ok(());
        };
        let store = self.db().read(|c| storage::store::get(c, task.store));
        // A store that was removed since is synced no more.
        if let Ok(row) = store
            && self.lists_categories(&row.store.platform)?
        {
            rejection.categories.push(CategoryTarget {
                store: task.store,
                product,
                name: subject.name,
            });
        }
        Ok(())
    }

    fn count_cause(&self, rejection: &mut Rejection, task: &TaskRow, taken: bool) {
        if rejection.count == 0 {
            rejection.id.clone_from(&task.cause);
            rejection.params.clone_from(&task.params);
            rejection.raw.clone_from(&task.raw);
            rejection.taken = taken;
            let known = self.rules().recognize(&task.raw);
            rejection.anew = known.as_ref().is_some_and(|known| known.anew);
            rejection.retry = known.is_none_or(|known| known.retry != Retry::Never);
        }
        rejection.count += 1;
        if rejection.subjects.len() < NAMES {
            let subject: TaskSubject = serde_json::from_str(&task.subject).unwrap_or_default();
            rejection.subjects.push(subject.name);
        }
    }
}
