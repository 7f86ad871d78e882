//! 抖音来客.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::world::{OrderRequest, RequestedLine, World};
use sim::{PlatformId, SimClock, Simulator};

use crate::kit::{BASE, NOW_MS, json_of, listing};

const LK: PlatformId = PlatformId::DouyinLaike;
const POI: &str = "7188001";

/// One store with one package, and a token of the application.
struct Shop {
    simulator: Simulator,
    product: String,
    account: String,
    token: String,
}

impl Shop {
    async fn open() -> Self {
        let mut world = World::new(7, SimClock::standing_at(NOW_MS));
        world.add_store(LK, POI, "示例店").unwrap();
        let group = world.add_group(LK, POI, "套餐", None).unwrap();
        let product = listing("L-1", "双人套餐", &group, "");
        let product = world.add_listing(LK, POI, product).unwrap();
        let account = world.laike.account_id.clone();
        let mut shop = Self {
            simulator: Simulator::new(world),
            product,
            account,
            token: String::new(),
        };
        let granted = shop.grant("oauth/client_token", None).await;
        assert_eq!(granted["message"], "success", "{granted}");
        granted["data"]["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut shop.token);
        shop
    }

    /// Asks for a token; with another secret where one is given.
    async fn grant(&self, path: &str, secret: Option<&str>) -> Value {
        let app = self.simulator.world().laike.app.clone();
        let secret = secret.unwrap_or(&app.secret);
        let body = json!({"client_key": app.id, "client_secret": secret, "grant_type": "client_credential"});
        self.send(path, "", Some(&body), None).await
    }

    async fn send(&self, path: &str, query: &str, body: Option<&Value>, token: Option<&str>) -> Value {
        let address = format!("{BASE}/laike/{path}/?{query}");
        let mut request = Request::builder()
            .uri(address)
            .header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("access-token", token);
        }
        let request = match body {
            Some(body) => request.method("POST").body(Bytes::from(body.to_string())),
            None => request.method("GET").body(Bytes::new()),
        };
        json_of(self.simulator.call(request.unwrap()).await)
    }

    async fn get(&self, path: &str, query: &str) -> Value {
        let query = format!("account_id={}&{query}", self.account);
        self.send(path, &query, None, Some(&self.token)).await
    }

    async fn post(&self, path: &str, mut body: Value) -> Value {
        body["account_id"] = json!(self.account);
        self.send(path, "", Some(&body), Some(&self.token)).await
    }

    fn price(&self) -> i64 {
        let world = self.simulator.world();
        world.shop(LK, POI).unwrap().listings[&self.product].specs[0].price_fen
    }
}

/// All three places that clients look for the verdict at agree.
fn code(answer: &Value) -> i64 {
    let code = &answer["data"]["error_code"];
    assert_eq!(code, &answer["extra"]["error_code"], "{answer}");
    assert_eq!(code, &answer["BaseResp"]["StatusCode"], "{answer}");
    code.as_i64().unwrap()
}

#[tokio::test]
async fn a_wrong_secret_gets_no_token_and_a_call_without_one_changes_nothing() {
    let shop = Shop::open().await;
    let refused = shop.grant("oauth/client_token", Some("no")).await;
    assert_eq!(
        (refused["message"].clone(), refused["data"]["error_code"].clone()),
        (json!("error"), json!(10_013))
    );
    let body = json!({"account_id": shop.account, "product_id": shop.product, "actual_amount": 1});
    let path = "goodlife/v1/goods/product/free_audit";
    for token in [None, Some("clt.forged")] {
        let answer = shop.send(path, "", Some(&body), token).await;
        assert_eq!(code(&answer), 2_190_002, "{answer}");
    }
    assert_eq!(shop.price(), 990);
}

#[tokio::test]
async fn a_token_lives_two_hours_and_five_minutes_beside_a_newer_one() {
    let shop = Shop::open().await;
    let stores = || shop.get("goodlife/v1/shop/poi/query", "page=1&size=20");
    let stable = shop.grant("oauth/stable_client_token", None).await;
    assert_eq!(
        stable["data"]["access_token"],
        json!(shop.token),
        "the present one"
    );
    shop.grant("oauth/client_token", None).await;
    assert_eq!(code(&stores().await), 0, "the old one overlaps");
    shop.simulator.world().clock.advance(301_000);
    assert_eq!(code(&stores().await), 2_190_008);
}

#[tokio::test]
async fn stores_are_listed_for_the_merchant_alone_and_rights_are_asked_for() {
    let shop = Shop::open().await;
    let answer = shop.get("goodlife/v1/shop/poi/query", "page=1&size=20").await;
    assert_eq!(code(&answer), 0);
    assert_eq!(answer["data"]["pois"][0]["poi"]["poi_id"], POI);
    let path = "goodlife/v1/shop/poi/query";
    let strange = shop
        .send(path, "account_id=1&page=1&size=20", None, Some(&shop.token))
        .await;
    assert_eq!(code(&strange), 2_100_007);
    // 51 rows at once are more than there may be, and a call without its right is told where to get it.
    assert_eq!(code(&shop.get(path, "page=1&size=51").await), 2_100_005);
    let denied = "goodlife/v1/shop/poi/query".to_owned();
    shop.simulator.world().laike.denied_calls.insert(denied);
    assert_eq!(code(&shop.get(path, "page=1&size=20").await), 2_190_004);
    assert_eq!(code(&shop.get("goodlife/v1/nothing", "").await), 2_100_005);
}

#[tokio::test]
async fn price_and_stock_change_at_once_and_nonsense_changes_nothing() {
    let shop = Shop::open().await;
    let path = "goodlife/v1/goods/product/free_audit";
    let ask = |price: i64| {
        shop.post(
            path,
            json!({"product_id": shop.product, "actual_amount": price, "stock_qty": 7}),
        )
    };
    assert_eq!(code(&ask(0).await), 2_100_005);
    assert_eq!(shop.price(), 990);
    assert_eq!(code(&ask(880).await), 0);
    assert_eq!(shop.price(), 880);
    let stranger = shop
        .post(path, json!({"product_id": "1", "actual_amount": 5}))
        .await;
    assert_eq!(code(&stranger), 2_100_005);
    let broken = format!("{BASE}/laike/{path}/");
    let broken = Request::post(broken)
        .header("access-token", &shop.token)
        .body(Bytes::from("{"));
    assert_eq!(
        code(&json_of(shop.simulator.call(broken.unwrap()).await)),
        2_100_005
    );
}

#[tokio::test]
async fn an_order_is_found_pushed_with_a_signature_and_confirmed() {
    let shop = Shop::open().await;
    let request = OrderRequest {
        lines: vec![RequestedLine::of(&shop.product, 1)],
        ..OrderRequest::default()
    };
    let number = shop
        .simulator
        .world()
        .place_order(LK, POI, request, NOW_MS)
        .unwrap();
    let query = format!("page_num=1&page_size=20&order_id={number}");
    let found = shop.get("goodlife/v1/trade/order/query", &query).await;
    assert_eq!(code(&found), 0, "{found}");
    assert_eq!(found["data"]["orders"][0]["order_id"], json!(number));

    {
        let world = shop.simulator.world();
        let push = sim::douyin_laike::order_push(&world, &number).unwrap();
        let told: Value = serde_json::from_str(&push.body).unwrap();
        assert_eq!(told["event"], "life_takeout_order_pay_success");
        let right = sim::douyin_laike::verify::webhook(&world.laike.app.secret, &push.body);
        let signed = push
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("x-douyin-signature"));
        assert_eq!(signed.unwrap().1, right);
    }

    let path = "goodlife/v1/trade/buy/merchant_confirm_order";
    let confirm = shop
        .post(path, json!({"order_id": number, "confirm_result": 1}))
        .await;
    assert_eq!(code(&confirm), 0, "{confirm}");
    let world = shop.simulator.world();
    let push = sim::douyin_laike::order_push(&world, &number).unwrap();
    assert!(
        push.body.contains("life_takeout_order_merchant_receive"),
        "{}",
        push.body
    );
}
