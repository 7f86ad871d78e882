//! 订单 as stored once, whatever the platform's shape was.

use crate::id::{OrderId, OrderLineId, SkuId, StoreId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Where an order stands on its platform.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Placed, not accepted.
    Placed,
    /// Accepted by the shop.
    Accepted,
    /// With the courier.
    Delivering,
    /// Finished (four to eight hours after acceptance, F30).
    Completed,
    /// Cancelled.
    Cancelled,
}

/// Where an order stands on its way into the ERP. The closed set; text in SQLite.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushState {
    /// To be pushed.
    Waiting,
    /// Bytes may have left; the answer is not known yet.
    Sending,
    /// In the ERP.
    Pushed,
    /// 异常订单: not taken, with a cause.
    Exception,
    /// Not to be pushed any more: cancelled or fully refunded while it waited, or the manager said so.
    Closed,
}

impl PushState {
    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Pushed => "pushed",
            Self::Exception => "exception",
            Self::Closed => "closed",
        }
    }
}

/// An order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// Row id.
    pub id: OrderId,
    /// Where it was placed.
    pub store: StoreId,
    /// The platform's order number, 18 digits and more: text.
    pub number: String,
    /// The running number of the day in that store, 0 when the platform gives none.
    pub day_seq: i64,
    /// State on the platform.
    pub state: OrderState,
    /// UTC ms.
    pub placed_at: i64,
    /// What the customer paid.
    pub total: Money,
    /// Whether everything was refunded.
    pub fully_refunded: bool,
    /// The buyer's words.
    pub remark: String,
    /// Lines in the platform's order.
    pub lines: Vec<OrderLine>,
}

/// One line of an order, with the texts by which it is matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderLine {
    /// Row id.
    pub id: OrderLineId,
    /// 第三方SKU编码 as the order carries it.
    pub outer_sku_code: String,
    /// 商品名称 as the order carries it.
    pub product_name: String,
    /// 规格名称 as the order carries it.
    pub spec_name: String,
    /// Barcode as the order carries it.
    pub barcode: String,
    /// Pieces.
    pub quantity: i64,
    /// Price of one after the product's own discount.
    pub price: Money,
    /// The SKU it was resolved to at the last push (a snapshot, F15a).
    pub resolved_to: Option<SkuId>,
}
