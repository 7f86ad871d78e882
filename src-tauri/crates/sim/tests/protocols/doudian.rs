//! 抖店小时达.

use serde_json::{Value, json};

use crate::kit::{DD, Kit, NOW_MS, json_of};

const STORE: &str = "5566778";

fn data(answer: &Value) -> &Value {
    assert_eq!(answer["code"], 10_000, "{answer}");
    &answer["data"]
}

fn reason(answer: &Value) -> &str {
    assert_ne!(answer["code"], 10_000, "{answer}");
    answer["sub_code"].as_str().unwrap()
}

fn product(kit: &Kit, picture: &str) -> Value {
    let leaf = {
        let world = kit.simulator.world();
        let leaf = world.doudian.taxonomy.values().find(|taxon| taxon.depth == 3);
        leaf.unwrap().id.clone()
    };
    json!({
        "product_type": 0, "category_leaf_id": leaf, "name": "牛角包", "pic": picture, "description": picture,
        "reduce_type": 2, "freight_id": 0, "mobile": "400-123-4567", "commit": true, "outer_product_id": "N-1",
        "specs": "规格|大份,小份",
        "spec_prices": r#"[{"spec_detail_name1":"大份","code":"N-1-L","price":1250,"stock_num":5},{"spec_detail_name1":"小份","code":"N-1-S","price":650,"stock_num":9}]"#,
    })
}

/// A picture of the material centre.
async fn picture(kit: &Kit) -> String {
    let params = json!({"folder_id": "0", "url": "https://img.example.com/a.jpg", "material_name": "a"});
    let made = kit.dd("material.uploadImageSync", params).await;
    let id = data(&made)["material_id"].clone();
    let ask = json!({"material_id": id});
    let waiting = kit.dd("material.queryMaterialDetail", ask.clone()).await;
    assert_eq!(data(&waiting)["material_info"]["audit_status"], 2);
    let passed = kit.dd("material.queryMaterialDetail", ask).await;
    data(&passed)["material_info"]["byte_url"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_gateway_refuses_before_anything_happens() {
    let kit = Kit::new();
    let delete = json!({"product_id": kit.dd_listing});
    let at = NOW_MS / 1000;
    let wrong = kit.dd_request("product.del", &delete, &at.to_string(), Some("00"));
    let answer = json_of(kit.simulator.call(wrong).await);
    assert_eq!(
        (answer["code"].clone(), reason(&answer)),
        (json!(40_003), "isv.signature-invalid")
    );
    let late = kit.dd_request("product.del", &delete, &(at - 3600).to_string(), None);
    assert_eq!(
        reason(&json_of(kit.simulator.call(late).await)),
        "isv.parameter-invalid"
    );
    kit.simulator
        .world()
        .doudian
        .denied_methods
        .insert("product.del".to_owned());
    assert_eq!(
        reason(&kit.dd("product.del", delete.clone()).await),
        "isv.app-permissions-insufficient"
    );
    kit.simulator.world().doudian_token_expire();
    assert_eq!(
        reason(&kit.dd("product.detail", delete).await),
        "isv.access-token-expired"
    );
    assert_eq!(kit.simulator.world().shop(DD, STORE).unwrap().listings.len(), 1);
}

#[tokio::test]
async fn older_clients_are_understood() {
    let kit = Kit::new();
    // The wall clock of Shanghai, and a doubled slash.
    let request = kit.dd_request("shop.getStoreList", &json!({}), "2023-11-15 06:13:20", None);
    let answer = json_of(kit.simulator.call(request).await);
    assert_eq!(
        data(&answer)["store_detail_list"][0]["store"]["store_id"],
        5_566_778
    );
    let mut request = kit.dd_request("shop.getStoreList", &json!({}), "1700000000", None);
    let doubled = request
        .uri()
        .to_string()
        .replace("/doudian/shop", "/doudian//shop");
    *request.uri_mut() = doubled.parse().unwrap();
    assert_eq!(data(&json_of(kit.simulator.call(request).await))["total"], 1);
}

#[tokio::test]
async fn f70_the_service_phone_must_be_there() {
    let kit = Kit::new();
    let mut silent = product(&kit, &picture(&kit).await);
    silent["mobile"] = json!("");
    let answer = kit.dd("product.addV2", silent).await;
    assert_eq!(reason(&answer), "isv.missing-parameter:2010003");
    assert_eq!(answer["sub_msg"], "mobile字段缺失");
    assert!(kit.simulator.world().doudian.mains.is_empty());
}

#[tokio::test]
async fn a_store_s_product_hangs_under_a_main_product_and_keeps_its_own_stock() {
    let kit = Kit::new();
    let body = product(&kit, &picture(&kit).await);
    let main = data(&kit.dd("product.addV2", body.clone()).await)["product_id"].clone();
    let mut of_store = body;
    of_store["store_id"] = json!(5_566_778);
    of_store["main_product_id"] = main.clone();
    assert_eq!(
        kit.dd("product.addV2", of_store.clone()).await["sub_msg"],
        "小时达子品请使用区域库存"
    );
    of_store["spec_prices"] = json!(
        r#"[{"spec_detail_name1":"大份","price":1250,"sku_type":1,"stock_num_map":{"5566778":3}},{"spec_detail_name1":"小份","price":650,"sku_type":1,"stock_num_map":{"5566778":4}}]"#
    );
    let id = data(&kit.dd("product.addV2", of_store).await)["product_id"].clone();
    let ask = json!({"product_id": id});
    let detail = kit.dd("product.detail", ask).await;
    let detail = data(&detail);
    assert_eq!(
        (detail["main_product_id"].clone(), detail["check_status"].clone()),
        (main, json!(2))
    );
    assert_eq!(detail["spec_prices"][1]["stock_num_map"][STORE], 4);
    let sku = detail["spec_prices"][0]["sku_id"].clone();
    let row = |store: &str| json!({"sku_id": sku, "sku_type": 1, "stock_map": [{"out_warehouse_id": store, "stock_num": 0}]});
    let elsewhere = json!({"product_id": id, "incremental": false, "sku_sync_list": [row(STORE), row("1")]});
    assert_ne!(kit.dd("sku.syncStockBatch", elsewhere).await["code"], 10_000);
    let held = |kit: &Kit| {
        let world = kit.simulator.world();
        let listing = world.listing(DD, STORE, &id.to_string()).unwrap();
        listing.specs[0].stock
    };
    assert_eq!(held(&kit), 3, "all or none");
    let own = json!({"product_id": id, "incremental": false, "sku_sync_list": [row(STORE)]});
    data(&kit.dd("sku.syncStockBatch", own).await);
    assert_eq!(held(&kit), 0);
}

#[tokio::test]
async fn f71_deleted_goods_wait_in_the_recycle_bin() {
    let kit = Kit::new();
    let named = json!({"product_id": kit.dd_listing});
    data(&kit.dd("product.del", named.clone()).await);
    assert_eq!(data(&kit.dd("product.detail", named.clone()).await)["status"], 2);
    let edit = json!({"product_id": kit.dd_listing, "name": "新名", "commit": true});
    let answer = kit.dd("product.editV2", edit).await;
    assert_eq!(answer["sub_msg"], "商品已删除，请将商品恢复后再修改");
    assert_eq!(
        reason(&kit.dd("product.del", named.clone()).await),
        "isv.parameter-invalid:7"
    );
    let forever = json!({"product_id": kit.dd_listing, "delete_forever": true});
    data(&kit.dd("product.del", forever).await);
    assert_eq!(
        reason(&kit.dd("product.detail", named).await),
        "isv.business-failed:2010058"
    );
}

#[tokio::test]
async fn tokens_are_made_for_the_shop_and_refreshed_once() {
    let kit = Kit::new();
    let (shop, refresh) = {
        let world = kit.simulator.world();
        (
            world.doudian.shop_id.clone(),
            world.doudian.tokens.refresh.clone(),
        )
    };
    let ask = json!({"grant_type": "refresh_token", "refresh_token": refresh});
    assert_eq!(
        data(&kit.dd("token.refresh", ask.clone()).await)["expires_in"],
        604_800
    );
    assert_ne!(kit.dd("token.refresh", ask).await["code"], 10_000);
    let own = json!({"code": "", "grant_type": "authorization_self", "shop_id": shop});
    assert!(data(&kit.dd("token.create", own).await)["access_token"].is_string());
    let stranger = json!({"code": "", "grant_type": "authorization_self", "shop_id": "1"});
    assert_eq!(
        reason(&kit.dd("token.create", stranger).await),
        "dop.authorization-no-existed"
    );
}

#[tokio::test]
async fn categories_are_walked_down_to_the_leaves() {
    let kit = Kit::new();
    let roots = kit.dd("shop.getShopCategory", json!({"cid": 0})).await;
    let root = data(&roots)[0].clone();
    assert_eq!(
        (root["level"].clone(), root["is_leaf"].clone()),
        (json!(1), json!(false))
    );
    let below = kit.dd("shop.getShopCategory", json!({"cid": root["id"]})).await;
    let leaves = kit
        .dd("shop.getShopCategory", json!({"cid": data(&below)[0]["id"]}))
        .await;
    assert_eq!(data(&leaves)[0]["is_leaf"], true);
}

#[tokio::test]
async fn orders_are_listed_by_update_time_accepted_and_refused() {
    let kit = Kit::new();
    let (first, second) = (kit.order(DD), kit.order(DD));
    let window = json!({"update_time_start": NOW_MS / 1000, "update_time_end": NOW_MS / 1000 + 1,
        "order_by": "update_time", "order_asc": true, "trade_type": 18, "page": 0, "size": 100});
    let list = kit.dd("order.searchList", window.clone()).await;
    assert_eq!(data(&list)["total"], 2);
    let row = &data(&list)["shop_order_list"][0];
    assert_eq!(row["sku_order_list"][0]["store_info"]["store_id"], STORE);
    assert_eq!(
        (row["order_status"].clone(), row["pay_amount"].clone()),
        (json!(2), json!(2480))
    );
    data(
        &kit.dd(
            "superm.acceptOrder",
            json!({"store_id": STORE, "shop_order_id": first}),
        )
        .await,
    );
    let refuse = json!({"store_id": STORE, "shop_order_id": second, "reason_code": 1});
    data(&kit.dd("superm.rejectOrder", refuse).await);
    let list = kit.dd("order.searchList", window).await;
    let mut told: Vec<(i64, i64)> = data(&list)["shop_order_list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["order_status"].as_i64().unwrap(),
                row["accept_order_status"].as_i64().unwrap(),
            )
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(2, 1), (4, 2)]);
    kit.simulator
        .world()
        .ask_refund(&first, Some(&[(0, 1)]), "少送")
        .unwrap();
    let listed = kit.dd("afterSale.List", json!({"order_id": first})).await;
    let info = &data(&listed)["items"][0]["aftersale_info"];
    assert_eq!(
        (info["refund_amount"].clone(), info["aftersale_status"].clone()),
        (json!(990), json!(6))
    );
}
