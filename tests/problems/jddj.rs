//! Rows of 京东到家.

use domain::finding::{Remedy, Severity};
use domain::id::StoreId;
use sim::PlatformId::Jddj;
use sim::{FaultKind, FaultRule, Service};
use suites::market::{Market as _, Simulated, Stage};

/// A 类目 whose goods the shop shows.
const WATER: &str = "饮料乳品/包装水";

async fn stage() -> (Stage, Simulated, StoreId) {
    let mut stage = Stage::open(Stage::world(&[Jddj]), Vec::new()).await;
    let shop = stage.shop_on(Jddj);
    let store = stage.join(Box::new(stage.shop_on(Jddj))).await;
    (stage, shop, store)
}

/// Title and 类目 of the goods that were made.
fn made(stage: &Stage, shop: &Simulated) -> Option<(String, String)> {
    let world = stage.sim.world();
    let listings = &world.shop(Jddj, shop.remote_id()).unwrap().listings;
    let found = listings
        .values()
        .find(|listing| listing.specs.iter().any(|spec| spec.code == "1022311150009901"))?;
    Some((found.name.clone(), found.category_id.clone().unwrap_or_default()))
}

#[tokio::test(start_paused = true)]
async fn f64_goods_without_a_category_are_held_back_and_goods_without_the_right_go_once_it_is_there() {
    let (stage, shop, store) = stage().await;
    let (bare, _) = stage.new_goods("山溪气泡水", "单规格", "").await;
    let cache = stage.engine.preflight(&[store]).unwrap();
    let told = cache
        .of_product(bare)
        .find(|noted| noted.finding.id == "F38")
        .unwrap();
    assert_eq!(
        told.finding.severity,
        Severity::Error,
        "refused there for sure, so never sent"
    );
    let report = stage.sync(store).await;
    assert_eq!((report.rejected, made(&stage, &shop)), (0, None), "{report:?}");
    stage.engine.delete_products(&[bare]).unwrap();

    stage.new_goods("山溪气泡水", "单规格", WATER).await;
    {
        let mut world = stage.sim.world();
        let all: Vec<String> = world.jddj.taxonomy.keys().cloned().collect();
        world.jddj.unlicensed.extend(all);
    }
    let report = stage.sync(store).await;
    let told: Vec<_> = report.rejections.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(told, ["F64"], "{report:?}");
    // The merchant gets the right from the platform, and says so.
    stage.sim.world().jddj.unlicensed.clear();
    let report = stage.retry(store, "F64").await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert!(made(&stage, &shop).is_some());
}

#[tokio::test(start_paused = true)]
async fn f66_a_barcode_refused_for_its_category_is_explained_and_the_category_that_is_imposed_is_kept() {
    let (stage, shop, store) = stage().await;
    stage.new_goods("山溪气泡水", "单规格", WATER).await;
    let refusal = FaultKind::Refuse {
        code: 11,
        message: "商品条码信息不正确".to_owned(),
    };
    stage
        .sim
        .world()
        .faults
        .add(FaultRule::once(Service::Jddj, "pms/addSku", refusal));
    let report = stage.sync(store).await;
    let told: Vec<_> = report.rejections.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(told, ["F66"], "{report:?}");
    let said = api::words::words("zh-CN").text("finding.F66.why").unwrap();
    assert!(said.contains("类目"), "{said}");

    // The barcode stands in the platform's library: its own category is imposed, and nobody fights over it.
    let imposed = {
        let mut world = stage.sim.world();
        let leaf = world
            .jddj
            .taxonomy
            .values()
            .find(|taxon| taxon.name == "啤酒" && taxon.depth == 3);
        let leaf = leaf.unwrap().id.clone();
        world
            .jddj
            .standard_upcs
            .insert("6921168509256".to_owned(), leaf.clone());
        leaf
    };
    let report = stage.retry(store, "F66").await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(made(&stage, &shop).unwrap().1, imposed);
    stage.sync(store).await;
    assert_eq!(made(&stage, &shop).unwrap().1, imposed);
}

#[tokio::test(start_paused = true)]
async fn f67_the_title_is_shown_before_it_goes_out_and_is_plain_again_as_single_spec() {
    let (stage, shop, store) = stage().await;
    let (product, _) = stage.new_goods("山溪气泡水", "480ml", WATER).await;
    let found = stage.findings(store, "F67");
    let [finding] = found.as_slice() else {
        panic!("{found:?}")
    };
    let title = finding.params["title"].clone();
    assert!(title.contains("山溪气泡水") && title.contains("480ml"), "{title}");
    let report = stage.sync(store).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    assert_eq!(made(&stage, &shop).unwrap().0, title);

    assert_eq!(finding.remedies, [Remedy::NameSingleSpec { product }]);
    stage.engine.run_remedy(&finding.remedies[0]).await.unwrap();
    assert!(stage.findings(store, "F67").is_empty());
    // What the platform still looks at is left alone until it is done.
    tokio::time::sleep(std::time::Duration::from_mins(15)).await;
    stage.engine.pull_store(store).await.unwrap();
    let report = stage.sync(store).await;
    assert_eq!((report.rejected, report.unknown), (0, 0), "{report:?}");
    assert_eq!(made(&stage, &shop).unwrap().0, "山溪气泡水");
}
