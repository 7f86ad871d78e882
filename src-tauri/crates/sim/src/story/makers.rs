//! The trouble makers: what people do on the platforms and in the ERP between our reading and the next order.

use super::choose::{Good, Goods};
use super::{Cause, Trouble};
use crate::draw::Draw;
use crate::error::WorldError;
use crate::scenario::Scenario;
use crate::world::{ErpItem, PlatformId, World};

/// A trouble and how many orders it shall get.
pub(super) struct Made {
    pub(super) trouble: Trouble,
    pub(super) orders: u32,
}

/// Does everything and tells what was done.
pub(super) fn act(
    world: &mut World,
    scenario: &Scenario,
    goods: &mut Goods,
) -> Result<Vec<Made>, WorldError> {
    let mut draw = Draw::new(scenario.seed ^ 0x7801_B1E5);
    let closed = quiet_branch(scenario);
    let plan = &scenario.troubles;
    let mut made = Vec::new();
    // What a cause needs is rarest first: twins and odd codes are few, sure goods are many.
    for (cause, orders, per_listing) in [
        (Cause::F01b, plan.f01b, 2),
        (Cause::F01d, plan.f01d, 2),
        (Cause::F19a, plan.f19a, 2),
        (Cause::F02b, plan.f02b, 2),
        (Cause::F03, plan.f03, 2),
        (Cause::F01a, plan.f01a, 3),
        (Cause::F01c, plan.f01c, 2),
        (Cause::F02a, plan.f02a, 2),
    ] {
        if orders == 0 {
            continue;
        }
        let orders = orders + u32::try_from(draw.below(3)).unwrap_or(0);
        let wanted = usize::try_from(orders.div_ceil(per_listing)).unwrap_or(1);
        let chosen = pick(goods, cause, wanted, &closed, &mut draw);
        let share = u32::try_from(chosen.len()).unwrap_or(1).max(1);
        for (nth, good) in (0_u32..).zip(&chosen) {
            let trouble = afflict(world, scenario, goods, cause, good, nth)?;
            made.push(Made {
                trouble,
                orders: orders / share + u32::from(nth < orders % share),
            });
        }
    }
    if plan.f24 > 0 {
        made.extend(close_branch(
            world,
            scenario,
            &closed,
            plan.f24 + u32::try_from(draw.below(3)).unwrap_or(0),
        )?);
    }
    Ok(made)
}

/// The branch with the fewest ordinary orders: its switch will be off.
fn quiet_branch(scenario: &Scenario) -> String {
    let weight = |num: &str| {
        scenario
            .stores
            .iter()
            .filter(|store| store.branch == num)
            .map(|store| store.order_weight)
            .sum::<u32>()
    };
    scenario
        .erp
        .branches
        .iter()
        .filter(|branch| scenario.stores.iter().any(|store| store.branch == branch.num))
        .min_by_key(|branch| weight(&branch.num))
        .map(|branch| branch.num.clone())
        .unwrap_or_default()
}

fn pick(goods: &mut Goods, cause: Cause, wanted: usize, closed: &str, draw: &mut Draw) -> Vec<Good> {
    let pool = match cause {
        Cause::F01b => goods.twins.clone(),
        Cause::F01d => goods.unknown.clone(),
        Cause::F19a => goods.unreadable.clone(),
        Cause::F02b => goods.hand_made.clone(),
        _ => goods.sure.clone(),
    };
    goods.take(&pool, wanted, draw, |good| {
        good.branch != closed
            && match cause {
                Cause::F01c => good.platform == PlatformId::MeituanShangou && good.single,
                Cause::F03 | Cause::F02a => good.single,
                _ => true,
            }
    })
}

/// Does one trouble to one good.
fn afflict(
    world: &mut World,
    scenario: &Scenario,
    goods: &Goods,
    cause: Cause,
    good: &Good,
    nth: u32,
) -> Result<Trouble, WorldError> {
    let (platform, shop) = (good.platform, good.shop.as_str());
    let listing = world.listing(platform, shop, &good.listing)?.clone();
    let spec = listing
        .spec(&good.spec)
        .cloned()
        .ok_or_else(|| WorldError::UnknownSpec(good.spec.clone()))?;
    let item = scenario.items.get(good.row).cloned().unwrap_or_default();
    let mut trouble = Trouble {
        cause,
        platform,
        shop: good.shop.clone(),
        branch: good.branch.clone(),
        listing: good.listing.clone(),
        spec: good.spec.clone(),
        row: Some(good.row),
        item_name: item.name.trim().to_owned(),
        item_code: item.item_code.clone(),
        right_code: None,
        was: String::new(),
        now: String::new(),
        orders: Vec::new(),
    };
    match cause {
        Cause::F01a if good.single => {
            trouble.was.clone_from(&listing.name);
            trouble.now = renamed(&listing.name, nth);
            world.rename_listing(platform, shop, &good.listing, &trouble.now)?;
        }
        Cause::F01a => {
            trouble.was.clone_from(&spec.name);
            trouble.now = format!("{}（升级装）", spec.name);
            world.rename_spec(platform, shop, &good.listing, &good.spec, &trouble.now)?;
        }
        Cause::F01b => {
            trouble.was.clone_from(&item.item_code);
            trouble.now.clone_from(&spec.code);
        }
        Cause::F01c => {
            trouble.was.clone_from(&spec.name);
            let grams = if spec.weight_g > 0 { spec.weight_g } else { 500 };
            trouble.now = format!("{grams}克");
            world.rename_spec(platform, shop, &good.listing, &good.spec, &trouble.now)?;
        }
        Cause::F02a => {
            trouble.was.clone_from(&spec.code);
            trouble.now = format!("9{:0>15}", good.spec.chars().rev().take(11).collect::<String>());
            world.change_sku_code(platform, shop, &good.listing, &good.spec, &trouble.now)?;
        }
        Cause::F03 => {
            let successor = succeed(world, &goods.numbers[good.row], u64::from(nth))?;
            trouble.was.clone_from(&goods.numbers[good.row]);
            trouble.now.clone_from(&successor);
            trouble.right_code = Some(successor);
        }
        Cause::F01d | Cause::F19a => {
            trouble.was.clone_from(&item.item_code);
            trouble.right_code = goods.numbers.get(good.row).cloned();
        }
        Cause::F02b | Cause::F24 => trouble.now.clone_from(&listing.name),
    }
    Ok(trouble)
}

fn renamed(name: &str, nth: u32) -> String {
    match nth % 4 {
        0 => format!("{name} 新包装"),
        1 => format!("【热卖】{name}"),
        2 => format!("{name}（第2件半价）"),
        _ => match name.split_once(' ') {
            Some((front, rest)) => format!("{rest} {front}"),
            None => format!("{name} 特惠"),
        },
    }
}

/// Somebody deletes an item in the ERP and makes it anew under another number.
fn succeed(world: &mut World, number: &str, nth: u64) -> Result<String, WorldError> {
    let old = world
        .erp
        .items
        .get(number)
        .cloned()
        .ok_or_else(|| WorldError::UnknownItem(number.to_owned()))?;
    let mut serial = 1_022_311_158_000_000 + nth;
    while world.erp.items.contains_key(&serial.to_string()) {
        serial += 1;
    }
    let successor = serial.to_string();
    world.erp_delete_item(number)?;
    world.erp_add_item(ErpItem {
        num: successor.clone(),
        ..old
    })?;
    let stocks: Vec<(String, i64)> = world
        .erp
        .stock
        .iter()
        .filter(|((_, item), _)| item == number)
        .map(|((branch, _), milli)| (branch.clone(), *milli))
        .collect();
    for (branch, milli) in stocks {
        world.erp_set_stock(&branch, &successor, milli)?;
    }
    Ok(successor)
}

/// Switches 【接收OMS订单】 off for a branch; its shops share the orders.
fn close_branch(
    world: &mut World,
    scenario: &Scenario,
    branch: &str,
    orders: u32,
) -> Result<Vec<Made>, WorldError> {
    world.erp_set_receive(branch, false)?;
    let shops: Vec<_> = scenario
        .stores
        .iter()
        .filter(|store| store.branch == branch)
        .collect();
    let share = u32::try_from(shops.len()).unwrap_or(1).max(1);
    let made = (0_u32..).zip(shops).map(|(nth, store)| Made {
        trouble: Trouble {
            cause: Cause::F24,
            platform: store.platform,
            shop: store.remote_id.clone(),
            branch: branch.to_owned(),
            listing: String::new(),
            spec: String::new(),
            row: None,
            item_name: String::new(),
            item_code: String::new(),
            right_code: None,
            was: "接收".to_owned(),
            now: "不接收".to_owned(),
            orders: Vec::new(),
        },
        orders: orders / share + u32::from(nth < orders % share),
    });
    Ok(made.collect())
}
