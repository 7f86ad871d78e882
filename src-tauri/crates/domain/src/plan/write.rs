//! The ticked steps, gathered into one write for each product.

use super::{Field, Plan, Step, Value};
use crate::id::{ListingId, ListingSkuId, ProductId, SkuId};
use crate::money::Money;
use crate::product::SpecKind;
use crate::wanted::Wanted;
use serde::Serialize;
use std::collections::BTreeMap;

/// One product to create or to change. `None` leaves the platform's value alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProductWrite {
    /// The library product.
    pub product: ProductId,
    /// The platform's product; `None` creates one.
    pub listing: Option<ListingId>,
    /// Our stable product code.
    pub outer_code: String,
    /// 商品名称.
    pub name: Option<String>,
    /// Group path from the first level.
    pub group: Option<Vec<String>>,
    /// 类目 id; `Some("")` clears it.
    pub category_id: Option<String>,
    /// Content hashes of the pictures, main picture first; empty clears them.
    pub pictures: Option<Vec<String>>,
    /// On the shelf.
    pub on_sale: Option<bool>,
    /// Description.
    pub description: Option<String>,
    /// The values its 类目 was given are sent.
    pub attributes: bool,
    /// Specs to create or change.
    pub skus: Vec<SkuWrite>,
    /// Whether the product has specs of its own.
    pub multi_spec: bool,
}

/// One spec to create or to change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SkuWrite {
    /// The library SKU.
    pub sku: SkuId,
    /// The platform's spec; `None` creates one.
    pub listing_sku: Option<ListingSkuId>,
    /// 第三方SKU编码, always told: it is the natural key.
    pub outer_sku_code: String,
    /// 规格名称.
    pub spec_name: Option<String>,
    /// Barcode; `Some("")` clears it.
    pub barcode: Option<String>,
    /// Price.
    pub price: Option<Money>,
    /// Stock.
    pub stock: Option<i64>,
    /// Weight in grams, told on creation.
    pub weight_g: Option<i64>,
    /// Packing fee of one piece.
    pub packing_fee: Option<Money>,
}

impl Plan {
    /// The writes of the ticked steps, sorted by product. `wanted` is what the plan was made from.
    pub fn writes(&self, wanted: &[Wanted<'_>]) -> Vec<ProductWrite> {
        let mut by_sku: BTreeMap<(ProductId, SkuId), &Wanted<'_>> = BTreeMap::new();
        for one in wanted {
            by_sku.insert((one.product.id, one.sku.id), one);
        }
        let mut writes: BTreeMap<ProductId, ProductWrite> = BTreeMap::new();
        for step in self.steps.iter().filter(|step| step.ticked) {
            let product = step.key.product;
            let Some(lead) = by_sku.range((product, SkuId(i64::MIN))..).next().map(|(_, w)| *w) else {
                continue;
            };
            let write = writes.entry(product).or_insert_with(|| ProductWrite {
                product,
                listing: step.listing,
                outer_code: lead.outer_code.clone(),
                name: None,
                group: None,
                category_id: None,
                pictures: None,
                on_sale: None,
                description: None,
                attributes: false,
                skus: Vec::new(),
                multi_spec: lead.product.spec_kind() == SpecKind::Multi,
            });
            match step.key.sku.and_then(|sku| by_sku.get(&(product, sku))) {
                Some(wanted) => set_sku(sku_write(write, wanted, step), step),
                None => set_product(write, step),
            }
        }
        writes.into_values().collect()
    }
}

fn sku_write<'w>(write: &'w mut ProductWrite, wanted: &Wanted<'_>, step: &Step) -> &'w mut SkuWrite {
    let at = write
        .skus
        .iter()
        .position(|sku| sku.sku == wanted.sku.id)
        .unwrap_or_else(|| {
            write.skus.push(SkuWrite {
                sku: wanted.sku.id,
                listing_sku: step.listing_sku,
                outer_sku_code: wanted.outer_sku_code.clone(),
                spec_name: None,
                barcode: None,
                price: None,
                stock: None,
                weight_g: step
                    .listing_sku
                    .is_none()
                    .then_some(wanted.sku.weight_g)
                    .flatten(),
                packing_fee: None,
            });
            write.skus.len() - 1
        });
    &mut write.skus[at]
}

fn set_product(write: &mut ProductWrite, step: &Step) {
    match step.key.field {
        Field::Name => write.name = Some(text(&step.new)),
        Field::Group => write.group = Some(list(&step.new)),
        Field::Category => write.category_id = Some(text(&step.new)),
        Field::Pictures => write.pictures = Some(list(&step.new)),
        Field::OnSale => write.on_sale = Some(step.new == Value::Flag(true)),
        Field::Description => write.description = Some(text(&step.new)),
        Field::Attributes => write.attributes = true,
        Field::Whole
        | Field::SpecName
        | Field::OuterSkuCode
        | Field::Barcode
        | Field::Price
        | Field::Stock
        | Field::PackingFee => {}
    }
}

fn set_sku(write: &mut SkuWrite, step: &Step) {
    match (&step.key.field, &step.new) {
        (Field::SpecName, new) => write.spec_name = Some(text(new)),
        (Field::Barcode, new) => write.barcode = Some(text(new)),
        (Field::Price, Value::Price(price)) => write.price = Some(*price),
        (Field::Stock, Value::Count(count)) => write.stock = Some(*count),
        (Field::PackingFee, Value::Price(fee)) => write.packing_fee = Some(*fee),
        _ => {}
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::List(list) => list.clone(),
        _ => Vec::new(),
    }
}
