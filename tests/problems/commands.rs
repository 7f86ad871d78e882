//! Commands of the api, asked like the window asks them: by name, with JSON.

use crate::kit::{BREAD, CRISPS, WATER, counter};
use api::{Api, ApiError, Host};
use async_trait::async_trait;
use domain::finding::Remedy;
use domain::id::ListingSkuId;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use storage::store::StorePatch;
use suites::{Counter, GOODS};

/// A program that can open no other data.
struct Alone;

#[async_trait]
impl Host for Alone {
    fn version(&self) -> &'static str {
        "0"
    }

    fn show_page(&self, _: &url::Url) -> bool {
        false
    }

    fn is_demo(&self) -> bool {
        false
    }

    async fn open_demo(&self) -> Result<(), ApiError> {
        Ok(())
    }

    async fn restore(&self, _: PathBuf) -> Result<(), ApiError> {
        Ok(())
    }
}

pub(crate) async fn ask(counter: &Counter, command: &str, request: Value) -> Value {
    let api = Api {
        engine: counter.engine().clone(),
        host: Arc::new(Alone),
    };
    api::router::dispatch(&api, command, request)
        .await
        .unwrap_or_else(|error| panic!("{command}: {error:?}"))
}

/// Name and state of each step.
fn steps(view: &Value) -> Vec<(&str, &str)> {
    let steps = view["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| (step["step"].as_str().unwrap(), step["state"].as_str().unwrap()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn account_test_goes_up_to_branches_and_items_of_an_erp_and_stops_at_what_fails() {
    let counter = counter().await;
    let test = || ask(&counter, "account_test", json!({ "id": counter.erp.0 }));
    let view = test().await;
    assert_eq!(view["ok"], json!(true), "{view}");
    assert_eq!(
        steps(&view),
        [
            ("key", "ok"),
            ("signature", "ok"),
            ("permission", "ok"),
            ("branch", "ok"),
            ("items", "ok")
        ]
    );
    let patch = StorePatch {
        offline_code: Some("4004".to_owned()),
        ..StorePatch::default()
    };
    counter.engine().update_store(counter.ebai, &patch).unwrap();
    let view = test().await;
    assert_eq!(view["ok"], json!(false));
    assert_eq!(steps(&view)[3..], [("branch", "failed"), ("items", "not_tested")]);
    let words = &view["steps"][3]["words"];
    let params = serde_json::from_value(words["params"].clone()).unwrap();
    let code = words["code"].as_str().unwrap();
    for lang in ["zh-CN", "en"] {
        let said = api::words::words(lang).sentence(code, &params);
        assert!(said != code && !said.contains(['{', '}']), "{said}");
    }

    let patch = StorePatch {
        offline_code: Some(suites::BRANCH.to_owned()),
        ..StorePatch::default()
    };
    counter.engine().update_store(counter.ebai, &patch).unwrap();
    assert_eq!(test().await["ok"], json!(true));
}

#[tokio::test(start_paused = true)]
async fn account_test_of_a_platform_tests_what_needs_no_store() {
    let counter = counter().await;
    let row = counter
        .engine()
        .db()
        .read(|c| storage::store::get(c, counter.ebai))
        .unwrap();
    let view = ask(&counter, "account_test", json!({ "id": row.store.account.0 })).await;
    assert_eq!(
        steps(&view),
        [("key", "ok"), ("signature", "ok"), ("permission", "ok")]
    );
}

/// Whether a pair is proposed.
async fn proposed(counter: &Counter, listing_sku: ListingSkuId, at: usize) -> bool {
    let view = ask(counter, "matching_get", json!({ "store": counter.shangou.0 })).await;
    let rows = view["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["listing_sku"] == json!(listing_sku.0));
    let candidates = row.expect("it is not bound")["candidates"].as_array().unwrap();
    candidates
        .iter()
        .any(|one| one["sku"] == json!(counter.skus[at].0))
}

#[tokio::test(start_paused = true)]
async fn matching_allow_takes_a_refusal_back_so_that_the_pair_is_proposed_again() {
    let counter = counter().await;
    let listing_sku = counter.bound(counter.shangou, counter.skus[CRISPS]).unwrap();
    counter
        .engine()
        .run_remedy(&Remedy::Unbind { listing_sku })
        .await
        .unwrap();
    assert!(proposed(&counter, listing_sku, CRISPS).await);
    let pair = json!({ "listing_sku": listing_sku.0, "sku": counter.skus[CRISPS].0 });
    let pairs = json!({ "pairs": [pair], "rebind": false });
    let refused = ask(&counter, "matching_refuse", pairs.clone()).await;
    assert_eq!(refused["count"], json!(1));
    assert!(!proposed(&counter, listing_sku, CRISPS).await, "不是");

    let allowed = ask(&counter, "matching_allow", pairs.clone()).await;
    assert_eq!(allowed["count"], json!(1));
    assert!(proposed(&counter, listing_sku, CRISPS).await);
    let again = ask(&counter, "matching_allow", pairs).await;
    assert_eq!(again["count"], json!(0), "nothing was refused any more");
}

#[tokio::test(start_paused = true)]
async fn f07_a_bound_product_is_refused_with_what_it_is_bound_to_and_can_be_bound_instead() {
    let counter = counter().await;
    let (water, bread) = (counter.skus[WATER], counter.skus[BREAD]);
    let of_bread = counter.bound(counter.shangou, bread).unwrap();
    counter
        .engine()
        .run_remedy(&Remedy::Unbind {
            listing_sku: of_bread,
        })
        .await
        .unwrap();
    let bind = |rebind: bool| {
        let pair = json!({ "listing_sku": of_bread.0, "sku": water.0 });
        ask(
            &counter,
            "matching_bind",
            json!({ "pairs": [pair], "rebind": rebind }),
        )
    };
    let report = bind(false).await;
    assert_eq!(report["bound"], json!(0));
    let words = &report["refused"][0]["words"];
    assert_eq!(words["code"], json!("finding.F07"));
    assert_eq!(words["params"]["item"], json!(GOODS[WATER].0));
    assert_eq!(
        (&words["params"]["ours"], &words["params"]["theirs"]),
        (&json!(GOODS[WATER].2), &json!(GOODS[BREAD].2)),
        "both codes side by side"
    );
    let params = serde_json::from_value(words["params"].clone()).unwrap();
    let said = api::words::words("zh-CN").sentence("finding.F07", &params);
    assert!(said.contains(GOODS[WATER].0) && !said.contains('{'), "{said}");

    // 改绑.
    assert_eq!(bind(true).await["bound"], json!(1));
    assert_eq!(counter.bound(counter.shangou, water), Some(of_bread));
}
