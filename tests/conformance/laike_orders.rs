//! 抖音来客: orders by update time, and refunds by certificate.

use crate::kit::{LK, NOON, SHOP, pulled, with};
use crate::laike::{OTHER, at_other, connector};
use connect::error::RemoteError;
use connect::platform::Platform;
use domain::money::Money;
use domain::order::OrderState;
use sim::world::{NewListing, NewSpec, OrderRequest, RequestedLine};

#[tokio::test]
async fn orders_of_this_store_alone_are_pulled_and_read_once_each() {
    let (kit, laike, session) = connector();
    let mut placed: Vec<String> = (0..230).map(|_| kit.order(LK)).collect();
    at_other(&kit, &session);
    {
        let mut world = kit.world();
        let new = NewListing {
            name: "二店的货".to_owned(),
            specs: vec![NewSpec {
                name: "单规格".to_owned(),
                price_fen: 990,
                stock: 5,
                ..NewSpec::default()
            }],
            ..NewListing::default()
        };
        let id = world.add_listing(LK, OTHER, new).unwrap();
        let request = OrderRequest {
            lines: vec![RequestedLine::of(&id, 1)],
            ..OrderRequest::default()
        };
        world.place_order(LK, OTHER, request, NOON).unwrap();
        world.clock.advance(1000);
    }
    let first = pulled(&laike, &session, "").await;
    let mut numbers: Vec<String> = first.orders.into_iter().map(|order| order.number).collect();
    numbers.sort();
    placed.sort();
    assert_eq!(numbers, placed);
    let again = laike.orders(&session, &first.cursor).await.unwrap();
    assert!(again.orders.is_empty() && !again.more);
}

#[tokio::test]
async fn an_order_keeps_its_money_lines_and_receiver() {
    let (kit, laike, session) = connector();
    let number = kit.order(LK);
    let order = laike.order(&session, &number).await.unwrap();
    assert_eq!(
        (order.number.as_str(), order.state),
        (number.as_str(), OrderState::Placed)
    );
    assert_eq!(
        (order.day_seq, order.placed_at, order.incomplete),
        (1, NOON, false)
    );
    let held = kit.world().order(&number).unwrap().clone();
    assert_eq!(order.total, Money(held.total_fen()));
    assert_eq!(order.original_total, Money(held.total_fen() + 200));
    assert_eq!(
        (order.shipping_fee, order.income),
        (Money(500), Some(order.total))
    );
    let line = &order.lines[0];
    assert_eq!(
        (
            line.product_name.as_str(),
            line.outer_sku_code.as_str(),
            line.spec_name.as_str()
        ),
        ("示例苹果", "P-1", "")
    );
    assert_eq!((line.quantity, line.price), (2, Money(990)));
    assert!(!order.receiver_phone.is_empty());
    kit.world().degrade_order(&number, 1).unwrap();
    assert!(laike.order(&session, &number).await.unwrap().incomplete);
    let unknown = laike.order(&session, "1").await;
    assert!(matches!(&unknown, Err(RemoteError::Rejected { text, .. }) if text.contains("订单不存在")));
}

#[tokio::test]
async fn moved_orders_and_their_refunds_are_seen() {
    let (kit, laike, session) = connector();
    let [cancelled, part, whole, asked, money] = std::array::from_fn(|_| kit.order(LK));
    let first = laike.orders(&session, "").await.unwrap();
    assert_eq!(first.orders.len(), 5);
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
    let second = pulled(&laike, &session, &first.cursor).await;
    let of = |number: &str| second.orders.iter().find(|order| order.number == number).unwrap();
    assert_eq!(
        (of(&cancelled).state, of(&part).state),
        (OrderState::Cancelled, OrderState::Accepted)
    );
    let [refund] = of(&part).refunds.as_slice() else {
        panic!("{:?}", of(&part).refunds)
    };
    assert_eq!(
        (refund.amount, refund.done, refund.full, refund.difference_only),
        (Money(990), true, false, false)
    );
    assert!(!of(&part).fully_refunded && of(&whole).fully_refunded);
    assert!(!of(&asked).refunds[0].done && of(&money).refunds[0].difference_only);
}

#[tokio::test]
async fn what_is_not_published_of_orders_is_a_setting() {
    let (kit, laike, session) = connector();
    let number = kit.order(LK);
    // The same order by another of the calls.
    for call in ["akte/order/query", "hermes/trade/order/query"] {
        let other = with(&session, "order_call", call);
        assert_eq!(laike.order(&other, &number).await.unwrap().number, number);
    }
    let state = |order: connect::platform::RemoteOrder| order.state;
    let named = with(&session, "order_completed", "5,200");
    let named = with(&named, "order_placed", "1");
    assert_eq!(
        state(laike.order(&named, &number).await.unwrap()),
        OrderState::Completed
    );
    // A number that nobody names is taken as accepted.
    let strange = with(&session, "order_placed", "1");
    assert_eq!(
        state(laike.order(&strange, &number).await.unwrap()),
        OrderState::Accepted
    );
    // An order that waits for its payment is none yet.
    let unpaid = with(&session, "order_unpaid", "200");
    assert_eq!(laike.orders(&unpaid, "").await.unwrap().orders, []);
    assert!(kit.world().shop(LK, SHOP).is_ok());
}
