//! Groups, which are the merchant's and shared by all stores, and the platform's own taxonomy (8).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, Said, as_number, field, ids, need};
use crate::world::{Group, World};

const LEVELS: usize = 3;

fn groups(world: &World) -> BTreeMap<String, Group> {
    world
        .jddj
        .any()
        .map(|shop| shop.groups.clone())
        .unwrap_or_default()
}

/// How deep a group lies, from 1.
fn level(groups: &BTreeMap<String, Group>, id: &str) -> usize {
    let mut depth = 0;
    let mut at = groups.get(id);
    while let Some(group) = at {
        depth += 1;
        at = group.parent.as_ref().and_then(|parent| groups.get(parent));
    }
    depth
}

pub(super) fn of_merchant(world: &World) -> Said {
    let groups = groups(world);
    let rows: Vec<Value> = groups
        .values()
        .map(|group| {
            json!({
                "id": as_number(&group.id), "pid": group.parent.as_deref().map_or(json!(0), as_number),
                "shopCategoryName": group.name, "shopCategoryLevel": level(&groups, &group.id), "sort": group.sequence,
            })
        })
        .collect();
    Said::Result(json!(rows))
}

/// 1 to 12 Chinese characters, letters or digits.
fn checked(name: &str) -> Result<(), Refusal> {
    let plain = name.chars().all(char::is_alphanumeric);
    if plain && (1..=12).contains(&name.chars().count()) {
        return Ok(());
    }
    Err(Refusal::inner(
        "店内分类名称只能由1-12个汉字、字母或数字组成，不能含有特殊符号",
    ))
}

pub(super) fn add(world: &mut World, body: &Body) -> Answer {
    let name = need(body, "shopCategoryName")?;
    let parent = need(body, "pid")?;
    checked(&name)?;
    let mut groups = groups(world);
    let parent = (parent != "0").then_some(parent);
    if let Some(parent) = &parent {
        if !groups.contains_key(parent) {
            return Err(Refusal::inner("父级店内分类不存在"));
        }
        if level(&groups, parent) >= LEVELS {
            return Err(Refusal::inner("店内分类最多三级"));
        }
    }
    if groups
        .values()
        .any(|group| group.parent == parent && group.name == name)
    {
        return Err(Refusal::inner("店内分类名称已存在"));
    }
    let id = world.fresh_group_id();
    let group = Group {
        id: id.clone(),
        code: String::new(),
        name,
        sequence: i64::try_from(groups.len()).unwrap_or(0) + 1,
        parent,
    };
    groups.insert(id.clone(), group);
    world.jddj_set_groups(&groups);
    Ok(Said::Result(json!({"id": as_number(&id)})))
}

pub(super) fn rename(world: &mut World, body: &Body) -> Answer {
    let (id, name) = (need(body, "id")?, need(body, "shopCategoryName")?);
    checked(&name)?;
    let mut groups = groups(world);
    let group = groups
        .get_mut(&id)
        .ok_or_else(|| Refusal::inner("店内分类不存在"))?;
    group.name = name;
    world.jddj_set_groups(&groups);
    Ok(Said::Result(json!(true)))
}

/// Children go with it, and products are let go.
pub(super) fn delete(world: &mut World, body: &Body) -> Answer {
    let id = need(body, "id")?;
    let mut groups = groups(world);
    if !groups.contains_key(&id) {
        return Err(Refusal::inner("店内分类不存在"));
    }
    let mut gone = vec![id];
    let mut at = 0;
    while let Some(id) = gone.get(at).cloned() {
        let children = groups.values().filter(|group| group.parent.as_ref() == Some(&id));
        gone.extend(children.map(|group| group.id.clone()).collect::<Vec<_>>());
        at += 1;
    }
    groups.retain(|id, _| !gone.contains(id));
    world.jddj_set_groups(&groups);
    for shop in world.jddj.shops.values_mut() {
        for listing in shop.listings.values_mut() {
            listing.group_ids.retain(|id| !gone.contains(id));
        }
    }
    Ok(Said::Result(json!(true)))
}

/// All siblings in the order that is wished.
pub(super) fn reorder(world: &mut World, body: &Body) -> Answer {
    let parent = Some(need(body, "pid")?).filter(|id| id != "0");
    let wished = ids(body, "childIds");
    let mut groups = groups(world);
    let mut there: Vec<&str> = groups
        .values()
        .filter(|group| group.parent == parent)
        .map(|group| group.id.as_str())
        .collect();
    let mut named: Vec<&str> = wished.iter().map(String::as_str).collect();
    there.sort_unstable();
    named.sort_unstable();
    if there != named {
        return Err(Refusal::inner("childIds须为该分类下全部子分类"));
    }
    for (id, place) in wished.iter().zip(1..) {
        if let Some(group) = groups.get_mut(id) {
            group.sequence = place;
        }
    }
    world.jddj_set_groups(&groups);
    Ok(Said::Result(json!(true)))
}

/// Children of a node of the platform's own taxonomy; 0 gives the roots. `checkUpcStatus` 1: goods must carry a barcode.
pub(super) fn of_platform(world: &World, body: &Body) -> Answer {
    let parent = field(body, "id").ok_or_else(|| Refusal::missing("id"))?;
    let taxonomy = &world.jddj.taxonomy;
    let path = |id: &str| {
        let mut names = Vec::new();
        let mut at = taxonomy.get(id);
        while let Some(taxon) = at {
            names.insert(0, taxon.name.as_str());
            at = taxonomy.get(&taxon.parent_id);
        }
        names.join(",")
    };
    let rows: Vec<Value> = taxonomy
        .values()
        .filter(|taxon| taxon.parent_id == parent)
        .map(|taxon| {
            json!({
                "id": as_number(&taxon.id), "pid": as_number(&taxon.parent_id), "categoryName": taxon.name,
                "categoryLevel": taxon.depth, "categoryStatus": 1, "fullPath": path(&taxon.id),
                "checkUpcStatus": i32::from(taxon.barcode_required), "weightMark": 1, "packageFeeMark": 0,
                "leaf": i32::from(taxon.depth == 3),
            })
        })
        .collect();
    Ok(Said::Result(json!(rows)))
}
