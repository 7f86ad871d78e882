//! What the suites share: a counter (the whole engine on a real file) beside a simulator, without a network.
//!
//! Time is tokio's, so a paused runtime plays hours in milliseconds; chance is seeded; the vault is in memory.

#![expect(clippy::expect_used, reason = "a suite that cannot set its stage has failed")]

pub mod canary;
pub mod dying;
pub mod line;
pub mod loopback;
pub mod market;
pub mod page;
pub mod program;
pub mod scenario;
pub mod tryton;

use connect::gateway::Gateway;
use connect::platform::Platform;
use connect::session::Credentials;
use connect::transport::Transport;
use domain::id::{AccountId, ListingSkuId, OrderId, SkuId, StoreId};
use domain::product::SINGLE_SPEC;
use engine::clock::{Chance, Clock, TokioClock};
use engine::stores::{AccountRequest, StoreRequest};
use engine::{Connectors, Engine, EngineOptions};
use line::Line;
use sim::world::{ErpItem, ErpSystem, NewListing, NewSpec, OrderMode, OrderRequest, RequestedLine};
use sim::{PlatformId, Service, SimClock, Simulator, World};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use storage::change::Changes;
use storage::db::{Access, Db};
use storage::product::{NewProduct, SkuData};
use tempfile::TempDir;

/// 2026-11-21 12:00 in Shanghai, UTC ms: when every story begins.
pub const NOON: i64 = 1_795_233_600_000;
/// The ERP branch of the shop.
pub const BRANCH: &str = "1001";
const BASE: &str = "http://127.0.0.1:9";
/// The shop on 美团闪购.
pub const SHANGOU: &str = "18836402";
/// The same shop on 饿百零售.
pub const EBAI: &str = "2233107745";

/// What the shop sells: name, spec, item code, barcode, price in fen.
pub const GOODS: [(&str, &str, &str, &str, i64); 5] = [
    (
        "山溪饮用天然水 550ml",
        SINGLE_SPEC,
        "1022311150001406",
        "6921168509256",
        200,
    ),
    (
        "谷田纯牛奶",
        "250ml*12盒",
        "1022311150001601",
        "6907992507385",
        5800,
    ),
    ("谷田纯牛奶", "1L*1盒", "1022311150001602", "6907992514178", 1280),
    (
        "晨露老面包 360g",
        SINGLE_SPEC,
        "1022311150001701",
        "6923644266318",
        990,
    ),
    (
        "海湾薯片 75g",
        SINGLE_SPEC,
        "1022311150001801",
        "6924743918627",
        750,
    ),
];

/// A counter with its shop: one store on each platform, bound, with an ERP.
pub struct Counter {
    /// The engine; `None` while the app is dead.
    engine: Option<Engine>,
    /// The outside world.
    pub sim: Simulator,
    /// The data folder.
    pub folder: TempDir,
    /// The store on 美团闪购.
    pub shangou: StoreId,
    /// The store on 饿百零售.
    pub ebai: StoreId,
    /// The ERP account.
    pub erp: AccountId,
    /// SKUs in the order of [`GOODS`].
    pub skus: Vec<SkuId>,
    /// Platform listing ids by platform and index in [`GOODS`] (both specs of a product share one).
    pub listings: HashMap<(PlatformId, usize), (String, String)>,
    /// The line to the outside world.
    pub line: Line,
    vault: secrets::Vault,
    clock: Arc<dyn Clock>,
    seed: u64,
}

impl Counter {
    /// A shop whose ERP is of the given kind; everything read and bound, nothing ordered yet.
    pub async fn open(mode: OrderMode, seed: u64) -> Self {
        let clock = Arc::new(TokioClock::starting_at(NOON));
        Self::open_at(ErpSystem::default(), mode, seed, clock).await
    }

    /// The same with an ERP of another maker.
    pub async fn open_with(system: ErpSystem, mode: OrderMode, seed: u64) -> Self {
        let clock = Arc::new(TokioClock::starting_at(NOON));
        Self::open_at(system, mode, seed, clock).await
    }

    /// The same by another clock.
    pub async fn open_at(system: ErpSystem, mode: OrderMode, seed: u64, clock: Arc<dyn Clock>) -> Self {
        let mut world = World::new(seed, SimClock::starting_at(NOON));
        world.erp.system = system;
        let listings = furnish(&mut world, mode);
        let sim = Simulator::new(world);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut counter = Self {
            engine: None,
            line: Line::to(sim.clone()),
            sim,
            folder,
            shangou: StoreId(0),
            ebai: StoreId(0),
            erp: AccountId(0),
            skus: Vec::new(),
            listings,
            vault: secrets::Vault::memory(),
            clock,
            seed,
        };
        counter.start();
        counter.move_in(mode).await;
        counter
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("the app runs")
    }

    /// Kills the app: nothing it had in memory survives.
    pub fn crash(&mut self) {
        self.engine = None;
    }

    /// Starts the app on the file that is there.
    pub fn start(&mut self) {
        let transport = Arc::new(self.line.clone());
        let clock = self.clock.clone();
        let engine = engine_on(
            self.folder.path(),
            transport,
            clock,
            self.vault.clone(),
            self.seed,
        );
        self.engine = Some(engine);
    }

    /// The world, locked. Drop it before awaiting anything.
    pub fn world(&self) -> impl std::ops::DerefMut<Target = World> + '_ {
        self.sim.world()
    }

    async fn move_in(&mut self, mode: OrderMode) {
        let announced = self.sim.announcement(BASE);
        let mode = match mode {
            OrderMode::Lookup => "lookup",
            OrderMode::Idempotent => "idempotent",
            OrderMode::Neither => "neither",
        };
        let mut accounts = HashMap::new();
        for (service, facts) in &announced.services {
            let pairs = facts.credentials.iter();
            let credentials =
                pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()));
            let mut settings = BTreeMap::from([("order_mode".to_owned(), mode.to_owned())]);
            // ERPs that have a limit of calls keep the pace that their connectors know.
            if *service != announced.erp || *service == Service::Ama.as_str() {
                for name in ["calls_per_second", "calls_per_second_store"] {
                    settings.insert(name.to_owned(), "0".to_owned());
                }
            }
            // The goods are as old as the world.
            settings.insert("items_since".to_owned(), "20261120".to_owned());
            let request = AccountRequest {
                service: (*service).to_owned(),
                name: String::new(),
                endpoint: Some(facts.url.clone()),
                settings,
                credentials: Credentials::new(credentials),
            };
            let added = self
                .engine()
                .add_account(request)
                .await
                .expect("an account is added");
            accounts.insert(*service, added.account);
        }
        self.erp = accounts[announced.erp];
        let store = |platform: &str, remote_id: &str| StoreRequest {
            platform: platform.to_owned(),
            remote_id: remote_id.to_owned(),
            name: "禾记便利·望江路店".to_owned(),
            endpoint: None,
            erp_account: Some(accounts[announced.erp]),
            offline_code: BRANCH.to_owned(),
            settings: std::collections::BTreeMap::new(),
        };
        let engine = self.engine().clone();
        self.shangou = engine
            .add_store(accounts["meituan_shangou"], &store("meituan_shangou", SHANGOU))
            .expect("a store is added");
        self.ebai = engine
            .add_store(accounts["ebai"], &store("ebai", EBAI))
            .expect("a store is added");
        self.skus = self.fill_library();
        engine
            .pull_erp_items(self.erp)
            .await
            .expect("the ERP's items are read");
        for store in [self.shangou, self.ebai] {
            engine.pull_store(store).await.expect("the store is read");
            self.bind_by_code(store);
        }
    }

    fn fill_library(&self) -> Vec<SkuId> {
        let origin = self.engine().by_user("batch.import");
        self.engine()
            .db()
            .write(|tx| {
                let mut changes = Changes::begin(tx, &origin)?;
                let mut skus = Vec::new();
                let mut at = 0;
                while at < GOODS.len() {
                    let specs = GOODS[at..].iter().take_while(|row| row.0 == GOODS[at].0).count();
                    let new = NewProduct {
                        name: GOODS[at].0.to_owned(),
                        skus: GOODS[at..at + specs].iter().map(sku_data).collect(),
                        ..NewProduct::default()
                    };
                    skus.extend(storage::product::insert(&mut changes, NOON, &new)?.1);
                    at += specs;
                }
                changes.finish(false)?;
                Ok::<_, storage::error::StorageError>(skus)
            })
            .expect("the library is filled")
    }

    /// Binds every unbound listing SKU whose 第三方SKU编码 is a library item code.
    pub fn bind_by_code(&self, store: StoreId) {
        let rows = self
            .engine()
            .db()
            .read(|c| storage::listing::of_store(c, store))
            .expect("listings are read");
        for row in rows.iter().filter(|row| row.bound_to.is_none()) {
            if let Some(at) = GOODS.iter().position(|goods| goods.2 == row.outer_sku_code) {
                self.engine().rebind(row.id, self.skus[at]).expect("it binds");
            }
        }
    }

    /// The listing SKU of a store that is bound to a library SKU.
    pub fn bound(&self, store: StoreId, sku: SkuId) -> Option<ListingSkuId> {
        let places = self
            .engine()
            .db()
            .read(|c| storage::listing::bound_places(c, sku))
            .expect("bindings are read");
        places.iter().find(|row| row.store == store).map(|row| row.id)
    }

    /// A customer buys goods by their index; gives the order's number.
    pub fn order(&self, platform: PlatformId, goods: &[usize]) -> String {
        let lines = goods
            .iter()
            .map(|at| {
                let (listing, spec) = &self.listings[&(platform, *at)];
                RequestedLine {
                    listing: listing.clone(),
                    spec: Some(spec.clone()),
                    quantity: 1,
                }
            })
            .collect();
        self.order_of(platform, lines)
    }

    /// A customer buys these lines.
    pub fn order_of(&self, platform: PlatformId, lines: Vec<RequestedLine>) -> String {
        let shop = if platform == PlatformId::Ebai {
            EBAI
        } else {
            SHANGOU
        };
        let request = OrderRequest {
            lines,
            recipient: "张(先生)".to_owned(),
            ..OrderRequest::default()
        };
        let mut world = self.sim.world();
        let now = world.now_ms();
        world
            .place_order(platform, shop, request, now)
            .expect("the platform takes the order")
    }

    /// Reads orders of both stores and pushes what is due.
    pub async fn round(&self) {
        for store in [self.shangou, self.ebai] {
            // A fault may strike the pull itself; the next round reads on.
            if let Err(error) = self.engine().pull_orders(store).await {
                assert!(
                    matches!(error, engine::error::EngineError::Remote(_)),
                    "only the network may fail a pull: {error}"
                );
            }
        }
        self.engine().push_due().await.expect("a round of pushing ends");
    }

    /// The stored order of that number.
    pub fn stored(&self, number: &str) -> storage::order::OrderRow {
        let rows = self
            .engine()
            .db()
            .read(|c| storage::order::by_number(c, number))
            .expect("orders are read");
        rows.into_iter()
            .next()
            .unwrap_or_else(|| panic!("order {number} is stored"))
    }

    /// The exception of that order; its cause, or nothing.
    pub fn cause(&self, number: &str) -> Option<String> {
        let id: OrderId = self.stored(number).id;
        self.engine()
            .db()
            .read(|c| storage::exception::get(c, id))
            .expect("exceptions are read")
            .map(|e| e.cause)
    }

    /// ERP documents for an order, as the ERP itself counts them.
    pub fn documents(&self, number: &str) -> usize {
        self.sim
            .world()
            .erp
            .documents_for(sim::world::DocumentKind::Sale, number)
            .len()
    }
}

/// An engine on a folder over a transport.
pub fn engine_on(
    folder: &Path,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    vault: secrets::Vault,
    seed: u64,
) -> Engine {
    engine_besides(folder, transport, clock, vault, seed, Vec::new())
}

/// The same with platforms of a test's own beside those of the registry.
pub fn engine_besides(
    folder: &Path,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    vault: secrets::Vault,
    seed: u64,
    besides: Vec<Arc<dyn Platform>>,
) -> Engine {
    let db = Arc::new(Db::open(folder, Access::Write, "suites").expect("the file opens"));
    let tells = clock.clone();
    let gateway = Gateway::new(transport, Arc::new(move || tells.now()));
    let platforms = platforms::registry::registry(gateway.clone());
    let erps = erp::registry::registry(gateway.clone());
    let printers = printing::registry::registry(gateway.clone());
    Engine::new(EngineOptions {
        db,
        connectors: Connectors {
            platforms: platforms
                .all()
                .cloned()
                .chain(besides)
                .map(|p| (p.descriptor().id.to_owned(), p))
                .collect(),
            erps: erps
                .all()
                .map(|e| (e.descriptor().id.to_owned(), e.clone()))
                .collect(),
            printers: printers
                .all()
                .map(|p| (p.descriptor().id.to_owned(), p.clone()))
                .collect(),
            gateway,
        },
        vault,
        clock,
        chance: Chance::seeded(seed),
        actor: "林店长".to_owned(),
    })
    .expect("the engine starts")
}

fn sku_data(goods: &(&str, &str, &str, &str, i64)) -> SkuData {
    SkuData {
        spec_name: goods.1.to_owned(),
        item_code: goods.2.to_owned(),
        barcode: goods.3.to_owned(),
        unit: "份".to_owned(),
        price_fen: Some(goods.4),
        stock: Some(50),
        base_quantity_milli: 1000,
        ..SkuData::default()
    }
}

fn furnish(world: &mut World, mode: OrderMode) -> HashMap<(PlatformId, usize), (String, String)> {
    world.erp.order_mode = mode;
    world
        .erp_add_branch(BRANCH, "WJL", "望江路店")
        .expect("a branch opens");
    let mut codes: BTreeMap<&str, i64> = BTreeMap::new();
    for (name, _, code, barcode, price) in GOODS {
        codes.insert(code, price);
        world
            .erp_add_item(ErpItem {
                num: code.to_owned(),
                code: code.to_owned(),
                name: name.to_owned(),
                barcode: barcode.to_owned(),
                unit: "份".to_owned(),
                price_fen: price,
                deleted: false,
                updated_at: NOON,
            })
            .expect("an item is added");
        world.erp_set_stock(BRANCH, code, 50_000).expect("stock is set");
    }
    let mut listings = HashMap::new();
    for (platform, shop) in [(PlatformId::MeituanShangou, SHANGOU), (PlatformId::Ebai, EBAI)] {
        world
            .add_store(platform, shop, "禾记便利·望江路店")
            .expect("a shop opens");
        let group = world
            .add_group(platform, shop, "饮料零食", None)
            .expect("a group is made");
        let mut at = 0;
        while at < GOODS.len() {
            let specs = GOODS[at..].iter().take_while(|row| row.0 == GOODS[at].0).count();
            let rows = &GOODS[at..at + specs];
            let new = NewListing {
                code: rows[0].2.to_owned(),
                name: rows[0].0.to_owned(),
                group_ids: vec![group.clone()],
                category_id: None,
                specs: rows.iter().map(new_spec).collect(),
                pictures: vec!["http://127.0.0.1:9/pictures/1.jpg".to_owned()],
                ..NewListing::default()
            };
            let id = world.add_listing(platform, shop, new).expect("a listing is made");
            let ids: Vec<String> = world
                .listing(platform, shop, &id)
                .expect("it is there")
                .specs
                .iter()
                .map(|s| s.id.clone())
                .collect();
            for (offset, spec) in ids.into_iter().enumerate() {
                listings.insert((platform, at + offset), (id.clone(), spec));
            }
            at += specs;
        }
    }
    listings
}

fn new_spec(goods: &(&str, &str, &str, &str, i64)) -> NewSpec {
    NewSpec {
        code: goods.2.to_owned(),
        name: goods.1.to_owned(),
        upc: goods.3.to_owned(),
        price_fen: goods.4,
        stock: 50,
        weight_g: 500,
    }
}
