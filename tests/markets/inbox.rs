//! The address of ours: a consent leads back to it, a push arrives at it, and a stranger gets nothing there.

use crate::bazaar::{Bazaar, BazaarShop};
use domain::id::AccountId;
use engine::inbox::{ConsentState, PORT_KEY};
use sim::PlatformId::MeituanShangou;
use std::net::TcpStream;
use std::sync::Arc;
use suites::NOON;
use suites::loopback::ask;
use suites::market::{Market as _, Stage};
use url::Url;

async fn stage() -> (Stage, BazaarShop, AccountId) {
    let sim = Stage::world(&[MeituanShangou]);
    let shop = BazaarShop::of(&sim);
    let mut stage = Stage::open(sim, vec![Arc::new(Bazaar(shop.clone()))]).await;
    // Any free port: several of these run side by side.
    let db = stage.engine.db();
    db.write(|tx| storage::setting::set(tx, PORT_KEY, Some("0")))
        .unwrap();
    let store = stage.join(Box::new(shop.clone())).await;
    let account = stage
        .engine
        .db()
        .read(|c| storage::store::get(c, store))
        .unwrap()
        .store
        .account;
    (stage, shop, account)
}

fn state_of(page: &Url) -> String {
    page.query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned()
}

#[tokio::test]
async fn agreeing_on_the_platforms_page_brings_tokens_with_their_end_and_a_stranger_brings_nothing() {
    let (stage, _, account) = stage().await;
    let engine = &stage.engine;
    assert_eq!(engine.consent_state(account), ConsentState::None);
    let started = engine.consent_begin(account).await.unwrap();
    let answered = |state: &str, code: &str| {
        let mut url = started.return_to.clone();
        url.query_pairs_mut()
            .append_pair("state", state)
            .append_pair("code", code);
        url
    };

    // A page that any site can make the browser open.
    let (status, _) = ask("GET", answered("guessed", "agreed"), "", String::new()).await;
    assert_eq!(
        (status, engine.consent_state(account)),
        (400, ConsentState::Waiting)
    );

    let mark = state_of(&started.page);
    let (status, body) = ask("GET", answered(&mark, "agreed"), "", String::new()).await;
    assert_eq!(status, 200);
    assert!(body.contains("授权完成"), "{body}");
    assert_eq!(engine.consent_state(account), ConsentState::Done);
    let row = engine.db().read(|c| storage::account::get(c, account)).unwrap();
    assert_eq!(row.expires_at, Some(NOON + 30 * 86_400_000));
    assert!(
        row.sealed
            .is_none_or(|sealed| !String::from_utf8_lossy(&sealed).contains("fresh"))
    );

    // The same answer once more is nobody's.
    let (status, _) = ask("GET", answered(&mark, "agreed"), "", String::new()).await;
    assert_eq!(status, 400);
    engine.consent_end(account).await;
    assert!(
        TcpStream::connect(("127.0.0.1", started.return_to.port().unwrap())).is_err(),
        "nothing listens any more"
    );
}

#[tokio::test]
async fn a_code_that_the_platform_does_not_take_is_told_with_its_reason() {
    let (stage, _, account) = stage().await;
    let started = stage.engine.consent_begin(account).await.unwrap();
    let mut url = started.return_to.clone();
    url.query_pairs_mut()
        .append_pair("state", &state_of(&started.page))
        .append_pair("code", "old");
    let (status, body) = ask("GET", url, "", String::new()).await;
    assert_eq!(status, 200);
    assert!(body.contains("没有完成"), "{body}");
    assert!(matches!(
        stage.engine.consent_state(account),
        ConsentState::Failed(..)
    ));
}

#[tokio::test]
async fn a_pushed_order_is_read_and_in_the_erp_once_and_a_forged_push_does_nothing() {
    let (stage, shop, account) = stage().await;
    let engine = &stage.engine;
    let address = engine.push_address(account).await.unwrap();
    let number = shop.buy(&stage.everywhere()[0].1.item_code);
    let signed = "x-stall-key: open sesame\r\n";

    // Nobody asked for pushes yet.
    let (status, _) = ask("POST", address.clone(), signed, number.clone()).await;
    assert_eq!(status, 404);
    engine.set_pushes(true).await.unwrap();
    let (status, _) = ask(
        "POST",
        address.clone(),
        "x-stall-key: guessed\r\n",
        number.clone(),
    )
    .await;
    assert_eq!((status, stage.documents(&number)), (403, 0));

    for _ in 0..2 {
        let (status, body) = ask("POST", address.clone(), signed, number.clone()).await;
        assert_eq!((status, body.as_str()), (200, "heard"));
    }
    for _ in 0..100 {
        if stage.documents(&number) > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    engine.push_due().await.unwrap();
    assert_eq!(stage.documents(&number), 1);
    engine.set_pushes(false).await.unwrap();
    assert!(TcpStream::connect(("127.0.0.1", address.port().unwrap())).is_err());
}

#[tokio::test]
async fn what_was_copied_from_the_page_is_taken_where_no_browser_leads_back_here() {
    let (stage, _, account) = stage().await;
    let engine = &stage.engine;
    let refused = engine.consent_paste(account, "agreed").await.unwrap_err();
    assert_eq!(refused.code(), "consent_not_waiting");
    let started = engine.consent_begin(account).await.unwrap();
    for text in [
        "",
        "不是网址",
        "https://shop.example/back?state=guessed&code=agreed",
    ] {
        let refused = engine.consent_paste(account, text).await.unwrap_err();
        assert_eq!(refused.code(), "consent_unreadable", "{text}");
        assert_eq!(engine.consent_state(account), ConsentState::Waiting);
    }
    let mark = state_of(&started.page);
    let copied = format!(" https://shop.example/back?code=agreed&state={mark}\n");
    let told = engine.consent_paste(account, &copied).await.unwrap();
    assert_eq!(told, ConsentState::Done);
}
