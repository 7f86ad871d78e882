//! 抖音来客: stores, 类目 and their attributes, reading, prices, stock and codes.

use crate::kit::{Kit, LK, SHOP, all, assert_layer, by_code, keyed, leaf, named, reference, with};
use connect::error::{Layer, RemoteError};
use connect::platform::{Platform, PriceWrite, SkuRef, StockWrite, WriteOutcome};
use connect::session::Session;
use domain::listing::ReviewState;
use domain::money::Money;
use platforms::douyin_laike::DouyinLaike;
use sim::Service;
use sim::world::{LaikeState, UNLIMITED};

/// A second store of the same merchant.
pub(crate) const OTHER: &str = "32267002";

pub(crate) fn connector() -> (Kit, DouyinLaike, Session) {
    let kit = Kit::new();
    let laike = DouyinLaike::new(kit.gateway.clone());
    let session = kit.session(Service::DouyinLaike);
    (kit, laike, session)
}

pub(crate) fn at_other(kit: &Kit, session: &Session) -> Session {
    kit.world().add_store(LK, OTHER, "二店").unwrap();
    Session {
        remote_id: OTHER.to_owned(),
        ..session.clone()
    }
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, laike, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(laike.probe(&session, layer).await.unwrap().layer, layer);
    }
}

#[tokio::test]
async fn stores_are_read_page_by_page_and_groups_have_no_calls() {
    let (kit, laike, session) = connector();
    for number in 0..130 {
        let id = format!("99{number:06}");
        kit.world().add_store(LK, &id, "分店").unwrap();
    }
    let stores = laike.stores(&session).await.unwrap();
    assert_eq!(stores.len(), 131);
    let own = stores.iter().find(|store| store.remote_id == SHOP).unwrap();
    assert_eq!((own.name.as_str(), own.open), ("禾记便利 三里屯店", None));
    assert_eq!(laike.groups(&session).await.unwrap(), []);
    assert!(matches!(
        laike.create_group(&session, &["零食".to_owned()], 1).await,
        Err(RemoteError::Unsupported { .. })
    ));
    assert!(matches!(
        laike.delete(&session, &[]).await,
        Err(RemoteError::Unsupported { .. })
    ));
}

#[tokio::test]
async fn the_tree_of_categories_is_read_and_what_each_asks_for() {
    let (kit, laike, session) = connector();
    let tree = laike.categories(&session).await.unwrap();
    assert_eq!(tree.iter().filter(|node| node.leaf).count(), 30);
    for (at, node) in tree.iter().enumerate() {
        let parents = &tree[..at];
        let above = |parent: &String| parents.iter().any(|held| held.remote_id == *parent);
        assert!(node.parent.as_ref().is_none_or(above), "{node:?}");
    }
    let category = leaf(&kit.world());
    kit.world().laike.required = [("use_date".to_owned(), "使用日期".to_owned())].into();
    let asked = laike.attributes(&session, &category).await.unwrap();
    let of = |key: &str| asked.iter().find(|attribute| attribute.key == key).unwrap();
    assert_eq!(
        (of("commodity").name.as_str(), of("commodity").required),
        ("菜品搭配", true)
    );
    assert!(of("image_list").several && !of("image_list").required && of("use_date").required);
    let unknown = laike.attributes(&session, "1").await;
    assert!(
        matches!(unknown, Err(RemoteError::Rejected { .. })),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn listings_carry_codes_prices_stock_and_pictures() {
    let (kit, laike, session) = connector();
    let listings = all(&laike, &session).await;
    // A package has one SKU: each spec is a product of its own.
    assert_eq!(listings.len(), 4);
    let apple = named(&listings, "示例苹果");
    assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true));
    assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
    assert!(apple.group_path.is_empty() && !apple.category_id.is_empty());
    let sku = &apple.skus[0];
    assert_eq!(
        (
            sku.price,
            sku.stock,
            sku.spec_name.as_str(),
            sku.outer_sku_code.as_str()
        ),
        (Some(Money(990)), Some(20), "单规格", "P-1")
    );
    assert_eq!(named(&listings, "乌龙茶大杯").skus[0].outer_sku_code, "P-2-L");
    let by_hand = named(&listings, "现切水果拼盘");
    assert_eq!(
        (by_hand.outer_code.as_str(), by_hand.review),
        ("", ReviewState::None)
    );
    {
        let mut world = kit.world();
        let spec = sku.remote_id.clone();
        world
            .change_price_and_stock(LK, SHOP, &apple.remote_id, &spec, 990, UNLIMITED)
            .unwrap();
    }
    assert_eq!(by_code(&laike, &session, "P-1").await.skus[0].stock, None);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let (kit, laike, session) = connector();
    {
        let mut world = kit.world();
        let twin = world
            .shop(LK, SHOP)
            .unwrap()
            .listing_by_code("P-1")
            .unwrap()
            .id
            .clone();
        for _ in 0..120 {
            world.duplicate_listing(LK, SHOP, &twin).unwrap();
        }
    }
    let mut ids: Vec<String> = all(&laike, &session)
        .await
        .into_iter()
        .map(|held| held.remote_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 124);
}

#[tokio::test]
async fn one_listing_is_read_by_code_or_by_id_and_absence_is_certain() {
    let (kit, laike, session) = connector();
    let found = by_code(&laike, &session, "P-1").await;
    assert_eq!(
        laike.listing(&session, Some(&found.remote_id), "").await.unwrap(),
        Some(found.clone())
    );
    assert_eq!(laike.listing(&session, None, "P-404").await.unwrap(), None);
    assert_eq!(laike.listing(&session, Some("1"), "").await.unwrap(), None);
    assert_eq!(laike.listing(&session, None, "").await.unwrap(), None);
    // Another store's product is not this store's.
    let other = at_other(&kit, &session);
    assert_eq!(all(&laike, &other).await, []);
    assert_eq!(
        laike.listing(&other, Some(&found.remote_id), "").await.unwrap(),
        None
    );
    assert_eq!(laike.listing(&other, None, "P-1").await.unwrap(), None);
}

#[tokio::test]
async fn prices_and_stock_are_set_without_an_audit_and_a_product_that_is_gone_is_named() {
    let (_kit, laike, session) = connector();
    let apple = by_code(&laike, &session, "P-1").await;
    let missing = SkuRef {
        listing_id: "404".to_owned(),
        outer_code: "P-404".to_owned(),
        sku_id: "404".to_owned(),
        outer_sku_code: "P-404".to_owned(),
        multi_spec: false,
    };
    let several = SkuRef {
        multi_spec: true,
        ..missing.clone()
    };
    let rows = [reference(&apple, &apple.skus[0]), missing, several];
    let prices = rows.clone().map(|sku| PriceWrite {
        sku,
        price: Money(888),
    });
    let stocks = rows.map(|sku| StockWrite { sku, stock: 0 });
    for outcomes in [
        laike.set_prices(&session, &prices).await.unwrap(),
        laike.set_stocks(&session, &stocks).await.unwrap(),
    ] {
        assert_eq!(outcomes[0], WriteOutcome::Accepted { remote_id: None });
        assert!(matches!(&outcomes[1], WriteOutcome::Rejected { text, .. } if text.contains("商品不存在")));
        assert!(
            matches!(&outcomes[2], WriteOutcome::Rejected { text, .. } if text.contains("只支持单规格商品"))
        );
    }
    let after = by_code(&laike, &session, "P-1").await;
    assert_eq!(
        (after.skus[0].price, after.skus[0].stock),
        (Some(Money(888)), Some(0))
    );
    assert_eq!(after.review, ReviewState::None);
}

#[tokio::test]
async fn codes_are_written_onto_a_product_made_by_hand() {
    let (kit, laike, session) = connector();
    let listings = all(&laike, &session).await;
    let by_hand = named(&listings, "现切水果拼盘");
    let codes = [(by_hand.skus[0].clone(), "OWN-1".to_owned())];
    laike
        .bind_codes(&session, by_hand, "OWN-1", &codes)
        .await
        .unwrap();
    let bound = by_code(&laike, &session, "OWN-1").await;
    assert_eq!(
        (bound.name.as_str(), bound.skus[0].outer_sku_code.as_str()),
        ("现切水果拼盘", "OWN-1")
    );
    // All else is as it was, and the codes are the store's own.
    assert_eq!(
        (bound.pictures, bound.skus[0].price),
        (by_hand.pictures.clone(), by_hand.skus[0].price)
    );
    assert_eq!(
        kit.world().listing(LK, SHOP, &by_hand.remote_id).unwrap().code,
        format!("{SHOP}-OWN-1")
    );
    let saves = kit
        .world()
        .ledger
        .calls("douyin_laike/goodlife/v1/goods/product/save");
    let again = by_code(&laike, &session, "OWN-1").await;
    let codes = [(again.skus[0].clone(), "OWN-1".to_owned())];
    laike.bind_codes(&session, &again, "OWN-1", &codes).await.unwrap();
    assert_eq!(
        kit.world()
            .ledger
            .calls("douyin_laike/goodlife/v1/goods/product/save"),
        saves
    );
}

#[tokio::test]
async fn a_token_is_asked_for_ahead_of_its_end_and_after_a_refusal() {
    let (kit, laike, session) = connector();
    let asked = || kit.world().ledger.calls("douyin_laike/oauth/client_token");
    laike.stores(&session).await.unwrap();
    laike.stores(&session).await.unwrap();
    assert_eq!(asked(), 1);
    assert!(laike.refresh(&session).await.unwrap().is_none());
    // Nine minutes before its end a new one is there, and the old one still lives.
    kit.world().clock.advance((LaikeState::TOKEN_S - 540) * 1000);
    laike.stores(&session).await.unwrap();
    assert_eq!(asked(), 2);
    // Two newer ones, asked for elsewhere, push ours out.
    kit.world().laike_tokens_expire();
    laike.stores(&session).await.unwrap();
    assert_eq!(asked(), 3);
    kit.world().laike.tokens.clear();
    laike.stores(&session).await.unwrap();
    assert_eq!(asked(), 4);
    // Another secret has a token of its own.
    let wrong = keyed(&session, "client_secret", "0123456789abcdef");
    assert_layer(laike.stores(&wrong).await, Layer::Signature);
}

#[tokio::test]
async fn pictures_lie_on_the_merchant_s_own_host() {
    let (_kit, laike, session) = connector();
    let placed = laike
        .upload_picture(&session, "苹果 1.jpg", bytes::Bytes::new())
        .await
        .unwrap();
    assert_eq!(placed, "http://127.0.0.1:9/pictures/%E8%8B%B9%E6%9E%9C%201.jpg");
    let nowhere = keyed(&session, "picture_host", "");
    assert!(matches!(
        laike.upload_picture(&nowhere, "a.jpg", bytes::Bytes::new()).await,
        Err(RemoteError::Unsupported { .. })
    ));
    // What a setting names is asked for.
    let named = with(&session, "goods_creators", "1");
    assert_eq!(all(&laike, &named).await.len(), 4);
    assert_eq!(all(&laike, &with(&session, "goods_creators", "0")).await, []);
}
