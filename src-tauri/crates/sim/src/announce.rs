//! The one line that says where the simulated services are and with what they are opened.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::faults::{Service, ServiceQuotas};
use crate::simulator::Simulator;
use crate::world::{ErpSystem, PlatformId, World};

/// What `guitai-cli simulator serve` prints. It carries the made-up secrets of the simulated applications on purpose;
/// `Debug` is not implemented, so that it does not slip into a log.
#[derive(Serialize)]
pub struct Announcement {
    /// Address of the admin API.
    pub admin: String,
    /// Which of the services is the chain's ERP.
    pub erp: &'static str,
    /// Services by id: `meituan_shangou`, `meituan_waimai`, `ebai`, `doudian`, `eleme`, `jddj`,
    /// `douyin_laike`, and the ERP that the chain has: `ama`, `jushuitan` or `wangdiantong`.
    pub services: BTreeMap<&'static str, AnnouncedService>,
    /// Printer clouds by id: `feie`.
    pub printers: BTreeMap<&'static str, AnnouncedPrinters>,
    /// How often they may be called; one that is not here takes any number of calls.
    pub quotas: BTreeMap<&'static str, ServiceQuotas>,
}

/// One service.
#[derive(Serialize)]
pub struct AnnouncedService {
    /// What to use as the endpoint.
    pub url: String,
    /// Keys as the fact sheets name them.
    pub credentials: Map<String, Value>,
    /// Other keys that open the same address, where a platform has several protocols.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Map<String, Value>>,
    /// Shops; the branches of the ERP.
    pub stores: Vec<AnnouncedStore>,
}

/// One printer cloud.
#[derive(Serialize)]
pub struct AnnouncedPrinters {
    /// What to use as the endpoint.
    pub url: String,
    /// Keys as the fact sheet names them.
    pub credentials: Map<String, Value>,
    /// The public key of its messages, a setting of the account.
    pub public_key: &'static str,
    /// Printers that were sold, not yet added to any account.
    pub printers: Vec<AnnouncedPrinter>,
}

/// One printer, as its sticker says.
#[derive(Serialize)]
pub struct AnnouncedPrinter {
    /// Number.
    pub sn: String,
    /// Key.
    pub key: String,
}

/// One shop or branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnouncedStore {
    /// The id calls name it by.
    pub remote_id: String,
    /// Its name.
    pub name: String,
}

impl Simulator {
    /// The announcement for a simulator that is reached at `base` (`http://127.0.0.1:PORT`); in process any base will
    /// do, as long as requests are made with it.
    pub fn announcement(&self, base: &str) -> Announcement {
        let world = self.world();
        let mut services = BTreeMap::new();
        let meituan = AnnouncedService {
            url: format!("{base}/meituan/api/v1"),
            credentials: credentials(&[
                ("app_id", &world.meituan.app.id),
                ("app_secret", &world.meituan.app.secret),
            ]),
            alternatives: Vec::new(),
            stores: stores(&world, PlatformId::MeituanShangou),
        };
        services.insert(Service::MeituanShangou.as_str(), meituan);
        let waimai = AnnouncedService {
            url: format!("{base}/meituan/api/v1"),
            credentials: credentials(&[
                ("app_id", &world.waimai.app.id),
                ("app_secret", &world.waimai.app.secret),
            ]),
            alternatives: vendor(&world).into_iter().collect(),
            stores: stores(&world, PlatformId::MeituanWaimai),
        };
        services.insert(Service::MeituanWaimai.as_str(), waimai);
        let ebai = AnnouncedService {
            url: format!("{base}/ebai/"),
            credentials: credentials(&[("source", &world.ebai.app.id), ("secret", &world.ebai.app.secret)]),
            alternatives: Vec::new(),
            stores: stores(&world, PlatformId::Ebai),
        };
        services.insert(Service::Ebai.as_str(), ebai);
        let doudian = AnnouncedService {
            url: format!("{base}/doudian"),
            credentials: credentials(&[
                ("app_key", &world.doudian.app.id),
                ("app_secret", &world.doudian.app.secret),
                ("access_token", &world.doudian.tokens.access),
                ("refresh_token", &world.doudian.tokens.refresh),
            ]),
            alternatives: Vec::new(),
            stores: stores(&world, PlatformId::Doudian),
        };
        services.insert(Service::Doudian.as_str(), doudian);
        let eleme = AnnouncedService {
            url: format!("{base}/eleme"),
            credentials: credentials(&[
                ("app_key", &world.eleme.app.id),
                ("app_secret", &world.eleme.app.secret),
                ("access_token", &world.eleme.tokens.access),
                ("refresh_token", &world.eleme.tokens.refresh),
            ]),
            alternatives: Vec::new(),
            stores: stores(&world, PlatformId::Eleme),
        };
        services.insert(Service::Eleme.as_str(), eleme);
        let jddj = AnnouncedService {
            url: format!("{base}/jddj/djapi"),
            credentials: credentials(&[
                ("app_key", &world.jddj.app.id),
                ("app_secret", &world.jddj.app.secret),
                ("token", &world.jddj.token),
                // Where the merchant keeps pictures for the platform to fetch.
                ("picture_host", &format!("{base}/pictures")),
            ]),
            alternatives: Vec::new(),
            stores: stores(&world, PlatformId::Jddj),
        };
        services.insert(Service::Jddj.as_str(), jddj);
        services.insert(Service::DouyinLaike.as_str(), laike(&world, base));
        services.insert(world.erp.system.service().as_str(), erp(&world, base));
        let quotas = world.faults.quotas().iter();
        let quotas = quotas
            .map(|(service, quotas)| (service.as_str(), quotas.clone()))
            .collect();
        Announcement {
            printers: BTreeMap::from([(Service::Feie.as_str(), feie(&world, base))]),
            quotas,
            admin: format!("{base}/admin"),
            erp: world.erp.system.service().as_str(),
            services,
        }
    }
}

/// The ERP that the chain has.
fn erp(world: &World, base: &str) -> AnnouncedService {
    let (erp, jushuitan, wangdiantong) = (&world.erp, &world.erp.jushuitan, &world.erp.wangdiantong);
    let (path, credentials) = match erp.system {
        ErpSystem::Ama => (
            "ama",
            credentials(&[
                ("app_id", &erp.app.id),
                ("app_secret", &erp.app.secret),
                ("merchant_id", &erp.merchant_id),
                ("access_token", &erp.tokens.access),
                ("refresh_token", &erp.tokens.refresh),
            ]),
        ),
        ErpSystem::Jushuitan => (
            "jushuitan",
            credentials(&[
                ("app_key", &jushuitan.app.id),
                ("app_secret", &jushuitan.app.secret),
                ("access_token", &jushuitan.tokens.access),
                ("refresh_token", &jushuitan.tokens.refresh),
            ]),
        ),
        ErpSystem::WangdiantongEnterprise => (
            "wangdiantong",
            credentials(&[
                ("edition", &"enterprise".to_owned()),
                ("sid", &wangdiantong.sid),
                ("appkey", &wangdiantong.enterprise.id),
                ("appsecret", &wangdiantong.enterprise.secret),
            ]),
        ),
        ErpSystem::WangdiantongFlagship => (
            "wangdiantong",
            credentials(&[
                ("edition", &"flagship".to_owned()),
                ("sid", &wangdiantong.sid),
                ("appkey", &wangdiantong.flagship.id),
                (
                    "appsecret",
                    &format!("{}:{}", wangdiantong.flagship.secret, wangdiantong.salt),
                ),
            ]),
        ),
    };
    AnnouncedService {
        url: format!("{base}/{path}"),
        credentials,
        alternatives: Vec::new(),
        stores: erp
            .branches
            .values()
            .map(|branch| AnnouncedStore {
                remote_id: branch.num.clone(),
                name: branch.name.clone(),
            })
            .collect(),
    }
}

fn feie(world: &World, base: &str) -> AnnouncedPrinters {
    let printers = world.feie.printers.iter();
    AnnouncedPrinters {
        url: format!("{base}/feie/Api/Open/"),
        credentials: credentials(&[("user", &world.feie.app.id), ("ukey", &world.feie.app.secret)]),
        public_key: crate::feie::PUBLIC_KEY,
        printers: printers
            .map(|(sn, printer)| AnnouncedPrinter {
                sn: sn.clone(),
                key: printer.key.clone(),
            })
            .collect(),
    }
}

fn laike(world: &World, base: &str) -> AnnouncedService {
    AnnouncedService {
        url: format!("{base}/laike"),
        credentials: credentials(&[
            ("client_key", &world.laike.app.id),
            ("client_secret", &world.laike.app.secret),
            ("account_id", &world.laike.account_id),
            ("picture_host", &format!("{base}/pictures")),
        ]),
        alternatives: Vec::new(),
        stores: stores(world, PlatformId::DouyinLaike),
    }
}

/// The keys of a vendor at family B of 美团外卖, for the first shop that granted it its token.
fn vendor(world: &World) -> Option<Map<String, Value>> {
    let (shop, token) = world.mtop.tokens.iter().next()?;
    Some(credentials(&[
        ("developerId", &world.mtop.app.id),
        ("signKey", &world.mtop.app.secret),
        ("appAuthToken", token),
        ("businessId", &world.mtop.business_id),
        ("ePoiId", shop),
    ]))
}

fn credentials(pairs: &[(&str, &String)]) -> Map<String, Value> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect()
}

fn stores(world: &World, platform: PlatformId) -> Vec<AnnouncedStore> {
    let shops = world.shops(platform).values();
    shops
        .map(|shop| AnnouncedStore {
            remote_id: shop.remote_id.clone(),
            name: shop.name.clone(),
        })
        .collect()
}
