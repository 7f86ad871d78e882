//! 美团外卖: which family an account speaks, what is wrong about it, tokens, pushes.

use crate::kit::{Kit, NOON, SHOP, WM, keyed, with};
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, Inbound, News, Platform};
use connect::session::{Credentials, Session};
use platforms::meituan_waimai::MeituanWaimai;
use sim::world::{Authorization, TokenPair};
use sim::{FaultKind, FaultRule, Service};
use std::collections::BTreeMap;

fn connector() -> (Kit, MeituanWaimai) {
    let kit = Kit::new();
    let waimai = MeituanWaimai::new(kit.gateway.clone());
    (kit, waimai)
}

/// A session with other credentials altogether.
fn with_keys(session: &Session, pairs: &[(&str, &str)]) -> Session {
    let pairs = pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Session {
        credentials: Credentials::new(pairs),
        ..session.clone()
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, RemoteError>, expected: Layer, words: &str) {
    match result {
        Err(RemoteError::Refused { layer, text }) if layer == expected && text.contains(words) => {}
        other => panic!("{expected:?} and {words} expected, got {other:?}"),
    }
}

#[tokio::test]
async fn a_key_of_the_other_family_is_recognised() {
    let (kit, waimai) = connector();
    let (classic, vendor) = (kit.session(Service::MeituanWaimai), kit.vendor("2"));
    let of = |session: &Session, name: &str| session.credentials.get(name).unwrap().to_owned();
    let swapped = with_keys(
        &classic,
        &[
            ("app_id", &of(&vendor, "developerId")),
            ("app_secret", &of(&vendor, "signKey")),
        ],
    );
    refused(
        waimai.probe(&swapped, Layer::Signature).await,
        Layer::Key,
        "技术服务合作中心",
    );
    let swapped = with_keys(
        &vendor,
        &[
            ("developerId", &of(&classic, "app_id")),
            ("signKey", &of(&classic, "app_secret")),
            ("appAuthToken", &of(&vendor, "appAuthToken")),
        ],
    );
    refused(
        waimai.probe(&swapped, Layer::Signature).await,
        Layer::Key,
        "app_id 和 app_secret",
    );
    let both = keyed(&classic, "developerId", "1");
    refused(waimai.probe(&both, Layer::Key).await, Layer::Key, "接入方式");
    let chosen = keyed(&both, "family", "food");
    waimai.probe(&chosen, Layer::Store).await.unwrap();
    waimai
        .probe(&with(&both, "family", "food"), Layer::Store)
        .await
        .unwrap();
    let business = keyed(&vendor, "businessId", "1");
    refused(
        waimai.probe(&business, Layer::Key).await,
        Layer::Key,
        "businessId",
    );
}

#[tokio::test]
async fn a_store_and_a_key_of_the_sister_platform_are_recognised() {
    let (kit, waimai) = connector();
    // F31a: the key of a 闪购 application.
    let sister = kit.session(Service::MeituanShangou);
    waimai.probe(&sister, Layer::Signature).await.unwrap();
    for layer in [Layer::Permission, Layer::Store] {
        refused(waimai.probe(&sister, layer).await, Layer::Store, "非餐饮生态APP");
    }
    // F37: a 闪购 store asked for with a restaurant's application.
    kit.world()
        .add_store(sim::PlatformId::MeituanShangou, "SG-1", "闪购店")
        .unwrap();
    let elsewhere = |session: Session| Session {
        remote_id: "SG-1".to_owned(),
        ..session
    };
    let classic = elsewhere(kit.session(Service::MeituanWaimai));
    refused(
        waimai.probe(&classic, Layer::Store).await,
        Layer::Store,
        "非餐饮生态APP",
    );
    let vendor = elsewhere(kit.vendor("2"));
    refused(
        waimai.probe(&vendor, Layer::Store).await,
        Layer::Store,
        "非餐饮生态APP",
    );
}

#[tokio::test]
async fn a_token_taken_by_a_printer_shows_in_the_heartbeat() {
    let (kit, waimai) = connector();
    let vendor = kit.vendor("2");
    assert!(waimai.refresh(&vendor).await.unwrap().is_none());
    kit.world()
        .set_authorization(WM, SHOP, Authorization::Taken)
        .unwrap();
    refused(waimai.refresh(&vendor).await, Layer::Permission, "非法令牌");
    refused(
        waimai.probe(&vendor, Layer::Permission).await,
        Layer::Permission,
        "非法令牌",
    );
    refused(waimai.orders(&vendor, "").await, Layer::Permission, "非法令牌");
    let classic = kit.session(Service::MeituanWaimai);
    refused(waimai.groups(&classic).await, Layer::Permission, "非法令牌");
    // Granted again, the old token stays dead.
    kit.world()
        .set_authorization(WM, SHOP, Authorization::Valid)
        .unwrap();
    let token = kit.world().mtop.grant(SHOP);
    refused(waimai.groups(&vendor).await, Layer::Permission, "非法令牌");
    waimai
        .groups(&keyed(&vendor, "appAuthToken", &token))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_code_nobody_published_can_be_taught() {
    let (kit, waimai) = connector();
    let vendor = kit.vendor("2");
    let fault = || FaultRule {
        call: None,
        ..FaultRule::once(
            Service::MeituanWaimai,
            "",
            FaultKind::Refuse {
                code: 5512,
                message: "再想想".to_owned(),
            },
        )
    };
    kit.world().faults.add(fault());
    assert!(
        matches!(waimai.groups(&vendor).await, Err(RemoteError::Rejected { code, .. }) if code == "5512")
    );
    kit.world().faults.add(fault());
    let taught = with(&vendor, "mtop_code.5512", "expired");
    assert!(matches!(
        waimai.groups(&taught).await,
        Err(RemoteError::Expired { .. })
    ));
}

#[tokio::test]
async fn tokens_of_a_service_provider_are_refreshed() {
    let (kit, waimai) = connector();
    let classic = kit.session(Service::MeituanWaimai);
    assert!(waimai.refresh(&classic).await.unwrap().is_none());
    kit.world().waimai.isv = true;
    let pair = TokenPair {
        access: "access-1".to_owned(),
        refresh: "refresh-1".to_owned(),
        access_until: NOON - 1,
        refresh_until: NOON + 1_000_000,
    };
    kit.world().waimai.tokens.insert(SHOP.to_owned(), pair);
    let session = keyed(
        &keyed(&classic, "access_token", "access-1"),
        "refresh_token",
        "refresh-1",
    );
    assert!(matches!(
        waimai.groups(&session).await,
        Err(RemoteError::Expired { .. })
    ));
    let fresh = waimai.refresh(&session).await.unwrap().unwrap();
    assert!(fresh.expires_at.unwrap() > NOON);
    let session = Session {
        credentials: session.credentials.with(fresh.fields),
        ..session
    };
    waimai.groups(&session).await.unwrap();
}

#[tokio::test]
async fn a_vendor_s_page_is_signed_and_brings_the_token_back() {
    let (kit, waimai) = connector();
    let vendor = kit.vendor("2");
    let back = "https://oms.example.com/back".parse().unwrap();
    let page = waimai.consent(&vendor, &back, "s-1").unwrap();
    let pairs: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    let key = vendor.credentials.get("signKey").unwrap();
    assert!(sim::meituan_waimai::verify::holds(&pairs, key), "{pairs:?}");
    assert!(
        page.as_str()
            .starts_with("https://open-erp.meituan.com/storemap?")
    );
    let answer = ConsentAnswer(BTreeMap::from([
        ("appAuthToken".to_owned(), "aat-9".to_owned()),
        ("ePoiId".to_owned(), SHOP.to_owned()),
    ]));
    let fresh = waimai.redeem(&vendor, &answer, &back).await.unwrap();
    assert_eq!(fresh.fields[0], ("appAuthToken".to_owned(), "aat-9".to_owned()));
    assert!(
        waimai
            .redeem(&vendor, &ConsentAnswer::default(), &back)
            .await
            .is_err()
    );
    let classic = kit.session(Service::MeituanWaimai);
    assert!(matches!(
        waimai.consent(&classic, &back, "s-1"),
        Err(RemoteError::Unsupported { .. })
    ));
}

#[test]
fn pushes_of_both_families_are_checked() {
    let (kit, waimai) = connector();
    let address = "https://oms.example.com/mt/push";
    let inbound = |pairs: &[(String, String)]| Inbound {
        address: address.parse().unwrap(),
        headers: BTreeMap::new(),
        body: connect::wire::form(pairs.iter().map(|(name, value)| (name, value))).into(),
    };
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let vendor = kit.vendor("2");
    let of = |name: &str| vendor.credentials.get(name).unwrap().to_owned();
    let mut fields = own(&[
        ("developerId", &of("developerId")),
        ("businessId", "2"),
        ("msgId", "m-1"),
        ("ePoiId", SHOP),
        ("timestamp", "1700000000"),
        (
            "message",
            r#"{"orderId":27057681346840001,"caution":"少放辣 & 葱"}"#,
        ),
    ]);
    let sign = sim::meituan_waimai::verify::signature(&fields, &of("signKey"));
    fields.push(("sign".to_owned(), sign));
    let told = waimai.receive(&vendor, &inbound(&fields)).unwrap();
    assert!(matches!(&told.news[..], [News::Order { number, store }]
        if number == "27057681346840001" && store == SHOP));
    assert_eq!(
        (told.mark.as_str(), told.reply.as_str()),
        ("m-1", r#"{"data":"OK"}"#)
    );
    fields[3].1 = "other".to_owned();
    refused(
        waimai.receive(&vendor, &inbound(&fields)),
        Layer::Signature,
        "签名",
    );

    let classic = kit.session(Service::MeituanWaimai);
    let mut fields = own(&[
        ("app_id", classic.credentials.get("app_id").unwrap()),
        ("timestamp", "1700000000"),
        ("op_type", "2"),
        ("op_source", "商家后台"),
    ]);
    let secret = classic.credentials.get("app_secret").unwrap();
    let sig = sim::meituan::verify::signature(address, &fields, secret);
    for (_, value) in &mut fields {
        *value = connect::wire::form([("v", value.as_str())])[2..].to_owned();
    }
    fields.push(("sig".to_owned(), sig));
    let told = waimai.receive(&classic, &inbound(&fields)).unwrap();
    assert!(matches!(&told.news[..], [News::Revoked]));
    fields[2].1 = "1".to_owned();
    refused(
        waimai.receive(&classic, &inbound(&fields)),
        Layer::Signature,
        "签名",
    );
}
