//! Rows of 饿了么 for restaurants.

use domain::plan::Field;
use engine::sync::plan::Choices;
use sim::PlatformId::Eleme;
use storage::store::StorePatch;
use suites::market::{Market as _, Stage};

#[tokio::test(start_paused = true)]
async fn f47_a_synced_product_shows_its_picture_and_carries_its_packing_fee() {
    let mut stage = Stage::open(Stage::world(&[Eleme]), Vec::new()).await;
    let shop = stage.shop_on(Eleme);
    let store = stage.join(Box::new(stage.shop_on(Eleme))).await;
    let (product, sku) = stage.everywhere()[0].clone();
    let code = sku.item_code.as_str();

    // A picture that is not square is found before it is sent, and made square.
    let wide = stage.wide_photo();
    stage.engine.add_pictures(product, vec![wide]).await.unwrap();
    let cache = stage.engine.preflight(&[store]).unwrap();
    let found: Vec<&str> = cache
        .of_product(product)
        .map(|noted| noted.finding.id.as_str())
        .collect();
    assert!(found.contains(&"IMG02"), "{found:?}");
    stage.engine.repair_pictures(&[product], true).await.unwrap();

    // The manager names the fee once for the store; goods that are there get it, and so do new ones.
    let patch = StorePatch {
        settings: [("packing_fee".to_owned(), "0.50".to_owned())].into(),
        ..StorePatch::default()
    };
    stage.engine.update_store(store, &patch).unwrap();
    let plan = stage.engine.sync_plan(&[store], &Choices::default()).unwrap();
    let fees = plan[0]
        .plan
        .steps
        .iter()
        .filter(|step| step.key.field == Field::PackingFee);
    assert!(fees.count() > 10);
    let report = stage.sync(store).await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );

    let world = stage.sim.world();
    let listings = &world.shop(Eleme, shop.remote_id()).unwrap().listings;
    let listing = listings
        .values()
        .find(|listing| listing.specs.iter().any(|spec| spec.code == code))
        .unwrap();
    for spec in &listing.specs {
        assert_eq!(world.eleme.packing_fen.get(&spec.id), Some(&50), "{}", spec.name);
    }
    // The platform shows square pictures alone.
    let sent = &world.eleme.pictures;
    assert!(
        !sent.is_empty() && sent.values().all(|square| *square),
        "{sent:?}"
    );
    drop(world);
    let again = stage.engine.sync_plan(&[store], &Choices::default()).unwrap();
    let left: Vec<_> = again[0].plan.steps.iter().filter(|step| step.ticked).collect();
    assert!(left.is_empty(), "{left:?}");
}
