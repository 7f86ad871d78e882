//! Answers of the gateway as they come (fact sheet 3). Every field may be missing.

#![expect(clippy::struct_field_names, reason = "the names are the vendor's")]

use connect::wire::{Int, Text};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) code: Int,
    pub(super) msg: Text,
    pub(super) result: Value,
}

/// The answer of the token call, or its error.
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
#[serde(default)]
pub(super) struct Branch {
    pub(super) branch_num: Text,
    pub(super) branch_name: Text,
    pub(super) branch_actived: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Item {
    pub(super) item_num: Text,
    pub(super) item_code: Text,
    pub(super) item_name: Text,
    pub(super) item_unit: Text,
    pub(super) item_regular_price: Value,
    pub(super) item_barcode: Text,
    pub(super) item_del_tag: Text,
    pub(super) item_sale_cease_flag: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Stock {
    pub(super) item_num: Text,
    pub(super) inventory_amount: Text,
    pub(super) inventory_valid_amount: Text,
    pub(super) inventory_lock_amount: Text,
}

/// A row of the assumed look-up, and whatever an upload may answer.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Document {
    pub(super) platform_order_id: Text,
    pub(super) order_no: Text,
}

/// Yes in any of the shapes seen for flags: 1, true, "1", "true".
pub(super) fn yes(flag: &Text) -> bool {
    matches!(flag.as_str(), "1" | "true" | "TRUE" | "Y")
}
