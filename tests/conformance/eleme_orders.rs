//! 饿了么: orders, refunds and missed pushes.

use crate::eleme::connector;
use crate::kit::{EL, NOON, with};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, Platform};
use connect::session::Session;
use domain::money::Money;
use domain::order::OrderState;
use platforms::eleme::Eleme;
use sim::{FaultKind, FaultRule, Service};
use std::collections::BTreeSet;

async fn to_the_end(eleme: &Eleme, session: &Session, cursor: &str) -> OrderBatch {
    let mut batch = eleme.orders(session, cursor).await.unwrap();
    while batch.more {
        let next = eleme.orders(session, &batch.cursor).await.unwrap();
        batch.orders.extend(next.orders);
        (batch.cursor, batch.more) = (next.cursor, next.more);
    }
    batch
}

#[tokio::test]
async fn orders_are_listed_by_day_and_read_once_each() {
    let (kit, eleme, session) = connector();
    let placed: Vec<String> = (0..230).map(|_| kit.order(EL)).collect();
    let (mut cursor, mut numbers, mut pulls) = (String::new(), Vec::new(), 0);
    loop {
        let batch = eleme.orders(&session, &cursor).await.unwrap();
        numbers.extend(batch.orders.into_iter().map(|order| order.number));
        cursor = batch.cursor;
        pulls += 1;
        if !batch.more {
            break;
        }
    }
    let first_reads = numbers.iter().take(230).collect::<BTreeSet<_>>();
    assert_eq!(first_reads, placed.iter().collect());
    assert!(pulls >= 2, "{pulls}");
    assert!(numbers.iter().all(|number| number.len() >= 18));
    // Nothing moved: only those whose turn it is are read again.
    let quiet = to_the_end(&eleme, &session, &cursor).await;
    assert!(quiet.orders.len() <= 20, "{}", quiet.orders.len());
}

#[tokio::test]
async fn the_day_changes_without_losing_an_order() {
    let (kit, eleme, session) = connector();
    let before = kit.order(EL);
    let first = to_the_end(&eleme, &session, "").await;
    assert_eq!(first.orders[0].number, before);
    kit.world().clock.advance(12 * 3_600_000 - 1000);
    let latest = kit.order(EL);
    kit.world().clock.advance(2000);
    let next_day = kit.order(EL);
    let second = to_the_end(&eleme, &session, &first.cursor).await;
    for number in [&latest, &next_day] {
        assert!(second.orders.iter().any(|order| order.number == *number));
    }
    let of_next = second.orders.iter().find(|order| order.number == next_day);
    assert_eq!(of_next.unwrap().day_seq, 1);
    kit.world().clock.advance(3_600_000);
    let third = to_the_end(&eleme, &session, &second.cursor).await;
    assert!(third.cursor.contains("20261122"), "{}", third.cursor);
}

#[tokio::test]
async fn an_order_keeps_its_money_lines_and_receiver() {
    let (kit, eleme, session) = connector();
    let number = kit.order(EL);
    let order = eleme.order(&session, &number).await.unwrap();
    assert_eq!(
        (order.number.as_str(), order.state),
        (number.as_str(), OrderState::Placed)
    );
    assert_eq!((order.day_seq, order.placed_at), (1, NOON));
    let held = kit.world().order(&number).unwrap().clone();
    assert_eq!(order.total, Money(held.total_fen()));
    assert_eq!(order.original_total, Money(held.total_fen() + 200));
    assert_eq!((order.shipping_fee, order.packing_fee), (Money(500), Money(100)));
    // Fees and discounts stand in baskets of their own and are no goods.
    let [line] = order.lines.as_slice() else {
        panic!("{:?}", order.lines);
    };
    assert_eq!(
        (line.product_name.as_str(), line.outer_sku_code.as_str()),
        ("示例苹果", "P-1")
    );
    assert_eq!(
        (line.quantity, line.price, line.barcode.as_str()),
        (2, Money(990), "6901234567892")
    );
    assert!(order.income.is_some() && !order.receiver_phone.is_empty());
    let missing = eleme.order(&session, "404").await.unwrap_err();
    assert!(matches!(missing, RemoteError::Rejected { .. }));
}

#[tokio::test]
async fn moved_orders_and_their_refunds_are_seen() {
    let (kit, eleme, session) = connector();
    let (cancelled, part, whole, asked) = (kit.order(EL), kit.order(EL), kit.order(EL), kit.order(EL));
    let difference = kit.order(EL);
    kit.world().degrade_order(&asked, 1).unwrap();
    let first = to_the_end(&eleme, &session, "").await;
    let late = first.orders.iter().find(|order| order.number == asked).unwrap();
    assert!(late.incomplete && late.lines.is_empty());
    {
        let mut world = kit.world();
        world.clock.advance(120_000);
        world.confirm_order(&part).unwrap();
        world.cancel_order(&cancelled).unwrap();
        world.part_refund(&part, &[(0, 1)], "少送").unwrap();
        world.full_refund(&whole, "不要了").unwrap();
        world.ask_refund(&asked, Some(&[(0, 1)]), "问问").unwrap();
        world.price_difference_refund(&difference, 120, "缺重").unwrap();
    }
    let second = to_the_end(&eleme, &session, &first.cursor).await;
    let of = |number: &str| second.orders.iter().find(|order| order.number == number).unwrap();
    assert_eq!(of(&cancelled).state, OrderState::Cancelled);
    assert_eq!(of(&part).state, OrderState::Accepted);
    let refund = &of(&part).refunds[0];
    assert_eq!(
        (refund.amount, refund.done, refund.full, refund.difference_only),
        (Money(990), true, false, false)
    );
    assert_eq!((refund.reason.as_str(), refund.at), ("少送", NOON + 120_000));
    assert!(!of(&part).fully_refunded && of(&whole).fully_refunded);
    assert!(!of(&asked).incomplete && !of(&asked).refunds[0].done);
    assert!(of(&difference).refunds[0].difference_only);
}

#[tokio::test]
async fn a_refund_that_cannot_be_read_leaves_the_order_incomplete() {
    let (kit, eleme, session) = connector();
    let number = kit.order(EL);
    kit.world().part_refund(&number, &[(0, 1)], "少送").unwrap();
    let fault = FaultKind::Refuse {
        code: 1,
        message: "暂不支持".to_owned(),
    };
    kit.world().faults.add(FaultRule::once(
        Service::Eleme,
        "eleme.order.getRefundOrder",
        fault,
    ));
    let order = eleme.order(&session, &number).await.unwrap();
    assert!(order.incomplete && order.refunds.is_empty());
    let order = eleme.order(&session, &number).await.unwrap();
    assert!(!order.incomplete && order.refunds.len() == 1);
}

#[tokio::test]
async fn missed_pushes_tell_at_once_which_old_order_has_moved() {
    let (kit, eleme, session) = connector();
    let app = kit.world().eleme.app_number.to_string();
    let heard = with(&session, "app_id", &app);
    let old: Vec<String> = (0..30).map(|_| kit.order(EL)).collect();
    let first = to_the_end(&eleme, &heard, "").await;
    assert_eq!(
        first
            .orders
            .iter()
            .map(|order| &order.number)
            .collect::<BTreeSet<_>>(),
        old.iter().collect()
    );
    // The next day the orders are out of the list; 30 of them wait their turn.
    kit.world().clock.advance(20 * 3_600_000);
    let second = to_the_end(&eleme, &heard, &first.cursor).await;
    let unread: Vec<&String> = old
        .iter()
        .filter(|number| !second.orders.iter().any(|order| order.number == **number))
        .collect();
    assert_eq!(unread.len(), 10);
    // Read a moment ago, so its turn is far off.
    let late = second.orders.last().unwrap().number.clone();
    kit.world().clock.advance(1000);
    kit.world().cancel_order(&late).unwrap();
    let third = eleme.orders(&heard, &second.cursor).await.unwrap();
    let found = third.orders.iter().find(|order| order.number == late);
    assert_eq!(found.unwrap().state, OrderState::Cancelled);
    // A wrong number of the application costs nothing but the hint.
    let wrong = with(&session, "app_id", "1");
    assert!(eleme.orders(&wrong, &third.cursor).await.is_ok());
}
