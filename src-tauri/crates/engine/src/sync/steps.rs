//! From a plan to tasks of the outbox, in the order in which one needs the other: groups before what stands in them, our
//! codes before everything that names a SKU by them.

use super::facts::StoreFacts;
use super::outbox::{
    CODES, CODES_FIRST, GROUP, GroupTask, LISTING, ListingTask, Ordered, PRICE, PriceTask, STOCK,
    STOCK_FIRST, StockTask, THEN_GROUP, THEN_LISTING, THEN_PRICE, TaskSubject,
};
use super::plan::{Choices, planned};
use super::preflight::named;
use crate::error::Result;
use connect::platform::{ListingWrite, SkuWrite};
use domain::id::{JobId, SkuId};
use domain::listing::{Listing, ListingSku};
use domain::plan::ProductWrite;
use storage::task::NewTask;

/// The tasks of a store's plan: what needs another one comes behind it and waits for it.
pub(super) fn tasks(facts: &StoreFacts, choices: &Choices, job: JobId) -> Result<Vec<Ordered>> {
    let (plan, writes) = planned(facts, choices);
    let mut queue = Queue {
        facts,
        job,
        tasks: Vec::new(),
        groups: Vec::new(),
    };
    for (path, sequence) in plan.plan.new_groups.iter().zip(facts.groups.len() + 1..) {
        let payload = GroupTask {
            path: path.clone(),
            sequence: i64::try_from(sequence).unwrap_or(i64::MAX),
        };
        let subject = TaskSubject {
            name: path.join("/"),
            ..TaskSubject::default()
        };
        let above = queue.groups_of(path);
        let at = queue.add(
            (GROUP, THEN_GROUP),
            &subject,
            &payload,
            &serde_json::json!({}),
            above,
        )?;
        queue.groups.push((path.clone(), at));
    }
    for write in &writes {
        queue.product(write)?;
    }
    Ok(queue.tasks)
}

struct Queue<'a> {
    facts: &'a StoreFacts,
    job: JobId,
    tasks: Vec<Ordered>,
    /// Groups that are made, with the place of their task.
    groups: Vec<(Vec<String>, usize)>,
}

impl Queue<'_> {
    /// Gives the place of the new task.
    fn add(
        &mut self,
        (kind, priority): (&'static str, i64),
        subject: &TaskSubject,
        payload: &impl serde::Serialize,
        previous: &impl serde::Serialize,
        after: Vec<usize>,
    ) -> Result<usize> {
        let task = NewTask {
            job: Some(self.job),
            store: self.facts.store().id,
            kind,
            priority,
            subject: serde_json::to_string(subject)?,
            payload: serde_json::to_string(payload)?,
            previous: serde_json::to_string(previous)?,
            undoes: None,
        };
        self.tasks.push(Ordered { task, after });
        Ok(self.tasks.len() - 1)
    }

    /// The tasks that make a group or one above it.
    fn groups_of(&self, path: &[String]) -> Vec<usize> {
        let on_the_way = self.groups.iter().filter(|(made, _)| path.starts_with(made));
        on_the_way.map(|(_, at)| *at).collect()
    }

    fn product(&mut self, write: &ProductWrite) -> Result<()> {
        let facts = self.facts;
        let listing = write.listing.and_then(|id| facts.listing(id));
        let product = facts
            .library
            .products
            .iter()
            .find(|product| product.id == write.product);
        let subject = TaskSubject {
            product: Some(write.product),
            listing: write.listing,
            name: product.map(|product| product.name.clone()).unwrap_or_default(),
            ..TaskSubject::default()
        };
        let codes = match codes(write, listing) {
            Some(codes) => {
                let nothing = serde_json::json!({});
                Some(self.add((CODES, CODES_FIRST), &subject, &codes, &nothing, Vec::new())?)
            }
            None => None,
        };
        let mut content = content(write, listing);
        if content.writes_fields() || write.attributes {
            content.write.attributes = facts.attributes(write.product).cloned();
        }
        if content.writes_fields() {
            let previous = previous(&content, listing, facts);
            let mut after = self.groups_of(content.write.group_path.as_deref().unwrap_or_default());
            after.extend(codes);
            self.add((LISTING, THEN_LISTING), &subject, &content, &previous, after)?;
        }
        for sku in &write.skus {
            let Some(there) = there(listing, sku) else {
                continue;
            };
            let spec = product.and_then(|p| p.skus.iter().find(|s| s.id == sku.sku));
            let subject = TaskSubject {
                sku: Some(sku.sku),
                listing_sku: Some(there.id),
                name: named(&subject.name, spec.map_or("", |spec| spec.spec_name.as_str())),
                ..subject.clone()
            };
            let after: Vec<usize> = codes.into_iter().collect();
            if let Some(price) = sku.price {
                let previous = there.price.map(|price| PriceTask { price_fen: price.0 });
                let price = PriceTask { price_fen: price.0 };
                self.add((PRICE, THEN_PRICE), &subject, &price, &previous, after.clone())?;
            }
            if let Some(stock) = sku.stock {
                let previous = there.stock.map(|stock| StockTask { stock });
                self.add(
                    (STOCK, STOCK_FIRST),
                    &subject,
                    &StockTask { stock },
                    &previous,
                    after,
                )?;
            }
        }
        Ok(())
    }
}

/// What gives a product there our codes; `None` when it has them all. Prices and stock name a SKU by its code, and a
/// platform that finds none says that there is no such SKU (F28).
fn codes(write: &ProductWrite, listing: Option<&Listing>) -> Option<ListingTask> {
    let listing = listing?;
    let bare = |held: &ListingSku| held.outer_sku_code.is_empty() || listing.outer_code.is_empty();
    let skus: Vec<_> = write
        .skus
        .iter()
        .filter_map(|sku| Some((sku, there(Some(listing), sku).filter(|held| bare(held))?)))
        .collect();
    let rows = skus
        .iter()
        .map(|(sku, held)| (sku.sku, held.remote_id.as_str(), sku.outer_sku_code.as_str()));
    coding(&listing.remote_id, &write.outer_code, write.multi_spec, rows)
}

/// A content task that writes nothing but codes: library SKU, the platform's id and our code of each.
pub(crate) fn coding<'s>(
    remote_id: &str,
    outer_code: &str,
    multi_spec: bool,
    skus: impl Iterator<Item = (SkuId, &'s str, &'s str)>,
) -> Option<ListingTask> {
    let mut task = ListingTask {
        write: ListingWrite {
            remote_id: Some(remote_id.to_owned()),
            outer_code: outer_code.to_owned(),
            multi_spec,
            ..ListingWrite::default()
        },
        ..ListingTask::default()
    };
    for (sku, remote_id, code) in skus {
        task.write.skus.push(SkuWrite {
            remote_id: Some(remote_id.to_owned()),
            outer_sku_code: code.to_owned(),
            ..SkuWrite::default()
        });
        task.skus.push(sku);
    }
    (!task.skus.is_empty()).then_some(task)
}

/// The platform's SKU behind a SKU of a write.
fn there<'l>(listing: Option<&'l Listing>, sku: &domain::plan::SkuWrite) -> Option<&'l ListingSku> {
    let id = sku.listing_sku?;
    listing?.skus.iter().find(|held| held.id == id)
}

/// What goes by the content call. Prices and stock of SKUs that exist go by their own calls, in larger batches.
fn content(write: &ProductWrite, listing: Option<&Listing>) -> ListingTask {
    let mut task = ListingTask {
        write: ListingWrite {
            remote_id: listing.map(|listing| listing.remote_id.clone()),
            outer_code: write.outer_code.clone(),
            name: write.name.clone(),
            group_path: write.group.clone(),
            category_id: write.category_id.clone(),
            pictures: None,
            on_sale: write.on_sale,
            description: write.description.clone(),
            skus: Vec::new(),
            multi_spec: write.multi_spec,
            ..ListingWrite::default()
        },
        skus: Vec::new(),
        hashes: write.pictures.clone(),
    };
    for sku in &write.skus {
        let held = there(listing, sku);
        let new = held.is_none();
        if !new && sku.spec_name.is_none() && sku.barcode.is_none() && sku.packing_fee.is_none() {
            continue;
        }
        task.write.skus.push(SkuWrite {
            remote_id: held.map(|held| held.remote_id.clone()),
            outer_sku_code: sku.outer_sku_code.clone(),
            spec_name: sku.spec_name.clone(),
            barcode: sku.barcode.clone(),
            price: sku.price.filter(|_| new),
            stock: sku.stock.filter(|_| new),
            weight_g: sku.weight_g,
            packing_fee: sku.packing_fee,
        });
        task.skus.push(sku.sku);
    }
    task
}

/// The content task that takes one back: the old value of every field it writes. What it makes is taken off the shelf,
/// for the platforms' delete calls cannot be undone in their turn.
fn previous(task: &ListingTask, listing: Option<&Listing>, facts: &StoreFacts) -> ListingTask {
    let write = &task.write;
    let mut back = ListingTask {
        write: ListingWrite {
            outer_code: write.outer_code.clone(),
            multi_spec: write.multi_spec,
            ..ListingWrite::default()
        },
        ..ListingTask::default()
    };
    let Some(listing) = listing else {
        back.write.on_sale = Some(false);
        back.skus.clone_from(&task.skus);
        return back;
    };
    let path = facts.group_path(listing.id);
    back.write.remote_id = Some(listing.remote_id.clone());
    back.write.name = write.name.as_ref().map(|_| listing.name.clone());
    back.write.group_path = write
        .group_path
        .as_ref()
        .map(|_| path.to_vec())
        .filter(|path| !path.is_empty());
    back.write.category_id = write.category_id.as_ref().map(|_| listing.category_id.clone());
    back.write.on_sale = write.on_sale.map(|_| listing.on_sale);
    back.write.description = write
        .description
        .as_ref()
        .and_then(|_| listing.description.clone());
    if task.hashes.is_some() && !listing.pictures.is_empty() {
        back.write.pictures = Some(listing.pictures.clone());
        back.hashes = Some(Vec::new());
    }
    for (sku, id) in write.skus.iter().zip(&task.skus) {
        let Some(held) = listing
            .skus
            .iter()
            .find(|held| Some(&held.remote_id) == sku.remote_id.as_ref())
        else {
            continue;
        };
        back.write.skus.push(SkuWrite {
            remote_id: sku.remote_id.clone(),
            outer_sku_code: sku.outer_sku_code.clone(),
            spec_name: sku.spec_name.as_ref().map(|_| held.spec_name.clone()),
            barcode: sku.barcode.as_ref().map(|_| held.barcode.clone()),
            packing_fee: sku.packing_fee.and(held.packing_fee),
            ..SkuWrite::default()
        });
        back.skus.push(*id);
    }
    back
}
