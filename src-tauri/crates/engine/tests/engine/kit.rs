//! An engine on a fresh folder against the simulator in process: one shop on each platform, one ERP branch.

use async_trait::async_trait;
use bytes::Bytes;
use connect::gateway::Gateway;
use connect::session::Credentials;
use connect::transport::{Transport, TransportError};
use domain::id::{AccountId, ListingSkuId, ProductId, SkuId, StoreId};
use domain::product::SINGLE_SPEC;
use engine::clock::{Chance, TokioClock};
use engine::stores::{AccountRequest, StoreRequest};
use engine::{Connectors, Engine, EngineOptions};
use sim::world::{ErpItem, NewListing, NewSpec};
use sim::{FaultKind, FaultRule, PlatformId, Service, SimClock, Simulator, World};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use storage::change::Changes;
use storage::db::{Access, Db};
use storage::listing::ListingSkuRow;
use storage::product::{NewProduct, SkuData};

pub(crate) const MT: PlatformId = PlatformId::MeituanShangou;
pub(crate) const EB: PlatformId = PlatformId::Ebai;
pub(crate) const SHOP: &str = "32267001";
pub(crate) const BRANCH: &str = "99";
/// 2026-11-21 12:00 in Shanghai.
const NOON: i64 = 1_795_233_600_000;
const BASE: &str = "http://127.0.0.1:9";

struct InProcess(Simulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        // Whoever calls cannot tell a lost request from a lost answer.
        let answer = self.0.call(request).await;
        answer.map_err(|fault| TransportError::NoAnswer(fault.to_string()))
    }
}

pub(crate) struct Kit {
    pub(crate) engine: Engine,
    pub(crate) simulator: Simulator,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: StoreId,
}

fn open(folder: &Path, simulator: &Simulator, vault: secrets::Vault) -> Engine {
    let clock = simulator.clone();
    let gateway = Gateway::new(
        Arc::new(InProcess(simulator.clone())),
        Arc::new(move || clock.world().now_ms()),
    );
    let platforms = platforms::registry::registry(gateway.clone());
    let erps = erp::registry::registry(gateway.clone());
    let printers = printing::registry::registry(gateway.clone());
    Engine::new(EngineOptions {
        db: Arc::new(Db::open(folder, Access::Write, "tests").unwrap()),
        connectors: Connectors {
            platforms: platforms
                .all()
                .map(|p| (p.descriptor().id.to_owned(), p.clone()))
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
        clock: Arc::new(TokioClock::starting_at(NOON)),
        chance: Chance::seeded(7),
        actor: "店长".to_owned(),
    })
    .unwrap()
}

impl Kit {
    /// A store of one platform, read once, with the library of [`library`] bound to nothing.
    pub(crate) async fn new(platform: PlatformId) -> Self {
        let simulator = Simulator::new(world());
        let folder = tempfile::tempdir().unwrap();
        let engine = open(folder.path(), &simulator, secrets::Vault::memory());
        let erp = account(&engine, &simulator, "ama").await;
        let service = if platform == MT { "meituan_shangou" } else { "ebai" };
        let owner = account(&engine, &simulator, service).await;
        let store = engine
            .add_store(
                owner,
                &StoreRequest {
                    platform: service.to_owned(),
                    remote_id: SHOP.to_owned(),
                    name: "三里屯店".to_owned(),
                    erp_account: Some(erp),
                    offline_code: BRANCH.to_owned(),
                    settings: std::collections::BTreeMap::new(),
                    ..StoreRequest::default()
                },
            )
            .unwrap();
        engine.pull_store(store).await.unwrap();
        Self {
            engine,
            simulator,
            folder,
            store,
        }
    }

    /// Closes the engine as a crash would and opens it again on the same folder with the keychain of this machine.
    pub(crate) async fn reopened(self) -> Self {
        let Self {
            engine,
            simulator,
            folder,
            store,
        } = self;
        drop(engine);
        let engine = open(folder.path(), &simulator, secrets::Vault::memory());
        // A keychain in memory forgets: the manager authorizes again, which is not what is looked at here.
        for account in engine.db().read(storage::account::all).unwrap() {
            let credentials = credentials(&simulator, &account.service);
            engine
                .keep_credentials(account.id, credentials, None)
                .await
                .unwrap();
        }
        Self {
            engine,
            simulator,
            folder,
            store,
        }
    }

    pub(crate) fn fault(&self, service: Service, call: &str, fault: FaultKind) {
        self.simulator
            .world()
            .faults
            .add(FaultRule::once(service, call, fault));
    }

    /// How often a call arrived and was answered.
    pub(crate) fn calls(&self, call: &str) -> u64 {
        self.simulator.world().ledger.calls(call)
    }

    /// A library product of one SKU.
    pub(crate) fn product(
        &self,
        name: &str,
        code: &str,
        barcode: &str,
        price_fen: i64,
    ) -> (ProductId, SkuId) {
        let origin = self.engine.by_user("batch.edit");
        self.engine
            .db()
            .write(|tx| {
                let mut changes = Changes::begin(tx, &origin)?;
                let category = storage::category::ensure(&mut changes, &["水果".to_owned()])?;
                let (product, skus) = storage::product::insert(
                    &mut changes,
                    origin.at,
                    &NewProduct {
                        name: name.to_owned(),
                        spu_code: String::new(),
                        category,
                        brand: String::new(),
                        description: String::new(),
                        pictures: Vec::new(),
                        skus: vec![SkuData {
                            spec_name: SINGLE_SPEC.to_owned(),
                            size_text: String::new(),
                            item_code: code.to_owned(),
                            barcode: barcode.to_owned(),
                            unit: "份".to_owned(),
                            price_fen: Some(price_fen),
                            cost_fen: None,
                            stock: Some(7),
                            base_quantity_milli: 1_000,
                            weight_g: Some(500),
                        }],
                    },
                )?;
                changes.finish(false)?;
                Ok::<_, storage::error::StorageError>((product, skus[0]))
            })
            .unwrap()
    }

    /// The cached listing SKU of a product name.
    pub(crate) fn listed(&self, name: &str) -> ListingSkuRow {
        let rows = self
            .engine
            .db()
            .read(|c| storage::listing::of_store(c, self.store))
            .unwrap();
        rows.into_iter()
            .find(|row| row.name == name)
            .unwrap_or_else(|| panic!("{name} is not listed"))
    }

    /// A library product bound to the listing of a name, without stock being pushed on the way.
    pub(crate) fn bound(
        &self,
        listing: &str,
        code: &str,
        barcode: &str,
        price_fen: i64,
    ) -> (SkuId, ListingSkuId) {
        let (_, sku) = self.product(listing, code, barcode, price_fen);
        let row = self.listed(listing);
        self.engine.rebind(row.id, sku).unwrap();
        (sku, row.id)
    }

    /// Price in fen and stock of a product's first spec, as the platform holds it.
    pub(crate) fn there(&self, platform: PlatformId, name: &str) -> (i64, i64) {
        let world = self.simulator.world();
        let shop = world.shop(platform, SHOP).unwrap();
        let listing = shop
            .listings
            .values()
            .find(|listing| listing.name == name)
            .unwrap();
        (listing.specs[0].price_fen, listing.specs[0].stock)
    }
}

fn credentials(simulator: &Simulator, service: &str) -> Credentials {
    let announced = simulator.announcement(BASE);
    let pairs = announced.services[service].credentials.iter();
    Credentials::new(pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())))
}

async fn account(engine: &Engine, simulator: &Simulator, service: &str) -> AccountId {
    let url = simulator.announcement(BASE).services[service].url.clone();
    let settings = [("calls_per_second", "0"), ("calls_per_second_store", "0")];
    engine
        .add_account(AccountRequest {
            service: service.to_owned(),
            name: String::new(),
            endpoint: Some(url),
            settings: settings
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            credentials: credentials(simulator, service),
        })
        .await
        .unwrap()
        .account
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

fn world() -> World {
    let mut world = World::new(7, SimClock::standing_at(NOON));
    for platform in PlatformId::ALL {
        world.add_store(platform, SHOP, "禾记便利 三里屯店").unwrap();
        let fruit = world.add_group(platform, SHOP, "水果", None).unwrap();
        for (code, name, upc, price) in [
            ("1022311150004734", "示例苹果", "6901234567892", 990),
            ("1022311150004736", "示例香蕉", "6901234567885", 590),
            ("", "现切水果拼盘", "", 2680),
        ] {
            let listing = NewListing {
                code: code.to_owned(),
                name: name.to_owned(),
                group_ids: vec![fruit.clone()],
                specs: vec![spec(code, SINGLE_SPEC, upc, price)],
                pictures: vec!["https://img.example.com/a.jpg".to_owned()],
                ..NewListing::default()
            };
            world.add_listing(platform, SHOP, listing).unwrap();
        }
    }
    world.erp_add_branch(BRANCH, "B99", "三里屯店").unwrap();
    for (num, name) in [
        ("1022311150004734", "苹果"),
        ("1022311150004736", "香蕉"),
        ("55", "拼盘"),
    ] {
        world
            .erp_add_item(ErpItem {
                num: num.to_owned(),
                code: String::new(),
                name: name.to_owned(),
                barcode: String::new(),
                unit: "份".to_owned(),
                price_fen: 900,
                deleted: false,
                updated_at: 0,
            })
            .unwrap();
    }
    world.erp_set_stock(BRANCH, "1022311150004734", 12_345).unwrap();
    world.erp_set_stock(BRANCH, "1022311150004736", 3_000).unwrap();
    world
}
