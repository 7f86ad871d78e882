//! Small shops around the first rows of the demo library.

use sim::scenario::{DEMO_LIBRARY, DriftShares, OrderPlan, Scenario, Troubles};

/// The shops of some branches around the first rows of the demo library, without drift and without troubles.
pub fn small(rows: usize, branches: &[&str]) -> Scenario {
    let mut scenario = Scenario::demo(7).expect("the demo library is read");
    scenario.items.truncate(rows);
    scenario
        .stores
        .retain(|store| branches.contains(&store.branch.as_str()));
    scenario
        .erp
        .branches
        .retain(|branch| branches.contains(&branch.num.as_str()));
    for store in &mut scenario.stores {
        store.listed_per_mille = 1000;
    }
    scenario.erp.unknown_codes = 0;
    scenario.drift = DriftShares {
        brand_prefix: 0,
        bracket: 0,
        full_width: 0,
        signs: 0,
        no_barcode: 0,
        no_codes: 0,
        twin: 0,
        hand_made: 0,
        other_group: 0,
        price: 0,
        stock: 0,
        platform_only: 0,
    };
    scenario.orders = OrderPlan {
        ordinary: 12,
        spread: 0,
        minutes: 120,
    };
    scenario.troubles = Troubles {
        f01a: 0,
        f01b: 0,
        f01c: 0,
        f01d: 0,
        f02a: 0,
        f02b: 0,
        f03: 0,
        f19a: 0,
        f24: 0,
    };
    scenario
}

/// The demo library's header and first rows, as the sheet that a manager imports.
pub fn sheet(rows: usize) -> String {
    DEMO_LIBRARY
        .lines()
        .take(rows + 1)
        .fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        })
}
