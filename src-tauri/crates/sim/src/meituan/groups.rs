//! Groups inside a shop (8): two levels, smaller `sequence` nearer the top.

use serde_json::{Value, json};

use super::{Answer, Refusal, json_array, need, ok, shop, shop_code, shop_mut};
use crate::wire::{Call, text_of};
use crate::world::{Group, Shop, World};

fn missing_group() -> Refusal {
    Refusal::new(1021, "商品分类不存在")
}

/// A first-level group that holds goods cannot get children (F41).
pub(super) fn no_child_under(name: &str) -> Refusal {
    Refusal::format(format_args!("禁止调整商品分类的层级:category_name={name}"))
}

pub(super) fn list(world: &World, call: &Call) -> Answer {
    let held = shop(world, &shop_code(call)?)?;
    let row = |group: &Group, children: Vec<Value>| {
        json!({
            "code": group.code, "name": group.name, "sequence": group.sequence, "top_flag": 0, "weeks_time": "",
            "period": "", "smart_switch": 0, "children": children,
        })
    };
    let rows: Vec<Value> = held
        .groups_under(None)
        .into_iter()
        .map(|group| {
            let children = held
                .groups_under(Some(&group.id))
                .into_iter()
                .map(|child| row(child, Vec::new()))
                .collect();
            row(group, children)
        })
        .collect();
    Ok(json!({"data": rows}))
}

/// Where a call wants a group: `level` 1 names it by `category_*`, level 2 by `secondary_category_*` under that.
struct Wanted<'a> {
    name: Option<&'a str>,
    code: Option<&'a str>,
    sequence: Option<i64>,
}

fn filled<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.param(name).filter(|value| !value.is_empty())
}

pub(super) fn update(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let sequence = match filled(call, "sequence") {
        Some(text) => Some(text.parse().map_err(|_| Refusal::format("sequence"))?),
        None => None,
    };
    let second = filled(call, "secondary_category_name").or_else(|| filled(call, "secondary_category_code"));
    let origin = filled(call, "category_name_origin").or_else(|| filled(call, "category_code_origin"));
    if let Some(origin) = origin {
        let id = find(shop(world, &code)?, origin)
            .ok_or_else(missing_group)?
            .id
            .clone();
        let wanted = Wanted {
            name: filled(call, "category_name"),
            code: filled(call, "category_code"),
            sequence,
        };
        return rename(world, &code, &id, &wanted);
    }
    if second.is_some() {
        let parent = filled(call, "category_name").or_else(|| filled(call, "category_code"));
        let parent = parent.ok_or_else(|| Refusal::missing("category_name"))?;
        let held = shop(world, &code)?;
        let above = held
            .groups_under(None)
            .into_iter()
            .find(|group| group.name == parent || group.code == parent)
            .ok_or_else(missing_group)?;
        let (above_id, above_name) = (above.id.clone(), above.name.clone());
        if held.listings_in(&above_id) > 0 {
            return Err(no_child_under(&above_name));
        }
        let wanted = Wanted {
            name: filled(call, "secondary_category_name"),
            code: filled(call, "secondary_category_code"),
            sequence,
        };
        return create(world, &code, Some(above_id), &wanted);
    }
    let wanted = Wanted {
        name: Some(need(call, "category_name")?),
        code: filled(call, "category_code"),
        sequence,
    };
    create(world, &code, None, &wanted)
}

fn find<'a>(held: &'a Shop, name_or_code: &str) -> Option<&'a Group> {
    held.groups
        .values()
        .find(|group| group.name == name_or_code || group.code == name_or_code)
}

/// A name and a code that belong to two different groups exclude each other (F45).
fn exclusive(held: &Shop, wanted: &Wanted<'_>, except: Option<&str>) -> Result<(), Refusal> {
    let others = || {
        held.groups
            .values()
            .filter(|group| Some(group.id.as_str()) != except)
    };
    let by_code = wanted
        .code
        .and_then(|code| others().find(|group| group.code == code));
    let by_name = wanted
        .name
        .and_then(|name| others().find(|group| group.name == name));
    match (by_code, by_name) {
        (Some(code), Some(name)) if code.id == name.id => Err(Refusal::new(1037, "商品分类已存在")),
        (Some(_), _) => Err(Refusal::format("分组互斥")),
        (None, Some(_)) if except.is_some() => Err(Refusal::format("分组互斥")),
        (None, Some(_)) => Err(Refusal::new(1037, "商品分类已存在")),
        (None, None) => Ok(()),
    }
}

fn create(world: &mut World, code: &str, parent: Option<String>, wanted: &Wanted<'_>) -> Answer {
    let name = wanted
        .name
        .ok_or_else(|| Refusal::missing("category_name"))?
        .to_owned();
    let held = shop(world, code)?;
    exclusive(held, wanted, None)?;
    let last = held
        .groups_under(parent.as_deref())
        .last()
        .map_or(0, |group| group.sequence);
    let group = Group {
        id: world.fresh_group_id(),
        code: wanted.code.unwrap_or_default().to_owned(),
        name,
        sequence: wanted.sequence.unwrap_or(last + 1),
        parent,
    };
    shop_mut(world, code)?.groups.insert(group.id.clone(), group);
    Ok(ok())
}

fn rename(world: &mut World, code: &str, id: &str, wanted: &Wanted<'_>) -> Answer {
    exclusive(shop(world, code)?, wanted, Some(id))?;
    let group = shop_mut(world, code)?
        .groups
        .get_mut(id)
        .ok_or_else(missing_group)?;
    if let Some(name) = wanted.name {
        name.clone_into(&mut group.name);
    }
    if let Some(new_code) = wanted.code {
        new_code.clone_into(&mut group.code);
    }
    if let Some(sequence) = wanted.sequence {
        group.sequence = sequence;
    }
    Ok(ok())
}

/// Goods of a deleted group lose it when `move_product_to_uncate` is 1; otherwise a group with goods stays.
pub(super) fn delete(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let named = filled(call, "category_code").or_else(|| filled(call, "category_name"));
    let named = named.ok_or_else(|| Refusal::missing("category_name"))?;
    let held = shop_mut(world, &code)?;
    let id = find(held, named).ok_or_else(missing_group)?.id.clone();
    let mut gone: Vec<String> = held
        .groups_under(Some(&id))
        .iter()
        .map(|child| child.id.clone())
        .collect();
    gone.push(id);
    let holds_goods = gone.iter().any(|id| held.listings_in(id) > 0);
    if holds_goods && call.param("move_product_to_uncate") != Some("1") {
        return Err(Refusal::format("分类下有商品,不允许删除"));
    }
    for listing in held.listings.values_mut() {
        listing.group_ids.retain(|held| !gone.contains(held));
    }
    held.groups.retain(|held, _| !gone.contains(held));
    Ok(ok())
}

/// Only groups the platform already has can be ordered (F29); one unknown code refuses the whole call.
pub(super) fn set_sequence(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let rows = json_array(call, "category_sequence_data")?;
    let held = shop_mut(world, &code)?;
    let mut wanted = Vec::with_capacity(rows.len());
    for row in &rows {
        let group = text_of(&row["category_code"]).filter(|code| !code.is_empty());
        let group = group.ok_or_else(|| Refusal::missing("category_code"))?;
        let sequence = text_of(&row["sequence"]).and_then(|text| text.parse::<i64>().ok());
        let sequence = sequence.ok_or_else(|| Refusal::format("sequence"))?;
        let id = held
            .groups
            .values()
            .find(|held| held.code == group)
            .ok_or_else(missing_group)?
            .id
            .clone();
        wanted.push((id, sequence));
    }
    for (id, sequence) in wanted {
        if let Some(group) = held.groups.get_mut(&id) {
            group.sequence = sequence;
        }
    }
    Ok(ok())
}
