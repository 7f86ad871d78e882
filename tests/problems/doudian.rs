//! Rows of 抖店小时达.

use domain::finding::{Remedy, Severity};
use domain::id::StoreId;
use engine::sync::plan::Choices;
use engine::sync::report::SyncReport;
use sim::PlatformId::Doudian;
use storage::store::StorePatch;
use suites::market::{Market as _, Simulated, Stage};

/// A store on 抖店 alone; `phone` is its 客服电话.
async fn stage(phone: Option<&str>) -> (Stage, Simulated, StoreId) {
    let mut stage = Stage::open(Stage::world(&[Doudian]), Vec::new()).await;
    let shop = stage.shop_on(Doudian);
    let store = stage.join(Box::new(stage.shop_on(Doudian))).await;
    // The platform makes nothing without a picture.
    let product = stage.everywhere()[0].0;
    let photo = stage
        .engine
        .add_pictures(product, vec![stage.photo()])
        .await
        .unwrap();
    assert!(photo.failed.is_empty(), "{:?}", photo.failed);
    if let Some(phone) = phone {
        call_center(&stage, store, phone);
    }
    (stage, shop, store)
}

fn call_center(stage: &Stage, store: StoreId, phone: &str) {
    let patch = StorePatch {
        settings: [("mobile".to_owned(), phone.to_owned())].into(),
        ..StorePatch::default()
    };
    stage.engine.update_store(store, &patch).unwrap();
}

/// The shop's listing with the goods that the library has first: its id and our code.
fn first(stage: &Stage, shop: &Simulated) -> (String, String) {
    let code = stage.everywhere()[0].1.item_code.clone();
    let world = stage.sim.world();
    let listings = &world.shop(Doudian, shop.remote_id()).unwrap().listings;
    let found = listings
        .values()
        .find(|listing| listing.specs.iter().any(|spec| spec.code == code));
    (found.unwrap().id.clone(), code)
}

#[tokio::test(start_paused = true)]
async fn f70_a_store_without_its_service_phone_is_told_before_the_platform_refuses() {
    let (stage, shop, store) = stage(None).await;
    // Goods that the platform lacks have to be made.
    let (listing, code) = first(&stage, &shop);
    stage
        .sim
        .world()
        .delete_listing(Doudian, shop.remote_id(), &listing)
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stage.engine.pull_store(store).await.unwrap();
    stage.engine.offer_all(store, &[]).unwrap();

    let found = stage.findings(store, "F70");
    let [finding] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(finding.severity, Severity::Error);
    let remedy = Remedy::EditStore {
        store,
        field: "mobile".to_owned(),
    };
    assert_eq!(finding.remedies, [remedy]);
    let report = stage.sync(store).await;
    assert_eq!(
        report.rejected, 0,
        "nothing is sent that would be refused: {report:?}"
    );
    assert_eq!(shop.shown(&code), None);

    call_center(&stage, store, "0571-88888888");
    assert!(stage.findings(store, "F70").is_empty());
    let report = stage.sync(store).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    let plan = stage.engine.sync_plan(&[store], &Choices::default()).unwrap();
    assert!(shop.shown(&code).is_some(), "{:?}", plan[0].plan.steps);
}

#[tokio::test(start_paused = true)]
async fn f71_a_product_in_the_recycle_bin_is_written_again_once_it_was_restored() {
    let (stage, shop, store) = stage(Some("0571-88888888")).await;
    let (listing, code) = first(&stage, &shop);
    deleted_there(&stage, &shop, store, &listing).await;
    stage.sim.world().doudian_restore(&listing).unwrap();
    let report = stage.retry(store, "F71").await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(shop.shown(&code).unwrap().price_fen, 666);
}

#[tokio::test(start_paused = true)]
async fn f71_a_product_deleted_for_good_is_unbound_and_made_anew() {
    let (stage, shop, store) = stage(Some("0571-88888888")).await;
    let (listing, code) = first(&stage, &shop);
    let report = deleted_there(&stage, &shop, store, &listing).await;
    stage.sim.world().doudian.recycled.clear();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let job = stage
        .engine
        .sync_anew(domain::id::JobId(report.job), "F71")
        .unwrap();
    let mut report = stage.engine.sync_report(job).unwrap();
    for _ in 0..600 {
        if report.queued + report.unknown == 0 && report.confirmed + report.in_review + report.rejected > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        report = stage.engine.sync_report(job).unwrap();
    }
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    let (anew, _) = first(&stage, &shop);
    assert_ne!(anew, listing);
    assert_eq!(shop.shown(&code).unwrap().price_fen, 666);
    // It is bound: the next plan finds nothing to make.
    stage.engine.pull_store(store).await.unwrap();
    let report = stage.sync(store).await;
    assert_eq!(report.rejected, 0, "{report:?}");
    let world = stage.sim.world();
    let copies = world.shop(Doudian, shop.remote_id()).unwrap().listings.values();
    let ours = copies.filter(|listing| listing.specs.iter().any(|spec| spec.code == code));
    assert_eq!(ours.count(), 1);
}

/// The head store deletes a product whose price we change then: the platform's refusal is recognised.
async fn deleted_there(stage: &Stage, shop: &Simulated, store: StoreId, listing: &str) -> SyncReport {
    stage.sync(store).await;
    let sku = stage.everywhere()[0].1.id;
    {
        let mut world = stage.sim.world();
        world.delete_listing(Doudian, shop.remote_id(), listing).unwrap();
    }
    stage
        .engine
        .set_sku_field(sku, domain::finding::EditField::Price, "666")
        .unwrap();
    let report = stage.sync(store).await;
    let told: Vec<_> = report.rejections.iter().filter(|one| one.id == "F71").collect();
    assert_eq!(told.len(), 1, "{report:?}");
    assert!(told[0].anew && told[0].raw.contains("已删除"), "{told:?}");
    report
}
