//! The counter, its library and its stores; and what a market has to tell about itself.

use crate::line::Line;
use crate::scenario::{sheet, small};
use crate::{BRANCH, NOON};
use connect::platform::Platform;
use connect::session::Credentials;
use domain::finding::Finding;
use domain::id::{AccountId, ProductId, SkuId, StoreId};
use domain::product::{Product, Sku};
use engine::Engine;
use engine::library::edit::NewGoods;
use engine::library::import::Mapping;
use engine::stores::{AccountRequest, StoreRequest};
use engine::sync::plan::Choices;
use engine::sync::report::SyncReport;
use sim::pictures::{Fault, Kind, draw};
use sim::world::{DocumentKind, ErpSystem, OrderRequest, RequestedLine};
use sim::{PlatformId, SimClock, Simulator};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use storage::product::SkuData;
use tempfile::TempDir;

/// Base of the simulator's addresses; nothing listens there, requests are handed over in process.
const BASE: &str = "http://127.0.0.1:9";
/// Goods in the library.
pub const ROWS: usize = 24;

/// What a shop there shows of one of our goods.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shown {
    /// Fen.
    pub price_fen: i64,
    /// Pieces.
    pub stock: i64,
    /// Addresses, main one first.
    pub pictures: Vec<String>,
}

/// A shop on one platform, as its customers see it.
pub trait Market {
    /// Platform id.
    fn platform(&self) -> &'static str;
    /// The platform's id of the shop.
    fn remote_id(&self) -> &str;
    /// Where it is called and with what.
    fn access(&self) -> (Option<String>, BTreeMap<String, String>);
    /// What it shows of the goods with this code of ours.
    fn shown(&self, code: &str) -> Option<Shown>;
    /// A customer buys one piece; gives the order's number.
    fn buy(&self, code: &str) -> String;
}

/// Everything.
pub struct Stage {
    /// The engine.
    pub engine: Engine,
    /// The outside world.
    pub sim: Simulator,
    /// The ERP account.
    pub erp: AccountId,
    /// Stores with the shops behind them.
    pub markets: Vec<(StoreId, Box<dyn Market>)>,
    home: TempDir,
}

impl Stage {
    /// The counter with a library of [`ROWS`] goods and the ERP, no store yet.
    pub async fn open(sim: Simulator, besides: Vec<Arc<dyn Platform>>) -> Self {
        let home = tempfile::tempdir().expect("the stage is set");
        let engine = crate::engine_besides(
            &home.path().join("data"),
            Arc::new(Line::to(sim.clone())),
            Arc::new(engine::clock::TokioClock::starting_at(NOON)),
            secrets::Vault::memory(),
            7,
            besides,
        );
        let mut stage = Self {
            engine,
            sim,
            erp: AccountId(0),
            markets: Vec::new(),
            home,
        };
        let library = stage.home.path().join("library.csv");
        std::fs::write(&library, sheet(ROWS)).expect("the stage is set");
        let imported = stage
            .engine
            .import_run(&library, &Mapping::default())
            .await
            .expect("the stage is set");
        assert_eq!((imported.rows, imported.rejected.len()), (ROWS, 0));
        let erp = stage.sim.announcement(BASE).erp;
        stage.erp = stage.authorize(erp).await;
        stage
            .engine
            .pull_erp_items(stage.erp)
            .await
            .expect("the stage is set");
        stage
    }

    /// A world with the ERP's branch and its goods, and with the shops that a scenario of the same goods has.
    pub fn world(platforms: &[PlatformId]) -> Simulator {
        Self::world_with(ErpSystem::default(), platforms)
    }

    /// The same with an ERP of another maker.
    pub fn world_with(system: ErpSystem, platforms: &[PlatformId]) -> Simulator {
        let mut scenario = small(ROWS, &[BRANCH]);
        scenario.erp.system = system;
        let like = scenario.stores[0].clone();
        scenario.stores = platforms
            .iter()
            .zip(20_011_200_u64..)
            .map(|(platform, number)| sim::scenario::ScenarioStore {
                platform: *platform,
                remote_id: number.to_string(),
                ..like.clone()
            })
            .collect();
        let mut built = scenario
            .build(SimClock::starting_at(NOON), BASE)
            .expect("the stage is set");
        built.world.enforce_stated_quotas();
        Simulator::new(built.world)
    }

    /// Where a service of the simulator is and what opens it.
    pub fn announced(&self, service: &str) -> (Option<String>, BTreeMap<String, String>) {
        self.opened(service, None)
    }

    /// The same with the keys of its other protocol.
    pub fn announced_otherwise(&self, service: &str) -> (Option<String>, BTreeMap<String, String>) {
        self.opened(service, Some(0))
    }

    fn opened(&self, service: &str, other: Option<usize>) -> (Option<String>, BTreeMap<String, String>) {
        let all = self.sim.announcement(BASE);
        let (_, one) = all
            .services
            .iter()
            .find(|(name, _)| **name == service)
            .expect("the stage is set");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let pairs = other
            .map_or(&one.credentials, |other| &one.alternatives[other])
            .iter();
        (
            Some(one.url.clone()),
            pairs.map(|(key, value)| (key.clone(), text(value))).collect(),
        )
    }

    /// An account of a service of the simulator, with the keys it announces.
    pub async fn authorize(&self, service: &str) -> AccountId {
        let (endpoint, credentials) = self.announced(service);
        self.account(service, endpoint, credentials).await
    }

    async fn account(
        &self,
        service: &str,
        endpoint: Option<String>,
        credentials: BTreeMap<String, String>,
    ) -> AccountId {
        let request = AccountRequest {
            service: service.to_owned(),
            name: String::new(),
            endpoint,
            settings: BTreeMap::from([("order_mode".to_owned(), "lookup".to_owned())]),
            credentials: Credentials::new(credentials),
        };
        self.engine
            .add_account(request)
            .await
            .expect("the stage is set")
            .account
    }

    /// The shop that a platform of [`Stage::world`] has.
    pub fn shop_on(&self, platform: PlatformId) -> Simulated {
        let remote_id = self.sim.world().shops(platform).keys().next().cloned();
        Simulated {
            sim: self.sim.clone(),
            platform,
            remote_id: remote_id.expect("the world has a shop there"),
            access: self.announced(platform.as_str()),
        }
    }

    /// Authorizes a shop, tests the connection, reads it and binds what is sure.
    pub async fn join(&mut self, market: Box<dyn Market>) -> StoreId {
        let (endpoint, credentials) = market.access();
        let account = self.account(market.platform(), endpoint, credentials).await;
        let request = StoreRequest {
            platform: market.platform().to_owned(),
            remote_id: market.remote_id().to_owned(),
            name: format!("禾记便利·望江路店 {}", market.platform()),
            endpoint: None,
            erp_account: Some(self.erp),
            offline_code: BRANCH.to_owned(),
            settings: std::collections::BTreeMap::new(),
        };
        let store = self
            .engine
            .add_store(account, &request)
            .expect("the stage is set");
        let tested = self.engine.test_store(store).await.expect("the stage is set");
        assert!(tested.is_ok(), "{}: {tested:?}", market.platform());
        self.engine.pull_store(store).await.expect("the stage is set");
        self.engine
            .bind_proposals(store, 0.95)
            .await
            .expect("the stage is set");
        self.markets.push((store, market));
        store
    }

    /// The library's goods.
    pub fn goods(&self) -> Vec<Product> {
        self.engine
            .db()
            .read(storage::product::all)
            .expect("the stage is set")
    }

    /// The specs that every shop shows with our code: none of them stands out.
    pub fn everywhere(&self) -> Vec<(ProductId, Sku)> {
        let all = self.goods();
        let shown = |sku: &Sku| {
            let mut markets = self.markets.iter();
            markets.all(|(_, market)| market.shown(&sku.item_code).is_some())
        };
        all.iter()
            .flat_map(|product| product.skus.iter().map(|sku| (product.id, sku.clone())))
            .filter(|(_, sku)| shown(sku))
            .collect()
    }

    /// Goods that no shop has yet, with a picture, offered in every store; in a category whose 类目 the shops show, or in
    /// none.
    pub async fn new_goods(&self, name: &str, spec: &str, category: &str) -> (ProductId, SkuId) {
        let goods = NewGoods {
            name: name.to_owned(),
            category: category.to_owned(),
            skus: vec![SkuData {
                spec_name: spec.to_owned(),
                item_code: "1022311150009901".to_owned(),
                barcode: "6921168509256".to_owned(),
                unit: "瓶".to_owned(),
                price_fen: Some(500),
                stock: Some(9),
                base_quantity_milli: 1000,
                weight_g: Some(500),
                ..SkuData::default()
            }],
        };
        let product = self.engine.create_product(&goods).expect("goods are made").0;
        let photo = self
            .engine
            .add_pictures(product, vec![self.photo()])
            .await
            .expect("a picture is put");
        assert!(photo.failed.is_empty(), "{:?}", photo.failed);
        for (store, _) in &self.markets {
            self.engine
                .offer_all(*store, &[product])
                .expect("goods are offered");
        }
        let made = self
            .goods()
            .into_iter()
            .find(|one| one.id == product)
            .expect("it is there");
        (product, made.skus[0].id)
    }

    /// Writes what is wanted to one store, a second later: in paused time nothing else moves the clock.
    pub async fn sync(&self, store: StoreId) -> SyncReport {
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.engine
            .sync_apply(&[store], &Choices::default())
            .await
            .expect("a sync ends")
    }

    /// Tries again what was refused for a cause, and gives what came of it.
    pub async fn retry(&self, store: StoreId, cause: &str) -> SyncReport {
        let requeued = self
            .engine
            .requeue_rejected(None, cause)
            .expect("tasks are queued again");
        assert!(requeued.count > 0, "nothing was refused for {cause}");
        self.engine.sync_resume(&[store]).await.expect("a sync ends")
    }

    /// What 体检 finds of one row in a store.
    pub fn findings(&self, store: StoreId, id: &str) -> Vec<Finding> {
        let cache = self.engine.preflight(&[store]).expect("a check ends");
        let found = cache.findings.iter().filter(|noted| noted.finding.id == id);
        found.map(|noted| noted.finding.clone()).collect()
    }

    /// A square picture that every platform takes, as a file.
    pub fn photo(&self) -> std::path::PathBuf {
        let file = self.home.path().join("photo.jpg");
        std::fs::write(
            &file,
            draw("photo", Kind::Bottle, 800, Fault::None).expect("the stage is set"),
        )
        .expect("the stage is set");
        file
    }

    /// A picture wider than it is high, as a file.
    pub fn wide_photo(&self) -> std::path::PathBuf {
        let file = self.home.path().join("wide.jpg");
        let drawn = draw("wide", Kind::Bottle, 800, Fault::Wide).expect("the stage is set");
        std::fs::write(&file, drawn).expect("the stage is set");
        file
    }

    /// Documents of an order in the ERP.
    pub fn documents(&self, number: &str) -> usize {
        let world = self.sim.world();
        world.erp.documents_for(DocumentKind::Sale, number).len()
    }
}

/// A shop on a simulated platform.
pub struct Simulated {
    /// The world it is in.
    pub sim: Simulator,
    /// Its platform.
    pub platform: PlatformId,
    /// The platform's id of the shop.
    pub remote_id: String,
    /// Where it is called and with what.
    pub access: (Option<String>, BTreeMap<String, String>),
}

impl Simulated {
    /// Listing and spec that carry our code.
    fn found(&self, code: &str) -> Option<(String, String)> {
        let world = self.sim.world();
        let shop = world
            .shop(self.platform, &self.remote_id)
            .expect("the shop is there");
        shop.listings.values().find_map(|listing| {
            let spec = listing.specs.iter().find(|spec| spec.code == code)?;
            Some((listing.id.clone(), spec.id.clone()))
        })
    }
}

impl Market for Simulated {
    fn platform(&self) -> &'static str {
        self.platform.as_str()
    }

    fn remote_id(&self) -> &str {
        &self.remote_id
    }

    fn access(&self) -> (Option<String>, BTreeMap<String, String>) {
        self.access.clone()
    }

    fn shown(&self, code: &str) -> Option<Shown> {
        let (listing, spec) = self.found(code)?;
        let world = self.sim.world();
        let listing = world
            .listing(self.platform, &self.remote_id, &listing)
            .expect("the shop is there");
        let spec = listing.spec(&spec).expect("the shop is there");
        Some(Shown {
            price_fen: spec.price_fen,
            stock: spec.stock,
            pictures: listing.pictures.iter().map(|one| one.url.clone()).collect(),
        })
    }

    fn buy(&self, code: &str) -> String {
        let (listing, spec) = self.found(code).expect("the shop is there");
        let line = RequestedLine {
            listing,
            spec: Some(spec),
            quantity: 1,
        };
        let request = OrderRequest {
            lines: vec![line],
            recipient: "张(先生)".to_owned(),
            ..OrderRequest::default()
        };
        let mut world = self.sim.world();
        let now = world.now_ms();
        world
            .place_order(self.platform, &self.remote_id, request, now)
            .expect("the shop is there")
    }
}
