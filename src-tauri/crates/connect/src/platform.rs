//! The port every sales platform implements.

use crate::error::{Layer, RemoteError};
use crate::gateway::Gateway;
use crate::session::Session;
use async_trait::async_trait;
use domain::money::Money;
use domain::order::OrderState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the engine and the window need to know of a platform, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Descriptor {
    /// Stable id, as in design.md.
    pub id: &'static str,
    /// Name as merchants know it.
    pub name: &'static str,
    /// What authorizing asks for.
    pub credential_fields: Vec<CredentialField>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Facts shown on the capability card: code of the words and a value.
    pub facts: Vec<(&'static str, String)>,
    /// The built-in rule pack: the text of `assets/rules/<id>.toml` (a `domain::rules::RulePack`), by `include_str!`.
    #[serde(skip)]
    pub rules: &'static str,
}

/// One field of the authorization form.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialField {
    /// Key in the credentials, as the fact sheet names it.
    pub key: &'static str,
    /// Label in the merchant's words.
    pub label: &'static str,
    /// Whether it is masked.
    pub secret: bool,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What a value looks like, for the early warning (F53): `digits`, `hex`, `any`.
    pub shape: &'static str,
}

/// What a platform can do. The engine decides by these, never by name.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a capability card is a list of yes and no"
)]
#[derive(Clone, Debug, Serialize)]
pub struct Capabilities {
    /// Products with several specs.
    pub multi_spec: bool,
    /// Most pictures of a product.
    pub pictures: usize,
    /// Levels of groups inside a store.
    pub group_levels: usize,
    /// Products have detail pictures or text.
    pub details: bool,
    /// Pictures are uploaded first and referred to by an id.
    pub picture_upload: bool,
    /// Orders can be listed by time; otherwise the connector walks what there is.
    pub order_list: bool,
    /// A write's result can be read back by our own code, so an unknown outcome can be settled.
    pub readable_by_code: bool,
    /// Most products in one write.
    pub batch: usize,
    /// Most rows in one price or stock call.
    pub row_batch: usize,
}

/// A store the account can see.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoteStore {
    /// The platform's id.
    pub remote_id: String,
    /// Its name there.
    pub name: String,
    /// Whether it takes orders now, when told.
    pub open: Option<bool>,
}

/// A group as the platform holds it. Parents come before children.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoteGroup {
    /// The platform's id; its name where it has no id.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// The parent's `remote_id`.
    pub parent: Option<String>,
    /// Position number there.
    pub sequence: i64,
}

/// A product as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteListing {
    /// The platform's own product id, or our code there when it shows no other. Never empty, unique in the store.
    pub remote_id: String,
    /// Our product code there, may be empty.
    pub outer_code: String,
    /// 商品名称.
    pub name: String,
    /// Group names from the first level; empty when in none.
    pub group_path: Vec<String>,
    /// 类目 id, may be empty.
    pub category_id: String,
    /// Picture addresses or ids, main one first.
    pub pictures: Vec<String>,
    /// On the shelf.
    pub on_sale: bool,
    /// Picture or product in review.
    pub review: domain::listing::ReviewState,
    /// Specifications.
    pub skus: Vec<RemoteSku>,
}

/// A specification as the platform holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemoteSku {
    /// The platform's own SKU id, or 第三方SKU编码, or an ordinal inside the product when it shows neither.
    pub remote_id: String,
    /// 第三方SKU编码, may be empty (F17).
    pub outer_sku_code: String,
    /// 规格名称; 单规格 where the platform shows a product without specs.
    pub spec_name: String,
    /// Barcode.
    pub barcode: String,
    /// Price.
    pub price: Option<Money>,
    /// Stock.
    pub stock: Option<i64>,
}

/// One page of listings.
#[derive(Clone, Debug, Default)]
pub struct ListingPage {
    /// The products.
    pub listings: Vec<RemoteListing>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
    /// How many there are in all, when told.
    pub total: Option<usize>,
}

/// A product to create or to change. `None` leaves the platform's value alone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ListingWrite {
    /// The platform's product id when it exists there.
    pub remote_id: Option<String>,
    /// Our product code, stable: natural key for reading back.
    pub outer_code: String,
    /// 商品名称.
    pub name: Option<String>,
    /// Group names from the first level; the group exists already.
    pub group_path: Option<Vec<String>>,
    /// 类目 id.
    pub category_id: Option<String>,
    /// Picture references as [`Platform::upload_picture`] returned them, or addresses there.
    pub pictures: Option<Vec<String>>,
    /// On the shelf.
    pub on_sale: Option<bool>,
    /// All SKUs for a creation, the changed ones for an update.
    pub skus: Vec<SkuWrite>,
    /// Whether the product has specs of its own on the platform.
    pub multi_spec: bool,
}

/// A specification to create or to change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SkuWrite {
    /// The platform's SKU id when it exists there.
    pub remote_id: Option<String>,
    /// 第三方SKU编码, stable.
    pub outer_sku_code: String,
    /// 规格名称.
    pub spec_name: Option<String>,
    /// Barcode; `Some("")` clears it.
    pub barcode: Option<String>,
    /// Price.
    pub price: Option<Money>,
    /// Stock.
    pub stock: Option<i64>,
    /// Weight in grams.
    pub weight_g: Option<i64>,
}

/// What the platform said to one product of a write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteOutcome {
    /// Done, as it says. Reading back confirms it.
    Accepted {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
    },
    /// Taken, but with a defect the platform names (美团 `blockFlag` 2): part of it may be missing there.
    Flawed {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
        /// Its code, may be empty.
        code: String,
        /// Its own text.
        text: String,
    },
    /// Taken, waiting for its review.
    InReview {
        /// The platform's product id when it told one.
        remote_id: Option<String>,
    },
    /// Not taken.
    Rejected {
        /// Its code, may be empty.
        code: String,
        /// Its own text.
        text: String,
    },
}

/// Names one SKU in price and stock calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkuRef {
    /// The platform's product id.
    pub listing_id: String,
    /// Our product code there.
    pub outer_code: String,
    /// The platform's SKU id.
    pub sku_id: String,
    /// 第三方SKU编码 there.
    pub outer_sku_code: String,
    /// Whether the product has several specs there.
    pub multi_spec: bool,
}

/// An absolute price for one SKU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceWrite {
    /// Which.
    pub sku: SkuRef,
    /// The new price.
    pub price: Money,
}

/// An absolute stock for one SKU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StockWrite {
    /// Which.
    pub sku: SkuRef,
    /// The new stock.
    pub stock: i64,
}

/// An order as the platform tells it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoteOrder {
    /// The platform's order number.
    pub number: String,
    /// Running number of the day, 0 when none.
    pub day_seq: i64,
    /// State.
    pub state: OrderState,
    /// UTC ms.
    pub placed_at: i64,
    /// Last change, UTC ms; `placed_at` when not told. Newest wins.
    pub changed_at: i64,
    /// What the customer paid.
    pub total: Money,
    /// Before discounts.
    pub original_total: Money,
    /// What the merchant gets, when told.
    pub income: Option<Money>,
    /// Delivery fee.
    pub shipping_fee: Money,
    /// Packing fee.
    pub packing_fee: Money,
    /// Buyer's words.
    pub remark: String,
    /// Receiver, as far as the ERP needs it.
    pub receiver_name: String,
    /// Receiver's phone.
    pub receiver_phone: String,
    /// Receiver's address.
    pub receiver_address: String,
    /// Parts that the platform could not deliver this time; the order must be read again before it is pushed.
    pub incomplete: bool,
    /// Everything was refunded.
    pub fully_refunded: bool,
    /// Lines.
    pub lines: Vec<RemoteOrderLine>,
    /// Refunds known with the order.
    pub refunds: Vec<RemoteRefund>,
}

/// One line of a [`RemoteOrder`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RemoteOrderLine {
    /// The platform's product id or our product code, whichever the order carries.
    pub product_ref: String,
    /// 第三方SKU编码.
    pub outer_sku_code: String,
    /// 商品名称.
    pub product_name: String,
    /// 规格名称, empty where the platform shows a product without specs.
    pub spec_name: String,
    /// Barcode.
    pub barcode: String,
    /// Pieces.
    pub quantity: i64,
    /// Price of one.
    pub price: Money,
}

/// A refund.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoteRefund {
    /// The platform's refund number.
    pub number: String,
    /// The order's number.
    pub order: String,
    /// UTC ms.
    pub at: i64,
    /// Money to the customer.
    pub amount: Money,
    /// The whole order.
    pub full: bool,
    /// Done, not only asked for.
    pub done: bool,
    /// 退差单: no quantity comes back (F10).
    pub difference_only: bool,
    /// Why.
    pub reason: String,
}

/// One pull of orders.
#[derive(Clone, Debug, Default)]
pub struct OrderBatch {
    /// Orders new or changed since the cursor.
    pub orders: Vec<RemoteOrder>,
    /// Cursor for the next pull; opaque text that the engine keeps per store.
    pub cursor: String,
    /// More is waiting: pull again at once.
    pub more: bool,
}

/// A step of the connection test that went through, with what was measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    /// Which layer.
    pub layer: Layer,
    /// Values for its words.
    pub params: BTreeMap<String, String>,
}

impl Probe {
    /// A step that went through, with how far the other side's clock was from ours where its answers told.
    pub fn measured(
        layer: Layer,
        mut params: BTreeMap<String, String>,
        gateway: &Gateway,
        session: &Session,
    ) -> Self {
        if let Some(offset) = gateway.clock_offset(session) {
            params.insert("clock_offset_ms".to_owned(), offset.to_string());
        }
        Self { layer, params }
    }
}

/// What the answer to a signed call says of the signature alone: platforms look at key and signature before rights, so
/// a refusal for rights, or of what was asked, means that both are good.
pub fn signature_passed<T>(answer: Result<T, RemoteError>) -> Result<(), RemoteError> {
    match answer {
        Ok(_)
        | Err(
            RemoteError::Refused {
                layer: Layer::Permission | Layer::Store,
                ..
            }
            | RemoteError::Expired { .. }
            | RemoteError::Rejected { .. },
        ) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A sales platform.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Facts as data.
    fn descriptor(&self) -> &Descriptor;

    /// Tests one layer; layers are called inner to outer and stop at the first that fails.
    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError>;

    /// Fresh credential fields when the token nears its end; `None` when there is nothing to refresh.
    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError>;

    /// Stores of the account.
    async fn stores(&self, session: &Session) -> Result<Vec<RemoteStore>, RemoteError>;

    /// Groups of the store.
    async fn groups(&self, session: &Session) -> Result<Vec<RemoteGroup>, RemoteError>;

    /// One page of listings; start with `None`.
    async fn listings(&self, session: &Session, cursor: Option<&str>) -> Result<ListingPage, RemoteError>;

    /// One listing by our code (or the platform's id), for reading back. `Ok(None)` when it is certainly not there.
    async fn listing(
        &self,
        session: &Session,
        remote_id: Option<&str>,
        outer_code: &str,
    ) -> Result<Option<RemoteListing>, RemoteError>;

    /// Makes a group; gives its remote id.
    async fn create_group(
        &self,
        session: &Session,
        path: &[String],
        sequence: i64,
    ) -> Result<String, RemoteError>;

    /// Uploads a picture; gives the reference to use in writes.
    async fn upload_picture(
        &self,
        session: &Session,
        name: &str,
        jpeg: bytes::Bytes,
    ) -> Result<String, RemoteError>;

    /// Creates or changes products, at most `capabilities.batch`; one outcome for each, in order.
    async fn write(
        &self,
        session: &Session,
        products: &[ListingWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError>;

    /// Writes our codes onto a product that exists there without them (or with old ones).
    async fn bind_codes(
        &self,
        session: &Session,
        listing: &RemoteListing,
        outer_code: &str,
        sku_codes: &[(RemoteSku, String)],
    ) -> Result<(), RemoteError>;

    /// Sets prices, at most `capabilities.row_batch`; one result for each, in order.
    async fn set_prices(
        &self,
        session: &Session,
        rows: &[PriceWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError>;

    /// Sets stock, at most `capabilities.row_batch`; one result for each, in order.
    async fn set_stocks(
        &self,
        session: &Session,
        rows: &[StockWrite],
    ) -> Result<Vec<WriteOutcome>, RemoteError>;

    /// Orders since the cursor (`""` the first time).
    async fn orders(&self, session: &Session, cursor: &str) -> Result<OrderBatch, RemoteError>;

    /// One order, read again, with its refunds.
    async fn order(&self, session: &Session, number: &str) -> Result<RemoteOrder, RemoteError>;
}

/// New credential fields and their life.
#[derive(Clone)]
pub struct RefreshedToken {
    /// Fields to replace.
    pub fields: Vec<(String, String)>,
    /// End of life, UTC ms, when told.
    pub expires_at: Option<i64>,
}

impl std::fmt::Debug for RefreshedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshedToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
