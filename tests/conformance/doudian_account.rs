//! 抖店小时达: consent, pushes, 类目 and the recycle bin.

use crate::doudian::{OTHER, all, connector, named};
use crate::kit::{DD, Kit, agreed, assert_layer, keyed, posted, told, with};
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, Inbound, ListingRef, Platform, WriteOutcome};
use connect::session::Session;
use url::Url;

fn home() -> Url {
    "http://127.0.0.1:4711/return".parse().unwrap()
}

/// A tool app before anybody has agreed.
fn unbound(kit: &Kit, session: &Session) -> Session {
    let service = kit.world().doudian.service_id.clone();
    let bare = keyed(&keyed(session, "access_token", ""), "refresh_token", "");
    let page = format!("{}/doudian/authorize", kit.base);
    with(&keyed(&bare, "service_id", &service), "consent_page", &page)
}

#[tokio::test]
async fn a_merchant_who_agrees_brings_back_a_pair_that_works() {
    let (kit, doudian, session) = connector();
    let bare = unbound(&kit, &session);
    doudian.probe(&bare, Layer::Key).await.unwrap();
    assert!(matches!(
        doudian.stores(&bare).await,
        Err(RemoteError::MissingCredential { .. })
    ));
    let page = doudian.consent(&bare, &home(), "s t&1").unwrap();
    // The address to lead back to is the one that the app has registered, and none is without it.
    let request = http::Request::get(page.as_str())
        .body(bytes::Bytes::new())
        .unwrap();
    assert_eq!(kit.simulator.call(request).await.unwrap().status(), 400);
    kit.world().doudian.return_to = Some(home());
    let (to, answer) = agreed(&kit, &page).await;
    assert!(to.as_str().starts_with(home().as_str()), "{to}");
    assert_eq!(answer.get("state"), Some("s t&1"));
    let granted = doudian.redeem(&bare, &answer, &home()).await.unwrap();
    assert!(granted.expires_at.unwrap() > kit.world().now_ms());
    let renewed = Session {
        credentials: bare.credentials.with(granted.fields),
        ..bare.clone()
    };
    doudian.probe(&renewed, Layer::Orders).await.unwrap();
    // A code works once.
    assert_layer(doudian.redeem(&bare, &answer, &home()).await, Layer::Permission);
}

#[tokio::test]
async fn without_a_code_or_a_service_there_is_no_authorization() {
    let (kit, doudian, session) = connector();
    let bare = unbound(&kit, &session);
    assert_layer(
        doudian.redeem(&bare, &ConsentAnswer::default(), &home()).await,
        Layer::Permission,
    );
    let nameless = keyed(&bare, "service_id", "");
    assert!(matches!(
        doudian.consent(&nameless, &home(), "1"),
        Err(RemoteError::MissingCredential { field }) if field == "service_id"
    ));
    assert!(matches!(
        doudian.probe(&nameless, Layer::Key).await,
        Err(RemoteError::MissingCredential { field }) if field == "access_token"
    ));
    // The page itself is the platform's unless a setting names another.
    let page = doudian.consent(&keyed(&session, "service_id", "1"), &home(), "1");
    assert_eq!(
        page.unwrap().as_str(),
        "https://fuwu.jinritemai.com/authorize?service_id=1&state=1"
    );
}

fn push(kit: &Kit, number: &str) -> Inbound {
    let (headers, body) = sim::doudian::order_push(&kit.world(), number).unwrap();
    Inbound {
        headers: headers.into_iter().collect(),
        ..posted(body)
    }
}

#[tokio::test]
async fn an_order_s_push_is_checked_and_named() {
    let (kit, doudian, session) = connector();
    let number = kit.order(DD);
    let received = doudian.receive(&session, &push(&kit, &number)).unwrap();
    assert_eq!(told(&received), [number.as_str()]);
    assert_eq!(received.reply, r#"{"code":0,"msg":"success"}"#);
    let again = doudian.receive(&session, &push(&kit, &number)).unwrap();
    assert_eq!(received.mark, again.mark);
    kit.world().cancel_order(&number).unwrap();
    let cancelled = doudian.receive(&session, &push(&kit, &number)).unwrap();
    assert_eq!(told(&cancelled), [number.as_str()]);
    assert_ne!(received.mark, cancelled.mark);
}

#[tokio::test]
async fn a_push_that_was_touched_has_no_effect() {
    let (kit, doudian, session) = connector();
    let good = push(&kit, &kit.order(DD));
    let mut bare = good.clone();
    bare.headers.remove("event-sign");
    let mut longer = good.clone();
    longer.body = [&longer.body[..], b" "].concat().into();
    let mut other = good.clone();
    other.headers.insert("app-id".to_owned(), "7".to_owned());
    for touched in [bare, longer, other] {
        assert_layer(doudian.receive(&session, &touched), Layer::Signature);
    }
    let stranger = keyed(&session, "app_secret", "11111111-2222-3333-4444-555555555555");
    assert_layer(doudian.receive(&stranger, &good), Layer::Signature);
}

#[tokio::test]
async fn a_product_goes_into_the_recycle_bin_and_can_be_fetched_back() {
    let (kit, doudian, session) = connector();
    let listings = all(&doudian, &session).await;
    let apple = named(&listings, "示例苹果");
    let reference = ListingRef {
        remote_id: apple.remote_id.clone(),
        outer_code: apple.outer_code.clone(),
    };
    // Ids name no store: another store's product is out of reach.
    kit.world().add_store(DD, OTHER, "二店").unwrap();
    let elsewhere = Session {
        remote_id: OTHER.to_owned(),
        ..session.clone()
    };
    for session in [&elsewhere, &session, &session] {
        let outcome = doudian
            .delete(session, std::slice::from_ref(&reference))
            .await
            .unwrap();
        assert_eq!(outcome, [WriteOutcome::Accepted { remote_id: None }]);
        let held = kit.world().doudian.recycled.len();
        assert_eq!(held, usize::from(session.remote_id != OTHER));
    }
    assert_eq!(all(&doudian, &session).await.len(), listings.len() - 1);
    kit.world().doudian_restore(&apple.remote_id).unwrap();
    assert_eq!(all(&doudian, &session).await.len(), listings.len());
}

#[tokio::test]
async fn the_taxonomy_is_walked_to_its_leaves() {
    let (kit, doudian, session) = connector();
    let categories = doudian.categories(&session).await.unwrap();
    let taxonomy = kit.world().doudian.taxonomy.clone();
    assert_eq!(categories.len(), taxonomy.len());
    for one in &categories {
        let taxon = &taxonomy[&one.remote_id];
        assert_eq!(one.leaf, taxon.depth == 3);
        assert_eq!(one.parent.as_deref().unwrap_or("0"), taxon.parent_id);
    }
}
