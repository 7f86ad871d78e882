//! Answers of the `cmd` protocol as they come (fact sheet 1, 4 and 5). Every field may be missing; money is fen. A thing
//! that is spelt in two ways has a field for each, because an answer may carry both.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Nested, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Both error shapes at once: the envelope, and the gateway's bare object.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) body: Nested<Option<Body>>,
    error_code: Text,
    error_message: Text,
    #[serde(rename = "errorCode")]
    error_code_camel: Text,
    #[serde(rename = "errorMessage")]
    error_message_camel: Text,
}

impl Envelope {
    /// Code and message of the bare shape.
    pub(super) fn bare(&self) -> Option<(&str, &str)> {
        let code = self.error_code.filled().or(self.error_code_camel.filled())?;
        let message = self.error_message.filled().or(self.error_message_camel.filled());
        Some((code, message.unwrap_or_default()))
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Body {
    pub(super) errno: Int,
    pub(super) error: Text,
    pub(super) data: Value,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Shop {
    pub(super) baidu_shop_id: Text,
    pub(super) platform_shop_id: Text,
    pub(super) shop_id: Text,
    pub(super) name: Text,
    pub(super) status: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Categories {
    pub(super) categorys: List<Category>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Category {
    pub(super) category_id: Text,
    pub(super) name: Text,
    pub(super) rank: Int,
    pub(super) children: List<Category>,
}

#[derive(Deserialize, Debug)]
#[serde(default, bound = "T: DeserializeOwned")]
pub(super) struct Page<T> {
    pub(super) total: Int,
    pub(super) pages: Int,
    pub(super) sku_id_offset: Text,
    pub(super) list: List<T>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            total: Int::default(),
            pages: Int::default(),
            sku_id_offset: Text::default(),
            list: List::default(),
        }
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Product {
    pub(super) sku_id: Text,
    pub(super) custom_sku_id: Text,
    pub(super) name: Text,
    pub(super) upc: Text,
    pub(super) status: Text,
    pub(super) left_num: Int,
    pub(super) sale_price: Fen,
    pub(super) cat3_id: Text,
    pub(super) desc: Text,
    pub(super) photos: List<Photo>,
    pub(super) custom_cat_list: List<CustomCategory>,
    pub(super) sku_spec: List<Spec>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Photo {
    pub(super) is_master: Int,
    pub(super) url: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct CustomCategory {
    pub(super) custom_cat_id: Text,
    pub(super) custom_cat_name: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Spec {
    pub(super) sku_spec_id: Text,
    pub(super) sku_spec_custom_id: Text,
    pub(super) upc: Text,
    pub(super) sale_price: Fen,
    pub(super) left_num: Int,
    pub(super) spec_property: List<SpecProperty>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct SpecProperty {
    pub(super) value_text: Text,
}

/// The answer of sku.create.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Created {
    pub(super) sku_id: Text,
}

/// A part failure: JSON text in `error` (fact sheet 4, errno 500001 on batch calls).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct PartFailure {
    pub(super) failed_list: List<FailedRow>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct FailedRow {
    pub(super) custom_sku_id: Text,
    pub(super) sku_id: Text,
    pub(super) upc: Text,
    pub(super) error_no: Text,
    pub(super) error_msg: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct OrderRow {
    pub(super) order_id: Text,
    pub(super) create_time: Int,
    pub(super) order_status: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct OrderData {
    pub(super) order: Nested<Order>,
    pub(super) user: Nested<User>,
    /// Bags, then lines.
    pub(super) products: List<List<Line>>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) order_index: Int,
    pub(super) status: Int,
    pub(super) create_time: Int,
    pub(super) confirm_time: Int,
    pub(super) finished_time: Int,
    pub(super) cancel_time: Int,
    pub(super) total_fee: Fen,
    pub(super) user_fee: Fen,
    pub(super) shop_fee: Fen,
    pub(super) send_fee: Fen,
    pub(super) package_fee: Fen,
    pub(super) remark: Text,
    pub(super) down_flag: Int,
    pub(super) ext: Nested<Ext>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Ext {
    /// Part refund: 10 asked, 20 given back, 30 arbitration, 40 failed, 50 refused by the merchant (the vendor's own
    /// comment in its per-API SDK, class `OrderGetExt`).
    pub(super) part_refund_status: Int,
    /// Refund of the whole order: 10 asked, 20 service steps in, 30 service refused, 40 service agreed, 50 merchant
    /// refused, 60 merchant agreed, 70 lapsed (same source).
    pub(super) online_cancel_status: Int,
}

/// The answer of order.partrefund.get, which is not documented publicly: a list, or a list inside an object.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
pub(super) enum Refunds {
    Inside { refund_list: List<Refund> },
    Bare(List<Refund>),
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct User {
    pub(super) name: Text,
    pub(super) phone: Text,
    pub(super) address: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Line {
    pub(super) baidu_product_id: Text,
    pub(super) custom_sku_id: Text,
    pub(super) upc: Text,
    pub(super) product_name: Text,
    pub(super) product_price: Fen,
    pub(super) product_amount: Int,
    pub(super) product_features: List<Feature>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Feature {
    pub(super) option: Text,
}

/// A row of order.partrefund.get, with the fields of the part-refund push.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Refund {
    pub(super) refund_id: Text,
    pub(super) refund_order_id: Text,
    pub(super) refund_price: Fen,
    pub(super) status: Int,
    pub(super) reason: Text,
    pub(super) create_time: Int,
    pub(super) refund_products: List<RefundProduct>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct RefundProduct {
    pub(super) sku_id: Text,
    pub(super) custom_sku_id: Text,
    pub(super) name: Text,
    pub(super) number: Int,
}

/// A node of the platform's taxonomy.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Taxon {
    pub(super) cat_id: Text,
    pub(super) cat_name: Text,
    pub(super) parent_id: Text,
}

/// What the pushes have in common; each carries a part of it (fact sheet 6).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Pushed {
    pub(super) order_id: Text,
    pub(super) refund_id: Text,
    pub(super) refund_order_id: Text,
    pub(super) status: Text,
    #[serde(rename = "type")]
    pub(super) kind: Text,
    pub(super) sku_id: Text,
    pub(super) platform_shop_id: Text,
    pub(super) baidu_shop_id: Text,
    pub(super) shop_id: Text,
}
