//! Writing our codes onto goods that the platform already has (9.3).

use super::{Answer, Refusal, need, ok, product_code, shop_code, side};
use crate::wire::Call;
use crate::world::{Listing, PlatformId, Shop, World};

/// Ids of a product and of one of its specs.
pub(crate) type Place = (String, String);

/// F40: the group changed, or the product was deleted and made anew, or the name is not unique.
fn not_found() -> Refusal {
    Refusal::new(805, "绑定自定义商品编码失败,需要手动设置")
}

fn held<'a>(world: &'a World, platform: PlatformId, shop: &str) -> Result<&'a Shop, Refusal> {
    world
        .shop(platform, shop)
        .map_err(|_| Refusal::new(803, "不存在此门店"))
}

fn filled<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.param(name).filter(|text| !text.is_empty())
}

pub(crate) fn by_name_and_spec(world: &mut World, call: &Call) -> Answer {
    let (platform, shop) = (side(world, call), shop_code(call)?);
    let group = filled(call, "category_name").or_else(|| filled(call, "category_code"));
    let group = group.ok_or_else(|| Refusal::missing("category_name"))?;
    let spec = call.param("spec").unwrap_or_default();
    let place = named(world, platform, &shop, (need(call, "name")?, group, spec))?;
    write(world, platform, &shop, &place, product_code(call)?, new_sku(call))?;
    Ok(ok())
}

pub(crate) fn by_origin(world: &mut World, call: &Call) -> Answer {
    let (platform, shop) = (side(world, call), shop_code(call)?);
    let origin = need(call, "app_food_code_origin")?;
    let sku = call.param("sku_id_origin").unwrap_or_default();
    let place = coded(world, platform, &shop, origin, sku)?;
    write(world, platform, &shop, &place, product_code(call)?, new_sku(call))?;
    Ok(ok())
}

fn new_sku(call: &Call) -> Option<String> {
    filled(call, "sku_id").map(str::to_owned)
}

/// Name, group and spec must be exactly those on the platform and fit one product alone.
pub(crate) fn named(
    world: &World,
    platform: PlatformId,
    shop: &str,
    (name, group, spec): (&str, &str, &str),
) -> Result<Place, Refusal> {
    let shop = held(world, platform, shop)?;
    let fits = |listing: &&Listing| listing.name == name && sits_in(shop, listing, group);
    let mut found = shop.listings.values().filter(fits).flat_map(|listing| {
        let specs = listing
            .specs
            .iter()
            .filter(|held| held.name == spec || (spec.is_empty() && listing.specs.len() == 1));
        specs.map(|held| (listing.id.clone(), held.id.clone()))
    });
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(not_found()),
    }
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

/// By the codes it has; a lone spec needs no code of its own.
pub(crate) fn coded(
    world: &World,
    platform: PlatformId,
    shop: &str,
    origin: &str,
    sku_origin: &str,
) -> Result<Place, Refusal> {
    let shop = held(world, platform, shop)?;
    let listing = shop.listing_by_code(origin).ok_or_else(not_found)?;
    let spec = match listing.specs.as_slice() {
        [only] if sku_origin.is_empty() => only,
        specs => specs
            .iter()
            .find(|spec| spec.code == sku_origin && !sku_origin.is_empty())
            .ok_or_else(not_found)?,
    };
    Ok((listing.id.clone(), spec.id.clone()))
}

/// Writes the codes; neither may be another's.
pub(crate) fn write(
    world: &mut World,
    platform: PlatformId,
    shop: &str,
    (listing_id, spec_id): &Place,
    new_code: &str,
    new_sku: Option<String>,
) -> Result<(), Refusal> {
    let held = held(world, platform, shop)?;
    if held
        .listing_by_code(new_code)
        .is_some_and(|other| other.id != *listing_id)
    {
        return Err(Refusal::new(804, "商品已存在"));
    }
    let taken = |sku: &String| {
        held.listings
            .values()
            .flat_map(|listing| &listing.specs)
            .any(|spec| spec.code == *sku && spec.id != *spec_id)
    };
    if new_sku.as_ref().is_some_and(taken) {
        return Err(Refusal::new(705, "参数格式错误:|sku_id数值重复"));
    }
    world
        .change_listing(platform, shop, listing_id, |listing| {
            new_code.clone_into(&mut listing.code);
            let spec = listing.specs.iter_mut().find(|spec| spec.id == *spec_id);
            if let (Some(spec), Some(sku)) = (spec, new_sku) {
                spec.code = sku;
            }
            Ok(())
        })
        .map_err(|_| not_found())?;
    world.ledger.note_updated(platform, listing_id);
    Ok(())
}
