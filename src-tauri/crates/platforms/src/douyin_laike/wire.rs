//! Answers as they come (fact sheet 3 to 7). Every field may be missing; money is fen, times are seconds, and 64-bit
//! numbers come as text and as numbers.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Nested, Text};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) data: Value,
    pub(super) extra: Extra,
    #[serde(rename = "BaseResp")]
    pub(super) base: BaseResp,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Extra {
    pub(super) error_code: Int,
    pub(super) description: Text,
    pub(super) sub_description: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct BaseResp {
    pub(super) status_code: Int,
    pub(super) status_message: Text,
}

/// What `data` says of the call itself.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Verdict {
    pub(super) error_code: Int,
    pub(super) description: Text,
    pub(super) gw_error_code: Int,
    pub(super) gw_description: Text,
}

/// The answer of the token call. Not `Debug`: nothing may print it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Token {
    pub(super) access_token: Text,
    /// Life in seconds.
    pub(super) expires_in: Int,
}

/// A page of stores.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Pois {
    pub(super) pois: List<PoiRow>,
    pub(super) total: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct PoiRow {
    pub(super) poi: Poi,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Poi {
    pub(super) poi_id: Text,
    pub(super) poi_name: Text,
}

/// The tree of 类目.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Tree {
    pub(super) category_tree_infos: List<Node>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Node {
    pub(super) category_id: Text,
    pub(super) name: Text,
    pub(super) is_leaf: bool,
    pub(super) enable: Option<bool>,
    pub(super) sub_tree_infos: List<Node>,
}

/// What a 类目 asks of a product and of its SKU.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Template {
    pub(super) product_attrs: List<Attribute>,
    pub(super) sku_attrs: List<Attribute>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Attribute {
    pub(super) key: Text,
    pub(super) name: Text,
    pub(super) is_required: bool,
    pub(super) is_multi: bool,
}

/// A page of products, online or drafts; each call has a name of its own for the rows.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Rows {
    pub(super) products: List<Row>,
    pub(super) product_onlines: List<Row>,
    pub(super) product_drafts: List<Row>,
    pub(super) next_cursor: Text,
    pub(super) has_more: Option<bool>,
}

impl Rows {
    pub(super) fn into_all(self) -> Vec<Row> {
        let mut rows = self.products.0;
        rows.extend(self.product_onlines.0);
        rows.extend(self.product_drafts.0);
        rows
    }
}

/// A product as the platform holds it. Saving overwrites the whole, so product and SKU are kept as they came.
#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(super) struct Row {
    pub(super) online_status: Int,
    pub(super) draft_status: Int,
    pub(super) product: Map<String, Value>,
    pub(super) sku: Option<Map<String, Value>>,
    pub(super) skus: List<Map<String, Value>>,
}

impl Row {
    /// The product, read.
    pub(super) fn product(&self) -> Product {
        serde_json::from_value(Value::Object(self.product.clone())).unwrap_or_default()
    }

    /// Its SKUs, read.
    pub(super) fn skus(&self) -> Vec<Sku> {
        let rows = self.sku.iter().chain(&self.skus.0);
        rows.map(|sku| serde_json::from_value(Value::Object(sku.clone())).unwrap_or_default())
            .collect()
    }

    /// The platform's id.
    pub(super) fn id(&self) -> String {
        self.product().product_id.0
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Product {
    pub(super) product_id: Text,
    pub(super) out_id: Text,
    pub(super) product_name: Text,
    pub(super) category_id: Text,
    pub(super) desc: Text,
    pub(super) pois: List<Poi>,
    pub(super) attr_key_value_map: BTreeMap<String, Text>,
    pub(super) product_ext: Nested<Option<ProductExt>>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ProductExt {
    pub(super) auto_online: Option<bool>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Sku {
    pub(super) sku_id: Text,
    pub(super) out_sku_id: Text,
    pub(super) sku_name: Text,
    pub(super) origin_amount: Fen,
    pub(super) actual_amount: Fen,
    pub(super) stock: Option<Stock>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Stock {
    /// 1 counted, 2 without an end.
    pub(super) limit_type: Int,
    pub(super) stock_qty: Int,
    pub(super) avail_qty: Int,
}

/// One picture inside an attribute.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Picture {
    pub(super) url: Text,
}

/// The answer of a save.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Saved {
    pub(super) product_id: Text,
}

/// A page of orders.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Orders {
    pub(super) orders: List<Order>,
    pub(super) page: Page,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Page {
    pub(super) total: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) order_status: Text,
    pub(super) create_order_time: Int,
    pub(super) update_order_time: Int,
    pub(super) pay_amount: Fen,
    pub(super) original_amount: Fen,
    pub(super) poi_id: Text,
    pub(super) poi: Option<Poi>,
    pub(super) intention_poi_id: Text,
    pub(super) sku_id: Text,
    pub(super) sku_name: Text,
    pub(super) third_sku_id: Text,
    pub(super) count: Int,
    pub(super) contacts: List<Contact>,
    pub(super) products: List<OrderProduct>,
    pub(super) amount_info: Option<Amounts>,
    pub(super) delivery_info: Option<Delivery>,
    pub(super) certificate: List<Certificate>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Contact {
    pub(super) name: Text,
    pub(super) phone: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct OrderProduct {
    pub(super) product_id: Text,
    pub(super) product_name: Text,
    pub(super) sku_id: Text,
    pub(super) num: Int,
    pub(super) origin_amount: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Amounts {
    pub(super) freight_pay_amount: Fen,
    pub(super) estimated_order_income: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Delivery {
    pub(super) remark: Text,
    /// Number of the shop's day, by its name; not documented.
    pub(super) shop_number: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Certificate {
    pub(super) certificate_id: Text,
    pub(super) refund_amount: Fen,
    pub(super) refund_time: Int,
}

/// A webhook; `content` is JSON text, a structure in the question that tries the address.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Webhook {
    pub(super) event: Text,
    pub(super) client_key: Text,
    pub(super) content: Nested<Content>,
}

/// What of a webhook or an SPI call concerns us.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Content {
    pub(super) challenge: Value,
    pub(super) account_id: Text,
    pub(super) poi_id: Text,
    pub(super) order_id: Text,
    pub(super) product_id: Text,
    pub(super) order: Option<ContentOrder>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ContentOrder {
    pub(super) order_id: Text,
    pub(super) account_id: Text,
    pub(super) poi_id: Text,
}
