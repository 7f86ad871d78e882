//! 美团外卖: orders in each of its three ways.

use crate::kit::{NOON, WM, pulled};
use crate::waimai::ways;
use connect::platform::Platform;
use domain::money::Money;
use domain::order::OrderState;
use sim::{FaultKind, FaultRule, Service};

#[tokio::test]
async fn every_order_of_a_day_is_read_once() {
    for (way, kit, waimai, session) in ways() {
        let placed: Vec<String> = (0..90).map(|_| kit.order(WM)).collect();
        let first = pulled(&waimai, &session, "").await;
        let mut numbers: Vec<String> = first.orders.into_iter().map(|order| order.number).collect();
        numbers.truncate(90);
        numbers.sort();
        assert_eq!(numbers, placed, "{way}");
        // Only those whose turn it is are read again.
        let quiet = pulled(&waimai, &session, &first.cursor).await;
        assert!(quiet.orders.len() <= 20, "{way}: {}", quiet.orders.len());
        let late = kit.order(WM);
        let next = pulled(&waimai, &session, &quiet.cursor).await;
        assert!(next.orders.iter().any(|order| order.number == late), "{way}");
    }
}

#[tokio::test]
async fn an_order_keeps_its_money_lines_and_receiver() {
    for (way, kit, waimai, session) in ways() {
        let number = kit.order(WM);
        let order = waimai.order(&session, &number).await.unwrap();
        assert_eq!(
            (order.number.as_str(), order.day_seq),
            (number.as_str(), 1),
            "{way}"
        );
        assert_eq!(
            (order.state, order.placed_at),
            (OrderState::Placed, NOON),
            "{way}"
        );
        let held = kit.world().order(&number).unwrap().clone();
        assert_eq!(order.total, Money(held.total_fen()));
        assert_eq!(order.original_total, Money(held.total_fen() + 200));
        assert_eq!(order.shipping_fee, Money(500));
        let line = &order.lines[0];
        assert_eq!(
            (line.product_name.as_str(), line.outer_sku_code.as_str()),
            ("示例苹果", "P-1"),
            "{way}"
        );
        assert_eq!((line.quantity, line.price), (2, Money(990)));
        assert!(order.income.is_some() && !order.receiver_name.is_empty() && !order.incomplete);
    }
}

#[tokio::test]
async fn a_degraded_order_is_marked_and_read_again() {
    for (way, kit, waimai, session) in ways() {
        if way == "16" {
            // Its detail tells of no missing parts.
            continue;
        }
        let number = kit.order(WM);
        kit.world().degrade_order(&number, 1).unwrap();
        let first = pulled(&waimai, &session, "").await;
        assert!(first.orders[0].incomplete, "{way}");
        let second = pulled(&waimai, &session, &first.cursor).await;
        assert_eq!(
            (second.orders.len(), second.orders[0].incomplete),
            (1, false),
            "{way}"
        );
    }
}

#[tokio::test]
async fn cancellations_of_known_orders_are_seen_and_refunds_where_they_are_told() {
    for (way, kit, waimai, session) in ways() {
        let (cancelled, part, soon) = (kit.order(WM), kit.order(WM), kit.order(WM));
        let first = pulled(&waimai, &session, "").await;
        // F34: within a minute it is a cancellation.
        assert_eq!(kit.world().full_refund(&soon, "不要了").unwrap(), None);
        kit.world().clock.advance(120_000);
        kit.world().cancel_order(&cancelled).unwrap();
        kit.world().part_refund(&part, &[(0, 1)], "少送").unwrap();
        let second = pulled(&waimai, &session, &first.cursor).await;
        let of = |number: &str| second.orders.iter().find(|order| order.number == number).unwrap();
        for number in [&cancelled, &soon] {
            assert_eq!(of(number).state, OrderState::Cancelled, "{way}");
        }
        let refunds = &of(&part).refunds;
        assert_eq!(refunds.len(), usize::from(way == "food"), "{way}");
        assert!(
            refunds
                .iter()
                .all(|refund| refund.amount == Money(990) && refund.done)
        );
    }
}

#[tokio::test]
async fn the_day_changes_without_losing_an_order() {
    for (way, kit, waimai, session) in ways() {
        let before = kit.order(WM);
        let first = pulled(&waimai, &session, "").await;
        assert_eq!(first.orders[0].number, before);
        let late = kit.order(WM);
        kit.world().clock.advance(12 * 3_600_000 - 1000);
        let latest = kit.order(WM);
        kit.world().clock.advance(2000);
        let next_day = kit.order(WM);
        let second = pulled(&waimai, &session, &first.cursor).await;
        for number in [&late, &latest, &next_day] {
            assert!(second.orders.iter().any(|order| order.number == *number), "{way}");
        }
        kit.world().clock.advance(3_600_000);
        let third = pulled(&waimai, &session, &second.cursor).await;
        assert!(third.orders.len() <= 20, "{way}: {}", third.orders.len());
        let morning = kit.order(WM);
        let fourth = pulled(&waimai, &session, &third.cursor).await;
        assert!(fourth.orders.iter().any(|order| order.number == morning), "{way}");
    }
}

#[tokio::test]
async fn an_order_that_cannot_be_read_now_comes_with_the_next_pull() {
    for (way, kit, waimai, session) in ways() {
        let placed: Vec<String> = (0..3).map(|_| kit.order(WM)).collect();
        let call = match way {
            "food" => "order/getOrderDetail",
            "2" => "waimai/order/queryByDaySeq",
            _ => "wmoper/ng/order/queryDetail",
        };
        // The second reading of today; a past day is walked first where the latest number is not told.
        let skip = if way == "2" { 4 } else { 1 };
        kit.world().faults.add(FaultRule {
            when: sim::FaultWhen::Next { count: 1, skip },
            ..FaultRule::once(Service::MeituanWaimai, call, FaultKind::LostAnswer)
        });
        let batch = pulled(&waimai, &session, "").await;
        for number in &placed {
            assert!(batch.orders.iter().any(|order| order.number == *number), "{way}");
        }
    }
}
