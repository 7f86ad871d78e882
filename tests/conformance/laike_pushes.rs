//! 抖音来客: webhooks and SPI calls.

use crate::kit::{LK, assert_layer, keyed};
use crate::laike::connector;
use connect::error::Layer;
use connect::platform::{Inbound, News, Platform, Received};
use connect::wire::form;
use sim::douyin_laike::{Push, audit_push, challenge, order_push, refund_spi};

fn inbound(push: &Push) -> Inbound {
    let query = form(push.query.iter().map(|(name, value)| (name, value)));
    Inbound {
        address: format!("https://shop.example.com/hook?{query}").parse().unwrap(),
        headers: push.headers.iter().cloned().collect(),
        body: push.body.clone().into(),
    }
}

fn number(received: &Received) -> &str {
    match received.news.as_slice() {
        [News::Order { number, .. }] => number,
        other => panic!("{other:?}"),
    }
}

const THANKS: &str = r#"{"data":{"error_code":0,"description":"success"}}"#;

#[tokio::test]
async fn webhooks_and_spi_calls_are_checked_and_name_their_order() {
    let (kit, laike, session) = connector();
    let placed = kit.order(LK);
    let push = order_push(&kit.world(), &placed).unwrap();
    let received = laike.receive(&session, &inbound(&push)).unwrap();
    assert_eq!(
        (number(&received), received.reply.as_str()),
        (placed.as_str(), THANKS)
    );
    // The same told again carries the same mark, another event another.
    let again = laike.receive(&session, &inbound(&push)).unwrap();
    kit.world().cancel_order(&placed).unwrap();
    let push = order_push(&kit.world(), &placed).unwrap();
    let cancelled = laike.receive(&session, &inbound(&push)).unwrap();
    assert!(received.mark == again.mark && received.mark != cancelled.mark);
    let asked = kit.order(LK);
    kit.world().ask_refund(&asked, None, "不要了").unwrap();
    let push = refund_spi(&kit.world(), &asked).unwrap();
    let received = laike.receive(&session, &inbound(&push)).unwrap();
    assert_eq!(
        (number(&received), received.reply.as_str()),
        (asked.as_str(), THANKS)
    );
    let push = audit_push(&kit.world(), "17900");
    let received = laike.receive(&session, &inbound(&push)).unwrap();
    assert!(matches!(&received.news[..], [News::Listing { product, .. }] if product == "17900"));
}

#[tokio::test]
async fn the_question_that_tries_an_address_is_answered() {
    let (kit, laike, session) = connector();
    let push = challenge(&kit.world(), 12345);
    let received = laike.receive(&session, &inbound(&push)).unwrap();
    assert!(received.news.is_empty());
    assert_eq!(received.reply, r#"{"challenge":12345}"#);
}

#[tokio::test]
async fn a_push_that_was_touched_is_not_signed_or_is_another_s_has_no_effect() {
    let (kit, laike, session) = connector();
    let placed = kit.order(LK);
    kit.world().ask_refund(&placed, None, "不要了").unwrap();
    let hook = order_push(&kit.world(), &placed).unwrap();
    let spi = refund_spi(&kit.world(), &placed).unwrap();
    for push in [hook, spi] {
        let mut touched = push.clone();
        touched.body = touched.body.replacen('1', "2", 1);
        assert_layer(laike.receive(&session, &inbound(&touched)), Layer::Signature);
        let mut bare = push.clone();
        bare.headers.retain(|(name, _)| !name.contains("sign"));
        assert_layer(laike.receive(&session, &inbound(&bare)), Layer::Signature);
        let other = keyed(&session, "client_secret", "another");
        assert_layer(laike.receive(&other, &inbound(&push)), Layer::Signature);
        let other = keyed(&session, "client_key", "awother");
        assert_layer(laike.receive(&other, &inbound(&push)), Layer::Signature);
        // Small or large letters make no difference.
        let mut large = push.clone();
        for (name, value) in &mut large.headers {
            if name.ends_with("sign") || name.ends_with("signature") {
                *value = value.to_uppercase();
            }
        }
        assert_eq!(
            number(&laike.receive(&session, &inbound(&large)).unwrap()),
            placed
        );
    }
    // An event of another merchant of the same application is thanked for and tells nothing.
    let push = order_push(&kit.world(), &placed).unwrap();
    let other = keyed(&session, "account_id", "7100");
    assert!(laike.receive(&other, &inbound(&push)).unwrap().news.is_empty());
}
