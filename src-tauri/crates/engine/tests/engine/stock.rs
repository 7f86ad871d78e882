use crate::kit::{Kit, MT, SHOP};
use engine::stock::rule::SAFETY_KEY;
use storage::store::StorePatch;

#[tokio::test(start_paused = true)]
async fn stock_goes_through_the_safety_rule_and_is_acknowledged() {
    let kit = Kit::new(MT).await;
    kit.bound("示例苹果", "1022311150004734", "6901234567892", 990);
    kit.engine
        .db()
        .write(|tx| storage::setting::set(tx, SAFETY_KEY, Some("2")))
        .unwrap();
    let pushed = kit.engine.push_stock(&[kit.store], false).await.unwrap();
    assert_eq!(
        (pushed[0].sent, pushed[0].rejected, pushed[0].error.clone()),
        (1, 0, None)
    );
    // 12.345 are 12 pieces, two are kept back.
    assert_eq!(kit.there(MT, "示例苹果").1, 10);
    assert_eq!(kit.listed("示例苹果").pushed_stock, Some(10));
    let again = kit.engine.push_stock(&[kit.store], false).await.unwrap();
    assert_eq!((again[0].sent, again[0].same), (0, 1));
    let full = kit.engine.push_stock(&[kit.store], true).await.unwrap();
    assert_eq!(full[0].sent, 1);
}

#[tokio::test(start_paused = true)]
async fn binding_pushes_the_stock_at_once() {
    let kit = Kit::new(MT).await;
    let (_, sku) = kit.product("示例香蕉", "1022311150004736", "", 590);
    let row = kit.listed("示例香蕉");
    kit.engine.bind_pairs(&[(row.id, sku)], false).await.unwrap();
    assert_eq!(kit.there(MT, "示例香蕉").1, 3);
}

#[tokio::test(start_paused = true)]
async fn a_switch_that_is_off_is_told() {
    let kit = Kit::new(MT).await;
    kit.bound("示例苹果", "1022311150004734", "6901234567892", 990);
    let mut switches = kit
        .engine
        .db()
        .read(|c| storage::store::get(c, kit.store))
        .unwrap()
        .store
        .switches;
    switches.stock = false;
    let patch = StorePatch {
        switches: Some(switches),
        ..StorePatch::default()
    };
    kit.engine.update_store(kit.store, &patch).unwrap();
    let pushed = kit.engine.push_stock(&[], false).await.unwrap();
    assert_eq!(pushed[0].error.as_ref().map(|e| e.0), Some("stock_switch_off"));
    assert_eq!(kit.there(MT, "示例苹果").1, 20);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_changed_there_heals_and_the_stock_still_arrives() {
    let kit = Kit::new(MT).await;
    kit.bound("示例苹果", "1022311150004734", "6901234567892", 990);
    {
        let mut world = kit.simulator.world();
        let listing = world
            .shop(MT, SHOP)
            .unwrap()
            .listing_by_code("1022311150004734")
            .unwrap();
        let (id, spec) = (listing.id.clone(), listing.specs[0].id.clone());
        world.change_sku_code(MT, SHOP, &id, &spec, "NEW-1").unwrap();
    }
    let pushed = kit.engine.push_stock(&[kit.store], false).await.unwrap();
    assert_eq!((pushed[0].sent, pushed[0].rejected), (1, 0));
    assert_eq!(kit.there(MT, "示例苹果").1, 12);
    assert_eq!(kit.listed("示例苹果").outer_sku_code, "NEW-1");
}
