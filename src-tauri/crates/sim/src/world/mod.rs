//! Everything the platforms and the ERP remember. Plain data, no I/O; time comes from the [`SimClock`] it holds.

mod doudian;
mod erp;
mod erp_keys;
mod feie;
mod jddj;
mod laike;
mod ledger;
mod listings;
mod mtop;
mod orders;
mod shop;
mod taxonomy;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use doudian::{DoudianPicture, DoudianState};
pub(crate) use erp::Booking;
pub use erp::{Branch, DocumentKind, ErpDocument, ErpItem, ErpState, ErpSystem, OrderMode};
pub use erp_keys::{JushuitanState, Rates, WangdiantongState};
pub use feie::{FeiePrinter, FeieSlip, FeieState, FeieTicket};
pub use jddj::{JddjState, JddjTicket};
pub use laike::{LaikeDish, LaikeProduct, LaikeReview, LaikeState};
pub use ledger::{Ledger, LedgerOrder, LedgerReport, SyncedCount};
pub use mtop::MtopState;
pub use orders::{Order, OrderLine, OrderRequest, OrderState, Refund, RefundState, RequestedLine};
pub use shop::{
    Authorization, Group, Listing, ListingSpec, NewListing, NewSpec, Picture, SINGLE_SPEC, Shop, UNLIMITED,
};
pub(crate) use taxonomy::guess_leaf;
pub use taxonomy::{Taxon, default_taxonomy};

use crate::clock::SimClock;
use crate::draw::Draw;
use crate::error::WorldError;
use crate::faults::Faults;

/// The selling platforms of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformId {
    /// 美团闪购, family A (`retail*`).
    MeituanShangou,
    /// 饿百零售, `cmd` protocol.
    Ebai,
    /// 抖店小时达, open platform of the shop.
    Doudian,
    /// 饿了么 for restaurants, NOP protocol.
    Eleme,
    /// 美团外卖: family A (`food*`) and family B (MTOp) over the same shops.
    MeituanWaimai,
    /// 京东到家, open platform of the merchant.
    Jddj,
    /// 抖音来客, open platform of the merchant's root account.
    DouyinLaike,
}

impl PlatformId {
    /// All, in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::MeituanShangou,
        Self::Ebai,
        Self::Doudian,
        Self::Eleme,
        Self::MeituanWaimai,
        Self::Jddj,
        Self::DouyinLaike,
    ];

    /// The id used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MeituanShangou => "meituan_shangou",
            Self::Ebai => "ebai",
            Self::Doudian => "doudian",
            Self::Eleme => "eleme",
            Self::MeituanWaimai => "meituan_waimai",
            Self::Jddj => "jddj",
            Self::DouyinLaike => "douyin_laike",
        }
    }
}

impl fmt::Display for PlatformId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An application identity at a platform. `Debug` shows the id alone.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// 美团 `app_id`, 饿百 `source`, 抖店, 饿了么 and 京东到家 `app_key`, 抖音来客 `client_key`, AMA app
    /// id.
    pub id: String,
    /// Its secret; made up from the seed.
    pub secret: String,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// One pair of tokens and their ends (UTC milliseconds).
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// Sent with every call.
    pub access: String,
    /// Trades for a new pair, once.
    pub refresh: String,
    /// When `access` dies.
    pub access_until: i64,
    /// When `refresh` dies.
    pub refresh_until: i64,
}

/// What family A of 美团 remembers of one application and its shops: 闪购 or 外卖.
pub struct MeituanState {
    /// The one application the world knows.
    pub app: App,
    /// An ISV application has to send an `access_token` per shop; a self-use one must not need it.
    pub isv: bool,
    /// Tokens by `app_poi_code`.
    pub tokens: BTreeMap<String, TokenPair>,
    /// Authorization codes that were issued and not used, with their shop.
    pub codes: BTreeMap<String, String>,
    /// Shops by `app_poi_code`.
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy by `tag_id`.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// Ids of uploaded pictures.
    pub pictures: BTreeSet<String>,
    /// How far a request's `timestamp` may be from the platform's clock, in milliseconds (10 minutes).
    pub clock_window_ms: i64,
}

impl MeituanState {
    fn new(app: App, taxonomy: BTreeMap<String, Taxon>) -> Self {
        Self {
            app,
            isv: false,
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            shops: BTreeMap::new(),
            taxonomy,
            pictures: BTreeSet::new(),
            clock_window_ms: 600_000,
        }
    }
}

/// What 饿百零售 remembers.
pub struct EbaiState {
    /// The one application the world knows (`source`, secret).
    pub app: App,
    /// Shops by `baidu_shop_id`.
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy, three levels, by id.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// Addresses of uploaded pictures.
    pub pictures: BTreeSet<String>,
    /// Barcodes the platform holds as standard products.
    pub standard_upcs: BTreeSet<String>,
    /// Commands the app has no permission package for (F52).
    pub denied_commands: BTreeSet<String>,
    /// Milliseconds a new picture stays in review (F56).
    pub review_ms: i64,
}

/// What 饿了么 remembers.
pub struct ElemeState {
    /// The one application the world knows (`app_key`, secret).
    pub app: App,
    /// Number of the application, by which missed pushes are asked for.
    pub app_number: u64,
    /// Tokens of the one merchant who has authorized it.
    pub tokens: TokenPair,
    /// Authorization codes that were issued and not used, with the address that each was sent to.
    pub codes: BTreeMap<String, String>,
    /// The merchant says no on the page of consent.
    pub denies: bool,
    /// A personal application gets tokens for its key and secret alone.
    pub personal: bool,
    /// Shops by id; digits.
    pub shops: BTreeMap<String, Shop>,
    /// Fixed taxonomy by id.
    pub taxonomy: BTreeMap<String, Taxon>,
    /// Uploaded pictures by hash, and whether each is square: others are not shown (F47).
    pub pictures: BTreeMap<String, bool>,
    /// Packing fee of a spec in fen, by spec id; none when absent.
    pub packing_fen: BTreeMap<String, i64>,
    /// Upper bound of the stock, by spec id.
    pub max_stock: BTreeMap<String, i64>,
    /// Items in a promotion, which cannot be changed.
    pub locked_items: BTreeSet<String>,
    /// Actions the application has no right to.
    pub denied_actions: BTreeSet<String>,
    /// How far a request's `timestamp` may be from the platform's clock, in milliseconds. The real figure is not
    /// published.
    pub clock_window_ms: i64,
}

impl ElemeState {
    /// Life of an access token: 30 days, as one client keeps it.
    pub const ACCESS_MS: i64 = 30 * 86_400_000;
    /// Life of a refresh token; not published, a placeholder the answer does not tell.
    pub const REFRESH_MS: i64 = 60 * 86_400_000;

    /// Made from a source of its own, so that the other services' secrets stay as they were.
    fn new(seed: u64, now_ms: i64, taxonomy: BTreeMap<String, Taxon>) -> Self {
        let mut draw = Draw::new(seed ^ 0xE1E0);
        Self {
            app: App {
                id: draw.hex(5),
                secret: draw.hex(20),
            },
            app_number: 10_000_000 + draw.below(80_000_000),
            tokens: TokenPair {
                access: draw.hex(16),
                refresh: draw.hex(16),
                access_until: now_ms + Self::ACCESS_MS,
                refresh_until: now_ms + Self::REFRESH_MS,
            },
            codes: BTreeMap::new(),
            denies: false,
            personal: false,
            shops: BTreeMap::new(),
            taxonomy,
            pictures: BTreeMap::new(),
            packing_fen: BTreeMap::new(),
            max_stock: BTreeMap::new(),
            locked_items: BTreeSet::new(),
            denied_actions: BTreeSet::new(),
            clock_window_ms: 600_000,
        }
    }
}

/// The whole simulated outside.
pub struct World {
    /// The world's time.
    pub clock: SimClock,
    /// 美团闪购.
    pub meituan: MeituanState,
    /// 饿百零售.
    pub ebai: EbaiState,
    /// 抖店小时达.
    pub doudian: DoudianState,
    /// 饿了么.
    pub eleme: ElemeState,
    /// 美团外卖: its application at family A, and its shops for both families.
    pub waimai: MeituanState,
    /// 美团外卖: the vendor's application at family B.
    pub mtop: MtopState,
    /// 京东到家.
    pub jddj: JddjState,
    /// 抖音来客.
    pub laike: LaikeState,
    /// The ERP.
    pub erp: ErpState,
    /// 飞鹅 printer cloud.
    pub feie: FeieState,
    /// Orders of all platforms by number.
    pub orders: BTreeMap<String, Order>,
    /// What goes wrong, and when.
    pub faults: Faults,
    /// What API calls have achieved.
    pub ledger: Ledger,
    seed: u64,
    draw: Draw,
    next_id: u64,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed)
            .field("meituan_shops", &self.meituan.shops.len())
            .field("ebai_shops", &self.ebai.shops.len())
            .field("doudian_shops", &self.doudian.shops.len())
            .field("eleme_shops", &self.eleme.shops.len())
            .field("waimai_shops", &self.waimai.shops.len())
            .field("jddj_shops", &self.jddj.shops.len())
            .field("laike_shops", &self.laike.shops.len())
            .field("orders", &self.orders.len())
            .finish_non_exhaustive()
    }
}

impl World {
    /// An empty world: an application on each platform, an ERP merchant, the built-in taxonomies, no shop and no item. Credentials
    /// come from the seed.
    pub fn new(seed: u64, clock: SimClock) -> Self {
        let mut draw = Draw::new(seed);
        let meituan = App {
            id: format!("{}", 9000 + draw.below(1000)),
            secret: draw.hex(16),
        };
        let ebai = App {
            id: format!("{}", 30_000 + draw.below(10_000)),
            secret: draw.hex(8),
        };
        let erp = ErpState::new(seed, &mut draw);
        let taxonomy = default_taxonomy();
        let doudian = DoudianState::new(seed, clock.now_ms(), taxonomy.clone());
        let eleme = ElemeState::new(seed, clock.now_ms(), taxonomy.clone());
        // From a source of its own, so that the other services' secrets stay as they were.
        let mut own = Draw::new(seed ^ 0xFA0D);
        let waimai = App {
            id: format!("{}", 6000 + own.below(1000)),
            secret: own.hex(16),
        };
        let jddj = JddjState::new(seed, clock.now_ms(), taxonomy.clone());
        let laike = LaikeState::new(seed, taxonomy.clone());
        Self {
            clock,
            meituan: MeituanState::new(meituan, taxonomy.clone()),
            ebai: EbaiState {
                app: ebai,
                shops: BTreeMap::new(),
                taxonomy,
                pictures: BTreeSet::new(),
                standard_upcs: BTreeSet::new(),
                denied_commands: BTreeSet::new(),
                review_ms: 600_000,
            },
            doudian,
            eleme,
            waimai: MeituanState::new(waimai, BTreeMap::new()),
            mtop: MtopState::new(seed),
            jddj,
            laike,
            erp,
            feie: FeieState::new(seed),
            orders: BTreeMap::new(),
            faults: Faults::new(seed ^ 0xFA17),
            ledger: Ledger::default(),
            seed,
            draw,
            next_id: 1,
        }
    }

    /// The seed it was made from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// UTC milliseconds of the world's clock.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The world's own random source.
    pub fn draw(&mut self) -> &mut Draw {
        &mut self.draw
    }

    /// The shops of one platform by remote id.
    pub fn shops(&self, platform: PlatformId) -> &BTreeMap<String, Shop> {
        match platform {
            PlatformId::MeituanShangou => &self.meituan.shops,
            PlatformId::Ebai => &self.ebai.shops,
            PlatformId::Doudian => &self.doudian.shops,
            PlatformId::Eleme => &self.eleme.shops,
            PlatformId::MeituanWaimai => &self.waimai.shops,
            PlatformId::Jddj => &self.jddj.shops,
            PlatformId::DouyinLaike => &self.laike.shops,
        }
    }

    /// The shops of one platform, for changing.
    pub fn shops_mut(&mut self, platform: PlatformId) -> &mut BTreeMap<String, Shop> {
        match platform {
            PlatformId::MeituanShangou => &mut self.meituan.shops,
            PlatformId::Ebai => &mut self.ebai.shops,
            PlatformId::Doudian => &mut self.doudian.shops,
            PlatformId::Eleme => &mut self.eleme.shops,
            PlatformId::MeituanWaimai => &mut self.waimai.shops,
            PlatformId::Jddj => &mut self.jddj.shops,
            PlatformId::DouyinLaike => &mut self.laike.shops,
        }
    }

    /// One shop.
    pub fn shop(&self, platform: PlatformId, remote_id: &str) -> Result<&Shop, WorldError> {
        self.shops(platform)
            .get(remote_id)
            .ok_or_else(|| unknown_shop(platform, remote_id))
    }

    /// One shop, for changing.
    pub fn shop_mut(&mut self, platform: PlatformId, remote_id: &str) -> Result<&mut Shop, WorldError> {
        self.shops_mut(platform)
            .get_mut(remote_id)
            .ok_or_else(|| unknown_shop(platform, remote_id))
    }

    /// A fresh number of the platform's own: digits, never repeated in this world.
    pub(crate) fn fresh_id(&mut self, prefix: u64) -> String {
        let id = prefix + self.next_id;
        self.next_id += 1;
        id.to_string()
    }
}

fn unknown_shop(platform: PlatformId, remote_id: &str) -> WorldError {
    WorldError::UnknownShop {
        platform,
        shop: remote_id.to_owned(),
    }
}
