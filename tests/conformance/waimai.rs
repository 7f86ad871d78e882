//! 美团外卖: the connection, groups and products, asked in each of its three ways.

use crate::kit::{Kit, SHOP, WM, all, by_code, jpeg, named, reference};
use connect::error::Layer;
use connect::platform::{
    GroupPlace, ListingRef, ListingWrite, Platform, PriceWrite, RemoteListing, SkuRef, SkuWrite, StockWrite,
    WriteOutcome,
};
use connect::session::Session;
use domain::money::Money;
use platforms::meituan_waimai::MeituanWaimai;
use sim::Service;
use sim::world::UNLIMITED;

/// A world of its own for each way: `food*`, MTOp with taking orders, MTOp without.
pub(crate) fn ways() -> [(&'static str, Kit, MeituanWaimai, Session); 3] {
    ["food", "2", "16"].map(|way| {
        let kit = Kit::new();
        let session = match way {
            "food" => kit.session(Service::MeituanWaimai),
            business => kit.vendor(business),
        };
        let waimai = MeituanWaimai::new(kit.gateway.clone());
        (way, kit, waimai, session)
    })
}

fn new_dish(code: &str, picture: &str) -> ListingWrite {
    ListingWrite {
        outer_code: code.to_owned(),
        name: Some(format!("新品 {code}")),
        group_path: Some(vec!["水果".to_owned()]),
        pictures: Some(vec![
            picture.to_owned(),
            "https://img.example.com/second.jpg".to_owned(),
        ]),
        description: Some("现切".to_owned()),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: format!("{code}-1"),
            spec_name: Some("单规格".to_owned()),
            barcode: Some("6901234567885".to_owned()),
            price: Some(Money(1990)),
            stock: Some(7),
            packing_fee: Some(Money(100)),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

async fn write_one(waimai: &MeituanWaimai, session: &Session, write: &ListingWrite) -> WriteOutcome {
    let outcomes = waimai.write(session, std::slice::from_ref(write)).await.unwrap();
    outcomes.into_iter().next().unwrap()
}

fn accepted() -> WriteOutcome {
    WriteOutcome::Accepted { remote_id: None }
}

#[track_caller]
fn refused_for(outcome: &WriteOutcome, words: &str) {
    assert!(
        matches!(outcome, WriteOutcome::Rejected { text, .. } if text.contains(words)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    for (way, _kit, waimai, session) in ways() {
        for layer in [
            Layer::Key,
            Layer::Signature,
            Layer::Permission,
            Layer::Store,
            Layer::Orders,
        ] {
            assert_eq!(waimai.probe(&session, layer).await.unwrap().layer, layer, "{way}");
        }
        let store = waimai.probe(&session, Layer::Store).await.unwrap();
        assert_eq!(store.params["name"], "禾记便利 三里屯店");
        let stores = waimai.stores(&session).await.unwrap();
        assert_eq!((stores[0].remote_id.as_str(), stores[0].open), (SHOP, Some(true)));
    }
}

#[tokio::test]
async fn groups_have_one_level_and_are_made_once() {
    for (way, kit, waimai, session) in ways() {
        let groups = waimai.groups(&session).await.unwrap();
        assert!(groups.iter().all(|group| group.parent.is_none()), "{way}");
        assert!(groups.iter().any(|group| group.name == "茶"), "{way}");
        let path = ["零食".to_owned()];
        for _ in 0..2 {
            assert_eq!(waimai.create_group(&session, &path, 5).await.unwrap(), "零食");
        }
        let deep = ["零食".to_owned(), "薯片".to_owned()];
        assert!(waimai.create_group(&session, &deep, 1).await.is_err());
        let place = GroupPlace {
            remote_id: "零食".to_owned(),
            path: path.into(),
            position: 9,
        };
        waimai.order_groups(&session, &[place]).await.unwrap();
        let world = kit.world();
        let group = world.shop(WM, SHOP).unwrap().group_named(None, "零食").unwrap();
        assert_eq!(group.sequence, 9, "{way}");
    }
}

#[tokio::test]
async fn dishes_carry_codes_prices_groups_and_one_picture() {
    for (way, kit, waimai, session) in ways() {
        let tea = kit
            .world()
            .shop(WM, SHOP)
            .unwrap()
            .listing_by_code("P-2")
            .unwrap()
            .clone();
        let change = |listing: &mut sim::world::Listing| {
            listing.specs[1].stock = UNLIMITED;
            Ok(())
        };
        kit.world().change_listing(WM, SHOP, &tea.id, change).unwrap();
        let listings = all(&waimai, &session).await;
        let apple = named(&listings, "示例苹果");
        assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true), "{way}");
        assert_eq!(apple.group_path, ["水果"]);
        assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
        let sku = &apple.skus[0];
        assert_eq!((sku.price, sku.stock), (Some(Money(990)), Some(20)));
        assert_eq!(
            (sku.barcode.as_str(), sku.spec_name.as_str()),
            ("6901234567892", "单规格")
        );
        let tea = named(&listings, "乌龙茶");
        // `*` is no number.
        assert_eq!((tea.skus.len(), tea.skus[1].stock), (2, None));
        let by_hand = named(&listings, "现切水果拼盘");
        assert!(by_hand.outer_code.is_empty() && !by_hand.remote_id.is_empty());
        assert_eq!(&by_code(&waimai, &session, "P-2").await, tea);
        assert_eq!(waimai.listing(&session, None, "P-404").await.unwrap(), None);
        let again = waimai
            .listing(&session, Some(&by_hand.remote_id), "")
            .await
            .unwrap();
        assert_eq!(again.as_ref(), Some(by_hand));
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    for (way, kit, waimai, session) in ways() {
        let twin = kit
            .world()
            .shop(WM, SHOP)
            .unwrap()
            .listing_by_code("P-1")
            .unwrap()
            .id
            .clone();
        for _ in 0..450 {
            kit.world().duplicate_listing(WM, SHOP, &twin).unwrap();
        }
        let listings = all(&waimai, &session).await;
        let ids: std::collections::BTreeSet<&str> = listings
            .iter()
            .map(|listing| listing.remote_id.as_str())
            .collect();
        assert_eq!((ids.len(), listings.len()), (453, 453), "{way}");
    }
}

#[tokio::test]
async fn a_dish_is_created_with_its_picture_and_read_back() {
    for (way, _kit, waimai, session) in ways() {
        let picture = waimai
            .upload_picture(&session, "苹果 主图.jpg", jpeg())
            .await
            .unwrap();
        let outcome = write_one(&waimai, &session, &new_dish("N-1", &picture)).await;
        assert_eq!(outcome, accepted(), "{way}");
        let read = by_code(&waimai, &session, "N-1").await;
        assert_eq!(
            (read.name.as_str(), read.group_path.as_slice()),
            ("新品 N-1", ["水果".to_owned()].as_slice())
        );
        // F33: the second one is not sent.
        assert_eq!(read.pictures, [picture]);
        assert_eq!(read.description.as_deref(), Some("现切"));
        let sku = &read.skus[0];
        assert_eq!(
            (sku.price, sku.stock, sku.packing_fee),
            (Some(Money(1990)), Some(7), Some(Money(100))),
            "{way}"
        );
        assert_eq!(
            (sku.outer_sku_code.as_str(), sku.barcode.as_str()),
            ("N-1-1", "6901234567885")
        );
        assert!(waimai.write(&session, &[]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_rename_does_not_reset_the_specs() {
    for (way, _kit, waimai, session) in ways() {
        let before = by_code(&waimai, &session, "P-2").await;
        let change = ListingWrite {
            remote_id: Some(before.remote_id.clone()),
            outer_code: "P-2".to_owned(),
            name: Some("冷泡乌龙茶".to_owned()),
            ..ListingWrite::default()
        };
        assert_eq!(write_one(&waimai, &session, &change).await, accepted(), "{way}");
        let expected = RemoteListing {
            name: "冷泡乌龙茶".to_owned(),
            ..before
        };
        assert_eq!(by_code(&waimai, &session, "P-2").await, expected, "{way}");
    }
}

#[tokio::test]
async fn a_changed_spec_leaves_the_others_alone() {
    for (way, _kit, waimai, session) in ways() {
        let before = by_code(&waimai, &session, "P-2").await;
        let change = ListingWrite {
            remote_id: Some(before.remote_id.clone()),
            outer_code: "P-2".to_owned(),
            skus: vec![SkuWrite {
                outer_sku_code: "P-2-L".to_owned(),
                price: Some(Money(1700)),
                ..SkuWrite::default()
            }],
            ..ListingWrite::default()
        };
        assert_eq!(write_one(&waimai, &session, &change).await, accepted(), "{way}");
        let after = by_code(&waimai, &session, "P-2").await;
        assert_eq!(after.skus[0], before.skus[0]);
        assert_eq!(
            (after.skus[1].price, after.skus[1].stock),
            (Some(Money(1700)), Some(20))
        );
    }
}

#[tokio::test]
async fn each_dish_of_a_batch_hears_its_own_refusal() {
    for (way, _kit, waimai, session) in ways() {
        let good = new_dish("N-3", "https://img.example.com/n.jpg");
        let with = |code: &str, change: fn(&mut ListingWrite)| {
            let mut dish = new_dish(code, "https://img.example.com/n.jpg");
            dish.skus[0].barcode = None;
            change(&mut dish);
            dish
        };
        let dishes = [
            with("N-4", |dish| dish.name = Some("长".repeat(31))),
            good,
            with("N-5", |dish| {
                dish.group_path = Some(vec!["没有的分组".to_owned()]);
            }),
            with("N-6", |dish| dish.skus[0].outer_sku_code.clear()),
            with("N-7", |dish| dish.skus[0].outer_sku_code = "P-1".to_owned()),
            with("N-8", |dish| {
                dish.skus[0].barcode = Some("6901234567892".to_owned());
            }),
            with("N-9", |dish| dish.pictures = Some(vec!["IMG404".to_owned()])),
            // F31a: stored blank without a word.
            with("N-10", |dish| {
                dish.skus[0].barcode = Some("6901234567893".to_owned());
            }),
        ];
        let outcomes = waimai.write(&session, &dishes).await.unwrap();
        refused_for(&outcomes[0], "30个字符");
        assert_eq!((&outcomes[1], &outcomes[7]), (&accepted(), &accepted()), "{way}");
        refused_for(&outcomes[2], "商品分类不存在");
        refused_for(&outcomes[3], "sku_id字段为空");
        refused_for(&outcomes[4], "sku_id数值重复");
        refused_for(&outcomes[5], "要求upc值不能重复");
        refused_for(&outcomes[6], "picture不存在");
        assert_eq!(by_code(&waimai, &session, "N-10").await.skus[0].barcode, "");
        let alone = waimai.write(&session, &dishes[..1]).await.unwrap();
        refused_for(&alone[0], "30个字符");
        let bad = waimai.write(&session, &dishes[2..5]).await.unwrap();
        refused_for(&bad[0], "商品分类不存在");
        refused_for(&bad[2], "sku_id数值重复");
    }
}

#[tokio::test]
async fn prices_and_stock_are_set_row_by_row() {
    for (way, _kit, waimai, session) in ways() {
        let listings = all(&waimai, &session).await;
        let (tea, by_hand) = (named(&listings, "乌龙茶"), named(&listings, "现切水果拼盘"));
        let mut rows: Vec<SkuRef> = tea.skus.iter().map(|sku| reference(tea, sku)).collect();
        rows.push(reference(by_hand, &by_hand.skus[0]));
        rows.push(SkuRef {
            outer_code: "P-404".to_owned(),
            outer_sku_code: "P-404-1".to_owned(),
            ..rows[0].clone()
        });
        let price = |sku: &SkuRef| PriceWrite {
            sku: sku.clone(),
            price: Money(1888),
        };
        let stock = |sku: &SkuRef| StockWrite {
            sku: sku.clone(),
            stock: 3,
        };
        let prices: Vec<PriceWrite> = rows.iter().map(price).collect();
        let stocks: Vec<StockWrite> = rows.iter().map(stock).collect();
        for outcomes in [
            waimai.set_prices(&session, &prices).await.unwrap(),
            waimai.set_stocks(&session, &stocks).await.unwrap(),
        ] {
            assert_eq!(outcomes[..2], [accepted(), accepted()], "{way}");
            refused_for(&outcomes[2], "sku_id字段为空");
            refused_for(&outcomes[3], "商品不存在");
        }
        let after = by_code(&waimai, &session, "P-2").await;
        let told =
            |sku: &connect::platform::RemoteSku| (sku.price, sku.stock) == (Some(Money(1888)), Some(3));
        assert!(after.skus.iter().all(told), "{way}");
    }
}

#[tokio::test]
async fn codes_are_written_onto_dishes_with_and_without_any() {
    for (way, kit, waimai, session) in ways() {
        let listings = all(&waimai, &session).await;
        let tea = named(&listings, "乌龙茶");
        let codes: Vec<_> = tea
            .skus
            .iter()
            .map(|sku| (sku.clone(), format!("NEW-{}", sku.spec_name)))
            .collect();
        waimai.bind_codes(&session, tea, "P-2", &codes).await.unwrap();
        let bound = by_code(&waimai, &session, "P-2").await;
        let held: Vec<&str> = bound.skus.iter().map(|sku| sku.outer_sku_code.as_str()).collect();
        assert_eq!(held, ["NEW-小杯", "NEW-大杯"], "{way}");

        let by_hand = named(&listings, "现切水果拼盘");
        let codes = [(by_hand.skus[0].clone(), "OWN-1-1".to_owned())];
        let written = waimai.bind_codes(&session, by_hand, "OWN-1", &codes).await;
        if way == "16" {
            assert!(written.unwrap_err().text().contains("绑定自定义商品编码失败"));
            continue;
        }
        written.unwrap();
        assert_eq!(
            by_code(&waimai, &session, "OWN-1").await.skus[0].outer_sku_code,
            "OWN-1-1"
        );
        // F40: deleted and made anew there; what was read is stale.
        let id = kit
            .world()
            .shop(WM, SHOP)
            .unwrap()
            .listing_by_code("OWN-1")
            .unwrap()
            .id
            .clone();
        kit.world().delete_listing(WM, SHOP, &id).unwrap();
        let stale = waimai.bind_codes(&session, by_hand, "OWN-2", &codes).await;
        assert!(stale.unwrap_err().text().contains("绑定自定义商品编码失败"));
    }
}

#[tokio::test]
async fn dishes_are_deleted_and_gone_counts_as_deleted() {
    for (way, kit, waimai, session) in ways() {
        let refs = ["P-1", "P-404", ""].map(|code| ListingRef {
            remote_id: "1".to_owned(),
            outer_code: code.to_owned(),
        });
        let outcomes = waimai.delete(&session, &refs).await;
        if way == "16" {
            assert!(outcomes.is_err());
            continue;
        }
        let outcomes = outcomes.unwrap();
        assert_eq!(outcomes[..2], [accepted(), accepted()], "{way}");
        refused_for(&outcomes[2], "字段为空");
        assert!(
            kit.world()
                .shop(WM, SHOP)
                .unwrap()
                .listing_by_code("P-1")
                .is_none()
        );
    }
}
