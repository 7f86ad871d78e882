//! Orders and refunds as a platform tells them.

use domain::money::Money;
use domain::order::OrderState;
use serde::{Deserialize, Serialize};

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
    /// Pieces that come back, as far as the platform tells which; for a whole order there is no need to.
    #[serde(default)]
    pub lines: Vec<RemoteRefundLine>,
}

/// Pieces of a [`RemoteRefund`], by whatever the platform names them: what it leaves out is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RemoteRefundLine {
    /// As [`RemoteOrderLine::product_ref`].
    pub product_ref: String,
    /// 第三方SKU编码.
    pub outer_sku_code: String,
    /// 商品名称.
    pub product_name: String,
    /// Pieces.
    pub quantity: i64,
}

impl RemoteRefundLine {
    /// Whether it speaks of this line of the order: by our code where it carries one, else by the product, else by name.
    pub fn means(&self, line: &RemoteOrderLine) -> bool {
        if !self.outer_sku_code.is_empty() {
            return self.outer_sku_code == line.outer_sku_code;
        }
        if !self.product_ref.is_empty() {
            return self.product_ref == line.product_ref;
        }
        !self.product_name.is_empty() && self.product_name == line.product_name
    }
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
