//! The port every ERP implements.

use crate::error::{Layer, RemoteError};
use crate::platform::{CredentialField, Probe, RefreshedToken};
use crate::session::Session;
use async_trait::async_trait;
use domain::money::Money;
use serde::{Deserialize, Serialize};

/// Facts of an ERP as data.
#[derive(Clone, Debug, Serialize)]
pub struct ErpDescriptor {
    /// Stable id, as in design.md.
    pub id: &'static str,
    /// Name as merchants know it.
    pub name: &'static str,
    /// What authorizing asks for.
    pub credential_fields: Vec<CredentialField>,
}

/// What an account's ERP can do about unknown outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErpCapabilities {
    /// An order can be looked up by its platform number.
    pub order_lookup: bool,
    /// Uploading the same order twice makes one document.
    pub idempotent_upload: bool,
}

/// A branch (线下门店).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Branch {
    /// 线下门店编号.
    pub code: String,
    /// Name.
    pub name: String,
    /// Still in use.
    pub active: bool,
}

/// An item of the ERP.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpItem {
    /// 系统编码: what 商品编码 must equal.
    pub code: String,
    /// The ERP's own short code, may differ.
    pub short_code: String,
    /// Name.
    pub name: String,
    /// Barcode.
    pub barcode: String,
    /// Unit.
    pub unit: String,
    /// Price.
    pub price: Option<Money>,
    /// Deleted or stopped.
    pub deleted: bool,
}

/// One page of items.
#[derive(Clone, Debug, Default)]
pub struct ItemPage {
    /// Items.
    pub items: Vec<ErpItem>,
    /// Where to go on.
    pub next: Option<String>,
}

/// Stock of one item in one branch, in thousandths of the basic unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErpStock {
    /// 系统编码.
    pub code: String,
    /// Sellable amount in thousandths.
    pub available_milli: i64,
}

/// An order as the ERP shall book it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpOrder {
    /// The platform's order number: the dedupe key.
    pub number: String,
    /// 线下门店编号.
    pub branch: String,
    /// The platform's store id.
    pub platform_store: String,
    /// The store's name.
    pub store_name: String,
    /// UTC ms.
    pub placed_at: i64,
    /// What the customer paid.
    pub paid: Money,
    /// Before discounts.
    pub original: Money,
    /// What the merchant gets.
    pub income: Money,
    /// Delivery fee.
    pub shipping_fee: Money,
    /// Packing fee.
    pub packing_fee: Money,
    /// Buyer's words.
    pub remark: String,
    /// Receiver.
    pub receiver_name: String,
    /// Receiver's phone.
    pub receiver_phone: String,
    /// Receiver's address.
    pub receiver_address: String,
    /// Lines.
    pub lines: Vec<ErpOrderLine>,
}

/// One line of an [`ErpOrder`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpOrderLine {
    /// 系统编码 from the library at push time (F15a).
    pub item_code: String,
    /// Names as sold.
    pub product_name: String,
    /// Spec as sold.
    pub spec_name: String,
    /// Barcode of the library.
    pub barcode: String,
    /// The platform's product reference.
    pub product_ref: String,
    /// The platform's SKU reference.
    pub spec_ref: String,
    /// Pieces sold.
    pub quantity: i64,
    /// 基本数量 of one piece, in thousandths.
    pub base_quantity_milli: i64,
    /// Price of one.
    pub price: Money,
}

/// A refund as the ERP shall book it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpRefund {
    /// The refund's own number: the dedupe key.
    pub number: String,
    /// The order's number.
    pub order: String,
    /// Money back.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Lines that come back, all of the order's for a whole one; empty where money alone goes back.
    pub lines: Vec<ErpOrderLine>,
}

/// A document in the ERP.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpDocument {
    /// The platform's order or refund number it stands for.
    pub reference: String,
    /// The ERP's own number; the reference where it tells none.
    pub number: String,
}

/// An ERP.
#[async_trait]
pub trait Erp: Send + Sync {
    /// Facts as data.
    fn descriptor(&self) -> &ErpDescriptor;

    /// What this account offers (a setting where the vendor's facts are uncertain).
    fn capabilities(&self, session: &Session) -> ErpCapabilities;

    /// Tests one layer of the connection.
    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError>;

    /// Fresh credential fields when the token nears its end.
    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError>;

    /// Branches.
    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError>;

    /// One page of items, deleted ones included; start with `None`.
    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError>;

    /// Stock of items in the session's branch; items the ERP does not know are left out.
    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError>;

    /// Books one order.
    async fn push_order(&self, session: &Session, order: &ErpOrder) -> Result<ErpDocument, RemoteError>;

    /// Books one refund.
    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError>;

    /// Looks an order up by its platform number; only with `order_lookup`.
    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError>;
}
