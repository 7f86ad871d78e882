//! Making and overwriting products (6). A product is a package: its paid price must lie below what its dishes cost
//! together. What is saved is audited before it is online.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Answer, Body, PLATFORM, Refusal, catalog, field, number, read, store};
use crate::wire::text_of;
use crate::world::{
    LaikeDish, LaikeProduct, LaikeReview, Listing, NewListing, NewSpec, Picture, SINGLE_SPEC, World,
};

/// What may be sold (`product_type`).
const TYPES: [i64; 11] = [1, 3, 4, 5, 7, 8, 11, 12, 14, 15, 22];
/// Attributes that have a place of their own in the world.
const COMMODITY: &str = "commodity";
const PICTURES: &str = "image_list";

/// What was sent, checked.
struct Sent {
    name: String,
    out_id: String,
    category: String,
    description: String,
    pois: Vec<String>,
    dishes: Vec<LaikeDish>,
    pictures: Vec<String>,
    attributes: BTreeMap<String, String>,
    out_sku_id: String,
    sku_name: String,
    price_fen: i64,
    stock: i64,
    online: bool,
}

pub(super) fn too_dear() -> Refusal {
    Refusal::wrong("实付价不能大于最高售价")
}

/// Whether a package of these dishes may be sold at the price. Where the dishes are not told, `origin_fen` stands for
/// their sum.
pub(super) fn affordable(
    world: &World,
    dishes: &[LaikeDish],
    origin_fen: i64,
    price_fen: i64,
) -> Result<(), Refusal> {
    let highest = if dishes.is_empty() {
        origin_fen
    } else {
        sum(dishes)
    };
    let good = if world.laike.strict_price {
        price_fen < highest
    } else {
        price_fen <= highest
    };
    if good { Ok(()) } else { Err(too_dear()) }
}

/// What the dishes cost together, in fen.
pub(super) fn sum(dishes: &[LaikeDish]) -> i64 {
    dishes
        .iter()
        .map(|dish| dish.price_fen.saturating_mul(dish.count))
        .sum()
}

fn object<'a>(body: &'a Body, name: &str) -> Result<&'a Body, Refusal> {
    let held = body.get(name).and_then(Value::as_object);
    held.ok_or_else(|| Refusal::missing(name))
}

/// JSON that stands as text in an attribute.
fn inner(attributes: &BTreeMap<String, String>, key: &str) -> Result<Vec<Value>, Refusal> {
    let Some(text) = attributes.get(key).filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(text).map_err(|_| Refusal::wrong(format!("参数不合法: {key}不是合法的JSON")))
}

fn dishes(attributes: &BTreeMap<String, String>) -> Result<Vec<LaikeDish>, Refusal> {
    let mut found = Vec::new();
    for group in inner(attributes, COMMODITY)? {
        let items = group.get("item_list").and_then(Value::as_array);
        for item in items.into_iter().flatten().filter_map(Value::as_object) {
            let name = field(item, "name").ok_or_else(|| Refusal::missing("commodity.name"))?;
            let price_fen = number(item, "price")?.ok_or_else(|| Refusal::missing("commodity.price"))?;
            let count = number(item, "count")?.unwrap_or(1);
            if price_fen < 0 || count < 1 {
                return Err(Refusal::wrong("参数不合法: commodity"));
            }
            found.push(LaikeDish {
                name,
                price_fen,
                count,
            });
        }
    }
    Ok(found)
}

fn pictures(attributes: &BTreeMap<String, String>) -> Result<Vec<String>, Refusal> {
    let rows = inner(attributes, PICTURES)?;
    let urls: Vec<String> = rows
        .iter()
        .filter_map(|row| row.get("url").and_then(text_of))
        .collect();
    let addresses = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    if urls.len() < rows.len() || !urls.iter().all(addresses) {
        return Err(Refusal::wrong("参数不合法: image_list需为图片链接"));
    }
    Ok(urls)
}

/// `map<string,string>`: whatever is no text is refused.
fn attributes(product: &Body) -> Result<BTreeMap<String, String>, Refusal> {
    let held = product.get("attr_key_value_map").and_then(Value::as_object);
    let mut all = BTreeMap::new();
    for (key, value) in held.into_iter().flatten() {
        let Value::String(text) = value else {
            return Err(Refusal::wrong(format!(
                "参数不合法: attr_key_value_map.{key}需为字符串"
            )));
        };
        all.insert(key.clone(), text.clone());
    }
    Ok(all)
}

/// The only SKU, under either name.
fn sku(body: &Body) -> Result<&Body, Refusal> {
    if let Some(Value::Object(sku)) = body.get("sku") {
        return Ok(sku);
    }
    match body.get("skus").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::Object(sku)]) => Ok(sku),
        Some([_, _, ..]) => Err(Refusal::wrong("参数不合法: 团购商品只能有一个sku")),
        _ => Err(Refusal::missing("sku")),
    }
}

fn checked(world: &World, body: &Body) -> Result<Sent, Refusal> {
    let product = object(body, "product")?;
    let sku = sku(body)?;
    let name = field(product, "product_name").ok_or_else(|| Refusal::missing("product_name"))?;
    let category = field(product, "category_id").ok_or_else(|| Refusal::missing("category_id"))?;
    catalog::leaf(world, &category)?;
    let kind = number(product, "product_type")?.ok_or_else(|| Refusal::missing("product_type"))?;
    if !TYPES.contains(&kind) {
        return Err(Refusal::wrong("参数不合法: product_type"));
    }
    let start = number(product, "sold_start_time")?.ok_or_else(|| Refusal::missing("sold_start_time"))?;
    let end = number(product, "sold_end_time")?.ok_or_else(|| Refusal::missing("sold_end_time"))?;
    if end <= start || end * 1000 <= world.now_ms() {
        return Err(Refusal::wrong(
            "参数不合法: sold_end_time需晚于当前时间和售卖开始时间",
        ));
    }
    let rows = product.get("pois").and_then(Value::as_array);
    let pois: Vec<String> = rows
        .into_iter()
        .flatten()
        .filter_map(|poi| poi.get("poi_id").and_then(text_of))
        .collect();
    if pois.is_empty() {
        return Err(Refusal::missing("pois"));
    }
    for poi in &pois {
        store(world, poi)?;
    }
    let mut attributes = attributes(product)?;
    for (key, name) in catalog::required(world) {
        if attributes.get(&key).is_none_or(String::is_empty) {
            return Err(Refusal::new(2_119_001, format!("缺少必填属性: {name}({key})")));
        }
    }
    let (dishes, pictures) = (dishes(&attributes)?, pictures(&attributes)?);
    attributes.remove(COMMODITY);
    attributes.remove(PICTURES);
    let price_fen = number(sku, "actual_amount")?.ok_or_else(|| Refusal::missing("actual_amount"))?;
    let origin_fen = number(sku, "origin_amount")?.ok_or_else(|| Refusal::missing("origin_amount"))?;
    if price_fen < 1 {
        return Err(Refusal::wrong("参数不合法: actual_amount需大于0"));
    }
    affordable(world, &dishes, origin_fen, price_fen)?;
    let empty = Map::new();
    let stock = sku.get("stock").and_then(Value::as_object).unwrap_or(&empty);
    let online = product
        .get("product_ext")
        .and_then(|ext| ext.get("auto_online"))
        .and_then(Value::as_bool);
    Ok(Sent {
        name,
        out_id: field(product, "out_id").unwrap_or_default(),
        category,
        description: field(product, "desc").unwrap_or_default(),
        pois,
        dishes,
        pictures,
        attributes,
        out_sku_id: field(sku, "out_sku_id").unwrap_or_default(),
        sku_name: field(sku, "sku_name").unwrap_or_else(|| SINGLE_SPEC.to_owned()),
        price_fen,
        stock: pieces(stock)?,
        online: online.unwrap_or(false),
    })
}

/// How many can be bought: what is said to be left, else the whole; type 2 has no end.
pub(super) fn pieces(stock: &Body) -> Result<i64, Refusal> {
    if number(stock, "limit_type")? == Some(2) {
        return Ok(crate::world::UNLIMITED);
    }
    let left = number(stock, "avail_qty")?.or(number(stock, "stock_qty")?);
    let left = left.ok_or_else(|| Refusal::missing("stock_qty"))?;
    if left < 0 {
        return Err(Refusal::wrong("参数不合法: stock_qty不能小于0"));
    }
    Ok(left)
}

/// Makes a product, or overwrites the one of that id or out id.
pub(super) fn product(world: &mut World, body: &Body) -> Answer {
    let sent = checked(world, body)?;
    let product = object(body, "product")?;
    let named = field(product, "product_id").filter(|id| id != "0");
    let known = match &named {
        Some(id) => {
            let there = world.laike.shelf_of(id).is_some();
            if !there {
                return Err(Refusal::wrong("参数不合法: 商品不存在"));
            }
            Some(id.clone())
        }
        None => read::by_out_id(world, &sent.out_id),
    };
    let pois: BTreeSet<String> = sent.pois.iter().cloned().collect();
    let id = match known {
        Some(id) => {
            overwrite(world, &id, sent)?;
            id
        }
        None => create(world, sent)?,
    };
    world.laike.bound.insert(id.clone(), pois);
    let mut data = Map::new();
    data.insert("product_id".into(), json!(id));
    Ok(data)
}

fn create(world: &mut World, sent: Sent) -> Result<String, Refusal> {
    let busy = |_| Refusal::new(2_100_001, "系统繁忙，此时请开发者稍候再试");
    let shelf = sent.pois[0].clone();
    let new = NewListing {
        code: sent.out_id,
        name: sent.name,
        category_id: Some(sent.category),
        specs: vec![NewSpec {
            code: sent.out_sku_id,
            name: SINGLE_SPEC.to_owned(),
            price_fen: sent.price_fen,
            stock: sent.stock,
            ..NewSpec::default()
        }],
        pictures: sent.pictures,
        sold_out: !sent.online,
        description: sent.description,
        ..NewListing::default()
    };
    let id = world.laike_shelve(&shelf, new).map_err(busy)?;
    world.laike.dishes.insert(id.clone(), sent.dishes);
    world.laike.attributes.insert(id.clone(), sent.attributes);
    world.laike.by_call.insert(id.clone());
    let until = world.now_ms() + world.laike.review_ms;
    let review = LaikeReview {
        live: None,
        until,
        refused: None,
    };
    world.laike.reviews.insert(id.clone(), review);
    world.ledger.note_created(PLATFORM, &id);
    Ok(id)
}

fn overwrite(world: &mut World, id: &str, sent: Sent) -> Result<(), Refusal> {
    let gone = || Refusal::wrong("参数不合法: 商品不存在");
    let now = world.now_ms();
    let live = read::live(world, id);
    let held = world.laike.saved(id).ok_or_else(gone)?;
    let shown = |url| Picture {
        url,
        in_review_until: None,
    };
    let mut specs = held.listing.specs.clone();
    if let Some(spec) = specs.first_mut() {
        spec.code = sent.out_sku_id;
        spec.name = sent.sku_name;
        spec.price_fen = sent.price_fen;
        spec.stock = sent.stock;
    }
    let listing = Listing {
        name: sent.name,
        code: sent.out_id,
        category_id: Some(sent.category),
        description: sent.description,
        pictures: sent.pictures.into_iter().map(shown).collect(),
        specs,
        updated_at: now,
        ..held.listing
    };
    world.laike_put(LaikeProduct {
        listing,
        dishes: sent.dishes,
        attributes: sent.attributes,
    });
    let review = LaikeReview {
        live,
        until: now + world.laike.review_ms,
        refused: None,
    };
    world.laike.reviews.insert(id.to_owned(), review);
    world.ledger.note_updated(PLATFORM, id);
    Ok(())
}
