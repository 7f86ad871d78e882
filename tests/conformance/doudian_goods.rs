//! 抖店小时达: products made and changed.

use crate::doudian::{OTHER, all, connector, jpeg, named, reference};
use crate::kit::{DD, Kit, SHOP, leaf, with};
use connect::platform::{ListingWrite, Platform, PriceWrite, SkuWrite, WriteOutcome};
use connect::session::Session;
use domain::listing::ReviewState;
use domain::money::Money;
use platforms::doudian::Doudian;

/// A product that the platform takes, with its picture uploaded.
async fn new_product(kit: &Kit, doudian: &Doudian, session: &Session, code: &str) -> ListingWrite {
    let picture = doudian
        .upload_picture(session, "a.jpg", jpeg(800, 800))
        .await
        .unwrap();
    let category = leaf(&kit.world());
    ListingWrite {
        outer_code: code.to_owned(),
        name: Some(format!("新品 {code}")),
        category_id: Some(category),
        pictures: Some(vec![picture]),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: code.to_owned(),
            spec_name: Some("单规格".to_owned()),
            price: Some(Money(1990)),
            stock: Some(7),
            weight_g: Some(250),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

async fn write_one(doudian: &Doudian, session: &Session, write: &ListingWrite) -> WriteOutcome {
    let outcomes = doudian.write(session, std::slice::from_ref(write)).await.unwrap();
    outcomes.into_iter().next().unwrap()
}

/// Lets every review end.
fn wait_for_reviews(kit: &Kit) {
    kit.world().clock.advance(3_600_000);
}

#[tokio::test]
async fn a_product_is_created_with_its_picture_and_read_back() {
    let (kit, doudian, session) = connector();
    let product = new_product(&kit, &doudian, &session, "N-1").await;
    let outcome = write_one(&doudian, &session, &product).await;
    let WriteOutcome::InReview { remote_id: Some(id) } = &outcome else {
        panic!("{outcome:?}");
    };
    let read = doudian.listing(&session, None, "N-1").await.unwrap().unwrap();
    assert_eq!((&read.remote_id, read.name.as_str()), (id, "新品 N-1"));
    assert_eq!(read.review, ReviewState::Pending);
    assert_eq!(Some(&read.category_id), product.category_id.as_ref());
    assert_eq!(Some(&read.pictures), product.pictures.as_ref());
    assert_eq!(
        (read.skus[0].price, read.skus[0].stock, read.on_sale),
        (Some(Money(1990)), Some(7), true)
    );
    wait_for_reviews(&kit);
    let read = doudian.listing(&session, Some(id), "").await.unwrap().unwrap();
    assert_eq!(read.review, ReviewState::None);
}

#[tokio::test]
async fn two_stores_share_one_main_product() {
    let (kit, doudian, session) = connector();
    kit.world().add_store(DD, OTHER, "二店").unwrap();
    let other = Session {
        remote_id: OTHER.to_owned(),
        ..session.clone()
    };
    let product = new_product(&kit, &doudian, &session, "N-2").await;
    for session in [&session, &other] {
        let outcome = write_one(&doudian, session, &product).await;
        assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
        let listings = all(&doudian, session).await;
        assert_eq!(named(&listings, "新品 N-2").skus[0].stock, Some(7));
    }
    assert_eq!(kit.world().doudian.mains.len(), 1);
    assert_eq!(all(&doudian, &other).await.len(), 1);
}

#[tokio::test]
async fn a_multi_spec_product_is_created_with_a_code_for_each_spec() {
    let (kit, doudian, session) = connector();
    let spec = |code: &str, name: &str, price: i64| SkuWrite {
        outer_sku_code: code.to_owned(),
        spec_name: Some(name.to_owned()),
        price: Some(Money(price)),
        stock: Some(3),
        weight_g: Some(100),
        ..SkuWrite::default()
    };
    let product = ListingWrite {
        multi_spec: true,
        skus: vec![spec("N-3-S", "小份", 900), spec("N-3-L", "大份", 1500)],
        ..new_product(&kit, &doudian, &session, "N-3").await
    };
    let outcome = write_one(&doudian, &session, &product).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
    let read = doudian.listing(&session, None, "N-3").await.unwrap().unwrap();
    let specs: Vec<_> = read
        .skus
        .iter()
        .map(|sku| (sku.spec_name.as_str(), sku.outer_sku_code.as_str(), sku.price))
        .collect();
    assert_eq!(
        specs,
        [
            ("小份", "N-3-S", Some(Money(900))),
            ("大份", "N-3-L", Some(Money(1500)))
        ]
    );
}

#[tokio::test]
async fn one_spec_of_several_is_renamed_and_a_third_is_added() {
    let (_kit, doudian, session) = connector();
    let before = doudian.listing(&session, None, "P-2").await.unwrap().unwrap();
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-2".to_owned(),
        multi_spec: true,
        skus: vec![
            SkuWrite {
                remote_id: Some(before.skus[0].remote_id.clone()),
                outer_sku_code: "P-2-S".to_owned(),
                spec_name: Some("迷你杯".to_owned()),
                ..SkuWrite::default()
            },
            SkuWrite {
                outer_sku_code: "P-2-XL".to_owned(),
                spec_name: Some("特大杯".to_owned()),
                price: Some(Money(1_950)),
                stock: Some(4),
                ..SkuWrite::default()
            },
        ],
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
    let after = doudian.listing(&session, None, "P-2").await.unwrap().unwrap();
    let specs: Vec<_> = after
        .skus
        .iter()
        .map(|sku| {
            (
                sku.spec_name.as_str(),
                sku.outer_sku_code.as_str(),
                sku.price,
                sku.stock,
            )
        })
        .collect();
    assert_eq!(
        specs,
        [
            ("迷你杯", "P-2-S", Some(Money(1250)), Some(20)),
            ("大杯", "P-2-L", Some(Money(1600)), Some(20)),
            ("特大杯", "P-2-XL", Some(Money(1950)), Some(4))
        ]
    );
    // The spec that was not touched is the same SKU as before.
    assert_eq!(after.skus[1].remote_id, before.skus[1].remote_id);
    assert_eq!(after.name, before.name);
}

#[tokio::test]
async fn an_update_leaves_alone_what_it_does_not_name() {
    let (_kit, doudian, session) = connector();
    let before = doudian.listing(&session, None, "P-1").await.unwrap().unwrap();
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        name: Some("红富士苹果".to_owned()),
        on_sale: Some(false),
        skus: vec![SkuWrite {
            remote_id: Some(before.skus[0].remote_id.clone()),
            outer_sku_code: "P-1".to_owned(),
            spec_name: Some("单规格".to_owned()),
            price: Some(Money(1_234)),
            stock: Some(5),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
    let after = doudian.listing(&session, None, "P-1").await.unwrap().unwrap();
    let mut expected = before;
    expected.name = "红富士苹果".to_owned();
    expected.on_sale = false;
    expected.skus[0].price = Some(Money(1_234));
    expected.skus[0].stock = Some(5);
    assert_eq!(after, expected);
    let back = ListingWrite {
        remote_id: Some(after.remote_id.clone()),
        on_sale: Some(true),
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &back).await;
    assert!(matches!(outcome, WriteOutcome::Accepted { .. }), "{outcome:?}");
    assert!(
        doudian
            .listing(&session, None, "P-1")
            .await
            .unwrap()
            .unwrap()
            .on_sale
    );
}

#[tokio::test]
async fn a_part_that_is_refused_after_another_was_done_is_told_as_a_flaw() {
    let (_kit, doudian, session) = connector();
    let before = doudian.listing(&session, None, "P-1").await.unwrap().unwrap();
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        name: Some("青苹果".to_owned()),
        skus: vec![SkuWrite {
            remote_id: Some(before.skus[0].remote_id.clone()),
            price: Some(Money(0)),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(
        matches!(&outcome, WriteOutcome::Flawed { text, .. } if text.contains("价格")),
        "{outcome:?}"
    );
    let after = doudian.listing(&session, None, "P-1").await.unwrap().unwrap();
    assert_eq!(
        (after.name.as_str(), after.skus[0].price),
        ("青苹果", Some(Money(990)))
    );
}

#[tokio::test]
async fn refused_products_hear_why() {
    let (kit, doudian, session) = connector();
    let good = new_product(&kit, &doudian, &session, "N-4").await;
    let small = doudian
        .upload_picture(&session, "small.jpg", jpeg(500, 500))
        .await
        .unwrap();
    let refused = [
        (
            ListingWrite {
                name: Some("苹".repeat(31)),
                ..good.clone()
            },
            "30个汉字",
        ),
        (
            ListingWrite {
                pictures: Some(vec!["https://img.example.com/elsewhere.jpg".to_owned()]),
                ..good.clone()
            },
            "素材中心",
        ),
        (
            ListingWrite {
                pictures: Some(vec![small]),
                ..good.clone()
            },
            "600",
        ),
        (
            ListingWrite {
                category_id: None,
                ..good.clone()
            },
            "category_leaf_id字段缺失",
        ),
        (
            ListingWrite {
                skus: vec![SkuWrite {
                    spec_name: Some("大,小".to_owned()),
                    ..good.skus[0].clone()
                }],
                ..good.clone()
            },
            "规格名称不能含有",
        ),
    ];
    for (write, why) in refused {
        let outcome = write_one(&doudian, &session, &write).await;
        assert!(
            matches!(&outcome, WriteOutcome::Rejected { text, .. } if text.contains(why)),
            "{why}: {outcome:?}"
        );
    }
    assert!(kit.world().doudian.mains.is_empty());
}

#[tokio::test]
async fn f70_without_a_service_phone_nothing_is_created() {
    let (kit, doudian, session) = connector();
    let product = new_product(&kit, &doudian, &session, "N-5").await;
    let silent = with(&session, "mobile", "");
    let outcome = write_one(&doudian, &silent, &product).await;
    assert!(
        matches!(&outcome, WriteOutcome::Rejected { text, .. } if text.contains("mobile字段缺失")),
        "{outcome:?}"
    );
    assert_eq!(kit.world().ledger.calls("doudian/product.addV2"), 0);
}

#[tokio::test]
async fn f71_a_product_in_the_recycle_bin_is_gone_until_it_is_restored() {
    let (kit, doudian, session) = connector();
    let held = doudian.listing(&session, None, "P-1").await.unwrap().unwrap();
    kit.world().delete_listing(DD, SHOP, &held.remote_id).unwrap();
    assert_eq!(
        doudian
            .listing(&session, Some(&held.remote_id), "P-1")
            .await
            .unwrap(),
        None
    );
    assert_eq!(doudian.listing(&session, None, "P-1").await.unwrap(), None);
    let change = ListingWrite {
        remote_id: Some(held.remote_id.clone()),
        name: Some("红富士苹果".to_owned()),
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &change).await;
    assert_eq!(
        outcome,
        WriteOutcome::Rejected {
            code: "isv.business-failed:2010042".to_owned(),
            text: "商品已删除，请将商品恢复后再修改".to_owned()
        }
    );
    kit.world().doudian_restore(&held.remote_id).unwrap();
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_product_in_review_takes_prices_and_stock_but_no_changes() {
    let (kit, doudian, session) = connector();
    let product = new_product(&kit, &doudian, &session, "N-6").await;
    write_one(&doudian, &session, &product).await;
    let held = doudian.listing(&session, None, "N-6").await.unwrap().unwrap();
    let change = ListingWrite {
        remote_id: Some(held.remote_id.clone()),
        name: Some("新名字".to_owned()),
        ..ListingWrite::default()
    };
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(
        matches!(&outcome, WriteOutcome::Rejected { text, .. } if text.contains("审核中")),
        "{outcome:?}"
    );
    let price = PriceWrite {
        sku: reference(&held, &held.skus[0]),
        price: Money(1_500),
    };
    let outcomes = doudian.set_prices(&session, &[price]).await.unwrap();
    assert_eq!(outcomes, [WriteOutcome::Accepted { remote_id: None }]);
    wait_for_reviews(&kit);
    let outcome = write_one(&doudian, &session, &change).await;
    assert!(matches!(outcome, WriteOutcome::InReview { .. }), "{outcome:?}");
}
