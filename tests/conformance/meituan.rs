//! 美团闪购: every call of the port.

use crate::kit::{Kit, MT, NOON, SHOP, all, jpeg, leaf, named, reference};
use connect::error::Layer;
use connect::platform::{
    ListingWrite, Platform, PriceWrite, RemoteListing, SkuRef, SkuWrite, StockWrite, WriteOutcome,
};
use connect::session::Session;
use domain::money::Money;
use domain::order::OrderState;
use platforms::meituan_shangou::MeituanShangou;
use sim::Service;

pub(crate) fn connector() -> (Kit, MeituanShangou, Session) {
    let kit = Kit::new();
    let meituan = MeituanShangou::new(kit.gateway.clone());
    let session = kit.session(Service::MeituanShangou);
    (kit, meituan, session)
}

fn new_product(kit: &Kit, code: &str, picture: Option<String>) -> ListingWrite {
    ListingWrite {
        category_id: Some(leaf(&kit.world())),
        outer_code: code.to_owned(),
        name: Some(format!("新品 {code}")),
        group_path: Some(vec!["水果".to_owned()]),
        pictures: picture.map(|id| vec![id]),
        on_sale: Some(true),
        skus: vec![SkuWrite {
            outer_sku_code: format!("{code}-1"),
            spec_name: Some("单规格".to_owned()),
            price: Some(Money(1990)),
            stock: Some(7),
            weight_g: Some(250),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    }
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, meituan, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(meituan.probe(&session, layer).await.unwrap().layer, layer);
    }
    let store = meituan.probe(&session, Layer::Store).await.unwrap();
    assert_eq!(store.params["name"], "禾记便利 三里屯店");
}

#[tokio::test]
async fn stores_and_groups_are_read() {
    let (_kit, meituan, session) = connector();
    let stores = meituan.stores(&session).await.unwrap();
    assert_eq!(stores.len(), 1);
    assert_eq!((stores[0].remote_id.as_str(), stores[0].open), (SHOP, Some(true)));
    let groups = meituan.groups(&session).await.unwrap();
    let tea = groups.iter().find(|group| group.name == "茶").unwrap();
    let parent = groups
        .iter()
        .find(|group| Some(&group.remote_id) == tea.parent.as_ref());
    assert_eq!(parent.unwrap().name, "饮料");
}

#[tokio::test]
async fn listings_carry_codes_prices_groups_and_pictures() {
    let (_kit, meituan, session) = connector();
    let listings = all(&meituan, &session).await;
    let apple = named(&listings, "示例苹果");
    assert_eq!((apple.outer_code.as_str(), apple.on_sale), ("P-1", true));
    assert_eq!(apple.group_path, ["水果"]);
    assert_eq!(apple.pictures, ["https://img.example.com/a.jpg"]);
    let sku = &apple.skus[0];
    assert_eq!((sku.price, sku.stock), (Some(Money(990)), Some(20)));
    assert_eq!(
        (sku.barcode.as_str(), sku.spec_name.as_str()),
        ("6901234567892", "单规格")
    );
    let tea = named(&listings, "乌龙茶");
    assert_eq!(tea.group_path, ["饮料", "茶"]);
    assert_eq!(tea.skus.len(), 2);
    let by_hand = named(&listings, "现切水果拼盘");
    assert_eq!(by_hand.outer_code, "");
    assert!(!by_hand.remote_id.is_empty());
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let (kit, meituan, session) = connector();
    {
        let mut world = kit.world();
        let held = world.shop(MT, SHOP).unwrap();
        let twin = held.listing_by_code("P-1").unwrap().id.clone();
        for _ in 0..450 {
            world.duplicate_listing(MT, SHOP, &twin).unwrap();
        }
    }
    let mut ids = std::collections::BTreeSet::new();
    let (mut cursor, mut pages) = (None, 0);
    loop {
        let page = meituan.listings(&session, cursor.as_deref()).await.unwrap();
        ids.extend(page.listings.into_iter().map(|listing| listing.remote_id));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((ids.len(), pages), (453, 3));
}

#[tokio::test]
async fn one_listing_is_read_by_code_or_by_id_and_absence_is_certain() {
    let (_kit, meituan, session) = connector();
    let found = meituan.listing(&session, None, "P-2").await.unwrap().unwrap();
    assert_eq!(found.name, "乌龙茶");
    assert_eq!(meituan.listing(&session, None, "P-404").await.unwrap(), None);
    let by_hand = named(&all(&meituan, &session).await, "现切水果拼盘").clone();
    let again = meituan
        .listing(&session, Some(&by_hand.remote_id), "")
        .await
        .unwrap();
    assert_eq!(again, Some(by_hand));
}

#[tokio::test]
async fn groups_are_made_on_both_levels_and_twice_is_once() {
    let (_kit, meituan, session) = connector();
    let first = ["零食".to_owned()];
    let second = ["零食".to_owned(), "薯片".to_owned()];
    let id = meituan.create_group(&session, &first, 5).await.unwrap();
    let child = meituan.create_group(&session, &second, 1).await.unwrap();
    let groups = meituan.groups(&session).await.unwrap();
    let made = groups.iter().find(|group| group.remote_id == child).unwrap();
    assert_eq!((made.name.as_str(), made.parent.as_ref()), ("薯片", Some(&id)));
    assert_eq!(meituan.create_group(&session, &first, 5).await.unwrap(), id);
}

#[tokio::test]
async fn a_product_is_created_with_its_picture_and_read_back() {
    let (kit, meituan, session) = connector();
    let picture = meituan
        .upload_picture(&session, "苹果 主图.jpg", jpeg())
        .await
        .unwrap();
    assert!(!picture.is_empty());
    let outcomes = meituan
        .write(&session, &[new_product(&kit, "N-1", Some(picture))])
        .await
        .unwrap();
    assert_eq!(outcomes, [WriteOutcome::Accepted { remote_id: None }]);
    let read = meituan.listing(&session, None, "N-1").await.unwrap().unwrap();
    assert_eq!(
        (read.name.as_str(), read.group_path.as_slice()),
        ("新品 N-1", ["水果".to_owned()].as_slice())
    );
    assert_eq!(read.skus[0].price, Some(Money(1990)));
    assert_eq!(read.skus[0].stock, Some(7));
    assert_eq!(read.skus[0].outer_sku_code, "N-1-1");
}

#[tokio::test]
async fn a_product_lands_in_a_second_level_group() {
    let (kit, meituan, session) = connector();
    let picture = meituan.upload_picture(&session, "a.jpg", jpeg()).await.unwrap();
    let mut product = new_product(&kit, "N-2", Some(picture));
    product.group_path = Some(vec!["饮料".to_owned(), "茶".to_owned()]);
    let outcomes = meituan.write(&session, &[product]).await.unwrap();
    assert_eq!(outcomes, [WriteOutcome::Accepted { remote_id: None }]);
    let read = meituan.listing(&session, None, "N-2").await.unwrap().unwrap();
    assert_eq!(read.group_path, ["饮料", "茶"]);
}

#[tokio::test]
async fn each_product_of_a_batch_hears_its_own_outcome() {
    let (kit, meituan, session) = connector();
    let picture = meituan.upload_picture(&session, "a.jpg", jpeg()).await.unwrap();
    let good = new_product(&kit, "N-3", Some(picture));
    let bare = new_product(&kit, "N-4", None);
    let outcomes = meituan.write(&session, &[bare.clone(), good]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Rejected { text, .. } if text.contains("picture字段未上传")),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[1], WriteOutcome::Accepted { remote_id: None });
    let alone = meituan.write(&session, &[bare]).await.unwrap();
    assert!(matches!(&alone[0], WriteOutcome::Rejected { text, .. } if text.contains("picture字段未上传")));
    assert!(meituan.write(&session, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_product_taken_with_a_defect_says_so() {
    let (kit, meituan, session) = connector();
    let picture = meituan.upload_picture(&session, "a.jpg", jpeg()).await.unwrap();
    let product = ListingWrite {
        category_id: None,
        ..new_product(&kit, "N-5", Some(picture))
    };
    let outcomes = meituan.write(&session, &[product]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Flawed { text, .. } if text.contains("类目")),
        "{outcomes:?}"
    );
    assert!(meituan.listing(&session, None, "N-5").await.unwrap().is_some());
}

#[tokio::test]
async fn an_update_leaves_alone_what_it_does_not_name() {
    let (_kit, meituan, session) = connector();
    let before = meituan.listing(&session, None, "P-1").await.unwrap().unwrap();
    let change = ListingWrite {
        remote_id: Some(before.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        name: Some("红富士苹果".to_owned()),
        ..ListingWrite::default()
    };
    let outcomes = meituan.write(&session, &[change]).await.unwrap();
    assert_eq!(outcomes, [WriteOutcome::Accepted { remote_id: None }]);
    let after = meituan.listing(&session, None, "P-1").await.unwrap().unwrap();
    let expected = RemoteListing {
        name: "红富士苹果".to_owned(),
        ..before
    };
    assert_eq!(after, expected);
}

#[tokio::test]
async fn prices_and_stock_are_set_row_by_row() {
    let (_kit, meituan, session) = connector();
    let listings = all(&meituan, &session).await;
    let tea = named(&listings, "乌龙茶");
    let by_hand = named(&listings, "现切水果拼盘");
    let mut rows: Vec<SkuRef> = tea.skus.iter().map(|sku| reference(tea, sku)).collect();
    rows.push(reference(by_hand, &by_hand.skus[0]));
    rows.push(SkuRef {
        outer_code: "P-404".to_owned(),
        outer_sku_code: "P-404-1".to_owned(),
        ..rows[0].clone()
    });
    let prices: Vec<PriceWrite> = rows
        .iter()
        .map(|sku| PriceWrite {
            sku: sku.clone(),
            price: Money(1888),
        })
        .collect();
    let stocks: Vec<StockWrite> = rows.into_iter().map(|sku| StockWrite { sku, stock: 3 }).collect();
    for outcomes in [
        meituan.set_prices(&session, &prices).await.unwrap(),
        meituan.set_stocks(&session, &stocks).await.unwrap(),
    ] {
        assert_eq!(
            outcomes[..2],
            [
                WriteOutcome::Accepted { remote_id: None },
                WriteOutcome::Accepted { remote_id: None }
            ]
        );
        assert!(
            matches!(&outcomes[2], WriteOutcome::Rejected { text, .. } if text.contains("sku_id字段为空"))
        );
        assert!(
            matches!(&outcomes[3], WriteOutcome::Rejected { .. }),
            "{outcomes:?}"
        );
    }
    let after = meituan.listing(&session, None, "P-2").await.unwrap().unwrap();
    assert!(
        after
            .skus
            .iter()
            .all(|sku| (sku.price, sku.stock) == (Some(Money(1888)), Some(3)))
    );
}

#[tokio::test]
async fn codes_are_written_onto_products_with_and_without_any() {
    let (kit, meituan, session) = connector();
    let listings = all(&meituan, &session).await;
    let by_hand = named(&listings, "现切水果拼盘");
    let codes = [(by_hand.skus[0].clone(), "OWN-1-1".to_owned())];
    meituan
        .bind_codes(&session, by_hand, "OWN-1", &codes)
        .await
        .unwrap();
    let bound = meituan.listing(&session, None, "OWN-1").await.unwrap().unwrap();
    assert_eq!(
        (bound.name.as_str(), bound.skus[0].outer_sku_code.as_str()),
        ("现切水果拼盘", "OWN-1-1")
    );

    let tea = named(&listings, "乌龙茶");
    let codes: Vec<_> = tea
        .skus
        .iter()
        .map(|sku| (sku.clone(), format!("NEW-{}", sku.spec_name)))
        .collect();
    meituan.bind_codes(&session, tea, "P-2", &codes).await.unwrap();
    let bound = meituan.listing(&session, None, "P-2").await.unwrap().unwrap();
    let held: Vec<&str> = bound.skus.iter().map(|sku| sku.outer_sku_code.as_str()).collect();
    assert_eq!(held, ["NEW-小杯", "NEW-大杯"]);

    // Rebuilt there under the same name: what was read is stale.
    let rebuilt = listing_id(&kit, "OWN-1");
    kit.world().delete_listing(MT, SHOP, &rebuilt).unwrap();
    let codes = [(by_hand.skus[0].clone(), "OWN-2-1".to_owned())];
    let stale = meituan.bind_codes(&session, by_hand, "OWN-2", &codes);
    assert!(stale.await.unwrap_err().text().contains("绑定自定义商品编码失败"));
}

fn listing_id(kit: &Kit, code: &str) -> String {
    kit.world()
        .shop(MT, SHOP)
        .unwrap()
        .listing_by_code(code)
        .unwrap()
        .id
        .clone()
}

#[tokio::test]
async fn orders_are_walked_by_their_number_of_the_day() {
    let (kit, meituan, session) = connector();
    let placed: Vec<String> = (0..90).map(|_| kit.order(MT)).collect();
    let (mut cursor, mut numbers, mut pulls) = (String::new(), Vec::new(), 0);
    loop {
        let batch = meituan.orders(&session, &cursor).await.unwrap();
        numbers.extend(batch.orders.into_iter().map(|order| order.number));
        cursor = batch.cursor;
        pulls += 1;
        if !batch.more {
            break;
        }
    }
    numbers.truncate(90);
    assert_eq!(numbers, placed);
    assert_eq!(pulls, 3);
    // Every number has 17 digits and more: none went through a float.
    assert!(numbers.iter().all(|number| number.len() >= 17));
}

#[tokio::test]
async fn an_order_keeps_its_money_lines_and_receiver() {
    let (kit, meituan, session) = connector();
    let number = kit.order(MT);
    let order = meituan.order(&session, &number).await.unwrap();
    assert_eq!(order.number, number);
    assert_eq!(
        (order.state, order.day_seq, order.placed_at),
        (OrderState::Placed, 1, NOON)
    );
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
        (line.quantity, line.price, line.barcode.as_str()),
        (2, Money(990), "6901234567892")
    );
    assert!(!order.receiver_name.is_empty() && !order.receiver_phone.is_empty());
    assert!(order.income.is_some() && order.refunds.is_empty() && !order.incomplete);
}

#[tokio::test]
async fn a_degraded_order_is_marked_and_read_again() {
    let (kit, meituan, session) = connector();
    let number = kit.order(MT);
    kit.world().degrade_order(&number, 1).unwrap();
    let first = meituan.orders(&session, "").await.unwrap();
    assert!(first.orders[0].incomplete);
    let second = meituan.orders(&session, &first.cursor).await.unwrap();
    assert_eq!((second.orders.len(), second.orders[0].incomplete), (1, false));
    assert_eq!(second.orders[0].lines.len(), 1);
}

#[tokio::test]
async fn cancellations_and_refunds_of_known_orders_are_seen() {
    let (kit, meituan, session) = connector();
    let (cancelled, part, whole, difference) = (kit.order(MT), kit.order(MT), kit.order(MT), kit.order(MT));
    let first = meituan.orders(&session, "").await.unwrap();
    assert_eq!(first.orders.len(), 4);
    {
        let mut world = kit.world();
        world.clock.advance(120_000);
        world.cancel_order(&cancelled).unwrap();
        world.part_refund(&part, &[(0, 1)], "少送").unwrap();
        world.full_refund(&whole, "不要了").unwrap();
        world.price_difference_refund(&difference, 120, "缺重").unwrap();
    }
    let second = meituan.orders(&session, &first.cursor).await.unwrap();
    let of = |number: &str| second.orders.iter().find(|order| order.number == number).unwrap();
    assert_eq!(of(&cancelled).state, OrderState::Cancelled);
    let refund = &of(&part).refunds[0];
    assert_eq!(
        (refund.amount, refund.done, refund.full, refund.difference_only),
        (Money(990), true, false, false)
    );
    assert_eq!(refund.reason, "少送");
    assert!(!of(&part).fully_refunded);
    assert!(of(&whole).fully_refunded && of(&whole).refunds[0].full);
    assert!(of(&difference).refunds[0].difference_only);
}

#[tokio::test]
async fn the_day_changes_without_losing_an_order() {
    let (kit, meituan, session) = connector();
    let before = kit.order(MT);
    let first = meituan.orders(&session, "").await.unwrap();
    // Two more before midnight, one after; all found by one later pull.
    let late = kit.order(MT);
    kit.world().clock.advance(11 * 3_600_000);
    let latest = kit.order(MT);
    kit.world().clock.advance(2 * 3_600_000);
    let next_day = kit.order(MT);
    let second = meituan.orders(&session, &first.cursor).await.unwrap();
    let numbers: Vec<&str> = second.orders.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(first.orders[0].number, before);
    for number in [&late, &latest, &next_day] {
        assert!(numbers.contains(&number.as_str()), "{numbers:?}");
    }
    assert_eq!(
        second
            .orders
            .iter()
            .find(|order| order.number == next_day)
            .unwrap()
            .day_seq,
        1
    );
}

#[tokio::test]
async fn tokens_of_a_service_provider_are_refreshed_and_signed() {
    let (kit, meituan, session) = connector();
    assert!(meituan.refresh(&session).await.unwrap().is_none());
    let tokens = {
        let mut world = kit.world();
        world.meituan.isv = true;
        let now = world.now_ms();
        let pair = sim::world::TokenPair {
            access: "access-1".to_owned(),
            refresh: "refresh-1".to_owned(),
            access_until: now + 1000,
            refresh_until: now + 1_000_000,
        };
        world.meituan.tokens.insert(SHOP.to_owned(), pair);
        [("access_token", "access-1"), ("refresh_token", "refresh-1")]
    };
    let session = Session {
        credentials: session
            .credentials
            .with(tokens.map(|(name, text)| (name.to_owned(), text.to_owned()))),
        ..session
    };
    assert!(meituan.groups(&session).await.is_ok());
    kit.world().clock.advance(5000);
    assert!(matches!(
        meituan.groups(&session).await,
        Err(connect::error::RemoteError::Expired { .. })
    ));
    let fresh = meituan.refresh(&session).await.unwrap().unwrap();
    assert!(fresh.expires_at.unwrap() > NOON);
    assert!(!format!("{fresh:?}").contains("access"));
    let session = Session {
        credentials: session.credentials.with(fresh.fields),
        ..session
    };
    assert!(meituan.groups(&session).await.is_ok());
}
