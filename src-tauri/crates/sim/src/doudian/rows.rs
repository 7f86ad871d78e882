//! Shelf, bin, price, code and stock (6, 7).

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, field, need, number, owner};
use crate::world::{Listing, ListingSpec, World};

fn change(world: &mut World, product: &str, act: impl FnOnce(&mut Listing) -> Result<(), Refusal>) -> Answer {
    let shop = owner(world, product)?;
    world
        .change_listing(PLATFORM, &shop, product, |listing| Ok(act(listing)))
        .unwrap_or_else(|_| Err(Refusal::business(2_010_058, "商品不存在")))?;
    world.ledger.note_updated(PLATFORM, product);
    Ok(Value::Null)
}

fn no_sku() -> Refusal {
    Refusal::wrong("sku不存在")
}

/// The SKU a body names: by the platform's id, or by our code.
fn named<'a>(listing: &'a mut Listing, body: &Body) -> Result<&'a mut ListingSpec, Refusal> {
    let id = field(body, "sku_id");
    let code = field(body, "code");
    listing
        .specs
        .iter_mut()
        .find(|spec| match &id {
            Some(id) => spec.id == *id,
            None => code.as_ref().is_some_and(|code| spec.code == *code),
        })
        .ok_or_else(no_sku)
}

pub(super) fn set_online(world: &mut World, body: &Body, online: bool) -> Answer {
    let product = need(body, "product_id")?;
    change(world, &product, |listing| {
        listing.sold_out = !online;
        Ok(())
    })
}

/// Into the recycle bin, or with `delete_forever` gone for good; a second time finds nothing to delete.
pub(super) fn delete(world: &mut World, body: &Body) -> Answer {
    let product = need(body, "product_id")?;
    let forever = body.get("delete_forever") == Some(&Value::Bool(true));
    let twice = || Refusal::new(40_004, "isv.parameter-invalid:7", "商品已删除");
    if world.doudian.recycled.contains_key(&product) {
        if !forever {
            return Err(twice());
        }
        world.doudian.recycled.remove(&product);
        return Ok(Value::Null);
    }
    let shop = owner(world, &product)?;
    world
        .delete_listing(PLATFORM, &shop, &product)
        .map_err(|_| twice())?;
    if forever {
        world.doudian.recycled.remove(&product);
    }
    Ok(Value::Null)
}

pub(super) fn price(world: &mut World, body: &Body) -> Answer {
    let product = need(body, "product_id")?;
    let fen = number(body, "price")?.ok_or_else(|| Refusal::missing("price"))?;
    if fen < 1 {
        return Err(Refusal::new(
            40_004,
            "isv.parameter-invalid:2010107",
            "商品价格必须大于0",
        ));
    }
    change(world, &product, |listing| {
        named(listing, body)?.price_fen = fen;
        Ok(())
    })
}

pub(super) fn code(world: &mut World, body: &Body) -> Answer {
    let product = need(body, "product_id")?;
    let sku = need(body, "sku_id")?;
    let code = field(body, "code").unwrap_or_default();
    change(world, &product, |listing| {
        let spec = listing.specs.iter_mut().find(|spec| spec.id == sku);
        spec.ok_or_else(no_sku)?.code = code;
        Ok(())
    })
}

/// Stock of one product's SKUs, all or none. A store's product takes stock by store alone (`sku_type` 1).
pub(super) fn stock(world: &mut World, body: &Body) -> Answer {
    let product = need(body, "product_id")?;
    let shop = owner(world, &product)?;
    let incremental = body.get("incremental") == Some(&Value::Bool(true));
    if incremental {
        need(body, "idempotent_id")?;
    }
    let Some(Value::Array(rows)) = body.get("sku_sync_list").filter(|rows| rows.is_array()) else {
        return Err(Refusal::missing("sku_sync_list"));
    };
    let mut wanted = Vec::new();
    for row in rows {
        let row = row
            .as_object()
            .ok_or_else(|| Refusal::wrong("sku_sync_list格式错误"))?;
        if number(row, "sku_type")? != Some(1) {
            return Err(Refusal::wrong("小时达子品请使用区域库存"));
        }
        let sku = need(row, "sku_id")?;
        let map = row.get("stock_map").and_then(Value::as_array);
        for held in map.into_iter().flatten() {
            let held = held
                .as_object()
                .ok_or_else(|| Refusal::wrong("stock_map格式错误"))?;
            if need(held, "out_warehouse_id")? != shop {
                return Err(Refusal::wrong("门店不存在或商品不属于该门店"));
            }
            let pieces = number(held, "stock_num")?.ok_or_else(|| Refusal::missing("stock_num"))?;
            wanted.push((sku.clone(), pieces));
        }
    }
    let held = world
        .listing(PLATFORM, &shop, &product)
        .map_err(|_| Refusal::business(2_010_058, "商品不存在"))?;
    for (sku, pieces) in &wanted {
        let spec = held.spec(sku).ok_or_else(no_sku)?;
        let after = if incremental { spec.stock + pieces } else { *pieces };
        if after < 0 {
            return Err(Refusal::wrong("库存不能小于0"));
        }
    }
    change(world, &product, |listing| {
        for (sku, pieces) in wanted {
            for spec in listing.specs.iter_mut().filter(|spec| spec.id == sku) {
                spec.stock = if incremental { spec.stock + pieces } else { pieces };
            }
        }
        Ok(())
    })?;
    Ok(json!({}))
}
