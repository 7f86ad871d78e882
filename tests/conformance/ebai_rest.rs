//! 饿百零售: pushes, 类目, and what is done to a store's groups and products beside writing them.

use crate::ebai::connector;
use crate::kit::{EB, SHOP, all, assert_layer, by_code, keyed, named, posted, told};
use connect::error::{Layer, RemoteError};
use connect::platform::{GroupPlace, ListingRef, ListingWrite, News, Platform, RemoteGroup, WriteOutcome};
use connect::wire::form;
use serde_json::Value;

type Fields = Vec<(String, String)>;

fn body(fields: &Fields) -> String {
    form(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

#[tokio::test]
async fn a_product_is_taken_away_once_and_stays_away() {
    let (kit, ebai, session) = connector();
    let listings = all(&ebai, &session).await;
    let tea = named(&listings, "乌龙茶");
    let tea = ListingRef {
        remote_id: tea.remote_id.clone(),
        outer_code: tea.outer_code.clone(),
    };
    for _ in 0..2 {
        let outcome = ebai.delete(&session, std::slice::from_ref(&tea)).await.unwrap();
        assert_eq!(outcome, [WriteOutcome::Accepted { remote_id: None }]);
    }
    let left = all(&ebai, &session).await;
    assert_eq!(left.len(), listings.len() - 1);
    kit.world().ebai.denied_commands.insert("sku.delete".to_owned());
    assert_layer(ebai.delete(&session, &[tea]).await, Layer::Permission);
}

fn names(groups: &[RemoteGroup]) -> Vec<&str> {
    groups.iter().map(|group| group.name.as_str()).collect()
}

#[tokio::test]
async fn groups_are_ranked_anew() {
    let (kit, ebai, session) = connector();
    kit.world().add_group(EB, SHOP, "零食", None).unwrap();
    let groups = ebai.groups(&session).await.unwrap();
    let place = |name: &str, position| {
        let group = groups.iter().find(|group| group.name == name).unwrap();
        GroupPlace {
            remote_id: group.remote_id.clone(),
            path: vec![name.to_owned()],
            position,
        }
    };
    ebai.order_groups(&session, &[place("饮料", 1), place("水果", 2), place("零食", 3)])
        .await
        .unwrap();
    let ordered = ebai.groups(&session).await.unwrap();
    assert_eq!(names(&ordered), ["饮料", "茶", "水果", "零食"]);
    ebai.order_groups(&session, &[place("零食", 1)]).await.unwrap();
    let ordered = ebai.groups(&session).await.unwrap();
    assert_eq!(names(&ordered), ["零食", "饮料", "茶", "水果"]);
    let mut missing = place("零食", 1);
    missing.remote_id = "404".to_owned();
    assert!(matches!(
        ebai.order_groups(&session, &[missing]).await,
        Err(RemoteError::Rejected { .. })
    ));
}

#[tokio::test]
async fn the_taxonomy_is_read_level_by_level() {
    let (kit, ebai, session) = connector();
    let categories = ebai.categories(&session).await.unwrap();
    let taxonomy = kit.world().ebai.taxonomy.clone();
    assert_eq!(categories.len(), taxonomy.len());
    for one in &categories {
        let taxon = &taxonomy[&one.remote_id];
        assert_eq!(one.leaf, taxon.depth == 3);
        assert_eq!(one.parent.as_deref().unwrap_or("0"), taxon.parent_id);
    }
}

#[tokio::test]
async fn a_description_is_written_and_read_back() {
    let (_kit, ebai, session) = connector();
    let apple = by_code(&ebai, &session, "P-1").await;
    let change = ListingWrite {
        remote_id: Some(apple.remote_id.clone()),
        outer_code: "P-1".to_owned(),
        description: Some("脆甜多汁".to_owned()),
        ..ListingWrite::default()
    };
    ebai.write(&session, &[change]).await.unwrap();
    let there = by_code(&ebai, &session, "P-1").await;
    assert_eq!(there.description.as_deref(), Some("脆甜多汁"));
    assert_eq!(there.skus, apple.skus);
}

#[tokio::test]
async fn an_order_s_push_is_checked_named_and_answered_in_a_signed_envelope() {
    let (kit, ebai, session) = connector();
    let number = kit.order(EB);
    let fields = sim::ebai::order_push(&kit.world(), &number).unwrap();
    let received = ebai.receive(&session, &posted(body(&fields))).unwrap();
    assert_eq!(told(&received), [number.as_str()]);
    let reply: Value = serde_json::from_str(&received.reply).unwrap();
    assert_eq!(reply["cmd"], "resp.order.create");
    assert_eq!(reply["body"]["data"]["source_order_id"], number.as_str());
    let signed: Fields = [
        "cmd",
        "encrypt",
        "source",
        "ticket",
        "timestamp",
        "version",
        "body",
    ]
    .map(|name| {
        let value = &reply[name];
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.to_owned(), text)
    })
    .into();
    let secret = session.credentials.get("secret").unwrap();
    assert_eq!(reply["sign"], sim::ebai::verify::signature(&signed, secret));
    let again = ebai.receive(&session, &posted(body(&fields))).unwrap();
    assert_eq!(received.mark, again.mark);
    kit.world().cancel_order(&number).unwrap();
    let fields = sim::ebai::order_push(&kit.world(), &number).unwrap();
    let cancelled = ebai.receive(&session, &posted(body(&fields))).unwrap();
    assert!(
        matches!(&cancelled.news[..], [News::Order { store, number: told }] if store == SHOP && *told == number)
    );
    assert_ne!(received.mark, cancelled.mark);
}

#[tokio::test]
async fn a_push_that_was_touched_has_no_effect() {
    let (kit, ebai, session) = connector();
    let number = kit.order(EB);
    let fields = sim::ebai::order_push(&kit.world(), &number).unwrap();
    for at in 0..fields.len() {
        // What the signature does not cover may differ.
        if fields[at].0 == "groupId" {
            continue;
        }
        let mut touched = fields.clone();
        touched[at].1.insert(0, '1');
        assert_layer(ebai.receive(&session, &posted(body(&touched))), Layer::Signature);
    }
    let mut bare = fields.clone();
    bare.retain(|(name, _)| name != "sign");
    assert_layer(ebai.receive(&session, &posted(body(&bare))), Layer::Signature);
    let stranger = keyed(&session, "secret", "0123456789abcdef");
    assert_layer(ebai.receive(&stranger, &posted(body(&fields))), Layer::Signature);
}

#[tokio::test]
async fn only_our_own_shop_s_unbinding_ends_the_authorization() {
    let (kit, ebai, session) = connector();
    let push = |shop: &str| posted(body(&sim::ebai::unbound_push(&kit.world(), shop)));
    let ours = ebai.receive(&session, &push(SHOP)).unwrap();
    assert!(matches!(ours.news[..], [News::Revoked]));
    assert!(ebai.receive(&session, &push("32267999")).unwrap().news.is_empty());
}
