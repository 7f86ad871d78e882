//! The day: what is the same on every platform.

use crate::bazaar::{Bazaar, BazaarShop};
use crate::differences::each_shows_what_it_can;
use domain::finding::EditField;
use engine::sync::plan::Choices;
use sim::PlatformId;
use suites::BRANCH;
use suites::market::{Simulated, Stage};

/// Everything is written until nothing is left to write.
async fn sync(stage: &Stage) {
    for (store, market) in &stage.markets {
        let report = stage.sync(*store).await;
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{}: {report:?}",
            market.platform()
        );
    }
}

/// One price, one picture, stock and orders, in every shop of the stage.
async fn one_day(stage: &Stage) {
    let engine = &stage.engine;
    sync(stage).await;
    let goods = stage.everywhere();
    assert!(goods.len() >= 12, "{} goods are shown everywhere", goods.len());
    let (product, sku) = goods.first().unwrap();
    let code = sku.item_code.as_str();
    let before: Vec<_> = stage
        .markets
        .iter()
        .map(|(_, market)| market.shown(code).unwrap())
        .collect();

    engine.set_sku_field(sku.id, EditField::Price, "666").unwrap();
    let photo = engine.add_pictures(*product, vec![stage.photo()]).await.unwrap();
    assert!(photo.failed.is_empty(), "{:?}", photo.failed);
    sync(stage).await;
    for ((_, market), before) in stage.markets.iter().zip(&before) {
        let shown = market.shown(code).unwrap();
        assert_eq!(shown.price_fen, 666, "{}", market.platform());
        assert_ne!(shown.pictures, before.pictures, "{}", market.platform());
    }

    stage.sim.world().erp_set_stock(BRANCH, code, 17_000).unwrap();
    engine.pull_erp_items(stage.erp).await.unwrap();
    for pushed in engine.push_stock(&[], false).await.unwrap() {
        assert_eq!((pushed.rejected, &pushed.error), (0, &None), "{pushed:?}");
    }
    for (_, market) in &stage.markets {
        assert_eq!(market.shown(code).unwrap().stock, 17, "{}", market.platform());
    }

    let mut numbers = Vec::new();
    for (_, market) in &stage.markets {
        for (_, sku) in goods.iter().take(3) {
            numbers.push((market.platform(), market.buy(&sku.item_code)));
        }
    }
    // A second round finds nothing new to push.
    for _ in 0..2 {
        for (store, _) in &stage.markets {
            engine.pull_orders(*store).await.unwrap();
        }
        engine.push_due().await.unwrap();
    }
    for (platform, number) in &numbers {
        assert_eq!(stage.documents(number), 1, "{platform} {number}");
    }
    let open = engine.exception_groups(&[]).unwrap();
    assert!(open.is_empty(), "{open:?}");
    sync(stage).await;
    let fresh = engine.sync_plan(&[], &Choices::default()).unwrap();
    let left: Vec<_> = fresh
        .iter()
        .flat_map(|plan| &plan.plan.steps)
        .filter(|step| step.ticked)
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // The simulator keeps to the quotas it states, and no call went beyond one.
    assert!(!stage.sim.world().faults.quotas().is_empty());
    let throttled = stage.sim.world().ledger_report().throttled;
    assert!(throttled.is_empty(), "{throttled:?}");
}

#[tokio::test(start_paused = true)]
async fn one_library_serves_a_shop_on_every_platform_and_loses_and_doubles_nothing() {
    let sim = Stage::world(&PlatformId::ALL);
    let mut stage = Stage::open(sim, Vec::new()).await;
    for platform in PlatformId::ALL {
        let shop = stage.shop_on(platform);
        stage.join(Box::new(shop)).await;
    }
    one_day(&stage).await;
    each_shows_what_it_can(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_platform_with_another_protocol_has_the_same_day_by_both_of_its_kinds() {
    let platform = PlatformId::MeituanWaimai;
    for business in ["2", "16"] {
        let sim = Stage::world(&[platform]);
        business.clone_into(&mut sim.world().mtop.business_id);
        let mut stage = Stage::open(sim, Vec::new()).await;
        let shop = Simulated {
            access: stage.announced_otherwise(platform.as_str()),
            ..stage.shop_on(platform)
        };
        stage.join(Box::new(shop)).await;
        one_day(&stage).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_only_this_test_knows_has_the_same_day() {
    let sim = Stage::world(&[PlatformId::MeituanShangou]);
    let shop = BazaarShop::of(&sim);
    let mut stage = Stage::open(sim, vec![std::sync::Arc::new(Bazaar(shop.clone()))]).await;
    stage.join(Box::new(shop)).await;
    assert_eq!(stage.markets[0].1.platform(), "bazaar");
    one_day(&stage).await;
}
