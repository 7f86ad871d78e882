//! 商品库: products and their SKUs.

use crate::id::{CategoryId, ProductId, SkuId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// The spec name of a product's only SKU when the product has no specs.
pub const SINGLE_SPEC: &str = "单规格";

/// Whether a product has specs (规格) of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecKind {
    /// One SKU called 单规格.
    Single,
    /// Several SKUs, or one with a name of its own.
    Multi,
}

/// A product of the library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Product {
    /// Row id.
    pub id: ProductId,
    /// 商品名称.
    pub name: String,
    /// The code that joins rows of one product in sheets (SPU / 款式编码); empty when there is none.
    pub spu_code: String,
    /// Place in the library's tree.
    pub category: Option<CategoryId>,
    /// 品牌, may be empty.
    pub brand: String,
    /// 卖点 or description, may be empty.
    pub description: String,
    /// Content hashes of the pictures, main picture first.
    pub pictures: Vec<String>,
    /// At least one SKU.
    pub skus: Vec<Sku>,
}

impl Product {
    /// Single-spec means: the only SKU is called 单规格.
    pub fn spec_kind(&self) -> SpecKind {
        match self.skus.as_slice() {
            [only] if only.spec_name == SINGLE_SPEC => SpecKind::Single,
            _ => SpecKind::Multi,
        }
    }
}

/// One specification of a product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sku {
    /// Row id.
    pub id: SkuId,
    /// 规格名称, part of the matching keys.
    pub spec_name: String,
    /// The size text of a single-spec product (`500ml`), which is not its spec name.
    pub size_text: String,
    /// 商品编码: links to the ERP item. Any text.
    pub item_code: String,
    /// 规格编码: UPC or GTIN as the manager typed it. Any text.
    pub barcode: String,
    /// 单位.
    pub unit: String,
    /// 售价.
    pub price: Option<Money>,
    /// 成本.
    pub cost: Option<Money>,
    /// 库存 in pieces as last told by the ERP or typed.
    pub stock: Option<i64>,
    /// 基本数量 in thousandths: how many ERP units one sale takes (1000 = one).
    pub base_quantity_milli: i64,
    /// Weight in grams, when known.
    pub weight_g: Option<i64>,
}
