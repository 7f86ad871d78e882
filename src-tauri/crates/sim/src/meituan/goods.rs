//! Writing goods (9.1): a known `app_spu_code` is updated, an unknown one created; specs left out are never deleted.

use serde_json::{Map, Value, json};

use super::groups::no_child_under;
use super::rules::{self, ItemError, Sent, SentSku};
use super::{Answer, PLATFORM, json_array, need, no_product, ok, product_code, shop_code, shop_mut};
use super::{Refusal, shop};
use crate::wire::Call;
use crate::world::{Listing, ListingSpec, NewListing, NewSpec, Picture, SINGLE_SPEC, Shop, World};

const BATCH_LIMIT: usize = 200;

pub(super) fn one(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let product: Map<String, Value> = call
        .params()
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let mut outcome = Outcome::default();
    outcome.add(&product, upsert(world, &code, &product));
    Ok(outcome.document())
}

pub(super) fn many(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let products = json_array(call, "food_data")?;
    if products.is_empty() || products.len() > BATCH_LIMIT {
        return Err(Refusal::new(3012, "food_data商品数量应为1-200"));
    }
    let mut outcome = Outcome::default();
    for product in &products {
        let Value::Object(product) = product else {
            return Err(Refusal::format("food_data"));
        };
        outcome.add(product, upsert(world, &code, product));
    }
    Ok(outcome.document())
}

/// Collects what happened to the products of one call into the 闪购 answer shape (5).
#[derive(Default)]
pub(super) struct Outcome {
    good: Vec<Value>,
    errors: Vec<Value>,
    refused: usize,
}

impl Outcome {
    fn add(&mut self, product: &Map<String, Value>, result: Result<Vec<ItemError>, ItemError>) {
        let code = product
            .get("app_spu_code")
            .or_else(|| product.get("app_food_code"));
        let code = code.cloned().unwrap_or(Value::Null);
        match result {
            Ok(defects) => self.succeed(&code, &defects),
            Err(error) => self.refuse(&code, &error),
        }
    }

    pub(super) fn succeed(&mut self, code: &Value, defects: &[ItemError]) {
        self.good.push(json!({"app_spu_code": code}));
        self.errors
            .extend(defects.iter().map(|defect| error_row(code, defect)));
    }

    pub(super) fn refuse(&mut self, code: &Value, error: &ItemError) {
        self.refused += 1;
        self.errors.push(error_row(code, error));
    }

    /// 1 all good, 2 some refused or taken with a defect, 3 all refused.
    pub(super) fn document(self) -> Value {
        let result_code = if self.errors.is_empty() {
            return json!({"result_code": 1, "data": "ok"});
        } else if self.good.is_empty() {
            3
        } else {
            2
        };
        let text = Value::Array(self.errors.clone()).to_string();
        json!({
            "result_code": result_code, "data": if self.good.is_empty() { "ng" } else { "ok" },
            "success_list": self.good, "error_list": self.errors, "msg": format!("参数格式错误:{text}"),
        })
    }
}

/// The FAQ shows `error_msg` where the SDKs show `msg`; both are written.
fn error_row(code: &Value, error: &ItemError) -> Value {
    let mut row = json!({
        "app_spu_code": code, "code": error.code, "msg": error.message, "error_msg": error.message,
        "blockFlag": error.block_flag,
    });
    if let Some(sku_id) = &error.sku_id {
        row["sku_id"] = json!(sku_id);
    }
    row
}

/// Everything is checked before anything is written; the result lists defects that did not stop the product.
fn upsert(
    world: &mut World,
    shop_id: &str,
    product: &Map<String, Value>,
) -> Result<Vec<ItemError>, ItemError> {
    let sent = rules::read_product(product)?;
    let held = shop(world, shop_id).map_err(|refusal| ItemError::blocking(refusal.code, refusal.message))?;
    let existing = held.listing_by_code(&sent.code);
    if existing.is_none() && sent.name.as_deref().unwrap_or_default().trim().is_empty() {
        return Err(ItemError::blocking(701, "name字段为空"));
    }
    let group = find_group(held, &sent)?;
    if existing.is_none() && group.is_none() {
        return Err(ItemError::blocking(701, "category_name字段为空"));
    }
    rules::check_codes(held, existing, &sent)?;
    check_pictures(world, existing, &sent)?;
    let (leaf_id, defect) = choose_leaf(world, existing, &sent);
    let leaf = leaf_id.as_ref().and_then(|id| world.meituan.taxonomy.get(id));
    rules::check_barcodes(shop_id, held, existing, &sent, leaf)?;
    check_new_skus(existing, &sent)?;
    let existing = existing.map(|listing| listing.id.clone());
    write(world, shop_id, existing, sent, group, leaf_id)?;
    Ok(defect.into_iter().collect())
}

/// A new product needs specs; a new spec needs a price and a stock.
fn check_new_skus(existing: Option<&Listing>, sent: &Sent) -> Result<(), ItemError> {
    if existing.is_none() && sent.skus.is_empty() {
        return Err(ItemError::blocking(701, "skus字段为空"));
    }
    for sku in &sent.skus {
        let known = existing.is_some_and(|listing| listing.specs.iter().any(|spec| spec.code == sku.sku_id));
        if !known && (sku.price_fen.is_none() || sku.stock.is_none()) {
            return Err(ItemError::blocking(701, "price或stock字段为空").of_sku(&sku.sku_id));
        }
    }
    Ok(())
}

/// The group a product goes to. Naming a missing child of a group that holds goods is F41; a code and a name that
/// belong to different groups are F45.
fn find_group(held: &Shop, sent: &Sent) -> Result<Option<String>, ItemError> {
    let by = |name: Option<&String>, code: Option<&String>, parent: Option<&str>| {
        let inside = |group: &&crate::world::Group| parent.is_none() || group.parent.as_deref() == parent;
        let by_code = code.and_then(|code| {
            held.groups
                .values()
                .filter(inside)
                .find(|group| group.code == *code)
        });
        let by_name = name.and_then(|name| {
            let mut named: Vec<_> = held
                .groups
                .values()
                .filter(inside)
                .filter(|group| group.name == *name)
                .collect();
            named.sort_by_key(|group| group.parent.is_some());
            named.first().copied()
        });
        match (by_code, by_name) {
            (Some(code), Some(name)) if code.id != name.id => Err(ItemError::blocking(705, "分组互斥")),
            (code, name) => Ok(code.or(name)),
        }
    };
    let missing = || ItemError::blocking(1021, "商品分类不存在");
    if sent.category_name.is_none() && sent.category_code.is_none() {
        return Ok(None);
    }
    let first = by(sent.category_name.as_ref(), sent.category_code.as_ref(), None)?.ok_or_else(missing)?;
    if sent.second_name.is_none() && sent.second_code.is_none() {
        return Ok(Some(first.id.clone()));
    }
    let second = by(
        sent.second_name.as_ref(),
        sent.second_code.as_ref(),
        Some(&first.id),
    )?;
    match second {
        Some(group) => Ok(Some(group.id.clone())),
        None if held.listings_in(&first.id) > 0 => {
            Err(ItemError::blocking(705, no_child_under(&first.name).message))
        }
        None => Err(missing()),
    }
}

/// A new product needs a picture (F42); an id must have been uploaded.
fn check_pictures(world: &World, existing: Option<&Listing>, sent: &Sent) -> Result<(), ItemError> {
    let pictures = sent.pictures.as_deref().unwrap_or_default();
    if existing.is_none() && pictures.is_empty() {
        return Err(ItemError::blocking(1039, "picture字段未上传"));
    }
    let unknown = pictures.iter().find(|picture| {
        let kept = existing.is_some_and(|listing| listing.pictures.iter().any(|held| held.url == **picture));
        !picture.starts_with("http") && !kept && !world.meituan.pictures.contains(*picture)
    });
    match unknown {
        Some(id) => Err(ItemError::blocking(1039, format!("picture不存在:{id}"))),
        None => Ok(()),
    }
}

/// Without a usable `tag_id` the platform chooses one by name and only says so (F38).
fn choose_leaf(
    world: &World,
    existing: Option<&Listing>,
    sent: &Sent,
) -> (Option<String>, Option<ItemError>) {
    let is_leaf = |id: &String| {
        world
            .meituan
            .taxonomy
            .get(id)
            .is_some_and(|taxon| taxon.depth == 3)
    };
    if let Some(id) = sent.tag_id.as_ref().filter(|id| is_leaf(id)) {
        return (Some(id.clone()), None);
    }
    let kept = existing.and_then(|listing| listing.category_id.clone());
    if sent.tag_id.is_none() && kept.is_some() {
        return (kept, None);
    }
    let name = sent
        .name
        .as_deref()
        .or(existing.map(|listing| listing.name.as_str()))
        .unwrap_or_default();
    let guessed = rules::leaf_for(world, name);
    let label = guessed.map_or("", |leaf| leaf.name.as_str());
    let defect = ItemError::defect(format!("未设置商品类目或类目错误,已根据商品名称设置为:{label}"));
    (guessed.map(|leaf| leaf.id.clone()), Some(defect))
}

fn write(
    world: &mut World,
    shop_id: &str,
    existing: Option<String>,
    sent: Sent,
    group: Option<String>,
    leaf: Option<String>,
) -> Result<(), ItemError> {
    let broken = |_| ItemError::blocking(700, "系统错误");
    if let Some(id) = existing {
        let spec_ids: Vec<String> = sent.skus.iter().map(|_| world.fresh_spec_id()).collect();
        world
            .change_listing(PLATFORM, shop_id, &id, |listing| {
                merge(listing, sent, spec_ids, group, leaf);
                Ok(())
            })
            .map_err(broken)?;
        world.ledger.note_updated(PLATFORM, &id);
        return Ok(());
    }
    let new = NewListing {
        code: sent.code,
        name: sent.name.unwrap_or_default(),
        group_ids: group.into_iter().collect(),
        category_id: leaf,
        specs: sent.skus.into_iter().map(new_spec).collect(),
        pictures: sent.pictures.unwrap_or_default(),
        sold_out: sent.sold_out.unwrap_or(false),
        description: sent.description.unwrap_or_default(),
        unit: sent.unit.unwrap_or_default(),
    };
    let id = world.add_listing(PLATFORM, shop_id, new).map_err(broken)?;
    world.ledger.note_created(PLATFORM, &id);
    Ok(())
}

fn new_spec(sku: SentSku) -> NewSpec {
    NewSpec {
        code: sku.sku_id,
        name: sku.spec.unwrap_or_else(|| SINGLE_SPEC.to_owned()),
        upc: sku.upc.as_deref().map(rules::stored_barcode).unwrap_or_default(),
        price_fen: sku.price_fen.unwrap_or_default(),
        stock: sku.stock.unwrap_or_default(),
        weight_g: sku.weight_g.unwrap_or_default(),
    }
}

/// Writes the sent fields alone; a field that was sent empty is emptied (F14).
fn merge(
    listing: &mut Listing,
    sent: Sent,
    spec_ids: Vec<String>,
    group: Option<String>,
    leaf: Option<String>,
) {
    if let Some(name) = sent.name.filter(|name| !name.trim().is_empty()) {
        listing.name = name;
    }
    if let Some(group) = group {
        listing.group_ids = vec![group];
    }
    if leaf.is_some() {
        listing.category_id = leaf;
    }
    if let Some(pictures) = sent.pictures {
        listing.pictures = pictures
            .into_iter()
            .map(|url| Picture {
                url,
                in_review_until: None,
            })
            .collect();
    }
    if let Some(sold_out) = sent.sold_out {
        listing.sold_out = sold_out;
    }
    if let Some(description) = sent.description {
        listing.description = description;
    }
    if let Some(unit) = sent.unit {
        listing.unit = unit;
    }
    for (sku, id) in sent.skus.into_iter().zip(spec_ids) {
        if let Some(spec) = listing.specs.iter_mut().find(|spec| spec.code == sku.sku_id) {
            merge_spec(spec, sku);
        } else {
            let new = new_spec(sku);
            listing.specs.push(ListingSpec {
                id,
                code: new.code,
                name: new.name,
                upc: new.upc,
                price_fen: new.price_fen,
                stock: new.stock,
                weight_g: new.weight_g,
            });
        }
    }
    listing.multi_spec = listing.specs.len() > 1;
}

fn merge_spec(spec: &mut ListingSpec, sku: SentSku) {
    if let Some(name) = sku.spec {
        spec.name = name;
    }
    if let Some(upc) = sku.upc {
        spec.upc = rules::stored_barcode(&upc);
    }
    spec.price_fen = sku.price_fen.unwrap_or(spec.price_fen);
    spec.stock = sku.stock.unwrap_or(spec.stock);
    spec.weight_g = sku.weight_g.unwrap_or(spec.weight_g);
}

pub(super) fn delete(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let product = product_code(call)?;
    let held = shop_mut(world, &code)?;
    let id = held.listing_by_code(product).ok_or_else(no_product)?.id.clone();
    held.listings.remove(&id);
    Ok(ok())
}

/// Deleting the last spec deletes the product.
pub(super) fn delete_sku(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let product = product_code(call)?;
    let sku_id = need(call, "sku_id")?;
    let held = shop_mut(world, &code)?;
    let listing = held.listing_by_code_mut(product).ok_or_else(no_product)?;
    let before = listing.specs.len();
    listing.specs.retain(|spec| spec.code != sku_id);
    if listing.specs.len() == before {
        return Err(Refusal::new(1015, "SKU不存在"));
    }
    if listing.specs.is_empty() {
        let id = listing.id.clone();
        held.listings.remove(&id);
    }
    Ok(ok())
}
