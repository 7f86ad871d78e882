//! Cells, new products, deletion: each call is one change batch.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::{BatchId, ProductId, SkuId};
use domain::money::Money;
use domain::product::SINGLE_SPEC;
use std::collections::BTreeSet;
use storage::change::Changes;
use storage::error::StorageError;
use storage::product::{NewProduct, ProductPatch, SkuData};
use storage::views::library;

/// Longest text kept in one cell, in characters.
const MAX_TEXT: usize = 2_000;

/// One cell to change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Which SKU; fields of the product are named by any of its SKUs.
    pub sku: SkuId,
    /// `name`, `category` (path with slashes), `brand`, `description`, `spec_name`, `size_text`, `item_code`,
    /// `barcode`, `unit`, `price`, `cost` (yuan), `stock`, `base_quantity`.
    pub field: String,
    /// New text.
    pub value: String,
}

/// A cell that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditRefusal {
    /// The cell.
    pub edit: Edit,
    /// Stable code: `empty_name`, `not_an_amount`, `negative`, `too_fine`, `too_long`, `not_a_number`,
    /// `unknown_field`, `not_found`.
    pub code: &'static str,
}

/// A renaming after which waiting orders may find no product (F01a).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenameWarning {
    /// The name that the orders carry.
    pub old: String,
    /// The name that it gets.
    pub new: String,
    /// Numbers of the first orders.
    pub orders: Vec<String>,
}

/// What an edit did.
#[derive(Clone, Debug, Default)]
pub struct EditOutcome {
    /// The undoable batch; none when nothing changed.
    pub batch: Option<BatchId>,
    /// Rows changed.
    pub changed: usize,
    /// Cells not taken; the others were.
    pub refused: Vec<EditRefusal>,
    /// What it may lead to.
    pub warnings: Vec<RenameWarning>,
}

/// A product to make.
#[derive(Clone, Debug, Default)]
pub struct NewGoods {
    /// 商品名称.
    pub name: String,
    /// Path with slashes.
    pub category: String,
    /// At least one.
    pub skus: Vec<SkuData>,
}

/// What a deletion did.
#[derive(Clone, Debug, Default)]
pub struct Deletion {
    /// The undoable batch.
    pub batch: Option<BatchId>,
    /// Products taken out.
    pub deleted: usize,
    /// Products that a binding holds; they stay (F01e).
    pub bound: Vec<ProductId>,
}

impl Engine {
    /// Changes cells as one batch. A cell that cannot be taken does not keep the others from being written.
    pub fn edit_library(&self, edits: &[Edit]) -> Result<EditOutcome> {
        let mut outcome = EditOutcome::default();
        let origin = self.by_user(title(edits));
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for edit in edits {
                match apply(&mut changes, origin.at, edit, &mut outcome.warnings) {
                    Ok(()) => {}
                    Err(Cell::Refused(code)) => outcome.refused.push(EditRefusal {
                        edit: edit.clone(),
                        code,
                    }),
                    Err(Cell::Failed(error)) => return Err(error),
                }
            }
            let id = changes.id();
            Ok::<_, EngineError>((id, changes.finish(false)?))
        })?;
        outcome.changed = changed;
        outcome.batch = (changed > 0).then_some(batch);
        if changed > 0 {
            self.events().changed(&[Tag::Products]);
        }
        Ok(outcome)
    }

    /// Makes a product.
    ///
    /// # Errors
    /// Refused as `empty_name` or `no_sku`.
    pub fn create_product(&self, goods: &NewGoods) -> Result<(ProductId, BatchId)> {
        if goods.name.trim().is_empty() {
            return Err(EngineError::refused("empty_name"));
        }
        if goods.skus.is_empty() {
            return Err(EngineError::refused("no_sku"));
        }
        let origin = self.by_user("batch.create");
        let made = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let category = storage::category::ensure(&mut changes, &path(&goods.category))?;
            let mut skus = goods.skus.clone();
            for sku in &mut skus {
                if sku.spec_name.trim().is_empty() {
                    SINGLE_SPEC.clone_into(&mut sku.spec_name);
                }
            }
            let new = NewProduct {
                name: goods.name.clone(),
                category,
                skus,
                ..NewProduct::default()
            };
            let (product, _) = storage::product::insert(&mut changes, origin.at, &new)?;
            let id = changes.id();
            changes.finish(true)?;
            Ok::<_, EngineError>((product, id))
        })?;
        self.events().changed(&[Tag::Products]);
        Ok(made)
    }

    /// Takes products out of the library; those that a binding holds stay and are named.
    pub fn delete_products(&self, products: &[ProductId]) -> Result<Deletion> {
        let origin = self.by_user("batch.delete");
        let once: BTreeSet<ProductId> = products.iter().copied().collect();
        let deletion = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            let mut deletion = Deletion {
                batch: Some(changes.id()),
                ..Deletion::default()
            };
            for product in once {
                // Taken out already is no failure.
                let there = storage::product::get(tx, product).map(drop);
                let deleted = there.and_then(|()| storage::product::delete(&mut changes, origin.at, product));
                match deleted {
                    Ok(()) => deletion.deleted += 1,
                    Err(StorageError::Conflict {
                        what: "product_bound",
                    }) => deletion.bound.push(product),
                    Err(StorageError::NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            if changes.finish(false)? == 0 {
                deletion.batch = None;
            }
            Ok::<_, EngineError>(deletion)
        })?;
        if deletion.deleted > 0 {
            self.events().changed(&[Tag::Products, Tag::Findings]);
        }
        Ok(deletion)
    }
}

/// Names of a category path that a person typed with slashes (or `>`).
pub fn path(text: &str) -> Vec<String> {
    text.split(['/', '>', '／', '＞'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A price that a person typed, as the sheet reader takes it: full-width digits, a currency sign and separators are
/// fine; empty is no price.
///
/// # Errors
/// `not_an_amount`, `negative` or `too_fine`.
pub fn typed_price(text: &str) -> std::result::Result<Option<Money>, &'static str> {
    let plain = domain::text::normalized(text);
    let plain = plain
        .trim_start_matches(['¥', '￥', ' '])
        .trim_end_matches(['元', ' ']);
    if plain.is_empty() {
        return Ok(None);
    }
    match Money::parse_yuan(&ungrouped(plain)) {
        Ok(money) if money.0 < 0 => Err("negative"),
        Ok(money) => Ok(Some(money)),
        Err(domain::money::MoneyError::TooFine) => Err("too_fine"),
        Err(_) => Err("not_an_amount"),
    }
}

/// Takes the commas out of `1,299.00`, but not out of `1,2`.
fn ungrouped(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = !first.is_empty() && first.len() <= 3 && groups.all(|group| group.len() == 3);
    if whole.contains(',') && grouped {
        text.replace(',', "")
    } else {
        text.to_owned()
    }
}

fn title(edits: &[Edit]) -> &'static str {
    let mut fields = edits.iter().map(|edit| edit.field.as_str());
    let first = fields.next().unwrap_or_default();
    if !fields.all(|field| field == first) {
        return "batch.edit";
    }
    match first {
        "name" => "batch.edit_name",
        "category" => "batch.edit_category",
        "price" => "batch.edit_price",
        "item_code" => "batch.edit_item_code",
        "barcode" => "batch.edit_barcode",
        _ => "batch.edit",
    }
}

enum Cell {
    Refused(&'static str),
    Failed(EngineError),
}

impl From<StorageError> for Cell {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound { .. } => Self::Refused("not_found"),
            other => Self::Failed(other.into()),
        }
    }
}

fn apply(
    changes: &mut Changes<'_>,
    at: i64,
    edit: &Edit,
    warnings: &mut Vec<RenameWarning>,
) -> std::result::Result<(), Cell> {
    if domain::text::length(&edit.value) > MAX_TEXT {
        return Err(Cell::Refused("too_long"));
    }
    if let Some(patch) = product_patch(changes, edit)? {
        let product = storage::product::of_sku(changes.tx(), edit.sku)?;
        let product = product.ok_or(Cell::Refused("not_found"))?;
        let now = storage::product::get(changes.tx(), product)?;
        if let Some(new) = patch.name.as_ref().filter(|new| **new != now.name) {
            let orders = library::open_orders_named(changes.tx(), &now.name, 20)?;
            if !orders.is_empty() {
                warnings.push(RenameWarning {
                    old: now.name.clone(),
                    new: new.clone(),
                    orders,
                });
            }
        }
        storage::product::update(changes, at, product, &patch)?;
        return Ok(());
    }
    let now = storage::product::sku_of(changes.tx(), edit.sku)?;
    let mut then = now.clone();
    put(&mut then, &edit.field, &edit.value).map_err(Cell::Refused)?;
    if then != now {
        storage::product::update_sku(changes, at, edit.sku, &then)?;
    }
    Ok(())
}

/// The change of a field that belongs to the product; none for fields of the SKU.
fn product_patch(changes: &mut Changes<'_>, edit: &Edit) -> std::result::Result<Option<ProductPatch>, Cell> {
    let value = edit.value.clone();
    let mut patch = ProductPatch::default();
    match edit.field.as_str() {
        "name" if value.trim().is_empty() => return Err(Cell::Refused("empty_name")),
        "name" => patch.name = Some(value),
        "brand" => patch.brand = Some(value),
        "description" => patch.description = Some(value),
        "category" => patch.category = Some(storage::category::ensure(changes, &path(&value))?),
        _ => return Ok(None),
    }
    Ok(Some(patch))
}

/// Puts a typed text into a field of a SKU.
pub(crate) fn put(data: &mut SkuData, field: &str, value: &str) -> std::result::Result<(), &'static str> {
    let text = || value.to_owned();
    let fen = || typed_price(value).map(|money| money.map(|money| money.0));
    match field {
        "spec_name" if value.trim().is_empty() => SINGLE_SPEC.clone_into(&mut data.spec_name),
        "spec_name" => data.spec_name = text(),
        "size_text" => data.size_text = text(),
        "item_code" => data.item_code = text(),
        "barcode" => data.barcode = text(),
        "unit" => data.unit = text(),
        "price" => data.price_fen = fen()?,
        "cost" => data.cost_fen = fen()?,
        "stock" => data.stock = stock(value)?,
        "base_quantity" => data.base_quantity_milli = quantity(value)?,
        _ => return Err("unknown_field"),
    }
    Ok(())
}

fn stock(text: &str) -> std::result::Result<Option<i64>, &'static str> {
    let plain = domain::text::cleaned_code(text);
    if plain.is_empty() {
        return Ok(None);
    }
    plain.parse().map(Some).map_err(|_| "not_a_number")
}

/// A quantity with up to three decimals, in thousandths, above zero.
fn quantity(text: &str) -> std::result::Result<i64, &'static str> {
    let plain = domain::text::cleaned_code(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 3 {
        return Err("not_a_number");
    }
    let milli = format!("{whole}{fraction:0<3}")
        .parse()
        .map_err(|_| "not_a_number")?;
    if milli > 0 { Ok(milli) } else { Err("not_a_number") }
}

#[cfg(test)]
mod tests {
    use super::{path, quantity, stock, typed_price};
    use domain::money::Money;

    #[test]
    fn prices_are_read_as_people_type_them() {
        for (text, price) in [
            ("12.5", Ok(Some(Money(1250)))),
            ("￥１,２９９.００", Ok(Some(Money(129_900)))),
            ("3元", Ok(Some(Money(300)))),
            ("", Ok(None)),
            ("-1", Err("negative")),
            ("0.005", Err("too_fine")),
            ("面议", Err("not_an_amount")),
            ("1,2", Err("not_an_amount")),
            ("1e3", Err("not_an_amount")),
        ] {
            assert_eq!(typed_price(text), price, "{text}");
        }
    }

    #[test]
    fn quantities_stock_and_paths() {
        assert_eq!(quantity("0.5"), Ok(500));
        assert_eq!(quantity("12"), Ok(12_000));
        assert_eq!(quantity("0"), Err("not_a_number"));
        assert_eq!(quantity("1.2345"), Err("not_a_number"));
        assert_eq!(stock("１２"), Ok(Some(12)));
        assert_eq!(stock(" "), Ok(None));
        assert_eq!(stock("9223372036854775808"), Err("not_a_number"));
        assert_eq!(path("饮料 / 牛奶／"), ["饮料", "牛奶"]);
    }
}
