//! Rows that the checks before a sync find: the situation, its words, and the remedy run to its end.

use crate::kit::{
    BREAD, CRISPS, MILK_BOX, WATER, classify, counter, findings, gone, only, price_there, set, sku, sync,
};
use domain::finding::{EditField, Remedy, Severity};
use domain::product::SINGLE_SPEC;
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::{NewListing, NewSpec};
use suites::{EBAI, GOODS, SHANGOU};

#[tokio::test(start_paused = true)]
async fn f09_a_price_beyond_the_range_is_held_back_and_a_pasted_barcode_is_named() {
    let counter = counter().await;
    set(&counter, WATER, EditField::Price, "3000001");
    let finding = only(&counter, counter.shangou, "F09");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(
        (
            finding.params["max"].as_str(),
            finding.params["pasted_barcode"].as_str()
        ),
        ("30000.00", "false")
    );
    sync(&counter, counter.shangou).await;
    assert_eq!(price_there(&counter, MeituanShangou, WATER), 200, "not sent");

    set(
        &counter,
        WATER,
        EditField::Price,
        &format!("{}00", GOODS[WATER].3),
    );
    assert_eq!(
        only(&counter, counter.shangou, "F09").params["pasted_barcode"],
        "true"
    );
    assert!(matches!(
        only(&counter, counter.shangou, "F09").remedies[..],
        [Remedy::EditField {
            field: EditField::Price,
            ..
        }]
    ));
    set(&counter, WATER, EditField::Price, "210");
    gone(&counter, counter.shangou, "F09");
    assert_eq!(sync(&counter, counter.shangou).await.rejected, 0);
    assert_eq!(price_there(&counter, MeituanShangou, WATER), 210);
}

#[tokio::test(start_paused = true)]
async fn f14_a_product_made_on_the_platform_is_not_blanked_and_is_taken_over() {
    let counter = counter().await;
    let found = findings(&counter, counter.ebai, "F14");
    assert_eq!(
        found.len(),
        4,
        "pictures and group are there and not here: {found:?}"
    );
    // A sync while it stands clears nothing.
    let before = counter.world().shop(Ebai, EBAI).unwrap().listings.clone();
    sync(&counter, counter.ebai).await;
    for (id, listing) in &before {
        let world = counter.world();
        let now = world.listing(Ebai, EBAI, id).unwrap();
        assert_eq!(
            (&now.pictures, &now.group_ids),
            (&listing.pictures, &listing.group_ids)
        );
    }
    counter
        .engine()
        .fix_findings("F14", Some(counter.ebai))
        .await
        .unwrap();
    for sku in &counter.skus {
        let product = counter.engine().db().read(|c| {
            let id = storage::product::of_sku(c, *sku)?.expect("it has a product");
            storage::product::get(c, id)
        });
        let product = product.unwrap();
        assert!(product.category.is_some(), "the group came along");
        let pictures = counter.engine().picture_rows(product.id).unwrap();
        assert_eq!(pictures.len(), 1, "and so did the picture");
        assert_eq!((pictures[0].format.as_str(), pictures[0].width), ("jpeg", 320));
    }
    gone(&counter, counter.ebai, "F14");
}

#[tokio::test(start_paused = true)]
async fn f17_a_product_without_a_sku_code_gets_one_and_orders_match_again() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, BREAD)].clone();
    counter
        .world()
        .change_sku_code(MeituanShangou, SHANGOU, &listing, &spec, "")
        .unwrap();
    counter.engine().pull_store(counter.shangou).await.unwrap();
    let finding = only(&counter, counter.shangou, "F17");
    assert_eq!(finding.params["name"], GOODS[BREAD].0);
    counter.engine().run_remedy(&finding.remedies[0]).await.unwrap();
    assert!(
        counter.bound(counter.shangou, counter.skus[BREAD]).is_some(),
        "reading again by name and spec keeps the binding"
    );
    sync(&counter, counter.shangou).await;
    counter.engine().pull_store(counter.shangou).await.unwrap();
    gone(&counter, counter.shangou, "F17");
    let number = counter.order(MeituanShangou, &[BREAD]);
    counter.round().await;
    assert_eq!(counter.documents(&number), 1);
}

#[tokio::test(start_paused = true)]
async fn f23_a_missing_barcode_is_told_before_the_platform_does_and_may_be_left_out() {
    let counter = counter().await;
    set(&counter, WATER, EditField::Barcode, "");
    let finding = only(&counter, counter.shangou, "F23");
    assert_eq!(finding.severity, Severity::Error);
    let skip = finding
        .remedies
        .iter()
        .find(|remedy| matches!(remedy, Remedy::SkipBarcode { .. }))
        .expect("本商品不同步UPC");
    counter.engine().run_remedy(skip).await.unwrap();
    gone(&counter, counter.shangou, "F23");
    set(&counter, WATER, EditField::Price, "220");
    assert_eq!(sync(&counter, counter.shangou).await.rejected, 0);
    assert_eq!(price_there(&counter, MeituanShangou, WATER), 220);
}

#[tokio::test(start_paused = true)]
async fn f27_two_skus_with_one_barcode_are_both_told() {
    let counter = counter().await;
    set(&counter, BREAD, EditField::Barcode, GOODS[WATER].3);
    for store in [counter.shangou, counter.ebai] {
        let found = findings(&counter, store, "F27");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found
                .iter()
                .all(|finding| finding.params["barcode"].ends_with(&GOODS[WATER].3[1..]))
        );
    }
    set(&counter, BREAD, EditField::Barcode, GOODS[BREAD].3);
    gone(&counter, counter.shangou, "F27");
}

#[tokio::test(start_paused = true)]
async fn f44_a_barcode_that_stands_on_another_product_there_is_named_with_it() {
    let counter = counter().await;
    let (listing, _) = counter.listings[&(MeituanShangou, BREAD)].clone();
    let group = counter
        .world()
        .listing(MeituanShangou, SHANGOU, &listing)
        .unwrap()
        .group_ids
        .clone();
    let other = NewListing {
        code: "OTHER-1".into(),
        name: "隔壁老面包".into(),
        group_ids: group,
        specs: vec![NewSpec {
            code: "OTHER-1".into(),
            name: SINGLE_SPEC.into(),
            upc: "6901234567892".into(),
            price_fen: 990,
            stock: 9,
            ..NewSpec::default()
        }],
        ..NewListing::default()
    };
    counter
        .world()
        .add_listing(MeituanShangou, SHANGOU, other)
        .unwrap();
    counter.engine().pull_store(counter.shangou).await.unwrap();
    set(&counter, CRISPS, EditField::Barcode, "6901234567892");
    let finding = only(&counter, counter.shangou, "F44");
    assert_eq!(
        (finding.severity, finding.params["other"].as_str()),
        (Severity::Error, "隔壁老面包")
    );
    // The platform never hears of it, and the rest of the product goes.
    set(&counter, CRISPS, EditField::Price, "770");
    assert_eq!(sync(&counter, counter.shangou).await.rejected, 0);
    assert_eq!(price_there(&counter, MeituanShangou, CRISPS), 770);
    set(&counter, CRISPS, EditField::Barcode, GOODS[CRISPS].3);
    gone(&counter, counter.shangou, "F44");
}

#[tokio::test(start_paused = true)]
async fn f38_a_missing_platform_category_warns_and_stops_nothing() {
    let counter = counter().await;
    let found = findings(&counter, counter.shangou, "F38");
    assert!(
        found.iter().all(|finding| finding.severity == Severity::Warning),
        "{found:?}"
    );
    let listed = counter
        .engine()
        .db()
        .read(|c| storage::listing::of_store(c, counter.shangou))
        .unwrap();
    let without: std::collections::BTreeSet<_> = listed
        .iter()
        .filter(|row| row.category_id.is_empty())
        .map(|row| row.listing)
        .collect();
    assert_eq!(
        found.len(),
        without.len(),
        "one for each product without a category"
    );
    set(&counter, WATER, EditField::Price, "230");
    sync(&counter, counter.shangou).await;
    assert_eq!(price_there(&counter, MeituanShangou, WATER), 230);
}

#[tokio::test(start_paused = true)]
async fn f39_a_wrong_check_digit_is_told_with_the_right_one() {
    let counter = counter().await;
    let right = GOODS[BREAD].3;
    let wrong = format!("{}{}", &right[..12], (right.as_bytes()[12] - b'0' + 1) % 10);
    set(&counter, BREAD, EditField::Barcode, &wrong);
    for store in [counter.shangou, counter.ebai] {
        assert_eq!(only(&counter, store, "F39").params["right"], right);
    }
    let fixed = counter
        .engine()
        .fix_findings("F39", Some(counter.shangou))
        .await
        .unwrap();
    assert_eq!((fixed.fixed, fixed.left), (1, 0));
    assert_eq!(sku(&counter, counter.skus[BREAD]).barcode, right);
    gone(&counter, counter.ebai, "F39");
}

#[tokio::test(start_paused = true)]
async fn f41_f57b_a_group_below_one_that_holds_products_is_refused_before_the_platform_does() {
    let counter = counter().await;
    classify(&counter, WATER, &["饮料零食", "水"]);
    for (store, id) in [(counter.shangou, "F41"), (counter.ebai, "F57b")] {
        let finding = only(&counter, store, id);
        assert_eq!(
            (finding.severity, finding.params["child"].as_str()),
            (Severity::Error, "水")
        );
        assert_eq!(finding.params["parent"], "饮料零食");
        assert_eq!(
            sync(&counter, store).await.rejected,
            0,
            "nothing that would be refused is sent"
        );
    }
    // 改用A本身.
    classify(&counter, WATER, &["饮料零食"]);
    gone(&counter, counter.shangou, "F41");
    gone(&counter, counter.ebai, "F57b");
}

#[tokio::test(start_paused = true)]
async fn f57a_a_product_cannot_lie_in_a_group_that_has_children() {
    let counter = counter().await;
    {
        let mut world = counter.world();
        let parent = world.add_group(Ebai, EBAI, "酒水", None).unwrap();
        world.add_group(Ebai, EBAI, "啤酒", Some(&parent)).unwrap();
    }
    counter.engine().pull_store(counter.ebai).await.unwrap();
    classify(&counter, BREAD, &["酒水"]);
    let finding = only(&counter, counter.ebai, "F57a");
    assert_eq!(finding.params["children"], "啤酒");
    // Choose the child.
    classify(&counter, BREAD, &["酒水", "啤酒"]);
    gone(&counter, counter.ebai, "F57a");
    assert_eq!(sync(&counter, counter.ebai).await.rejected, 0);
}

#[tokio::test(start_paused = true)]
async fn f51_a_lone_spec_that_is_not_called_单规格_is_renamed_in_one_click() {
    let counter = counter().await;
    set(&counter, CRISPS, EditField::SpecName, "75g");
    gone(&counter, counter.shangou, "F51");
    assert_eq!(only(&counter, counter.ebai, "F51").params["spec"], "75g");
    let fixed = counter
        .engine()
        .fix_findings("F51", Some(counter.ebai))
        .await
        .unwrap();
    assert_eq!((fixed.fixed, fixed.left), (1, 0));
    assert_eq!(sku(&counter, counter.skus[CRISPS]).spec_name, SINGLE_SPEC);
}

#[tokio::test(start_paused = true)]
async fn f59_a_group_name_over_twelve_characters_is_counted_and_shortened() {
    let counter = counter().await;
    let long = "进口饮料和休闲零食大礼包专区";
    classify(&counter, MILK_BOX, &[long]);
    gone(&counter, counter.shangou, "F59");
    let finding = only(&counter, counter.ebai, "F59");
    assert_eq!(
        (finding.params["length"].as_str(), finding.params["max"].as_str()),
        ("14", "12")
    );
    let fixed = counter
        .engine()
        .fix_findings("F59", Some(counter.ebai))
        .await
        .unwrap();
    assert_eq!((fixed.fixed, fixed.left), (1, 0));
    let offers = counter
        .engine()
        .db()
        .read(|c| storage::offer::of_store(c, counter.ebai))
        .unwrap();
    assert_eq!(
        offers[0].group.as_deref(),
        Some(&["进口饮料和休闲零食大礼包".to_owned()][..])
    );
}

#[tokio::test(start_paused = true)]
async fn f25_one_code_on_two_products_is_told_with_both_and_is_gone_when_it_is_mended_there() {
    let counter = counter().await;
    let (listing, spec) = counter.listings[&(MeituanShangou, CRISPS)].clone();
    let change = |code: &str| {
        let mut world = counter.world();
        world
            .change_sku_code(MeituanShangou, SHANGOU, &listing, &spec, code)
            .unwrap();
    };
    change(GOODS[BREAD].2);
    counter.engine().pull_store(counter.shangou).await.unwrap();
    let found = findings(&counter, counter.shangou, "F25");
    let pair = found
        .iter()
        .find(|finding| !finding.params["other"].is_empty())
        .expect("the two that are there");
    assert_eq!(pair.severity, Severity::Error);
    assert_eq!(pair.params["code"], GOODS[BREAD].2);
    let named = [pair.params["name"].as_str(), pair.params["other"].as_str()];
    assert!(
        named.contains(&GOODS[BREAD].0) && named.contains(&GOODS[CRISPS].0),
        "{named:?}"
    );
    gone(&counter, counter.ebai, "F25");
    // Neither is written to while an order could mean either.
    set(&counter, CRISPS, EditField::Price, "780");
    assert_eq!(sync(&counter, counter.shangou).await.rejected, 0);
    assert_eq!(price_there(&counter, MeituanShangou, CRISPS), 750);

    change("OWN-CRISPS-1");
    let reread = Remedy::Reread {
        store: counter.shangou,
    };
    assert_eq!(pair.remedies, std::slice::from_ref(&reread));
    counter.engine().run_remedy(&reread).await.unwrap();
    gone(&counter, counter.shangou, "F25");
    assert_eq!(sync(&counter, counter.shangou).await.rejected, 0);
    assert_eq!(price_there(&counter, MeituanShangou, CRISPS), 780);
}
