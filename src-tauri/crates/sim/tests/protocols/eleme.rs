//! 饿了么.

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};
use sim::world::{OrderRequest, RequestedLine};
use sim::{PlatformId, SimClock, Simulator, World};

use crate::kit::{BASE, NOW_MS, json_of, listing};

const EL: PlatformId = PlatformId::Eleme;
const SHOP: &str = "200012345";

fn simulator() -> Simulator {
    let mut world = World::new(7, SimClock::standing_at(NOW_MS));
    world.add_store(EL, SHOP, "示例店").unwrap();
    let group = world.add_group(EL, SHOP, "水果", None).unwrap();
    world
        .add_listing(EL, SHOP, listing("C-1", "示例苹果", &group, "6901234567892"))
        .unwrap();
    Simulator::new(world)
}

fn body(simulator: &Simulator, action: &str, params: &Value, timestamp: i64) -> Map<String, Value> {
    let world = simulator.world();
    let metas = json!({"app_key": world.eleme.app.id, "timestamp": timestamp});
    let token = world.eleme.tokens.access.as_str();
    let signature = sim::eleme::verify::signature(
        action,
        token,
        metas.as_object().unwrap(),
        params.as_object().unwrap(),
        &world.eleme.app.secret,
    );
    let body = json!({
        "nop": "1.0.0", "id": "5F0C1B2A3D4E5F60718293A4B5C6D7E8", "action": action, "token": token, "metas": metas,
        "params": params, "signature": signature,
    });
    body.as_object().unwrap().clone()
}

async fn send(simulator: &Simulator, path: &str, body: String) -> Value {
    let request = Request::post(format!("{BASE}{path}"))
        .header("content-type", "application/json; charset=utf-8")
        .body(Bytes::from(body))
        .unwrap();
    json_of(simulator.call(request).await)
}

async fn call(simulator: &Simulator, action: &str, params: Value) -> Value {
    let body = body(simulator, action, &params, NOW_MS);
    send(simulator, "/eleme/api/v1/", Value::Object(body).to_string()).await
}

fn code(answer: &Value) -> &str {
    assert!(answer["result"].is_null(), "{answer}");
    answer["error"]["code"].as_str().unwrap()
}

#[tokio::test]
async fn a_refused_call_changes_nothing() {
    let simulator = simulator();
    let item = simulator
        .world()
        .shop(EL, SHOP)
        .unwrap()
        .listings
        .keys()
        .next()
        .unwrap()
        .clone();
    let params = json!({"itemIds": [item]});
    let good = body(&simulator, "eleme.product.item.batchDelistItems", &params, NOW_MS);
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body.insert(name.to_owned(), value);
        Value::Object(body).to_string()
    };
    let other_key = json!({"app_key": "other", "timestamp": NOW_MS});
    for (bad, expected) in [
        (with("signature", json!("00")), "INVALID_SIGNATURE"),
        (with("metas", other_key), "ACCESS_DENIED"),
        (with("nop", json!("2")), "ILLEGAL_REQUEST"),
        (with("params", json!([])), "ILLEGAL_REQUEST"),
        ("not json".to_owned(), "ILLEGAL_REQUEST"),
    ] {
        assert_eq!(code(&send(&simulator, "/eleme/api/v1/", bad).await), expected);
    }
    let late = body(
        &simulator,
        "eleme.product.item.batchDelistItems",
        &params,
        NOW_MS - 3_600_000,
    );
    let late = Value::Object(late).to_string();
    assert_eq!(
        code(&send(&simulator, "/eleme/api/v1/", late).await),
        "INVALID_TIMESTAMP"
    );
    simulator.world().eleme.tokens.access_until = NOW_MS;
    let dead = Value::Object(good.clone()).to_string();
    assert_eq!(
        code(&send(&simulator, "/eleme/api/v1/", dead).await),
        "UNAUTHORIZED"
    );
    assert!(!simulator.world().listing(EL, SHOP, &item).unwrap().sold_out);
    simulator.world().eleme.tokens.access_until = NOW_MS + 1;
    let answer = send(&simulator, "/eleme/api/v1/", Value::Object(good).to_string()).await;
    assert_eq!(answer["result"]["failures"], json!([]));
    assert!(simulator.world().listing(EL, SHOP, &item).unwrap().sold_out);
}

#[tokio::test]
async fn what_clients_write_differently_passes_all_the_same() {
    let simulator = simulator();
    let params = json!({"shopId": 200_012_345});
    let action = "eleme.product.category.getShopCategoriesWithChildren";
    // Seconds, no slash at the end, spaces and escapes on the wire.
    let seconds = body(&simulator, action, &params, NOW_MS / 1000);
    let spaced = serde_json::to_string_pretty(&seconds).unwrap();
    let answer = send(&simulator, "/eleme/api/v1", spaced).await;
    assert_eq!(answer["id"], "5F0C1B2A3D4E5F60718293A4B5C6D7E8");
    assert!(answer["error"].is_null());
    assert_eq!(answer["result"][0]["name"], "水果");
    let made = json!({"shopId": 200_012_345, "name": "热销", "parentId": 0, "description": ""});
    let create = body(
        &simulator,
        "eleme.product.category.createCategoryWithChildren",
        &made,
        NOW_MS,
    );
    let escaped = Value::Object(create)
        .to_string()
        .replace("热销", "\\u70ed\\u9500");
    let answer = send(&simulator, "/eleme/api/v1/", escaped).await;
    assert_eq!(answer["result"]["name"], "热销");
    let twice = call(
        &simulator,
        "eleme.product.category.createCategoryWithChildren",
        made,
    )
    .await;
    assert_eq!(code(&twice), "BIZ_CATEGORY_EXISTS");
}

#[tokio::test]
async fn a_list_of_specs_replaces_the_one_that_is_there() {
    let simulator = simulator();
    let shop = json!({"shopId": 200_012_345, "extendCode": "C-1-S"});
    let item = call(
        &simulator,
        "eleme.product.item.getItemByShopIdAndExtendCode",
        shop,
    )
    .await["result"]
        .clone();
    assert_eq!(
        (item["specs"][0]["price"].as_f64(), &item["isValid"]),
        (Some(9.9), &json!(1))
    );
    let spec = json!({"name": "大份", "price": 12.5, "stock": 3, "maxStock": 10, "extendCode": "C-1-L"});
    let change = json!({
        "itemId": item["id"], "categoryId": item["categoryId"], "properties": {"specs": [spec]},
    });
    let changed = call(&simulator, "eleme.product.item.updateItem", change).await;
    assert_eq!(changed["result"]["specs"].as_array().unwrap().len(), 1);
    assert_ne!(
        changed["result"]["specs"][0]["specId"],
        item["specs"][0]["specId"]
    );
    let id = changed["result"]["specs"][0]["specId"].to_string();
    let stocks = json!({"stockMap": {id.clone(): 11, "1": 1}});
    let answer = call(&simulator, "eleme.product.item.batchUpdateStock", stocks).await;
    let failures = answer["result"]["failures"].as_array().unwrap();
    let codes: Vec<&str> = failures
        .iter()
        .map(|failure| failure["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["STOCK_INVALID", "SKU_NOT_FOUND"]);
    let many: Vec<Value> = (0..51)
        .map(|_| json!({"itemId": 1, "priceMap": {"1": 1}}))
        .collect();
    let prices = json!({"shopId": 200_012_345, "specPrices": many});
    let answer = call(&simulator, "eleme.product.item.batchUpdatePrices", prices).await;
    assert_eq!(code(&answer), "VALIDATION_FAILED");
}

#[tokio::test]
async fn orders_are_told_by_day_and_their_pushes_wait() {
    let simulator = simulator();
    let number = {
        let mut world = simulator.world();
        let held = world.shop(EL, SHOP).unwrap();
        let listing = held.listings.keys().next().unwrap().clone();
        let request = OrderRequest {
            lines: vec![RequestedLine::of(&listing, 2)],
            shipping_fen: 500,
            ..OrderRequest::default()
        };
        world.place_order(EL, SHOP, request, NOW_MS).unwrap()
    };
    let day = |date: &str| json!({"shopId": 200_012_345, "pageNo": 1, "pageSize": 50, "date": date});
    let today = call(&simulator, "eleme.order.getAllOrders", day("2023-11-15")).await;
    assert_eq!(today["result"]["list"][0]["id"], number.as_str());
    assert_eq!(today["result"]["list"][0]["totalPrice"].as_f64(), Some(24.8));
    assert_eq!(today["result"]["list"][0]["createdAt"], "2023-11-15T06:13:20");
    let before = call(&simulator, "eleme.order.getAllOrders", day("2023-11-14")).await;
    assert_eq!(before["result"]["total"], 0);
    let app = simulator.world().eleme.app_number;
    let missed = call(
        &simulator,
        "eleme.message.getNonReachedMessages",
        json!({"appId": app}),
    )
    .await;
    let push = missed["result"][0].as_object().unwrap();
    let secret = simulator.world().eleme.app.secret.clone();
    assert_eq!(
        push["signature"],
        sim::eleme::verify::push_signature(push, &secret)
    );
    assert_eq!(push["type"], 10);
    call(
        &simulator,
        "eleme.order.confirmOrderLite",
        json!({"orderId": number}),
    )
    .await;
    let order = call(&simulator, "eleme.order.getOrder", json!({"orderId": number})).await;
    assert_eq!(order["result"]["status"], "valid");
}
