//! Sending products: ids and codes as they are now, missing codes first (F17), pictures uploaded, then the write.

use super::outbox::{ListingTask, TaskSubject};
use super::run::{Run, rejected};
use crate::error::Result;
use connect::error::{Effect, RemoteError};
use connect::platform::{RemoteListing, RemoteSku, WriteOutcome};
use domain::id::ListingId;
use domain::money::Money;
use std::collections::BTreeMap;
use storage::listing::ListingSkuRow;
use storage::task::TaskRow;

/// A content task on its way.
struct Ready {
    task: TaskRow,
    content: ListingTask,
    /// The platform's SKUs of the product as cached; empty for a new product.
    rows: Vec<ListingSkuRow>,
}

/// What became of preparing one task.
enum Prepared {
    Ready,
    /// Nothing but codes was to be written, and they are.
    Done,
    /// The platform or a picture says no.
    No {
        code: String,
        text: String,
    },
    /// A picture cannot be made to fit.
    Picture {
        cause: &'static str,
        detail: String,
    },
}

impl Run<'_> {
    pub(super) async fn send_listings(&mut self, mut batch: Vec<TaskRow>) -> Result<()> {
        self.take(&mut batch)?;
        let mut ready: Vec<Ready> = Vec::new();
        let mut left = batch.into_iter();
        while let Some(task) = left.next() {
            let mut one = self.current(task)?;
            match self.prepare(&mut one).await {
                Ok(Prepared::Ready) => ready.push(one),
                Ok(Prepared::Done) => self.answered(vec![one.task], Ok(vec![accepted()])).await?,
                Ok(Prepared::No { code, text }) => self.refused(vec![(one.task, code, text)]).await?,
                Ok(Prepared::Picture { cause, detail }) => {
                    self.apply_moves(&[rejected(&one.task, cause, BTreeMap::new(), &detail)])?;
                }
                Err(Failure::Engine(error)) => return Err(error),
                Err(Failure::Remote(error)) => {
                    // Nothing of these products was written: pictures and codes are looked at anew the next time.
                    let mut back: Vec<TaskRow> = ready.into_iter().map(|ready| ready.task).collect();
                    back.push(one.task);
                    back.extend(left);
                    return self.failed(back, &error, Effect::None).await;
                }
            }
        }
        if ready.is_empty() {
            return Ok(());
        }
        let writes: Vec<_> = ready.iter().map(|ready| ready.content.write.clone()).collect();
        let answer = self.platform.write(&self.session, &writes).await;
        self.answered(ready.into_iter().map(|ready| ready.task).collect(), answer)
            .await
    }

    /// The task with the ids and codes that the cache knows now: a second reading may have brought newer ones, and a
    /// product may have been made meanwhile.
    fn current(&self, task: TaskRow) -> Result<Ready> {
        let mut content: ListingTask = serde_json::from_str(&task.payload)?;
        let subject: TaskSubject = serde_json::from_str(&task.subject)?;
        let store = self.store.id;
        let rows = self.engine.db().read(|c| {
            let mut listing: Option<ListingId> = None;
            for sku in &content.skus {
                let places = storage::listing::bound_places(c, *sku)?;
                listing = listing.or(places
                    .iter()
                    .find(|row| row.store == store)
                    .map(|row| row.listing));
            }
            match listing.or(subject.listing) {
                Some(listing) => storage::listing::of_listing(c, listing),
                None => Ok(Vec::new()),
            }
        })?;
        if let Some(first) = rows.first() {
            content.write.remote_id = Some(first.listing_remote_id.clone());
            if !first.outer_code.is_empty() {
                content.write.outer_code.clone_from(&first.outer_code);
            }
            for (sku, id) in content.write.skus.iter_mut().zip(&content.skus) {
                let Some(row) = rows.iter().find(|row| row.bound_to == Some(*id)) else {
                    continue;
                };
                sku.remote_id = Some(row.remote_id.clone());
                if !row.outer_sku_code.is_empty() {
                    sku.outer_sku_code.clone_from(&row.outer_sku_code);
                }
            }
        }
        Ok(Ready { task, content, rows })
    }

    async fn prepare(&mut self, one: &mut Ready) -> std::result::Result<Prepared, Failure> {
        if let Some((code, text)) = self.write_codes(one).await? {
            return Ok(Prepared::No { code, text });
        }
        if !one.content.writes_fields() {
            return Ok(Prepared::Done);
        }
        let Some(hashes) = one.content.hashes.clone() else {
            return Ok(Prepared::Ready);
        };
        // An empty list with addresses in the write puts back what stood there; without addresses it clears.
        if hashes.is_empty() {
            one.content.write.pictures.get_or_insert_with(Vec::new);
            return Ok(Prepared::Ready);
        }
        let mut references = Vec::new();
        for hash in hashes {
            if let Some(reference) = self.uploads.get(&hash) {
                references.push(reference.clone());
                continue;
            }
            let bytes = match self.engine.picture_for(&hash, &self.store.platform).await? {
                Ok(bytes) => bytes,
                Err(no) => {
                    return Ok(Prepared::Picture {
                        cause: no.cause,
                        detail: no.detail,
                    });
                }
            };
            let name = format!("{}.jpg", &hash[..hash.len().min(32)]);
            match self.platform.upload_picture(&self.session, &name, bytes).await {
                Ok(reference) => {
                    self.uploads.insert(hash, reference.clone());
                    references.push(reference);
                }
                Err(RemoteError::Rejected { code, text }) => return Ok(Prepared::No { code, text }),
                Err(error) => return Err(Failure::Remote(error)),
            }
        }
        one.content.write.pictures = Some(references);
        Ok(Prepared::Ready)
    }

    /// Writes our codes where the platform has none (F17), unless a lost answer has brought them there already. Gives
    /// the platform's refusal.
    async fn write_codes(&mut self, one: &Ready) -> std::result::Result<Option<(String, String)>, Failure> {
        let Some(first) = one.rows.first() else {
            return Ok(None);
        };
        let write = &one.content.write;
        let bare: Vec<(&ListingSkuRow, &String)> = write
            .skus
            .iter()
            .zip(&one.content.skus)
            .filter_map(|(sku, id)| {
                let row = one.rows.iter().find(|row| row.bound_to == Some(*id))?;
                Some((row, &sku.outer_sku_code))
            })
            .filter(|(row, _)| row.outer_sku_code.is_empty() || first.outer_code.is_empty())
            .collect();
        if bare.is_empty() {
            return Ok(None);
        }
        if one.task.attempts > 1 {
            let there = self
                .platform
                .listing(&self.session, None, &write.outer_code)
                .await?;
            let coded = |there: &RemoteListing| {
                bare.iter()
                    .all(|(_, code)| there.skus.iter().any(|sku| sku.outer_sku_code == **code))
            };
            if there.as_ref().is_some_and(coded) {
                return Ok(None);
            }
        }
        let listing = cached(first, &one.rows);
        let codes: Vec<(RemoteSku, String)> = bare
            .iter()
            .map(|(row, code)| (cached_sku(row), (*code).clone()))
            .collect();
        match self
            .platform
            .bind_codes(&self.session, &listing, &write.outer_code, &codes)
            .await
        {
            Ok(()) => Ok(None),
            Err(RemoteError::Rejected { code, text }) => Ok(Some((code, text))),
            Err(error) => Err(Failure::Remote(error)),
        }
    }
}

/// Why preparing stopped.
enum Failure {
    Engine(crate::error::EngineError),
    Remote(RemoteError),
}

impl From<crate::error::EngineError> for Failure {
    fn from(error: crate::error::EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self::Remote(error)
    }
}

fn accepted() -> WriteOutcome {
    WriteOutcome::Accepted { remote_id: None }
}

/// The product as it was last read.
fn cached(first: &ListingSkuRow, rows: &[ListingSkuRow]) -> RemoteListing {
    RemoteListing {
        remote_id: first.listing_remote_id.clone(),
        outer_code: first.outer_code.clone(),
        name: first.name.clone(),
        group_path: first.group_path.clone(),
        category_id: first.category_id.clone(),
        pictures: first.pictures.clone(),
        on_sale: first.on_sale,
        review: first.review,
        description: first.description.clone(),
        skus: rows.iter().map(cached_sku).collect(),
    }
}

fn cached_sku(row: &ListingSkuRow) -> RemoteSku {
    RemoteSku {
        remote_id: row.remote_id.clone(),
        outer_sku_code: row.outer_sku_code.clone(),
        spec_name: row.spec_name.clone(),
        barcode: row.barcode.clone(),
        price: row.price_fen.map(Money),
        stock: row.stock,
        packing_fee: row.packing_fee_fen.map(Money),
    }
}
