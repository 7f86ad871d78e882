//! 订单.

use super::shared::{StoreBadge, WordsView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the list shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OrderQuery {
    /// Row ids; empty means all.
    pub stores: Vec<i64>,
    /// `all`, `open`, `exception`, `waiting`, `pushed`, `closed`, `late`, `healed`, `by_default` (F15b).
    pub view: String,
    /// Order number, day number with #, product name.
    pub search: String,
    /// Placed since, UTC ms.
    #[ts(optional = nullable)]
    pub from: Option<i64>,
    /// Placed before, UTC ms.
    #[ts(optional = nullable)]
    pub to: Option<i64>,
    /// Keyset page: rows older than this one.
    #[ts(optional = nullable)]
    pub before: Option<OrderCursor>,
    /// Rows to give, at most 500.
    pub limit: i64,
}

/// Where a page ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderCursor {
    /// Of the last row.
    pub placed_at: i64,
    /// Of the last row.
    pub id: i64,
}

/// One page, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderPage {
    /// Orders that match.
    pub total: i64,
    /// Their money.
    pub total_fen: i64,
    /// Counts of the views.
    pub counts: BTreeMap<String, i64>,
    /// Rows.
    pub rows: Vec<OrderRow>,
    /// What was searched for is the number of a refund: its parts. The rows are its order, whenever that was.
    pub refund: Option<RefundNumberView>,
}

/// A refund's number taken apart (F20): 平台编号, a 1, 订单号.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RefundNumberView {
    /// 平台编号.
    pub platform: String,
    /// 订单号.
    pub order: String,
}

/// An order in the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderRow {
    /// Row id.
    pub id: i64,
    /// Where.
    pub store: StoreBadge,
    /// Order number.
    pub number: String,
    /// Number of the day.
    pub day_seq: i64,
    /// `placed`, `accepted`, `delivering`, `completed`, `cancelled`.
    pub state: String,
    /// `waiting`, `sending`, `pushed`, `exception`, `closed`.
    pub push_state: String,
    /// UTC ms.
    pub placed_at: i64,
    /// Paid.
    pub total_fen: i64,
    /// Pieces.
    pub items: i64,
    /// First product and how many more.
    pub summary: String,
    /// ERP document; may be empty.
    pub erp_document: String,
    /// Row of problems.md when it is an exception.
    pub cause: String,
    /// What was healed by itself; may be empty.
    pub healed: String,
    /// Money refunded.
    pub refunded_fen: i64,
    /// Completion expected from, UTC ms (F30).
    pub expected_from: Option<i64>,
    /// Completion expected until, UTC ms.
    pub expected_to: Option<i64>,
}

/// One order with everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderDetail {
    /// Head.
    pub order: OrderRow,
    /// Buyer's words.
    pub remark: String,
    /// Receiver, phone masked.
    pub receiver: String,
    /// Why it was closed.
    pub closed_reason: Option<WordsView>,
    /// Lines.
    pub lines: Vec<OrderLineView>,
    /// Refunds.
    pub refunds: Vec<RefundView>,
    /// 经过, oldest first.
    pub events: Vec<OrderEventView>,
    /// Its slips, oldest first.
    pub tickets: Vec<super::printing::TicketView>,
    /// Why it is not in the ERP.
    pub exception: Option<super::exceptions::ExceptionView>,
}

/// A line.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderLineView {
    /// 商品名称 as ordered.
    pub product_name: String,
    /// 规格名称 as ordered.
    pub spec_name: String,
    /// 第三方SKU编码 as ordered.
    pub outer_sku_code: String,
    /// Barcode as ordered.
    pub barcode: String,
    /// Pieces.
    pub quantity: i64,
    /// Price of one.
    pub price_fen: i64,
    /// Library SKU it went to.
    pub sku: Option<i64>,
    /// Its product.
    pub product: Option<i64>,
    /// Product and spec there.
    pub library_name: String,
    /// Item code it was sent with.
    pub sent_item_code: String,
}

/// A refund.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct RefundView {
    /// Number.
    pub number: String,
    /// UTC ms.
    pub at: i64,
    /// Money.
    pub amount_fen: i64,
    /// Whole order.
    pub full: bool,
    /// Done.
    pub done: bool,
    /// 退差单: by design not pushed (F10).
    pub difference_only: bool,
    /// Why.
    pub reason: String,
    /// `waiting`, `sending`, `pushed`, `exception`.
    pub push_state: String,
    /// ERP document.
    pub document: String,
}

/// One thing that happened.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrderEventView {
    /// UTC ms.
    pub at: i64,
    /// What.
    pub words: WordsView,
    /// Raw text, may be empty.
    pub raw: String,
}

/// What a pull of orders brought.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrdersPulledView {
    /// One line a store.
    pub stores: Vec<OrdersPulledStore>,
    /// Orders pushed after it.
    pub pushed: i64,
    /// Orders that became exceptions.
    pub exceptions: i64,
}

/// One store's pull.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OrdersPulledStore {
    /// Row id.
    pub store: i64,
    /// New orders.
    pub new: i64,
    /// Changed orders.
    pub changed: i64,
    /// Why it failed.
    pub error: Option<WordsView>,
}
