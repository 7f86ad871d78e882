//! 京东到家: stores, groups, reading, prices, stock, codes, and the token.

use crate::doudian::{named, reference};
use crate::kit::{JD, Kit, SHOP, assert_layer, keyed, with};
use connect::error::{Layer, RemoteError};
use connect::platform::{GroupPlace, Platform, PriceWrite, RemoteListing, SkuRef, StockWrite, WriteOutcome};
use connect::session::Session;
use domain::listing::ReviewState;
use domain::money::Money;
use platforms::jddj::Jddj;
use sim::Service;
use sim::world::Authorization;

/// A second store of the same merchant.
pub(crate) const OTHER: &str = "32267002";

pub(crate) fn connector() -> (Kit, Jddj, Session) {
    let kit = Kit::new();
    let jddj = Jddj::new(kit.gateway.clone());
    let session = kit.session(Service::Jddj);
    (kit, jddj, session)
}

pub(crate) async fn all(jddj: &Jddj, session: &Session) -> Vec<RemoteListing> {
    let mut listings = Vec::new();
    let mut cursor = None;
    loop {
        let page = jddj.listings(session, cursor.as_deref()).await.unwrap();
        listings.extend(page.listings);
        cursor = page.next;
        if cursor.is_none() {
            return listings;
        }
    }
}

pub(crate) fn in_store(session: &Session, store: &str) -> Session {
    Session {
        remote_id: store.to_owned(),
        store: store.to_owned(),
        ..session.clone()
    }
}

fn group(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, jddj, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(jddj.probe(&session, layer).await.unwrap().layer, layer);
    }
}

#[tokio::test]
async fn a_store_that_was_taken_from_us_is_told_as_such() {
    let (kit, jddj, session) = connector();
    kit.world()
        .set_authorization(JD, SHOP, Authorization::Taken)
        .unwrap();
    assert_layer(jddj.probe(&session, Layer::Store).await, Layer::Store);
    assert_layer(jddj.listings(&session, None).await, Layer::Store);
}

#[tokio::test]
async fn what_clients_write_differently_passes_too() {
    let (_kit, jddj, session) = connector();
    for (name, value) in [
        ("empty_body", "omit"),
        ("v", "2.0"),
        ("product_list", "querySkuInfos"),
    ] {
        let session = with(&session, name, value);
        assert_eq!(jddj.stores(&session).await.unwrap().len(), 1, "{name}");
        assert_eq!(all(&jddj, &session).await.len(), 4, "{name}");
    }
}

#[tokio::test]
async fn stores_have_names_and_groups_three_levels() {
    let (kit, jddj, session) = connector();
    kit.world().add_store(JD, OTHER, "二店").unwrap();
    kit.world().shop_mut(JD, OTHER).unwrap().open = false;
    let stores = jddj.stores(&session).await.unwrap();
    assert_eq!(stores.len(), 2);
    assert_eq!(
        (stores[0].name.as_str(), stores[0].open, stores[1].open),
        ("禾记便利 三里屯店", Some(true), Some(false))
    );
    let deep = jddj
        .create_group(&session, &group(&["饮料", "茶", "乌龙"]), 1)
        .await
        .unwrap();
    // Another store of the merchant has it too, and making it once more gives the same.
    let other = in_store(&session, OTHER);
    let groups = jddj.groups(&other).await.unwrap();
    let made = groups.iter().find(|held| held.remote_id == deep).unwrap();
    assert_eq!((made.name.as_str(), groups.len()), ("乌龙", 4));
    let again = jddj
        .create_group(&other, &group(&["饮料", "茶", "乌龙"]), 1)
        .await
        .unwrap();
    assert_eq!(again, deep);
    let fourth = group(&["饮料", "茶", "乌龙", "冻顶"]);
    assert!(matches!(
        jddj.create_group(&session, &fourth, 1).await,
        Err(RemoteError::Unsupported { .. })
    ));
    let odd = jddj.create_group(&session, &group(&["零食/饼干"]), 1).await;
    assert!(matches!(odd, Err(RemoteError::Rejected { text, .. }) if text.contains("1-12")));
}

#[tokio::test]
async fn groups_change_places() {
    let (_kit, jddj, session) = connector();
    let groups = jddj.groups(&session).await.unwrap();
    let fruit = groups.iter().find(|group| group.name == "水果").unwrap();
    let place = GroupPlace {
        remote_id: fruit.remote_id.clone(),
        path: group(&["水果"]),
        position: 1,
    };
    jddj.order_groups(&session, &[place]).await.unwrap();
    let after: Vec<String> = jddj
        .groups(&session)
        .await
        .unwrap()
        .into_iter()
        .filter(|group| group.parent.is_none())
        .map(|group| group.name)
        .collect();
    assert_eq!(after, ["水果", "饮料"]);
}

#[tokio::test]
async fn the_platform_s_own_categories_are_walked_to_their_leaves() {
    let (kit, jddj, session) = connector();
    let categories = jddj.categories(&session).await.unwrap();
    assert_eq!(categories.len(), kit.world().jddj.taxonomy.len());
    let leaf = categories
        .iter()
        .find(|category| category.name == "啤酒" && category.leaf);
    assert!(leaf.unwrap().parent.is_some());
    assert!(
        categories
            .iter()
            .any(|category| !category.leaf && category.parent.is_none())
    );
}

#[tokio::test]
async fn listings_carry_codes_prices_stock_and_pictures() {
    let (kit, jddj, session) = connector();
    let listings = all(&jddj, &session).await;
    // Each spec is a product of its own.
    assert_eq!(listings.len(), 4);
    let apple = named(&listings, "示例苹果");
    assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true));
    assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
    assert_eq!(
        (&apple.group_path, apple.review),
        (&group(&["水果"]), ReviewState::None)
    );
    assert!(!apple.category_id.is_empty());
    let sku = &apple.skus[0];
    assert_eq!(
        (sku.price, sku.stock, sku.spec_name.as_str()),
        (Some(Money(990)), Some(20), "单规格")
    );
    assert_eq!(
        (sku.outer_sku_code.as_str(), sku.barcode.as_str()),
        ("P-1", "6901234567892")
    );
    let small = named(&listings, "乌龙茶小杯");
    assert_eq!(small.outer_code, "P-2-S");
    assert_eq!(small.group_path, group(&["饮料", "茶"]));
    // The merchant's shelf and the store's own switch each take it off sale.
    kit.world().jddj_set_shelf(&apple.remote_id, false);
    let id = &small.remote_id;
    kit.world()
        .change_listing(JD, SHOP, id, |held| {
            held.sold_out = true;
            Ok(())
        })
        .unwrap();
    let listings = all(&jddj, &session).await;
    assert!(!named(&listings, "示例苹果").on_sale && !named(&listings, "乌龙茶小杯").on_sale);
}

#[tokio::test]
async fn two_stores_share_their_products_and_not_their_prices() {
    let (kit, jddj, session) = connector();
    kit.world().add_store(JD, OTHER, "二店").unwrap();
    let here = all(&jddj, &session).await;
    let other = in_store(&session, OTHER);
    let apple = named(&here, "示例苹果");
    let price = PriceWrite {
        sku: reference(apple, &apple.skus[0]),
        price: Money(1290),
    };
    jddj.set_prices(&other, &[price]).await.unwrap();
    let there = all(&jddj, &other).await;
    let ids = |listings: &[RemoteListing]| -> Vec<String> {
        listings.iter().map(|listing| listing.remote_id.clone()).collect()
    };
    assert_eq!(ids(&here), ids(&there));
    let of = |listings: &[RemoteListing]| {
        let sku = &named(listings, "示例苹果").skus[0];
        (sku.price, sku.stock)
    };
    assert_eq!(of(&there), (Some(Money(1290)), Some(0)));
    assert_eq!(of(&all(&jddj, &session).await), (Some(Money(990)), Some(20)));
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_the_deleted() {
    let (kit, jddj, session) = connector();
    let apple = named(&all(&jddj, &session).await, "示例苹果").remote_id.clone();
    {
        let mut world = kit.world();
        for _ in 0..120 {
            world.duplicate_listing(JD, SHOP, &apple).unwrap();
        }
        world.delete_listing(JD, SHOP, &apple).unwrap();
    }
    for list in ["querySkuInfoList", "querySkuInfos"] {
        let session = with(&session, "product_list", list);
        let mut ids: Vec<String> = all(&jddj, &session)
            .await
            .into_iter()
            .map(|listing| listing.remote_id)
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 123, "{list}");
    }
}

#[tokio::test]
async fn one_listing_is_read_by_code_or_by_id_and_absence_is_certain() {
    let (kit, jddj, session) = connector();
    let found = jddj.listing(&session, None, "P-2-L").await.unwrap().unwrap();
    assert_eq!(
        jddj.listing(&session, Some(&found.remote_id), "").await.unwrap(),
        Some(found.clone())
    );
    // The second time its id is known, and a code that has moved is noticed.
    assert_eq!(
        jddj.listing(&session, None, "P-2-L").await.unwrap(),
        Some(found.clone())
    );
    kit.world().delete_listing(JD, SHOP, &found.remote_id).unwrap();
    assert_eq!(jddj.listing(&session, None, "P-2-L").await.unwrap(), None);
    assert_eq!(jddj.listing(&session, None, "P-404").await.unwrap(), None);
    assert_eq!(jddj.listing(&session, Some("1"), "").await.unwrap(), None);
    assert_eq!(jddj.listing(&session, None, "").await.unwrap(), None);
}

fn missing() -> SkuRef {
    SkuRef {
        listing_id: "404".to_owned(),
        outer_code: "P-404".to_owned(),
        sku_id: "404".to_owned(),
        outer_sku_code: "P-404".to_owned(),
        multi_spec: false,
    }
}

#[tokio::test]
async fn prices_and_stock_are_set_and_a_product_that_is_gone_is_named() {
    let (kit, jddj, session) = connector();
    for batched in [false, true] {
        kit.world().jddj.batched_stock = batched;
        let listings = all(&jddj, &session).await;
        // One of them carries no code and goes by the platform's id.
        let mut rows: Vec<SkuRef> = listings
            .iter()
            .map(|listing| reference(listing, &listing.skus[0]))
            .collect();
        rows.insert(1, missing());
        let value = 7 + i64::from(batched);
        let prices: Vec<PriceWrite> = rows
            .iter()
            .map(|sku| PriceWrite {
                sku: sku.clone(),
                price: Money(1800 + value),
            })
            .collect();
        let stocks: Vec<StockWrite> = rows
            .into_iter()
            .map(|sku| StockWrite { sku, stock: value })
            .collect();
        for outcomes in [
            jddj.set_prices(&session, &prices).await.unwrap(),
            jddj.set_stocks(&session, &stocks).await.unwrap(),
        ] {
            assert_eq!(outcomes.len(), 5);
            for (at, outcome) in outcomes.iter().enumerate() {
                match outcome {
                    WriteOutcome::Rejected { text, .. } => assert_eq!((at, text.as_str()), (1, "商品不存在")),
                    other => assert!(
                        at != 1 && matches!(other, WriteOutcome::Accepted { .. }),
                        "{other:?}"
                    ),
                }
            }
        }
        for listing in all(&jddj, &session).await {
            let sku = &listing.skus[0];
            assert_eq!((sku.price, sku.stock), (Some(Money(1800 + value)), Some(value)));
        }
    }
}

#[tokio::test]
async fn a_product_gets_our_code_and_no_code_twice() {
    let (_kit, jddj, session) = connector();
    let listings = all(&jddj, &session).await;
    let bare = named(&listings, "现切水果拼盘");
    assert!(bare.outer_code.is_empty());
    let codes = |code: &str| vec![(bare.skus[0].clone(), code.to_owned())];
    let taken = jddj.bind_codes(&session, bare, "P-1", &codes("P-1")).await;
    assert!(matches!(taken, Err(RemoteError::Rejected { text, .. }) if text == "商家商品编码已存在"));
    jddj.bind_codes(&session, bare, "P-3", &codes("P-3"))
        .await
        .unwrap();
    let found = jddj.listing(&session, None, "P-3").await.unwrap().unwrap();
    assert_eq!(
        (found.name.as_str(), found.remote_id),
        ("现切水果拼盘", bare.remote_id.clone())
    );
}

#[tokio::test]
async fn a_token_may_be_pasted_as_it_was_posted() {
    let (kit, jddj, session) = connector();
    let token = kit.world().jddj.token.clone();
    let posted =
        format!(r#"{{"token":"{token}","expires_in":"31104000","time":"1795233600000","venderId":"70001"}}"#);
    let from_paste = keyed(&session, "token", &posted);
    jddj.probe(&from_paste, Layer::Permission).await.unwrap();
    let gone = keyed(&session, "token", "an-old-token");
    assert!(matches!(
        jddj.probe(&gone, Layer::Permission).await,
        Err(RemoteError::Expired { .. })
    ));
}

#[tokio::test]
async fn a_new_token_is_confirmed_and_the_old_one_dies() {
    let (kit, jddj, session) = connector();
    assert!(jddj.refresh(&session).await.unwrap().is_none());
    let old = kit.world().jddj.token.clone();
    let new = kit.world().jddj_new_token();
    let swapped = keyed(&keyed(&session, "token", &new), "old_token", &old);
    let done = jddj.refresh(&swapped).await.unwrap().unwrap();
    assert_eq!(done.fields, [("old_token".to_owned(), String::new())]);
    jddj.stores(&keyed(&session, "token", &new)).await.unwrap();
    assert!(matches!(
        jddj.stores(&session).await,
        Err(RemoteError::Expired { .. })
    ));
    kit.world().clock.advance(361 * 86_400_000);
    assert!(matches!(
        jddj.stores(&keyed(&session, "token", &new)).await,
        Err(RemoteError::Expired { .. })
    ));
}
