//! What was sent counts when it stands there; what nobody knows about is looked at before it is sent again.

use super::delete::INTERRUPTED;
use super::outbox::{
    DELETE, DeleteTask, GROUP, LISTING, ListingTask, PRICE, PriceTask, STOCK, StockTask, TaskSubject,
    is_content,
};
use super::readback::Wish;
use super::report::{BARCODE_LEFT_OUT, READ_BACK};
use super::run::{ATTEMPTS, Move, Run, SETTLE_MS, Sent, rejected};
use super::values::{differences, find_sku};
use crate::error::{EngineError, Result};
use connect::platform::RemoteListing;
use domain::id::{ListingId, ListingSkuId, ProductId, SkuId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use storage::change::{Changes, Origin};
use storage::db::Tx;
use storage::error::StorageError;
use storage::listing::Applied;
use storage::platform_category::Choice;
use storage::task::{TaskRow, TaskState, Verdict};

/// Causes by which platforms say that a code or a barcode is taken.
const EXISTS: [&str; 4] = ["F25", "F27", "F44", "F48"];

/// A product as read back, with what is known of it here.
struct Seen {
    there: RemoteListing,
    /// The cached product that was written to; another id there now means that it was renumbered.
    was: Option<ListingId>,
    /// Library SKUs by our code there, to bind what was made.
    made: Vec<(SkuId, String)>,
    /// The product with the 类目 that was written and taken.
    category: Option<(ProductId, String)>,
}

impl Run<'_> {
    /// Reads back what was accepted and moves it on. Stock is acknowledged row by row and changes with every sale, so
    /// the acknowledgement itself counts.
    pub(super) async fn confirm(&mut self) -> Result<()> {
        let (stock, rest): (Vec<Sent>, Vec<Sent>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|sent| sent.task.kind == STOCK);
        self.acknowledge(stock)?;
        if rest.is_empty() {
            return Ok(());
        }
        let wishes = rest
            .iter()
            .map(|sent| self.wish(&sent.task, sent.remote_id.clone()))
            .collect::<Result<Vec<_>>>()?;
        let found = match self.read_back(&wishes).await {
            Ok(found) => found,
            Err(error) => {
                // They stay in hand: whoever ends the run marks them unknown.
                self.pending.extend(rest);
                return Err(error);
            }
        };
        let mut moves = Vec::new();
        let mut seen = Vec::new();
        for (sent, wish) in rest.iter().zip(&wishes) {
            let there = found.get(wish).and_then(Option::as_ref);
            moves.push(self.judge(&sent.task, there, Some(sent), &mut seen)?);
        }
        self.store_seen(seen)?;
        self.store_deleted(rest.iter().map(|sent| &sent.task), &moves)?;
        self.apply_moves(&moves)
    }

    /// Looks at tasks whose outcome nobody knows: what stands there is confirmed, the rest is sent again. Everything
    /// written is absolute, and what is made is found by our own code.
    pub(super) async fn settle(&mut self, unknown: Vec<TaskRow>) -> Result<()> {
        let (groups, rest): (Vec<TaskRow>, Vec<TaskRow>) =
            unknown.into_iter().partition(|task| task.kind == GROUP);
        // Making a group that is there already is no failure, so it is simply asked again.
        let again: Vec<Move> = groups
            .iter()
            .map(|task| (task.id, TaskState::Queued, Verdict::default()))
            .collect();
        self.apply_moves(&again)?;
        let mut wishes = Vec::new();
        let mut tasks = Vec::new();
        let mut moves = Vec::new();
        for task in rest {
            if !is_content(&task.kind) && task.kind != DELETE && self.sku_row(&task)?.is_none() {
                moves.push(rejected(&task, super::report::NOT_BOUND, BTreeMap::new(), ""));
                continue;
            }
            wishes.push(self.wish(&task, None)?);
            tasks.push(task);
        }
        let found = match self.read_back(&wishes).await {
            Ok(found) => found,
            Err(error) => {
                self.apply_moves(&moves)?;
                return Err(error);
            }
        };
        let mut seen = Vec::new();
        for (task, wish) in tasks.iter().zip(&wishes) {
            let there = found.get(wish).and_then(Option::as_ref);
            moves.push(self.judge(task, there, None, &mut seen)?);
        }
        self.store_seen(seen)?;
        self.store_deleted(tasks.iter(), &moves)?;
        self.apply_moves(&moves)
    }

    /// Takes out of what was refused as being there already what is there just as it was sent: another copy of our own
    /// request has made it, and only the answer to the second one came back.
    pub(super) async fn without_made(
        &mut self,
        refused: Vec<(TaskRow, String, String)>,
    ) -> Result<Vec<(TaskRow, String, String)>> {
        let mut left = Vec::new();
        for (task, code, text) in refused {
            match self.made_already(&task, &text).await? {
                Some(there) => self.pending.push(Sent {
                    task,
                    remote_id: Some(there.remote_id),
                    in_review: false,
                    flaw: None,
                }),
                None => left.push((task, code, text)),
            }
        }
        Ok(left)
    }

    async fn made_already(&mut self, task: &TaskRow, text: &str) -> Result<Option<RemoteListing>> {
        let known = self.engine.rules().recognize(text);
        if task.kind != LISTING || !known.is_some_and(|known| EXISTS.contains(&known.cause.as_str())) {
            return Ok(None);
        }
        let content: ListingTask = serde_json::from_str(&task.payload)?;
        if content.write.remote_id.is_some() {
            return Ok(None);
        }
        let wish = self.wish(task, None)?;
        match self.read_one(&wish).await {
            Ok(there) => Ok(there.filter(|there| differences(&content, there).is_empty())),
            Err(error @ EngineError::Remote(_)) => {
                tracing::info!(%error, "a product refused as being there could not be looked at");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn wish(&self, task: &TaskRow, told: Option<String>) -> Result<Wish> {
        if is_content(&task.kind) {
            let content: ListingTask = serde_json::from_str(&task.payload)?;
            return Ok(Wish {
                remote_id: told.or(content.write.remote_id),
                outer_code: content.write.outer_code,
            });
        }
        if task.kind == DELETE {
            let payload: DeleteTask = serde_json::from_str(&task.payload)?;
            return Ok(Wish {
                remote_id: Some(payload.remote_id),
                outer_code: payload.outer_code,
            });
        }
        let row = self.sku_row(task)?;
        Ok(row.map_or_else(
            || Wish {
                remote_id: told,
                outer_code: String::new(),
            },
            |row| Wish {
                remote_id: Some(row.listing_remote_id),
                outer_code: row.outer_code,
            },
        ))
    }

    /// `sent` is there when the platform accepted the task in this run.
    fn judge(
        &self,
        task: &TaskRow,
        there: Option<&RemoteListing>,
        sent: Option<&Sent>,
        seen: &mut Vec<Seen>,
    ) -> Result<Move> {
        if task.kind == DELETE {
            return self.judge_deletion(task, there, sent);
        }
        let subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let different: BTreeSet<&'static str> = match (task.kind.as_str(), there) {
            (_, None) => BTreeSet::from(["whole"]),
            (kind, Some(there)) if is_content(kind) => {
                let content: ListingTask = serde_json::from_str(&task.payload)?;
                let codes = content.write.skus.iter().zip(&content.skus);
                let wrote = content
                    .write
                    .category_id
                    .clone()
                    .filter(|_| was_taken(task, sent));
                seen.push(Seen {
                    there: there.clone(),
                    was: subject.listing,
                    made: codes.map(|(sku, id)| (*id, sku.outer_sku_code.clone())).collect(),
                    category: subject.product.zip(wrote),
                });
                let mut different = differences(&content, there);
                let making = content.write.remote_id.is_none();
                if making && sent.is_none() && !different.contains("whole") {
                    // It was made; a field that the platform kept otherwise shows in the next plan.
                    BTreeSet::new()
                } else {
                    if !was_taken(task, sent) && content.writes_unseen() {
                        different.insert("unseen");
                    }
                    different
                }
            }
            (_, Some(there)) => {
                seen.push(Seen {
                    there: there.clone(),
                    was: None,
                    made: Vec::new(),
                    category: None,
                });
                self.number_differs(task, there)?
            }
        };
        Ok(self.verdict(task, &different, sent))
    }

    /// A product that is to go is done when it is not there. Another one under the same code of ours is another one.
    fn judge_deletion(
        &self,
        task: &TaskRow,
        there: Option<&RemoteListing>,
        sent: Option<&Sent>,
    ) -> Result<Move> {
        let payload: DeleteTask = serde_json::from_str(&task.payload)?;
        let still = there.is_some_and(|there| there.remote_id == payload.remote_id);
        if still && sent.is_none() && task.cause == INTERRUPTED {
            return Ok((task.id, TaskState::Cancelled, Verdict::default()));
        }
        let different = if still {
            BTreeSet::from(["whole"])
        } else {
            BTreeSet::new()
        };
        Ok(self.verdict(task, &different, sent))
    }

    fn number_differs(&self, task: &TaskRow, there: &RemoteListing) -> Result<BTreeSet<&'static str>> {
        let row = self.sku_row(task)?;
        let sku = row
            .as_ref()
            .and_then(|row| find_sku(there, Some(&row.remote_id), &row.outer_sku_code));
        let same = match (task.kind.as_str(), sku) {
            (PRICE, Some(sku)) => {
                let payload: PriceTask = serde_json::from_str(&task.payload)?;
                sku.price.map(|price| price.0) == Some(payload.price_fen)
            }
            (STOCK, Some(sku)) => {
                let payload: StockTask = serde_json::from_str(&task.payload)?;
                sku.stock == Some(payload.stock)
            }
            _ => false,
        };
        let field = if task.kind == PRICE { "price" } else { "stock" };
        Ok(if same {
            BTreeSet::new()
        } else {
            BTreeSet::from([field])
        })
    }

    fn verdict(&self, task: &TaskRow, different: &BTreeSet<&'static str>, sent: Option<&Sent>) -> Move {
        let fields = || {
            let fields: Vec<&str> = different.iter().copied().collect();
            BTreeMap::from([("fields".to_owned(), fields.join(","))])
        };
        let flaw = sent.and_then(|sent| sent.flaw.as_ref());
        let in_review = sent.is_some_and(|sent| sent.in_review);
        let alone = |field| different.len() == 1 && different.contains(field);
        if different.is_empty()
            || flaw.is_some()
            // Only after a yes it was the platform itself that left the barcode out.
            || (was_taken(task, sent) && alone("barcode"))
            || (in_review && !different.contains("whole"))
        {
            let state = if in_review {
                TaskState::InReview
            } else {
                TaskState::Confirmed
            };
            let verdict = match flaw {
                Some((code, text)) => self.flawed(code, text),
                // F39: the platform keeps what is no standard barcode as an empty one and says nothing.
                None if different.contains("barcode") => Verdict {
                    cause: BARCODE_LEFT_OUT.to_owned(),
                    params: fields(),
                    ..Verdict::default()
                },
                None => Verdict::default(),
            };
            return (task.id, state, verdict);
        }
        if sent.is_none() && task.cause != READ_BACK {
            if task.attempts >= ATTEMPTS {
                return rejected(task, crate::orders::UNRECOGNIZED, fields(), "");
            }
            // It never arrived, or only in part: everything is absolute, so it is sent again.
            return (task.id, TaskState::Queued, Verdict::default());
        }
        // Called done and not there: a slow platform gets one more look.
        let (state, wait) = if task.cause == READ_BACK {
            (TaskState::Rejected, 0)
        } else {
            (TaskState::Unknown, self.engine.now() + SETTLE_MS)
        };
        let verdict = Verdict {
            cause: READ_BACK.to_owned(),
            params: fields(),
            raw: String::new(),
            not_before: wait,
        };
        (task.id, state, verdict)
    }

    fn flawed(&self, code: &str, text: &str) -> Verdict {
        let known = self.engine.rules().recognize(text);
        Verdict {
            cause: known.as_ref().map_or_else(
                || crate::orders::UNRECOGNIZED.to_owned(),
                |known| known.cause.clone(),
            ),
            params: known
                .map(|known| known.params.into_iter().collect())
                .unwrap_or_default(),
            raw: if code.is_empty() {
                text.to_owned()
            } else {
                format!("{code} {text}")
            },
            not_before: 0,
        }
    }

    fn acknowledge(&mut self, sent: Vec<Sent>) -> Result<()> {
        let now = self.engine.now();
        let mut pushed: Vec<(ListingSkuId, i64)> = Vec::new();
        let mut moves = Vec::new();
        for sent in sent {
            let payload: StockTask = serde_json::from_str(&sent.task.payload)?;
            if let Some(row) = self.sku_row(&sent.task)? {
                pushed.push((row.id, payload.stock));
            }
            let verdict = sent
                .flaw
                .as_ref()
                .map(|(code, text)| self.flawed(code, text))
                .unwrap_or_default();
            moves.push((sent.task.id, TaskState::Confirmed, verdict));
        }
        self.engine.db().write(|tx| {
            for (id, stock) in pushed {
                storage::listing::set_pushed_stock(tx, id, stock, now)?;
            }
            Ok::<_, EngineError>(())
        })?;
        self.apply_moves(&moves)
    }

    /// Puts what was read back into the cache, heals bindings of what the platform renumbered, and binds what was made.
    fn store_seen(&mut self, seen: Vec<Seen>) -> Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let (now, store, platform) = (self.engine.now(), self.store.id, self.store.platform.as_str());
        let origin = self.engine.by_itself("sync", "batch.bind_created");
        let mut latest: HashMap<String, Seen> = HashMap::new();
        for one in seen {
            match latest.get_mut(&one.there.remote_id) {
                Some(held) => {
                    held.was = held.was.or(one.was);
                    held.made.extend(one.made);
                    held.category = one.category.or(held.category.take());
                }
                None => {
                    latest.insert(one.there.remote_id.clone(), one);
                }
            }
        }
        self.engine.db().write(|tx| {
            let mut applied = Applied::default();
            let mut made = Vec::new();
            let mut imposed = Vec::new();
            for one in latest.into_values() {
                let theirs = one.there.category_id.clone();
                let other = one
                    .category
                    .filter(|(_, wrote)| !theirs.is_empty() && *wrote != theirs);
                imposed.extend(other.map(|(product, wrote)| (product, wrote, theirs)));
                let data = crate::pull::listings::listing_data(&one.there);
                let id = storage::listing::apply_listing(tx, store, now, &data, &mut applied)?;
                if let Some(was) = one.was.filter(|was| *was != id) {
                    renumbered(tx, was, now, &mut applied)?;
                }
                made.push((id, one.made));
            }
            crate::pull::heal::renumbered(tx, &origin, &applied)?;
            let mut changes = Changes::begin(tx, &origin)?;
            for (id, codes) in made {
                bind_made(&mut changes, now, id, &codes)?;
            }
            changes.finish(false)?;
            yield_categories(
                tx,
                &self.engine.by_itself("sync", "batch.category_imposed"),
                platform,
                imposed,
            )?;
            Ok::<_, EngineError>(())
        })
    }
}

/// Whether the platform has said yes to a task: in this run, or before it was looked at in vain.
fn was_taken(task: &TaskRow, sent: Option<&Sent>) -> bool {
    sent.is_some() || task.cause == READ_BACK
}

/// The product that was written to is another one by the platform's id now: the old row is gone, its bindings move.
fn renumbered(tx: &Tx<'_>, was: ListingId, now: i64, applied: &mut Applied) -> Result<()> {
    let rows = storage::listing::of_listing(tx, was)?;
    applied.gone.extend(rows.iter().map(|row| row.id));
    storage::listing::mark_gone(tx, was, now)?;
    Ok(())
}

/// Where the platform took a product and gave it a 类目 of its own (a barcode of its library brings one, F66), that one
/// stands from now on in the place of what the manager had chosen: nobody fights over it.
fn yield_categories(
    tx: &Tx<'_>,
    origin: &Origin,
    platform: &str,
    imposed: Vec<(ProductId, String, String)>,
) -> Result<()> {
    let mut changes = Changes::begin(tx, origin)?;
    for (product, wrote, theirs) in imposed {
        let chosen = storage::platform_category::chosen(tx, product, platform)?;
        if let Some(chosen) = chosen.filter(|chosen| chosen.category_id == wrote) {
            let kept = Choice {
                category_id: theirs,
                ..chosen
            };
            storage::platform_category::choose(&mut changes, product, platform, &kept)?;
        }
    }
    changes.finish(false)?;
    Ok(())
}

fn bind_made(
    changes: &mut Changes<'_>,
    now: i64,
    listing: ListingId,
    codes: &[(SkuId, String)],
) -> Result<()> {
    let rows = storage::listing::of_listing(changes.tx(), listing)?;
    for (sku, code) in codes {
        let by_code = rows
            .iter()
            .find(|row| !code.is_empty() && row.outer_sku_code == *code);
        let only = if rows.len() == 1 && codes.len() == 1 {
            rows.first()
        } else {
            None
        };
        let Some(row) = by_code.or(only).filter(|row| row.bound_to.is_none()) else {
            continue;
        };
        match storage::listing::bind(changes, now, row.id, *sku, "created") {
            Ok(()) | Err(StorageError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
