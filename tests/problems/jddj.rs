//! Rows of 京东到家.

use domain::finding::{Remedy, Severity};
use domain::id::{ProductId, StoreId};
use engine::library::edit::Edit;
use engine::sync::category::CategoryChoice;
use engine::sync::report::SyncReport;
use sim::PlatformId::Jddj;
use sim::{FaultKind, FaultRule, Service};
use storage::platform_category::CategoryTree;
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

/// The id of a 类目 that holds goods, by its name, as the platform lists it.
fn leaf(tree: &CategoryTree, name: &str) -> String {
    let found = tree.categories.iter().find(|node| node.leaf && node.name == name);
    found.unwrap().id.clone()
}

fn choice(category_id: &str) -> CategoryChoice {
    CategoryChoice {
        category_id: category_id.to_owned(),
        ..CategoryChoice::default()
    }
}

/// Chooses another 类目 as the window does, and gives what came of the sync that follows.
async fn change(stage: &Stage, store: StoreId, product: ProductId, category: &str) -> SyncReport {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let (batch, job) = stage
        .engine
        .change_category(store, &[product], &choice(category))
        .unwrap();
    assert!(batch.is_some(), "what was chosen can be undone");
    while stage.engine.is_running(job) {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    stage.engine.sync_report(job).unwrap()
}

#[tokio::test(start_paused = true)]
async fn f64_another_category_is_chosen_from_the_platforms_own_and_the_product_alone_is_sent_again() {
    let (stage, shop, store) = stage().await;
    // Another product has something to send as well: it is none of this remedy's business.
    let (_, other) = stage.everywhere().swap_remove(0);
    let edit = Edit {
        sku: other.id,
        field: "price".to_owned(),
        value: "88.80".to_owned(),
    };
    stage.engine.edit_library(&[edit]).unwrap();
    let price = || shop.shown(&other.item_code).unwrap().price_fen;
    let before = price();
    // Its category of the library is one for which the shop shows no 类目 yet.
    let (product, _) = stage.new_goods("山溪气泡水", "单规格", "自有商品").await;
    let held = stage.findings(store, "F38");
    assert_eq!(held[0].remedies, [Remedy::ChooseCategory { store, product }]);

    let tree = stage.engine.platform_categories(store, false).await.unwrap();
    let (water, beer) = (leaf(&tree, "矿泉水"), leaf(&tree, "啤酒"));
    stage.sim.world().jddj.unlicensed.insert(beer.clone());
    let report = change(&stage, store, product, &beer).await;
    let told: Vec<_> = report.rejections.iter().map(|one| one.id.as_str()).collect();
    assert_eq!((told, made(&stage, &shop)), (vec!["F64"], None), "{report:?}");
    let meant: Vec<_> = report.rejections[0]
        .categories
        .iter()
        .map(|one| (one.store, one.product))
        .collect();
    assert_eq!(meant, [(store, product)], "the button knows whose 类目 it is");

    // Only what holds goods can be chosen.
    let above = tree.categories.iter().find(|node| !node.leaf).unwrap().id.clone();
    let no = stage.engine.keep_category(store, &[product], &choice(&above));
    assert_eq!(no.unwrap_err().code(), "category_no_leaf");
    let again = change(&stage, store, product, &water).await;
    assert_eq!(
        (again.rejected, again.unknown, again.queued),
        (0, 0, 0),
        "{again:?}"
    );
    assert_eq!((made(&stage, &shop).unwrap().1, price()), (water.clone(), before));
    let first = stage.engine.sync_report(domain::id::JobId(report.job)).unwrap();
    assert_eq!(
        (first.rejected, first.cancelled),
        (0, 1),
        "the refused write is not sent again: {first:?}"
    );
    // It stays chosen, and the other product has its turn with its own sync.
    let after = stage.sync(store).await;
    let shown = (made(&stage, &shop).unwrap().1, price());
    assert_eq!((after.rejected, shown), (0, (water, 8_880)), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn f64_the_platforms_tree_is_read_once_and_kept_with_its_age() {
    let (stage, _, store) = stage().await;
    let read = stage.engine.platform_categories(store, false).await.unwrap();
    assert!(read.categories.iter().any(|node| node.leaf) && read.read_at > 0);
    let down = FaultKind::Refuse {
        code: 11,
        message: "系统忙".to_owned(),
    };
    let rule = FaultRule::once(Service::Jddj, "api/queryChildCategoriesForOP", down);
    stage.sim.world().faults.add(rule);
    let kept = stage.engine.platform_categories(store, false).await.unwrap();
    assert_eq!(kept, read, "nothing is asked");
    assert!(stage.engine.platform_categories(store, true).await.is_err());
    tokio::time::sleep(std::time::Duration::from_mins(1)).await;
    let fresh = stage.engine.platform_categories(store, true).await.unwrap();
    assert!(fresh.read_at > read.read_at && fresh.categories == read.categories);
}

#[tokio::test(start_paused = true)]
async fn f66_a_barcode_refused_for_its_category_goes_through_with_another_one() {
    let (stage, shop, store) = stage().await;
    let (product, _) = stage.new_goods("山溪气泡水", "单规格", WATER).await;
    let refusal = FaultKind::Refuse {
        code: 11,
        message: "商品条码信息不正确".to_owned(),
    };
    let rule = FaultRule::once(Service::Jddj, "pms/addSku", refusal);
    stage.sim.world().faults.add(rule);
    let report = stage.sync(store).await;
    assert_eq!(report.rejections[0].id, "F66", "{report:?}");
    assert_eq!(report.rejections[0].categories[0].product, product);

    let tree = stage.engine.platform_categories(store, false).await.unwrap();
    let (beer, water) = (leaf(&tree, "啤酒"), leaf(&tree, "矿泉水"));
    // The platform's library knows the barcode by now and has a 类目 for it: that one stands, also here.
    let barcode = "6921168509256".to_owned();
    stage
        .sim
        .world()
        .jddj
        .standard_upcs
        .insert(barcode, water.clone());
    let report = change(&stage, store, product, &beer).await;
    assert_eq!(
        (report.rejected, report.unknown, report.queued),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(made(&stage, &shop).unwrap().1, water);
    let kept = stage.engine.chosen_category(store, product).unwrap().unwrap();
    assert_eq!(kept.category_id, water, "nobody fights over it");
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
