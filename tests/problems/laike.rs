//! Rows of 抖音来客.

use domain::finding::EditField;
use sim::PlatformId::DouyinLaike;
use sim::world::LaikeDish;
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
