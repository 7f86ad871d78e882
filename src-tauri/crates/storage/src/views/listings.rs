//! 门店商品 as pages show it: the ids that a filter finds, counts of the views, and the rows of one page by id.

use crate::error::Result;
use domain::id::{ListingSkuId, ProductId, SkuId, StoreId};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

/// Which listing SKUs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListingFilter {
    /// Stores; empty means all.
    pub stores: Vec<StoreId>,
    /// Part of a name, code, barcode or platform id.
    pub search: String,
    /// One of [`VIEWS`]; anything else is `all`.
    pub view: String,
}

/// The views with the condition of each.
pub const VIEWS: &[(&str, &str)] = &[
    ("all", "l.gone_at IS NULL AND k.gone_at IS NULL"),
    (
        "bound",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND b.sku_id IS NOT NULL",
    ),
    (
        "unbound",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND b.sku_id IS NULL",
    ),
    (
        "no_code",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND k.outer_sku_code = ''",
    ),
    ("off", "l.gone_at IS NULL AND k.gone_at IS NULL AND NOT l.on_sale"),
    (
        "review",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND l.review <> 'none'",
    ),
    (
        "duplicate",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND (l.store_id, l.name, k.spec_name) IN (
            SELECT x.store_id, x.name, y.spec_name FROM listing x JOIN listing_sku y ON y.listing_id = x.id
             WHERE x.gone_at IS NULL AND y.gone_at IS NULL GROUP BY 1, 2, 3 HAVING count(*) > 1)",
    ),
    (
        "changed",
        "l.gone_at IS NULL AND k.gone_at IS NULL AND (k.code_was <> '' OR k.spec_was <> '')",
    ),
    ("gone", "(l.gone_at IS NOT NULL OR k.gone_at IS NOT NULL)"),
];

const FROM: &str =
    "FROM listing_sku k JOIN listing l ON l.id = k.listing_id LEFT JOIN binding b ON b.listing_sku_id = k.id
     WHERE k.store_id IN (SELECT value FROM json_each(?1))
       AND (?2 = '' OR instr(l.name, ?2) > 0 OR instr(k.spec_name, ?2) > 0 OR instr(k.outer_sku_code, ?2) > 0
            OR instr(k.barcode, ?2) > 0 OR l.remote_id = ?2 OR l.outer_code = ?2)";

fn stores_json(connection: &Connection, filter: &ListingFilter) -> Result<String> {
    let ids: Vec<i64> = if filter.stores.is_empty() {
        crate::store::all(connection)?
            .iter()
            .map(|row| row.store.id.0)
            .collect()
    } else {
        filter.stores.iter().map(|id| id.0).collect()
    };
    Ok(serde_json::to_string(&ids)?)
}

/// The ids that a filter finds, in the order of the page.
pub fn ids(connection: &Connection, filter: &ListingFilter) -> Result<Vec<ListingSkuId>> {
    let condition = VIEWS
        .iter()
        .find(|(name, _)| *name == filter.view)
        .unwrap_or(&VIEWS[0])
        .1;
    let stores = stores_json(connection, filter)?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT k.id {FROM} AND {condition} ORDER BY k.store_id, k.listing_id, k.id"
    ))?;
    let rows = statement.query_map(params![stores, filter.search.trim()], |row| {
        row.get(0).map(ListingSkuId)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many each view holds under the stores and the search of a filter.
pub fn counts(connection: &Connection, filter: &ListingFilter) -> Result<BTreeMap<String, i64>> {
    let sums: Vec<String> = VIEWS
        .iter()
        .map(|(_, condition)| format!("coalesce(sum({condition}), 0)"))
        .collect();
    let stores = stores_json(connection, filter)?;
    let mut statement = connection.prepare_cached(&format!("SELECT {} {FROM}", sums.join(", ")))?;
    let counts = statement.query_row(params![stores, filter.search.trim()], |row| {
        VIEWS
            .iter()
            .enumerate()
            .map(|(at, (name, _))| Ok(((*name).to_owned(), row.get(at)?)))
            .collect::<rusqlite::Result<BTreeMap<String, i64>>>()
    })?;
    Ok(counts)
}

/// One row of the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListingPageRow {
    /// Row id.
    pub id: ListingSkuId,
    /// The store.
    pub store: StoreId,
    /// Listing row id.
    pub listing: i64,
    /// The platform's id of the listing.
    pub remote_id: String,
    /// 商品名称 there.
    pub name: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// 第三方SKU编码 there.
    pub outer_sku_code: String,
    /// The code it had before.
    pub code_was: String,
    /// The spec name it had before.
    pub spec_was: String,
    /// Barcode there.
    pub barcode: String,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// Stock.
    pub stock: Option<i64>,
    /// Group names from the first level.
    pub group_path: Vec<String>,
    /// Main picture's address or id.
    pub picture: String,
    /// On the shelf.
    pub on_sale: bool,
    /// `none`, `pending`, `rejected`.
    pub review: String,
    /// UTC ms.
    pub review_since: Option<i64>,
    /// UTC ms.
    pub read_at: i64,
    /// Bound library SKU.
    pub sku: Option<SkuId>,
    /// Its product.
    pub product: Option<ProductId>,
    /// Its product's name.
    pub product_name: String,
    /// Its spec name.
    pub product_spec: String,
    /// Its price in fen.
    pub product_price_fen: Option<i64>,
}

/// The rows of one page, in the order of the ids.
pub fn rows(connection: &Connection, ids: &[ListingSkuId]) -> Result<Vec<ListingPageRow>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut statement = connection.prepare_cached(
        "SELECT k.id, k.store_id, l.id, l.remote_id, l.name, k.spec_name, k.outer_sku_code, k.code_was, k.spec_was, k.barcode,
                k.price_fen, k.stock, l.group_path, coalesce(l.pictures ->> '$[0]', ''), l.on_sale, l.review, l.review_since,
                l.read_at, b.sku_id, p.id, coalesce(p.name, ''), coalesce(s.spec_name, ''), s.price_fen
           FROM json_each(?1) j JOIN listing_sku k ON k.id = j.value JOIN listing l ON l.id = k.listing_id
           LEFT JOIN binding b ON b.listing_sku_id = k.id LEFT JOIN sku s ON s.id = b.sku_id
           LEFT JOIN product p ON p.id = s.product_id ORDER BY j.key",
    )?;
    let rows = statement.query_map([serde_json::to_string(&ids)?], page_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn page_row(row: &Row<'_>) -> rusqlite::Result<ListingPageRow> {
    Ok(ListingPageRow {
        id: ListingSkuId(row.get(0)?),
        store: StoreId(row.get(1)?),
        listing: row.get(2)?,
        remote_id: row.get(3)?,
        name: row.get(4)?,
        spec_name: row.get(5)?,
        outer_sku_code: row.get(6)?,
        code_was: row.get(7)?,
        spec_was: row.get(8)?,
        barcode: row.get(9)?,
        price_fen: row.get(10)?,
        stock: row.get(11)?,
        group_path: serde_json::from_str(&row.get::<_, String>(12)?).unwrap_or_default(),
        picture: row.get(13)?,
        on_sale: row.get(14)?,
        review: row.get(15)?,
        review_since: row.get(16)?,
        read_at: row.get(17)?,
        sku: row.get::<_, Option<i64>>(18)?.map(SkuId),
        product: row.get::<_, Option<i64>>(19)?.map(ProductId),
        product_name: row.get(20)?,
        product_spec: row.get(21)?,
        product_price_fen: row.get(22)?,
    })
}

/// When the stock of SKUs was last acknowledged, UTC ms.
pub fn pushed_at(connection: &Connection, ids: &[ListingSkuId]) -> Result<BTreeMap<ListingSkuId, i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut statement = connection.prepare_cached(
        "SELECT k.id, k.pushed_at FROM json_each(?1) j JOIN listing_sku k ON k.id = j.value WHERE k.pushed_at IS NOT NULL",
    )?;
    let rows = statement.query_map([serde_json::to_string(&ids)?], |row| {
        Ok((ListingSkuId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Products that a store has, as last read.
pub fn count(connection: &Connection, store: StoreId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM listing WHERE store_id = ?1 AND gone_at IS NULL")?
        .query_row([store.0], |row| row.get(0))?)
}
