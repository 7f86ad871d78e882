//! What 美团闪购 accepts of one product (9.1, 13, and the refusals of the error dictionary).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::wire::{fen_of, is_gtin, text_of};
use crate::world::{Listing, Shop, Taxon, World, guess_leaf};

const CODE_CHARS: usize = 128;
const SKU_CHARS: usize = 40;
const MAX_STOCK: i64 = 99_999;
/// The documented ceiling is the medicine edition's 30000.00 yuan; the retail one states none.
const MAX_PRICE_FEN: i64 = 3_000_000;

/// One reason why a product, or one of its specs, was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemError {
    pub(super) sku_id: Option<String>,
    pub(super) code: i64,
    pub(super) message: String,
    /// 1 = refused, 2 = taken with a defect (section 5).
    pub(super) block_flag: u8,
}

impl ItemError {
    pub(super) fn blocking(code: i64, message: impl Into<String>) -> Self {
        Self {
            sku_id: None,
            code,
            message: message.into(),
            block_flag: 1,
        }
    }

    pub(super) fn defect(message: impl Into<String>) -> Self {
        Self {
            sku_id: None,
            code: 1039,
            message: message.into(),
            block_flag: 2,
        }
    }

    pub(super) fn of_sku(mut self, sku_id: &str) -> Self {
        self.sku_id = Some(sku_id.to_owned());
        self
    }
}

/// The fields of one product as they were sent; an absent field keeps what the platform holds.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) category_name: Option<String>,
    pub(super) category_code: Option<String>,
    pub(super) second_name: Option<String>,
    pub(super) second_code: Option<String>,
    pub(super) tag_id: Option<String>,
    pub(super) pictures: Option<Vec<String>>,
    pub(super) sold_out: Option<bool>,
    pub(super) description: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) skus: Vec<SentSku>,
}

/// The fields of one spec as they were sent.
#[derive(Debug)]
pub(super) struct SentSku {
    pub(super) sku_id: String,
    pub(super) spec: Option<String>,
    pub(super) upc: Option<String>,
    pub(super) price_fen: Option<i64>,
    pub(super) stock: Option<i64>,
    pub(super) weight_g: Option<i64>,
}

/// Reads a product object; `skus` may be an array or JSON text.
pub(super) fn read_product(product: &Map<String, Value>) -> Result<Sent, ItemError> {
    let text = |name: &str| product.get(name).and_then(text_of);
    let filled = |name: &str| text(name).filter(|value| !value.is_empty());
    let code = filled("app_spu_code").or_else(|| filled("app_food_code"));
    let code = code.ok_or_else(|| ItemError::blocking(701, "app_spu_code字段为空"))?;
    if code.chars().count() > CODE_CHARS {
        return Err(ItemError::blocking(705, "app_spu_code长度不能超过128个字符"));
    }
    let sold_out = match text("is_sold_out").as_deref() {
        None => None,
        Some("0") => Some(false),
        Some("1") => Some(true),
        Some(_) => return Err(ItemError::blocking(705, "is_sold_out数值错误")),
    };
    let skus = match product.get("skus") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(json)) => {
            serde_json::from_str(json).map_err(|_| ItemError::blocking(705, "skus格式错误"))?
        }
        Some(_) => return Err(ItemError::blocking(705, "skus格式错误")),
    };
    Ok(Sent {
        code,
        name: text("name"),
        category_name: filled("category_name").or_else(|| first_of(product.get("category_name_list"))),
        category_code: filled("category_code").or_else(|| first_of(product.get("category_code_list"))),
        second_name: filled("secondary_category_name"),
        second_code: filled("secondary_category_code"),
        tag_id: filled("tag_id"),
        pictures: text("picture").map(|list| {
            list.split(',')
                .map(str::trim)
                .filter(|url| !url.is_empty())
                .map(str::to_owned)
                .collect()
        }),
        sold_out,
        description: text("description"),
        unit: filled("unit"),
        skus: skus.iter().map(read_sku).collect::<Result<_, _>>()?,
    })
}

fn first_of(list: Option<&Value>) -> Option<String> {
    match list? {
        Value::Array(items) => items.first().and_then(text_of),
        Value::String(json) => serde_json::from_str::<Vec<Value>>(json)
            .ok()
            .and_then(|items| items.first().and_then(text_of)),
        _ => None,
    }
}

fn read_sku(sku: &Value) -> Result<SentSku, ItemError> {
    let text = |name: &str| sku.get(name).and_then(text_of);
    // F17, with the platform's own odd punctuation.
    let sku_id = text("sku_id")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| ItemError::blocking(705, "参数格式错误:。sku_id:参数格式错误|sku_id字段为空"))?;
    let wrong = |what: &str| ItemError::blocking(705, what.to_owned()).of_sku(&sku_id);
    if sku_id.chars().count() > SKU_CHARS {
        return Err(wrong("sku_id长度不能超过40个字符"));
    }
    let price_fen = match sku.get("price") {
        None => None,
        Some(value) => Some(price(value).ok_or_else(|| wrong("price数值错误,应大于0且不超过30000.00"))?),
    };
    let stock = match sku.get("stock") {
        None => None,
        Some(value) => Some(stock_number(value).ok_or_else(|| wrong("stock数值错误,范围0-99999"))?),
    };
    let upc = text("upc");
    if upc.as_deref() == Some("") {
        return Err(wrong("如需同步upc,要求upc值非空"));
    }
    Ok(SentSku {
        spec: text("spec"),
        upc,
        price_fen,
        stock,
        weight_g: text("weight").and_then(|grams| grams.parse().ok()),
        sku_id,
    })
}

/// Yuan above 0 up to the ceiling, in fen.
pub(super) fn price(value: &Value) -> Option<i64> {
    fen_of(value).filter(|fen| (1..=MAX_PRICE_FEN).contains(fen))
}

/// Whole pieces, 0 to 99999.
pub(super) fn stock_number(value: &Value) -> Option<i64> {
    text_of(value)?
        .parse()
        .ok()
        .filter(|pieces| (0..=MAX_STOCK).contains(pieces))
}

/// The leaf the platform would choose for a product name (F38).
pub(super) fn leaf_for<'a>(world: &'a World, name: &str) -> Option<&'a Taxon> {
    guess_leaf(&world.meituan.taxonomy, name)
}

/// Codes: no spec of the listing may lack one (F17), no two may share one within the shop (F25).
pub(super) fn check_codes(held: &Shop, existing: Option<&Listing>, sent: &Sent) -> Result<(), ItemError> {
    if existing.is_some_and(|listing| listing.specs.iter().any(|spec| spec.code.is_empty())) {
        return Err(ItemError::blocking(
            705,
            "参数格式错误:。sku_id:参数格式错误|sku_id字段为空",
        ));
    }
    let mut seen = BTreeSet::new();
    for sku in &sent.skus {
        let elsewhere = held
            .listings
            .values()
            .filter(|listing| Some(listing.id.as_str()) != existing.map(|own| own.id.as_str()))
            .any(|listing| listing.specs.iter().any(|spec| spec.code == sku.sku_id));
        if !seen.insert(sku.sku_id.as_str()) || elsewhere {
            return Err(ItemError::blocking(705, "参数格式错误:|sku_id数值重复").of_sku(&sku.sku_id));
        }
    }
    Ok(())
}

/// The barcode the platform stores: an invalid one becomes blank without a word (F39).
pub(super) fn stored_barcode(upc: &str) -> String {
    if is_gtin(upc) {
        upc.to_owned()
    } else {
        String::new()
    }
}

/// Barcodes: unique within the product (F27), within the shop (F44, F27), and there when the leaf asks for one (F23).
pub(super) fn check_barcodes(
    shop_id: &str,
    held: &Shop,
    existing: Option<&Listing>,
    sent: &Sent,
    leaf: Option<&Taxon>,
) -> Result<(), ItemError> {
    let mut seen = BTreeSet::new();
    for sku in &sent.skus {
        let own = existing.and_then(|listing| listing.specs.iter().find(|spec| spec.code == sku.sku_id));
        let stored = match &sku.upc {
            Some(upc) => stored_barcode(upc),
            None => own.map(|spec| spec.upc.clone()).unwrap_or_default(),
        };
        let touched = sku.upc.is_some() || own.is_none();
        if stored.is_empty() {
            if touched && leaf.is_some_and(|leaf| leaf.barcode_required) {
                return Err(
                    ItemError::blocking(1039, missing_barcode(shop_id, sent, sku)).of_sku(&sku.sku_id)
                );
            }
            continue;
        }
        let sibling = existing.is_some_and(|listing| {
            listing
                .specs
                .iter()
                .any(|spec| spec.code != sku.sku_id && spec.upc == stored)
        });
        if !seen.insert(stored.clone()) || (sku.upc.is_some() && sibling) {
            return Err(ItemError::blocking(705, "如需同步upc,要求upc值不能重复").of_sku(&sku.sku_id));
        }
        if sku.upc.is_some() && held.barcode_taken(&stored, existing.map(|listing| listing.id.as_str())) {
            let text = if existing.is_some() {
                "如需同步upc,要求upc值不能重复"
            } else {
                "已存在该UPC,请先处理"
            };
            return Err(ItemError::blocking(705, text).of_sku(&sku.sku_id));
        }
    }
    Ok(())
}

/// The JSON in a text with which the platform says that a barcode is missing (F23, errorCode 2026).
fn missing_barcode(shop_id: &str, sent: &Sent, sku: &SentSku) -> String {
    let name = sent.name.as_deref().unwrap_or_default();
    let spec = sku.spec.as_deref().unwrap_or_default();
    let message = format!(
        "poiId[{shop_id}] spuId[0] spuName[{name}]={{标签={{}}, sku={{poiId[{shop_id}] spuId[0] skuId[0] \
         skuSpec[{spec}]= {{upc=不能为空, 图片={{}}}}}}, 图片={{}}}}"
    );
    let detail = serde_json::json!({
        "errorCode": 2026, "errorMsg": message, "name": name, "sku_source_food_code": sku.sku_id,
        "spu_source_food_code": sent.code, "wm_poi_id": shop_id,
    });
    format!("商品更新,存在异常:{detail}")
}
