//! Killed while orders are read and pushed.

use crate::desk::{Desk, goods};
use crate::session::{inside, rounds};
use crate::simulated::{EBAI, SHANGOU, Simulated};
use engine::clock::Chance;
use serde_json::json;

/// New orders of a round.
const ORDERS: u64 = 5;
/// So many runs may pass until an order that waits is due again.
const RUNS: usize = 4;

fn place(sim: &Simulated, chance: &Chance) {
    let (platform, shop) =
        [("meituan_shangou", SHANGOU), ("ebai", EBAI)][usize::try_from(chance.below(2)).unwrap()];
    let listings = sim.listings(shop);
    let mut lines = Vec::new();
    for _ in 0..=chance.below(3) {
        let listing = &listings[usize::try_from(chance.below(listings.len() as u64)).unwrap()];
        lines.push(json!({ "listing": listing["id"], "spec": listing["specs"][0]["id"], "quantity": 1 }));
    }
    let order = json!({ "lines": lines, "shipping_fen": 0, "package_fen": 0, "discount_fen": 0,
        "recipient": "张(先生)", "remark": "" });
    let act = json!({ "act": "place_order", "platform": platform, "shop": shop, "order": order, "at": null });
    sim.admin("POST", "/act", Some(&act));
}

#[test]
fn a_push_that_is_killed_brings_every_order_into_the_erp_exactly_once() {
    inside(
        "orders::a_push_that_is_killed_brings_every_order_into_the_erp_exactly_once",
        || {
            let desk = Desk::new(3);
            let items = goods(0, 20);
            let sim = Simulated::start(&desk.at("."), 3, items.clone());
            desk.move_in(&sim, &items);
            let chance = Chance::seeded(30);
            let pull = ["orders", "pull"];
            sim.slow_down(15);
            for _ in 0..ORDERS {
                place(&sim, &chance);
            }
            let mut whole = desk.well(&pull).took;
            desk.rounds("order push", rounds(25), |_| {
                for _ in 0..ORDERS {
                    place(&sim, &chance);
                }
                let hit = desk.kill(&pull, whole);
                desk.is_whole();
                let through = (0..RUNS).any(|_| desk.run(&pull).code == 0);
                assert!(through, "{}", desk.run(&["exceptions", "list"]).document);
                let ledger = sim.admin("GET", "/ledger", None);
                let counted = ["duplicated", "not_in_erp", "unknown_orders"].map(|key| ledger[key].as_u64());
                assert_eq!(counted, [Some(0); 3], "{ledger}");
                if !hit {
                    whole = whole * 3 / 4;
                }
                hit
            });
        },
    );
}
