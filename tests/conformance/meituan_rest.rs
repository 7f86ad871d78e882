//! 美团闪购: pushes, a service provider's code, 类目, and what is done to a store's groups and products beside writing.

use crate::kit::{Kit, MT, SHOP, all, assert_layer, by_code, granted, keyed, named, posted, told, with};
use crate::meituan::connector;
use connect::error::{Layer, RemoteError};
use connect::platform::{
    GroupPlace, ListingRef, ListingWrite, News, Platform, RemoteGroup, RemoteListing, WriteOutcome,
};
use connect::session::Session;

const ADDRESS: &str = "https://shop.example.com/push";

fn reference(listing: &RemoteListing) -> ListingRef {
    ListingRef {
        remote_id: listing.remote_id.clone(),
        outer_code: listing.outer_code.clone(),
    }
}

#[tokio::test]
async fn products_are_taken_away_and_one_without_a_code_stays() {
    let (_kit, meituan, session) = connector();
    let listings = all(&meituan, &session).await;
    let rows = [
        reference(named(&listings, "示例苹果")),
        reference(named(&listings, "现切水果拼盘")),
        ListingRef {
            remote_id: "404".to_owned(),
            outer_code: "P-404".to_owned(),
        },
    ];
    let told = meituan.delete(&session, &rows).await.unwrap();
    let gone = WriteOutcome::Accepted { remote_id: None };
    assert_eq!((&told[0], &told[2]), (&gone, &gone));
    assert!(matches!(&told[1], WriteOutcome::Rejected { text, .. } if text == "app_spu_code字段为空"));
    let left = all(&meituan, &session).await;
    assert_eq!(left.len(), listings.len() - 1);
    assert!(left.iter().all(|listing| listing.name != "示例苹果"));
}

fn names(groups: &[RemoteGroup]) -> Vec<&str> {
    groups.iter().map(|group| group.name.as_str()).collect()
}

fn place(group: &RemoteGroup, path: &[&str], position: i64) -> GroupPlace {
    GroupPlace {
        remote_id: group.remote_id.clone(),
        path: path.iter().map(|name| (*name).to_owned()).collect(),
        position,
    }
}

#[tokio::test]
async fn groups_with_and_without_a_code_are_put_into_another_order() {
    let (kit, meituan, session) = connector();
    kit.world().add_group(MT, SHOP, "零食", None).unwrap();
    let coded = {
        let mut world = kit.world();
        let shop = world.meituan.shops.get_mut(SHOP).unwrap();
        let group = shop.groups.values_mut().find(|group| group.name == "零食");
        group.unwrap().code = "C-4".to_owned();
        "C-4"
    };
    let groups = meituan.groups(&session).await.unwrap();
    assert_eq!(names(&groups), ["饮料", "茶", "水果", "零食"]);
    let snacks = groups.iter().find(|group| group.remote_id == coded).unwrap();
    meituan
        .order_groups(&session, &[place(snacks, &["零食"], 1)])
        .await
        .unwrap();
    let groups = meituan.groups(&session).await.unwrap();
    assert_eq!(names(&groups), ["零食", "饮料", "茶", "水果"]);
    let fruit = groups.iter().find(|group| group.name == "水果").unwrap();
    meituan
        .order_groups(&session, &[place(fruit, &["水果"], 2)])
        .await
        .unwrap();
    let groups = meituan.groups(&session).await.unwrap();
    assert_eq!(names(&groups), ["零食", "水果", "饮料", "茶"]);
    let mut missing = place(fruit, &["没有"], 1);
    missing.remote_id = "没有".to_owned();
    assert!(matches!(
        meituan.order_groups(&session, &[missing]).await,
        Err(RemoteError::Rejected { text, .. }) if text == "商品分类不存在: 没有"
    ));
}

#[tokio::test]
async fn leaves_of_the_taxonomy_are_read_with_what_stands_above_them() {
    let (kit, meituan, session) = connector();
    let categories = meituan.categories(&session).await.unwrap();
    let leaf = crate::kit::leaf(&kit.world());
    let apple = categories.iter().find(|one| one.remote_id == leaf).unwrap();
    assert!(apple.leaf);
    let above = |id: &Option<String>| {
        let at = categories
            .iter()
            .position(|one| Some(&one.remote_id) == id.as_ref())
            .unwrap();
        &categories[at]
    };
    let parent = above(&apple.parent);
    let root = above(&parent.parent);
    assert!(!parent.leaf && !root.leaf && root.parent.is_none());
    let leaves = categories.iter().filter(|one| one.leaf).count();
    let taxons = kit
        .world()
        .meituan
        .taxonomy
        .values()
        .filter(|taxon| taxon.depth == 3)
        .count();
    assert_eq!(leaves, taxons);
    // Parents come first, and each once.
    for (at, one) in categories.iter().enumerate() {
        let place = categories
            .iter()
            .position(|held| Some(&held.remote_id) == one.parent.as_ref());
        assert!(one.parent.is_none() || place.unwrap() < at);
        let twins = categories.iter().filter(|held| held.remote_id == one.remote_id);
        assert_eq!(twins.count(), 1);
    }
}

#[tokio::test]
async fn a_description_is_written_and_left_alone_where_none_is_named() {
    let (_kit, meituan, session) = connector();
    let change = |description: Option<&str>, name: Option<&str>| ListingWrite {
        remote_id: Some("1".to_owned()),
        outer_code: "P-1".to_owned(),
        name: name.map(str::to_owned),
        description: description.map(str::to_owned),
        ..ListingWrite::default()
    };
    meituan
        .write(&session, &[change(Some("脆甜多汁"), None)])
        .await
        .unwrap();
    meituan
        .write(&session, &[change(None, Some("示例红苹果"))])
        .await
        .unwrap();
    let there = by_code(&meituan, &session, "P-1").await;
    assert_eq!(there.name, "示例红苹果");
    assert_eq!(there.description.as_deref(), Some("脆甜多汁"));
}

#[tokio::test]
async fn an_order_read_alone_is_asked_for_until_it_is_whole() {
    let (kit, meituan, session) = connector();
    let number = kit.order(MT);
    kit.world().degrade_order(&number, 2).unwrap();
    let order = meituan.order(&session, &number).await.unwrap();
    assert_eq!((order.incomplete, order.lines.len()), (false, 1));
    kit.world().degrade_order(&number, 9).unwrap();
    assert!(meituan.order(&session, &number).await.unwrap().incomplete);
}

#[tokio::test]
async fn an_order_s_push_is_checked_and_a_touched_one_has_no_effect() {
    let (kit, meituan, session) = connector();
    let number = kit.order(MT);
    let form = sim::meituan::order_push(&kit.world(), &number, ADDRESS).unwrap();
    let received = meituan.receive(&session, &posted(form.clone())).unwrap();
    assert_eq!(told(&received), [number.as_str()]);
    assert!(matches!(&received.news[0], News::Order { store, .. } if store == SHOP));
    assert_eq!(received.reply, r#"{"data":"ok"}"#);
    for (from, to) in [
        ("status=2", "status=9"),
        ("app_id=", "app_id=1"),
        ("sig=", "sig=0"),
        ("&sig=", "&gis="),
    ] {
        assert!(form.contains(from), "{from}");
        let touched = form.replacen(from, to, 1);
        assert_layer(meituan.receive(&session, &posted(touched)), Layer::Signature);
    }
    let elsewhere = sim::meituan::order_push(&kit.world(), &number, "https://other.example.com/push");
    assert_layer(
        meituan.receive(&session, &posted(elsewhere.unwrap())),
        Layer::Signature,
    );
}

#[tokio::test]
async fn a_service_provider_s_code_is_pushed_and_traded_for_tokens() {
    let (kit, meituan, session) = connector();
    kit.world().meituan.isv = true;
    let code = kit.world().meituan_issue_code(SHOP).unwrap();
    let form = |shop: &str| sim::meituan::bound_push(&kit.world(), MT, shop, &code, ADDRESS);
    // An application hears of all its shops.
    let strange = meituan.receive(&session, &posted(form("32267999"))).unwrap();
    assert!(strange.news.is_empty());
    let received = meituan.receive(&session, &posted(form(SHOP))).unwrap();
    let shown = format!("{received:?}");
    assert!(!shown.contains(&code), "{shown}");
    let pushed = granted(&received);
    // The code lives shortly: it is to be traded before the next call.
    assert_eq!(pushed.expires_at, Some(kit.world().now_ms()));
    let bound = Session {
        credentials: session.credentials.with(pushed.fields.clone()),
        ..session.clone()
    };
    let fresh = meituan.refresh(&bound).await.unwrap().unwrap();
    assert!(fresh.expires_at.unwrap() > kit.world().now_ms());
    let renewed = Session {
        credentials: bound.credentials.with(fresh.fields),
        ..bound.clone()
    };
    meituan.groups(&renewed).await.unwrap();
    // From now on the refresh token is traded, and the code is dead.
    kit.world().meituan_token_expire(SHOP).unwrap();
    let again = meituan.refresh(&renewed).await.unwrap().unwrap();
    let again = Session {
        credentials: renewed.credentials.with(again.fields),
        ..renewed
    };
    meituan.groups(&again).await.unwrap();
    assert!(matches!(
        meituan.refresh(&bound).await,
        Err(RemoteError::Expired { .. })
    ));
    // An account that serves several shops keeps the token that it has.
    let account = Session {
        remote_id: String::new(),
        ..keyed(&session, "access_token", "another")
    };
    assert!(
        meituan
            .receive(&account, &posted(form(SHOP)))
            .unwrap()
            .news
            .is_empty()
    );
}

#[tokio::test]
async fn a_binding_without_a_code_asks_for_nothing() {
    let (kit, meituan, session) = connector();
    let form = sim::meituan::bound_push(&kit.world(), MT, SHOP, "", ADDRESS);
    assert!(meituan.receive(&session, &posted(form)).unwrap().news.is_empty());
}

#[tokio::test]
async fn a_service_provider_s_shops_get_their_tokens_for_the_asking() {
    let (kit, meituan, session) = connector();
    kit.world().meituan.isv = true;
    let second = Session {
        remote_id: "32267002".to_owned(),
        ..session.clone()
    };
    kit.world().add_store(MT, "32267002", "二店").unwrap();
    // Each shop has a token of its own, under one account.
    for session in [&session, &second, &session] {
        meituan.groups(session).await.unwrap();
    }
    let asked = |kit: &Kit| kit.world().ledger.calls("meituan_shangou/oauth/authorize");
    assert_eq!(asked(&kit), 2);
    kit.world().meituan_token_expire(SHOP).unwrap();
    meituan.probe(&session, Layer::Orders).await.unwrap();
    assert_eq!(asked(&kit), 3);
    // A call that names no shop has none to ask for.
    let account = Session {
        remote_id: String::new(),
        ..session.clone()
    };
    assert!(matches!(
        meituan.stores(&account).await,
        Err(RemoteError::MissingCredential { field }) if field == "access_token"
    ));
    // Another system has taken the shop over: nothing helps but the merchant, and then the next call.
    let set = |state| {
        kit.world().set_authorization(MT, SHOP, state).unwrap();
    };
    set(sim::world::Authorization::Taken);
    assert_layer(meituan.groups(&session).await, Layer::Permission);
    set(sim::world::Authorization::Valid);
    meituan.groups(&session).await.unwrap();
    // Where the platform does not say that a token is missing, a setting does.
    let told = with(&second, "isv", "1");
    let fresh = platforms::meituan_shangou::MeituanShangou::new(kit.gateway.clone());
    fresh.groups(&told).await.unwrap();
}
