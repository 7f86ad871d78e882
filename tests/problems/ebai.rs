//! F58, F60 and F61: rows of 饿百零售 alone.

use crate::kit::{BREAD, CRISPS, MILK_BOX, WATER, counter, gone, only, price_there, set, sync};
use domain::finding::{EditField, Remedy, Severity};
use domain::product::SINGLE_SPEC;
use engine::sync::plan::Choices;
use sim::PlatformId::Ebai;
use sim::world::{NewListing, NewSpec};
use sim::{FaultKind, FaultRule, FaultWhen, Service};
use std::time::Duration;
use storage::change::Changes;
use storage::product::ProductPatch;
use suites::{Counter, EBAI, GOODS};

/// The id of a leaf of the platform's taxonomy.
fn leaf(counter: &Counter, name: &str) -> String {
    let world = counter.world();
    let mut leaves = world.ebai.taxonomy.values().filter(|taxon| taxon.depth == 3);
    leaves.find(|taxon| taxon.name == name).unwrap().id.clone()
}

/// Sets 类目 of goods in the platform's console.
fn set_leaf(counter: &Counter, at: usize, name: &str) {
    let leaf = leaf(counter, name);
    let (listing, _) = counter.listings[&(Ebai, at)].clone();
    let mut world = counter.world();
    let changed = world.change_listing(Ebai, EBAI, &listing, |held| {
        held.category_id = Some(leaf);
        Ok(())
    });
    changed.unwrap();
}

fn leaf_there(counter: &Counter, at: usize) -> Option<String> {
    let (listing, _) = &counter.listings[&(Ebai, at)];
    let world = counter.world();
    world.listing(Ebai, EBAI, listing).unwrap().category_id.clone()
}

/// Puts goods into one category of the library.
fn in_one_category(counter: &Counter, goods: &[usize]) {
    let origin = counter.engine().by_user("batch.edit");
    let written = counter.engine().db().write(|tx| {
        let mut changes = Changes::begin(tx, &origin)?;
        let category = storage::category::ensure(&mut changes, &["早餐".to_owned()])?;
        for at in goods {
            let product = storage::product::of_sku(tx, counter.skus[*at])?.unwrap();
            let patch = ProductPatch {
                category: Some(category),
                ..ProductPatch::default()
            };
            storage::product::update(&mut changes, origin.at, product, &patch)?;
        }
        changes.finish(false)?;
        Ok::<_, storage::error::StorageError>(())
    });
    written.unwrap();
}

#[tokio::test(start_paused = true)]
async fn f58_a_listing_that_became_other_goods_is_not_overwritten_and_the_right_one_is_bound() {
    let counter = counter().await;
    let (stranger, spec) = counter.listings[&(Ebai, CRISPS)].clone();
    let group = {
        let mut world = counter.world();
        world
            .rename_listing(Ebai, EBAI, &stranger, "双层牛奶巧克力")
            .unwrap();
        world
            .change_barcode(Ebai, EBAI, &stranger, &spec, "6901234567892")
            .unwrap();
        world.listing(Ebai, EBAI, &stranger).unwrap().group_ids.clone()
    };
    counter.engine().pull_store(counter.ebai).await.unwrap();
    let finding = only(&counter, counter.ebai, "F58");
    assert_eq!(
        (finding.severity, finding.params["theirs"].as_str()),
        (Severity::Error, "双层牛奶巧克力")
    );
    let agree = ["id", "name_agrees", "barcode"].map(|what| finding.params[what].as_str());
    assert_eq!(agree, ["same", "differs", "differs"]);
    gone(&counter, counter.shangou, "F58");

    // A sync stops at it, says why, and leaves the other goods alone.
    set(&counter, CRISPS, EditField::Price, "770");
    set(&counter, WATER, EditField::Price, "210");
    let plans = counter
        .engine()
        .sync_plan(&[counter.ebai], &Choices::default())
        .unwrap();
    let held: Vec<_> = plans[0]
        .plan
        .steps
        .iter()
        .filter(|step| step.name == GOODS[CRISPS].0)
        .collect();
    assert!(!held.is_empty());
    for step in held {
        assert_eq!(step.reason.as_ref().unwrap().code, "not_same_goods");
    }
    sync(&counter, counter.ebai).await;
    assert_eq!(price_there(&counter, Ebai, CRISPS), 750);
    let pushed = counter.engine().push_stock(&[counter.ebai], true).await.unwrap();
    assert_eq!((pushed[0].held, pushed[0].rejected), (1, 0), "{pushed:?}");
    assert_eq!(price_there(&counter, Ebai, WATER), 210, "the rest went");

    // The right goods stand there under another id, without our code.
    let own = NewListing {
        name: GOODS[CRISPS].0.to_owned(),
        group_ids: group,
        specs: vec![NewSpec {
            name: SINGLE_SPEC.to_owned(),
            upc: GOODS[CRISPS].3.to_owned(),
            price_fen: 750,
            stock: 9,
            ..NewSpec::default()
        }],
        ..NewListing::default()
    };
    let own = counter.world().add_listing(Ebai, EBAI, own).unwrap();
    let reread = finding
        .remedies
        .iter()
        .find(|remedy| matches!(remedy, Remedy::Reread { .. }))
        .unwrap();
    counter.engine().run_remedy(reread).await.unwrap();
    only(&counter, counter.ebai, "F58");
    let rows = counter
        .engine()
        .db()
        .read(|c| storage::listing::of_store(c, counter.ebai))
        .unwrap();
    let right = rows.iter().find(|row| row.listing_remote_id == own).unwrap();
    let bind = Remedy::Bind {
        listing_sku: right.id,
        sku: counter.skus[CRISPS],
    };
    counter.engine().run_remedy(&bind).await.unwrap();
    gone(&counter, counter.ebai, "F58");
    assert_eq!(sync(&counter, counter.ebai).await.rejected, 0);
    let world = counter.world();
    assert_eq!(world.listing(Ebai, EBAI, &own).unwrap().specs[0].price_fen, 770);
    let other = world.listing(Ebai, EBAI, &stranger).unwrap();
    assert_eq!(
        (other.name.as_str(), other.specs[0].price_fen),
        ("双层牛奶巧克力", 750)
    );
}

#[tokio::test(start_paused = true)]
async fn f60_the_category_of_a_multi_spec_product_is_locked_and_the_platforms_is_adopted() {
    let counter = counter().await;
    in_one_category(&counter, &[WATER, MILK_BOX, BREAD]);
    set_leaf(&counter, WATER, "纯牛奶");
    counter.engine().pull_store(counter.ebai).await.unwrap();
    let finding = only(&counter, counter.ebai, "F60");
    assert_eq!(
        (finding.severity, finding.params["name"].as_str()),
        (Severity::Warning, GOODS[MILK_BOX].0)
    );
    assert_eq!(
        (finding.params["ours"].as_str(), finding.params["theirs"].as_str()),
        (leaf(&counter, "纯牛奶").as_str(), "")
    );
    // Goods of one spec take the category of their kind; the locked one is not even asked for.
    set(&counter, MILK_BOX, EditField::Price, "5900");
    let report = sync(&counter, counter.ebai).await;
    assert_eq!(report.rejected, 0, "{report:?}");
    assert_eq!(leaf_there(&counter, BREAD), Some(leaf(&counter, "纯牛奶")));
    assert_eq!(leaf_there(&counter, MILK_BOX), None);
    assert_eq!(price_there(&counter, Ebai, MILK_BOX), 5900);

    // 读取平台类目并采用.
    set_leaf(&counter, MILK_BOX, "酸奶");
    assert_eq!(finding.remedies, [Remedy::Reread { store: counter.ebai }]);
    counter.engine().run_remedy(&finding.remedies[0]).await.unwrap();
    gone(&counter, counter.ebai, "F60");
    assert_eq!(sync(&counter, counter.ebai).await.rejected, 0);
    assert_eq!(leaf_there(&counter, MILK_BOX), Some(leaf(&counter, "酸奶")));
}

/// The platform does not find the shop among its merchants when its orders are asked for.
fn no_merchant(counter: &Counter, when: FaultWhen) {
    counter.world().faults.add(FaultRule {
        service: Some(Service::Ebai),
        call: Some("order.list".to_owned()),
        fault: FaultKind::Refuse {
            code: 1,
            message: "【API】通过入参未查询到商户信息,请确认店铺已入淘且通过审批".to_owned(),
        },
        when,
    });
}

#[tokio::test(start_paused = true)]
async fn f61a_a_store_not_known_yet_is_asked_for_again_by_itself_and_stores_are_spaced() {
    let counter = counter().await;
    let asked = |call: &str| counter.world().ledger.calls(call);
    no_merchant(&counter, FaultWhen::Next { count: 2, skip: 0 });
    let (before, others) = (asked("ebai/order.list"), asked("ebai/shop.list"));
    let tested = counter.engine().test_store(counter.ebai).await.unwrap();
    assert!(tested.is_ok(), "{tested:?}");
    assert_eq!(asked("ebai/order.list") - before, 3);
    assert!(
        asked("ebai/shop.list") - others <= 3,
        "only what failed is asked again"
    );

    let started = tokio::time::Instant::now();
    let (one, other) = tokio::join!(
        counter.engine().test_store(counter.ebai),
        counter.engine().test_store(counter.shangou)
    );
    assert!(one.unwrap().is_ok() && other.unwrap().is_ok());
    assert!(
        started.elapsed() >= Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn f61b_a_store_that_stays_unknown_comes_with_the_text_for_the_platform() {
    let counter = counter().await;
    no_merchant(&counter, FaultWhen::Always);
    let tested = counter.engine().test_store(counter.ebai).await.unwrap();
    let failed = tested.steps.iter().find(|step| step.state == "failed").unwrap();
    assert_eq!(failed.words, "finding.F61b");
    assert!(failed.raw.contains("未查询到商户信息"), "{}", failed.raw);
    for lang in ["zh-CN", "en"] {
        let ticket = api::words::words(lang)
            .advice(&failed.words, &failed.params)
            .unwrap();
        assert!(!ticket.contains(['{', '}']), "{ticket}");
        assert!(ticket.contains(EBAI) && ticket.contains("2026-11-21"), "{ticket}");
    }
    // The other store does not suffer from it, and this one works as soon as the platform has mended it.
    assert!(
        counter
            .engine()
            .test_store(counter.shangou)
            .await
            .unwrap()
            .is_ok()
    );
    counter.world().faults.clear();
    assert!(counter.engine().test_store(counter.ebai).await.unwrap().is_ok());
}
