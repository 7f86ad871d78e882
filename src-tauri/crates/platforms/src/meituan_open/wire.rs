//! Answers of family A as they come (fact sheet 5, 7 to 11). Every field may be missing. A thing that is spelt in two
//! ways has a field for each, because an answer may carry both.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Nested, Text, Yuan};
use serde::Deserialize;
use serde_json::Value;

/// Both answer shapes at once: classic (`data` ok/ng with `error`) and Shangou (`result_code` 1 to 4 with lists).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) data: Value,
    pub(super) result_code: Int,
    pub(super) error: Nested<Option<Fault>>,
    pub(super) msg: Text,
    pub(super) error_list: List<ItemFault>,
    pub(super) success_list: List<ItemDone>,
    pub(super) extra_info: Nested<ExtraInfo>,
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(super) struct Fault {
    pub(super) code: Text,
    pub(super) msg: Text,
    pub(super) error_msg: Text,
}

impl Fault {
    pub(super) fn text(&self) -> &str {
        self.msg.filled().unwrap_or(&self.error_msg.0)
    }
}

/// An entry of `error_list`; `blockFlag` and `msg` are spelt in two ways each.
#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(super) struct ItemFault {
    app_spu_code: Text,
    app_food_code: Text,
    pub(super) sku_id: Text,
    pub(super) code: Text,
    msg: Text,
    error_msg: Text,
    #[serde(rename = "blockFlag")]
    block_flag: Int,
    #[serde(rename = "blockflag")]
    block_flag_small: Int,
}

impl ItemFault {
    pub(super) fn spu(&self) -> &str {
        self.app_spu_code.filled().unwrap_or(&self.app_food_code.0)
    }

    pub(super) fn text(&self) -> &str {
        self.msg.filled().unwrap_or(&self.error_msg.0)
    }

    /// 1 not taken, 2 taken with a defect.
    pub(super) fn block_flag(&self) -> Option<i64> {
        self.block_flag.0.or(self.block_flag_small.0)
    }
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(super) struct ItemDone {
    app_spu_code: Text,
    app_food_code: Text,
}

impl ItemDone {
    pub(super) fn spu(&self) -> &str {
        self.app_spu_code.filled().unwrap_or(&self.app_food_code.0)
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ExtraInfo {
    pub(super) total_count: Int,
}

/// The answer of `oauth/*`: at top level, not under `data`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Token {
    pub(super) access_token: Text,
    pub(super) refresh_token: Text,
    pub(super) expires_in: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Shop {
    pub(super) app_poi_code: Text,
    pub(super) name: Text,
    pub(super) open_level: Int,
    pub(super) is_online: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Category {
    pub(super) code: Text,
    pub(super) name: Text,
    pub(super) sequence: Int,
    pub(super) children: List<Category>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Product {
    pub(super) app_spu_code: Text,
    pub(super) app_food_code: Text,
    /// Meituan's own id: shown by family B; taken where family A shows it too.
    pub(super) mt_spu_id: Text,
    pub(super) name: Text,
    pub(super) price: Yuan,
    pub(super) category_name: Text,
    pub(super) secondary_category_name: Text,
    pub(super) is_sold_out: Int,
    pub(super) picture: Text,
    pub(super) tag_id: Text,
    pub(super) upc_code: Text,
    pub(super) ctime: Text,
    pub(super) skus: List<Sku>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Sku {
    pub(super) sku_id: Text,
    pub(super) mt_sku_id: Text,
    pub(super) spec: Text,
    pub(super) upc: Text,
    pub(super) price: Yuan,
    pub(super) stock: Int,
}

/// `data` of getOrderDaySeq and getOrderIdByDaySeq: one object or a list of one.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct DaySeq {
    pub(super) day_seq: Int,
    pub(super) order_id: Text,
    pub(super) order_ids: List<Text>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) wm_order_id_view: Text,
    pub(super) recipient_name: Text,
    pub(super) recipient_phone: Text,
    pub(super) recipient_address: Text,
    pub(super) shipping_fee: Yuan,
    pub(super) total: Yuan,
    pub(super) original_price: Yuan,
    pub(super) caution: Text,
    pub(super) status: Int,
    pub(super) ctime: Int,
    pub(super) utime: Int,
    pub(super) day_seq: Int,
    pub(super) logistics_status: Int,
    pub(super) detail: List<Line>,
    pub(super) poi_receive_detail: Nested<Receive>,
    pub(super) poi_receive_detail_yuan: Nested<ReceiveYuan>,
    pub(super) package_bag_money: Fen,
    pub(super) package_bag_money_yuan: Yuan,
    pub(super) incmp_code: Int,
    pub(super) incmp_modules: Value,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Receive {
    #[serde(rename = "wmPoiReceiveCent")]
    pub(super) receive: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ReceiveYuan {
    #[serde(rename = "poiReceive")]
    pub(super) receive: Yuan,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Line {
    pub(super) app_food_code: Text,
    pub(super) app_spu_code: Text,
    pub(super) food_name: Text,
    pub(super) sku_id: Text,
    pub(super) upc: Text,
    pub(super) spec: Text,
    pub(super) quantity: Int,
    /// One public client spells it so.
    pub(super) quanity: Int,
    pub(super) price: Yuan,
    pub(super) box_num: Int,
    pub(super) box_price: Yuan,
}

/// A row of getOrderRefundDetail (fact sheet 11.1 and 12).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Refund {
    pub(super) refund_id: Text,
    pub(super) refund_type: Int,
    pub(super) res_type: Int,
    pub(super) money: Yuan,
    pub(super) ctime: Int,
    pub(super) apply_reason: Text,
    #[serde(rename = "wmAppRetailForOrderPartRefundList")]
    pub(super) lines: List<RefundLine>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct RefundLine {
    pub(super) count: Int,
}
