//! The chain's ERP: branches, items, stock and the documents it accepted. The same books are kept whichever system the
//! chain has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{App, JushuitanState, TokenPair, WangdiantongState, World};
use crate::draw::Draw;
use crate::error::WorldError;
use crate::faults::Service;

/// What the ERP does with an order it already holds, and whether it can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderMode {
    /// Orders can be looked up; a second upload makes a second document. The look-up call is an assumption: the public
    /// SDK shows none.
    #[default]
    Lookup,
    /// A second upload of the same platform order answers with the first document.
    Idempotent,
    /// Neither: a second upload makes a second document and nothing can be asked.
    Neither,
}

/// Which ERP the chain has: the one that is announced. All of them answer, over the same books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErpSystem {
    /// 乐檬 AMA.
    #[default]
    Ama,
    /// 聚水潭.
    Jushuitan,
    /// 旺店通 企业版.
    WangdiantongEnterprise,
    /// 旺店通 旗舰版.
    WangdiantongFlagship,
}

impl ErpSystem {
    /// The service that it is.
    pub fn service(self) -> Service {
        match self {
            Self::Ama => Service::Ama,
            Self::Jushuitan => Service::Jushuitan,
            Self::WangdiantongEnterprise | Self::WangdiantongFlagship => Service::Wangdiantong,
        }
    }
}

/// A shop in the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// `branch_num`, whole number as text.
    pub num: String,
    /// `branch_code`.
    pub code: String,
    /// `branch_name`.
    pub name: String,
    /// 档案-OMS设置-【接收OMS订单】 (F24).
    pub receives_orders: bool,
    /// In business.
    pub active: bool,
}

/// A good in the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErpItem {
    /// `item_num`, the system number orders name.
    pub num: String,
    /// `item_code`.
    pub code: String,
    /// `item_name`.
    pub name: String,
    /// `item_barcode`.
    #[serde(default)]
    pub barcode: String,
    /// `item_unit`.
    #[serde(default)]
    pub unit: String,
    /// `item_regular_price` in fen.
    #[serde(default)]
    pub price_fen: i64,
    /// `item_del_tag`.
    #[serde(default)]
    pub deleted: bool,
    /// UTC milliseconds of the last change.
    #[serde(default)]
    pub updated_at: i64,
}

/// Kind of an accepted document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Sale order.
    Sale,
    /// Refund order.
    Refund,
}

/// A document the ERP took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErpDocument {
    /// The ERP's own number.
    pub number: String,
    /// Sale or refund.
    pub kind: DocumentKind,
    /// The platform's order number.
    pub platform_order_id: String,
    /// The platform's refund number; empty for a sale.
    pub platform_refund_id: String,
    /// `branch_num` it went to; empty for a refund.
    pub branch: String,
    /// Fen: what the sale was paid with, or what was given back.
    pub money_fen: i64,
    /// UTC milliseconds.
    pub received_at: i64,
    /// The whole upload as it came.
    pub upload: serde_json::Value,
}

/// What the ERP remembers. Stock is in thousandths of the basic unit.
pub struct ErpState {
    /// Which one is announced.
    pub system: ErpSystem,
    /// Keys and limits of 聚水潭.
    pub jushuitan: JushuitanState,
    /// Keys and limits of 旺店通.
    pub wangdiantong: WangdiantongState,
    /// Application.
    pub app: App,
    /// Merchant the app was granted to.
    pub merchant_id: String,
    /// The tokens that hold now.
    pub tokens: TokenPair,
    /// Authorization codes that were issued and not used.
    pub codes: Vec<String>,
    /// Branches by `branch_num`.
    pub branches: BTreeMap<String, Branch>,
    /// Items by `item_num`.
    pub items: BTreeMap<String, ErpItem>,
    /// Thousandths of the basic unit by (`branch_num`, `item_num`).
    pub stock: BTreeMap<(String, String), i64>,
    /// Accepted documents in order of arrival.
    pub documents: Vec<ErpDocument>,
    /// Lookup, idempotent or neither.
    pub order_mode: OrderMode,
}

impl ErpState {
    /// How long an access token lives: the vendor states none, so a day.
    pub(crate) const ACCESS_MS: i64 = 86_400_000;
    /// How long a refresh token lives: the vendor states none, so thirty days.
    pub(crate) const REFRESH_MS: i64 = 30 * 86_400_000;

    pub(super) fn new(seed: u64, draw: &mut Draw) -> Self {
        let app = App {
            id: format!("ama-{}", draw.hex(4)),
            secret: draw.hex(16),
        };
        Self {
            system: ErpSystem::default(),
            jushuitan: JushuitanState::new(seed),
            wangdiantong: WangdiantongState::new(seed),
            app,
            merchant_id: format!("{}", 10_000 + draw.below(90_000)),
            tokens: TokenPair {
                access: draw.hex(16),
                refresh: draw.hex(16),
                // The tokens a world starts with do not die of age, only when a test says so.
                access_until: i64::MAX,
                refresh_until: i64::MAX,
            },
            codes: Vec::new(),
            branches: BTreeMap::new(),
            items: BTreeMap::new(),
            stock: BTreeMap::new(),
            documents: Vec::new(),
            order_mode: OrderMode::default(),
        }
    }

    /// Documents of that kind for a platform order.
    pub fn documents_for(&self, kind: DocumentKind, platform_order_id: &str) -> Vec<&ErpDocument> {
        self.documents
            .iter()
            .filter(|document| document.kind == kind && document.platform_order_id == platform_order_id)
            .collect()
    }
}

/// What a document of the books says, but for the number that it gets.
pub(crate) struct Booking<'a> {
    pub(crate) kind: DocumentKind,
    pub(crate) order: &'a str,
    pub(crate) refund: &'a str,
    pub(crate) branch: &'a str,
    pub(crate) money_fen: i64,
    pub(crate) upload: &'a serde_json::Value,
    /// Items that go, with thousandths of the basic unit.
    pub(crate) sold: &'a [(String, i64)],
}

impl World {
    /// Writes a document down and takes what was sold off the stock; its number.
    pub(crate) fn erp_book(&mut self, booking: &Booking<'_>) -> String {
        let number = self.fresh_id(100_000_000);
        for (item, milli) in booking.sold {
            let place = (booking.branch.to_owned(), item.clone());
            *self.erp.stock.entry(place).or_default() -= milli;
        }
        self.erp.documents.push(ErpDocument {
            number: number.clone(),
            kind: booking.kind,
            platform_order_id: booking.order.to_owned(),
            platform_refund_id: booking.refund.to_owned(),
            branch: booking.branch.to_owned(),
            money_fen: booking.money_fen,
            received_at: self.clock.now_ms(),
            upload: booking.upload.clone(),
        });
        number
    }

    /// Opens a branch in the ERP; it receives OMS orders.
    pub fn erp_add_branch(&mut self, num: &str, code: &str, name: &str) -> Result<(), WorldError> {
        if self.erp.branches.contains_key(num) {
            return Err(WorldError::Exists {
                what: "branch",
                id: num.to_owned(),
            });
        }
        let branch = Branch {
            num: num.to_owned(),
            code: code.to_owned(),
            name: name.to_owned(),
            receives_orders: true,
            active: true,
        };
        self.erp.branches.insert(num.to_owned(), branch);
        Ok(())
    }

    /// Adds an item to the ERP; its change time is now.
    pub fn erp_add_item(&mut self, mut item: ErpItem) -> Result<(), WorldError> {
        if self.erp.items.contains_key(&item.num) {
            return Err(WorldError::Exists {
                what: "item",
                id: item.num,
            });
        }
        item.updated_at = self.now_ms();
        self.erp.items.insert(item.num.clone(), item);
        Ok(())
    }

    /// Somebody deletes the item in the ERP (F03).
    pub fn erp_delete_item(&mut self, num: &str) -> Result<(), WorldError> {
        self.erp_change_item(num, |item| item.deleted = true)
    }

    /// Somebody restores it.
    pub fn erp_restore_item(&mut self, num: &str) -> Result<(), WorldError> {
        self.erp_change_item(num, |item| item.deleted = false)
    }

    /// Changes an item in place and stamps the time.
    pub fn erp_change_item(
        &mut self,
        num: &str,
        change: impl FnOnce(&mut ErpItem),
    ) -> Result<(), WorldError> {
        let now = self.now_ms();
        let item = self
            .erp
            .items
            .get_mut(num)
            .ok_or_else(|| WorldError::UnknownItem(num.to_owned()))?;
        change(item);
        item.updated_at = now;
        Ok(())
    }

    /// Sets the branch's switch 【接收OMS订单】 (F24).
    pub fn erp_set_receive(&mut self, branch: &str, receives: bool) -> Result<(), WorldError> {
        self.erp
            .branches
            .get_mut(branch)
            .map(|held| held.receives_orders = receives)
            .ok_or_else(|| WorldError::UnknownBranch(branch.to_owned()))
    }

    /// Sets the stock of an item in a branch, in thousandths of its basic unit.
    pub fn erp_set_stock(&mut self, branch: &str, item: &str, milli: i64) -> Result<(), WorldError> {
        if !self.erp.branches.contains_key(branch) {
            return Err(WorldError::UnknownBranch(branch.to_owned()));
        }
        if !self.erp.items.contains_key(item) {
            return Err(WorldError::UnknownItem(item.to_owned()));
        }
        self.erp.stock.insert((branch.to_owned(), item.to_owned()), milli);
        Ok(())
    }

    /// The ERP's access token is dead from now on; the refresh token still works.
    pub fn erp_token_expire(&mut self) {
        self.erp.tokens.access_until = self.now_ms() - 1;
    }
}
