//! Answers of the gateway as they come (fact sheet 1). Every field may be missing.

#![expect(clippy::struct_field_names, reason = "the names are the vendor's")]

use connect::wire::{Int, List, Text, Yuan};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) code: Int,
    pub(super) msg: Text,
    pub(super) data: Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Token {
    pub(super) access_token: Text,
    pub(super) refresh_token: Text,
    pub(super) expires_in: Int,
}

/// A page of a list. Lists stand under `datas`; orders stand under `orders`, stock under `inventorys`.
#[derive(Deserialize)]
#[serde(default, bound = "T: serde::de::DeserializeOwned")]
pub(super) struct Page<T> {
    #[serde(alias = "orders", alias = "inventorys")]
    pub(super) datas: List<T>,
    pub(super) page_count: Int,
    pub(super) has_next: Text,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            datas: List(Vec::new()),
            page_count: Int(None),
            has_next: Text::default(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Shop {
    pub(super) shop_id: Text,
    pub(super) shop_name: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sku {
    pub(super) sku_id: Text,
    pub(super) i_id: Text,
    pub(super) name: Text,
    pub(super) properties_value: Text,
    pub(super) sku_code: Text,
    pub(super) unit: Text,
    pub(super) sale_price: Yuan,
    pub(super) enabled: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Stock {
    pub(super) sku_id: Text,
    pub(super) qty: Int,
    pub(super) order_lock: Int,
    pub(super) pick_lock: Int,
    pub(super) virtual_qty: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Order {
    pub(super) o_id: Text,
    pub(super) so_id: Text,
    pub(super) shop_id: Text,
}

/// What an upload says of one row, an order's or an after-sale's.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Row {
    pub(super) o_id: Text,
    pub(super) as_id: Text,
    pub(super) so_id: Text,
    pub(super) outer_as_id: Text,
    pub(super) issuccess: Text,
    pub(super) msg: Text,
}

/// The rows of an upload's answer.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Rows {
    pub(super) datas: List<Row>,
}
