//! The five files as their programs wrote them.

use crate::support::{House, shared};
use engine::library::import::Mapping;

const FILES: [(&str, usize); 5] = [
    ("market_a_BASEITEM.xlsx", 8622),
    ("market_b_商品资料.xlsx", 302),
    ("erp_商品资料.xlsx", 3387),
    ("bike_shop_商品资料.xls", 348),
    ("jd_发品模板.xls", 70),
];

#[tokio::test]
async fn every_original_imports_whole_once_and_changes_nothing_again() {
    for (name, rows) in FILES {
        let Some(path) = shared(&format!("data/originals/{name}")) else {
            return;
        };
        let house = House::new();
        let seen = house
            .engine
            .import_preview(&path, &Mapping::default())
            .await
            .unwrap();
        assert_eq!(
            (seen.rows, seen.created),
            (rows, rows),
            "{name}: {:?}",
            seen.rejected
        );
        let done = house.engine.import_run(&path, &Mapping::default()).await.unwrap();
        assert_eq!(
            (done.created, done.updated, done.unchanged),
            (rows, 0, 0),
            "{name}"
        );
        let before = house.dump();
        assert_eq!(before.len(), rows, "{name}");

        let again = house.engine.import_run(&path, &Mapping::default()).await.unwrap();
        assert_eq!(
            (again.created, again.updated, again.unchanged),
            (0, 0, rows),
            "{name}: {:?}",
            again.samples
        );
        assert_eq!(again.batch, None, "{name}: nothing was written");
        assert_eq!(house.dump(), before, "{name}");

        house.engine.undo(done.batch).unwrap();
        assert!(house.dump().is_empty(), "{name}");
        house.engine.redo().unwrap();
        assert_eq!(house.dump(), before, "{name}");
    }
}
