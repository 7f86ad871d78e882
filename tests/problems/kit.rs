//! What the rows have in common: looking at findings with their words, and changing the shop like the manager does.

use domain::finding::{EditField, Finding};
use domain::id::{SkuId, StoreId};
use engine::sync::plan::Choices;
use engine::sync::report::SyncReport;
use sim::PlatformId::Ebai;
use sim::world::OrderMode;
use storage::change::Changes;
use storage::offer::OfferPatch;
use suites::{Counter, EBAI, SHANGOU};

pub(crate) const WATER: usize = 0;
pub(crate) const MILK_BOX: usize = 1;
pub(crate) const BREAD: usize = 3;
pub(crate) const CRISPS: usize = 4;

pub(crate) async fn counter() -> Counter {
    Counter::open(OrderMode::Lookup, 7).await
}

/// What a check finds of one row in a store; every finding has whole words in both languages.
pub(crate) fn findings(counter: &Counter, store: StoreId, id: &str) -> Vec<Finding> {
    let cache = counter.engine().preflight(&[store]).unwrap();
    let found: Vec<Finding> = cache
        .findings
        .iter()
        .filter(|noted| noted.store == store && noted.finding.id == id)
        .map(|noted| noted.finding.clone())
        .collect();
    for finding in &found {
        let params = finding.params.clone().into_iter().collect();
        for lang in ["zh-CN", "en"] {
            for part in ["what", "why"] {
                let text = api::words::words(lang)
                    .text(&format!("finding.{id}.{part}"))
                    .unwrap();
                let said = api::words::fill(text, &params);
                assert!(!said.contains(['{', '}']), "{lang} {id} {part}: {said}");
            }
        }
    }
    found
}

/// The one finding of a row.
pub(crate) fn only(counter: &Counter, store: StoreId, id: &str) -> Finding {
    let mut found = findings(counter, store, id);
    assert_eq!(found.len(), 1, "{id}: {found:?}");
    found.remove(0)
}

pub(crate) fn gone(counter: &Counter, store: StoreId, id: &str) {
    let left = findings(counter, store, id);
    assert!(left.is_empty(), "{id}: {left:?}");
}

pub(crate) fn set(counter: &Counter, at: usize, field: EditField, value: &str) {
    counter
        .engine()
        .set_sku_field(counter.skus[at], field, value)
        .unwrap();
}

pub(crate) fn sku(counter: &Counter, id: SkuId) -> storage::product::SkuData {
    counter
        .engine()
        .db()
        .read(|c| storage::product::sku_of(c, id))
        .unwrap()
}

/// Wants goods in a group of both stores.
pub(crate) fn classify(counter: &Counter, at: usize, path: &[&str]) {
    let group: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
    let origin = counter.engine().by_user("batch.offers");
    let wanted = OfferPatch {
        on: Some(true),
        group: Some(Some(group)),
        ..OfferPatch::default()
    };
    counter
        .engine()
        .db()
        .write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for store in [counter.shangou, counter.ebai] {
                storage::offer::put(&mut changes, store, counter.skus[at], &wanted)?;
            }
            changes.finish(false)?;
            Ok::<_, storage::error::StorageError>(())
        })
        .unwrap();
}

pub(crate) async fn sync(counter: &Counter, store: StoreId) -> SyncReport {
    counter
        .engine()
        .sync_apply(&[store], &Choices::default())
        .await
        .unwrap()
}

/// The price of goods on a platform.
pub(crate) fn price_there(counter: &Counter, platform: sim::PlatformId, at: usize) -> i64 {
    let shop = if platform == Ebai { EBAI } else { SHANGOU };
    let (listing, spec) = &counter.listings[&(platform, at)];
    let world = counter.world();
    let listing = world.listing(platform, shop, listing).unwrap();
    listing
        .specs
        .iter()
        .find(|row| &row.id == spec)
        .unwrap()
        .price_fen
}
