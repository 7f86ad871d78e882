//! 商品库 as pages show it: light facts of every product for filters in memory, rows of one page by id, and where
//! SKUs stand in stores. No query here skips rows: pages name the ids they want.

use crate::error::Result;
use crate::offer::offers_what_is_bound;
use domain::id::{CategoryId, ProductId, SkuId, StoreId};
use domain::listing::ReviewState;
use domain::product::Product;
use domain::store::FieldSwitches;
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::HashMap;

/// What filters, sorting and search need of a product. One of these a product is held in memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// Which.
    pub id: ProductId,
    /// 商品名称.
    pub name: String,
    /// Place in the tree.
    pub category: Option<CategoryId>,
    /// Last written, UTC ms.
    pub updated_at: i64,
    /// Lowest price of its SKUs in fen.
    pub price_min_fen: Option<i64>,
    /// Highest price of its SKUs in fen.
    pub price_max_fen: Option<i64>,
    /// Its SKUs.
    pub skus: u32,
    /// A SKU has no 规格编码.
    pub no_barcode: bool,
    /// A SKU has no 商品编码.
    pub no_code: bool,
    /// No picture at all.
    pub no_picture: bool,
    /// What can be searched, parts apart by tabs ([`crate::search::searchable`]).
    pub text: String,
}

const ALL_FACTS: &str = "SELECT p.id, p.name, p.category_id, p.updated_at,
            NOT EXISTS (SELECT 1 FROM product_picture i WHERE i.product_id = p.id)
       FROM product p WHERE p.deleted_at IS NULL ORDER BY p.id";
const SOME_FACTS: &str = "SELECT p.id, p.name, p.category_id, p.updated_at,
            NOT EXISTS (SELECT 1 FROM product_picture i WHERE i.product_id = p.id)
       FROM json_each(?1) j JOIN product p ON p.id = j.value WHERE p.deleted_at IS NULL ORDER BY p.id";
const ALL_FACT_SKUS: &str = "SELECT product_id, spec_name, size_text, item_code, barcode, price_fen FROM sku ORDER BY product_id, position";
const SOME_FACT_SKUS: &str =
    "SELECT s.product_id, s.spec_name, s.size_text, s.item_code, s.barcode, s.price_fen
       FROM json_each(?1) j JOIN sku s ON s.product_id = j.value ORDER BY s.product_id, s.position";

/// Facts of the products named, or of all; deleted ones are not among them.
pub fn facts(connection: &Connection, of: Option<&[ProductId]>) -> Result<Vec<Fact>> {
    let ids = of.map(json_ids);
    let (products, skus) = if ids.is_some() {
        (SOME_FACTS, SOME_FACT_SKUS)
    } else {
        (ALL_FACTS, ALL_FACT_SKUS)
    };
    let given = || rusqlite::params_from_iter(ids.iter());
    let mut facts: Vec<Fact> = connection
        .prepare_cached(products)?
        .query_map(given(), |row| {
            let name: String = row.get(1)?;
            Ok(Fact {
                id: ProductId(row.get(0)?),
                text: name.clone(),
                name,
                category: row.get::<_, Option<i64>>(2)?.map(CategoryId),
                updated_at: row.get(3)?,
                price_min_fen: None,
                price_max_fen: None,
                skus: 0,
                no_barcode: false,
                no_code: false,
                no_picture: row.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare_cached(skus)?;
    let mut rows = statement.query(given())?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let product = ProductId(row.get(0)?);
        while facts.get(at).is_some_and(|fact| fact.id < product) {
            at += 1;
        }
        let Some(fact) = facts.get_mut(at).filter(|fact| fact.id == product) else {
            continue;
        };
        add_sku(fact, row)?;
    }
    Ok(facts)
}

fn add_sku(fact: &mut Fact, row: &rusqlite::Row<'_>) -> Result<()> {
    fact.skus += 1;
    for column in 1..=4 {
        let part = row.get_ref(column)?.as_str().unwrap_or_default();
        fact.no_code |= column == 3 && part.is_empty();
        fact.no_barcode |= column == 4 && part.is_empty();
        if !part.is_empty() && part != domain::product::SINGLE_SPEC {
            fact.text.push('\t');
            fact.text.push_str(part);
        }
    }
    let price: Option<i64> = row.get(5)?;
    fact.price_min_fen = match (fact.price_min_fen, price) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    fact.price_max_fen = fact.price_max_fen.max(price);
    Ok(())
}

/// How far the change log has been followed: batch and position in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Mark {
    /// Newest batch.
    pub batch: i64,
    /// Its last change.
    pub seq: i64,
}

/// The end of the change log.
pub fn mark(connection: &Connection) -> Result<Mark> {
    Ok(connection
        .prepare_cached("SELECT batch_id, seq FROM change ORDER BY batch_id DESC, seq DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Mark {
                batch: row.get(0)?,
                seq: row.get(1)?,
            })
        })
        .optional()?
        .unwrap_or_default())
}

/// Products that the change log names behind a mark, each once.
pub fn changed_since(connection: &Connection, since: Mark) -> Result<Vec<ProductId>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT entity_id FROM change WHERE (batch_id, seq) > (?1, ?2) AND entity = 'product'",
    )?;
    let rows = statement.query_map([since.batch, since.seq], |row| row.get(0).map(ProductId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The products named, whole, in the order of the names; ids that are gone are left out.
pub fn products(connection: &Connection, ids: &[ProductId]) -> Result<Vec<Product>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        match crate::product::get(connection, *id) {
            Ok(product) => found.push(product),
            Err(crate::error::StorageError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// One SKU in one store: wanted there, bound there, or both.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Which SKU.
    pub sku: SkuId,
    /// Where.
    pub store: StoreId,
    /// Its platform.
    pub platform: String,
    /// Its label.
    pub store_name: String,
    /// What it syncs.
    pub switches: FieldSwitches,
    /// What is wanted ([`crate::offer::wanted`]); none when it is only bound.
    pub offer: Option<PlaceOffer>,
    /// What the platform holds; none when it is not bound.
    pub listed: Option<PlaceListed>,
}

/// What an offer says of itself.
#[derive(Clone, Debug)]
pub struct PlaceOffer {
    /// On the shelf.
    pub on: bool,
    /// Own price.
    pub price_fen: Option<i64>,
    /// Own name.
    pub name: Option<String>,
    /// 本商品不同步UPC.
    pub skip_barcode: bool,
}

/// What the platform holds of a bound SKU.
#[derive(Clone, Debug)]
pub struct PlaceListed {
    /// Row id.
    pub listing_sku: i64,
    /// 商品名称 there.
    pub name: String,
    /// 规格名称 there.
    pub spec_name: String,
    /// Barcode there.
    pub barcode: String,
    /// Price there.
    pub price_fen: Option<i64>,
    /// Stock there.
    pub stock: Option<i64>,
    /// On the shelf there.
    pub on_sale: bool,
    /// Review.
    pub review: ReviewState,
    /// Last read, UTC ms.
    pub read_at: i64,
    /// The platform does not have it any more.
    pub gone: bool,
}

const PLACES: &str = concat!(
    "WITH wanted (sku) AS (SELECT value FROM json_each(?1)),
     place (sku, store) AS (
        SELECT o.sku_id, o.store_id FROM wanted w JOIN offer o ON o.sku_id = w.sku
        UNION SELECT b.sku_id, b.store_id FROM wanted w JOIN binding b ON b.sku_id = w.sku)
     SELECT place.sku, s.id, s.platform, s.name, s.switches,
            coalesce(o.on_sale, CASE WHEN l.gone_at IS NULL AND k.gone_at IS NULL AND ",
    offers_what_is_bound!(),
    " THEN l.on_sale END), o.price_fen, o.name, coalesce(o.skip_barcode, 0),
            k.id, l.name, k.spec_name, k.barcode, k.price_fen, k.stock, l.on_sale, l.review, l.read_at,
            l.gone_at IS NOT NULL OR k.gone_at IS NOT NULL
       FROM place JOIN store s ON s.id = place.store
       LEFT JOIN offer o ON o.store_id = place.store AND o.sku_id = place.sku
       LEFT JOIN binding b ON b.store_id = place.store AND b.sku_id = place.sku
       LEFT JOIN listing_sku k ON k.id = b.listing_sku_id
       LEFT JOIN listing l ON l.id = k.listing_id
      WHERE s.removed_at IS NULL ORDER BY place.sku, s.id"
);

/// Where SKUs are wanted or bound, by SKU and store. Stores out of use are left out.
pub fn places(connection: &Connection, skus: &[SkuId]) -> Result<Vec<PlaceRow>> {
    let ids = serde_json::to_string(skus)?;
    let mut statement = connection.prepare_cached(PLACES)?;
    let rows = statement.query_map([ids], place)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn place(row: &rusqlite::Row<'_>) -> rusqlite::Result<PlaceRow> {
    let switches: String = row.get(4)?;
    let on: Option<bool> = row.get(5)?;
    let listing_sku: Option<i64> = row.get(9)?;
    Ok(PlaceRow {
        sku: SkuId(row.get(0)?),
        store: StoreId(row.get(1)?),
        platform: row.get(2)?,
        store_name: row.get(3)?,
        switches: serde_json::from_str(&switches).unwrap_or_default(),
        offer: match on {
            Some(on) => Some(PlaceOffer {
                on,
                price_fen: row.get(6)?,
                name: row.get(7)?,
                skip_barcode: row.get(8)?,
            }),
            None => None,
        },
        listed: match listing_sku {
            Some(listing_sku) => Some(PlaceListed {
                listing_sku,
                name: row.get(10)?,
                spec_name: row.get(11)?,
                barcode: row.get(12)?,
                price_fen: row.get(13)?,
                stock: row.get(14)?,
                on_sale: row.get(15)?,
                review: review(&row.get::<_, String>(16)?),
                read_at: row.get(17)?,
                gone: row.get(18)?,
            }),
            None => None,
        },
    })
}

fn review(name: &str) -> ReviewState {
    match name {
        "pending" => ReviewState::Pending,
        "rejected" => ReviewState::Rejected,
        _ => ReviewState::None,
    }
}

/// Every SKU that is offered or bound in a store in use, with its product.
pub fn placed_skus(connection: &Connection) -> Result<Vec<(SkuId, ProductId)>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.id, s.product_id FROM sku s JOIN product p ON p.id = s.product_id
          WHERE p.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM offer o WHERE o.sku_id = s.id)
             OR EXISTS (SELECT 1 FROM binding b WHERE b.sku_id = s.id))",
    )?;
    let rows = statement.query_map([], |row| Ok((SkuId(row.get(0)?), ProductId(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const TASKS: &str = "SELECT store_id, subject ->> '$.product', state FROM task
      WHERE state IN ('queued', 'sending', 'unknown', 'in_review', 'rejected') ORDER BY id";

/// The latest task that is not settled well, by store and product: the caller's subject names the product.
pub fn open_tasks(connection: &Connection) -> Result<HashMap<(StoreId, ProductId), crate::task::TaskState>> {
    use crate::task::TaskState;
    let mut statement = connection.prepare_cached(TASKS)?;
    let mut rows = statement.query([])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let Some(product) = row.get::<_, rusqlite::types::Value>(1).ok().and_then(number) else {
            continue;
        };
        let state = match row.get_ref(2)?.as_str().unwrap_or_default() {
            "rejected" => TaskState::Rejected,
            "in_review" => TaskState::InReview,
            "unknown" => TaskState::Unknown,
            "sending" => TaskState::Sending,
            _ => TaskState::Queued,
        };
        found.insert((StoreId(row.get(0)?), ProductId(product)), state);
    }
    Ok(found)
}

fn number(value: rusqlite::types::Value) -> Option<i64> {
    match value {
        rusqlite::types::Value::Integer(number) => Some(number),
        rusqlite::types::Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// Marks that change when something beside the library may change a SKU's state in stores: newest binding-free
/// facts are the last reading of listings and the newest task with the number of open ones.
pub fn states_mark(connection: &Connection) -> Result<(i64, i64, i64)> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce((SELECT max(listings_read_at) FROM store), 0), coalesce((SELECT max(id) FROM task), 0),
                    (SELECT count(*) FROM task WHERE state IN ('queued', 'sending', 'unknown'))",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

const OFFERED: &str = concat!(
    "SELECT s.platform FROM sku k JOIN offer o ON o.sku_id = k.id JOIN store s ON s.id = o.store_id
      WHERE k.product_id = ?1 AND o.on_sale AND s.removed_at IS NULL
     UNION
     SELECT s.platform FROM sku k JOIN binding b ON b.sku_id = k.id JOIN store s ON s.id = b.store_id
       JOIN listing_sku t ON t.id = b.listing_sku_id JOIN listing l ON l.id = t.listing_id
      WHERE k.product_id = ?1 AND l.on_sale AND l.gone_at IS NULL AND t.gone_at IS NULL AND s.removed_at IS NULL AND ",
    offers_what_is_bound!(),
    " ORDER BY 1"
);

/// The platforms on which a product is offered.
pub fn offered_platforms(connection: &Connection, product: ProductId) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached(OFFERED)?;
    let rows = statement.query_map([product.0], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const OPEN_ORDERS: &str = "SELECT number FROM (
        SELECT o.number, o.placed_at FROM orders o WHERE o.push_state = 'exception'
           AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.product_name = ?1)
        UNION ALL
        SELECT o.number, o.placed_at FROM orders o WHERE o.push_state IN ('waiting', 'sending')
           AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.product_name = ?1))
      ORDER BY placed_at LIMIT ?2";

/// Orders not yet in the ERP that were placed under this 商品名称: renaming it may leave them without a match (F01a).
pub fn open_orders_named(connection: &Connection, name: &str, limit: i64) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached(OPEN_ORDERS)?;
    let rows = statement.query_map(rusqlite::params![name, limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn json_ids(ids: &[ProductId]) -> String {
    let mut text = String::from("[");
    for (at, id) in ids.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&id.0.to_string());
    }
    text.push(']');
    text
}

/// The texts of the queries that run while a page is shown or scrolled, for the test of their plans.
pub const PAGE_QUERIES: &[&str] = &[SOME_FACTS, SOME_FACT_SKUS, PLACES, OFFERED, OPEN_ORDERS];
