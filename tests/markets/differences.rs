//! Goods that not every platform takes as they are: what each can show is shown, and what it cannot is said before
//! anything is sent.

use domain::id::ProductId;
use engine::library::edit::NewGoods;
use sim::PlatformId;
use storage::product::SkuData;
use storage::store::StorePatch;
use suites::market::Stage;

const NAME: &str = "山溪气泡水";
/// Spec, 商品编码, barcode, fen.
const SPECS: [(&str, &str, &str, i64); 2] = [
    ("480ml", "1022311150009901", "6921168509256", 500),
    ("1.5L", "1022311150009902", "6921168509263", 900),
];

/// What a shop shows of the goods: names of specs, and the number of pictures.
fn shown(stage: &Stage, platform: PlatformId) -> Option<(Vec<String>, usize)> {
    let world = stage.sim.world();
    let shop = world.shops(platform).values().next().unwrap();
    let mut listings = shop.listings.values();
    let listing = listings.find(|listing| listing.name.starts_with(NAME))?;
    let specs = listing.specs.iter().map(|spec| spec.name.clone()).collect();
    Some((specs, listing.pictures.len()))
}

/// Goods with two specs and two pictures, the main one wider than it is high.
async fn goods(stage: &Stage) -> ProductId {
    let engine = &stage.engine;
    let sku = |(spec, code, barcode, fen): (&str, &str, &str, i64)| SkuData {
        spec_name: spec.to_owned(),
        item_code: code.to_owned(),
        barcode: barcode.to_owned(),
        unit: "瓶".to_owned(),
        price_fen: Some(fen),
        stock: Some(9),
        base_quantity_milli: 1000,
        weight_g: Some(500),
        ..SkuData::default()
    };
    let new = NewGoods {
        name: NAME.to_owned(),
        category: "饮料乳品/包装水".to_owned(),
        skus: SPECS.map(sku).to_vec(),
    };
    let product = engine.create_product(&new).unwrap().0;
    let files = vec![stage.wide_photo(), stage.photo()];
    let added = engine.add_pictures(product, files).await.unwrap();
    assert!(added.failed.is_empty(), "{:?}", added.failed);
    for (store, _) in &stage.markets {
        engine.offer_all(*store, &[product]).unwrap();
    }
    product
}

/// Every shop of the stage gets the goods as its platform can show them.
pub(crate) async fn each_shows_what_it_can(stage: &Stage) {
    let product = goods(stage).await;
    // What a platform wants to know of the store before it makes anything (F70).
    for (store, market) in stage
        .markets
        .iter()
        .filter(|(_, market)| market.platform() == "doudian")
    {
        let patch = StorePatch {
            settings: [("mobile".to_owned(), "02112345678".to_owned())].into(),
            ..StorePatch::default()
        };
        stage.engine.update_store(*store, &patch).unwrap();
        assert!(stage.findings(*store, "F70").is_empty(), "{}", market.platform());
    }
    for (store, market) in &stage.markets {
        let held = match market.platform() {
            // Products have no specs there.
            "jddj" | "douyin_laike" => "F67b",
            // A picture that is not square is not shown there.
            "eleme" | "doudian" => "IMG02",
            _ => continue,
        };
        let found = stage.findings(*store, held);
        let ours = found
            .iter()
            .find(|finding| finding.params.get("name").is_some_and(|name| name == NAME));
        assert!(ours.is_some(), "{}: {found:?}", market.platform());
    }
    let repaired = stage.engine.repair_pictures(&[product], true).await.unwrap();
    assert!(repaired.failed.is_empty(), "{repaired:?}");
    for (store, market) in &stage.markets {
        let report = stage.sync(*store).await;
        assert_eq!(
            (report.rejected, report.unknown, report.queued),
            (0, 0, 0),
            "{}: {report:?}",
            market.platform()
        );
    }

    let both = || SPECS.map(|(spec, ..)| spec.to_owned()).to_vec();
    for (platform, expected) in [
        (PlatformId::MeituanShangou, Some((both(), 2))),
        (PlatformId::Ebai, Some((both(), 2))),
        (PlatformId::Doudian, Some((both(), 2))),
        (PlatformId::MeituanWaimai, Some((both(), 1))),
        (PlatformId::Eleme, Some((both(), 1))),
        (PlatformId::Jddj, None),
        (PlatformId::DouyinLaike, None),
    ] {
        assert_eq!(shown(stage, platform), expected, "{platform:?}");
    }
    let world = stage.sim.world();
    let sent = &world.eleme.pictures;
    assert!(
        !sent.is_empty() && sent.values().all(|square| *square),
        "{sent:?}"
    );
}
