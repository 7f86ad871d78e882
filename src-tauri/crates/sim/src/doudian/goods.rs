//! Creating and changing products (6). Money is fen.

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, as_number, field, materials, need, number, owner, read, store};
use crate::wire::text_of;
use crate::world::{Listing, ListingSpec, NewListing, NewSpec, Picture, World};

const NAME: usize = 60;
const OUTER_ID: usize = 255;

/// A SKU as it was sent.
struct SentSku {
    name: String,
    code: String,
    price_fen: i64,
    stock: i64,
}

/// Latin letters count one, everything else two.
fn width(text: &str) -> usize {
    text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum()
}

fn checked_name(name: &str) -> Result<(), Refusal> {
    if width(name) > NAME {
        return Err(Refusal::wrong("商品名称最多60个字符(30个汉字)"));
    }
    Ok(())
}

/// `规格|大份,小份`: one axis, or several joined by `^`, whose values are combined.
fn combinations(specs: &str) -> Result<Vec<String>, Refusal> {
    let mut names = vec![String::new()];
    for axis in specs.split('^') {
        let (_, values) = axis
            .split_once('|')
            .ok_or_else(|| Refusal::wrong("specs格式错误"))?;
        let mut longer = Vec::new();
        for name in &names {
            for value in values.split(',') {
                if value.is_empty() {
                    return Err(Refusal::wrong("specs格式错误"));
                }
                let joined = if name.is_empty() {
                    value.to_owned()
                } else {
                    format!("{name},{value}")
                };
                longer.push(joined);
            }
        }
        names = longer;
    }
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    if sorted.len() != names.len() {
        return Err(Refusal::wrong("规格值不能重复"));
    }
    Ok(names)
}

/// The SKUs of a body, one for each combination of specs. A store's product keeps its stock by store.
fn skus(body: &Body, store: Option<&str>) -> Result<Vec<SentSku>, Refusal> {
    let names = combinations(&need(body, "specs")?)?;
    let text = need(body, "spec_prices")?;
    let rows: Vec<Body> =
        serde_json::from_str(&text).map_err(|_| Refusal::wrong("spec_prices不是合法的JSON"))?;
    if rows.len() != names.len() {
        return Err(Refusal::wrong("sku数量和规格组合数必须一致"));
    }
    let read = |row: &Body| {
        let parts: Vec<String> = (1..=3)
            .filter_map(|at| field(row, &format!("spec_detail_name{at}")))
            .collect();
        let name = parts.join(",");
        if !names.contains(&name) {
            return Err(Refusal::wrong("spec_prices与specs不一致"));
        }
        let price_fen = number(row, "price")?.ok_or_else(|| Refusal::missing("price"))?;
        if price_fen < 1 {
            return Err(Refusal::new(
                40_004,
                "isv.parameter-invalid:2010107",
                "商品价格必须大于0",
            ));
        }
        let stock = match store {
            Some(store) if number(row, "sku_type")? == Some(1) => row
                .get("stock_num_map")
                .and_then(|map| map.get(store))
                .and_then(Value::as_i64),
            Some(_) => return Err(Refusal::wrong("小时达子品请使用区域库存")),
            None => number(row, "stock_num")?,
        };
        let stock = stock.ok_or_else(|| Refusal::missing("stock_num"))?;
        if stock < 0 {
            return Err(Refusal::wrong("库存不能小于0"));
        }
        Ok(SentSku {
            name,
            code: field(row, "code").unwrap_or_default(),
            price_fen,
            stock,
        })
    };
    rows.iter().map(read).collect()
}

/// The fields that addV2 cannot do without, besides those that are read elsewhere.
fn complete(body: &Body) -> Result<(), Refusal> {
    for name in [
        "product_type",
        "category_leaf_id",
        "name",
        "pic",
        "description",
        "reduce_type",
        "freight_id",
        // F70: the service phone.
        "mobile",
        "specs",
        "spec_prices",
    ] {
        need(body, name)?;
    }
    if !matches!(body.get("commit"), Some(Value::Bool(_))) {
        return Err(Refusal::missing("commit"));
    }
    Ok(())
}

fn leaf(world: &World, body: &Body) -> Result<Option<String>, Refusal> {
    let Some(id) = field(body, "category_leaf_id") else {
        return Ok(None);
    };
    let known = world
        .doudian
        .taxonomy
        .get(&id)
        .is_some_and(|taxon| taxon.depth == 3);
    if known {
        Ok(Some(id))
    } else {
        Err(Refusal::wrong("category_leaf_id不是叶子类目"))
    }
}

fn code(body: &Body) -> Result<String, Refusal> {
    let code = field(body, "outer_product_id").unwrap_or_default();
    if code.chars().count() > OUTER_ID {
        return Err(Refusal::wrong("outer_product_id最多255个字符"));
    }
    Ok(code)
}

/// A main product, or with `store_id` and `main_product_id` the product of one store under it.
pub(super) fn add(world: &mut World, body: &Body) -> Answer {
    complete(body)?;
    let name = need(body, "name")?;
    checked_name(&name)?;
    let named = field(body, "store_id");
    let main = field(body, "main_product_id");
    if let Some(named) = &named {
        store(world, named)?;
        let known = main
            .as_ref()
            .is_some_and(|main| world.doudian.mains.contains_key(main));
        if !known {
            return Err(Refusal::business(2_010_058, "主商品不存在"));
        }
    }
    let sent = skus(body, named.as_deref())?;
    let pictures = materials::checked(world, &need(body, "pic")?, &pictures_of(world, main.as_ref()))?;
    let new = NewListing {
        code: code(body)?,
        category_id: leaf(world, body)?,
        name,
        specs: sent.into_iter().map(new_spec).collect(),
        pictures,
        sold_out: number(body, "start_sale_type")? == Some(1),
        description: need(body, "description")?,
        ..NewListing::default()
    };
    let busy = |_| Refusal::new(20_000, "dop.service-error", "服务内部错误");
    let id = match (named, main) {
        (Some(named), Some(main)) => {
            let id = world.add_listing(PLATFORM, &named, new).map_err(busy)?;
            world.doudian.main_of.insert(id.clone(), main);
            world.ledger.note_created(PLATFORM, &id);
            id
        }
        _ => world.doudian_add_main(new).map_err(busy)?,
    };
    if body.get("commit") == Some(&Value::Bool(true)) {
        let until = world.now_ms() + world.doudian.review_ms;
        world.doudian.in_review.insert(id.clone(), until);
    }
    Ok(json!({"product_id": as_number(&id), "outer_product_id": field(body, "outer_product_id"), "sku": []}))
}

/// Pictures that are the shop's already: those of the main product.
fn pictures_of(world: &World, main: Option<&String>) -> Vec<String> {
    let listing = main.and_then(|main| world.doudian.mains.get(main));
    let pictures = listing.map(|listing| listing.pictures.as_slice());
    pictures
        .unwrap_or_default()
        .iter()
        .map(|picture| picture.url.clone())
        .collect()
}

fn new_spec(sent: SentSku) -> NewSpec {
    NewSpec {
        code: sent.code,
        name: sent.name,
        price_fen: sent.price_fen,
        stock: sent.stock,
        ..NewSpec::default()
    }
}

/// Changes a product of a store; what is left out stays. A SKU keeps its id as long as its spec keeps its name.
pub(super) fn edit(world: &mut World, body: &Body) -> Answer {
    let id = need(body, "product_id")?;
    let shop = owner(world, &id)?;
    if read::in_review(world, &id) {
        return Err(Refusal::business(2_010_041, "商品审核中，暂不支持编辑"));
    }
    if let Some(name) = field(body, "name") {
        checked_name(&name)?;
    }
    let held = world
        .listing(PLATFORM, &shop, &id)
        .map_err(|_| Refusal::business(2_010_058, "商品不存在"))?
        .clone();
    let shown: Vec<String> = held.pictures.iter().map(|picture| picture.url.clone()).collect();
    let pictures = match field(body, "pic") {
        Some(pic) => Some(materials::checked(world, &pic, &shown)?),
        None => None,
    };
    let sent = match field(body, "spec_prices") {
        Some(_) => Some(skus(body, Some(&shop))?),
        None => None,
    };
    let category = leaf(world, body)?;
    let outer = body.get("outer_product_id").and_then(text_of);
    code(body)?;
    let specs = sent.map(|sent| merged(world, &held, sent));
    let name = field(body, "name");
    let changed = world.change_listing(PLATFORM, &shop, &id, |listing| {
        listing.name = name.unwrap_or_else(|| listing.name.clone());
        listing.category_id = category.or_else(|| listing.category_id.clone());
        listing.code = outer.unwrap_or_else(|| listing.code.clone());
        if let Some(pictures) = pictures {
            listing.pictures = pictures.into_iter().map(shown_now).collect();
        }
        if let Some(specs) = specs {
            listing.specs = specs;
        }
        Ok(())
    });
    changed.map_err(|_| Refusal::business(2_010_058, "商品不存在"))?;
    world.ledger.note_updated(PLATFORM, &id);
    Ok(Value::Null)
}

fn shown_now(url: String) -> Picture {
    Picture {
        url,
        in_review_until: None,
    }
}

fn merged(world: &mut World, held: &Listing, sent: Vec<SentSku>) -> Vec<ListingSpec> {
    sent.into_iter()
        .map(|sku| {
            let known = held.specs.iter().find(|spec| spec.name == sku.name);
            ListingSpec {
                id: known.map_or_else(|| world.fresh_spec_id(), |spec| spec.id.clone()),
                code: sku.code,
                name: sku.name,
                upc: known.map(|spec| spec.upc.clone()).unwrap_or_default(),
                price_fen: sku.price_fen,
                stock: sku.stock,
                weight_g: known.map_or(0, |spec| spec.weight_g),
            }
        })
        .collect()
}
