//! The story holds for the demo library and for a library made of plain rows.

use std::collections::BTreeSet;

use super::{Cause, StoryReport, continue_day, open_day};
use crate::clock::SimClock;
use crate::scenario::{Scenario, ScenarioItem};
use crate::world::{DocumentKind, ErpDocument, OrderState, PlatformId, World};

const NOW: i64 = 1_763_700_000_000;

fn told(seed: u64) -> (Scenario, World, StoryReport) {
    let scenario = Scenario::demo(seed).unwrap();
    let mut world = scenario.build(SimClock::standing_at(NOW), "").unwrap().world;
    let report = open_day(&mut world, &scenario).unwrap();
    (scenario, world, report)
}

#[test]
fn a_day_has_enough_orders_and_exceptions_of_six_causes_whatever_the_seed() {
    for seed in [1, 7, 42, 20_260, u64::MAX] {
        let (_, world, report) = told(seed);
        assert!(report.orders >= 240, "seed {seed}: {}", report.orders);
        assert_eq!(report.orders, world.orders.len());
        assert!(
            report.by_platform.values().all(|orders| *orders >= 60),
            "{:?}",
            report.by_platform
        );
        assert!(
            report.expected.values().sum::<usize>() >= 40,
            "seed {seed}: {:?}",
            report.expected
        );
        for cause in [
            Cause::F01a,
            Cause::F01b,
            Cause::F01d,
            Cause::F03,
            Cause::F19a,
            Cause::F24,
            Cause::F02b,
        ] {
            assert!(
                report.expected.get(&cause).is_some_and(|orders| *orders >= 2),
                "seed {seed} {cause:?}: {:?}",
                report.expected
            );
        }
        for cause in [Cause::F02a, Cause::F01c] {
            assert!(
                report
                    .of(cause)
                    .map(|trouble| trouble.orders.len())
                    .sum::<usize>()
                    >= 3,
                "{cause:?}"
            );
        }
        assert!(report.cancelled.len() >= 3 && report.refunded.len() >= 2 && report.part_refunded.len() >= 3);
        assert!(report.offline_code.is_some_and(|trap| trap.orders >= 5));
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let (a, b) = (told(9), told(9));
    assert_eq!(a.2, b.2);
    assert_eq!(a.1.orders, b.1.orders);
    assert_ne!(told(10).2, a.2);
}

#[test]
fn orders_lie_in_the_last_hours_and_look_like_a_shops_orders() {
    let (scenario, world, _) = told(7);
    let mut accepted = 0;
    for order in world.orders.values() {
        assert!(
            order.placed_at < NOW && order.placed_at >= NOW - i64::from(scenario.orders.minutes) * 60_000
        );
        assert!((1..=4).contains(&order.lines.len()), "{}", order.lines.len());
        assert!(
            (100..60_000).contains(&order.total_fen()),
            "{}",
            order.total_fen()
        );
        accepted += usize::from(order.state == OrderState::Confirmed);
    }
    assert!(accepted * 10 > world.orders.len() * 8);
    let mut by_time: Vec<_> = world
        .orders
        .values()
        .filter(|order| order.shop == "HJ1001")
        .collect();
    by_time.sort_by_key(|order| order.placed_at);
    assert!(
        by_time
            .windows(2)
            .all(|pair| pair[0].day < pair[1].day || pair[0].day_seq < pair[1].day_seq)
    );
}

#[test]
fn an_order_carries_at_most_one_cause_and_exactly_what_the_report_says() {
    let (scenario, world, report) = told(7);
    let mut seen = BTreeSet::new();
    for trouble in &report.troubles {
        for number in &trouble.orders {
            assert!(seen.insert(number.clone()), "{number} has two causes");
            let order = world.order(number).unwrap();
            assert_eq!(
                (order.platform, order.shop.as_str()),
                (trouble.platform, trouble.shop.as_str())
            );
            if trouble.cause == Cause::F24 {
                assert!(!world.erp.branches[&trouble.branch].receives_orders);
                continue;
            }
            let line = order
                .lines
                .iter()
                .find(|line| line.spec_id == trouble.spec)
                .unwrap();
            let item = &scenario.items[trouble.row.unwrap()];
            let as_told = match trouble.cause {
                Cause::F01a => {
                    (line.name == trouble.now || line.spec_name == trouble.now) && trouble.now != trouble.was
                }
                Cause::F01b => line.sku_code == trouble.now && line.sku_code != item.item_code,
                Cause::F01c => line.spec_name == trouble.now && line.spec_name.ends_with('克'),
                Cause::F02a => {
                    line.sku_code == trouble.now
                        && line.name.contains(item.name.trim().split(' ').next().unwrap())
                }
                Cause::F02b => line.sku_code.is_empty() && line.upc.is_empty() && line.name == trouble.now,
                Cause::F03 => world.erp.items[&trouble.was].deleted && !world.erp.items[&trouble.now].deleted,
                Cause::F01d | Cause::F19a => {
                    !world.erp.items.contains_key(&trouble.item_code)
                        && world.erp.items.contains_key(trouble.right_code.as_ref().unwrap())
                }
                Cause::F24 => false,
            };
            assert!(as_told, "{trouble:?} {line:?}");
        }
    }
    assert_eq!(
        world
            .erp
            .branches
            .values()
            .filter(|branch| !branch.receives_orders)
            .count(),
        1
    );
}

#[test]
fn ordinary_orders_hold_only_goods_the_erp_knows_by_our_code() {
    let (_, world, report) = told(7);
    let troubled: BTreeSet<&String> = report
        .troubles
        .iter()
        .flat_map(|trouble| &trouble.orders)
        .collect();
    for order in world
        .orders
        .values()
        .filter(|order| !troubled.contains(&order.number))
    {
        for line in &order.lines {
            assert!(
                world
                    .erp
                    .items
                    .get(&line.sku_code)
                    .is_some_and(|item| !item.deleted),
                "{line:?}"
            );
        }
    }
}

#[test]
fn both_kinds_of_unreadable_code_and_both_kinds_of_unknown_one_can_happen() {
    let (mut empty, mut unknown, mut long) = (0, 0, 0);
    for seed in 1..6 {
        let report = told(seed).2;
        empty += report
            .of(Cause::F01d)
            .filter(|trouble| trouble.item_code.is_empty())
            .count();
        unknown += report
            .of(Cause::F01d)
            .filter(|trouble| !trouble.item_code.is_empty())
            .count();
        long += report
            .of(Cause::F19a)
            .filter(|trouble| trouble.item_code.len() == 20)
            .count();
    }
    assert!(empty > 0 && unknown > 0 && long > 0, "{empty} {unknown} {long}");
}

#[test]
fn a_plain_library_gets_a_day_too() {
    let items: Vec<ScenarioItem> = (0..2500)
        .map(|nth: usize| ScenarioItem {
            name: format!("货品{} {}ml", nth / 2, 100 + nth),
            spec_name: "单规格".to_owned(),
            item_code: format!("{:06}", nth + 1),
            barcode: with_check(690_100_000_000 + nth),
            category: format!("{:02}", nth % 40),
            price_fen: 300 + i64::try_from(nth % 50).unwrap() * 10,
            cost_fen: 200,
            unit: "瓶".to_owned(),
            base_quantity: 1,
            stock: 30,
            ..ScenarioItem::default()
        })
        .collect();
    let scenario = Scenario::from_items(5, items);
    let mut world = scenario.build(SimClock::standing_at(NOW), "").unwrap().world;
    let report = open_day(&mut world, &scenario).unwrap();
    assert!(report.orders >= 240);
    for cause in [Cause::F01a, Cause::F01b, Cause::F01d, Cause::F03, Cause::F24] {
        assert!(
            report.expected.get(&cause).is_some_and(|orders| *orders >= 2),
            "{cause:?}: {:?}",
            report.expected
        );
    }
    assert!(
        !report.expected.contains_key(&Cause::F19a),
        "no such code in the library: F19b remains"
    );
}

fn with_check(body: usize) -> String {
    let sum: usize = body
        .to_string()
        .bytes()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| usize::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[test]
fn without_a_listing_that_carries_our_codes_there_is_no_day() {
    let scenario = Scenario::from_items(1, Vec::new());
    let mut world = scenario.build(SimClock::standing_at(NOW), "").unwrap().world;
    assert!(
        open_day(&mut world, &scenario)
            .unwrap_err()
            .to_string()
            .contains("carries")
    );
}

#[test]
fn the_day_goes_on_with_the_clock_and_only_with_goods_the_erp_took() {
    let (_, mut world, report) = told(7);
    assert_eq!(
        continue_day(&mut world).unwrap(),
        Vec::<String>::new(),
        "the ERP has taken nothing yet"
    );
    let troubled: BTreeSet<&String> = report
        .troubles
        .iter()
        .flat_map(|trouble| &trouble.orders)
        .collect();
    let taken = world
        .orders
        .values()
        .find(|order| !troubled.contains(&order.number))
        .unwrap()
        .clone();
    world.erp.documents.push(ErpDocument {
        number: "1".to_owned(),
        kind: DocumentKind::Sale,
        platform_order_id: taken.number.clone(),
        platform_refund_id: String::new(),
        branch: "1001".to_owned(),
        money_fen: taken.total_fen(),
        received_at: NOW,
        upload: serde_json::Value::Null,
    });
    let before = world.orders.len();
    world.clock.advance(5 * 60_000);
    let placed = continue_day(&mut world).unwrap();
    assert!((7..=18).contains(&placed.len()), "{}", placed.len());
    assert_eq!(world.orders.len(), before + placed.len());
    for number in &placed {
        let order = world.order(number).unwrap();
        assert_eq!(
            (order.shop.as_str(), order.platform),
            (taken.shop.as_str(), taken.platform)
        );
        assert_eq!(order.lines[0].spec_id, taken.lines[0].spec_id);
    }
    assert_eq!(
        continue_day(&mut world).unwrap().len(),
        0,
        "nothing more until the clock goes on"
    );
    world.clock.advance(3_600_000);
    assert_eq!(continue_day(&mut world).unwrap().len(), 30, "never a flood");
    assert!(world.shops(PlatformId::Ebai).len() == 2);
}
