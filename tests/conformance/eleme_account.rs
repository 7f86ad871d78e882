//! 饿了么: consent, pushes, and what is done to a store's groups and products beside writing them.

use crate::eleme::{all, by_code, connector, named};
use crate::kit::{EL, Kit, SHOP, agreed, assert_layer, keyed, posted, told};
use connect::error::{Layer, RemoteError};
use connect::platform::{
    ConsentAnswer, GroupPlace, ListingRef, ListingWrite, Platform, SkuWrite, WriteOutcome,
};
use connect::session::Session;
use domain::money::Money;
use serde_json::{Value, json};
use url::Url;

fn home() -> Url {
    "http://127.0.0.1:4711/return?store=7".parse().unwrap()
}

#[tokio::test]
async fn a_merchant_who_agrees_brings_back_a_pair_that_works() {
    let (kit, eleme, session) = connector();
    let bare = keyed(&keyed(&session, "access_token", ""), "refresh_token", "");
    eleme.probe(&bare, Layer::Key).await.unwrap();
    eleme.probe(&bare, Layer::Signature).await.unwrap();
    let page = eleme.consent(&bare, &home(), "s t&1").unwrap();
    let (to, answer) = agreed(&kit, &page).await;
    assert!(to.as_str().starts_with(home().as_str()), "{to}");
    assert_eq!(answer.get("state"), Some("s t&1"));
    let granted = eleme.redeem(&bare, &answer, &home()).await.unwrap();
    assert!(granted.expires_at.unwrap() > kit.world().now_ms());
    let renewed = Session {
        credentials: bare.credentials.with(granted.fields),
        ..bare.clone()
    };
    eleme.probe(&renewed, Layer::Orders).await.unwrap();
    // A code works once.
    assert_layer(eleme.redeem(&bare, &answer, &home()).await, Layer::Permission);
}

#[tokio::test]
async fn a_merchant_who_says_no_and_a_code_for_another_address_bring_nothing() {
    let (kit, eleme, session) = connector();
    let page = eleme.consent(&session, &home(), "1").unwrap();
    let (_, answer) = agreed(&kit, &page).await;
    let elsewhere: Url = "http://127.0.0.1:4712/return".parse().unwrap();
    assert_layer(
        eleme.redeem(&session, &answer, &elsewhere).await,
        Layer::Permission,
    );
    let stranger = keyed(&session, "app_secret", "0123456789abcdef0123456789abcdef");
    assert_layer(eleme.redeem(&stranger, &answer, &home()).await, Layer::Key);
    assert_layer(
        eleme.redeem(&session, &ConsentAnswer::default(), &home()).await,
        Layer::Permission,
    );
    kit.world().eleme.denies = true;
    let (_, answer) = agreed(&kit, &page).await;
    match eleme.redeem(&session, &answer, &home()).await {
        Err(RemoteError::Refused { layer, text }) => {
            assert_eq!(layer, Layer::Permission);
            assert_eq!(text, "access_denied 用户拒绝授权");
        }
        other => panic!("{other:?}"),
    }
    let unknown = keyed(&session, "app_key", "unknown");
    let page = eleme.consent(&unknown, &home(), "1").unwrap();
    let request = http::Request::get(page.as_str())
        .body(bytes::Bytes::new())
        .unwrap();
    assert_eq!(kit.simulator.call(request).await.unwrap().status(), 400);
}

fn push(kit: &Kit, number: &str) -> Value {
    sim::eleme::order_push(&kit.world(), number).unwrap()
}

#[tokio::test]
async fn an_order_s_push_is_checked_and_named() {
    let (kit, eleme, session) = connector();
    let number = kit.order(EL);
    let message = push(&kit, &number);
    let received = eleme.receive(&session, &posted(message.to_string())).unwrap();
    assert_eq!(told(&received), [number.as_str()]);
    assert_eq!(received.reply, r#"{"message":"ok"}"#);
    kit.world().cancel_order(&number).unwrap();
    let cancelled = push(&kit, &number);
    let later = eleme.receive(&session, &posted(cancelled.to_string())).unwrap();
    assert_eq!(told(&later), [number.as_str()]);
    assert_ne!(received.mark, later.mark);
    // The address is tried before it is registered.
    assert!(eleme.receive(&session, &posted("")).unwrap().news.is_empty());
}

#[tokio::test]
async fn a_push_that_was_touched_has_no_effect() {
    let (kit, eleme, session) = connector();
    let message = push(&kit, &kit.order(EL));
    for (name, other) in [
        ("type", json!(91)),
        ("shopId", json!(1)),
        ("requestId", json!("1")),
        ("message", json!("{}")),
        ("signature", json!("")),
        ("signature", Value::Null),
    ] {
        let mut touched = message.clone();
        touched[name] = other;
        assert_layer(
            eleme.receive(&session, &posted(touched.to_string())),
            Layer::Signature,
        );
    }
    let app = kit.world().eleme.app_number.to_string();
    let ours = crate::kit::with(&session, "app_id", &app);
    eleme.receive(&ours, &posted(message.to_string())).unwrap();
    let other = crate::kit::with(&session, "app_id", "1");
    assert_layer(
        eleme.receive(&other, &posted(message.to_string())),
        Layer::Signature,
    );
    assert!(matches!(
        eleme.receive(&session, &posted("<html>")),
        Err(RemoteError::Malformed { .. })
    ));
}

#[tokio::test]
async fn a_product_is_taken_away_and_one_in_a_promotion_stays() {
    let (kit, eleme, session) = connector();
    let listings = all(&eleme, &session).await;
    let reference = |name: &str| {
        let listing = named(&listings, name);
        ListingRef {
            remote_id: listing.remote_id.clone(),
            outer_code: listing.outer_code.clone(),
        }
    };
    let (apple, tea) = (reference("示例苹果"), reference("乌龙茶"));
    kit.world().eleme.locked_items.insert(apple.remote_id.clone());
    let outcome = eleme
        .delete(&session, std::slice::from_ref(&apple))
        .await
        .unwrap();
    assert!(
        matches!(&outcome[..], [WriteOutcome::Rejected { text, .. }] if text.contains("活动")),
        "{outcome:?}"
    );
    let accepted = [WriteOutcome::Accepted { remote_id: None }];
    for _ in 0..2 {
        // What is gone already counts as taken away.
        let outcome = eleme.delete(&session, std::slice::from_ref(&tea)).await.unwrap();
        assert_eq!(outcome, accepted);
    }
    let left = all(&eleme, &session).await;
    assert_eq!(left.len(), listings.len() - 1);
    assert!(left.iter().all(|listing| listing.name != "乌龙茶"));
    // Ids name no store: another store's product is out of reach.
    kit.world().add_store(EL, "32267002", "二店").unwrap();
    let elsewhere = Session {
        remote_id: "32267002".to_owned(),
        ..session.clone()
    };
    kit.world().eleme.locked_items.clear();
    assert_eq!(
        eleme
            .delete(&elsewhere, std::slice::from_ref(&apple))
            .await
            .unwrap(),
        accepted
    );
    assert!(
        all(&eleme, &session)
            .await
            .iter()
            .any(|listing| listing.name == "示例苹果")
    );
}

#[tokio::test]
async fn groups_are_put_into_another_order_on_both_levels() {
    let (kit, eleme, session) = connector();
    kit.world().add_group(EL, SHOP, "零食", None).unwrap();
    let fresh = eleme
        .create_group(&session, &["饮料".to_owned(), "汽水".to_owned()], 1)
        .await
        .unwrap();
    let names = |groups: Vec<connect::platform::RemoteGroup>| {
        groups.into_iter().map(|group| group.name).collect::<Vec<_>>()
    };
    let place = |id: &str, path: &[&str], position| GroupPlace {
        remote_id: id.to_owned(),
        path: path.iter().map(|name| (*name).to_owned()).collect(),
        position,
    };
    // A new one stands where it was asked for.
    let groups = eleme.groups(&session).await.unwrap();
    let fruit = groups.iter().find(|group| group.name == "水果").unwrap();
    let fruit = place(&fruit.remote_id, &["水果"], 1);
    assert_eq!(names(groups.clone()), ["饮料", "汽水", "茶", "水果", "零食"]);
    eleme.order_groups(&session, &[fruit]).await.unwrap();
    assert_eq!(
        names(eleme.groups(&session).await.unwrap()),
        ["水果", "饮料", "汽水", "茶", "零食"]
    );
    let soda = place(&fresh, &["饮料", "汽水"], 2);
    eleme.order_groups(&session, &[soda]).await.unwrap();
    assert_eq!(
        names(eleme.groups(&session).await.unwrap()),
        ["水果", "饮料", "茶", "汽水", "零食"]
    );
    let gone = place("1", &["没有"], 1);
    assert!(matches!(
        eleme.order_groups(&session, &[gone]).await,
        Err(RemoteError::Rejected { .. })
    ));
    // A group that was just made but may not be moved is made all the same.
    kit.world()
        .eleme
        .denied_actions
        .insert("eleme.product.category.setCategorySequence".to_owned());
    eleme
        .create_group(&session, &["冰品".to_owned()], 1)
        .await
        .unwrap();
}

#[tokio::test]
async fn description_and_packing_fee_are_written_and_read_back() {
    let (_kit, eleme, session) = connector();
    let apple = by_code(&eleme, &session, "P-1").await;
    let change = ListingWrite {
        remote_id: Some(apple.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        description: Some("脆甜多汁".to_owned()),
        skus: vec![SkuWrite {
            remote_id: Some(apple.skus[0].remote_id.clone()),
            outer_sku_code: "P-1".to_owned(),
            packing_fee: Some(Money(150)),
            ..SkuWrite::default()
        }],
        ..ListingWrite::default()
    };
    eleme.write(&session, &[change]).await.unwrap();
    let there = by_code(&eleme, &session, "P-1").await;
    assert_eq!(there.description.as_deref(), Some("脆甜多汁"));
    assert_eq!(there.skus[0].packing_fee, Some(Money(150)));
    assert_eq!(
        (&there.name, there.skus[0].price),
        (&apple.name, apple.skus[0].price)
    );
    // New goods take the shop's fee unless they say their own.
    let shop = crate::kit::with(&session, "packing_fee", "0.5");
    for (code, own, fee) in [("N-1", None, 50), ("N-2", Some(Money(0)), 0)] {
        let new = ListingWrite {
            outer_code: code.to_owned(),
            name: Some(format!("新品 {code}")),
            group_path: Some(vec!["水果".to_owned()]),
            skus: vec![SkuWrite {
                outer_sku_code: code.to_owned(),
                price: Some(Money(500)),
                stock: Some(3),
                packing_fee: own,
                ..SkuWrite::default()
            }],
            ..ListingWrite::default()
        };
        eleme.write(&shop, &[new]).await.unwrap();
        let made = by_code(&eleme, &session, code).await;
        assert_eq!(made.skus[0].packing_fee, Some(Money(fee)));
    }
}
