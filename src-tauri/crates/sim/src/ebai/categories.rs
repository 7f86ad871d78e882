//! Shop categories (5): two levels, larger `rank` first, 12 characters a name (F59).

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, field, listing_id, need, number, shop, shop_id, shop_mut};
use crate::wire::text_of;
use crate::world::{Group, Shop, World};

const NAME_CHARS: usize = 12;

fn no_category() -> Refusal {
    Refusal::new(1, "店铺内分类不存在")
}

pub(super) fn get(world: &World, body: &Body) -> Answer {
    let held = shop(world, &shop_id(world, body)?)?;
    let row = |group: &Group, children: Vec<Value>| json!({"category_id": group.id, "name": group.name, "rank": group.sequence, "children": children});
    let below = |parent: Option<&str>| {
        let mut groups = held.groups_under(parent);
        groups.sort_by(|a, b| b.sequence.cmp(&a.sequence).then_with(|| a.id.cmp(&b.id)));
        groups
    };
    let rows: Vec<Value> = below(None)
        .into_iter()
        .map(|group| {
            row(
                group,
                below(Some(&group.id))
                    .into_iter()
                    .map(|child| row(child, Vec::new()))
                    .collect(),
            )
        })
        .collect();
    Ok(json!({"categorys": rows}))
}

fn checked_name(body: &Body) -> Result<String, Refusal> {
    let name = need(body, "name")?;
    if name.chars().count() > NAME_CHARS {
        return Err(Refusal::new(1, "店铺分类名称最多12个字符"));
    }
    Ok(name)
}

fn checked_rank(body: &Body) -> Result<Option<i64>, Refusal> {
    let rank = number(body, "rank")?;
    match rank {
        Some(rank) if !(1..=100_000).contains(&rank) => Err(Refusal::new(1, "rank范围为1-100000")),
        rank => Ok(rank),
    }
}

/// A first-level category that holds goods refuses a child by API (F57b).
pub(super) fn create(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let name = checked_name(body)?;
    let rank = checked_rank(body)?.unwrap_or(1);
    let parent = field(body, "parent_category_id").filter(|parent| parent != "0");
    let held = shop(world, &id)?;
    if let Some(parent) = &parent {
        let above = held.groups.get(parent).ok_or_else(no_category)?;
        if above.parent.is_some() {
            return Err(Refusal::new(1, "店铺内分类最多两级"));
        }
        if held.listings_in(parent) > 0 {
            return Err(Refusal::new(
                1,
                "openapi一级自定义分类下有商品,不允许在此一级自定义分类下创建二级自定义分类",
            ));
        }
    }
    if held.group_named(parent.as_deref(), &name).is_some() {
        return Err(Refusal::new(1, "店铺内分类已存在"));
    }
    let group = Group {
        id: world.fresh_group_id(),
        code: String::new(),
        name,
        sequence: rank,
        parent,
    };
    let answer = json!({"category_id": group.id});
    shop_mut(world, &id)?.groups.insert(group.id.clone(), group);
    Ok(answer)
}

pub(super) fn update(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let category = need(body, "category_id")?;
    let name = if field(body, "name").is_some() {
        Some(checked_name(body)?)
    } else {
        None
    };
    let rank = checked_rank(body)?;
    let held = shop_mut(world, &id)?;
    let group = held.groups.get(&category).ok_or_else(no_category)?;
    if let Some(name) = &name {
        let twin = held.group_named(group.parent.as_deref(), name);
        if twin.is_some_and(|twin| twin.id != category) {
            return Err(Refusal::new(1, "店铺内分类已存在"));
        }
    }
    if let Some(group) = held.groups.get_mut(&category) {
        group.name = name.unwrap_or_else(|| group.name.clone());
        group.sequence = rank.unwrap_or(group.sequence);
    }
    Ok(Value::Bool(true))
}

pub(super) fn delete(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let held = shop_mut(world, &id)?;
    let found = if let Some(category) = field(body, "category_id") {
        held.groups.get(&category)
    } else {
        let name = need(body, "category_name")?;
        held.groups.values().find(|group| group.name == name)
    };
    let category = found.ok_or_else(no_category)?.id.clone();
    if !held.groups_under(Some(&category)).is_empty() || held.listings_in(&category) > 0 {
        return Err(Refusal::new(1, "分类下有子分类或商品,不允许删除"));
    }
    held.groups.remove(&category);
    Ok(Value::Bool(true))
}

/// The categories a body names: `category_list`, else `category_id`, else `category_name`. `None` when it names none.
pub(super) fn named(held: &Shop, body: &Body) -> Result<Option<Vec<String>>, Refusal> {
    if let Some(Value::Array(list)) = body.get("category_list") {
        let ids = list.iter().map(|entry| {
            one(
                held,
                text_of(&entry["category_id"]),
                text_of(&entry["category_name"]),
            )
        });
        return ids.collect::<Result<Vec<_>, _>>().map(Some);
    }
    if field(body, "category_id").is_none() && field(body, "category_name").is_none() {
        return Ok(None);
    }
    one(held, field(body, "category_id"), field(body, "category_name")).map(|id| Some(vec![id]))
}

/// Goods go to leaves: a category with children takes none (F57a).
fn one(held: &Shop, id: Option<String>, name: Option<String>) -> Result<String, Refusal> {
    let group = match (id.filter(|id| !id.is_empty()), name) {
        (Some(id), _) => held.groups.get(&id),
        (None, Some(name)) => {
            let mut named: Vec<_> = held.groups.values().filter(|group| group.name == name).collect();
            named.sort_by_key(|group| group.parent.is_none());
            named.first().copied()
        }
        (None, None) => None,
    };
    let group = group.ok_or_else(no_category)?;
    if !held.groups_under(Some(&group.id)).is_empty() {
        return Err(Refusal::new(1, "自定义分类下有子分类,不能添加商品"));
    }
    Ok(group.id.clone())
}

/// Puts a product into categories; an empty `category_id` takes it out of all.
pub(super) fn map(world: &mut World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let listing = listing_id(world, &id, body).map_err(|_| Refusal::new(50001, "商品未绑定"))?;
    let groups = named(shop(world, &id)?, body)?.unwrap_or_default();
    world
        .change_listing(PLATFORM, &id, &listing, |held| {
            held.group_ids = groups;
            Ok(())
        })
        .map_err(|_| super::no_product())?;
    world.ledger.note_updated(PLATFORM, &listing);
    Ok(Value::Bool(true))
}
