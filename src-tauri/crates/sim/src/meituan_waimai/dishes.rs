//! Dishes, their groups and pictures (8, 9.3, 9.4 and 10).

use base64::Engine as _;
use serde_json::{Value, json};

use super::food::{self, BATCH_LIMIT, Outcome, PLATFORM};
use super::{Admitted, Answer, Refusal, groups, read};
use crate::meituan::{binding, images};
use crate::world::World;

/// "below 200" (14).
const PAGE_BELOW: usize = 200;

pub(super) fn answer(world: &mut World, name: &str, call: &Admitted) -> Answer {
    match name {
        "waimai/ng/dish/food/listAll" | "waimai/ng/dish/queryFoodList" | "wmoper/ng/foodop/food/list" => {
            list(world, call)
        }
        "waimai/dish/queryCatList" => {
            let shop = &call.shop;
            let row = |group: &crate::world::Group| {
                json!({
                    "ePoiId": shop, "name": group.name, "sequence": group.sequence, "categoryDescription": "",
                    "categoryMode": 0, "topFlag": 0, "timeZone": "",
                })
            };
            Ok(groups::list(call.held(world)?, row))
        }
        "waimai/dish/updateCat" => group(world, call, "oldCatName", "catName"),
        "wmoper/ng/foodop/foodCat/update" => group(world, call, "category_name_origin", "category_name"),
        "waimai/dish/deleteCat" => delete_group(world, call, "catName"),
        "wmoper/ng/foodop/foodCat/delete" => delete_group(world, call, "category_name"),
        "waimai/dish/batchUpload" => upload(world, call, "dishes"),
        "wmoper/ng/foodop/food/batchinitdata" => upload(world, call, "food_data"),
        "waimai/dish/updatePrice" => figures(world, call, "dishSkuPrices", "price"),
        "waimai/dish/updateStock" => figures(world, call, "dishSkuStocks", "stock"),
        "wmoper/ng/foodop/food/sku/price" => figures(world, call, "food_data", "price"),
        "wmoper/ng/foodop/food/sku/stock" => figures(world, call, "food_data", "stock"),
        "waimai/dish/delete" => {
            let code = call.need("eDishCode")?;
            let gone = || Refusal::new("OP_BIZ_805", "商品不存在");
            let id = call
                .held(world)?
                .listing_by_code(&code)
                .ok_or_else(gone)?
                .id
                .clone();
            world
                .delete_listing(PLATFORM, &call.shop, &id)
                .map_err(|_| gone())?;
            Ok(json!("ok"))
        }
        "waimai/ng/dish/food/updateAppFoodCodeByNameAndSpec" => {
            let (name, group, spec) = (
                call.need("name")?,
                call.need("categoryName")?,
                call.field("spec").unwrap_or_default(),
            );
            let place = binding::named(world, PLATFORM, &call.shop, (&name, &group, &spec))?;
            let code = call.need("appFoodCode")?;
            binding::write(world, PLATFORM, &call.shop, &place, &code, call.field("skuId"))?;
            Ok(json!("ok"))
        }
        "wmoper/ng/foodop/food/updateAppFoodCodeByOrigin" => {
            let (origin, sku) = (
                call.need("app_food_code_origin")?,
                call.field("sku_id_origin").unwrap_or_default(),
            );
            let place = binding::coded(world, PLATFORM, &call.shop, &origin, &sku)?;
            let code = call.need("app_food_code")?;
            binding::write(world, PLATFORM, &call.shop, &place, &code, call.field("sku_id"))?;
            Ok(json!("ok"))
        }
        "waimai/image/upload" => picture(world, call),
        _ => Err(Refusal::new("OP_NO_PERMISSION", "没有权限访问此接口")),
    }
}

fn list(world: &World, call: &Admitted) -> Answer {
    let number = |name: &str| call.field(name).and_then(|text| text.parse::<usize>().ok());
    let (offset, limit) = (number("offset"), number("limit"));
    let limit = limit.filter(|limit| (1..PAGE_BELOW).contains(limit));
    let limit = limit.ok_or_else(|| Refusal::new("OP_PARAM_ERROR", "limit须小于200"))?;
    let (rows, _) = read::page(world, call.held(world)?, offset.unwrap_or(0), limit);
    Ok(json!(rows))
}

fn group(world: &mut World, call: &Admitted, old: &str, new: &str) -> Answer {
    let sequence = call.field("sequence").and_then(|text| text.parse().ok());
    let (origin, name) = (call.field(old), call.need(new)?);
    groups::update(world, &call.shop, origin.as_deref(), &name, sequence)?;
    Ok(json!("ok"))
}

fn delete_group(world: &mut World, call: &Admitted, field: &str) -> Answer {
    groups::delete(world, &call.shop, &call.need(field)?)?;
    Ok(json!("ok"))
}

fn entries(call: &Admitted, field: &str) -> Result<Vec<Value>, Refusal> {
    let entries = call.list(field)?;
    if entries.is_empty() || entries.len() > BATCH_LIMIT {
        return Err(Refusal::new("OP_PARAM_ERROR", "菜品数量应为1-200"));
    }
    Ok(entries)
}

fn upload(world: &mut World, call: &Admitted, field: &str) -> Answer {
    let dishes = entries(call, field)?;
    let overwrite = call.biz["skuOverwrite"] == true;
    told(&food::upload(world, &call.shop, &dishes, overwrite))
}

fn figures(world: &mut World, call: &Admitted, list: &str, field: &str) -> Answer {
    let rows = entries(call, list)?;
    told(&food::figures(world, &call.shop, &rows, field))
}

/// `data` is text: ok, or the list of those that failed.
fn told(outcome: &Outcome) -> Answer {
    match (outcome.refused.first(), outcome.good) {
        (None, _) => Ok(json!("ok")),
        (Some(_), 1..) => Ok(json!(outcome.text())),
        (Some((_, _, only)), 0) if outcome.refused.len() == 1 => Err(only.clone().into()),
        (Some(_), _) => Err(Refusal::new("OP_BIZ_ERROR", outcome.text())),
    }
}

/// Bytes come as base64 text; the name is letters and digits ending in .jpg.
fn picture(world: &mut World, call: &Admitted) -> Answer {
    let name = call.need("imageName")?;
    let plain = name
        .strip_suffix(".jpg")
        .is_some_and(|stem| !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !plain {
        return Err(Refusal::new(
            "OP_PARAM_ERROR",
            "imageName只能是字母或数字,且必须以.jpg结尾",
        ));
    }
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(call.need("file")?)
        .map_err(|_| Refusal::new("OP_PARAM_ERROR", "file格式错误"))?;
    images::readable(&bytes)?;
    let id = format!("IMG{}", world.fresh_id(7_000_000_000));
    world.waimai.pictures.insert(id.clone());
    Ok(json!(id))
}
