//! A small world and the three ways to call it.

use base64::Engine as _;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use sim::world::{ErpItem, NewListing, NewSpec, OrderRequest, RequestedLine};
use sim::{CallFault, PlatformId, SimClock, Simulator, World};

pub(crate) const BASE: &str = "http://127.0.0.1:9";
pub(crate) const NOW_MS: i64 = 1_700_000_000_000;
pub(crate) const MT: PlatformId = PlatformId::MeituanShangou;
pub(crate) const EB: PlatformId = PlatformId::Ebai;
pub(crate) const DD: PlatformId = PlatformId::Doudian;

/// One shop per platform with one listing each, one ERP branch with one item, a clock that stands.
pub(crate) struct Kit {
    pub(crate) simulator: Simulator,
    pub(crate) mt_group: String,
    pub(crate) mt_listing: String,
    pub(crate) eb_group: String,
    pub(crate) eb_listing: String,
    pub(crate) dd_listing: String,
}

pub(crate) fn listing(code: &str, name: &str, group: &str, upc: &str) -> NewListing {
    NewListing {
        code: code.to_owned(),
        name: name.to_owned(),
        group_ids: vec![group.to_owned()],
        specs: vec![NewSpec {
            code: format!("{code}-S"),
            name: "单规格".to_owned(),
            upc: upc.to_owned(),
            price_fen: 990,
            stock: 20,
            weight_g: 500,
        }],
        pictures: vec!["https://img.example.com/a.jpg".to_owned()],
        ..NewListing::default()
    }
}

impl Kit {
    pub(crate) fn new() -> Self {
        let mut world = World::new(7, SimClock::standing_at(NOW_MS));
        world.add_store(MT, "T001", "示例店").unwrap();
        world.add_store(EB, "32267000001", "示例店").unwrap();
        let mt_group = world.add_group(MT, "T001", "水果", None).unwrap();
        let eb_group = world.add_group(EB, "32267000001", "水果", None).unwrap();
        let mt = world
            .add_listing(
                MT,
                "T001",
                listing("SPU-1", "示例苹果", &mt_group, "6901234567892"),
            )
            .unwrap();
        let eb = world
            .add_listing(
                EB,
                "32267000001",
                listing("C-1", "示例苹果", &eb_group, "6901234567892"),
            )
            .unwrap();
        world.add_store(DD, "5566778", "示例店").unwrap();
        let dd_group = world.add_group(DD, "5566778", "水果", None).unwrap();
        let dd = listing("D-1", "示例苹果", &dd_group, "6901234567892");
        let dd = world.add_listing(DD, "5566778", dd).unwrap();
        world.erp_add_branch("1001", "B1", "示例店").unwrap();
        let item = ErpItem {
            num: "5001".to_owned(),
            code: "A1".to_owned(),
            name: "苹果".to_owned(),
            barcode: "6901234567892".to_owned(),
            unit: "个".to_owned(),
            price_fen: 990,
            deleted: false,
            updated_at: 0,
        };
        world.erp_add_item(item).unwrap();
        world.erp_set_stock("1001", "5001", 12_500).unwrap();
        Self {
            simulator: Simulator::new(world),
            mt_group,
            mt_listing: mt,
            eb_group,
            eb_listing: eb,
            dd_listing: dd,
        }
    }

    pub(crate) fn order(&self, platform: PlatformId) -> String {
        let shops = [
            (MT, "T001", &self.mt_listing),
            (EB, "32267000001", &self.eb_listing),
            (DD, "5566778", &self.dd_listing),
        ];
        let (_, shop, listing) = shops.into_iter().find(|(one, ..)| *one == platform).unwrap();
        let request = OrderRequest {
            lines: vec![RequestedLine::of(listing, 2)],
            shipping_fen: 500,
            ..OrderRequest::default()
        };
        self.simulator
            .world()
            .place_order(platform, shop, request, NOW_MS)
            .unwrap()
    }

    pub(crate) async fn mt(&self, path: &str, params: &[(&str, &str)]) -> Value {
        json_of(
            self.simulator
                .call(self.mt_request(path, params, NOW_MS / 1000, None))
                .await,
        )
    }

    /// System parameters in the query, the others in the form, as the SDKs send them.
    pub(crate) fn mt_request(
        &self,
        path: &str,
        params: &[(&str, &str)],
        timestamp: i64,
        sig: Option<&str>,
    ) -> Request<Bytes> {
        let app = self.simulator.world().meituan.app.clone();
        let system = vec![
            ("app_id".to_owned(), app.id),
            ("timestamp".to_owned(), timestamp.to_string()),
        ];
        let own: Vec<(String, String)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let url = format!("{BASE}/meituan/api/v1/{path}");
        let all: Vec<(String, String)> = system.iter().chain(&own).cloned().collect();
        let right = sim::meituan::verify::signature(&url, &all, &app.secret);
        let mut query = system;
        query.push(("sig".to_owned(), sig.map_or(right, str::to_owned)));
        Request::post(format!("{url}?{}", encode(&query)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(encode(&own)))
            .unwrap()
    }

    pub(crate) async fn eb(&self, cmd: &str, body: Value) -> Value {
        json_of(self.simulator.call(self.eb_request(cmd, &body, None)).await)
    }

    pub(crate) fn eb_request(&self, cmd: &str, body: &Value, sign: Option<&str>) -> Request<Bytes> {
        let app = self.simulator.world().ebai.app.clone();
        let mut fields: Vec<(String, String)> = [
            ("cmd", cmd),
            ("source", app.id.as_str()),
            ("ticket", "7C1B2A30-0001-4A5B-8C9D-000000000001"),
            ("timestamp", "1700000000"),
            ("version", "3"),
            ("encrypt", ""),
            ("body", &body.to_string()),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        let right = sim::ebai::verify::signature(&fields, &app.secret);
        fields.push(("sign".to_owned(), sign.map_or(right, str::to_owned)));
        Request::post(format!("{BASE}/ebai/"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(encode(&fields)))
            .unwrap()
    }

    pub(crate) async fn dd(&self, method: &str, params: Value) -> Value {
        let at = (NOW_MS / 1000).to_string();
        json_of(
            self.simulator
                .call(self.dd_request(method, &params, &at, None))
                .await,
        )
    }

    /// Platform parameters in the query, the others as JSON text in the body.
    pub(crate) fn dd_request(
        &self,
        method: &str,
        params: &Value,
        timestamp: &str,
        sign: Option<&str>,
    ) -> Request<Bytes> {
        let (app, token) = {
            let world = self.simulator.world();
            (world.doudian.app.clone(), world.doudian.tokens.access.clone())
        };
        let body = params.to_string();
        let mut fields: Vec<(String, String)> = [
            ("app_key", app.id.as_str()),
            ("method", method),
            ("access_token", &token),
            ("timestamp", timestamp),
            ("v", "2"),
            ("sign_method", "hmac-sha256"),
            ("param_json", &body),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        let right = sim::doudian::verify::signature(&fields, &app.secret);
        fields.pop();
        fields.push(("sign".to_owned(), sign.map_or(right, str::to_owned)));
        let path = method.replace('.', "/");
        Request::post(format!("{BASE}/doudian/{path}?{}", encode(&fields)))
            .header("content-type", "application/json")
            .body(Bytes::from(body))
            .unwrap()
    }

    pub(crate) async fn ama(&self, path: &str, body: &Value) -> Value {
        json_of(self.simulator.call(self.ama_request(path, body)).await)
    }

    pub(crate) fn ama_request(&self, path: &str, body: &Value) -> Request<Bytes> {
        let token = self.simulator.world().erp.tokens.access.clone();
        Request::post(format!("{BASE}/ama/api/{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap()
    }

    pub(crate) async fn ama_get(&self, path: &str) -> Value {
        let token = self.simulator.world().erp.tokens.access.clone();
        let request = Request::get(format!("{BASE}/ama/api/{path}"))
            .header("authorization", format!("Bearer {token}"))
            .body(Bytes::new())
            .unwrap();
        json_of(self.simulator.call(request).await)
    }

    pub(crate) async fn ama_token(&self, params: &[(&str, &str)]) -> Value {
        let app = self.simulator.world().erp.app.clone();
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", app.id, app.secret));
        let pairs: Vec<(String, String)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = Request::post(format!("{BASE}/ama/authserver/oauth/token"))
            .header("authorization", format!("Basic {basic}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(encode(&pairs)))
            .unwrap();
        json_of(self.simulator.call(request).await)
    }
}

pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

pub(crate) fn json_of(answer: Result<http::Response<Bytes>, CallFault>) -> Value {
    serde_json::from_slice(answer.unwrap().body()).unwrap()
}

/// An upload the ERP takes.
pub(crate) fn sale(order: &str) -> Value {
    json!({
        "platform_order_id": order, "erp_store_id": "1001", "platform_shop_id": "T001", "store_name": "示例店",
        "store_address": "示例路1号", "shipping_type": 3, "total_money": 1980, "payment_money": 1980,
        "income": 1800, "receiver_name": "顾客", "receiver_phone": "13800000000",
        "order_item_list": [{
            "product_name": "示例苹果", "product_id": "1", "spec_id": "2", "spec_name": "单规格",
            "erp_product_id": "5001", "price": 990, "upc": "6901234567892", "base_unit_num": "2",
            "sku_features": "", "total_money": 1980, "payment_money": 1980, "amount": 2,
        }],
    })
}
