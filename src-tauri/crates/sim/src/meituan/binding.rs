//! Writing our codes onto goods that the platform already has (9.3).

use super::{Answer, PLATFORM, Refusal, need, ok, product_code, shop, shop_code};
use crate::wire::Call;
use crate::world::{Listing, Shop, World};

/// F40: the group changed, or the product was deleted and made anew, or the name is not unique.
fn not_found() -> Refusal {
    Refusal::new(805, "绑定自定义商品编码失败,需要手动设置")
}

/// Name, group and spec must be exactly those on the platform and fit one product alone.
pub(super) fn by_name_and_spec(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let name = need(call, "name")?;
    let group = call.param("category_name").filter(|name| !name.is_empty());
    let group = group.or_else(|| call.param("category_code").filter(|code| !code.is_empty()));
    let group = group.ok_or_else(|| Refusal::missing("category_name"))?;
    let spec = call.param("spec").unwrap_or_default();
    let held = shop(world, &code)?;
    let fits = |listing: &&Listing| listing.name == name && sits_in(held, listing, group);
    let found: Vec<(String, String)> = held
        .listings
        .values()
        .filter(fits)
        .flat_map(|listing| {
            let specs = listing
                .specs
                .iter()
                .filter(|held| held.name == spec || (spec.is_empty() && listing.specs.len() == 1));
            specs.map(|held| (listing.id.clone(), held.id.clone()))
        })
        .collect();
    let [(listing_id, spec_id)] = found.as_slice() else {
        return Err(not_found());
    };
    write(world, call, &code, listing_id, spec_id)
}

fn sits_in(held: &Shop, listing: &Listing, group: &str) -> bool {
    listing
        .group_ids
        .iter()
        .filter_map(|id| held.groups.get(id))
        .any(|inner| {
            let above = inner.parent.as_ref().and_then(|id| held.groups.get(id));
            [Some(inner), above]
                .into_iter()
                .flatten()
                .any(|held| held.name == group || held.code == group)
        })
}

pub(super) fn by_origin(world: &mut World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let origin = need(call, "app_food_code_origin")?;
    let listing = shop(world, &code)?
        .listing_by_code(origin)
        .ok_or_else(not_found)?;
    let sku_origin = call.param("sku_id_origin").unwrap_or_default();
    let spec = match listing.specs.as_slice() {
        [only] if sku_origin.is_empty() => only,
        specs => specs
            .iter()
            .find(|spec| spec.code == sku_origin && !sku_origin.is_empty())
            .ok_or_else(not_found)?,
    };
    let (listing_id, spec_id) = (listing.id.clone(), spec.id.clone());
    write(world, call, &code, &listing_id, &spec_id)
}

fn write(world: &mut World, call: &Call, shop_id: &str, listing_id: &str, spec_id: &str) -> Answer {
    let new_code = product_code(call)?.to_owned();
    let new_sku = call
        .param("sku_id")
        .filter(|sku| !sku.is_empty())
        .map(str::to_owned);
    let held = shop(world, shop_id)?;
    if held
        .listing_by_code(&new_code)
        .is_some_and(|other| other.id != listing_id)
    {
        return Err(Refusal::new(804, "商品已存在"));
    }
    let taken = |sku: &String| {
        held.listings
            .values()
            .flat_map(|listing| &listing.specs)
            .any(|spec| spec.code == *sku && spec.id != spec_id)
    };
    if new_sku.as_ref().is_some_and(taken) {
        return Err(Refusal::new(705, "参数格式错误:|sku_id数值重复"));
    }
    world
        .change_listing(PLATFORM, shop_id, listing_id, |listing| {
            listing.code = new_code;
            for spec in listing.specs.iter_mut().filter(|spec| spec.id == spec_id) {
                if let Some(sku) = new_sku {
                    spec.code = sku;
                    break;
                }
            }
            Ok(())
        })
        .map_err(|_| not_found())?;
    world.ledger.note_updated(PLATFORM, listing_id);
    Ok(ok())
}
