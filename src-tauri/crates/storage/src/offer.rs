//! 铺货: which SKU is wanted in which store, and what differs there.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::Result;
use domain::id::{OfferId, SkuId, StoreId};
use domain::money::Money;
use domain::store::Offer;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
struct Snapshot {
    store: i64,
    sku: i64,
    on: bool,
    price_fen: Option<i64>,
    name: Option<String>,
    group: Option<Vec<String>>,
    skip_barcode: bool,
}

const COLUMNS: &str = "id, store_id, sku_id, on_sale, price_fen, name, group_path, skip_barcode";

/// The store `s` has no offer of its own, so that what is bound there counts as offered as it stands. The one place
/// that says it: what is planned, what pages show and where pictures are looked at all ask through this.
macro_rules! offers_what_is_bound {
    () => {
        "NOT EXISTS (SELECT 1 FROM offer own JOIN sku ok ON ok.id = own.sku_id JOIN product op ON op.id = ok.product_id
                      WHERE own.store_id = s.id AND op.deleted_at IS NULL)"
    };
}
pub(crate) use offers_what_is_bound;

const AS_BOUND: &str = concat!(
    "SELECT 0, s.id, b.sku_id, l.on_sale, NULL, NULL, NULL, 0
       FROM store s JOIN binding b ON b.store_id = s.id
       JOIN listing_sku k ON k.id = b.listing_sku_id JOIN listing l ON l.id = k.listing_id
      WHERE s.id = ?1 AND k.gone_at IS NULL AND l.gone_at IS NULL AND ",
    offers_what_is_bound!(),
    " ORDER BY b.sku_id"
);

fn offer(row: &Row<'_>) -> rusqlite::Result<Offer> {
    let group: Option<String> = row.get(6)?;
    Ok(Offer {
        id: OfferId(row.get(0)?),
        store: StoreId(row.get(1)?),
        sku: SkuId(row.get(2)?),
        on: row.get(3)?,
        price: row.get::<_, Option<i64>>(4)?.map(Money),
        name: row.get(5)?,
        group: group.and_then(|text| serde_json::from_str(&text).ok()),
        skip_barcode: row.get(7)?,
    })
}

/// The offers of a store, by SKU. Offers of deleted products are left out.
pub fn of_store(connection: &Connection, store: StoreId) -> Result<Vec<Offer>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM offer WHERE store_id = ?1
           AND sku_id IN (SELECT s.id FROM sku s JOIN product p ON p.id = s.product_id WHERE p.deleted_at IS NULL)
         ORDER BY sku_id"
    ))?;
    let rows = statement.query_map([store.0], offer)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a store has any offer of a product that is still there: [`of_store`] would not be empty.
pub fn any_of_store(connection: &Connection, store: StoreId) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM offer o JOIN sku s ON s.id = o.sku_id JOIN product p ON p.id = s.product_id
                            WHERE o.store_id = ?1 AND p.deleted_at IS NULL)",
        )?
        .query_row([store.0], |row| row.get(0))?)
}

/// What a store wants, by SKU: its offers. In a store without any, everything bound counts as offered as it stands:
/// nothing is created, what is not set inherits, and what is off the shelf stays off.
pub fn wanted(connection: &Connection, store: StoreId) -> Result<Vec<Offer>> {
    let own = of_store(connection, store)?;
    if !own.is_empty() {
        return Ok(own);
    }
    let mut statement = connection.prepare_cached(AS_BOUND)?;
    let rows = statement.query_map([store.0], offer)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes down as offers what counts as offered only because it is bound. Before the first offer of a store, which would
/// otherwise make the rest unwanted.
pub fn keep_bound(changes: &mut Changes<'_>, store: StoreId) -> Result<()> {
    // Asked before every offer that is made: a store that has some is not read whole each time.
    if any_of_store(changes.tx(), store)? {
        return Ok(());
    }
    for offer in wanted(changes.tx(), store)? {
        let patch = OfferPatch {
            on: Some(offer.on),
            ..OfferPatch::default()
        };
        put(changes, store, offer.sku, &patch)?;
    }
    Ok(())
}

/// One offer.
pub fn get(connection: &Connection, store: StoreId, sku: SkuId) -> Result<Option<Offer>> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM offer WHERE store_id = ?1 AND sku_id = ?2"
        ))?
        .query_row([store.0, sku.0], offer)
        .optional()?)
}

/// What to change in an offer; `None` leaves it alone. The offer is made when it is not there.
#[derive(Clone, Debug, Default)]
pub struct OfferPatch {
    /// On the shelf.
    pub on: Option<bool>,
    /// Own price; `Some(None)` inherits again.
    pub price: Option<Option<Money>>,
    /// Own name; `Some(None)` inherits again.
    pub name: Option<Option<String>>,
    /// Own group; `Some(None)` inherits again.
    pub group: Option<Option<Vec<String>>>,
    /// 本商品不同步UPC.
    pub skip_barcode: Option<bool>,
}

/// Makes or changes an offer.
pub fn put(changes: &mut Changes<'_>, store: StoreId, sku: SkuId, patch: &OfferPatch) -> Result<OfferId> {
    let tx = changes.tx();
    let now = get(tx, store, sku)?;
    let id = if let Some(now) = &now {
        changes.touch(Entity::Offer, now.id.0)?;
        now.id.0
    } else {
        tx.prepare_cached("INSERT INTO offer (store_id, sku_id) VALUES (?1, ?2)")?
            .execute([store.0, sku.0])?;
        let id = tx.last_insert_rowid();
        changes.created(Entity::Offer, id);
        id
    };
    if let Some(on) = patch.on {
        tx.execute("UPDATE offer SET on_sale = ?2 WHERE id = ?1", params![id, on])?;
    }
    if let Some(price) = patch.price {
        tx.execute(
            "UPDATE offer SET price_fen = ?2 WHERE id = ?1",
            params![id, price.map(|p| p.0)],
        )?;
    }
    if let Some(name) = &patch.name {
        tx.execute("UPDATE offer SET name = ?2 WHERE id = ?1", params![id, name])?;
    }
    if let Some(group) = &patch.group {
        let text = group.as_ref().map(serde_json::to_string).transpose()?;
        tx.execute(
            "UPDATE offer SET group_path = ?2 WHERE id = ?1",
            params![id, text],
        )?;
    }
    if let Some(skip) = patch.skip_barcode {
        tx.execute(
            "UPDATE offer SET skip_barcode = ?2 WHERE id = ?1",
            params![id, skip],
        )?;
    }
    Ok(OfferId(id))
}

pub(crate) fn snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM offer WHERE id = ?1"))?
        .query_row([id], offer)
        .optional()?;
    let then = found.map(|o| Snapshot {
        store: o.store.0,
        sku: o.sku.0,
        on: o.on,
        price_fen: o.price.map(|p| p.0),
        name: o.name,
        group: o.group,
        skip_barcode: o.skip_barcode,
    });
    Ok(then.map(serde_json::to_value).transpose()?)
}

pub(crate) fn restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    let Some(value) = value else {
        tx.execute("DELETE FROM offer WHERE id = ?1", [id])?;
        return Ok(());
    };
    let then: Snapshot = serde_json::from_value(value.clone())?;
    tx.execute(
        "INSERT INTO offer (id, store_id, sku_id, on_sale, price_fen, name, group_path, skip_barcode)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET on_sale = ?4, price_fen = ?5, name = ?6, group_path = ?7, skip_barcode = ?8",
        params![
            id,
            then.store,
            then.sku,
            then.on,
            then.price_fen,
            then.name,
            then.group.as_ref().map(serde_json::to_string).transpose()?,
            then.skip_barcode
        ],
    )?;
    Ok(())
}
