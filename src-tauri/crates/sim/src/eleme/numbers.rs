//! Prices and stock (5): by spec id, part failures named in the answer.

use serde_json::{Map, Value};

use super::{Answer, PLATFORM, Params, Refusal, batch, read, shop};
use crate::wire::{fen_of, text_of};
use crate::world::{ListingSpec, World};

/// Most items of one price call.
const ITEMS: usize = 50;

/// Why one spec was not changed: code and words.
type Failed = (&'static str, &'static str);

fn map<'a>(value: &'a Value, name: &str) -> Result<&'a Map<String, Value>, Refusal> {
    value
        .as_object()
        .filter(|map| !map.is_empty())
        .ok_or_else(|| Refusal::invalid(name))
}

/// Changes one spec wherever it is, unless its item is locked.
fn change(world: &mut World, spec_id: &str, act: impl FnOnce(&mut ListingSpec)) -> Result<(), Failed> {
    let missing = ("SKU_NOT_FOUND", "SKU不存在");
    let place = world.eleme.shops.values().find_map(|shop| {
        let owner = shop
            .listings
            .values()
            .find(|listing| listing.spec(spec_id).is_some())?;
        super::admitted(shop).ok()?;
        Some((shop.remote_id.clone(), owner.id.clone()))
    });
    let (shop, listing) = place.ok_or(missing)?;
    if world.eleme.locked_items.contains(&listing) {
        return Err(("ITEM_CAN_NOT_OPERATE", "商品正在参加活动,不能修改"));
    }
    world
        .change_listing(PLATFORM, &shop, &listing, |held| {
            if let Some(spec) = held.specs.iter_mut().find(|spec| spec.id == spec_id) {
                act(spec);
            }
            Ok(())
        })
        .map_err(|_| missing)?;
    world.ledger.note_updated(PLATFORM, &listing);
    Ok(())
}

/// `stockMap`: spec id → pieces; not negative and not above the spec's upper bound.
pub(super) fn stocks(world: &mut World, params: &Params) -> Answer {
    let rows = map(params.get("stockMap").unwrap_or(&Value::Null), "stockMap")?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (id, value) in rows {
        let most = world.eleme.max_stock.get(id).copied().unwrap_or(read::MAX_STOCK);
        let pieces = text_of(value)
            .and_then(|text| text.parse::<i64>().ok())
            .filter(|pieces| (0..=most).contains(pieces));
        let result = match pieces {
            Some(pieces) => change(world, id, |spec| spec.stock = pieces),
            None => Err(("STOCK_INVALID", "库存不能小于0或大于最大库存")),
        };
        match result {
            Ok(()) => done.push(id.clone()),
            Err((code, text)) => failed.push((id.clone(), code, text)),
        }
    }
    Ok(batch("SPEC_ID", &done, &failed))
}

/// `specPrices`: items with spec id → yuan.
pub(super) fn prices(world: &mut World, params: &Params) -> Answer {
    shop(world, params)?;
    let rows = params.get("specPrices").and_then(Value::as_array);
    let rows = rows.ok_or_else(|| Refusal::invalid("specPrices"))?;
    if rows.is_empty() || rows.len() > ITEMS {
        return Err(Refusal::invalid("specPrices最多50个商品"));
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for row in rows {
        for (id, price) in map(&row["priceMap"], "priceMap")? {
            let result = match fen_of(price).filter(|fen| *fen > 0) {
                Some(fen) => change(world, id, |spec| spec.price_fen = fen),
                None => Err(("INVALID_PARAMETER", "价格不正确")),
            };
            match result {
                Ok(()) => done.push(id.clone()),
                Err((code, text)) => failed.push((id.clone(), code, text)),
            }
        }
    }
    Ok(batch("SPEC_ID", &done, &failed))
}
