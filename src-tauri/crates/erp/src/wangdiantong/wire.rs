//! Answers of both editions as they come (fact sheet 2). Every field may be missing.

#![expect(clippy::struct_field_names, reason = "the names are the vendor's")]

use connect::wire::{Int, List, Text, Yuan};
use serde::Deserialize;
use serde_json::Value;

/// What both editions wrap an answer in: 企业版 says `code` and puts the rest beside it, 旗舰版 says `status` and `data`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Envelope {
    #[serde(alias = "code")]
    pub(super) status: Int,
    pub(super) message: Text,
    pub(super) data: Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Shops {
    #[serde(alias = "shoplist", alias = "shop_list")]
    pub(super) details: List<Shop>,
    pub(super) total_count: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Shop {
    pub(super) shop_no: Text,
    pub(super) shop_name: Text,
    pub(super) is_disabled: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Goods {
    pub(super) goods_list: List<Good>,
    pub(super) total_count: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Good {
    pub(super) goods_no: Text,
    pub(super) goods_name: Text,
    pub(super) unit_name: Text,
    pub(super) deleted: Int,
    pub(super) spec_list: List<Spec>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Spec {
    pub(super) spec_no: Text,
    pub(super) spec_name: Text,
    pub(super) barcode: Text,
    pub(super) retail_price: Yuan,
    #[serde(alias = "spec_unit_name")]
    pub(super) unit_name: Text,
    pub(super) deleted: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Stocks {
    #[serde(alias = "stocks", alias = "detail_list")]
    pub(super) details: List<Stock>,
    pub(super) total_count: Int,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Stock {
    pub(super) spec_no: Text,
    pub(super) defect: Text,
    pub(super) stock_num: Text,
    pub(super) unpay_num: Text,
    pub(super) subscribe_num: Text,
    pub(super) order_num: Text,
    pub(super) sending_num: Text,
}

/// What a push says of its rows: how many were new and how many changed, and which of 旗舰版's failed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Pushed {
    pub(super) new_count: Int,
    pub(super) chg_count: Int,
    pub(super) error_list: List<Failed>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Failed {
    pub(super) no: Text,
    pub(super) error: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Orders {
    pub(super) order: List<Order>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Order {
    pub(super) tid: Text,
    pub(super) rec_id: Text,
    pub(super) shop_no: Text,
}
