//! Editing without a network: nothing is lost, the plan can be read, and one sync sends the difference.

use crate::books::{Books, calls, synced};
use crate::desk::{Desk, rows};
use serde_json::{Value, json};
use suites::scenario::{sheet, small};

const ROWS: usize = 8;

/// The sheet with another 售价 in one line, counted from 1 below the header.
fn repriced(sheet: &str, line: usize, price: &str) -> String {
    let mut lines: Vec<String> = sheet.lines().map(str::to_owned).collect();
    let mut cells: Vec<&str> = lines[line].split(',').collect();
    cells[5] = price;
    lines[line] = cells.join(",");
    lines.join("\n")
}

fn ticked(plan: &Value) -> Vec<Value> {
    let steps = rows(plan, "steps");
    steps
        .into_iter()
        .filter(|step| step["ticked"] == json!(true))
        .collect()
}

#[test]
fn edits_made_while_the_platform_is_away_go_out_in_one_sync_and_nothing_else_does() {
    let Some(desk) = Desk::new() else { return };
    let file = desk.file(
        "scenario.json",
        &serde_json::to_string(&small(ROWS, &["1001"])).unwrap(),
    );
    let books = Books::open(0, &["--scenario", &file]);
    let port = books.port();
    let original = sheet(ROWS);
    desk.run(&["library", "import", &desk.file("library.csv", &original)]);
    let stores = desk.add_stores(&books);
    for (store, _) in &stores {
        desk.run(&["pull", store]);
        desk.run(&["match", store, "--apply"]);
    }
    let (store, _) = stores
        .iter()
        .find(|(_, platform)| platform == "meituan_shangou")
        .unwrap();
    assert_eq!(ticked(&desk.run(&["sync", "plan", store])), Vec::<Value>::new());

    let as_it_stood = books.shops();
    drop(books);
    let away = desk.try_run(&["pull", store], "");
    assert_ne!(away.code, 0);
    let told = format!("{}{}", away.document, away.err);
    assert!(told.contains("unreachable") || told.contains("连不上"), "{told}");
    let first = repriced(&original, 1, "1.70");
    let second = repriced(&first, 2, "2.30");
    let third = repriced(&second, 3, "9.90");
    for (nth, sheet) in [&first, &second, &third].into_iter().enumerate() {
        let edited = desk.run(&["library", "import", &desk.file(&format!("edit{nth}.csv"), sheet)]);
        assert_eq!(edited["updated"], json!(1), "{edited}");
    }
    desk.run(&["library", "undo"]);
    let plan = ticked(&desk.run(&["sync", "plan", store]));
    let prices: Vec<&Value> = plan.iter().map(|step| &step["new"]).collect();
    assert_eq!(prices, [&json!(170), &json!(230)], "{plan:?}");
    // A sync that cannot reach anybody keeps what it was to send.
    assert_ne!(desk.try_run(&["sync", "apply", store], "").code, 0);

    let books = Books::open(port, &["--scenario", &file]);
    books.put_back(&as_it_stood);
    let done = desk.run(&["sync", "apply", store]);
    assert_eq!(
        (&done["rejected"], &done["queued"], &done["unknown"]),
        (&json!([]), &json!(0), &json!(0)),
        "{done}"
    );
    let ledger = books.ledger();
    assert_eq!(synced(&ledger, "meituan_shangou"), 2, "{ledger}");
    // Just the difference: no product is made, no stock is told.
    for other in ["initdata", "sku/stock"] {
        assert_eq!(calls(&ledger, other), 0, "{ledger}");
    }
    let held = |name: &str| {
        let shops = books.shops();
        let shop = shops
            .iter()
            .find(|shop| shop["platform"] == json!("meituan_shangou"))
            .unwrap();
        let listings = shop["shop"]["listings"].as_object().unwrap();
        let listing = listings
            .values()
            .find(|listing| listing["name"] == json!(name))
            .unwrap();
        listing["specs"][0]["price_fen"].as_i64().unwrap()
    };
    let name = |line: usize| {
        original
            .lines()
            .nth(line)
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!((held(&name(1)), held(&name(2))), (170, 230));
    let before = calls(&ledger, "retail/sku/price");
    desk.run(&["sync", "apply", store]);
    assert_eq!(calls(&books.ledger(), "retail/sku/price"), before);
}
