//! Killed while a sheet is imported.

use crate::desk::{Desk, goods};
use crate::session::{inside, rounds};
use std::collections::BTreeMap;

const GOODS: u64 = 2_100;
/// The import commits so many products at once.
const STEP: usize = engine::library::import::STEP;

/// Price in fen by item code, as the file holds it; a code that stands there twice fails.
fn prices(desk: &Desk) -> BTreeMap<String, i64> {
    let connection = rusqlite::Connection::open(storage::db::Db::file(&desk.data())).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT s.item_code, s.price_fen FROM sku s JOIN product p ON p.id = s.product_id
              WHERE p.deleted_at IS NULL",
        )
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let mut prices = BTreeMap::new();
    for row in rows {
        let (code, price): (String, i64) = row.unwrap();
        let twice = prices.insert(code.clone(), price);
        assert!(twice.is_none(), "{code} was imported twice");
    }
    prices
}

#[test]
fn an_import_that_is_killed_leaves_whole_steps_and_is_finished_by_running_it_again() {
    inside(
        "import::an_import_that_is_killed_leaves_whole_steps_and_is_finished_by_running_it_again",
        || {
            let desk = Desk::new(1);
            let mut items = goods(0, GOODS);
            let mut whole = desk.well(&["library", "import", &desk.sheet(&items)]).took;
            desk.rounds("import", rounds(25), |round| {
                let before = prices(&desk);
                for item in &mut items {
                    item.price_fen += 1;
                }
                items.extend(goods(GOODS + round * 10, 10));
                let wanted: BTreeMap<String, i64> = items
                    .iter()
                    .map(|item| (item.item_code.clone(), item.price_fen))
                    .collect();
                let sheet = desk.sheet(&items);
                let hit = desk.kill(&["library", "import", &sheet], whole);
                desk.is_whole();
                let after = prices(&desk);
                let written = after
                    .iter()
                    .filter(|(code, price)| before.get(*code) != Some(*price))
                    .count();
                assert!(
                    written.is_multiple_of(STEP) || written == wanted.len(),
                    "{written} rows of a step of {STEP} are to be seen"
                );
                for (code, price) in &after {
                    let old = before.get(code);
                    assert!(
                        old == Some(price) || wanted.get(code) == Some(price),
                        "{code}: {price}"
                    );
                }
                if written > 0 && round.is_multiple_of(4) {
                    // What a killed import has written is one batch, and can be taken back as one.
                    desk.well(&["library", "undo"]);
                    assert_eq!(prices(&desk), before);
                }
                desk.well(&["library", "import", &sheet]);
                assert_eq!(prices(&desk), wanted);
                if !hit {
                    whole = whole * 3 / 4;
                }
                hit
            });
            let same = desk
                .well(&["library", "import", "--dry-run", &desk.sheet(&items)])
                .document;
            assert_eq!(same["unchanged"].as_u64(), Some(items.len() as u64), "{same}");
        },
    );
}
