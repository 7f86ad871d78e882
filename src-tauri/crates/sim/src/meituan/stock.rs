//! Price, stock and sell status of goods that are there (9.1).

use serde_json::Value;

use super::goods::Outcome;
use super::rules::{self, ItemError};
use super::{Answer, PLATFORM, Refusal, json_array, need, shop, shop_code};
use crate::wire::{Call, text_of};
use crate::world::{ListingSpec, World};

const BATCH_LIMIT: usize = 200;

pub(super) fn prices(world: &mut World, call: &Call) -> Answer {
    each_sku(world, call, |sku, spec| {
        let fen = rules::price(&sku["price"]);
        spec.price_fen =
            fen.ok_or_else(|| ItemError::blocking(705, "price数值错误,应大于0且不超过30000.00"))?;
        Ok(())
    })
}

pub(super) fn stocks(world: &mut World, call: &Call) -> Answer {
    each_sku(world, call, |sku, spec| {
        let pieces = rules::stock_number(&sku["stock"]);
        spec.stock = pieces.ok_or_else(|| ItemError::blocking(705, "stock数值错误,范围0-99999"))?;
        Ok(())
    })
}

fn rows(call: &Call) -> Result<Vec<Value>, Refusal> {
    let rows = json_array(call, "food_data")?;
    if rows.is_empty() || rows.len() > BATCH_LIMIT {
        return Err(Refusal::new(3012, "food_data商品数量应为1-200"));
    }
    Ok(rows)
}

/// Specs are taken one by one: a missing one does not stop the others.
fn each_sku(
    world: &mut World,
    call: &Call,
    change: impl Fn(&Value, &mut ListingSpec) -> Result<(), ItemError>,
) -> Answer {
    let code = shop_code(call)?;
    let mut outcome = Outcome::default();
    for row in rows(call)? {
        let product = text_of(&row["app_spu_code"])
            .or_else(|| text_of(&row["app_food_code"]))
            .unwrap_or_default();
        let named = Value::String(product.clone());
        let Some(id) = shop(world, &code)?
            .listing_by_code(&product)
            .map(|listing| listing.id.clone())
        else {
            outcome.refuse(&named, &ItemError::blocking(805, "商品不存在"));
            continue;
        };
        for sku in row["skus"].as_array().into_iter().flatten() {
            match one_sku(world, &code, &id, sku, &change) {
                Ok(()) => outcome.succeed(&named, &[]),
                Err(error) => outcome.refuse(&named, &error),
            }
        }
    }
    Ok(outcome.document())
}

fn one_sku(
    world: &mut World,
    shop_id: &str,
    listing: &str,
    sku: &Value,
    change: &impl Fn(&Value, &mut ListingSpec) -> Result<(), ItemError>,
) -> Result<(), ItemError> {
    let sku_id = text_of(&sku["sku_id"]).unwrap_or_default();
    let changed = world.change_listing(PLATFORM, shop_id, listing, |held| {
        let spec = held
            .specs
            .iter_mut()
            .find(|spec| !sku_id.is_empty() && spec.code == sku_id);
        Ok(spec.map_or_else(
            || Err(ItemError::blocking(1015, "SKU不存在")),
            |spec| change(sku, spec),
        ))
    });
    changed
        .unwrap_or_else(|_| Err(ItemError::blocking(805, "商品不存在")))
        .map_err(|error| error.of_sku(&sku_id))?;
    world.ledger.note_updated(PLATFORM, listing);
    Ok(())
}

pub(super) fn sell_status(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let sold_out = match need(call, "sell_status")? {
        "0" => false,
        "1" => true,
        _ => return Err(Refusal::format("sell_status")),
    };
    let mut outcome = Outcome::default();
    for row in rows(call)? {
        let product = text_of(&row["app_spu_code"])
            .or_else(|| text_of(&row["app_food_code"]))
            .unwrap_or_default();
        let named = Value::String(product.clone());
        let id = shop(world, &code)?
            .listing_by_code(&product)
            .map(|listing| listing.id.clone());
        let changed = id.and_then(|id| {
            let set = world.change_listing(PLATFORM, &code, &id, |listing| {
                listing.sold_out = sold_out;
                Ok(())
            });
            set.ok().map(|()| id)
        });
        match changed {
            Some(id) => {
                world.ledger.note_updated(PLATFORM, &id);
                outcome.succeed(&named, &[]);
            }
            None => outcome.refuse(&named, &ItemError::blocking(805, "商品不存在")),
        }
    }
    Ok(outcome.document())
}
