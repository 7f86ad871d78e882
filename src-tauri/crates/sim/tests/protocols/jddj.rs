//! 京东到家.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::scenario::Scenario;
use sim::{PlatformId, SimClock, Simulator, World};

use crate::kit::{BASE, NOW_MS, json_of, listing};

const JD: PlatformId = PlatformId::Jddj;
const SHOP: &str = "11223344";
const OTHER: &str = "11223345";
/// `NOW_MS` in Shanghai.
const NOW: &str = "2023-11-15 06:13:20";

fn simulator() -> Simulator {
    let mut world = World::new(7, SimClock::standing_at(NOW_MS));
    world.add_store(JD, SHOP, "示例店").unwrap();
    let group = world.add_group(JD, SHOP, "水果", None).unwrap();
    world
        .add_listing(JD, SHOP, listing("C-1", "示例苹果", &group, "6901234567892"))
        .unwrap();
    Simulator::new(world)
}

fn fields(simulator: &Simulator, param: Option<&str>) -> Vec<(String, String)> {
    let world = simulator.world();
    let mut fields = vec![
        ("token", world.jddj.token.clone()),
        ("app_key", world.jddj.app.id.clone()),
        ("timestamp", NOW.to_owned()),
        ("v", "1.0".to_owned()),
        ("format", "json".to_owned()),
    ];
    fields.extend(param.map(|param| ("jd_param_json", param.to_owned())));
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn signed(simulator: &Simulator, mut fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let sign = sim::jddj::verify::signature(&fields, &simulator.world().jddj.app.secret);
    fields.push(("sign".to_owned(), sign));
    fields
}

fn encoded(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

async fn post(simulator: &Simulator, path: &str, fields: &[(String, String)]) -> Value {
    let request = Request::post(format!("{BASE}/jddj{path}"))
        .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
        .body(Bytes::from(encoded(fields)))
        .unwrap();
    json_of(simulator.call(request).await)
}

async fn call(simulator: &Simulator, path: &str, body: &Value) -> Value {
    let fields = signed(simulator, fields(simulator, Some(&body.to_string())));
    let answer = post(simulator, &format!("/djapi/{path}"), &fields).await;
    assert_eq!(answer["code"], "0", "{answer}");
    inner(&answer)
}

/// The second layer: text.
fn inner(answer: &Value) -> Value {
    serde_json::from_str(answer["data"].as_str().unwrap()).unwrap()
}

fn apple(simulator: &Simulator) -> String {
    let world = simulator.world();
    world
        .shop(JD, SHOP)
        .unwrap()
        .listings
        .keys()
        .next()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_refused_call_changes_nothing() {
    let simulator = simulator();
    let id = apple(&simulator);
    let body = json!({"stationNo": SHOP, "skuId": id, "currentQty": 5}).to_string();
    let good = signed(&simulator, fields(&simulator, Some(&body)));
    let path = "/djapi/update/currentQty";
    for (name, value, code) in [
        ("sign", "00", "10014"),
        ("app_key", "other", "10015"),
        ("jd_param_json", "{}", "10014"),
        ("token", "", "10005"),
    ] {
        let mut bad = good.clone();
        for (held, text) in bad.iter_mut().filter(|(held, _)| held == name) {
            assert_eq!(held, name);
            value.clone_into(text);
        }
        let answer = post(&simulator, path, &bad).await;
        assert_eq!(
            (&answer["code"], &answer["data"]),
            (&json!(code), &json!("")),
            "{name}"
        );
    }
    let mut late = fields(&simulator, Some(&body));
    for (_, text) in late.iter_mut().filter(|(name, _)| name == "timestamp") {
        "2023-11-15 06:00:00".clone_into(text);
    }
    let answer = post(&simulator, path, &signed(&simulator, late)).await;
    assert_eq!(answer["code"], "10015");
    simulator.world().jddj.token_until = NOW_MS;
    assert_eq!(post(&simulator, path, &good).await["code"], "10013");
    simulator.world().jddj.token_until = NOW_MS + 1;
    let stock = |simulator: &Simulator| simulator.world().listing(JD, SHOP, &id).unwrap().specs[0].stock;
    assert_eq!(stock(&simulator), 20);
    assert_eq!(inner(&post(&simulator, path, &good).await)["retCode"], "0");
    assert_eq!(stock(&simulator), 5);
}

#[tokio::test]
async fn what_clients_write_differently_passes_all_the_same() {
    let simulator = simulator();
    // No parameters at all, an empty list, a dummy, other versions, the mock address, a doubled slash, and GET.
    for (param, v, path) in [
        (None, "1.0", "/djapi/store/getStationsByVenderId"),
        (Some("[]"), "2.0", "/mockapi/store/getStationsByVenderId"),
        (
            Some(r#"{"test":1}"#),
            "v1.0",
            "/djapi//store/getStationsByVenderId",
        ),
    ] {
        let mut sent = fields(&simulator, param);
        for (_, text) in sent.iter_mut().filter(|(name, _)| name == "v") {
            v.clone_into(text);
        }
        let sent = signed(&simulator, sent);
        assert_eq!(
            inner(&post(&simulator, path, &sent).await)["result"],
            json!([SHOP])
        );
        let request = Request::get(format!("{BASE}/jddj{path}?{}", encoded(&sent)))
            .body(Bytes::new())
            .unwrap();
        assert_eq!(json_of(simulator.call(request).await)["code"], "0");
    }
    // Escaped Chinese is signed as it is sent.
    let param = r#"{"pid":0,"shopCategoryName":"\u4f11\u95f2\u96f6\u98df","createPin":"x"}"#;
    let sent = signed(&simulator, fields(&simulator, Some(param)));
    let answer = post(&simulator, "/djapi/pms/addShopCategory", &sent).await;
    assert!(inner(&answer)["result"]["id"].is_number());
    let groups = call(
        &simulator,
        "pms/queryCategoriesByOrgCode",
        &json!({"fields": "ID,PID"}),
    )
    .await;
    assert!(groups.to_string().contains("休闲零食"));
}

#[tokio::test]
async fn answers_have_their_layers() {
    let simulator = simulator();
    let id = apple(&simulator);
    let list = json!({"pageNo": "1", "pageSize": 20, "isFilterDel": "0", "skuName": "苹果"});
    let page = call(&simulator, "pms/querySkuInfos", &list).await;
    let rows: Vec<Value> = serde_json::from_str(page["result"]["result"].as_str().unwrap()).unwrap();
    assert_eq!(
        (rows[0]["outSkuId"].as_str(), rows[0]["skuPrice"].as_i64()),
        (Some("C-1-S"), Some(990))
    );
    assert!(rows[0]["shopCategories"].as_str().unwrap().starts_with('['));
    let asked =
        json!({"listBaseStockCenterRequest": [{"stationNo": SHOP, "skuId": id.parse::<i64>().unwrap()}]});
    let stock = call(&simulator, "stock/queryOpenUseable", &asked).await;
    assert_eq!(
        (&stock["retCode"], &stock["data"][0]["usableQty"]),
        (&json!("0"), &json!(20))
    );
    let pictures = call(&simulator, "order/queryListBySkuIds", &json!({"skuIds": id})).await;
    assert_eq!(pictures["result"][0]["handleStatus"], 1);
    let unknown =
        json!({"outStationNo": SHOP, "userPin": "x", "skuStockList": [{"outSkuId": "X", "stockQty": 1}]});
    let told = call(&simulator, "stock/batchUpdateCurrentQtys", &unknown).await;
    assert_eq!(
        (&told["retCode"], &told["data"][0]["code"]),
        (&json!("0"), &json!(1))
    );
    let wide = json!({"orderPurchaseTime_begin": "2023-11-15 00:00:00", "orderPurchaseTime_end": "2023-11-15 06:00:00"});
    let refused = call(&simulator, "order/es/query", &wide).await;
    assert_eq!(
        (&refused["code"], &refused["success"]),
        (&json!("1"), &json!(false))
    );
}

#[tokio::test]
async fn a_scenario_s_stores_share_one_merchant_s_products() {
    let mut scenario = Scenario::demo(3).unwrap();
    scenario.stores.truncate(2);
    for (store, id) in scenario.stores.iter_mut().zip([SHOP, OTHER]) {
        store.platform = JD;
        id.clone_into(&mut store.remote_id);
    }
    let built = scenario
        .build(SimClock::standing_at(NOW_MS), "http://127.0.0.1:9")
        .unwrap();
    let world = built.world;
    let (one, two) = (world.shop(JD, SHOP).unwrap(), world.shop(JD, OTHER).unwrap());
    assert!(one.listings.len() > 100);
    assert!(one.listings.keys().eq(two.listings.keys()));
    assert_eq!(one.groups, two.groups);
    let mut codes: Vec<&str> = one.listings.values().map(|held| held.code.as_str()).collect();
    codes.retain(|code| !code.is_empty());
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all, "no code twice");
    let single = |held: &sim::world::Listing| held.specs.len() == 1 && held.specs[0].name == "单规格";
    assert!(one.listings.values().all(single));
}
