//! 商品库: products with their SKUs and pictures.

use crate::change::{Changes, Entity};
use crate::db::Tx;
use crate::error::{Result, StorageError};
use domain::id::{CategoryId, ProductId, SkuId};
use domain::money::Money;
use domain::product::{Product, Sku};
use rusqlite::{Connection, OptionalExtension as _, Row, Statement, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// What a new product starts with. SKUs carry their own data; ids are given here.
#[derive(Clone, Debug, Default)]
pub struct NewProduct {
    /// 商品名称.
    pub name: String,
    /// SPU code.
    pub spu_code: String,
    /// Category.
    pub category: Option<CategoryId>,
    /// Brand.
    pub brand: String,
    /// Description.
    pub description: String,
    /// Picture hashes.
    pub pictures: Vec<String>,
    /// SKUs, at least one.
    pub skus: Vec<SkuData>,
}

/// A SKU without its id.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SkuData {
    /// 规格名称.
    pub spec_name: String,
    /// Size text.
    pub size_text: String,
    /// 商品编码.
    pub item_code: String,
    /// 规格编码.
    pub barcode: String,
    /// 单位.
    pub unit: String,
    /// 售价 in fen.
    pub price_fen: Option<i64>,
    /// 成本 in fen.
    pub cost_fen: Option<i64>,
    /// 库存.
    pub stock: Option<i64>,
    /// 基本数量 in thousandths.
    pub base_quantity_milli: i64,
    /// Weight.
    pub weight_g: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    name: String,
    spu_code: String,
    category: Option<i64>,
    brand: String,
    description: String,
    deleted_at: Option<i64>,
    pictures: Vec<String>,
    skus: Vec<(i64, SkuData)>,
}

const SKU_COLUMNS: &str = "spec_name, size_text, item_code, barcode, unit, price_fen, cost_fen, stock, \
     base_quantity_milli, weight_g";

fn sku_data(row: &Row<'_>, from: usize) -> rusqlite::Result<SkuData> {
    Ok(SkuData {
        spec_name: row.get(from)?,
        size_text: row.get(from + 1)?,
        item_code: row.get(from + 2)?,
        barcode: row.get(from + 3)?,
        unit: row.get(from + 4)?,
        price_fen: row.get(from + 5)?,
        cost_fen: row.get(from + 6)?,
        stock: row.get(from + 7)?,
        base_quantity_milli: row.get(from + 8)?,
        weight_g: row.get(from + 9)?,
    })
}

fn sku(id: i64, data: SkuData) -> Sku {
    Sku {
        id: SkuId(id),
        spec_name: data.spec_name,
        size_text: data.size_text,
        item_code: data.item_code,
        barcode: data.barcode,
        unit: data.unit,
        price: data.price_fen.map(Money),
        cost: data.cost_fen.map(Money),
        stock: data.stock,
        base_quantity_milli: data.base_quantity_milli,
        weight_g: data.weight_g,
    }
}

/// One product that is not deleted.
pub fn get(connection: &Connection, id: ProductId) -> Result<Product> {
    let found = connection
        .prepare_cached(
            "SELECT name, spu_code, category_id, brand, description FROM product WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .query_row([id.0], |row| product_row(id.0, row, 0))
        .optional()?;
    let mut product = found.ok_or(StorageError::NotFound { what: "product" })?;
    product.pictures = pictures(connection, id)?;
    product.skus = skus(connection, id)?
        .into_iter()
        .map(|(id, data)| sku(id, data))
        .collect();
    Ok(product)
}

fn product_row(id: i64, row: &Row<'_>, from: usize) -> rusqlite::Result<Product> {
    Ok(Product {
        id: ProductId(id),
        name: row.get(from)?,
        spu_code: row.get(from + 1)?,
        category: row.get::<_, Option<i64>>(from + 2)?.map(CategoryId),
        brand: row.get(from + 3)?,
        description: row.get(from + 4)?,
        pictures: Vec::new(),
        skus: Vec::new(),
    })
}

/// The picture hashes of a product in order.
pub fn pictures(connection: &Connection, id: ProductId) -> Result<Vec<String>> {
    let mut statement = connection
        .prepare_cached("SELECT hash FROM product_picture WHERE product_id = ?1 ORDER BY position")?;
    let rows = statement.query_map([id.0], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn skus(connection: &Connection, id: ProductId) -> Result<Vec<(i64, SkuData)>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, {SKU_COLUMNS} FROM sku WHERE product_id = ?1 ORDER BY position, id"
    ))?;
    let rows = statement.query_map([id.0], |row| Ok((row.get(0)?, sku_data(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The product a SKU belongs to, deleted or not.
pub fn of_sku(connection: &Connection, sku: SkuId) -> Result<Option<ProductId>> {
    Ok(connection
        .prepare_cached("SELECT product_id FROM sku WHERE id = ?1")?
        .query_row([sku.0], |row| row.get(0).map(ProductId))
        .optional()?)
}

/// All products that are not deleted, in id order: for matching, preflight and export.
pub fn all(connection: &Connection) -> Result<Vec<Product>> {
    let mut products: Vec<Product> = connection
        .prepare_cached(
            "SELECT id, name, spu_code, category_id, brand, description FROM product WHERE deleted_at IS NULL ORDER BY id",
        )?
        .query_map([], |row| product_row(row.get(0)?, row, 1))?
        .collect::<rusqlite::Result<_>>()?;
    let at: HashMap<i64, usize> = products.iter().enumerate().map(|(at, p)| (p.id.0, at)).collect();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT s.product_id, s.id, {SKU_COLUMNS} FROM sku s JOIN product p ON p.id = s.product_id
         WHERE p.deleted_at IS NULL ORDER BY s.product_id, s.position, s.id"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(&at) = at.get(&row.get::<_, i64>(0)?) {
            products[at].skus.push(sku(row.get(1)?, sku_data(row, 2)?));
        }
    }
    let mut statement = connection
        .prepare_cached("SELECT product_id, hash FROM product_picture ORDER BY product_id, position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(&at) = at.get(&row.get::<_, i64>(0)?) {
            products[at].pictures.push(row.get(1)?);
        }
    }
    Ok(products)
}

/// Adds a product.
pub fn insert(changes: &mut Changes<'_>, at: i64, new: &NewProduct) -> Result<(ProductId, Vec<SkuId>)> {
    let tx = changes.tx();
    tx.prepare_cached(
        "INSERT INTO product (name, spu_code, category_id, brand, description, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    )?
    .execute(params![
        new.name,
        new.spu_code,
        new.category.map(|c| c.0),
        new.brand,
        new.description,
        at
    ])?;
    let id = ProductId(tx.last_insert_rowid());
    changes.created(Entity::Product, id.0);
    add_picture_rows(tx, id, &new.pictures)?;
    let skus = new
        .skus
        .iter()
        .enumerate()
        .map(|(position, data)| new_sku(tx, id, position, data))
        .collect::<Result<Vec<_>>>()?;
    Ok((id, skus))
}

/// Adds a SKU at the end of a product.
pub fn add_sku(changes: &mut Changes<'_>, at: i64, product: ProductId, data: &SkuData) -> Result<SkuId> {
    touch(changes, at, product)?;
    let position: i64 = changes.tx().query_row(
        "SELECT coalesce(max(position), -1) + 1 FROM sku WHERE product_id = ?1",
        [product.0],
        |row| row.get(0),
    )?;
    new_sku(
        changes.tx(),
        product,
        usize::try_from(position).unwrap_or(0),
        data,
    )
}

/// Replaces the data of a SKU.
pub fn update_sku(changes: &mut Changes<'_>, at: i64, id: SkuId, data: &SkuData) -> Result<()> {
    let product = of_sku(changes.tx(), id)?.ok_or(StorageError::NotFound { what: "sku" })?;
    touch(changes, at, product)?;
    let position: i64 = changes
        .tx()
        .query_row("SELECT position FROM sku WHERE id = ?1", [id.0], |row| row.get(0))?;
    put_sku(
        changes.tx(),
        id.0,
        product,
        usize::try_from(position).unwrap_or(0),
        data,
    )?;
    Ok(())
}

/// The data of a SKU.
pub fn sku_of(connection: &Connection, id: SkuId) -> Result<SkuData> {
    connection
        .prepare_cached(&format!("SELECT {SKU_COLUMNS} FROM sku WHERE id = ?1"))?
        .query_row([id.0], |row| sku_data(row, 0))
        .optional()?
        .ok_or(StorageError::NotFound { what: "sku" })
}

/// The product's own fields to change; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct ProductPatch {
    /// 商品名称.
    pub name: Option<String>,
    /// Category; `Some(None)` takes it out of the tree.
    pub category: Option<Option<CategoryId>>,
    /// Brand.
    pub brand: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Pictures, whole list.
    pub pictures: Option<Vec<String>>,
}

/// Changes the product's own fields.
pub fn update(changes: &mut Changes<'_>, at: i64, id: ProductId, patch: &ProductPatch) -> Result<()> {
    touch(changes, at, id)?;
    let tx = changes.tx();
    if let Some(name) = &patch.name {
        tx.execute("UPDATE product SET name = ?2 WHERE id = ?1", params![id.0, name])?;
    }
    if let Some(category) = patch.category {
        tx.execute(
            "UPDATE product SET category_id = ?2 WHERE id = ?1",
            params![id.0, category.map(|c| c.0)],
        )?;
    }
    if let Some(brand) = &patch.brand {
        tx.execute(
            "UPDATE product SET brand = ?2 WHERE id = ?1",
            params![id.0, brand],
        )?;
    }
    if let Some(description) = &patch.description {
        tx.execute(
            "UPDATE product SET description = ?2 WHERE id = ?1",
            params![id.0, description],
        )?;
    }
    if let Some(pictures) = &patch.pictures {
        set_pictures_row(tx, id, pictures)?;
    }
    Ok(())
}

/// Takes a product out of the library. Refused while a binding holds one of its SKUs (F01e).
pub fn delete(changes: &mut Changes<'_>, at: i64, id: ProductId) -> Result<()> {
    let tx = changes.tx();
    let bound: i64 = tx.query_row(
        "SELECT count(*) FROM binding WHERE sku_id IN (SELECT id FROM sku WHERE product_id = ?1)",
        [id.0],
        |row| row.get(0),
    )?;
    if bound > 0 {
        return Err(StorageError::Conflict {
            what: "product_bound",
        });
    }
    touch(changes, at, id)?;
    tx.execute(
        "UPDATE product SET deleted_at = ?2 WHERE id = ?1",
        params![id.0, at],
    )?;
    Ok(())
}

fn touch(changes: &mut Changes<'_>, at: i64, id: ProductId) -> Result<()> {
    changes.touch(Entity::Product, id.0)?;
    changes
        .tx()
        .prepare_cached("UPDATE product SET updated_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, at])?;
    Ok(())
}

fn set_pictures_row(tx: &Tx<'_>, id: ProductId, hashes: &[String]) -> Result<()> {
    tx.prepare_cached("DELETE FROM product_picture WHERE product_id = ?1")?
        .execute([id.0])?;
    add_picture_rows(tx, id, hashes)
}

fn add_picture_rows(tx: &Tx<'_>, id: ProductId, hashes: &[String]) -> Result<()> {
    let mut insert =
        tx.prepare_cached("INSERT INTO product_picture (product_id, position, hash) VALUES (?1, ?2, ?3)")?;
    for (position, hash) in hashes.iter().enumerate() {
        insert.execute(params![id.0, i64::try_from(position).unwrap_or(i64::MAX), hash])?;
    }
    Ok(())
}

const SKU_INSERT: &str =
    "INSERT INTO sku (id, product_id, position, spec_name, size_text, item_code, barcode, barcode_key, unit,
                      price_fen, cost_fen, stock, base_quantity_milli, weight_g)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

/// Writes a SKU that has no id yet. An import does this more than anything else, and a conflict clause would make
/// SQLite keep a journal for every row.
fn new_sku(tx: &Tx<'_>, product: ProductId, position: usize, data: &SkuData) -> Result<SkuId> {
    let mut insert = tx.prepare_cached(SKU_INSERT)?;
    write_sku(&mut insert, None, product, position, data)?;
    Ok(SkuId(tx.last_insert_rowid()))
}

/// Writes a SKU under an id, whether it is there or not.
fn put_sku(tx: &Tx<'_>, id: i64, product: ProductId, position: usize, data: &SkuData) -> Result<()> {
    let mut put = tx.prepare_cached(&format!(
        "{SKU_INSERT}
         ON CONFLICT (id) DO UPDATE SET product_id = ?2, position = ?3, spec_name = ?4, size_text = ?5, item_code = ?6,
             barcode = ?7, barcode_key = ?8, unit = ?9, price_fen = ?10, cost_fen = ?11, stock = ?12,
             base_quantity_milli = ?13, weight_g = ?14"
    ))?;
    write_sku(&mut put, Some(id), product, position, data)
}

fn write_sku(
    statement: &mut Statement<'_>,
    id: Option<i64>,
    product: ProductId,
    position: usize,
    data: &SkuData,
) -> Result<()> {
    statement.execute(params![
        id,
        product.0,
        i64::try_from(position).unwrap_or(i64::MAX),
        data.spec_name,
        data.size_text,
        data.item_code,
        data.barcode,
        domain::code::barcode_key(&data.barcode).unwrap_or_default(),
        data.unit,
        data.price_fen,
        data.cost_fen,
        data.stock,
        data.base_quantity_milli,
        data.weight_g,
    ])?;
    Ok(())
}

pub(crate) fn snapshot(connection: &Connection, id: i64) -> Result<Option<Value>> {
    let found = now(connection, id)?;
    Ok(found.map(serde_json::to_value).transpose()?)
}

/// The text of [`snapshot`], without the detour.
pub(crate) fn snapshot_text(connection: &Connection, id: i64) -> Result<Option<String>> {
    let found = now(connection, id)?;
    Ok(found.as_ref().map(serde_json::to_string).transpose()?)
}

fn now(connection: &Connection, id: i64) -> Result<Option<Snapshot>> {
    let head = connection
        .prepare_cached(
            "SELECT name, spu_code, category_id, brand, description, deleted_at FROM product WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Snapshot {
                name: row.get(0)?,
                spu_code: row.get(1)?,
                category: row.get(2)?,
                brand: row.get(3)?,
                description: row.get(4)?,
                deleted_at: row.get(5)?,
                pictures: Vec::new(),
                skus: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut head) = head else { return Ok(None) };
    head.pictures = pictures(connection, ProductId(id))?;
    head.skus = skus(connection, ProductId(id))?;
    Ok(Some(head))
}

pub(crate) fn restore(tx: &Tx<'_>, id: i64, value: Option<&Value>) -> Result<()> {
    let Some(value) = value else {
        // The row stays as a deleted one, because orders and bindings made meanwhile may name it.
        tx.execute("UPDATE product SET deleted_at = updated_at WHERE id = ?1", [id])?;
        let bound: i64 = tx.query_row(
            "SELECT count(*) FROM binding WHERE sku_id IN (SELECT id FROM sku WHERE product_id = ?1)",
            [id],
            |row| row.get(0),
        )?;
        return if bound > 0 {
            Err(StorageError::Conflict {
                what: "product_bound",
            })
        } else {
            remove_unused(tx, id)
        };
    };
    let then: Snapshot = serde_json::from_value(value.clone())?;
    tx.execute(
        "INSERT INTO product (id, name, spu_code, category_id, brand, description, created_at, updated_at, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7)
         ON CONFLICT (id) DO UPDATE SET name = ?2, spu_code = ?3, category_id = ?4, brand = ?5, description = ?6, deleted_at = ?7",
        params![id, then.name, then.spu_code, then.category, then.brand, then.description, then.deleted_at],
    )?;
    set_pictures_row(tx, ProductId(id), &then.pictures)?;
    let keep: Vec<i64> = then.skus.iter().map(|(id, _)| *id).collect();
    for (sku, _) in skus(tx, ProductId(id))? {
        if !keep.contains(&sku) {
            tx.execute("DELETE FROM offer WHERE sku_id = ?1", [sku])?;
            tx.execute("DELETE FROM sku WHERE id = ?1", [sku])?;
        }
    }
    for (position, (sku, data)) in then.skus.iter().enumerate() {
        put_sku(tx, *sku, ProductId(id), position, data)?;
    }
    Ok(())
}

/// Removes a product that nothing names any more, so that undoing an import leaves no trace.
fn remove_unused(tx: &Tx<'_>, id: i64) -> Result<()> {
    let named: i64 = tx.query_row(
        "SELECT (SELECT count(*) FROM offer WHERE sku_id IN (SELECT id FROM sku WHERE product_id = ?1))
              + (SELECT count(*) FROM order_line WHERE sku_id IN (SELECT id FROM sku WHERE product_id = ?1))",
        [id],
        |row| row.get(0),
    )?;
    if named == 0 {
        tx.execute("DELETE FROM product_picture WHERE product_id = ?1", [id])?;
        tx.execute("DELETE FROM sku WHERE product_id = ?1", [id])?;
        tx.execute("DELETE FROM product WHERE id = ?1", [id])?;
    }
    Ok(())
}
