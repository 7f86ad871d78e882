//! 饿了么: prices, stock and codes.

use crate::eleme::{all, by_code, connector, named};
use crate::kit::{EL, SHOP};
use connect::error::{Effect, RemoteError};
use connect::platform::{Platform, PriceWrite, RemoteListing, RemoteSku, SkuRef, StockWrite, WriteOutcome};
use domain::money::Money;
use sim::{FaultKind, FaultRule, Service};

fn reference(listing: &RemoteListing, sku: &RemoteSku) -> SkuRef {
    SkuRef {
        listing_id: listing.remote_id.clone(),
        outer_code: listing.outer_code.clone(),
        sku_id: sku.remote_id.clone(),
        outer_sku_code: sku.outer_sku_code.clone(),
        multi_spec: listing.skus.len() > 1,
    }
}

#[tokio::test]
async fn prices_and_stock_are_set_with_the_failed_rows_named() {
    let (_kit, eleme, session) = connector();
    let listings = all(&eleme, &session).await;
    let (apple, tea) = (named(&listings, "示例苹果"), named(&listings, "乌龙茶"));
    let missing = SkuRef {
        listing_id: "404".to_owned(),
        outer_code: "P-404".to_owned(),
        sku_id: "405".to_owned(),
        outer_sku_code: "P-404".to_owned(),
        multi_spec: false,
    };
    let mut rows = vec![reference(apple, &apple.skus[0]), missing];
    rows.extend(tea.skus.iter().map(|sku| reference(tea, sku)));
    let prices: Vec<PriceWrite> = rows
        .iter()
        .map(|sku| PriceWrite {
            sku: sku.clone(),
            price: Money(1888),
        })
        .collect();
    let stocks: Vec<StockWrite> = rows
        .iter()
        .map(|sku| StockWrite {
            sku: sku.clone(),
            stock: 3,
        })
        .collect();
    for outcomes in [
        eleme.set_prices(&session, &prices).await.unwrap(),
        eleme.set_stocks(&session, &stocks).await.unwrap(),
    ] {
        let done = WriteOutcome::Accepted { remote_id: None };
        assert_eq!(
            [&outcomes[0], &outcomes[2], &outcomes[3]],
            [&done, &done, &done],
            "{outcomes:?}"
        );
        assert!(matches!(&outcomes[1], WriteOutcome::Rejected { text, .. } if text == "SKU不存在"));
    }
    for code in ["P-1", "P-2-S"] {
        let after = by_code(&eleme, &session, code).await;
        let set = after
            .skus
            .iter()
            .all(|sku| (sku.price, sku.stock) == (Some(Money(1888)), Some(3)));
        assert!(set, "{after:?}");
    }
    let too_much = StockWrite {
        sku: rows[0].clone(),
        stock: 1_000_000,
    };
    let told = eleme.set_stocks(&session, &[too_much]).await.unwrap();
    assert!(matches!(&told[0], WriteOutcome::Rejected { code, .. } if code == "STOCK_INVALID"));
    assert!(eleme.set_prices(&session, &[]).await.unwrap().is_empty());
    assert!(eleme.set_stocks(&session, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn codes_are_written_onto_specs() {
    let (kit, eleme, session) = connector();
    let listings = all(&eleme, &session).await;
    let by_hand = named(&listings, "现切水果拼盘");
    let codes = [(by_hand.skus[0].clone(), "OWN-1".to_owned())];
    eleme
        .bind_codes(&session, by_hand, "OWN-1", &codes)
        .await
        .unwrap();
    let bound = by_code(&eleme, &session, "OWN-1").await;
    assert_eq!(
        (bound.name.as_str(), bound.skus[0].outer_sku_code.as_str()),
        ("现切水果拼盘", "OWN-1")
    );
    assert_eq!((bound.skus[0].price, bound.on_sale), (Some(Money(2680)), true));
    let tea = named(&listings, "乌龙茶");
    let codes: Vec<_> = tea
        .skus
        .iter()
        .map(|sku| (sku.clone(), format!("NEW-{}", sku.spec_name)))
        .collect();
    eleme.bind_codes(&session, tea, "P-2", &codes).await.unwrap();
    let bound = by_code(&eleme, &session, "NEW-大杯").await;
    let held: Vec<&str> = bound.skus.iter().map(|sku| sku.outer_sku_code.as_str()).collect();
    assert_eq!(held, ["NEW-小杯", "NEW-大杯"]);
    // What stands there already is not written again.
    let before = kit.world().ledger.calls("eleme/eleme.product.item.updateItem");
    eleme.bind_codes(&session, tea, "P-2", &codes).await.unwrap();
    assert_eq!(
        kit.world().ledger.calls("eleme/eleme.product.item.updateItem"),
        before
    );
    kit.world().delete_listing(EL, SHOP, &by_hand.remote_id).unwrap();
    let gone = eleme.bind_codes(&session, by_hand, "OWN-2", &[]).await;
    assert!(gone.unwrap_err().text().contains("商品不存在"));
}

#[tokio::test]
async fn an_answer_cut_short_or_not_json_leaves_a_write_open() {
    let (kit, eleme, session) = connector();
    for fault in [FaultKind::HtmlPage, FaultKind::TruncatedBody] {
        let rule = FaultRule::once(Service::Eleme, "eleme.product.item.batchUpdateStock", fault);
        kit.world().faults.add(rule);
        let apple = by_code(&eleme, &session, "P-1").await;
        let row = StockWrite {
            sku: reference(&apple, &apple.skus[0]),
            stock: 3,
        };
        let error = eleme.set_stocks(&session, &[row]).await.unwrap_err();
        assert!(matches!(error, RemoteError::Malformed { .. }), "{error:?}");
        assert_eq!(error.effect(), Effect::Unknown);
    }
}
