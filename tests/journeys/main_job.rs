//! The whole main job: import, read, match, check, repair pictures, sync, orders, exceptions, mending, repushing.

use crate::books::{Books, synced};
use crate::desk::{Desk, rows};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use suites::scenario::{sheet, small};

const ROWS: usize = 60;

fn numbers(listed: &Value) -> BTreeSet<String> {
    rows(listed, "exceptions")
        .iter()
        .map(|row| row["order"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn from_an_empty_folder_to_every_order_in_the_erp_exactly_once() {
    let Some(desk) = Desk::new() else { return };
    // The quietest branch is the one whose ERP switch will be off.
    let mut scenario = small(ROWS, &["1001", "1003"]);
    scenario.drift.no_codes = 100;
    scenario.drift.twin = 10;
    scenario.drift.price = 60;
    scenario.drift.stock = 200;
    scenario.troubles.f01a = 3;
    scenario.troubles.f01b = 2;
    scenario.troubles.f02a = 2;
    scenario.troubles.f24 = 2;
    let file = desk.file("scenario.json", &serde_json::to_string(&scenario).unwrap());
    let books = Books::open(0, &["--scenario", &file]);

    let imported = desk.run(&["library", "import", &desk.file("library.csv", &sheet(ROWS))]);
    assert_eq!(
        (&imported["rows"], &imported["rejected"]),
        (&json!(ROWS), &json!([]))
    );
    let stores = desk.add_stores(&books);
    assert_eq!(stores.len(), 3);
    for (store, platform) in &stores {
        let pulled = desk.run(&["pull", store]);
        assert!(pulled["listings"].as_u64().unwrap() > 40, "{platform}: {pulled}");
        let matched = desk.run(&["match", store, "--apply"]);
        assert!(matched["bound"].as_u64().unwrap() > 40, "{platform}: {matched}");
    }

    dress(&desk);
    for (store, platform) in &stores {
        let done = desk.run(&["sync", "apply", store]);
        for left in ["rejected", "waiting"] {
            assert_eq!(rows(&done, left), Vec::<Value>::new(), "{platform}: {done}");
        }
        assert_eq!(
            (&done["unknown"], &done["queued"]),
            (&json!(0), &json!(0)),
            "{done}"
        );
        assert!(
            synced(&books.ledger(), platform) > 0,
            "{platform}: {}",
            books.ledger()
        );
    }

    let day = books.act("story/open_day", &json!({}));
    desk.run(&["orders", "pull"]);
    let met = desk.run(&["exceptions", "list"]);
    for cause in ["F01a", "F01b", "F24"] {
        assert_eq!(met["by_cause"][cause], day["expected"][cause], "{cause}: {met}");
    }
    let open = numbers(&met);
    assert!(!open.is_empty(), "{day}");
    let healed: Vec<&Value> = rows_of(&day, "F02a");
    assert!(healed.iter().all(|order| !open.contains(order.as_str().unwrap())));

    let switch = json!({ "act": "erp_set_receive", "branch": "1003", "receives": true });
    books.act("act", &switch);
    for cause in met["by_cause"].as_object().unwrap().keys() {
        desk.run(&["exceptions", "fix", "--cause", cause]);
    }
    desk.run(&["exceptions", "repush", "--all"]);
    let left = desk.run(&["exceptions", "list"]);
    assert_eq!(numbers(&left), BTreeSet::new(), "{left}");
    // Refunds of orders that are known are read with the next pull.
    desk.run(&["orders", "pull"]);
    let ledger = books.ledger();
    assert_eq!(
        (&ledger["duplicated"], &ledger["not_in_erp"]),
        (&json!(0), &json!(0)),
        "{ledger}"
    );
    for order in rows(&ledger, "orders")
        .iter()
        .filter(|order| order["due"] == json!(true))
    {
        assert_eq!(order["erp_documents"], json!(1), "{order}");
    }

    // Once more changes nothing.
    desk.run(&["orders", "pull"]);
    desk.run(&["exceptions", "repush", "--all"]);
    assert_eq!(books.ledger()["erp_documents"], ledger["erp_documents"]);
}

fn rows_of<'d>(day: &'d Value, cause: &str) -> Vec<&'d Value> {
    let troubles = day["troubles"].as_array().unwrap();
    troubles
        .iter()
        .filter(|trouble| trouble["cause"] == json!(cause))
        .flat_map(|trouble| trouble["orders"].as_array().unwrap())
        .collect()
}

/// The photographer's folder: put to the products, found wanting, repaired.
fn dress(desk: &Desk) {
    let photos = desk.at("photos");
    let photos = photos.to_str().unwrap();
    let drawn = desk.run(&["simulator", "pictures", "--out", photos, "--limit", "24"]);
    let put = desk.run(&["pictures", "import", photos]);
    assert_eq!(
        (&put["added"], &put["unmatched"]),
        (&drawn["files"], &json!([])),
        "{put}"
    );
    let wrong = |desk: &Desk| {
        let checked = desk.run(&["preflight"]);
        let found = rows(&checked, "findings");
        let is_wrong = |one: &&Value| {
            let id = one["id"].as_str().unwrap();
            (id.starts_with("IMG") || id == "F42b") && one["severity"] != json!("hint")
        };
        found.iter().filter(is_wrong).count()
    };
    assert!(wrong(desk) > 0);
    let repaired = desk.run(&["pictures", "repair", "--allow-enlarge"]);
    assert_eq!((&repaired["failed"], wrong(desk)), (&json!([]), 0), "{repaired}");
}
