//! Rows about what the ERP books of an order, and what it takes back.

use crate::exceptions::assert_booked;
use crate::kit::{BREAD, CRISPS, WATER, counter, set};
use domain::finding::EditField;
use serde_json::{Value, json};
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::DocumentKind;
use std::time::Duration;
use suites::{Counter, GOODS};

/// Pieces by 商品编码.
type Pieces = Vec<(String, i64)>;

/// Refunds in the ERP's books for an order: their numbers, money, and pieces.
fn booked(counter: &Counter, number: &str) -> Vec<(String, i64, Pieces)> {
    let world = counter.world();
    let documents = world.erp.documents_for(DocumentKind::Refund, number);
    documents
        .into_iter()
        .map(|document| {
            (
                document.platform_refund_id.clone(),
                document.money_fen,
                pieces(&document.upload),
            )
        })
        .collect()
}

/// The pieces of an upload.
fn pieces(upload: &Value) -> Pieces {
    let lines = upload["order_item_list"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let code = line["erp_product_id"].as_str().unwrap().to_owned();
            (code, line["amount"].as_i64().unwrap())
        })
        .collect()
}

/// Later than a minute after ordering, when a refund is no cancellation any more.
async fn later() {
    tokio::time::sleep(Duration::from_mins(10)).await;
}

#[tokio::test(start_paused = true)]
async fn f20_an_order_cancelled_after_it_was_booked_is_taken_back_once_and_its_number_leads_to_it() {
    let counter = counter().await;
    let number = counter.order(MeituanShangou, &[WATER, BREAD]);
    counter.round().await;
    assert_eq!(counter.documents(&number), 1);
    let paid = counter.world().order(&number).unwrap().total_fen();
    counter.world().cancel_order(&number).unwrap();
    later().await;
    counter.round().await;
    counter.round().await;

    let taken = booked(&counter, &number);
    let [(refund, money, pieces)] = taken.as_slice() else {
        panic!("{taken:?}")
    };
    assert_eq!((refund.as_str(), *money), (format!("SG1{number}").as_str(), paid));
    let whole = [WATER, BREAD].map(|at| (GOODS[at].2.to_owned(), 1));
    assert_eq!(pieces.as_slice(), whole);

    // One that is cancelled before it was booked has nothing to take back, and neither counts among the day's refunds.
    let unbooked = counter.order(MeituanShangou, &[CRISPS]);
    counter.world().cancel_order(&unbooked).unwrap();
    later().await;
    counter.round().await;
    let order = counter.stored(&unbooked);
    let told = crate::commands::ask(&counter, "orders_show", json!({ "id": order.id.0 })).await;
    assert_eq!((counter.documents(&unbooked), &told["refunds"]), (0, &json!([])));
    let db = counter.engine().db();
    let day = db
        .read(|c| storage::views::orders::figures(c, &[], 0, i64::MAX))
        .unwrap();
    assert_eq!(
        (day.orders, day.paid_fen, day.refunds, day.refunds_fen),
        (0, 0, 0, 0)
    );

    // The number as the bookkeeper has it, looked for among the orders of today.
    let found = counter.engine().refunded_order(refund).unwrap().unwrap();
    assert_eq!((found.platform.as_str(), &found.order), ("SG", &number));
    let page = crate::commands::ask(&counter, "orders_list", json!({ "search": refund, "limit": 10 })).await;
    assert_eq!(page["rows"][0]["number"], json!(number));
    assert_eq!(page["refund"], json!({ "platform": "SG", "order": number }));
    assert_eq!(counter.engine().refunded_order("SG1404").unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn f10_a_refund_without_pieces_is_not_pushed_and_says_why_and_one_with_pieces_carries_them() {
    let counter = counter().await;
    for platform in [MeituanShangou, Ebai] {
        let number = counter.order(platform, &[WATER, CRISPS]);
        counter.round().await;
        later().await;
        {
            let mut world = counter.world();
            world.price_difference_refund(&number, 30, "称重少了").unwrap();
            world.part_refund(&number, &[(1, 1)], "少一袋").unwrap();
        }
        later().await;
        counter.round().await;

        let taken = booked(&counter, &number);
        let [(_, money, pieces)] = taken.as_slice() else {
            panic!("{platform:?}: {taken:?}")
        };
        assert_eq!(*money, GOODS[CRISPS].4, "{platform:?}");
        assert_eq!(
            pieces.as_slice(),
            [(GOODS[CRISPS].2.to_owned(), 1)],
            "{platform:?}"
        );
        let order = counter.stored(&number);
        let detail = crate::commands::ask(&counter, "orders_show", json!({ "id": order.id.0 })).await;
        let refunds = detail["refunds"].as_array().unwrap();
        let difference = refunds
            .iter()
            .find(|one| one["difference_only"] == json!(true))
            .unwrap();
        assert_eq!(difference["amount_fen"], json!(30), "{platform:?}");
        assert_eq!(difference["document"], json!(""), "{platform:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn f15a_an_order_is_booked_with_the_library_as_it_is_then_and_keeps_what_was_used() {
    let counter = counter().await;
    let number = counter.order(MeituanShangou, &[BREAD]);
    for store in [counter.shangou, counter.ebai] {
        counter.engine().pull_orders(store).await.unwrap();
    }
    // The link to the ERP is another between the order and its push.
    set(&counter, BREAD, EditField::ItemCode, GOODS[CRISPS].2);
    counter.engine().push_due().await.unwrap();
    let sold = {
        let world = counter.world();
        let documents = world.erp.documents_for(DocumentKind::Sale, &number);
        pieces(&documents[0].upload)
    };
    assert_eq!(sold, [(GOODS[CRISPS].2.to_owned(), 1)]);

    // And another once more: what comes back is what was sold.
    set(&counter, BREAD, EditField::ItemCode, GOODS[WATER].2);
    later().await;
    counter.world().full_refund(&number, "不要了").unwrap();
    later().await;
    counter.round().await;
    let taken = booked(&counter, &number);
    assert_eq!(taken[0].2, [(GOODS[CRISPS].2.to_owned(), 1)]);
}

#[tokio::test(start_paused = true)]
async fn f15b_a_line_that_is_bound_to_nothing_is_never_booked_as_something_else() {
    let counter = counter().await;
    let loose = counter.bound(counter.shangou, counter.skus[BREAD]).unwrap();
    counter
        .engine()
        .run_remedy(&domain::finding::Remedy::Unbind { listing_sku: loose })
        .await
        .unwrap();
    // Nothing in the library looks like it any more.
    set(&counter, BREAD, EditField::ItemCode, "");
    set(&counter, BREAD, EditField::Barcode, "");
    let number = counter.order(MeituanShangou, &[WATER, BREAD]);
    counter.round().await;
    assert!(counter.cause(&number).is_some(), "{:?}", counter.stored(&number));
    assert_eq!(counter.documents(&number), 0, "neither whole nor in part");
}

#[tokio::test(start_paused = true)]
async fn f15b_a_line_bound_to_nothing_is_booked_as_the_default_item_only_where_the_owner_set_one() {
    let counter = counter().await;
    let engine = counter.engine().clone();
    let bread = counter.bound(counter.shangou, counter.skus[BREAD]).unwrap();
    let unbind = domain::finding::Remedy::Unbind { listing_sku: bread };
    engine.run_remedy(&unbind).await.unwrap();
    let number = counter.order(MeituanShangou, &[BREAD, WATER]);
    counter.round().await;
    assert!(counter.cause(&number).is_some(), "off unless it is set");
    assert_eq!(counter.documents(&number), 0);

    // An item that the ERP does not have stands for nothing.
    let stand_in = |code: &str| storage::store::StorePatch {
        settings: std::collections::BTreeMap::from([(
            engine::orders::DEFAULT_ITEM.to_owned(),
            code.to_owned(),
        )]),
        ..storage::store::StorePatch::default()
    };
    engine.update_store(counter.shangou, &stand_in("999")).unwrap();
    counter.round().await;
    assert_eq!(counter.documents(&number), 0);

    let code = suites::GOODS[4].2;
    engine.update_store(counter.shangou, &stand_in(code)).unwrap();
    counter.round().await;
    assert_booked(&counter, &number);
    let row = counter.stored(&number);
    assert_eq!(row.healed, engine::orders::BY_DEFAULT);
    let lines = engine.db().read(|c| storage::order::lines(c, row.id)).unwrap();
    let sent: Vec<&str> = lines.iter().map(|line| line.sent_item_code.as_str()).collect();
    assert_eq!(
        sent,
        [code, suites::GOODS[WATER].2],
        "what is bound keeps its own item"
    );
    {
        let world = counter.world();
        let document = world.erp.documents_for(sim::world::DocumentKind::Sale, &number)[0];
        assert_eq!(document.upload["order_item_list"][0]["erp_product_id"], code);
    }
    // It is listed apart, and not among what has solved itself.
    let listed = |view: &str| {
        let filter = storage::views::orders::OrderFilter {
            view: view.to_owned(),
            ..storage::views::orders::OrderFilter::default()
        };
        engine
            .db()
            .read(|c| storage::views::orders::page(c, &filter, 50))
            .unwrap()
            .len()
    };
    assert_eq!((listed("by_default"), listed("healed")), (1, 0));
}
