//! Groups of 美团外卖: one level, named by their name alone (8).

use serde_json::{Value, json};

use super::food::PLATFORM;
use crate::meituan::Refusal;
use crate::world::{Group, Shop, World};

fn broken<E>(_: E) -> Refusal {
    Refusal::new(803, "不存在此门店")
}

fn missing() -> Refusal {
    Refusal::new(1021, "商品分类不存在")
}

/// All of them in their order, spelt by `row`.
pub(super) fn list(held: &Shop, row: impl Fn(&Group) -> Value) -> Value {
    json!(held.groups_under(None).into_iter().map(row).collect::<Vec<_>>())
}

/// Makes the group `name`, or renames `origin` into it.
pub(super) fn update(
    world: &mut World,
    shop: &str,
    origin: Option<&str>,
    name: &str,
    sequence: Option<i64>,
) -> Result<(), Refusal> {
    let held = world.shop(PLATFORM, shop).map_err(broken)?;
    let taken = held.group_named(None, name).is_some();
    let Some(origin) = origin.filter(|origin| !origin.is_empty()) else {
        if taken {
            return Err(Refusal::new(1037, "商品分类已存在"));
        }
        let sequence = sequence.ok_or_else(|| Refusal::missing("sequence"))?;
        let id = world
            .add_group(PLATFORM, shop, name, None)
            .map_err(|_| Refusal::new(700, "系统错误"))?;
        if let Some(group) = world
            .shop_mut(PLATFORM, shop)
            .map_err(broken)?
            .groups
            .get_mut(&id)
        {
            group.sequence = sequence;
        }
        return Ok(());
    };
    let id = held.group_named(None, origin).ok_or_else(missing)?.id.clone();
    if taken && origin != name {
        return Err(Refusal::new(1037, "商品分类已存在"));
    }
    let held = world.shop_mut(PLATFORM, shop).map_err(broken)?;
    if let Some(group) = held.groups.get_mut(&id) {
        name.clone_into(&mut group.name);
        group.sequence = sequence.unwrap_or(group.sequence);
    }
    Ok(())
}

/// A group that holds dishes stays.
pub(super) fn delete(world: &mut World, shop: &str, name: &str) -> Result<(), Refusal> {
    let held = world.shop_mut(PLATFORM, shop).map_err(broken)?;
    let id = held.group_named(None, name).ok_or_else(missing)?.id.clone();
    if held.listings_in(&id) > 0 {
        return Err(Refusal::format("分类下有商品,不允许删除"));
    }
    held.groups.remove(&id);
    Ok(())
}
