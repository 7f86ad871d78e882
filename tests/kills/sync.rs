//! Killed while products are made and changed on a platform.

use crate::desk::{Desk, goods};
use crate::session::{inside, rounds};
use crate::simulated::{EBAI, SHANGOU, Simulated};
use domain::id::{ProductId, StoreId};
use engine::clock::SystemClock;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use suites::line::Line;

const GOODS: u64 = 12;

/// What a manager does in the window: new goods, with pictures where there are some, offered in the store.
fn offer_new(desk: &Desk, store: &str, products: &[ProductId], pictures: &[PathBuf]) {
    let nobody = sim::Simulator::new(sim::World::new(0, sim::SimClock::Real));
    let (line, clock) = (Arc::new(Line::to(nobody)), Arc::new(SystemClock));
    let engine = suites::engine_on(&desk.data(), line, clock, secrets::Vault::memory(), 0);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for product in products {
        let added = runtime
            .block_on(engine.add_pictures(*product, pictures.to_vec()))
            .unwrap();
        assert!(added.failed.is_empty(), "{:?}", added.failed);
    }
    engine.offer_all(StoreId(store.parse().unwrap()), &[]).unwrap();
}

fn draw(desk: &Desk) -> PathBuf {
    let path = desk.at("picture.png");
    let picture = image::RgbImage::from_fn(800, 800, |x, y| {
        image::Rgb([90, u8::try_from(x / 4).unwrap(), u8::try_from(y / 4).unwrap()])
    });
    picture.save(&path).unwrap();
    path
}

/// Name and price by item code.
type Goods = BTreeMap<String, (String, i64)>;

fn wanted(desk: &Desk) -> Goods {
    let library = desk.library();
    let rows = library.iter().map(|product| {
        let sku = &product["skus"][0];
        let code = sku["item_code"].as_str().unwrap().to_owned();
        (
            code,
            (
                product["name"].as_str().unwrap().to_owned(),
                sku["price_fen"].as_i64().unwrap(),
            ),
        )
    });
    rows.collect()
}

fn held(sim: &Simulated, shop: &str) -> Goods {
    let mut goods = Goods::new();
    for listing in sim.listings(shop) {
        let spec = &listing["specs"][0];
        let code = spec["code"].as_str().unwrap().to_owned();
        let row = (
            listing["name"].as_str().unwrap().to_owned(),
            spec["price_fen"].as_i64().unwrap(),
        );
        let twice = goods.insert(code.clone(), row);
        assert!(twice.is_none(), "{code} was made twice");
        assert_eq!(listing["specs"].as_array().unwrap().len(), 1, "{listing}");
        assert_ne!(spec["upc"], "", "blanked: {listing}");
        assert!(
            !listing["group_ids"].as_array().unwrap().is_empty(),
            "blanked: {listing}"
        );
    }
    goods
}

fn play(what: &str, seed: u64, shop: &str, at: usize) {
    let desk = Desk::new(seed);
    // 饿百 looks at new pictures for ten minutes, during which a product is left alone.
    let pictures = if shop == EBAI {
        Vec::new()
    } else {
        vec![draw(&desk)]
    };
    let mut items = goods(0, GOODS);
    let sim = Simulated::start(&desk.at("."), seed, items.clone());
    let store = desk.move_in(&sim, &items)[at].clone();
    sim.slow_down(10);
    let change = |items: &mut Vec<_>, round: u64| {
        for item in items.iter_mut() {
            let item: &mut sim::scenario::ScenarioItem = item;
            item.price_fen += 7;
        }
        for at in [0, 5] {
            items[at].name = format!("山溪好货{at:04}号 500g 第{round}版");
        }
        items.extend(goods(GOODS + round, 1));
        desk.well(&["library", "import", &desk.sheet(items)]);
        let new: Vec<ProductId> = desk
            .library()
            .iter()
            .filter(|product| product["name"] == items.last().unwrap().name)
            .map(|product| ProductId(product["id"].as_i64().unwrap()))
            .collect();
        assert_eq!(new.len(), 1);
        offer_new(&desk, &store, &new, &pictures);
    };
    let apply = ["sync", "apply", store.as_str()];
    change(&mut items, 0);
    let mut whole = desk.well(&apply).took;
    assert_eq!(held(&sim, shop), wanted(&desk));
    desk.rounds(what, rounds(25), |round| {
        change(&mut items, round);
        let hit = desk.kill(&apply, whole);
        desk.is_whole();
        // What was under way is looked at and finished; then what was not queued yet is planned.
        desk.well(&["tasks", "retry"]);
        desk.well(&apply);
        assert_eq!(held(&sim, shop), wanted(&desk));
        let plan = desk.well(&["sync", "plan", &store]).document;
        let left: Vec<_> = plan["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|step| step["ticked"] == true)
            .collect();
        assert!(left.is_empty(), "{left:?}");
        let open = desk.well(&["tasks", "list"]).document;
        assert!(open["tasks"].as_array().unwrap().is_empty(), "{}", open["tasks"]);
        if !hit {
            whole = whole * 3 / 4;
        }
        hit
    });
}

#[test]
fn a_sync_to_meituan_that_is_killed_is_taken_up_and_makes_nothing_twice() {
    inside(
        "sync::a_sync_to_meituan_that_is_killed_is_taken_up_and_makes_nothing_twice",
        || {
            play("sync to 美团闪购", 5, SHANGOU, 0);
        },
    );
}

#[test]
fn a_sync_to_ebai_that_is_killed_is_taken_up_and_makes_nothing_twice() {
    inside(
        "sync::a_sync_to_ebai_that_is_killed_is_taken_up_and_makes_nothing_twice",
        || {
            play("sync to 饿百零售", 6, EBAI, 1);
        },
    );
}
