//! Rows of 抖音来客.

use domain::finding::EditField;
use engine::sync::category::CategoryChoice;
use engine::sync::plan::Choices;
use sim::PlatformId::DouyinLaike;
use sim::world::LaikeDish;
use storage::platform_category::CategoryNode;
use suites::market::{Market as _, Simulated, Stage};

/// The merchant's own package: two dishes at these prices.
fn pack(stage: &Stage, shop: &Simulated, code: &str, prices: [i64; 2]) {
    let mut world = stage.sim.world();
    let listings = &world.shop(DouyinLaike, shop.remote_id()).unwrap().listings;
    let package = listings
        .values()
        .find(|listing| listing.specs.iter().any(|spec| spec.code == code));
    let id = package.unwrap().id.clone();
    let dishes = ["主食", "饮料"]
        .into_iter()
        .zip(prices)
        .map(|(name, price_fen)| LaikeDish {
            name: name.to_owned(),
            price_fen,
            count: 1,
        });
    let dishes = dishes.collect();
    world.laike_pack(&id, dishes).unwrap();
}

#[tokio::test(start_paused = true)]
async fn f69_a_price_above_the_dishes_of_a_package_is_explained_and_goes_once_either_is_changed() {
    let mut stage = Stage::open(Stage::world(&[DouyinLaike]), Vec::new()).await;
    let shop = stage.shop_on(DouyinLaike);
    let store = stage.join(Box::new(stage.shop_on(DouyinLaike))).await;
    stage.sync(store).await;
    let sku = stage.everywhere()[0].1.clone();
    let code = sku.item_code.as_str();
    let price = |fen: &str| stage.engine.set_sku_field(sku.id, EditField::Price, fen).unwrap();

    pack(&stage, &shop, code, [300, 200]);
    price("666");
    let report = stage.sync(store).await;
    let told: Vec<_> = report.rejections.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(told, ["F69"], "{report:?}");
    let said = api::words::words("zh-CN").text("finding.F69.why").unwrap();
    assert!(said.contains("调高菜品价") && said.contains("调低售价"), "{said}");

    // Either the price is lowered,
    price("499");
    let report = stage.sync(store).await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(shop.shown(code).unwrap().price_fen, 499);

    // or the dishes are raised.
    pack(&stage, &shop, code, [400, 300]);
    price("666");
    let report = stage.sync(store).await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(shop.shown(code).unwrap().price_fen, 666);
}

#[tokio::test(start_paused = true)]
async fn f64_what_a_category_asks_for_is_asked_of_the_manager_and_goes_along() {
    let mut stage = Stage::open(Stage::world(&[DouyinLaike]), Vec::new()).await;
    let shop = stage.shop_on(DouyinLaike);
    let store = stage.join(Box::new(stage.shop_on(DouyinLaike))).await;
    stage.sim.world().laike.required = [("use_date".to_owned(), "使用日期".to_owned())].into();
    let (product, _) = stage.new_goods("山溪气泡水", "单规格", "饮料乳品/包装水").await;
    let report = stage.sync(store).await;
    let told = &report.rejections[0];
    assert_eq!(told.id, "attributes_missing", "{report:?}");
    assert_eq!(
        told.categories[0].product, product,
        "the button knows whose it is"
    );
    assert!(told.params["attributes"].contains("使用日期"), "{told:?}");

    // The dialog asks for what nobody else gives: not for the dishes and pictures that the connector makes.
    let engine = &stage.engine;
    let tree = engine.platform_categories(store, false).await.unwrap();
    let usable = |node: &&CategoryNode| node.leaf && node.permitted != Some(false);
    let category_id = tree.categories.iter().find(usable).unwrap().id.clone();
    let asked = engine.category_attributes(store, &category_id).await.unwrap();
    let open: Vec<_> = asked.iter().filter(|one| one.required && !one.given).collect();
    assert_eq!(open.len(), 1, "{asked:?}");
    let choice = CategoryChoice {
        category_id,
        attributes: [(open[0].key.clone(), "周一至周日".to_owned())].into(),
    };
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let (_, job) = engine.change_category(store, &[product], &choice).unwrap();
    while engine.is_running(job) {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let report = engine.sync_report(job).unwrap();
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    let there = || {
        let world = stage.sim.world();
        let listings = &world.shop(DouyinLaike, shop.remote_id()).unwrap().listings;
        let made = listings.values().find(|listing| listing.name == "山溪气泡水");
        world.laike.attributes[&made.unwrap().id]["use_date"].clone()
    };
    assert_eq!(there(), "周一至周日");

    // What is still looked at there is left alone.
    stage.sim.world().laike.review_ms = 0;
    tokio::time::sleep(std::time::Duration::from_hours(3)).await;
    engine.pull_store(store).await.unwrap();
    // Another answer alone, of a product that is as it was, is sent too; then there is nothing more to do.
    let answers = [(open[0].key.clone(), "仅工作日".to_owned())].into();
    let choice = CategoryChoice {
        attributes: answers,
        ..choice
    };
    let (_, job) = engine.change_category(store, &[product], &choice).unwrap();
    while engine.is_running(job) {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let report = engine.sync_report(job).unwrap();
    let taken = report.confirmed + report.in_review;
    assert_eq!((taken, report.rejected, report.unknown), (1, 0, 0), "{report:?}");
    assert_eq!(there(), "仅工作日");
    let plans = engine.sync_plan(&[store], &Choices::only(&[product])).unwrap();
    assert!(plans[0].plan.steps.is_empty(), "{:?}", plans[0].plan.steps);
}

#[tokio::test(start_paused = true)]
async fn f64_a_category_outside_the_merchants_rights_cannot_be_chosen() {
    let mut stage = Stage::open(Stage::world(&[DouyinLaike]), Vec::new()).await;
    let store = stage.join(Box::new(stage.shop_on(DouyinLaike))).await;
    let (product, _) = stage.new_goods("山溪气泡水", "单规格", "").await;
    let mut tree = stage.engine.platform_categories(store, false).await.unwrap();
    let leaf = tree.categories.iter_mut().find(|node| node.leaf).unwrap();
    leaf.permitted = Some(false);
    let category_id = leaf.id.clone();
    let row = stage.engine.db().read(|c| storage::store::get(c, store)).unwrap();
    let kept = stage
        .engine
        .db()
        .write(|tx| storage::platform_category::put_tree(tx, row.store.account, 1, &tree.categories));
    kept.unwrap();
    let choice = CategoryChoice {
        category_id,
        ..CategoryChoice::default()
    };
    let no = stage
        .engine
        .change_category(store, &[product], &choice)
        .unwrap_err();
    assert_eq!(no.code(), "category_not_permitted");
    assert_eq!(stage.engine.chosen_category(store, product).unwrap(), None);
}
