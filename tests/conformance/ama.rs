//! 乐檬 AMA: every call of the port.

use crate::kit::{BRANCH, Kit, NOON, keyed, with};
use connect::erp::{Erp, ErpOrder, ErpOrderLine, ErpRefund};
use connect::error::{Layer, RemoteError};
use connect::session::Session;
use domain::money::Money;
use erp::ama::Ama;
use sim::Service;
use sim::world::{DocumentKind, OrderMode};

fn connector() -> (Kit, Ama, Session) {
    let kit = Kit::new();
    let ama = Ama::new(kit.gateway.clone());
    let session = kit.session(Service::Ama);
    (kit, ama, session)
}

fn order(number: &str, item: &str) -> ErpOrder {
    ErpOrder {
        number: number.to_owned(),
        branch: BRANCH.to_owned(),
        platform_store: "32267001".to_owned(),
        store_name: "禾记便利 三里屯店".to_owned(),
        placed_at: NOON,
        paid: Money(2480),
        original: Money(2680),
        income: Money(2100),
        shipping_fee: Money(500),
        packing_fee: Money(100),
        remark: String::new(),
        receiver_name: "张(先生)".to_owned(),
        receiver_phone: "13800000000_1234".to_owned(),
        receiver_address: "某街 1 号".to_owned(),
        lines: vec![ErpOrderLine {
            item_code: item.to_owned(),
            product_name: "示例苹果".to_owned(),
            spec_name: "单规格".to_owned(),
            barcode: "6901234567892".to_owned(),
            product_ref: "P-1".to_owned(),
            spec_ref: "P-1".to_owned(),
            quantity: 2,
            base_quantity_milli: 525,
            price: Money(990),
        }],
    }
}

#[tokio::test]
async fn every_layer_of_the_connection_is_tested() {
    let (_kit, ama, session) = connector();
    for layer in [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ] {
        assert_eq!(ama.probe(&session, layer).await.unwrap().layer, layer);
    }
    let stranger = Session {
        remote_id: "77".to_owned(),
        ..session
    };
    assert!(matches!(
        ama.probe(&stranger, Layer::Store).await,
        Err(RemoteError::Refused {
            layer: Layer::Store,
            ..
        })
    ));
}

#[tokio::test]
async fn branches_items_and_stock_are_read() {
    let (_kit, ama, session) = connector();
    let branches = ama.branches(&session).await.unwrap();
    assert_eq!((branches[0].code.as_str(), branches[0].active), (BRANCH, true));
    let page = ama.items(&session, None).await.unwrap();
    assert_eq!(page.next, None);
    let apple = page
        .items
        .iter()
        .find(|item| item.code == "1022311150004734")
        .unwrap();
    assert_eq!(
        (apple.short_code.as_str(), apple.price, apple.deleted),
        ("0734", Some(Money(900)), false)
    );
    assert!(page.items.iter().any(|item| item.deleted));
    let codes = ["1022311150004734".to_owned(), "404".to_owned()];
    let stock = ama.stock(&session, &codes).await.unwrap();
    assert_eq!(stock.len(), 1);
    assert_eq!(
        (stock[0].code.as_str(), stock[0].available_milli),
        ("1022311150004734", 12_345)
    );
}

#[tokio::test]
async fn the_other_number_can_be_the_item_code() {
    let (_kit, ama, session) = connector();
    let session = with(&session, "item_code_field", "item_code");
    let page = ama.items(&session, None).await.unwrap();
    assert!(
        page.items
            .iter()
            .any(|item| item.code == "0734" && item.short_code == "1022311150004734")
    );
    let stock = ama.stock(&session, &["0734".to_owned()]).await.unwrap();
    assert_eq!(
        (stock[0].code.as_str(), stock[0].available_milli),
        ("0734", 12_345)
    );
}

#[tokio::test]
async fn items_come_in_pages() {
    let (kit, ama, session) = connector();
    for number in 0..1500_u64 {
        let item = sim::world::ErpItem {
            num: format!("{}", 2_000_000 + number),
            code: String::new(),
            name: format!("商品 {number}"),
            barcode: String::new(),
            unit: String::new(),
            price_fen: 1,
            deleted: false,
            updated_at: 0,
        };
        kit.world().erp_add_item(item).unwrap();
    }
    let first = ama.items(&session, None).await.unwrap();
    let second = ama.items(&session, first.next.as_deref()).await.unwrap();
    assert_eq!(
        (first.items.len(), second.items.len(), second.next),
        (1000, 502, None)
    );
}

#[tokio::test]
async fn an_order_is_booked_field_by_field() {
    let (kit, ama, session) = connector();
    let document = ama
        .push_order(&session, &order("4012345678901234567", "1022311150004734"))
        .await
        .unwrap();
    assert_eq!(document.reference, "4012345678901234567");
    let world = kit.world();
    let held = world.erp.documents_for(DocumentKind::Sale, "4012345678901234567")[0];
    assert_eq!(held.number, document.number);
    assert_eq!((held.branch.as_str(), held.money_fen), (BRANCH, 2480));
    let upload = &held.upload;
    assert_eq!(
        (upload["total_money"].as_i64(), upload["income"].as_i64()),
        (Some(2680), Some(2100))
    );
    assert_eq!(upload["create_time"], "2026-11-21 12:00:00");
    let line = &upload["order_item_list"][0];
    // Two pieces of 0.525 each.
    assert_eq!(
        (line["base_unit_num"].as_f64(), line["amount"].as_i64()),
        (Some(1.05), Some(2))
    );
    assert_eq!(
        (line["price"].as_i64(), line["total_money"].as_i64()),
        (Some(990), Some(1980))
    );
    let left = world.erp.stock[&(BRANCH.to_owned(), "1022311150004734".to_owned())];
    assert_eq!(left, 12_345 - 1050);
}

#[tokio::test]
async fn a_refund_is_booked() {
    let (kit, ama, session) = connector();
    let sale = order("4012345678901234567", "1022311150004734");
    ama.push_order(&session, &sale).await.unwrap();
    let refund = ErpRefund {
        number: "900001".to_owned(),
        order: sale.number.clone(),
        amount: Money(990),
        reason: "少送".to_owned(),
        lines: sale.lines.clone(),
    };
    let document = ama.push_refund(&session, &refund).await.unwrap();
    assert_eq!(document.reference, "900001");
    let world = kit.world();
    let held = world.erp.documents_for(DocumentKind::Refund, &sale.number)[0];
    assert_eq!(
        (held.platform_refund_id.as_str(), held.money_fen),
        ("900001", 990)
    );
}

#[tokio::test]
async fn orders_are_looked_up_where_the_account_can() {
    let (kit, ama, session) = connector();
    assert!(!ama.capabilities(&session).order_lookup);
    assert!(matches!(
        ama.find_order(&session, "1").await,
        Err(RemoteError::Unsupported { .. })
    ));
    let session = with(&session, "order_mode", "lookup");
    assert!(ama.capabilities(&session).order_lookup && !ama.capabilities(&session).idempotent_upload);
    assert_eq!(ama.find_order(&session, "401").await.unwrap(), None);
    let pushed = ama
        .push_order(&session, &order("401", "1022311150004734"))
        .await
        .unwrap();
    assert_eq!(ama.find_order(&session, "401").await.unwrap(), Some(pushed));
    kit.world().erp.order_mode = OrderMode::Neither;
    assert!(ama.find_order(&session, "401").await.is_err());
}

#[tokio::test]
async fn an_idempotent_erp_makes_one_document_of_two_uploads() {
    let (kit, ama, session) = connector();
    kit.world().erp.order_mode = OrderMode::Idempotent;
    let session = with(&session, "order_mode", "idempotent");
    assert!(ama.capabilities(&session).idempotent_upload);
    let sale = order("401", "1022311150004734");
    let first = ama.push_order(&session, &sale).await.unwrap();
    assert_eq!(ama.push_order(&session, &sale).await.unwrap(), first);
    assert_eq!(kit.world().erp.documents.len(), 1);
}

#[tokio::test]
async fn refusals_keep_the_erp_s_own_words() {
    let (kit, ama, session) = connector();
    let said = async |order: ErpOrder| match ama.push_order(&session, &order).await {
        Err(RemoteError::Rejected { text, .. }) => text,
        other => panic!("{other:?}"),
    };
    assert!(
        said(order("1", "1022311150004735"))
            .await
            .contains("商品编号[1022311150004735]没有匹配商品")
    );
    assert!(
        said(order("1", "A-77"))
            .await
            .contains("For input string: \"A-77\"")
    );
    let odd_branch = ErpOrder {
        branch: "99#".to_owned(),
        ..order("1", "1022311150004734")
    };
    assert!(said(odd_branch).await.contains("For input string: \"99#\""));
    kit.world().erp_set_receive(BRANCH, false).unwrap();
    assert!(
        said(order("1", "1022311150004734"))
            .await
            .contains("订单聚合参数未开启")
    );
    assert!(kit.world().erp.documents.is_empty());
}

#[tokio::test]
async fn a_dead_token_is_refreshed_with_the_pair_replaced() {
    let (kit, ama, session) = connector();
    kit.world().erp_token_expire();
    assert!(matches!(
        ama.branches(&session).await,
        Err(RemoteError::Expired { .. })
    ));
    let fresh = ama.refresh(&session).await.unwrap().unwrap();
    assert_eq!(fresh.fields.len(), 2);
    let session = Session {
        credentials: session.credentials.with(fresh.fields),
        ..session
    };
    assert!(ama.branches(&session).await.is_ok());
    let wrong = keyed(&session, "app_secret", "not-the-secret");
    assert!(matches!(
        ama.refresh(&wrong).await,
        Err(RemoteError::Refused { .. })
    ));
}
