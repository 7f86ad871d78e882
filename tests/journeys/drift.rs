//! A library whose platforms have drifted: renamed, without barcodes, without codes, twice, in other groups.

use crate::books::{Books, calls};
use crate::desk::{Desk, rows};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use suites::scenario::sheet;

const ROWS: usize = 120;

/// Listings there, by platform and shop.
fn listed(books: &Books) -> BTreeMap<String, usize> {
    let shops = books.shops();
    let count = |shop: &Value| shop["shop"]["listings"].as_object().unwrap().len();
    shops
        .iter()
        .map(|shop| {
            (
                format!("{} {}", shop["platform"], shop["shop"]["id"]),
                count(shop),
            )
        })
        .collect()
}

#[test]
fn a_drifted_library_is_matched_with_sums_that_hold_and_one_sync_sets_it_right() {
    let Some(desk) = Desk::new() else { return };
    let library = desk.file("library.csv", &sheet(ROWS));
    let books = Books::open(0, &["--library", &library, "--seed", "3"]);
    let before = listed(&books);
    desk.run(&["library", "import", &library]);
    let mut bound_in_all = 0;
    for (store, platform) in desk.add_stores(&books) {
        desk.run(&["pull", &store]);
        let seen = desk.run(&["match", &store]);
        let number = |document: &Value, key: &str| document[key].as_u64().unwrap();
        let matched = desk.run(&["match", &store, "--apply"]);
        let (candidates, bound) = (number(&seen, "candidates"), number(&matched, "bound"));
        assert!(bound > 30, "{platform}: {matched}");
        assert!(candidates + number(&seen, "bound") >= bound, "{seen} {matched}");
        bound_in_all += bound;
        // What is bound goes out into a sheet, and the sheet says the same of it.
        let path = desk.at("bindings.xlsx");
        let path = path.to_str().unwrap();
        let written = desk.run(&["bindings", "export", path, "--store", &store]);
        let same = desk.run(&["bindings", "import", path, "--dry-run"]);
        assert!(number(&written, "rows") >= bound, "{platform}: {written}");
        assert_eq!(
            (number(&same, "unchanged"), number(&same, "bound")),
            (number(&written, "rows"), 0),
            "{platform}: {same}"
        );

        let done = desk.run(&["sync", "apply", &store]);
        for left in ["rejected", "waiting"] {
            assert_eq!(rows(&done, left), Vec::<Value>::new(), "{platform}: {done}");
        }
        assert!(done["confirmed"].as_u64().unwrap() > 0, "{done}");
        // What stands there now is what was wanted.
        desk.run(&["pull", &store]);
        let again = desk.run(&["sync", "plan", &store]);
        let steps = rows(&again, "steps");
        let open: Vec<&Value> = steps
            .iter()
            .filter(|step| step["ticked"] == json!(true))
            .collect();
        assert!(open.is_empty(), "{platform}: {open:?}");
    }
    assert!(bound_in_all > 300, "{bound_in_all}");
    // Nothing was made twice and nothing was taken away.
    assert_eq!(listed(&books), before);
    let ledger = books.ledger();
    assert_eq!(calls(&ledger, "delete"), 0, "{ledger}");
}
