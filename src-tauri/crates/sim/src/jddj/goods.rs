//! Creating and changing products of the merchant (9). Money is fen.

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, Said, as_number, field, ids, need, number, product, rows};
use crate::wire::is_gtin;
use crate::world::{JddjTicket, Listing, NewListing, NewSpec, Picture, SINGLE_SPEC, World, guess_leaf};

const PICTURES: usize = 6;
/// What clients cut names at; the platform's own limit is not published.
const NAME: usize = 50;

/// Numbers of product writes: done, and taken for later. The others are not known; any other means no.
const DONE: &str = "1100001";
const TAKEN: &str = "1009000";
const REFUSED: &str = "1001001";

/// A write that was refused: number and reason.
type Reason = (String, String);

fn reason(text: impl Into<String>) -> Reason {
    (REFUSED.to_owned(), text.into())
}

fn told(code: &str, sku_id: Option<&str>, out_sku_id: &str, detail: &str) -> Said {
    Said::Result(json!({
        "resultCode": code, "skuId": sku_id.map(as_number), "outSkuId": out_sku_id, "failedDetail": detail,
    }))
}

/// What a body says of a product, as far as it says something.
#[derive(Default)]
struct Sent {
    name: Option<String>,
    groups: Option<Vec<String>>,
    category: Option<String>,
    upc: Option<String>,
    pictures: Option<Vec<String>>,
    description: Option<String>,
    weight_g: Option<i64>,
    price_fen: Option<i64>,
}

fn sent(world: &World, body: &Body) -> Result<Sent, Reason> {
    let name = field(body, "skuName");
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME) {
        return Err(reason(format!("商品名称不能超过{NAME}个字符")));
    }
    let groups = body
        .contains_key("shopCategories")
        .then(|| ids(body, "shopCategories"));
    let known = world.jddj.any().map(|shop| &shop.groups);
    let strange = |id: &String| known.is_none_or(|groups| !groups.contains_key(id));
    if groups.as_ref().is_some_and(|groups| groups.iter().any(strange)) {
        return Err(reason("店内分类不存在"));
    }
    let category = field(body, "categoryId").filter(|id| id != "0");
    if let Some(id) = &category
        && world.jddj.taxonomy.get(id).is_none_or(|taxon| taxon.depth != 3)
    {
        return Err(reason("类目ID不正确，请选择末级类目"));
    }
    let upc = field(body, "upc");
    if upc.as_ref().is_some_and(|upc| !is_gtin(upc)) {
        return Err(reason("商品条码信息不正确"));
    }
    let pictures = body.contains_key("images").then(|| ids(body, "images"));
    if pictures
        .as_ref()
        .is_some_and(|pictures| pictures.len() > PICTURES)
    {
        return Err(reason(format!("商品图片最多{PICTURES}张")));
    }
    let price_fen = number(body, "skuPrice").map_err(|_| reason("商品价格格式不正确"))?;
    if price_fen.is_some_and(|fen| fen < 1) {
        return Err(reason("商品价格必须大于0"));
    }
    let weight_g = body.get("weight").and_then(crate::wire::text_of);
    Ok(Sent {
        name,
        groups,
        category,
        upc,
        pictures,
        description: field(body, "productDesc"),
        weight_g: weight_g.and_then(|kilos| grams(&kilos)),
        price_fen,
    })
}

/// Kilograms, with up to three decimals, in grams.
fn grams(kilos: &str) -> Option<i64> {
    let (whole, part) = kilos.split_once('.').unwrap_or((kilos, ""));
    let part = format!("{part:0<3}");
    let grams: i64 = part.get(..3)?.parse().ok()?;
    Some(whole.parse::<i64>().ok()?.checked_mul(1000)? + grams)
}

/// A standard barcode imposes its category; then the merchant needs the right to sell in it (F64), and the category
/// may ask for a barcode.
fn settled_category(world: &World, category: &str, upc: &str) -> Result<String, Reason> {
    let state = &world.jddj;
    let category = state.standard_upcs.get(upc).map_or(category, String::as_str);
    if state.unlicensed.contains(category) {
        return Err(reason("贵司无此商品经营权限"));
    }
    let asks = state
        .taxonomy
        .get(category)
        .is_some_and(|taxon| taxon.barcode_required);
    if upc.is_empty() && asks {
        return Err(reason("商品条码信息不能为空"));
    }
    Ok(category.to_owned())
}

fn shelf(world: &mut World, id: &str, body: &Body) -> Result<(), Refusal> {
    match number(body, "fixedStatus")? {
        Some(1) => world.jddj_set_shelf(id, true),
        Some(2) => world.jddj_set_shelf(id, false),
        _ => {}
    }
    Ok(())
}

/// Creates a product. `later`: the answer says only that it was taken, and the ticket tells the rest.
pub(super) fn add(world: &mut World, body: &Body, later: bool) -> Answer {
    need(body, "traceId")?;
    let code = need(body, "outSkuId")?;
    if let Some(known) = world.jddj.by_code(&code) {
        return Ok(told(REFUSED, Some(&known.id), &code, "skuId已存在"));
    }
    let Some(shop) = world.jddj.shops.keys().next().cloned() else {
        return Err(Refusal::inner("商家没有门店"));
    };
    let made = sent(world, body).and_then(|sent| {
        let absent = |what: &str| reason(format!("{what}不能为空"));
        let name = sent.name.ok_or_else(|| absent("商品名称"))?;
        let price_fen = sent.price_fen.ok_or_else(|| absent("商品价格"))?;
        let category = sent.category.ok_or_else(|| absent("类目ID"))?;
        let groups = sent.groups.filter(|groups| !groups.is_empty());
        let groups = groups.ok_or_else(|| absent("店内分类"))?;
        let pictures = sent.pictures.filter(|pictures| !pictures.is_empty());
        let pictures = pictures.ok_or_else(|| absent("商品图片"))?;
        field(body, "brandId").ok_or_else(|| absent("品牌ID"))?;
        let upc = sent.upc.unwrap_or_default();
        Ok((
            settled_category(world, &category, &upc),
            NewListing {
                code: code.clone(),
                name,
                group_ids: groups,
                category_id: Some(category),
                specs: vec![NewSpec {
                    code: code.clone(),
                    name: SINGLE_SPEC.to_owned(),
                    upc,
                    price_fen,
                    stock: 0,
                    weight_g: sent.weight_g.unwrap_or(0),
                }],
                pictures,
                description: sent.description.unwrap_or_default(),
                ..NewListing::default()
            },
        ))
    });
    let (category, mut new) = match made {
        Ok(made) => made,
        Err((number, text)) => return Ok(told(&number, None, &code, &text)),
    };
    let result = match category {
        Err(refused) => Err(refused),
        Ok(category) => {
            new.category_id = Some(category);
            let pictures = new.pictures.clone();
            let id = world
                .add_listing(PLATFORM, &shop, new)
                .map_err(|_| Refusal::inner("商品创建失败"))?;
            fetch(world, &shop, &id, pictures)?;
            shelf(world, &id, body)?;
            Ok(id)
        }
    };
    Ok(settle(world, &code, result, later))
}

/// The platform fetches pictures by itself, later.
fn fetch(world: &mut World, shop: &str, id: &str, pictures: Vec<String>) -> Result<(), Refusal> {
    let until = world.now_ms() + world.jddj.picture_ms;
    let pictures = pictures
        .into_iter()
        .map(|url| Picture {
            url,
            in_review_until: Some(until),
        })
        .collect();
    change(world, shop, id, |listing| listing.pictures = pictures)
}

fn change(world: &mut World, shop: &str, id: &str, act: impl FnOnce(&mut Listing)) -> Result<(), Refusal> {
    world
        .change_listing(PLATFORM, shop, id, |listing| {
            act(listing);
            Ok(())
        })
        .map_err(|_| Refusal::inner("商品不存在"))
}

fn settle(world: &mut World, code: &str, result: Result<String, Reason>, later: bool) -> Said {
    if later {
        let ticket = JddjTicket {
            asks_left: world.jddj.ticket_asks,
            result,
        };
        world.jddj.tickets.insert(code.to_owned(), ticket);
        return told(TAKEN, None, code, "");
    }
    match result {
        Ok(id) => told(DONE, Some(&id), code, ""),
        Err((number, text)) => told(&number, None, code, &text),
    }
}

pub(super) fn status(world: &mut World, body: &Body) -> Answer {
    need(body, "traceId")?;
    let code = need(body, "outSkuId")?;
    let Some(ticket) = world.jddj.tickets.get_mut(&code) else {
        return Err(Refusal::Inner(
            "14".to_owned(),
            "没有查询到商品创建记录".to_owned(),
        ));
    };
    if ticket.asks_left > 0 {
        ticket.asks_left -= 1;
        return Ok(told(TAKEN, None, &code, ""));
    }
    let result = ticket.result.clone();
    Ok(match result {
        Ok(id) => told(DONE, Some(&id), &code, ""),
        Err((number, text)) => told(&number, None, &code, &text),
    })
}

/// Changes what the body names; `fixedStatus` 4 deletes.
pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    need(body, "traceId")?;
    let code = need(body, "outSkuId")?;
    let Some(there) = world.jddj.by_code(&code).cloned() else {
        return Ok(told(REFUSED, None, &code, "商品不存在"));
    };
    let Some(shop) = world.jddj.shops.keys().next().cloned() else {
        return Err(Refusal::inner("商家没有门店"));
    };
    let id = there.id.clone();
    if number(body, "fixedStatus")? == Some(4) {
        world
            .delete_listing(PLATFORM, &shop, &id)
            .map_err(|_| Refusal::inner("商品不存在"))?;
        return Ok(told(DONE, Some(&id), &code, ""));
    }
    let judged = sent(world, body).and_then(|sent| {
        let held = there.specs.first().map_or("", |spec| spec.upc.as_str());
        let upc = sent.upc.as_deref().unwrap_or(held);
        let category = sent.category.as_deref().or(there.category_id.as_deref());
        let category = category.unwrap_or_default();
        // Old goods keep a category that could not be chosen anew.
        if sent.category.is_none() && sent.upc.is_none() {
            return Ok((category.to_owned(), sent));
        }
        Ok((settled_category(world, category, upc)?, sent))
    });
    let (category, sent) = match judged {
        Ok(judged) => judged,
        Err((number, text)) => return Ok(told(&number, Some(&id), &code, &text)),
    };
    if let Some(fen) = sent.price_fen {
        world.jddj.base_prices.insert(id.clone(), fen);
    }
    change(world, &shop, &id, |listing| {
        if let Some(name) = sent.name {
            listing.name = name;
        }
        if let Some(groups) = sent.groups {
            listing.group_ids = groups;
        }
        if let Some(text) = sent.description {
            listing.description = text;
        }
        listing.category_id = Some(category).filter(|id| !id.is_empty());
        for spec in &mut listing.specs {
            if let Some(upc) = &sent.upc {
                spec.upc.clone_from(upc);
            }
            spec.weight_g = sent.weight_g.unwrap_or(spec.weight_g);
        }
    })?;
    if let Some(pictures) = sent.pictures {
        fetch(world, &shop, &id, pictures)?;
    }
    shelf(world, &id, body)?;
    Ok(told(DONE, Some(&id), &code, ""))
}

/// Gives products our codes by JD's id; no code twice.
pub(super) fn codes(world: &mut World, body: &Body) -> Answer {
    let Some(shop) = world.jddj.shops.keys().next().cloned() else {
        return Err(Refusal::inner("商家没有门店"));
    };
    for row in rows(body, "skuInfoList")? {
        let (id, code) = (need(&row, "skuId")?, need(&row, "outSkuId")?);
        if product(world, &id).is_none() {
            return Err(Refusal::inner("商品不存在"));
        }
        if world.jddj.by_code(&code).is_some_and(|held| held.id != id) {
            return Err(Refusal::inner("商家商品编码已存在"));
        }
        change(world, &shop, &id, |listing| {
            listing.code.clone_from(&code);
            for spec in &mut listing.specs {
                spec.code.clone_from(&code);
            }
        })?;
    }
    Ok(Said::Result(json!(true)))
}

/// What the platform makes of a title; 0 where it knows nothing.
pub(super) fn guess(world: &World, body: &Body) -> Answer {
    let name = need(body, "productName")?;
    let leaf = guess_leaf(&world.jddj.taxonomy, &name);
    let category = leaf.map_or(Value::from(0), |leaf| as_number(&leaf.id));
    Ok(Said::Result(
        json!({"brandId": 35247, "brandName": "其他", "categoryId": category}),
    ))
}
