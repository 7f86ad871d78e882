//! A shop chain as data: its library, its stores, its ERP, and how far the platforms have drifted from the library.
//!
//! [`Scenario::demo`] is the invented convenience-store chain 禾记便利; [`Scenario::from_items`] makes a world around
//! any library. [`Scenario::build`] turns either into a [`World`](crate::World) and says in a [`DriftReport`] what it
//! changed on the way. What happens in that world later is told by [`story`](crate::story).

mod build;
pub(crate) mod codes;
mod drift;
mod library;
mod shelves;

use serde::{Deserialize, Serialize};

use crate::clock::SimClock;
use crate::error::WorldError;
use crate::world::{ErpSystem, OrderMode, PlatformId};

pub use build::Built;
pub(crate) use build::{erp_numbers, shared_barcodes};
pub use drift::{Affected, DriftKind, DriftReport, DriftShares};
pub use library::{DEMO_LIBRARY, parse_library};

/// One row of a library: one SKU, with the product it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScenarioItem {
    /// SPU编码: rows that share it are one product; empty for a product of its own.
    pub spu: String,
    /// 商品名称.
    pub name: String,
    /// 规格名称; 单规格, or the size text of a single-spec product.
    pub spec_name: String,
    /// 商品编码 as the library keeps it, whatever it holds.
    pub item_code: String,
    /// 规格编码 as the library keeps it.
    pub barcode: String,
    /// 分类, first and second level joined by `/`.
    pub category: String,
    /// 售价 in fen.
    pub price_fen: i64,
    /// 成本 in fen.
    pub cost_fen: i64,
    /// 单位.
    pub unit: String,
    /// 基本数量: ERP units one sale takes.
    pub base_quantity: u32,
    /// 库存 in pieces.
    pub stock: i64,
    /// 图片: a file name; empty when there is none.
    pub picture: String,
}

/// One shop on one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioStore {
    /// The platform.
    pub platform: PlatformId,
    /// The platform's id for the shop.
    pub remote_id: String,
    /// Its name there.
    pub name: String,
    /// The ERP branch of the same physical shop (线下门店编号).
    pub branch: String,
    /// How many in a thousand library products this shop lists.
    pub listed_per_mille: u32,
    /// The shop's share of the day's orders, relative to the other shops.
    pub order_weight: u32,
}

/// One branch in the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioBranch {
    /// `branch_num`, digits.
    pub num: String,
    /// The physical shop's name.
    pub name: String,
}

/// The ERP of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioErp {
    /// Which one.
    #[serde(default)]
    pub system: ErpSystem,
    /// Branches, one per physical shop.
    pub branches: Vec<ScenarioBranch>,
    /// Whether orders can be looked up or are idempotent there.
    #[serde(default)]
    pub order_mode: OrderMode,
    /// How many sound library codes the ERP does not know (F01d); their goods stand there under another number.
    pub unknown_codes: usize,
}

/// How many ordinary orders the day brings; the orders of [`Troubles`] come on top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderPlan {
    /// At least this many ordinary orders; up to `spread` more follow from the seed.
    pub ordinary: u32,
    /// See `ordinary`.
    pub spread: u32,
    /// Over how many minutes before now they were placed.
    pub minutes: u32,
}

impl Default for OrderPlan {
    fn default() -> Self {
        Self {
            ordinary: 214,
            spread: 24,
            minutes: 600,
        }
    }
}

/// How many orders each trouble gets at least; up to two more follow from the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Troubles {
    /// Name or spec changed on the platform after the last read.
    pub f01a: u32,
    /// A twin of the same name and spec, not bound.
    pub f01b: u32,
    /// 美团 gave a single-spec product a spec text of its own; heals where the rule is on.
    pub f01c: u32,
    /// The library's code is empty, or the ERP does not know it.
    pub f01d: u32,
    /// The platform issued a new SKU code; must heal by itself.
    pub f02a: u32,
    /// Not bound yet when the order came.
    pub f02b: u32,
    /// Deleted in the ERP.
    pub f03: u32,
    /// A code the ERP cannot read as a 64-bit number.
    pub f19a: u32,
    /// Switch 【接收OMS订单】 off: all orders of one branch, so this is the number of orders there.
    pub f24: u32,
}

impl Default for Troubles {
    fn default() -> Self {
        Self {
            f01a: 11,
            f01b: 7,
            f01c: 4,
            f01d: 8,
            f02a: 5,
            f02b: 4,
            f03: 6,
            f19a: 5,
            f24: 9,
        }
    }
}

/// Everything a simulated world is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Decides every choice.
    pub seed: u64,
    /// The chain's name.
    pub name: String,
    /// UTC milliseconds the world starts at; `None` = the machine's clock.
    #[serde(default)]
    pub now: Option<i64>,
    /// The library; the demo library when left out.
    #[serde(default)]
    pub items: Vec<ScenarioItem>,
    /// Platform shops; the first shop of a branch is its main one.
    pub stores: Vec<ScenarioStore>,
    /// The ERP.
    pub erp: ScenarioErp,
    /// How far the shops have drifted from the library.
    #[serde(default)]
    pub drift: DriftShares,
    /// The day's ordinary orders.
    #[serde(default)]
    pub orders: OrderPlan,
    /// The day's troubles.
    #[serde(default)]
    pub troubles: Troubles,
}

impl Scenario {
    /// The demo chain 禾记便利 with its own library: three shops on 美团闪购, two on 饿百零售, one ERP.
    pub fn demo(seed: u64) -> Result<Self, WorldError> {
        Ok(Self::from_items(seed, parse_library(DEMO_LIBRARY)?))
    }

    /// The same stores, ERP, drift and troubles around any library. Item codes are the caller's: a library without
    /// 商品编码 should pass its barcodes as codes, or every order will meet F01d.
    pub fn from_items(seed: u64, items: Vec<ScenarioItem>) -> Self {
        let shop = |platform, remote_id: &str, name: &str, branch: &str, listed_per_mille, order_weight| {
            ScenarioStore {
                platform,
                remote_id: remote_id.to_owned(),
                name: name.to_owned(),
                branch: branch.to_owned(),
                listed_per_mille,
                order_weight,
            }
        };
        let branch = |num: &str, name: &str| ScenarioBranch {
            num: num.to_owned(),
            name: name.to_owned(),
        };
        Self {
            seed,
            name: "禾记便利".to_owned(),
            now: None,
            items,
            stores: vec![
                shop(
                    PlatformId::MeituanShangou,
                    "HJ1001",
                    "禾记便利（青禾路店）",
                    "1001",
                    940,
                    40,
                ),
                shop(
                    PlatformId::MeituanShangou,
                    "HJ1002",
                    "禾记便利（云杉街店）",
                    "1002",
                    720,
                    26,
                ),
                shop(
                    PlatformId::MeituanShangou,
                    "HJ1003",
                    "禾记便利（高铁南站店）",
                    "1003",
                    520,
                    0,
                ),
                shop(
                    PlatformId::Ebai,
                    "2233451001",
                    "禾记便利青禾路店",
                    "1001",
                    880,
                    28,
                ),
                shop(PlatformId::Ebai, "2233451002", "禾记便利云杉街店", "1002", 600, 8),
            ],
            erp: ScenarioErp {
                system: ErpSystem::default(),
                branches: vec![
                    branch("1001", "青禾路店"),
                    branch("1002", "云杉街店"),
                    branch("1003", "高铁南站店"),
                ],
                order_mode: OrderMode::default(),
                unknown_codes: 3,
            },
            drift: DriftShares::default(),
            orders: OrderPlan::default(),
            troubles: Troubles::default(),
        }
    }

    /// Reads a scenario file, JSON or TOML by its first sign; without `items` it gets the demo library.
    pub fn read(text: &str) -> Result<Self, WorldError> {
        let unreadable = |reason: String| WorldError::Unreadable {
            what: "the scenario".to_owned(),
            reason,
        };
        let mut scenario: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?
        } else {
            toml::from_str(text).map_err(|error| unreadable(error.to_string()))?
        };
        if scenario.items.is_empty() {
            scenario.items = parse_library(DEMO_LIBRARY)?;
        }
        Ok(scenario)
    }

    /// The clock the scenario asks for: running from `now`, or the machine's.
    pub fn clock(&self) -> SimClock {
        self.now.map_or(SimClock::Real, SimClock::starting_at)
    }

    /// Makes the world: ERP, shops, groups and listings, drifted. `picture_base` is where the simulator will serve
    /// `/pictures/…` from, such as `http://127.0.0.1:4000`; it may be empty.
    pub fn build(&self, clock: SimClock, picture_base: &str) -> Result<Built, WorldError> {
        build::build(self, clock, picture_base)
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn a_scenario_survives_json_and_toml() {
        let mut scenario = Scenario::demo(3).unwrap();
        scenario.items.truncate(4);
        scenario.now = Some(1_700_000_000_000);
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(Scenario::read(&json).unwrap(), scenario);
        let toml = toml::to_string(&scenario).unwrap();
        assert_eq!(Scenario::read(&toml).unwrap(), scenario);
    }

    #[test]
    fn a_file_without_items_gets_the_demo_library_and_a_broken_one_a_reason() {
        let mut scenario = Scenario::demo(3).unwrap();
        let all = scenario.items.len();
        scenario.items.clear();
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(Scenario::read(&json).unwrap().items.len(), all);
        let error = Scenario::read("{\"seed\": \"x\"}").unwrap_err().to_string();
        assert!(error.contains("scenario"), "{error}");
    }
}
