//! 抖店小时达: reading, prices, stock, codes, pictures and orders.

use crate::kit::{DD, Kit, NOON, SHOP, with};
use connect::error::{Layer, RemoteError};
use connect::platform::{Platform, PriceWrite, RemoteListing, RemoteSku, SkuRef, StockWrite, WriteOutcome};
use connect::session::Session;
use domain::money::Money;
use domain::order::OrderState;
use platforms::doudian::Doudian;
use sim::Service;

/// A second store of the same shop.
pub(crate) const OTHER: &str = "32267002";

pub(crate) fn connector() -> (Kit, Doudian, Session) {
    let kit = Kit::new();
    let doudian = Doudian::new(kit.gateway.clone());
    let session = with(&kit.session(Service::Doudian), "mobile", "400-123-4567");
    (kit, doudian, session)
}

pub(crate) async fn all(doudian: &Doudian, session: &Session) -> Vec<RemoteListing> {
    doudian.listings(session, None).await.unwrap().listings
}

pub(crate) fn named<'a>(listings: &'a [RemoteListing], name: &str) -> &'a RemoteListing {
    listings.iter().find(|listing| listing.name == name).unwrap()
}

pub(crate) fn reference(listing: &RemoteListing, sku: &RemoteSku) -> SkuRef {
    SkuRef {
        listing_id: listing.remote_id.clone(),
        outer_code: listing.outer_code.clone(),
        sku_id: sku.remote_id.clone(),
        outer_sku_code: sku.outer_sku_code.clone(),
        multi_spec: listing.skus.len() > 1,
    }
}

pub(crate) fn jpeg(width: u32, height: u32) -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner().into()
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, doudian, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(doudian.probe(&session, layer).await.unwrap().layer, layer);
    }
}

#[tokio::test]
async fn stores_are_read_and_groups_have_no_calls() {
    let (kit, doudian, session) = connector();
    for number in 0..130 {
        let id = format!("99{number:06}");
        kit.world().add_store(DD, &id, "分店").unwrap();
    }
    let stores = doudian.stores(&session).await.unwrap();
    assert_eq!(stores.len(), 131);
    let own = stores.iter().find(|store| store.remote_id == SHOP).unwrap();
    assert_eq!((own.name.as_str(), own.open), ("禾记便利 三里屯店", Some(true)));
    assert_eq!(doudian.groups(&session).await.unwrap(), []);
    assert!(matches!(
        doudian.create_group(&session, &["零食".to_owned()], 1).await,
        Err(RemoteError::Unsupported { .. })
    ));
}

#[tokio::test]
async fn listings_carry_codes_prices_stock_and_pictures() {
    let (_kit, doudian, session) = connector();
    let listings = all(&doudian, &session).await;
    assert_eq!(listings.len(), 3);
    let apple = named(&listings, "示例苹果");
    assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true));
    assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
    assert!(apple.group_path.is_empty() && !apple.category_id.is_empty());
    let sku = &apple.skus[0];
    assert_eq!(
        (sku.price, sku.stock, sku.spec_name.as_str()),
        (Some(Money(990)), Some(20), "单规格")
    );
    assert_eq!(sku.outer_sku_code, "P-1");
    let tea = named(&listings, "乌龙茶");
    let specs: Vec<(&str, &str)> = tea
        .skus
        .iter()
        .map(|sku| (sku.spec_name.as_str(), sku.outer_sku_code.as_str()))
        .collect();
    assert_eq!(specs, [("小杯", "P-2-S"), ("大杯", "P-2-L")]);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_the_recycle_bin() {
    let (kit, doudian, session) = connector();
    {
        let mut world = kit.world();
        let twin = world
            .shop(DD, SHOP)
            .unwrap()
            .listing_by_code("P-1")
            .unwrap()
            .id
            .clone();
        for _ in 0..251 {
            world.duplicate_listing(DD, SHOP, &twin).unwrap();
        }
        world.delete_listing(DD, SHOP, &twin).unwrap();
    }
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = doudian.listings(&session, cursor.as_deref()).await.unwrap();
        ids.extend(page.listings.into_iter().map(|listing| listing.remote_id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 253);
}

#[tokio::test]
async fn one_listing_is_read_by_code_or_by_id_and_absence_is_certain() {
    let (_kit, doudian, session) = connector();
    let found = doudian.listing(&session, None, "P-2").await.unwrap().unwrap();
    assert_eq!(
        doudian
            .listing(&session, Some(&found.remote_id), "")
            .await
            .unwrap(),
        Some(found)
    );
    assert_eq!(doudian.listing(&session, None, "P-404").await.unwrap(), None);
    assert_eq!(doudian.listing(&session, Some("1"), "").await.unwrap(), None);
    assert_eq!(doudian.listing(&session, None, "").await.unwrap(), None);
}

#[tokio::test]
async fn another_store_s_product_is_not_this_store_s() {
    let (kit, doudian, session) = connector();
    kit.world().add_store(DD, OTHER, "二店").unwrap();
    let id = all(&doudian, &session).await[0].remote_id.clone();
    let other = Session {
        remote_id: OTHER.to_owned(),
        ..session
    };
    assert_eq!(all(&doudian, &other).await, []);
    assert_eq!(doudian.listing(&other, Some(&id), "").await.unwrap(), None);
}

#[tokio::test]
async fn prices_and_stock_are_set_and_a_product_that_is_gone_is_named() {
    let (_kit, doudian, session) = connector();
    let listings = all(&doudian, &session).await;
    let (apple, tea) = (named(&listings, "示例苹果"), named(&listings, "乌龙茶"));
    let missing = SkuRef {
        listing_id: "404".to_owned(),
        outer_code: "P-404".to_owned(),
        sku_id: "404".to_owned(),
        outer_sku_code: "P-404".to_owned(),
        multi_spec: false,
    };
    let mut rows = vec![reference(apple, &apple.skus[0]), missing];
    rows.extend(tea.skus.iter().map(|sku| reference(tea, sku)));
    let prices: Vec<PriceWrite> = rows
        .iter()
        .map(|sku| PriceWrite {
            sku: sku.clone(),
            price: Money(1888),
        })
        .collect();
    let stocks: Vec<StockWrite> = rows.into_iter().map(|sku| StockWrite { sku, stock: 0 }).collect();
    for outcomes in [
        doudian.set_prices(&session, &prices).await.unwrap(),
        doudian.set_stocks(&session, &stocks).await.unwrap(),
    ] {
        let done = WriteOutcome::Accepted { remote_id: None };
        assert_eq!(
            [&outcomes[0], &outcomes[2], &outcomes[3]],
            [&done, &done, &done],
            "{outcomes:?}"
        );
        assert!(matches!(&outcomes[1], WriteOutcome::Rejected { text, .. } if text == "商品不存在"));
    }
    for code in ["P-1", "P-2"] {
        let after = doudian.listing(&session, None, code).await.unwrap().unwrap();
        let set = after
            .skus
            .iter()
            .all(|sku| (sku.price, sku.stock) == (Some(Money(1888)), Some(0)));
        assert!(set, "{after:?}");
    }
}

#[tokio::test]
async fn codes_are_written_onto_products_and_specs() {
    let (_kit, doudian, session) = connector();
    let listings = all(&doudian, &session).await;
    let by_hand = named(&listings, "现切水果拼盘");
    let codes = [(by_hand.skus[0].clone(), "OWN-1".to_owned())];
    doudian
        .bind_codes(&session, by_hand, "OWN-1", &codes)
        .await
        .unwrap();
    let bound = doudian.listing(&session, None, "OWN-1").await.unwrap().unwrap();
    assert_eq!(
        (bound.name.as_str(), bound.skus[0].outer_sku_code.as_str()),
        ("现切水果拼盘", "OWN-1")
    );
    let tea = named(&listings, "乌龙茶");
    let codes: Vec<_> = tea
        .skus
        .iter()
        .map(|sku| (sku.clone(), format!("NEW-{}", sku.spec_name)))
        .collect();
    doudian.bind_codes(&session, tea, "P-2", &codes).await.unwrap();
    let bound = doudian.listing(&session, None, "P-2").await.unwrap().unwrap();
    let held: Vec<&str> = bound.skus.iter().map(|sku| sku.outer_sku_code.as_str()).collect();
    assert_eq!(held, ["NEW-小杯", "NEW-大杯"]);
}

#[tokio::test]
async fn a_picture_whose_review_takes_long_is_tried_later() {
    let (kit, doudian, session) = connector();
    kit.world().doudian.material_asks = 100;
    let error = doudian
        .upload_picture(&session, "a.jpg", jpeg(800, 800))
        .await
        .unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    let huge = doudian
        .upload_picture(&session, "a.jpg", bytes::Bytes::from_static(b"no picture"))
        .await;
    assert!(
        matches!(&huge, Err(RemoteError::Rejected { text, .. }) if text.contains("图片")),
        "{huge:?}"
    );
}

#[tokio::test]
async fn orders_of_this_store_alone_are_pulled_and_read_once_each() {
    let (kit, doudian, session) = connector();
    let placed: Vec<String> = (0..230).map(|_| kit.order(DD)).collect();
    {
        let mut world = kit.world();
        world.add_store(DD, OTHER, "二店").unwrap();
        let held = world
            .shop(DD, SHOP)
            .unwrap()
            .listing_by_code("P-1")
            .unwrap()
            .clone();
        let new = sim::world::NewListing {
            name: held.name,
            specs: vec![sim::world::NewSpec {
                name: "单规格".to_owned(),
                price_fen: 990,
                stock: 5,
                ..sim::world::NewSpec::default()
            }],
            ..sim::world::NewListing::default()
        };
        let id = world.add_listing(DD, OTHER, new).unwrap();
        let request = sim::world::OrderRequest {
            lines: vec![sim::world::RequestedLine::of(&id, 1)],
            ..sim::world::OrderRequest::default()
        };
        world.place_order(DD, OTHER, request, NOON).unwrap();
        world.clock.advance(1000);
    }
    let (mut cursor, mut numbers, mut pulls) = (String::new(), Vec::new(), 0);
    loop {
        let batch = doudian.orders(&session, &cursor).await.unwrap();
        numbers.extend(batch.orders.into_iter().map(|order| order.number));
        cursor = batch.cursor;
        pulls += 1;
        if !batch.more {
            break;
        }
    }
    assert!(pulls >= 3, "{pulls}");
    numbers.sort();
    let mut expected = placed;
    expected.sort();
    assert_eq!(numbers, expected);
    let again = doudian.orders(&session, &cursor).await.unwrap();
    assert!(again.orders.is_empty() && !again.more);
}

#[tokio::test]
async fn an_order_keeps_its_money_lines_and_receiver() {
    let (kit, doudian, session) = connector();
    let number = kit.order(DD);
    let order = doudian.order(&session, &number).await.unwrap();
    assert_eq!(
        (order.number.as_str(), order.state),
        (number.as_str(), OrderState::Placed)
    );
    assert_eq!((order.day_seq, order.placed_at), (1, NOON));
    let held = kit.world().order(&number).unwrap().clone();
    assert_eq!(order.total, Money(held.total_fen()));
    assert_eq!(order.original_total, Money(held.total_fen() + 200));
    assert_eq!((order.shipping_fee, order.packing_fee), (Money(500), Money(100)));
    let line = &order.lines[0];
    assert_eq!(
        (line.product_name.as_str(), line.outer_sku_code.as_str()),
        ("示例苹果", "P-1")
    );
    assert_eq!(
        (line.quantity, line.price, line.spec_name.as_str()),
        (2, Money(990), "")
    );
    assert!(!order.receiver_phone.is_empty() && order.receiver_address == "示例路1号");
}

#[tokio::test]
async fn moved_orders_and_their_refunds_are_seen() {
    let (kit, doudian, session) = connector();
    let [cancelled, part, whole, asked, money] = std::array::from_fn(|_| kit.order(DD));
    let first = doudian.orders(&session, "").await.unwrap();
    assert_eq!((first.orders.len(), first.more), (5, false));
    {
        let mut world = kit.world();
        world.clock.advance(120_000);
        world.confirm_order(&part).unwrap();
        world.cancel_order(&cancelled).unwrap();
        world.part_refund(&part, &[(0, 1)], "少送").unwrap();
        world.full_refund(&whole, "不要了").unwrap();
        world.ask_refund(&asked, Some(&[(0, 1)]), "问问").unwrap();
        world.price_difference_refund(&money, 100, "差价").unwrap();
    }
    let second = doudian.orders(&session, &first.cursor).await.unwrap();
    let of = |number: &str| second.orders.iter().find(|order| order.number == number).unwrap();
    assert_eq!(of(&cancelled).state, OrderState::Cancelled);
    assert_eq!(of(&part).state, OrderState::Accepted);
    let refund = &of(&part).refunds[0];
    assert_eq!(
        (refund.amount, refund.done, refund.full, refund.difference_only),
        (Money(990), true, false, false)
    );
    assert_eq!(refund.reason, "少送");
    assert!(!of(&part).fully_refunded && of(&whole).fully_refunded);
    assert!(!of(&asked).refunds[0].done);
    assert!(of(&money).refunds[0].difference_only);
    kit.world().degrade_order(&part, 1).unwrap();
    assert!(doudian.order(&session, &part).await.unwrap().incomplete);
    assert!(!doudian.order(&session, &part).await.unwrap().incomplete);
}
