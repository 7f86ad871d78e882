//! Products that the manager takes away on a platform: gone when they are not there any more, and not a moment before.

use domain::id::{ListingId, StoreId};
use engine::error::EngineError;
use sim::PlatformId::{self, DouyinLaike, Ebai, Jddj, MeituanShangou};
use sim::{FaultKind, FaultRule, Service};
use std::time::Duration;
use storage::listing::ListingSkuRow;
use suites::dying::until_dead;
use suites::market::{Market as _, Simulated, Stage};

async fn stage(platform: PlatformId) -> (Stage, Simulated, StoreId) {
    let mut stage = Stage::open(Stage::world(&[platform]), Vec::new()).await;
    let shop = stage.shop_on(platform);
    let store = stage.join(Box::new(stage.shop_on(platform))).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    (stage, shop, store)
}

/// Bound products of a store with one spec, as last read.
fn bound(stage: &Stage, store: StoreId) -> Vec<ListingSkuRow> {
    let rows = stage
        .engine
        .db()
        .read(|c| storage::listing::of_store(c, store))
        .unwrap();
    let single = |row: &ListingSkuRow| row.sibling_count == 1 && row.bound_to.is_some();
    rows.into_iter().filter(single).collect()
}

fn is_known(stage: &Stage, id: ListingId) -> bool {
    let rows = stage
        .engine
        .db()
        .read(|c| storage::listing::still_there(c, id))
        .unwrap();
    !rows.is_empty()
}

/// Listings that the shop still shows.
fn shown(stage: &Stage, shop: &Simulated) -> usize {
    let world = stage.sim.world();
    world
        .shop(shop.platform, shop.remote_id())
        .unwrap()
        .listings
        .len()
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_answer_is_lost_is_looked_for_and_not_sent_again() {
    for (platform, service, call) in [
        (MeituanShangou, Service::MeituanShangou, "retail/delete"),
        (Ebai, Service::Ebai, "sku.delete"),
        (Jddj, Service::Jddj, "pms/updateSku"),
    ] {
        let (stage, shop, store) = stage(platform).await;
        let rows = bound(&stage, store);
        let (row, other) = (&rows[0], &rows[1]);
        let sku = row.bound_to.unwrap();
        let rule = FaultRule::once(service, call, FaultKind::LostAnswer);
        stage.sim.world().faults.add(rule);
        let report = stage.engine.delete_listings(&[row.listing]).await.unwrap();
        assert_eq!(
            (report.confirmed, report.rejected, report.unknown, report.queued),
            (1, 0, 0, 0),
            "{platform:?}: {report:?}"
        );
        let tasks = stage
            .engine
            .db()
            .read(|c| storage::task::of_job(c, domain::id::JobId(report.job)));
        assert_eq!(
            tasks.unwrap()[0].attempts,
            1,
            "{platform:?}: one request, and then a look"
        );
        assert!(shop.shown(&row.outer_sku_code).is_none(), "{platform:?}");
        assert!(shop.shown(&other.outer_sku_code).is_some(), "{platform:?}");
        assert!(!is_known(&stage, row.listing) && is_known(&stage, other.listing));
        let places = stage
            .engine
            .db()
            .read(|c| storage::listing::bound_places(c, sku))
            .unwrap();
        assert!(
            places.iter().all(|place| place.store != store),
            "the binding is dead"
        );
        let goods = stage.goods();
        assert!(
            goods
                .iter()
                .any(|product| product.skus.iter().any(|one| one.id == sku)),
            "the library keeps it"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_never_arrived_is_sent_again() {
    let (stage, shop, store) = stage(MeituanShangou).await;
    let row = bound(&stage, store).swap_remove(0);
    let rule = FaultRule::once(Service::MeituanShangou, "retail/delete", FaultKind::LostRequest);
    stage.sim.world().faults.add(rule);
    let report = stage.engine.delete_listings(&[row.listing]).await.unwrap();
    assert_eq!((report.confirmed, report.rejected), (1, 0), "{report:?}");
    assert!(shop.shown(&row.outer_sku_code).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_deletion_cut_off_by_a_crash_is_told_truly_and_never_done_days_later() {
    let (mut done, mut left) = (0, 0);
    for polls in 1..40 {
        let (stage, shop, store) = stage(MeituanShangou).await;
        let row = bound(&stage, store).swap_remove(0);
        let ids = [row.listing];
        // The first request is lost on the way, so that there is a moment at which nothing has happened yet.
        let rule = FaultRule::once(Service::MeituanShangou, "retail/delete", FaultKind::LostRequest);
        stage.sim.world().faults.add(rule);
        let died = until_dead(
            async {
                stage.engine.delete_listings(&ids).await.unwrap();
            },
            polls,
        )
        .await;
        // What a start of the program does with what was on its way.
        let unknown = |tx: &storage::db::Tx<'_>| storage::task::sending_to_unknown(tx);
        stage.engine.db().write(unknown).unwrap();
        let gone = shop.shown(&row.outer_sku_code).is_none();
        stage.engine.sync_resume(&[store]).await.unwrap();
        stage.sync(store).await;
        assert_eq!(
            shop.shown(&row.outer_sku_code).is_none(),
            gone,
            "{polls}: what was not deleted before the crash stays"
        );
        assert_eq!(
            is_known(&stage, row.listing),
            !gone,
            "{polls}: and that is what is told"
        );
        if gone {
            done += 1;
        } else {
            left += 1;
        }
        if !died {
            break;
        }
    }
    assert!(done > 0 && left > 0, "{done} {left}");
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_is_not_made_again_by_the_next_sync() {
    for platform in [MeituanShangou, Ebai] {
        let (stage, shop, store) = stage(platform).await;
        let (product, _) = stage.new_goods("山溪气泡水", "单规格", "饮料乳品/包装水").await;
        let report = stage.sync(store).await;
        assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
        tokio::time::sleep(Duration::from_mins(15)).await;
        stage.engine.pull_store(store).await.unwrap();
        let row = bound(&stage, store)
            .into_iter()
            .find(|row| row.outer_sku_code == "1022311150009901");
        let row = row.unwrap_or_else(|| panic!("{platform:?}: {:?}", bound(&stage, store)));
        let before = shown(&stage, &shop);
        let report = stage.engine.delete_listings(&[row.listing]).await.unwrap();
        assert_eq!(
            (report.confirmed, report.rejected),
            (1, 0),
            "{platform:?}: {report:?}"
        );
        stage.sync(store).await;
        stage.engine.pull_store(store).await.unwrap();
        stage.sync(store).await;
        assert!(shop.shown("1022311150009901").is_none(), "{platform:?}");
        assert!(shown(&stage, &shop) < before, "{platform:?}");
        // The manager offers it again: then it is wanted.
        stage.engine.offer_all(store, &[product]).unwrap();
        stage.sync(store).await;
        assert!(shop.shown("1022311150009901").is_some(), "{platform:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_deletion_says_why_and_leaves_everything_as_it_is() {
    let (stage, shop, store) = stage(MeituanShangou).await;
    let row = bound(&stage, store).swap_remove(0);
    let refusal = FaultKind::Refuse {
        code: 1,
        message: "商品参加活动中，不能删除".to_owned(),
    };
    let mut rule = FaultRule::once(Service::MeituanShangou, "retail/delete", refusal);
    rule.when = sim::FaultWhen::Next { count: 9, skip: 0 };
    stage.sim.world().faults.add(rule);
    let report = stage.engine.delete_listings(&[row.listing]).await.unwrap();
    assert_eq!((report.confirmed, report.rejected), (0, 1), "{report:?}");
    assert_eq!(report.rejections[0].raw, "商品参加活动中，不能删除");
    assert!(is_known(&stage, row.listing) && shop.shown(&row.outer_sku_code).is_some());
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_deleted_nothing_is_tried() {
    let (stage, shop, store) = stage(DouyinLaike).await;
    let row = bound(&stage, store).swap_remove(0);
    let before = shown(&stage, &shop);
    let no = stage.engine.delete_listings(&[row.listing]).await.unwrap_err();
    assert_eq!(no.code(), "delete_unsupported");
    assert_eq!(shown(&stage, &shop), before);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_never_deleted_later() {
    let (stage, shop, store) = stage(MeituanShangou).await;
    let row = bound(&stage, store).swap_remove(0);
    let mut rule = FaultRule::once(Service::MeituanShangou, "retail/delete", FaultKind::Reset);
    rule.when = sim::FaultWhen::Next {
        count: 1_000,
        skip: 0,
    };
    stage.sim.world().faults.add(rule);
    let ended = stage.engine.delete_listings(&[row.listing]).await;
    assert!(matches!(ended, Err(EngineError::Remote(_))), "{ended:?}");
    stage.sim.world().faults.clear();
    stage.sync(store).await;
    assert!(
        shop.shown(&row.outer_sku_code).is_some(),
        "a later sync leaves it alone"
    );
    assert!(is_known(&stage, row.listing));
}
