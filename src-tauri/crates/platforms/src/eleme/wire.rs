//! Answers of NOP calls as they come (fact sheet 1, 4 and 5). Every field may be missing; money is yuan.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Int, List, Nested, Text, Yuan};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The frame of every answer. A missing `result` is told apart from one that is null.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    #[serde(deserialize_with = "present")]
    pub(super) result: Option<Value>,
    pub(super) error: Nested<Option<Fault>>,
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Fault {
    pub(super) code: Text,
    pub(super) message: Text,
}

/// The answer of the token call, good or bad. It holds secrets, so it has no `Debug`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Token {
    pub(super) access_token: Text,
    pub(super) refresh_token: Text,
    pub(super) expires_in: Int,
    pub(super) error: Text,
    pub(super) error_description: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User {
    pub(super) authorized_shops: List<Shop>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Shop {
    pub(super) id: Text,
    pub(super) name: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ShopStatus {
    pub(super) id: Text,
    pub(super) is_open: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Category {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) is_valid: Text,
    pub(super) children: List<Category>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) is_valid: Text,
    pub(super) category_id: Text,
    pub(super) back_category_id: Text,
    pub(super) shop_id: Text,
    pub(super) image_url: Text,
    pub(super) description: Text,
    pub(super) specs: List<Spec>,
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec {
    pub(super) spec_id: Text,
    pub(super) name: Text,
    pub(super) price: Yuan,
    pub(super) stock: Int,
    pub(super) max_stock: Int,
    pub(super) packing_fee: Yuan,
    pub(super) on_shelf: Text,
    pub(super) extend_code: Text,
    pub(super) bar_code: Text,
    /// Whole grams; some answers write them as a decimal.
    pub(super) weight: Int,
}

/// Whether a flag that comes as 0/1 or false/true says no. A missing one does not.
pub(super) fn is_off(flag: &Text) -> bool {
    matches!(flag.as_str(), "0" | "false")
}

/// Whether such a flag says yes.
pub(super) fn is_on(flag: &Text) -> bool {
    matches!(flag.as_str(), "1" | "true")
}

/// What a batch call did, by id.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct BatchResult {
    pub(super) failures: List<Failure>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Failure {
    pub(super) id: Text,
    pub(super) code: Text,
    pub(super) description: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct OrderPage {
    pub(super) list: List<Order>,
    pub(super) total: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) id: Text,
    pub(super) day_sn: Int,
    pub(super) status: Text,
    pub(super) refund_status: Text,
    pub(super) created_at: Text,
    pub(super) active_at: Text,
    pub(super) total_price: Yuan,
    pub(super) original_price: Yuan,
    pub(super) income: Yuan,
    pub(super) package_fee: Yuan,
    pub(super) deliver_fee: Yuan,
    pub(super) consignee: Text,
    pub(super) phone_list: List<Text>,
    pub(super) address: Text,
    pub(super) description: Text,
    pub(super) downgraded: Text,
    pub(super) groups: List<Basket>,
}

/// A basket of goods, or the extra fees, or the discounts.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Basket {
    #[serde(rename = "type")]
    pub(super) kind: Text,
    pub(super) items: List<Line>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) price: Yuan,
    pub(super) quantity: Int,
    pub(super) new_specs: List<Named>,
    pub(super) extend_code: Text,
    pub(super) bar_code: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Named {
    pub(super) value: Text,
}

/// A refund of `getRefundOrder`. Its shape is not written down anywhere we have; the names are those of the refund
/// pushes, so each is taken where it is found.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Refund {
    pub(super) refund_id: Text,
    pub(super) refund_status: Text,
    pub(super) reason: Text,
    pub(super) total_price: Yuan,
    pub(super) update_time: Text,
    pub(super) goods_list: List<RefundGoods>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct RefundGoods {
    pub(super) name: Text,
    pub(super) quantity: Int,
    pub(super) price: Yuan,
}

/// A pushed message, or one that did not reach us.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Pushed {
    pub(super) request_id: Text,
    #[serde(rename = "type")]
    pub(super) kind: Int,
    pub(super) app_id: Text,
    pub(super) shop_id: Text,
    pub(super) timestamp: Int,
    /// Text that holds JSON.
    pub(super) message: Nested<Message>,
}

/// What the kinds of messages have in common: that of a new order is the order itself, the others name it.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) id: Text,
    pub(super) order_id: Text,
}
