//! 乐檬 AMA.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::world::{DocumentKind, OrderMode};

use crate::kit::{BASE, Kit, MT, sale};

const SALE: &str = "nhsoft.oms.saleorder.upload";
const REFUND: &str = "nhsoft.oms.refundorder.upload";
const FIND: &str = "nhsoft.oms.saleorder.find";

async fn refused(kit: &Kit, upload: &Value) -> String {
    let answer = kit.ama(SALE, upload).await;
    assert_ne!(answer["code"], 0, "{answer}");
    assert!(
        kit.simulator.world().erp.documents.is_empty(),
        "a refused upload leaves no document"
    );
    answer["msg"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn without_a_living_token_nothing_happens() {
    let kit = Kit::new();
    let body = Bytes::from(sale("1").to_string());
    let request = Request::post(format!("{BASE}/ama/api/{SALE}"))
        .header("authorization", "Bearer wrong")
        .body(body);
    assert_eq!(kit.simulator.call(request.unwrap()).await.unwrap().status(), 401);
    kit.simulator.world().erp_token_expire();
    assert_eq!(
        kit.simulator
            .call(kit.ama_request(SALE, &sale("1")))
            .await
            .unwrap()
            .status(),
        401
    );
    assert!(kit.simulator.world().erp.documents.is_empty());
    let refresh = kit.simulator.world().erp.tokens.refresh.clone();
    let params = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    assert!(kit.ama_token(&params).await["access_token"].is_string());
    assert_eq!(
        kit.ama_token(&params).await["error"],
        "invalid_grant",
        "a refresh token works once"
    );
    assert_eq!(kit.ama(SALE, &sale("1")).await["code"], 0);
}

#[tokio::test]
async fn branches_items_and_stock_are_read() {
    let kit = Kit::new();
    assert_eq!(
        kit.ama_get("nhsoft.amazon.branch.list").await["result"][0]["branch_num"],
        "1001"
    );
    let items = kit
        .ama_get("nhsoft.amazon.basic.item.find?item_codes=A1,A2&page_no=1&page_size=1000")
        .await;
    assert_eq!(items["result"][0]["item_num"], "5001");
    assert_eq!(items["result"][0]["item_del_tag"], 0);
    let since = "nhsoft.amazon.basic.item.find?last_download_time=2023-11-15%2006:13:21";
    assert_eq!(
        kit.ama_get(since).await["result"],
        json!([]),
        "changed one second earlier"
    );
    kit.simulator.world().erp_delete_item("5001").unwrap();
    let gone = kit.ama_get("nhsoft.amazon.basic.item.find?item_nums=5001").await;
    assert_eq!(gone["result"][0]["item_del_tag"], 1);
    assert_ne!(
        kit.ama_get("nhsoft.amazon.basic.item.find?page_size=1001").await["code"],
        0
    );
    let ask = json!({"storehouse_num": 1001, "item_nums": ["5001"]});
    let stock = kit.ama("nhsoft.amazon.inventory.inventory.find", &ask).await;
    assert_eq!(stock["result"][0]["inventory_amount"], 12.5);
}

#[tokio::test]
async fn the_documented_refusals_come_with_their_texts() {
    let kit = Kit::new();
    let mut upload = sale("1");
    upload["order_item_list"][0]["erp_product_id"] = json!("99999999999999999999");
    assert_eq!(
        refused(&kit, &upload).await,
        "For input string: \"99999999999999999999\""
    );
    upload["order_item_list"][0]["erp_product_id"] = json!("4040");
    assert_eq!(
        refused(&kit, &upload).await,
        "找不到商品资料:商品编号[4040]没有匹配商品或商品已删除"
    );
    upload["order_item_list"][0]["erp_product_id"] = json!("5001");
    upload["erp_store_id"] = json!("10-01");
    assert_eq!(refused(&kit, &upload).await, "For input string: \"10-01\"");
    upload["erp_store_id"] = json!("1001");
    upload["total_money"] = json!(19.8);
    assert_eq!(refused(&kit, &upload).await, "For input string: \"19.8\"");
    upload["total_money"] = json!(1980);
    upload.as_object_mut().unwrap().remove("receiver_phone");
    assert_eq!(refused(&kit, &upload).await, "receiver_phone不能为空");
    kit.simulator.world().erp_delete_item("5001").unwrap();
    assert!(
        refused(&kit, &sale("1"))
            .await
            .contains("商品编号[5001]没有匹配商品或商品已删除")
    );
    kit.simulator.world().erp_restore_item("5001").unwrap();
    kit.simulator.world().erp_set_receive("1001", false).unwrap();
    assert_eq!(refused(&kit, &sale("1")).await, "订单聚合参数未开启");
    kit.simulator.world().erp_set_receive("1001", true).unwrap();
    assert!(kit.ama(SALE, &sale("1")).await["result"]["order_no"].is_string());
    assert_eq!(
        kit.simulator.world().erp.stock[&("1001".to_owned(), "5001".to_owned())],
        10_500
    );
}

#[tokio::test]
async fn the_three_kinds_of_erp_differ_in_a_second_upload_and_in_look_up() {
    for (mode, documents, found) in [
        (OrderMode::Lookup, 2, true),
        (OrderMode::Idempotent, 1, false),
        (OrderMode::Neither, 2, false),
    ] {
        let kit = Kit::new();
        kit.simulator.world().erp.order_mode = mode;
        let first = kit.ama(SALE, &sale("1")).await["result"]["order_no"].clone();
        let second = kit.ama(SALE, &sale("1")).await["result"]["order_no"].clone();
        assert_eq!(first == second, documents == 1);
        assert_eq!(kit.simulator.world().erp.documents.len(), documents);
        let ask = json!({"platform_order_ids": ["1", "2"]});
        let response = kit.simulator.call(kit.ama_request(FIND, &ask)).await.unwrap();
        assert_eq!(response.status() == 200, found, "{mode:?}");
        if found {
            let answer: Value = serde_json::from_slice(response.body()).unwrap();
            assert_eq!(answer["result"][0]["order_no"], first);
            assert_eq!(answer["result"].as_array().unwrap().len(), 2);
        } else {
            assert_eq!(response.status(), 400);
        }
    }
}

#[tokio::test]
async fn a_refund_needs_its_sale_and_a_quantity() {
    let kit = Kit::new();
    let refund = |amount: i64| {
        json!({
            "platform_order_id": "1", "platform_refund_id": "R1", "refund_money": 990, "refund_reason": "少送",
            "order_item_list": [{"erp_product_id": "5001", "amount": amount}],
        })
    };
    assert_ne!(
        kit.ama(REFUND, &refund(1)).await["code"],
        0,
        "the sale is not there yet"
    );
    kit.ama(SALE, &sale("1")).await;
    assert_ne!(kit.ama(REFUND, &refund(0)).await["code"], 0);
    assert_eq!(kit.ama(REFUND, &refund(1)).await["code"], 0);
    let world = kit.simulator.world();
    assert_eq!(world.erp.documents_for(DocumentKind::Refund, "1").len(), 1);
}

#[tokio::test]
async fn the_ledger_counts_due_orders_and_surplus_documents() {
    let kit = Kit::new();
    let (one, two, three) = (kit.order(MT), kit.order(MT), kit.order(MT));
    kit.ama(SALE, &sale(&one)).await;
    kit.ama(SALE, &sale(&one)).await;
    kit.simulator.world().cancel_order(&three).unwrap();
    let report = kit.simulator.world().ledger_report();
    assert_eq!(
        (
            report.orders_due,
            report.erp_documents,
            report.duplicated,
            report.not_in_erp
        ),
        (2, 2, 1, 1)
    );
    let waiting = report.orders.iter().find(|order| order.number == two).unwrap();
    assert!(waiting.due && waiting.erp_documents == 0);
    assert_eq!(report.calls[&format!("ama/{SALE}")], 2);
}
