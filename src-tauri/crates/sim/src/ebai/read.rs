//! Reading goods and the taxonomy (5).

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, field, need, number, shop, shop_id};
use crate::world::{Listing, ListingSpec, Shop, World};

const PAGE_DEFAULT: i64 = 20;
const PAGE_LIMIT: i64 = 100;

/// Page and page size; 1-based.
pub(super) fn paging(body: &Body, size_field: &str) -> Result<(usize, usize), Refusal> {
    let page = number(body, "page")?.unwrap_or(1);
    let size = number(body, size_field)?.unwrap_or(PAGE_DEFAULT);
    if page < 1 || !(1..=PAGE_LIMIT).contains(&size) {
        return Err(Refusal::new(1, "分页参数错误,每页最多100条"));
    }
    Ok((
        usize::try_from(page).unwrap_or(1),
        usize::try_from(size).unwrap_or(1),
    ))
}

/// By page, or from `sku_id_offset` on: the answer's `sku_id_offset` is the last id of the page.
pub(super) fn list(world: &World, body: &Body) -> Answer {
    let held = shop(world, &shop_id(world, body)?)?;
    let (page, size) = paging(body, "pagesize")?;
    let offset = field(body, "sku_id_offset").filter(|offset| offset != "0");
    let wanted = |name: &str, value: &str| field(body, name).is_none_or(|wanted| wanted == value);
    let now = world.now_ms();
    let found: Vec<&Listing> = held
        .listings
        .values()
        .filter(|listing| wanted("sku_id", &listing.id) && wanted("custom_sku_id", &listing.code))
        .filter(|listing| {
            field(body, "upc").is_none_or(|upc| listing.specs.iter().any(|spec| spec.upc == upc))
        })
        .collect();
    let skip = if offset.is_some() { 0 } else { (page - 1) * size };
    let rows: Vec<&Listing> = found
        .iter()
        .copied()
        .filter(|listing| offset.as_ref().is_none_or(|offset| listing.id > *offset))
        .skip(skip)
        .take(size)
        .collect();
    let last = rows.last().map_or_else(String::new, |listing| listing.id.clone());
    let rows: Vec<Value> = rows.into_iter().map(|listing| row(held, listing, now)).collect();
    Ok(json!({
        "total": found.len(), "page": page, "pages": found.len().div_ceil(size), "sku_id_offset": last, "list": rows,
    }))
}

/// One product; pictures that are still in review are left out (F56).
fn row(held: &Shop, listing: &Listing, now: i64) -> Value {
    let first = listing.specs.first();
    let shown = listing
        .pictures
        .iter()
        .filter(|picture| picture.in_review_until.is_none_or(|until| until <= now));
    let photos: Vec<Value> = shown
        .enumerate()
        .map(|(index, picture)| json!({"is_master": i32::from(index == 0), "url": picture.url}))
        .collect();
    let categories: Vec<Value> = listing
        .group_ids
        .iter()
        .filter_map(|id| held.groups.get(id))
        .map(
            |group| json!({"custom_cat_id": group.id, "custom_cat_name": group.name, "rank": group.sequence}),
        )
        .collect();
    let specs: Vec<Value> = listing
        .specs
        .iter()
        .filter(|_| listing.multi_spec)
        .map(spec_row)
        .collect();
    let price = first.map_or(0, |spec| spec.price_fen);
    json!({
        "sku_id": listing.id, "custom_sku_id": listing.code, "name": listing.name,
        "upc": first.map_or("", |spec| spec.upc.as_str()), "status": if listing.sold_out { "0" } else { "1" },
        "left_num": listing.specs.iter().map(|spec| spec.stock).sum::<i64>(), "sale_price": price,
        "market_price": price, "weight": first.map_or(0, |spec| spec.weight_g), "desc": listing.description,
        "sale_unit": listing.unit, "cat3_id": listing.category_id, "photos": photos,
        "custom_cat_list": categories, "sku_spec": specs,
    })
}

fn spec_row(spec: &ListingSpec) -> Value {
    json!({
        "sku_spec_id": spec.id, "sku_spec_custom_id": spec.code, "upc": spec.upc, "sale_price": spec.price_fen,
        "left_num": spec.stock, "weight": spec.weight_g,
        "spec_property": [{"prop_id": "1", "prop_text": "规格", "value_id": spec.id, "value_text": spec.name}],
    })
}

pub(super) fn standard_upc(world: &World, body: &Body) -> Answer {
    shop_id(world, body)?;
    let upc = need(body, "upc")?;
    Ok(json!({"std_flag": i32::from(world.ebai.standard_upcs.contains(&upc))}))
}

/// Nodes of one depth, below one parent, or with a word in their name.
pub(super) fn taxonomy(world: &World, body: &Body) -> Value {
    let depth = field(body, "depth");
    let parent = field(body, "parent_id");
    let keyword = field(body, "keyword");
    let fits = world.ebai.taxonomy.values().filter(|taxon| {
        depth
            .as_ref()
            .is_none_or(|depth| *depth == taxon.depth.to_string())
            && parent.as_ref().is_none_or(|parent| *parent == taxon.parent_id)
            && keyword
                .as_ref()
                .is_none_or(|word| taxon.name.contains(word.as_str()))
    });
    fits.map(|taxon| {
        json!({"cat_id": taxon.id, "cat_name": taxon.name, "depth": taxon.depth, "parent_id": taxon.parent_id})
    })
    .collect()
}
