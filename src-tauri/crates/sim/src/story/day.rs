//! The orders of a day.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Good, Goods};
use super::makers::Made;
use super::{Cause, OfflineCodeTrap, StoryReport, Trouble};
use crate::draw::Draw;
use crate::error::WorldError;
use crate::scenario::Scenario;
use crate::world::{DocumentKind, Order, OrderRequest, OrderState, PlatformId, RequestedLine, World};

const MINUTE_MS: i64 = 60_000;
/// Orders older than this have been accepted by the shop.
const ACCEPTED_AFTER_MS: i64 = 15 * MINUTE_MS;
/// At most so many orders arrive in one call of [`continue_day`], however long the clock ran meanwhile.
const AT_ONCE: usize = 30;

/// One order before it is placed.
struct Planned {
    at: i64,
    platform: PlatformId,
    shop: String,
    lines: Vec<RequestedLine>,
    trouble: Option<usize>,
}

/// Places everything in the order of time and reports.
pub(super) fn order(
    world: &mut World,
    scenario: &Scenario,
    goods: &Goods,
    made: Vec<Made>,
) -> Result<StoryReport, WorldError> {
    let mut draw = Draw::new(scenario.seed ^ 0x0DE5_0F1D);
    let free: Vec<&Good> = goods.sure.iter().filter(|good| goods.is_free(good)).collect();
    let mut shelves: BTreeMap<(PlatformId, &str), Vec<&Good>> = BTreeMap::new();
    for good in free {
        shelves
            .entry((good.platform, good.shop.as_str()))
            .or_default()
            .push(good);
    }
    let mut planned = plan_ordinary(world, scenario, &shelves, &mut draw)?;
    let mut troubles: Vec<Trouble> = Vec::new();
    for made in made {
        let shelf = shelves
            .get(&(made.trouble.platform, made.trouble.shop.as_str()))
            .map_or(&[][..], Vec::as_slice);
        for _ in 0..made.orders {
            let at = moment(world.now_ms(), scenario.orders.minutes, &mut draw);
            let mut lines = basket(shelf, usize::from(!made.trouble.listing.is_empty()), &mut draw);
            if !made.trouble.listing.is_empty() {
                let place = index(&mut draw, lines.len() + 1);
                let wanted = RequestedLine {
                    listing: made.trouble.listing.clone(),
                    spec: Some(made.trouble.spec.clone()),
                    quantity: pieces(&mut draw),
                };
                lines.insert(place, wanted);
            }
            if lines.is_empty() {
                continue;
            }
            let (platform, shop) = (made.trouble.platform, made.trouble.shop.clone());
            planned.push(Planned {
                at,
                platform,
                shop,
                lines,
                trouble: Some(troubles.len()),
            });
        }
        troubles.push(made.trouble);
    }
    planned.sort_by_key(|order| order.at);
    let mut plain = Vec::new();
    for order in planned {
        let number = place(world, &order, &mut draw)?;
        match order.trouble.and_then(|at| troubles.get_mut(at)) {
            Some(trouble) => trouble.orders.push(number),
            None => plain.push(number),
        }
    }
    troubles.retain(|trouble| !trouble.orders.is_empty());
    let mut report = StoryReport {
        seed: scenario.seed,
        orders: 0,
        by_platform: BTreeMap::new(),
        due: 0,
        expected: BTreeMap::new(),
        troubles,
        cancelled: Vec::new(),
        refunded: Vec::new(),
        part_refunded: Vec::new(),
        offline_code: None,
    };
    give_back(world, &plain, &mut report)?;
    count(world, scenario, &mut report);
    Ok(report)
}

fn plan_ordinary(
    world: &World,
    scenario: &Scenario,
    shelves: &BTreeMap<(PlatformId, &str), Vec<&Good>>,
    draw: &mut Draw,
) -> Result<Vec<Planned>, WorldError> {
    let shops: Vec<_> = scenario
        .stores
        .iter()
        .filter(|store| {
            store.order_weight > 0 && shelves.contains_key(&(store.platform, store.remote_id.as_str()))
        })
        .collect();
    if shops.is_empty() {
        return Err(WorldError::Refused(
            "no shop with orders lists anything that carries the library's codes",
        ));
    }
    let all: u32 = shops.iter().map(|store| store.order_weight).sum();
    let count = u64::from(scenario.orders.ordinary) + draw.below(u64::from(scenario.orders.spread) + 1);
    let mut planned = Vec::new();
    for _ in 0..count {
        let mut at = u32::try_from(draw.below(u64::from(all))).unwrap_or(0);
        let store = shops.iter().find(|store| {
            let hit = at < store.order_weight;
            at = at.saturating_sub(store.order_weight);
            hit
        });
        let Some(store) = store else { continue };
        let shelf = shelves
            .get(&(store.platform, store.remote_id.as_str()))
            .map_or(&[][..], Vec::as_slice);
        planned.push(Planned {
            at: moment(world.now_ms(), scenario.orders.minutes, draw),
            platform: store.platform,
            shop: store.remote_id.clone(),
            lines: basket(shelf, 0, draw),
            trouble: None,
        });
    }
    Ok(planned)
}

/// Some time in the last `minutes`, the last minute left out.
fn moment(now: i64, minutes: u32, draw: &mut Draw) -> i64 {
    let span = u64::from(minutes.max(2)) * 60_000;
    now - MINUTE_MS - i64::try_from(draw.below(span - 60_000)).unwrap_or(0)
}

fn index(draw: &mut Draw, len: usize) -> usize {
    usize::try_from(draw.below(u64::try_from(len).unwrap_or(1))).unwrap_or(0)
}

fn pieces(draw: &mut Draw) -> i64 {
    match draw.below(10) {
        0..=6 => 1,
        7..=8 => 2,
        _ => 3,
    }
}

/// One to four different goods from a shelf, `less` fewer.
fn basket(shelf: &[&Good], less: usize, draw: &mut Draw) -> Vec<RequestedLine> {
    let wanted = match draw.below(20) {
        0..=6 => 1,
        7..=13 => 2,
        14..=17 => 3,
        _ => 4_usize,
    };
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for _ in 0..wanted.saturating_sub(less) {
        let Some(good) = shelf.get(index(draw, shelf.len())) else {
            break;
        };
        if seen.insert(good.listing.as_str()) {
            lines.push(RequestedLine {
                listing: good.listing.clone(),
                spec: Some(good.spec.clone()),
                quantity: pieces(draw),
            });
        }
    }
    lines
}

const PEOPLE: [&str; 12] = [
    "王(女士)",
    "李(先生)",
    "张(先生)",
    "刘(女士)",
    "陈(女士)",
    "杨(先生)",
    "赵(先生)",
    "黄(女士)",
    "周(先生)",
    "吴(女士)",
    "徐(先生)",
    "孙(女士)",
];
const REMARKS: [&str; 6] = [
    "",
    "",
    "放门口就好，别敲门",
    "多给两个购物袋",
    "冰的麻烦用保温袋",
    "到了打电话",
];

fn request(lines: Vec<RequestedLine>, draw: &mut Draw) -> OrderRequest {
    let bags = i64::try_from(lines.len()).unwrap_or(1);
    OrderRequest {
        lines,
        shipping_fen: [0, 300, 450, 600][index(draw, 4)],
        package_fen: 50 * bags,
        discount_fen: [0, 0, 0, 100, 200][index(draw, 5)],
        recipient: PEOPLE[index(draw, PEOPLE.len())].to_owned(),
        remark: REMARKS[index(draw, REMARKS.len())].to_owned(),
    }
}

fn place(world: &mut World, order: &Planned, draw: &mut Draw) -> Result<String, WorldError> {
    let wanted = request(order.lines.clone(), draw);
    let number = world.place_order(order.platform, &order.shop, wanted, order.at)?;
    let pause = 20_000 + i64::try_from(draw.below(160_000)).unwrap_or(0);
    let lasts = 4 * 60 * MINUTE_MS + i64::try_from(draw.below(4 * 3_600_000)).unwrap_or(0);
    if world.now_ms() - order.at > ACCEPTED_AFTER_MS {
        let held = world.order_mut(&number)?;
        held.state = OrderState::Confirmed;
        held.confirmed_at = Some(order.at + pause);
        held.completes_at = Some(order.at + pause + lasts);
    }
    Ok(number)
}

/// Cancellations and refunds: most of ordinary orders, and one each among those in trouble.
fn give_back(world: &mut World, plain: &[String], report: &mut StoryReport) -> Result<(), WorldError> {
    let open = |world: &World, number: &&String| {
        world
            .order(number)
            .is_ok_and(|order| world.order_state(order) != OrderState::Completed)
    };
    let of = |cause: Cause| report.of(cause).flat_map(|trouble| trouble.orders.iter());
    let waiting: Vec<String> = of(Cause::F01a)
        .find(|number| open(world, number))
        .into_iter()
        .cloned()
        .collect();
    let returned: Vec<String> = of(Cause::F01d).next().into_iter().cloned().collect();
    let mut calm: Vec<String> = plain
        .iter()
        .rev()
        .filter(|number| open(world, number))
        .cloned()
        .collect();
    calm.reverse();
    let step = (calm.len() / 16).max(1);
    for (nth, number) in calm.into_iter().step_by(step).enumerate() {
        match nth {
            0 | 4 | 9 => {
                world.cancel_order(&number)?;
                report.cancelled.push(number);
            }
            1 | 6 => {
                world.full_refund(&number, "买错了，不想要了")?;
                report.refunded.push(number);
            }
            2 | 7 | 11 => {
                world.part_refund(&number, &[(0, 1)], "商品缺货")?;
                report.part_refunded.push(number);
            }
            3 => {
                world.price_difference_refund(&number, 120, "称重退差")?;
                report.part_refunded.push(number);
            }
            8 => {
                world.ask_refund(&number, Some(&[(0, 1)]), "包装破损")?;
                report.part_refunded.push(number);
            }
            _ => {}
        }
    }
    for number in waiting {
        world.cancel_order(&number)?;
        report.cancelled.push(number);
    }
    for number in returned {
        world.full_refund(&number, "等太久了")?;
        report.refunded.push(number);
    }
    Ok(())
}

fn count(world: &World, scenario: &Scenario, report: &mut StoryReport) {
    report.orders = world.orders.len();
    for order in world.orders.values() {
        *report.by_platform.entry(order.platform).or_default() += 1;
    }
    report.due = world.orders.values().filter(|order| order.is_due()).count();
    let due = |number: &String| world.order(number).is_ok_and(Order::is_due);
    for trouble in &report.troubles {
        let open = trouble.orders.iter().filter(|number| due(number)).count();
        if !trouble.cause.heals() && open > 0 {
            *report.expected.entry(trouble.cause).or_default() += open;
        }
    }
    let troubled: BTreeSet<&String> = report
        .troubles
        .iter()
        .filter(|trouble| !trouble.cause.heals())
        .flat_map(|trouble| &trouble.orders)
        .collect();
    let calm = |shop: &str, platform: PlatformId| {
        world
            .orders
            .values()
            .filter(|order| order.platform == platform && order.shop == shop)
            .filter(|order| order.is_due() && !troubled.contains(&order.number))
            .count()
    };
    report.offline_code = scenario
        .stores
        .iter()
        .map(|store| (store, calm(&store.remote_id, store.platform)))
        .filter(|(_, orders)| *orders > 0)
        .min_by_key(|(_, orders)| *orders)
        .map(|(store, orders)| OfflineCodeTrap {
            platform: store.platform,
            shop: store.remote_id.clone(),
            branch: store.branch.clone(),
            typed: format!("{}＃", store.branch),
            orders,
        });
}

/// Lets customers go on ordering up to now, one order in 20 to 40 seconds since the last, and lets the shops accept
/// what waits longer than two minutes. Only goods are ordered whose orders the ERP has taken before, so nothing new
/// goes wrong. Returns the new order numbers; empty when it is too early or the ERP has taken nothing yet.
pub fn continue_day(world: &mut World) -> Result<Vec<String>, WorldError> {
    let now = world.now_ms();
    let stale: Vec<String> = world
        .orders
        .values()
        .filter(|order| order.state == OrderState::Placed && now - order.placed_at > 2 * MINUTE_MS)
        .map(|order| order.number.clone())
        .collect();
    for number in stale {
        world.confirm_order(&number)?;
    }
    let models: Vec<(PlatformId, String, Vec<RequestedLine>)> = world
        .erp
        .documents
        .iter()
        .filter(|document| document.kind == DocumentKind::Sale)
        .filter_map(|document| world.orders.get(&document.platform_order_id))
        .filter_map(|order| Some((order.platform, order.shop.clone(), still_sold(world, order)?)))
        .collect();
    let Some(last) = world.orders.values().map(|order| order.placed_at).max() else {
        return Ok(Vec::new());
    };
    let mut placed = Vec::new();
    let mut at = last;
    while !models.is_empty() && placed.len() < AT_ONCE {
        let mut draw = Draw::new(world.draw().next_u64());
        at += 20_000 + i64::try_from(draw.below(20_000)).unwrap_or(0);
        if at > now {
            break;
        }
        let Some((platform, shop, lines)) = models.get(index(&mut draw, models.len())).cloned() else {
            break;
        };
        let wanted = request(lines, &mut draw);
        placed.push(world.place_order(platform, &shop, wanted, at)?);
    }
    Ok(placed)
}

/// The lines of an order as a new customer would ask for them; `None` when a listing is gone or shows another name.
fn still_sold(world: &World, order: &Order) -> Option<Vec<RequestedLine>> {
    let same = order.lines.iter().map(|line| {
        let listing = world
            .listing(order.platform, &order.shop, &line.listing_id)
            .ok()?;
        let spec = listing.spec(&line.spec_id)?;
        let unchanged =
            listing.name == line.name && spec.name == line.spec_name && spec.code == line.sku_code;
        unchanged.then(|| RequestedLine {
            listing: line.listing_id.clone(),
            spec: Some(line.spec_id.clone()),
            quantity: line.quantity,
        })
    });
    same.collect()
}
