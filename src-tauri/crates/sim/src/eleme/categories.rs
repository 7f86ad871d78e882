//! Shop categories (5): two levels, names of at most 50 characters.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Answer, PLATFORM, Params, Refusal, field, id_number, ids, need, no_category, shop, shop_of_category,
};
use crate::wire::text_of;
use crate::world::{Group, Shop, World};

const NAME_CHARS: usize = 50;

fn row(held: &Shop, group: &Group) -> Value {
    let children: Vec<Value> = held
        .groups_under(Some(&group.id))
        .into_iter()
        .map(|child| row(held, child))
        .collect();
    json!({
        "id": id_number(&group.id), "name": group.name, "description": "", "isValid": 1,
        "parentId": group.parent.as_deref().map_or(json!(0), id_number), "categoryType": "NORMAL",
        "children": children,
    })
}

pub(super) fn of_shop(world: &World, params: &Params) -> Answer {
    let held = shop(world, params)?;
    Ok(held
        .groups_under(None)
        .into_iter()
        .map(|group| row(held, group))
        .collect())
}

pub(super) fn one(world: &World, params: &Params) -> Answer {
    let id = need(params, "categoryId")?;
    let shop = shop_of_category(world, &id)?;
    let held = world.shop(PLATFORM, &shop).map_err(|_| no_category())?;
    let group = held.groups.get(&id).ok_or_else(no_category)?;
    Ok(row(held, group))
}

fn checked_name(params: &Params) -> Result<String, Refusal> {
    let name = need(params, "name")?;
    let description = field(params, "description").unwrap_or_default();
    if name.chars().count() > NAME_CHARS || description.chars().count() > NAME_CHARS {
        return Err(Refusal::invalid("分类名称和描述最多50个字符"));
    }
    Ok(name)
}

/// A second category of the same name is refused.
pub(super) fn create(world: &mut World, params: &Params) -> Answer {
    let name = checked_name(params)?;
    let parent = field(params, "parentId").filter(|parent| parent != "0");
    let held = shop(world, params)?;
    let shop_id = held.remote_id.clone();
    if let Some(parent) = &parent {
        let above = held.groups.get(parent).ok_or_else(no_category)?;
        if above.parent.is_some() {
            return Err(Refusal::invalid("分类最多两级"));
        }
    }
    if held.group_named(parent.as_deref(), &name).is_some() {
        return Err(Refusal::new("BIZ_CATEGORY_EXISTS", "商品分类名称重复"));
    }
    let id = world
        .add_group(PLATFORM, &shop_id, &name, parent.as_deref())
        .map_err(|_| no_category())?;
    let held = world.shop(PLATFORM, &shop_id).map_err(|_| no_category())?;
    let group = held.groups.get(&id).ok_or_else(no_category)?;
    Ok(row(held, group))
}

pub(super) fn update(world: &mut World, params: &Params) -> Answer {
    let name = checked_name(params)?;
    let id = need(params, "categoryId")?;
    let shop = shop_of_category(world, &id)?;
    world
        .rename_group(PLATFORM, &shop, &id, &name)
        .map_err(|_| no_category())?;
    one(world, params)
}

/// Only an empty category goes.
pub(super) fn invalidate(world: &mut World, params: &Params) -> Answer {
    let id = need(params, "categoryId")?;
    let shop = shop_of_category(world, &id)?;
    let held = world.shop_mut(PLATFORM, &shop).map_err(|_| no_category())?;
    if held.listings_in(&id) > 0 || !held.groups_under(Some(&id)).is_empty() {
        return Err(Refusal::new(
            "BIZ_CATEGORY_NOT_EMPTY",
            "分类下有商品或子分类,不能删除",
        ));
    }
    held.groups.remove(&id);
    Ok(Value::Null)
}

/// The named groups are exactly those below `parent`, each once.
fn all_of(held: &Shop, parent: Option<&str>, named: &[String]) -> Result<(), Refusal> {
    let there: BTreeSet<&str> = held
        .groups_under(parent)
        .into_iter()
        .map(|group| group.id.as_str())
        .collect();
    let sent: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    if sent == there && sent.len() == named.len() {
        return Ok(());
    }
    Err(Refusal::invalid("必须包含全部分类"))
}

fn put(world: &mut World, shop: &str, ids: &[String]) {
    let Ok(held) = world.shop_mut(PLATFORM, shop) else {
        return;
    };
    for (id, place) in ids.iter().zip(1..) {
        if let Some(group) = held.groups.get_mut(id) {
            group.sequence = place;
        }
    }
}

/// All groups of the first level in their order.
pub(super) fn set_sequence(world: &mut World, params: &Params) -> Answer {
    let held = shop(world, params)?;
    let named = ids(params, "categoryIds")?;
    all_of(held, None, &named)?;
    let shop = held.remote_id.clone();
    put(world, &shop, &named);
    Ok(Value::Null)
}

/// The whole tree: groups of the first level in their order, each with its children in theirs.
pub(super) fn set_positions(world: &mut World, params: &Params) -> Answer {
    let held = shop(world, params)?;
    let rows = params.get("categoryWithChildrenIds").and_then(Value::as_array);
    let rows = rows.ok_or_else(|| Refusal::invalid("categoryWithChildrenIds"))?;
    let (mut first, mut below) = (Vec::new(), Vec::new());
    for row in rows {
        let parent = text_of(&row["parentId"]).ok_or_else(|| Refusal::invalid("parentId"))?;
        let children = row["childrenIds"].as_array().map_or(&[][..], Vec::as_slice);
        let children: Option<Vec<String>> = children.iter().map(text_of).collect();
        let children = children.ok_or_else(|| Refusal::invalid("childrenIds"))?;
        all_of(held, Some(&parent), &children)?;
        first.push(parent);
        below.push(children);
    }
    all_of(held, None, &first)?;
    let shop = held.remote_id.clone();
    put(world, &shop, &first);
    for children in below {
        put(world, &shop, &children);
    }
    Ok(Value::Null)
}
