//! 京东到家: what the platform posts by itself.

use crate::jddj::connector;
use crate::kit::{JD, Kit, assert_layer, keyed};
use connect::error::Layer;
use connect::platform::{Inbound, News, Platform, Received};
use connect::wire::form;

fn push(name: &str, fields: &[(String, String)]) -> Inbound {
    let pairs = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Inbound {
        address: format!("https://shop.example.com/djsw/{name}").parse().unwrap(),
        headers: std::collections::BTreeMap::new(),
        body: form(pairs).into(),
    }
}

fn order(kit: &Kit, number: &str) -> (&'static str, Vec<(String, String)>) {
    sim::jddj::order_push(&kit.world(), number).unwrap()
}

fn numbers(received: &Received) -> Vec<&str> {
    received
        .news
        .iter()
        .map(|news| match news {
            News::Order { number, .. } => number.as_str(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test]
async fn an_order_s_push_is_checked_and_named() {
    let (kit, jddj, session) = connector();
    let number = kit.order(JD);
    let (name, fields) = order(&kit, &number);
    let received = jddj.receive(&session, &push(name, &fields)).unwrap();
    assert_eq!((name, numbers(&received)), ("newOrder", vec![number.as_str()]));
    assert_eq!(received.reply, r#"{"code":"0","msg":"success","data":""}"#);
    // The same told again carries the same mark, another state another.
    let again = jddj.receive(&session, &push(name, &fields)).unwrap();
    assert_eq!(received.mark, again.mark);
    kit.world().cancel_order(&number).unwrap();
    let (name, fields) = order(&kit, &number);
    let cancelled = jddj.receive(&session, &push(name, &fields)).unwrap();
    assert_eq!(name, "userCancelOrder");
    assert_ne!(received.mark, cancelled.mark);
    // What is not known is thanked for and tells nothing.
    assert!(
        jddj.receive(&session, &push("orderInfoChange", &fields))
            .unwrap()
            .news
            .is_empty()
    );
}

#[tokio::test]
async fn a_push_that_was_touched_or_is_not_signed_has_no_effect() {
    let (kit, jddj, session) = connector();
    let number = kit.order(JD);
    let (name, fields) = order(&kit, &number);
    for at in 0..fields.len() {
        let mut touched = fields.clone();
        let mut text: Vec<char> = touched[at].1.chars().collect();
        text[0] = if text[0] == '2' { '3' } else { '2' };
        touched[at].1 = text.into_iter().collect();
        assert_layer(jddj.receive(&session, &push(name, &touched)), Layer::Signature);
    }
    let mut bare = fields.clone();
    bare.retain(|(name, _)| name != "sign");
    assert_layer(jddj.receive(&session, &push(name, &bare)), Layer::Signature);
    assert_layer(
        jddj.receive(&keyed(&session, "app_secret", "another"), &push(name, &fields)),
        Layer::Signature,
    );
}

#[tokio::test]
async fn the_merchant_s_token_is_heeded_and_a_stranger_s_is_not() {
    let (kit, jddj, session) = connector();
    let old = kit.world().jddj.token.clone();
    let new = kit.world().jddj_new_token();
    let vender = kit.world().jddj.vender_id.clone();
    let posted = push("token", &sim::jddj::authorization(&kit.world()));
    // An account that has a token and does not know its merchant cannot tell whose this is.
    assert_layer(jddj.receive(&session, &posted), Layer::Signature);
    assert_layer(
        jddj.receive(&keyed(&session, "vender_id", "1"), &posted),
        Layer::Signature,
    );
    let known = keyed(&session, "vender_id", &vender);
    let received = jddj.receive(&known, &posted).unwrap();
    let [News::Token(granted)] = received.news.as_slice() else {
        panic!("{:?}", received.news)
    };
    let year = kit.world().now_ms() + 360 * 86_400_000;
    assert_eq!(granted.expires_at, Some(year));
    let field = |name: &str| {
        let held = granted.fields.iter().find(|(held, _)| held == name);
        held.map(|(_, value)| value.as_str())
    };
    assert_eq!(
        (field("token"), field("old_token"), field("vender_id")),
        (Some(new.as_str()), Some(old.as_str()), Some(vender.as_str()))
    );
    // The first token of an account is taken as it comes.
    let first = jddj.receive(&keyed(&session, "token", ""), &posted).unwrap();
    assert!(matches!(first.news[..], [News::Token(_)]));
    let shown = format!("{received:?}");
    assert!(!shown.contains(&new) && !shown.contains(&old), "{shown}");
}
