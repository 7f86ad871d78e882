//! The counter books into a real Tryton server over real HTTP: an ERP that nobody here wrote says whether orders arrive
//! once. `GUITAI_TRYTON_ORDERS` takes another number of them.

#![expect(clippy::unwrap_used, reason = "a server that cannot be asked has failed")]

mod desk;

use connect::error::Layer;
use desk::{Desk, WAREHOUSE, authorize};
use serde_json::json;
use sim::PlatformId;
use std::time::Duration;
use storage::exception::Which;
use suites::tryton::Tryton;
use suites::{Counter, GOODS};

/// Orders of the demo shop in one run.
const ORDERS: usize = 200;

fn orders() -> usize {
    let named = std::env::var("GUITAI_TRYTON_ORDERS").ok();
    named.and_then(|text| text.parse().ok()).unwrap_or(ORDERS)
}

/// A customer's order on one of the two platforms.
fn order(counter: &Counter, at: usize) -> String {
    let platform = [PlatformId::MeituanShangou, PlatformId::Ebai][at % 2];
    counter.order(platform, &[at % GOODS.len(), (at + 2) % GOODS.len()])
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_arrive_once_though_the_server_is_killed_in_the_middle_and_stock_agrees_afterwards() {
    let name = "orders_arrive_once_though_the_server_is_killed_in_the_middle_and_stock_agrees_afterwards";
    let Some(mut desk) = Desk::open(name, 100_000).await else {
        return;
    };
    let numbers: Vec<String> = (0..orders()).map(|at| order(&desk.counter, at)).collect();
    let engine = desk.counter.engine().clone();
    let pushing = tokio::spawn({
        let engine = engine.clone();
        let stores = [desk.counter.shangou, desk.counter.ebai];
        async move {
            for store in stores {
                engine.pull_orders(store).await.unwrap();
            }
            engine.push_due().await.unwrap();
        }
    });
    // A third of them is there when the power goes.
    let third = numbers.len() / 3;
    while desk.server.rows("sale.sale", json!([]), &["id"]).await.len() < third.max(1) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    desk.server.kill();
    tokio::time::sleep(Duration::from_millis(500)).await;
    desk.server.start().await;
    pushing.await.unwrap();
    // What failed meanwhile is due again after a while; whose outcome is unknown is looked up.
    let left = || {
        numbers
            .iter()
            .any(|number| desk.counter.stored(number).document.is_empty())
    };
    for _ in 0..10 {
        if !left() {
            break;
        }
        desk.later(6);
        desk.counter.round().await;
        engine.repush(&Which::All).await.unwrap();
    }
    let booked = desk
        .server
        .rows("sale.sale", json!([]), &["reference", "number", "state"])
        .await;
    for number in &numbers {
        let ours: Vec<_> = booked.iter().filter(|row| row["reference"] == **number).collect();
        let states: Vec<_> = ours.iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(
            states,
            ["processing"],
            "{number}: {:?}",
            desk.counter.stored(number)
        );
        assert_eq!(
            desk.counter.stored(number).document,
            ours[0]["number"].as_str().unwrap()
        );
    }
    assert!(engine.exception_groups(&[]).unwrap().is_empty());

    // What the counter holds for the ERP's stock is what the server itself says.
    engine.pull_erp_items(desk.account).await.unwrap();
    let pushed = engine.push_stock(&[], true).await.unwrap();
    assert!(pushed.iter().all(|one| one.error.is_none()), "{pushed:?}");
    for (_, _, code, _, _) in GOODS {
        let there = desk.server.sellable(code).await;
        let shown = shown_stock(&desk.counter, code);
        #[expect(clippy::cast_precision_loss, reason = "a hundred thousand pieces")]
        let shown = shown as f64;
        assert!(
            (there - shown).abs() < 0.001,
            "{code}: {there} there, {shown} shown"
        );
        assert!(there < 100_000.0, "{code} was sold");
    }
}

/// Pieces that 美团闪购 shows of the goods with this code.
fn shown_stock(counter: &Counter, code: &str) -> i64 {
    let world = counter.world();
    let shop = world.shop(PlatformId::MeituanShangou, suites::SHANGOU).unwrap();
    let mut specs = shop.listings.values().flat_map(|listing| &listing.specs);
    specs.find(|spec| spec.code == code).unwrap().stock
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_to_what_was_paid_and_a_return_takes_it_back() {
    let name = "a_document_comes_to_what_was_paid_and_a_return_takes_it_back";
    let Some(desk) = Desk::open(name, 50).await else {
        return;
    };
    let number = order(&desk.counter, 0);
    desk.counter.round().await;
    let paid = desk.counter.world().order(&number).unwrap().total_fen();
    let booked = &desk.server.documents(&number).await[0];
    assert_eq!(booked["total_amount"]["decimal"], yuan(paid));

    // Within a minute it would be a cancellation.
    desk.later(10);
    let refund = desk
        .counter
        .world()
        .full_refund(&number, "洒了")
        .unwrap()
        .unwrap();
    desk.later(10);
    desk.counter.round().await;
    let back = &desk.server.documents(&refund).await[0];
    assert_eq!(back["origin"], format!("sale.sale,{}", booked["id"]));
    assert_eq!(back["total_amount"]["decimal"], yuan(-paid));
    desk.counter.round().await;
    assert_eq!(desk.server.documents(&refund).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_part_that_comes_back_the_books_take_that_part_and_no_more() {
    let name = "of_a_part_that_comes_back_the_books_take_that_part_and_no_more";
    let Some(desk) = Desk::open(name, 50).await else {
        return;
    };
    for platform in [PlatformId::MeituanShangou, PlatformId::Ebai] {
        let number = desk.counter.order(platform, &[3, 4]);
        desk.counter.round().await;
        desk.later(10);
        let refund = desk
            .counter
            .world()
            .part_refund(&number, &[(1, 1)], "少一袋")
            .unwrap();
        desk.later(10);
        desk.counter.round().await;
        let back = &desk.server.documents(&refund).await[0];
        let domain = json!([["sale", "=", back["id"]], ["product", "!=", null]]);
        let lines = desk
            .server
            .rows("sale.line", domain, &["quantity", "product.code"])
            .await;
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line["product."]["code"].as_str().unwrap(),
                    line["quantity"].as_f64().unwrap(),
                )
            })
            .collect();
        assert_eq!(told, [(GOODS[4].2, -1.0)], "{platform:?}");
    }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_product_switched_off_in_the_erp_is_found_before_an_order_meets_it_and_never_sold() {
    let name = "f03_a_product_switched_off_in_the_erp_is_found_before_an_order_meets_it_and_never_sold";
    let Some(desk) = Desk::open(name, 50).await else {
        return;
    };
    let code = GOODS[0].2;
    desk.server.switch_off(code).await;
    // An order that comes before the list was read again: the server would sell it, the counter does not.
    let number = desk.counter.order(PlatformId::MeituanShangou, &[0]);
    desk.counter.round().await;
    assert_eq!(desk.counter.cause(&number).as_deref(), Some("F03"));
    assert!(desk.server.documents(&number).await.is_empty());

    let engine = desk.counter.engine();
    engine.pull_erp_items(desk.account).await.unwrap();
    let cache = engine.preflight(&[desk.counter.shangou]).unwrap();
    let found: Vec<&str> = cache
        .findings
        .iter()
        .map(|noted| noted.finding.id.as_str())
        .collect();
    assert!(found.contains(&"F03"), "{found:?}");

    // The remedy: the ERP takes it up again, and one click repushes.
    desk.server.switch_on(code).await;
    engine.repush(&Which::All).await.unwrap();
    desk.counter.round().await;
    assert_eq!(desk.counter.cause(&number), None);
    assert_eq!(desk.server.documents(&number).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_test_names_the_layer_that_fails() {
    let name = "the_connection_test_names_the_layer_that_fails";
    let Some(desk) = Desk::open(name, 1).await else {
        return;
    };
    let engine = desk.counter.engine();
    let erp = engine.erp("tryton").unwrap();
    let layers = [
        Layer::Key,
        Layer::Signature,
        Layer::Permission,
        Layer::Store,
        Layer::Orders,
    ];
    let session = engine.account_session(desk.account, WAREHOUSE).await.unwrap();
    for layer in layers {
        erp.probe(&session, layer).await.unwrap();
    }
    let elsewhere = engine.account_session(desk.account, "NOWHERE").await.unwrap();
    let told = erp.probe(&elsewhere, Layer::Store).await.unwrap_err();
    assert!(told.text().contains("NOWHERE"), "{told:?}");

    let mut wrong = desk.server.credentials();
    wrong.insert("password".to_owned(), "another-password".to_owned());
    let account = authorize(&desk.counter, wrong).await;
    let session = engine.account_session(account, WAREHOUSE).await.unwrap();
    let told = erp.probe(&session, Layer::Signature).await.unwrap_err();
    assert!(
        matches!(
            told,
            connect::error::RemoteError::Refused {
                layer: Layer::Signature,
                ..
            }
        ),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_the_server_forgot_is_renewed_without_anybody_noticing() {
    let name = "a_login_that_the_server_forgot_is_renewed_without_anybody_noticing";
    let Some(mut desk) = Desk::open(name, 50).await else {
        return;
    };
    desk.server.forget_sessions().await;
    let number = order(&desk.counter, 0);
    desk.counter.round().await;
    assert_eq!(desk.server.documents(&number).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_loses_nothing_and_says_so() {
    let name = "a_server_that_is_down_loses_nothing_and_says_so";
    let Some(mut desk) = Desk::open(name, 50).await else {
        return;
    };
    desk.server.kill();
    let number = order(&desk.counter, 1);
    desk.counter.round().await;
    let engine = desk.counter.engine().clone();
    let told = engine.erp_branches(desk.account).await.unwrap_err();
    assert!(
        matches!(
            told,
            engine::error::EngineError::Remote(connect::error::RemoteError::Unreachable { .. })
        ),
        "{told:?}"
    );
    desk.server.start().await;
    desk.later(10);
    desk.counter.round().await;
    assert_eq!(desk.server.documents(&number).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_told_and_nothing_is_kept_of_it() {
    let Some(server) = Tryton::open("a_database_that_is_not_there_is_told_and_nothing_is_kept_of_it").await
    else {
        return;
    };
    let counter = Counter::open(sim::world::OrderMode::Neither, 3).await;
    let mut credentials = server.credentials();
    credentials.insert("database".to_owned(), "nowhere".to_owned());
    let account = authorize(&counter, credentials).await;
    assert!(counter.engine().erp_branches(account).await.is_err());
}
