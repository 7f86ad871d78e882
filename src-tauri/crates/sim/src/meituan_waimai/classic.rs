//! `food*` and `foodCat*` of family A (8, 9.3 and 9.4), in the classic envelope (5).

use serde_json::{Value, json};

use super::food::{self, BATCH_LIMIT, Outcome, PLATFORM};
use super::groups as core;
use super::read;
use crate::meituan::{
    Answer, Refusal, binding, json_array, need, no_product, ok, product_code, shop_code, shop_of,
};
use crate::wire::Call;
use crate::world::World;

const PAGE_LIMIT: usize = 200;

pub(crate) fn groups(world: &mut World, name: &str, call: &Call) -> Answer {
    let shop = shop_code(call)?;
    match name {
        "foodCat/list" => {
            let held = shop_of(world, call, &shop)?;
            let rows = core::list(held, |group| {
                json!({
                    "app_poi_code": shop, "name": group.name, "sequence": group.sequence, "ctime": 1_600_000_000,
                    "utime": 1_600_000_000,
                })
            });
            Ok(json!({"data": rows}))
        }
        "foodCat/update" => {
            let sequence = match call.param("sequence").filter(|text| !text.is_empty()) {
                Some(text) => Some(text.parse().map_err(|_| Refusal::format("sequence"))?),
                None => None,
            };
            let origin = call.param("category_name_origin");
            core::update(world, &shop, origin, need(call, "category_name")?, sequence)?;
            Ok(ok())
        }
        _ => {
            core::delete(world, &shop, need(call, "category_name")?)?;
            Ok(ok())
        }
    }
}

pub(crate) fn goods(world: &mut World, name: &str, call: &Call) -> Answer {
    let shop = shop_code(call)?;
    match name {
        "food/list" => {
            let number = |name: &str| {
                need(call, name)?
                    .parse::<usize>()
                    .map_err(|_| Refusal::format(name))
            };
            let (offset, limit) = (number("offset")?, number("limit")?);
            if limit == 0 || limit > PAGE_LIMIT {
                return Err(Refusal::format("limit最大200"));
            }
            let (rows, total) = read::page(world, shop_of(world, call, &shop)?, offset, limit);
            Ok(json!({"data": rows, "extra_info": {"total_count": total}}))
        }
        "food/get" => {
            let held = shop_of(world, call, &shop)?;
            let listing = held.listing_by_code(product_code(call)?).ok_or_else(no_product)?;
            Ok(json!({"data": read::row(world, held, listing)}))
        }
        "food/initdata" | "food/save" => {
            let dish = call
                .params()
                .into_iter()
                .map(|(name, value)| (name, Value::String(value)));
            let dish = Value::Object(dish.collect());
            document(&food::upload(world, &shop, &[dish], overwrites(call)))
        }
        "food/batchinitdata" | "food/batchsave" => {
            let dishes = rows(call)?;
            document(&food::upload(world, &shop, &dishes, overwrites(call)))
        }
        "food/sku/price" => document(&food::figures(world, &shop, &rows(call)?, "price")),
        "food/sku/stock" => document(&food::figures(world, &shop, &rows(call)?, "stock")),
        "food/delete" => {
            let held = shop_of(world, call, &shop)?;
            let listing = held.listing_by_code(product_code(call)?).ok_or_else(no_product)?;
            let id = listing.id.clone();
            world
                .delete_listing(PLATFORM, &shop, &id)
                .map_err(|_| no_product())?;
            Ok(ok())
        }
        "food/updateAppFoodCodeByOrigin" => binding::by_origin(world, call),
        "food/updateAppFoodCodeByNameAndSpec" => binding::by_name_and_spec(world, call),
        _ => Err(Refusal::new(708, "没有权限访问此接口")),
    }
}

fn overwrites(call: &Call) -> bool {
    call.param("skuOverwrite") == Some("true")
}

fn rows(call: &Call) -> Result<Vec<Value>, Refusal> {
    let rows = json_array(call, "food_data")?;
    if rows.is_empty() || rows.len() > BATCH_LIMIT {
        return Err(Refusal::new(3012, "food_data菜品数量应为1-200"));
    }
    Ok(rows)
}

/// All good, part of it with `msg` naming the rest, or none.
fn document(outcome: &Outcome) -> Answer {
    match (outcome.refused.first(), outcome.good) {
        (None, _) => Ok(ok()),
        (Some(_), 1..) => Ok(json!({"data": "ok", "msg": outcome.text()})),
        (Some((_, _, only)), 0) if outcome.refused.len() == 1 => Err(only.clone()),
        (Some((_, _, first)), _) => Err(Refusal::new(first.code, outcome.text())),
    }
}
