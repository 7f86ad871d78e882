//! Branches, items and stock of the ERP.

use serde_json::{Value, json};

use super::{Answer, Args, Refusal, field, list, need};
use crate::clock::{parse_shanghai, shanghai_text};
use crate::world::{ErpItem, World};

const PAGE_LIMIT: usize = 1000;

pub(super) fn branches(world: &World) -> Value {
    let rows = world.erp.branches.values();
    rows.map(|branch| {
        json!({
            "branch_num": branch.num, "branch_code": branch.code, "branch_name": branch.name,
            "branch_actived": branch.active,
        })
    })
    .collect()
}

fn page(args: &Args) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, default: usize| match field(args, name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::new(format!("For input string: \"{text}\""))),
    };
    let (page, size) = (number("page_no", 1)?, number("page_size", PAGE_LIMIT)?);
    if page == 0 || size == 0 || size > PAGE_LIMIT {
        return Err(Refusal::new("page_size最大1000"));
    }
    Ok((page, size))
}

/// Items that fit every filter that was given, by `item_num`. Deleted ones are listed with `item_del_tag` 1.
pub(super) fn items(world: &World, args: &Args) -> Answer {
    let (page, size) = page(args)?;
    let since = match field(args, "last_download_time") {
        None => None,
        Some(text) => {
            Some(parse_shanghai(&text).ok_or_else(|| Refusal::new(format!("Unparseable date: \"{text}\"")))?)
        }
    };
    let (nums, codes) = (list(args, "item_nums"), list(args, "item_codes"));
    let keyword = field(args, "keyword");
    let barcode = field(args, "item_bar_code");
    let deleted = field(args, "item_del_tag");
    let fits = |item: &&ErpItem| {
        since.is_none_or(|since| item.updated_at >= since)
            && (nums.is_empty() || nums.contains(&item.num))
            && (codes.is_empty() || codes.contains(&item.code))
            && keyword
                .as_ref()
                .is_none_or(|word| item.name.contains(word.as_str()))
            && barcode.as_ref().is_none_or(|barcode| item.barcode == *barcode)
            && deleted
                .as_ref()
                .is_none_or(|tag| (tag == "1" || tag == "true") == item.deleted)
    };
    let rows = world
        .erp
        .items
        .values()
        .filter(fits)
        .skip((page - 1) * size)
        .take(size)
        .map(|item| {
            json!({
                "item_num": item.num, "item_code": item.code, "item_name": item.name, "item_unit": item.unit,
                "item_regular_price": crate::wire::yuan_number(item.price_fen), "item_barcode": item.barcode,
                "item_status": 0, "item_del_tag": i32::from(item.deleted), "item_sale_cease_flag": 0,
                "item_last_edit_time": shanghai_text(item.updated_at),
            })
        });
    Ok(rows.collect())
}

/// Stock of a branch, three decimals of the basic unit; `storehouse_num` is the branch's number here.
pub(super) fn stock(world: &World, args: &Args) -> Answer {
    let branch = need(args, "storehouse_num").or_else(|_| need(args, "branch_num"))?;
    if !world.erp.branches.contains_key(&branch) {
        return Err(Refusal::new(format!("门店[{branch}]不存在")));
    }
    let wanted = list(args, "item_nums");
    let rows = world
        .erp
        .stock
        .iter()
        .filter(|((held, item), _)| *held == branch && (wanted.is_empty() || wanted.contains(item)))
        .map(|((_, item), milli)| {
            let sign = if *milli < 0 { "-" } else { "" };
            let amount = format!("{sign}{}.{:03}", milli.abs() / 1000, milli.abs() % 1000);
            let amount: Value = serde_json::from_str(&amount).unwrap_or(Value::Null);
            json!({
                "storehouse_num": branch, "item_num": item, "inventory_amount": amount,
                "inventory_valid_amount": amount, "inventory_lock_amount": 0.0,
            })
        });
    Ok(rows.collect())
}
