//! One small world with a shop on each platform and an ERP, and sessions for it.

use async_trait::async_trait;
use bytes::Bytes;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{
    ConsentAnswer, Inbound, News, OrderBatch, Platform, Received, RefreshedToken, RemoteListing, RemoteSku,
    SkuRef,
};
use connect::session::{Credentials, Session};
use connect::transport::{Transport, TransportError};
use sim::world::{ErpItem, NewListing, NewSpec, OrderRequest, RequestedLine};
use sim::{CallFault, FaultKind, FaultRule, FaultWhen, PlatformId, Service, SimClock, Simulator, World};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const MT: PlatformId = PlatformId::MeituanShangou;
pub(crate) const EB: PlatformId = PlatformId::Ebai;
pub(crate) const DD: PlatformId = PlatformId::Doudian;
pub(crate) const EL: PlatformId = PlatformId::Eleme;
pub(crate) const WM: PlatformId = PlatformId::MeituanWaimai;
pub(crate) const JD: PlatformId = PlatformId::Jddj;
pub(crate) const LK: PlatformId = PlatformId::DouyinLaike;
/// The shop's id on every platform.
pub(crate) const SHOP: &str = "32267001";
pub(crate) const BRANCH: &str = "99";
/// 2026-11-21 12:00 in Shanghai.
pub(crate) const NOON: i64 = 1_795_233_600_000;

struct InProcess(Simulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.0.call(request).await.map_err(|fault| match fault {
            // Whoever called cannot tell a lost request from a lost answer.
            CallFault::LostRequest | CallFault::LostAnswer | CallFault::Reset | CallFault::TimedOut => {
                TransportError::NoAnswer(fault.to_string())
            }
        })
    }
}

/// The world, its connectors' gateway, and what the shop holds.
pub(crate) struct Kit {
    pub(crate) simulator: Simulator,
    pub(crate) gateway: Gateway,
    pub(crate) base: String,
}

impl Kit {
    pub(crate) fn new() -> Self {
        let simulator = Simulator::new(world());
        let transport = Arc::new(InProcess(simulator.clone()));
        let clock = simulator.clone();
        Self {
            gateway: Gateway::new(transport, Arc::new(move || clock.world().now_ms())),
            simulator,
            base: "http://127.0.0.1:9".to_owned(),
        }
    }

    /// A gateway on a machine whose clock is late.
    pub(crate) fn gateway_behind(&self, ms: i64) -> Gateway {
        let clock = self.simulator.clone();
        let transport = Arc::new(InProcess(self.simulator.clone()));
        Gateway::new(transport, Arc::new(move || clock.world().now_ms() - ms))
    }

    pub(crate) fn world(&self) -> impl std::ops::DerefMut<Target = World> + '_ {
        self.simulator.world()
    }

    pub(crate) fn session(&self, service: Service) -> Session {
        let announced = self.simulator.announcement(&self.base);
        let service = &announced.services[service.as_str()];
        opened(&service.url, &service.credentials)
    }

    /// A session of a vendor at family B of 美团外卖, with taking orders (`2`) or without (`16`).
    pub(crate) fn vendor(&self, business: &str) -> Session {
        business.clone_into(&mut self.world().mtop.business_id);
        let announced = self.simulator.announcement(&self.base);
        let service = &announced.services[Service::MeituanWaimai.as_str()];
        opened(&service.url, &service.alternatives[0])
    }

    /// An order of two pieces of one listing's first spec, placed now.
    pub(crate) fn order(&self, platform: PlatformId) -> String {
        let mut world = self.simulator.world();
        let shop = world.shop(platform, SHOP).unwrap();
        let listing = shop.listing_by_code("P-1").unwrap().id.clone();
        let request = OrderRequest {
            lines: vec![RequestedLine::of(&listing, 2)],
            shipping_fen: 500,
            package_fen: 100,
            discount_fen: 200,
            ..OrderRequest::default()
        };
        let now = world.now_ms();
        world.place_order(platform, SHOP, request, now).unwrap()
    }
}

/// Opens the platform's page as a browser does; what it brings back to the address that it leads to.
pub(crate) async fn agreed(kit: &Kit, page: &url::Url) -> (url::Url, ConsentAnswer) {
    let request = http::Request::get(page.as_str()).body(Bytes::new()).unwrap();
    let response = kit.simulator.call(request).await.unwrap();
    assert_eq!(response.status(), 302, "{page}");
    let to = response.headers()[http::header::LOCATION].to_str().unwrap();
    let to: url::Url = to.parse().unwrap();
    let answer = ConsentAnswer(to.query_pairs().into_owned().collect());
    (to, answer)
}

/// A message as the platform posts it to our address.
pub(crate) fn posted(body: impl Into<Bytes>) -> Inbound {
    Inbound {
        address: "https://shop.example.com/push".parse().unwrap(),
        headers: BTreeMap::new(),
        body: body.into(),
    }
}

/// The credential fields that a push brings.
pub(crate) fn granted(received: &Received) -> &RefreshedToken {
    match &received.news[..] {
        [News::Token(granted)] => granted,
        other => panic!("{other:?}"),
    }
}

/// The numbers of the orders that a push tells of.
pub(crate) fn told(received: &Received) -> Vec<&str> {
    let news = received.news.iter();
    news.map(|news| match news {
        News::Order { number, .. } => number.as_str(),
        other => panic!("{other:?}"),
    })
    .collect()
}

fn opened(url: &str, credentials: &serde_json::Map<String, serde_json::Value>) -> Session {
    let pairs = credentials.iter();
    let pairs = pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()));
    let settings = [("calls_per_second", "0"), ("calls_per_second_store", "0")];
    let settings: BTreeMap<String, String> = settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    Session {
        account: "1".to_owned(),
        store: "1".to_owned(),
        remote_id: if url.ends_with("/ama") { BRANCH } else { SHOP }.to_owned(),
        endpoint: Some(url.parse().unwrap()),
        credentials: Credentials::new(pairs),
        settings: Arc::new(settings),
        clock_offset_ms: 0,
    }
}

/// The next call of a service meets this fault, and no other rule stands.
pub(crate) fn strike(kit: &Kit, service: Service, fault: FaultKind) {
    kit.world().faults.clear();
    kit.world().faults.add(FaultRule {
        service: Some(service),
        call: None,
        fault,
        when: FaultWhen::Next { count: 1, skip: 0 },
    });
}

/// The call was refused at this layer.
pub(crate) fn assert_layer<T: std::fmt::Debug>(result: Result<T, RemoteError>, expected: Layer) {
    match result {
        Err(RemoteError::Refused { layer, text }) => assert_eq!(layer, expected, "{text}"),
        other => panic!("{expected:?} expected, got {other:?}"),
    }
}

/// A session with one setting more.
pub(crate) fn with(session: &Session, name: &str, value: &str) -> Session {
    let mut settings = (*session.settings).clone();
    settings.insert(name.to_owned(), value.to_owned());
    Session {
        settings: Arc::new(settings),
        ..session.clone()
    }
}

/// A session with one credential replaced.
pub(crate) fn keyed(session: &Session, name: &str, value: &str) -> Session {
    Session {
        credentials: session.credentials.with([(name.to_owned(), value.to_owned())]),
        ..session.clone()
    }
}

/// All products of a store.
pub(crate) async fn all(platform: &dyn Platform, session: &Session) -> Vec<RemoteListing> {
    let (mut listings, mut cursor) = (Vec::new(), None);
    loop {
        let page = platform.listings(session, cursor.as_deref()).await.unwrap();
        listings.extend(page.listings);
        cursor = page.next;
        if cursor.is_none() {
            return listings;
        }
    }
}

pub(crate) fn named<'a>(listings: &'a [RemoteListing], name: &str) -> &'a RemoteListing {
    listings.iter().find(|listing| listing.name == name).unwrap()
}

pub(crate) async fn by_code(platform: &dyn Platform, session: &Session, code: &str) -> RemoteListing {
    platform.listing(session, None, code).await.unwrap().unwrap()
}

pub(crate) fn reference(listing: &RemoteListing, sku: &RemoteSku) -> SkuRef {
    SkuRef {
        listing_id: listing.remote_id.clone(),
        outer_code: listing.outer_code.clone(),
        sku_id: sku.remote_id.clone(),
        outer_sku_code: sku.outer_sku_code.clone(),
        multi_spec: listing.skus.len() > 1,
    }
}

/// The smallest JPEG that a platform takes.
pub(crate) fn jpeg() -> Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(800, 800)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner().into()
}

/// Pulls orders until there are no more.
pub(crate) async fn pulled(platform: &dyn Platform, session: &Session, cursor: &str) -> OrderBatch {
    let mut batch = platform.orders(session, cursor).await.unwrap();
    while batch.more {
        let next = platform.orders(session, &batch.cursor).await.unwrap();
        batch.orders.extend(next.orders);
        (batch.cursor, batch.more) = (next.cursor, next.more);
    }
    batch
}

fn spec(code: &str, name: &str, upc: &str, price_fen: i64) -> NewSpec {
    NewSpec {
        code: code.to_owned(),
        name: name.to_owned(),
        upc: upc.to_owned(),
        price_fen,
        stock: 20,
        weight_g: 500,
    }
}

/// A leaf of the platforms' fixed taxonomy.
pub(crate) fn leaf(world: &World) -> String {
    let leaf = world.meituan.taxonomy.values().find(|taxon| taxon.depth == 3);
    leaf.unwrap().id.clone()
}

fn world() -> World {
    let mut world = World::new(7, SimClock::standing_at(NOON));
    for platform in PlatformId::ALL {
        world.add_store(platform, SHOP, "禾记便利 三里屯店").unwrap();
        let drinks = world.add_group(platform, SHOP, "饮料", None).unwrap();
        let tea = world.add_group(platform, SHOP, "茶", Some(&drinks)).unwrap();
        let fruit = world.add_group(platform, SHOP, "水果", None).unwrap();
        let category_id = Some(leaf(&world));
        let listing = |code: &str, name: &str, group: &str, specs: Vec<NewSpec>| NewListing {
            code: code.to_owned(),
            name: name.to_owned(),
            group_ids: vec![group.to_owned()],
            category_id: category_id.clone(),
            specs,
            pictures: vec!["https://img.example.com/a.jpg".to_owned()],
            ..NewListing::default()
        };
        let single = vec![spec("P-1", "单规格", "6901234567892", 990)];
        world
            .add_listing(platform, SHOP, listing("P-1", "示例苹果", &fruit, single))
            .unwrap();
        let multi = vec![spec("P-2-S", "小杯", "", 1250), spec("P-2-L", "大杯", "", 1600)];
        world
            .add_listing(platform, SHOP, listing("P-2", "乌龙茶", &tea, multi))
            .unwrap();
        let by_hand = vec![spec("", "单规格", "", 2680)];
        world
            .add_listing(platform, SHOP, listing("", "现切水果拼盘", &fruit, by_hand))
            .unwrap();
    }
    world.erp_add_branch(BRANCH, "B99", "三里屯店").unwrap();
    for (num, code, name, deleted) in [
        ("1022311150004734", "0734", "苹果", false),
        ("1022311150004735", "0735", "停用的梨", true),
    ] {
        world
            .erp_add_item(ErpItem {
                num: num.to_owned(),
                code: code.to_owned(),
                name: name.to_owned(),
                barcode: "6901234567892".to_owned(),
                unit: "份".to_owned(),
                price_fen: 900,
                deleted,
                updated_at: 0,
            })
            .unwrap();
    }
    world.erp_set_stock(BRANCH, "1022311150004734", 12_345).unwrap();
    world
}
