//! 美团外卖 by both families: signatures, envelopes, and what a public client reads.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::world::{OrderRequest, RequestedLine};
use sim::{PlatformId, SimClock, Simulator, World};

use crate::kit::{BASE, NOW_MS, encode, json_of, listing};

const WM: PlatformId = PlatformId::MeituanWaimai;
const SHOP: &str = "T001";

fn simulator() -> Simulator {
    let mut world = World::new(7, SimClock::standing_at(NOW_MS));
    world.add_store(WM, SHOP, "示例店").unwrap();
    let group = world.add_group(WM, SHOP, "水果", None).unwrap();
    world
        .add_listing(WM, SHOP, listing("D-1", "示例苹果", &group, "6901234567892"))
        .unwrap();
    Simulator::new(world)
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

async fn post(simulator: &Simulator, address: String, form: &[(String, String)]) -> Value {
    let request = Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(encode(form)))
        .unwrap();
    json_of(simulator.call(request).await)
}

/// Family A with everything in the body, as some clients send it.
async fn food(simulator: &Simulator, path: &str, params: &[(&str, &str)]) -> Value {
    let app = simulator.world().waimai.app.clone();
    let url = format!("{BASE}/meituan/api/v1/{path}");
    let mut form = owned(params);
    form.push(("app_id".to_owned(), app.id));
    form.push(("timestamp".to_owned(), (NOW_MS / 1000).to_string()));
    let sig = sim::meituan::verify::signature(&url, &form, &app.secret);
    form.push(("sig".to_owned(), sig));
    post(simulator, url, &form).await
}

fn mtop_form(simulator: &Simulator, biz: &Value) -> Vec<(String, String)> {
    let world = simulator.world();
    let mut form = owned(&[
        ("appAuthToken", &world.mtop.tokens[SHOP]),
        ("biz", &biz.to_string()),
        ("businessId", &world.mtop.business_id),
        ("charset", "UTF-8"),
        ("developerId", &world.mtop.app.id),
        ("timestamp", &(NOW_MS / 1000).to_string()),
        ("version", "2"),
    ]);
    let sign = sim::meituan_waimai::verify::signature(&form, &world.mtop.app.secret);
    form.push(("sign".to_owned(), sign));
    form
}

async fn mtop(simulator: &Simulator, path: &str, biz: Value) -> Value {
    let form = mtop_form(simulator, &biz);
    post(simulator, format!("{BASE}/meituan{path}"), &form).await
}

#[tokio::test]
async fn a_flipped_sign_changes_nothing() {
    let simulator = simulator();
    let biz = json!({"ePoiId": SHOP, "eDishCode": "D-1"});
    let mut form = mtop_form(&simulator, &biz);
    let sign = &mut form.last_mut().unwrap().1;
    let flipped = if sign.starts_with('0') { "1" } else { "0" };
    sign.replace_range(..1, flipped);
    let address = format!("{BASE}/meituan/waimai/dish/delete");
    let answer = post(&simulator, address.clone(), &form).await;
    assert_eq!(
        (&answer["msg"], &answer["data"]),
        (&json!("签名验证错误"), &Value::Null)
    );
    assert_eq!(simulator.world().shop(WM, SHOP).unwrap().listings.len(), 1);
    let good = mtop(&simulator, "/waimai/dish/delete", biz).await;
    assert_eq!(good["code"], "OP_SUCCESS");
    assert!(simulator.world().shop(WM, SHOP).unwrap().listings.is_empty());
}

#[tokio::test]
async fn clock_business_token_and_right_are_checked_in_turn() {
    let simulator = simulator();
    let list = "/waimai/ng/dish/food/listAll";
    let page = || json!({"offset": 0, "limit": 100});
    simulator.world().clock.advance(601_000);
    assert!(
        mtop(&simulator, list, page()).await["msg"]
            .as_str()
            .unwrap()
            .contains("timestamp")
    );
    simulator.world().clock.advance(-601_000);
    let other = mtop(&simulator, "/wmoper/ng/foodop/food/list", page()).await;
    assert_eq!(other["msg"], "没有权限访问此接口");
    let mut form = mtop_form(&simulator, &page());
    form.retain(|(name, _)| name != "appAuthToken" && name != "sign");
    form.push(("appAuthToken".to_owned(), "another".to_owned()));
    let sign = sim::meituan_waimai::verify::signature(&form, &simulator.world().mtop.app.secret);
    form.push(("sign".to_owned(), sign));
    let answer = post(&simulator, format!("{BASE}/meituan{list}"), &form).await;
    assert_eq!(answer["msg"], "非法令牌");
    let far = mtop(&simulator, list, json!({"offset": 0, "limit": 200})).await;
    assert_ne!(far["code"], "OP_SUCCESS");
    let good = mtop(&simulator, list, page()).await;
    assert_eq!(good["data"][0]["app_food_code"], "D-1");
    assert!(good["traceId"].is_string() && good["data"][0]["skus"].is_string());
}

#[tokio::test]
async fn food_calls_answer_in_the_classic_envelope() {
    let simulator = simulator();
    let shop = ("app_poi_code", SHOP);
    let list = food(&simulator, "food/list", &[shop, ("offset", "0"), ("limit", "20")]).await;
    assert_eq!(
        (&list["data"][0]["name"], &list["extra_info"]["total_count"]),
        (&json!("示例苹果"), &json!(1))
    );
    let dishes = json!([
        {"app_food_code": "D-1", "skus": [{"sku_id": "D-1-S", "price": "12.50"}]},
        {"app_food_code": "D-2", "name": "新品"}
    ]);
    let part = food(
        &simulator,
        "food/batchinitdata",
        &[shop, ("food_data", &dishes.to_string())],
    )
    .await;
    assert_eq!(part["data"], "ok");
    assert!(part["msg"].as_str().unwrap().contains("D-2"), "{part}");
    let none = json!([{"app_food_code": "D-2", "name": "新品"}]);
    let none = food(
        &simulator,
        "food/batchinitdata",
        &[shop, ("food_data", &none.to_string())],
    )
    .await;
    assert_eq!(
        (&none["data"], &none["error"]["code"]),
        (&json!("ng"), &json!(701))
    );
    // F37 and the right to one kind of shop alone.
    let retail = food(
        &simulator,
        "retail/list",
        &[shop, ("offset", "0"), ("limit", "1")],
    )
    .await;
    assert_eq!(retail["error"]["code"], 708);
    simulator
        .world()
        .add_store(PlatformId::MeituanShangou, "SG", "闪购店")
        .unwrap();
    let foreign = food(&simulator, "foodCat/list", &[("app_poi_code", "SG")]).await;
    assert_eq!(foreign["error"]["msg"], "参数中存在非餐饮生态APP");
}

#[tokio::test]
async fn specs_left_out_are_reset_and_overwritten_only_when_asked() {
    let simulator = simulator();
    let specs = |simulator: &Simulator| -> Vec<String> {
        let world = simulator.world();
        let held = world.shop(WM, SHOP).unwrap().listing_by_code("D-1").unwrap();
        held.specs.iter().map(|spec| spec.code.clone()).collect()
    };
    let upload = "/waimai/dish/batchUpload";
    let dish = |dish: Value, overwrite: bool| json!({"ePoiId": SHOP, "dishes": json!([dish]).to_string(), "skuOverwrite": overwrite});
    let more =
        json!({"EDishCode": "D-1", "skus": [{"skuId": "D-1-L", "spec": "大份", "price": 20, "stock": "*"}]});
    assert_eq!(
        mtop(&simulator, upload, dish(more.clone(), false)).await["data"],
        "ok"
    );
    assert_eq!(specs(&simulator).len(), 2);
    mtop(&simulator, upload, dish(more, true)).await;
    assert_eq!(specs(&simulator), ["D-1-L"]);
    let shown = mtop(&simulator, "/waimai/ng/dish/queryFoodList", json!({"limit": 1})).await;
    assert!(
        shown["data"][0]["skus"]
            .as_str()
            .unwrap()
            .contains("\"stock\":\"*\"")
    );
    mtop(
        &simulator,
        upload,
        dish(json!({"EDishCode": "D-1", "dishName": "改名"}), false),
    )
    .await;
    assert_eq!(specs(&simulator), [""]);
}

#[tokio::test]
async fn orders_are_told_in_camel_case_and_listed_for_five_days() {
    let simulator = simulator();
    let id = simulator
        .world()
        .shop(WM, SHOP)
        .unwrap()
        .listings
        .keys()
        .next()
        .unwrap()
        .clone();
    let request = OrderRequest {
        lines: vec![RequestedLine::of(&id, 2)],
        ..OrderRequest::default()
    };
    let number = simulator.world().place_order(WM, SHOP, request, NOW_MS).unwrap();
    let id: u64 = number.parse().unwrap();
    let by_seq = json!({"ePoiId": SHOP, "daySeq": 1, "date": "20231115"});
    let told = mtop(&simulator, "/waimai/order/queryByDaySeq", by_seq).await["data"].clone();
    assert_eq!(
        (&told["orderIdView"], &told["ePoiId"], &told["cTime"]),
        (&json!(id), &json!(SHOP), &json!(NOW_MS / 1000))
    );
    assert!(told["detail"].as_str().unwrap().contains("food_name") && told["daySeq"] == "1");
    let confirmed = mtop(&simulator, "/waimai/order/confirm", json!({"orderId": id})).await;
    assert_eq!(confirmed["data"], "ok");
    "16".clone_into(&mut simulator.world().mtop.business_id);
    let list = |day: i64| json!({"dayInt": day, "orderStatus": 4, "pageNo": 1, "pageSize": 20});
    let listed = mtop(&simulator, "/wmoper/ng/order/queryOrders", list(20_231_115)).await;
    assert_eq!(listed["data"], json!({"hashMore": false, "orderIds": [id]}));
    let old = mtop(&simulator, "/wmoper/ng/order/queryOrders", list(20_231_110)).await;
    assert!(old["msg"].as_str().unwrap().contains("近5天"));
    let detail = mtop(&simulator, "/wmoper/ng/order/queryDetail", json!({"orderId": id})).await;
    assert_eq!(detail["data"]["detail"][0]["foodName"], "示例苹果");
    let gone = mtop(&simulator, "/wmoper/ng/order/queryDetail", json!({"orderId": 1})).await;
    assert_eq!(gone["msg"], "订单不存在");
}
