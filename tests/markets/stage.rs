//! The counter, its library and its stores; and what a market has to tell about itself.

use connect::platform::Platform;
use connect::session::Credentials;
use domain::id::{AccountId, ProductId, StoreId};
use domain::product::{Product, Sku};
use engine::Engine;
use engine::library::import::Mapping;
use engine::stores::{AccountRequest, StoreRequest};
use sim::pictures::{Fault, Kind, draw};
use sim::world::DocumentKind;
use sim::{SimClock, Simulator};
use std::collections::BTreeMap;
use std::sync::Arc;
use suites::line::Line;
use suites::scenario::{sheet, small};
use suites::{BRANCH, NOON};
use tempfile::TempDir;

/// Base of the simulator's addresses; nothing listens there, requests are handed over in process.
const BASE: &str = "http://127.0.0.1:9";
/// Goods in the library.
pub(crate) const ROWS: usize = 24;

/// What a shop there shows of one of our goods.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shown {
    pub(crate) price_fen: i64,
    pub(crate) stock: i64,
    pub(crate) pictures: Vec<String>,
}

/// A shop on one platform, as its customers see it.
pub(crate) trait Market {
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
pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) sim: Simulator,
    pub(crate) erp: AccountId,
    pub(crate) markets: Vec<(StoreId, Box<dyn Market>)>,
    home: TempDir,
}

impl Stage {
    /// The counter with a library of [`ROWS`] goods and the ERP, no store yet.
    pub(crate) async fn open(sim: Simulator, besides: Vec<Arc<dyn Platform>>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let engine = suites::engine_besides(
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
        std::fs::write(&library, sheet(ROWS)).unwrap();
        let imported = stage.engine.import_run(&library, &Mapping::default()).await.unwrap();
        assert_eq!((imported.rows, imported.rejected.len()), (ROWS, 0));
        let (endpoint, credentials) = stage.announced("ama");
        stage.erp = stage.account("ama", endpoint, credentials).await;
        stage.engine.pull_erp_items(stage.erp).await.unwrap();
        stage
    }

    /// A world with the ERP's branch and its goods, and with the shops that a scenario of the same goods has.
    pub(crate) fn world(platforms: &[sim::PlatformId]) -> Simulator {
        let mut scenario = small(ROWS, &[BRANCH]);
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
        let built = scenario.build(SimClock::starting_at(NOON), BASE).unwrap();
        Simulator::new(built.world)
    }

    /// Where a service of the simulator is and what opens it.
    pub(crate) fn announced(&self, service: &str) -> (Option<String>, BTreeMap<String, String>) {
        let all = self.sim.announcement(BASE);
        let (_, one) = all.services.iter().find(|(name, _)| **name == service).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let pairs = one.credentials.iter();
        (
            Some(one.url.clone()),
            pairs.map(|(key, value)| (key.clone(), text(value))).collect(),
        )
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
        self.engine.add_account(request).await.unwrap().account
    }

    /// Authorizes a shop, tests the connection, reads it and binds what is sure.
    pub(crate) async fn join(&mut self, market: Box<dyn Market>) {
        let (endpoint, credentials) = market.access();
        let account = self.account(market.platform(), endpoint, credentials).await;
        let request = StoreRequest {
            platform: market.platform().to_owned(),
            remote_id: market.remote_id().to_owned(),
            name: format!("禾记便利·望江路店 {}", market.platform()),
            endpoint: None,
            erp_account: Some(self.erp),
            offline_code: BRANCH.to_owned(),
        };
        let store = self.engine.add_store(account, &request).unwrap();
        let tested = self.engine.test_store(store).await.unwrap();
        assert!(tested.is_ok(), "{}: {tested:?}", market.platform());
        self.engine.pull_store(store).await.unwrap();
        self.engine.bind_proposals(store, 0.95).await.unwrap();
        self.markets.push((store, market));
    }

    /// The library's goods.
    pub(crate) fn goods(&self) -> Vec<Product> {
        self.engine.db().read(storage::product::all).unwrap()
    }

    /// The specs that every shop shows with our code: none of them stands out.
    pub(crate) fn everywhere(&self) -> Vec<(ProductId, Sku)> {
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

    /// A square picture that every platform takes, as a file.
    pub(crate) fn photo(&self) -> std::path::PathBuf {
        let file = self.home.path().join("photo.jpg");
        std::fs::write(&file, draw("photo", Kind::Bottle, 800, Fault::None).unwrap()).unwrap();
        file
    }

    /// Documents of an order in the ERP.
    pub(crate) fn documents(&self, number: &str) -> usize {
        let world = self.sim.world();
        world.erp.documents_for(DocumentKind::Sale, number).len()
    }
}
