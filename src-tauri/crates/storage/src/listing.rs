//! 门店商品 as last read, its groups, and the bindings that hang on it.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::{ListingId, ListingSkuId, SkuId, StoreId};
use domain::listing::ReviewState;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A listing as it was read, before it has ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListingData {
    /// Unique in the store.
    pub remote_id: String,
    /// Our product code there.
    pub outer_code: String,
    /// 商品名称.
    pub name: String,
    /// Group names from the first level.
    pub group_path: Vec<String>,
    /// 类目 id.
    pub category_id: String,
    /// Picture addresses or ids.
    pub pictures: Vec<String>,
    /// On the shelf.
    pub on_sale: bool,
    /// Review.
    pub review: ReviewState,
    /// Description, where the platform tells one.
    pub description: Option<String>,
    /// Specifications.
    pub skus: Vec<ListingSkuData>,
}

/// A specification as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListingSkuData {
    /// Unique in the listing.
    pub remote_id: String,
    /// 第三方SKU编码.
    pub outer_sku_code: String,
    /// 规格名称.
    pub spec_name: String,
    /// Barcode.
    pub barcode: String,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// Stock.
    pub stock: Option<i64>,
    /// Packing fee of one piece in fen, where the platform tells one.
    pub packing_fee_fen: Option<i64>,
}

/// One listing SKU with its listing and its binding: the row that matching, orders and plans work on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListingSkuRow {
    /// Row id.
    pub id: ListingSkuId,
    /// The listing.
    pub listing: ListingId,
    /// The store.
    pub store: StoreId,
    /// Platform id of the listing.
    pub listing_remote_id: String,
    /// Our product code there.
    pub outer_code: String,
    /// 商品名称 there.
    pub name: String,
    /// Group path there.
    pub group_path: Vec<String>,
    /// 类目 there.
    pub category_id: String,
    /// Pictures there.
    pub pictures: Vec<String>,
    /// On the shelf.
    pub on_sale: bool,
    /// Review.
    pub review: ReviewState,
    /// Description there, where the platform tells one.
    pub description: Option<String>,
    /// In review since, UTC ms.
    pub review_since: Option<i64>,
    /// Last read, UTC ms.
    pub read_at: i64,
    /// Platform id of the SKU.
    pub remote_id: String,
    /// 第三方SKU编码 there.
    pub outer_sku_code: String,
    /// The code it had before the platform issued a new one (F02a).
    pub code_was: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// The spec name it had before (F01c).
    pub spec_was: String,
    /// Barcode there.
    pub barcode: String,
    /// Price in fen there.
    pub price_fen: Option<i64>,
    /// Stock there.
    pub stock: Option<i64>,
    /// Packing fee of one piece there in fen, where the platform tells one.
    pub packing_fee_fen: Option<i64>,
    /// Stock last pushed and acknowledged.
    pub pushed_stock: Option<i64>,
    /// How many SKUs the listing has.
    pub sibling_count: i64,
    /// Bound library SKU.
    pub bound_to: Option<SkuId>,
}

const ROW: &str = "SELECT k.id, l.id, l.store_id, l.remote_id, l.outer_code, l.name, l.group_path, l.category_id, l.pictures,
       l.on_sale, l.review, l.review_since, l.read_at, k.remote_id, k.outer_sku_code, k.code_was, k.spec_name, k.spec_was,
       k.barcode, k.price_fen, k.stock, k.pushed_stock,
       (SELECT count(*) FROM listing_sku s WHERE s.listing_id = l.id AND s.gone_at IS NULL), b.sku_id,
       l.description, k.packing_fee_fen
  FROM listing_sku k JOIN listing l ON l.id = k.listing_id LEFT JOIN binding b ON b.listing_sku_id = k.id";

fn listing_sku(row: &Row<'_>) -> rusqlite::Result<ListingSkuRow> {
    let list = |at: usize| -> rusqlite::Result<Vec<String>> {
        Ok(serde_json::from_str(&row.get::<_, String>(at)?).unwrap_or_default())
    };
    Ok(ListingSkuRow {
        id: ListingSkuId(row.get(0)?),
        listing: ListingId(row.get(1)?),
        store: StoreId(row.get(2)?),
        listing_remote_id: row.get(3)?,
        outer_code: row.get(4)?,
        name: row.get(5)?,
        group_path: list(6)?,
        category_id: row.get(7)?,
        pictures: list(8)?,
        on_sale: row.get(9)?,
        review: parse_review(&row.get::<_, String>(10)?),
        review_since: row.get(11)?,
        read_at: row.get(12)?,
        remote_id: row.get(13)?,
        outer_sku_code: row.get(14)?,
        code_was: row.get(15)?,
        spec_name: row.get(16)?,
        spec_was: row.get(17)?,
        barcode: row.get(18)?,
        price_fen: row.get(19)?,
        stock: row.get(20)?,
        pushed_stock: row.get(21)?,
        sibling_count: row.get(22)?,
        bound_to: row.get::<_, Option<i64>>(23)?.map(SkuId),
        description: row.get(24)?,
        packing_fee_fen: row.get(25)?,
    })
}

fn parse_review(name: &str) -> ReviewState {
    serde_json::from_value(Value::String(name.to_owned())).unwrap_or_default()
}

fn review_name(review: ReviewState) -> &'static str {
    match review {
        ReviewState::None => "none",
        ReviewState::Pending => "pending",
        ReviewState::Rejected => "rejected",
    }
}

/// All SKUs of a store that the platform still has, in listing order.
pub fn of_store(connection: &Connection, store: StoreId) -> Result<Vec<ListingSkuRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROW} WHERE k.store_id = ?1 AND l.gone_at IS NULL AND k.gone_at IS NULL ORDER BY l.id, k.id"
    ))?;
    let rows = statement.query_map([store.0], listing_sku)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One SKU, also when it is gone.
pub fn sku(connection: &Connection, id: ListingSkuId) -> Result<ListingSkuRow> {
    connection
        .prepare_cached(&format!("{ROW} WHERE k.id = ?1"))?
        .query_row([id.0], listing_sku)
        .optional()?
        .ok_or(StorageError::NotFound { what: "listing" })
}

/// The SKUs of one listing.
pub fn of_listing(connection: &Connection, id: ListingId) -> Result<Vec<ListingSkuRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROW} WHERE k.listing_id = ?1 AND k.gone_at IS NULL ORDER BY k.id"
    ))?;
    let rows = statement.query_map([id.0], listing_sku)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The SKUs of one listing that the platform still has; none when it is gone.
pub fn still_there(connection: &Connection, id: ListingId) -> Result<Vec<ListingSkuRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROW} WHERE k.listing_id = ?1 AND l.gone_at IS NULL AND k.gone_at IS NULL ORDER BY k.id"
    ))?;
    let rows = statement.query_map([id.0], listing_sku)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where a library SKU is bound, as far as the platforms still have it.
pub fn bound_places(connection: &Connection, sku: SkuId) -> Result<Vec<ListingSkuRow>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROW} WHERE b.sku_id = ?1 AND l.gone_at IS NULL AND k.gone_at IS NULL ORDER BY l.store_id, k.id"
    ))?;
    let rows = statement.query_map([sku.0], listing_sku)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a reading changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// Listings in the reading.
    pub listings: usize,
    /// Listing SKUs that were not known.
    pub new: Vec<ListingSkuId>,
    /// Listings with any field changed.
    pub changed: usize,
    /// Listing SKUs that the platform does not have any more.
    pub gone: Vec<ListingSkuId>,
}

/// Puts a whole reading of a store in the place of the last one. What is missing in it is marked gone, never
/// deleted, because bindings and orders hang on it; what comes back loses the mark.
pub fn apply_reading(tx: &Tx<'_>, store: StoreId, at: i64, reading: &[ListingData]) -> Result<Applied> {
    let mut applied = Applied {
        listings: reading.len(),
        ..Applied::default()
    };
    for data in reading {
        apply_listing(tx, store, at, data, &mut applied)?;
    }
    let mut gone = tx.prepare_cached(
        "SELECT k.id FROM listing_sku k JOIN listing l ON l.id = k.listing_id
         WHERE l.store_id = ?1 AND l.read_at < ?2 AND l.gone_at IS NULL AND k.gone_at IS NULL",
    )?;
    let ids = gone.query_map(params![store.0, at], |row| row.get(0).map(ListingSkuId))?;
    applied.gone.extend(ids.collect::<rusqlite::Result<Vec<_>>>()?);
    tx.execute(
        "UPDATE listing SET gone_at = ?2 WHERE store_id = ?1 AND read_at < ?2 AND gone_at IS NULL",
        params![store.0, at],
    )?;
    Ok(applied)
}

/// Puts one listing in the place of what was known of it (after a write, or a single re-read).
pub fn apply_listing(
    tx: &Tx<'_>,
    store: StoreId,
    at: i64,
    data: &ListingData,
    applied: &mut Applied,
) -> Result<ListingId> {
    let group_path = serde_json::to_string(&data.group_path)?;
    let pictures = serde_json::to_string(&data.pictures)?;
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM listing WHERE store_id = ?1 AND remote_id = ?2")?
        .query_row(params![store.0, data.remote_id], |row| row.get(0))
        .optional()?;
    let id = if let Some(id) = known {
        let changed = tx
            .prepare_cached(
                "UPDATE listing SET outer_code = ?2, name = ?3, group_path = ?4, category_id = ?5, pictures = ?6,
                        on_sale = ?7, review = ?8, description = ?10, gone_at = NULL,
                        review_since = CASE WHEN ?8 = 'none' THEN NULL WHEN review = ?8 THEN review_since ELSE ?9 END
                  WHERE id = ?1 AND (outer_code, name, group_path, category_id, pictures, on_sale, review, description, gone_at IS NULL)
                              IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10, 1)",
            )?
            .execute(params![
                id,
                data.outer_code,
                data.name,
                group_path,
                data.category_id,
                pictures,
                data.on_sale,
                review_name(data.review),
                at,
                data.description
            ])?;
        applied.changed += changed;
        tx.prepare_cached("UPDATE listing SET read_at = ?2 WHERE id = ?1")?
            .execute(params![id, at])?;
        id
    } else {
        tx.prepare_cached(
            "INSERT INTO listing (store_id, remote_id, outer_code, name, group_path, category_id, pictures, on_sale,
                                  review, review_since, read_at, description)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?9 = 'none' THEN NULL ELSE ?10 END, ?10, ?11)",
        )?
        .execute(params![
            store.0,
            data.remote_id,
            data.outer_code,
            data.name,
            group_path,
            data.category_id,
            pictures,
            data.on_sale,
            review_name(data.review),
            at,
            data.description
        ])?;
        tx.last_insert_rowid()
    };
    apply_skus(tx, store, id, at, data, applied)?;
    Ok(ListingId(id))
}

fn apply_skus(
    tx: &Tx<'_>,
    store: StoreId,
    listing: i64,
    at: i64,
    data: &ListingData,
    applied: &mut Applied,
) -> Result<()> {
    let mut known: HashMap<String, i64> = tx
        .prepare_cached("SELECT remote_id, id FROM listing_sku WHERE listing_id = ?1")?
        .query_map([listing], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for sku in &data.skus {
        let key = domain::code::barcode_key(&sku.barcode).unwrap_or_default();
        if let Some(id) = known.remove(&sku.remote_id) {
            let changed = tx
                .prepare_cached(
                    "UPDATE listing_sku SET
                        code_was = CASE WHEN outer_sku_code <> ?2 AND outer_sku_code <> '' THEN outer_sku_code ELSE code_was END,
                        spec_was = CASE WHEN spec_name <> ?3 AND spec_name <> '' THEN spec_name ELSE spec_was END,
                        outer_sku_code = ?2, spec_name = ?3, barcode = ?4, barcode_key = ?5, price_fen = ?6, stock = ?7,
                        packing_fee_fen = ?8, gone_at = NULL
                      WHERE id = ?1 AND (outer_sku_code, spec_name, barcode, price_fen, stock, packing_fee_fen, gone_at IS NULL)
                                  IS NOT (?2, ?3, ?4, ?6, ?7, ?8, 1)",
                )?
                .execute(params![id, sku.outer_sku_code, sku.spec_name, sku.barcode, key, sku.price_fen, sku.stock, sku.packing_fee_fen])?;
            applied.changed += changed;
        } else {
            tx.prepare_cached(
                "INSERT INTO listing_sku (listing_id, store_id, remote_id, outer_sku_code, spec_name, barcode, barcode_key, price_fen, stock,
                                          packing_fee_fen)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                listing,
                store.0,
                sku.remote_id,
                sku.outer_sku_code,
                sku.spec_name,
                sku.barcode,
                key,
                sku.price_fen,
                sku.stock,
                sku.packing_fee_fen
            ])?;
            applied.new.push(ListingSkuId(tx.last_insert_rowid()));
        }
    }
    for id in known.into_values() {
        let marked = tx
            .prepare_cached("UPDATE listing_sku SET gone_at = ?2 WHERE id = ?1 AND gone_at IS NULL")?
            .execute(params![id, at])?;
        if marked > 0 {
            applied.gone.push(ListingSkuId(id));
        }
    }
    Ok(())
}

/// Marks one listing as not on the platform any more.
pub fn mark_gone(tx: &Tx<'_>, id: ListingId, at: i64) -> Result<()> {
    tx.execute("UPDATE listing SET gone_at = ?2 WHERE id = ?1", params![id.0, at])?;
    Ok(())
}

/// Moves a binding from a SKU that went to the SKU that came in its place, remembering the old code and spec.
pub fn move_binding(
    changes: &mut Changes<'_>,
    from: ListingSkuId,
    to: ListingSkuId,
    reason: &str,
) -> Result<()> {
    let tx = changes.tx();
    let old = sku(tx, from)?;
    let Some(bound) = old.bound_to else { return Ok(()) };
    changes.touch(Entity::Binding, from.0)?;
    changes.touch(Entity::Binding, to.0)?;
    tx.execute("DELETE FROM binding WHERE listing_sku_id = ?1", [from.0])?;
    tx.execute(
        "INSERT INTO binding (listing_sku_id, store_id, sku_id, reason, bound_at) VALUES (?1, ?2, ?3, ?4,
            (SELECT at FROM batch WHERE id = ?5))",
        params![to.0, old.store.0, bound.0, reason, changes.id().0],
    )?;
    tx.execute(
        "UPDATE listing_sku SET code_was = ?2, spec_was = CASE WHEN spec_name <> ?3 THEN ?3 ELSE spec_was END WHERE id = ?1",
        params![to.0, old.outer_sku_code, old.spec_name],
    )?;
    Ok(())
}

/// Binds. Within a store each side at most once, counting what the platform still has: refused with `listing_bound` or `sku_bound` (F07).
pub fn bind(
    changes: &mut Changes<'_>,
    at: i64,
    listing_sku: ListingSkuId,
    to: SkuId,
    reason: &str,
) -> Result<()> {
    let tx = changes.tx();
    let row = sku(tx, listing_sku)?;
    if row.bound_to.is_some_and(|bound| bound != to) {
        return Err(StorageError::Conflict {
            what: "listing_bound",
        });
    }
    let taken: Option<(i64, bool)> = tx
        .prepare_cached(
            "SELECT b.listing_sku_id, k.gone_at IS NOT NULL OR l.gone_at IS NOT NULL
               FROM binding b JOIN listing_sku k ON k.id = b.listing_sku_id JOIN listing l ON l.id = k.listing_id
              WHERE b.store_id = ?1 AND b.sku_id = ?2",
        )?
        .query_row(params![row.store.0, to.0], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    match taken.filter(|(other, _)| *other != listing_sku.0) {
        Some((_, false)) => return Err(StorageError::Conflict { what: "sku_bound" }),
        // What the platform has no more holds nothing: a product that was made anew takes its place (F71).
        Some((gone, true)) => {
            changes.touch(Entity::Binding, gone)?;
            changes
                .tx()
                .execute("DELETE FROM binding WHERE listing_sku_id = ?1", [gone])?;
        }
        None => {}
    }
    let tx = changes.tx();
    changes.touch(Entity::Binding, listing_sku.0)?;
    tx.prepare_cached(
        "INSERT INTO binding (listing_sku_id, store_id, sku_id, reason, bound_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (listing_sku_id) DO NOTHING",
    )?
    .execute(params![listing_sku.0, row.store.0, to.0, reason, at])?;
    Ok(())
}

/// Removes a binding; true when there was one.
pub fn unbind(changes: &mut Changes<'_>, listing_sku: ListingSkuId) -> Result<bool> {
    changes.touch(Entity::Binding, listing_sku.0)?;
    let removed = changes
        .tx()
        .execute("DELETE FROM binding WHERE listing_sku_id = ?1", [listing_sku.0])?;
    Ok(removed > 0)
}

/// When a listing SKU was bound, UTC ms.
pub fn bound_at(connection: &Connection, listing_sku: ListingSkuId) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT bound_at FROM binding WHERE listing_sku_id = ?1")?
        .query_row([listing_sku.0], |row| row.get(0))
        .optional()?)
}

/// Bindings whose library product is deleted or gone (F01e), of one store.
pub fn orphans(connection: &Connection, store: StoreId) -> Result<Vec<ListingSkuId>> {
    let mut statement = connection.prepare_cached(
        "SELECT b.listing_sku_id FROM binding b LEFT JOIN sku s ON s.id = b.sku_id LEFT JOIN product p ON p.id = s.product_id
         WHERE b.store_id = ?1 AND (p.id IS NULL OR p.deleted_at IS NOT NULL) ORDER BY 1",
    )?;
    let rows = statement.query_map([store.0], |row| row.get(0).map(ListingSkuId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Remembers that a pair is not the same thing.
pub fn refuse_match(tx: &Tx<'_>, listing_sku: ListingSkuId, to: SkuId) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO refused_match (listing_sku_id, sku_id) VALUES (?1, ?2)",
        [listing_sku.0, to.0],
    )?;
    Ok(())
}

/// Forgets that a pair was refused; true when it was.
pub fn allow_match(tx: &Tx<'_>, listing_sku: ListingSkuId, to: SkuId) -> Result<bool> {
    let forgotten = tx.execute(
        "DELETE FROM refused_match WHERE listing_sku_id = ?1 AND sku_id = ?2",
        [listing_sku.0, to.0],
    )?;
    Ok(forgotten > 0)
}

/// The refused pairs of a store.
pub fn refused_matches(connection: &Connection, store: StoreId) -> Result<Vec<(ListingSkuId, SkuId)>> {
    let mut statement = connection.prepare_cached(
        "SELECT r.listing_sku_id, r.sku_id FROM refused_match r JOIN listing_sku k ON k.id = r.listing_sku_id WHERE k.store_id = ?1",
    )?;
    let rows = statement.query_map([store.0], |row| {
        Ok((ListingSkuId(row.get(0)?), SkuId(row.get(1)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes a stock that the platform acknowledged.
pub fn set_pushed_stock(tx: &Tx<'_>, id: ListingSkuId, stock: i64, at: i64) -> Result<()> {
    tx.prepare_cached("UPDATE listing_sku SET pushed_stock = ?2, stock = ?2, pushed_at = ?3 WHERE id = ?1")?
        .execute(params![id.0, stock, at])?;
    Ok(())
}

/// A group as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GroupRow {
    /// Platform id.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// Platform id of the parent.
    pub parent: Option<String>,
    /// Position.
    pub sequence: i64,
}

/// Replaces the groups of a store. Parents come before children.
pub fn replace_groups(tx: &Tx<'_>, store: StoreId, groups: &[GroupRow]) -> Result<()> {
    tx.execute(
        "UPDATE store_group SET parent_id = NULL WHERE store_id = ?1",
        [store.0],
    )?;
    tx.execute("DELETE FROM store_group WHERE store_id = ?1", [store.0])?;
    let mut ids: HashMap<&str, i64> = HashMap::new();
    let mut insert = tx.prepare_cached(
        "INSERT INTO store_group (store_id, remote_id, name, parent_id, sequence) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for group in groups {
        let parent = group.parent.as_deref().and_then(|p| ids.get(p).copied());
        insert.execute(params![
            store.0,
            group.remote_id,
            group.name,
            parent,
            group.sequence
        ])?;
        ids.insert(&group.remote_id, tx.last_insert_rowid());
    }
    Ok(())
}

/// The groups of a store, parents first.
pub fn groups(connection: &Connection, store: StoreId) -> Result<Vec<GroupRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT g.remote_id, g.name, p.remote_id, g.sequence FROM store_group g LEFT JOIN store_group p ON p.id = g.parent_id
         WHERE g.store_id = ?1 ORDER BY g.parent_id IS NOT NULL, g.id",
    )?;
    let rows = statement.query_map([store.0], |row| {
        Ok(GroupRow {
            remote_id: row.get(0)?,
            name: row.get(1)?,
            parent: row.get(2)?,
            sequence: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn binding_snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    Ok(connection
        .prepare_cached("SELECT store_id, sku_id, reason, bound_at FROM binding WHERE listing_sku_id = ?1")?
        .query_row([id], |row| {
            Ok(json!({
                "store": row.get::<_, i64>(0)?,
                "sku": row.get::<_, i64>(1)?,
                "reason": row.get::<_, String>(2)?,
                "bound_at": row.get::<_, i64>(3)?,
            }))
        })
        .optional()?)
}

pub(crate) fn binding_restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    tx.execute("DELETE FROM binding WHERE listing_sku_id = ?1", [id])?;
    if let Some(then) = value {
        tx.execute(
            "INSERT INTO binding (listing_sku_id, store_id, sku_id, reason, bound_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id,
                then["store"].as_i64(),
                then["sku"].as_i64(),
                then["reason"].as_str().unwrap_or_default(),
                then["bound_at"].as_i64().unwrap_or(0)
            ],
        )?;
    }
    Ok(())
}
