//! 京东到家: orders and after-sales.

use crate::jddj::{OTHER, connector, in_store};
use crate::kit::{JD, NOON, SHOP};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, Platform, RemoteOrder};
use connect::session::Session;
use domain::money::Money;
use domain::order::OrderState;
use platforms::jddj::Jddj;

const HOUR: i64 = 3_600_000;

/// Pulls until nothing more waits.
async fn pull(jddj: &Jddj, session: &Session, cursor: &mut String) -> Vec<RemoteOrder> {
    let mut orders = Vec::new();
    loop {
        let OrderBatch {
            orders: read,
            cursor: next,
            more,
        } = jddj.orders(session, cursor).await.unwrap();
        orders.extend(read);
        *cursor = next;
        if !more {
            return orders;
        }
    }
}

#[tokio::test]
async fn an_order_tells_lines_and_money_sealed_or_not() {
    let (kit, jddj, session) = connector();
    let number = kit.order(JD);
    for sealed in [false, true] {
        kit.world().jddj.encrypted_orders = sealed;
        let order = jddj.order(&session, &number).await.unwrap();
        assert_eq!((order.number.as_str(), order.day_seq), (number.as_str(), 1));
        assert_eq!((order.state, order.placed_at), (OrderState::Placed, NOON));
        assert_eq!(
            (order.total, order.original_total),
            (Money(2 * 990 + 500 + 100 - 200), Money(2 * 990 + 500 + 100))
        );
        assert_eq!((order.shipping_fee, order.packing_fee), (Money(500), Money(100)));
        assert!(order.receiver_phone.contains(',') && !order.incomplete);
        let [line] = order.lines.as_slice() else {
            panic!("{:?}", order.lines)
        };
        assert_eq!(
            (line.outer_sku_code.as_str(), line.product_name.as_str()),
            ("P-1", "示例苹果")
        );
        assert_eq!(
            (line.quantity, line.price, line.spec_name.as_str()),
            (2, Money(990), "")
        );
    }
    assert!(matches!(
        jddj.order(&session, "404").await,
        Err(RemoteError::Rejected { .. })
    ));
}

#[tokio::test]
async fn orders_are_pulled_once_and_again_when_they_moved() {
    let (kit, jddj, session) = connector();
    kit.world().add_store(JD, OTHER, "二店").unwrap();
    let first = kit.order(JD);
    kit.world().clock.advance(3 * HOUR);
    let second = kit.order(JD);
    let mut cursor = String::new();
    let mut numbers: Vec<String> = pull(&jddj, &session, &mut cursor)
        .await
        .into_iter()
        .map(|order| order.number)
        .collect();
    numbers.sort();
    let mut both = vec![first.clone(), second];
    both.sort();
    assert_eq!(numbers, both);
    // Another store's pull has none of them.
    let mut other = String::new();
    assert_eq!(pull(&jddj, &in_store(&session, OTHER), &mut other).await, []);
    kit.world().clock.advance(60_000);
    kit.world().cancel_order(&first).unwrap();
    let moved = pull(&jddj, &session, &mut cursor).await;
    let cancelled = moved.iter().find(|order| order.number == first).unwrap();
    assert_eq!(cancelled.state, OrderState::Cancelled);
}

#[tokio::test]
async fn more_orders_than_a_page_holds_are_all_read() {
    let (kit, jddj, session) = connector();
    for _ in 0..130 {
        kit.order(JD);
    }
    kit.world().clock.advance(60_000);
    let mut cursor = String::new();
    assert_eq!(pull(&jddj, &session, &mut cursor).await.len(), 130);
}

#[tokio::test]
async fn refunds_come_with_the_order_once_goods_are_picked() {
    let (kit, jddj, session) = connector();
    let (part, whole, money) = (kit.order(JD), kit.order(JD), kit.order(JD));
    {
        let mut world = kit.world();
        for number in [&part, &whole, &money] {
            world.confirm_order(number).unwrap();
        }
        world.part_refund(&part, &[(0, 1)], "坏了一个").unwrap();
        world.full_refund(&whole, "不要了").unwrap();
        world.price_difference_refund(&money, 90, "差价").unwrap();
        world.ask_refund(&money, None, "再问一次").unwrap();
    }
    let order = jddj.order(&session, &part).await.unwrap();
    assert_eq!(order.state, OrderState::Accepted);
    let [refund] = order.refunds.as_slice() else {
        panic!("{:?}", order.refunds)
    };
    assert_eq!(
        (refund.amount, refund.done, refund.full),
        (Money(990), true, false)
    );
    assert_eq!(
        (refund.reason.as_str(), refund.difference_only),
        ("坏了一个", false)
    );
    assert!(!order.fully_refunded);
    assert!(jddj.order(&session, &whole).await.unwrap().fully_refunded);
    let order = jddj.order(&session, &money).await.unwrap();
    let told: Vec<(bool, bool)> = order
        .refunds
        .iter()
        .map(|refund| (refund.difference_only, refund.done))
        .collect();
    assert_eq!(told, [(true, true), (false, false)]);
}

#[tokio::test]
async fn an_order_without_its_lines_is_incomplete_and_read_again() {
    let (kit, jddj, session) = connector();
    let number = kit.order(JD);
    kit.world().degrade_order(&number, 1).unwrap();
    assert!(jddj.order(&session, &number).await.unwrap().incomplete);
    assert!(!jddj.order(&session, &number).await.unwrap().incomplete);
    // After-sales that cannot be read leave the order open too.
    kit.world().confirm_order(&number).unwrap();
    kit.world().full_refund(&number, "不要了").unwrap();
    kit.world().faults.add(sim::FaultRule::once(
        sim::Service::Jddj,
        "afs/getAfsService",
        sim::FaultKind::Refuse {
            code: 10_000,
            message: "商家端处理失败".to_owned(),
        },
    ));
    assert!(jddj.order(&session, &number).await.unwrap().incomplete);
    assert_eq!(kit.world().shop(JD, SHOP).unwrap().remote_id, SHOP);
}
