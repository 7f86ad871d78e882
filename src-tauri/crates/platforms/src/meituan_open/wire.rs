//! Answers of family A as they come (fact sheet 5, 7 to 11). Every field may be missing. A thing that is spelt in two
//! ways has a field for each, because an answer may carry both.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Nested, Text, Yuan};
use serde::Deserialize;
use serde_json::Value;

/// Both answer shapes at once: classic (`data` ok/ng with `error`) and Shangou (`result_code` 1 to 4 with lists).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Envelope {
    pub(crate) data: Value,
    pub(crate) result_code: Int,
    pub(crate) error: Nested<Option<Fault>>,
    pub(crate) msg: Text,
    pub(crate) error_list: List<ItemFault>,
    pub(crate) success_list: List<ItemDone>,
    pub(crate) extra_info: Nested<ExtraInfo>,
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(crate) struct Fault {
    pub(crate) code: Text,
    pub(crate) msg: Text,
    pub(crate) error_msg: Text,
}

impl Fault {
    pub(crate) fn text(&self) -> &str {
        self.msg.filled().unwrap_or(&self.error_msg.0)
    }
}

/// An entry of `error_list`; `blockFlag` and `msg` are spelt in two ways each.
#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(crate) struct ItemFault {
    app_spu_code: Text,
    app_food_code: Text,
    pub(crate) sku_id: Text,
    pub(crate) code: Text,
    msg: Text,
    error_msg: Text,
    #[serde(rename = "blockFlag")]
    block_flag: Int,
    #[serde(rename = "blockflag")]
    block_flag_small: Int,
}

impl ItemFault {
    pub(crate) fn spu(&self) -> &str {
        self.app_spu_code.filled().unwrap_or(&self.app_food_code.0)
    }

    pub(crate) fn text(&self) -> &str {
        self.msg.filled().unwrap_or(&self.error_msg.0)
    }

    /// 1 not taken, 2 taken with a defect.
    pub(crate) fn block_flag(&self) -> Option<i64> {
        self.block_flag.0.or(self.block_flag_small.0)
    }
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default)]
pub(crate) struct ItemDone {
    app_spu_code: Text,
    app_food_code: Text,
}

impl ItemDone {
    pub(crate) fn spu(&self) -> &str {
        self.app_spu_code.filled().unwrap_or(&self.app_food_code.0)
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct ExtraInfo {
    pub(crate) total_count: Int,
}

/// The answer of `oauth/*`: at top level, not under `data`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Token {
    pub(crate) access_token: Text,
    pub(crate) refresh_token: Text,
    pub(crate) expires_in: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Shop {
    pub(crate) app_poi_code: Text,
    pub(crate) name: Text,
    pub(crate) open_level: Int,
    pub(crate) is_online: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Category {
    pub(crate) code: Text,
    pub(crate) name: Text,
    pub(crate) sequence: Int,
    pub(crate) children: List<Category>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Product {
    pub(crate) app_spu_code: Text,
    pub(crate) app_food_code: Text,
    /// Meituan's own id: shown by family B; taken where family A shows it too.
    pub(crate) mt_spu_id: Text,
    pub(crate) name: Text,
    pub(crate) description: Text,
    pub(crate) price: Yuan,
    pub(crate) category_name: Text,
    pub(crate) secondary_category_name: Text,
    pub(crate) is_sold_out: Int,
    pub(crate) picture: Text,
    pub(crate) tag_id: Text,
    pub(crate) upc_code: Text,
    pub(crate) ctime: Text,
    pub(crate) skus: List<Sku>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Sku {
    pub(crate) sku_id: Text,
    pub(crate) mt_sku_id: Text,
    pub(crate) spec: Text,
    pub(crate) upc: Text,
    pub(crate) price: Yuan,
    pub(crate) stock: Int,
    pub(crate) box_num: Int,
    pub(crate) box_price: Yuan,
}

/// `data` of getOrderDaySeq and getOrderIdByDaySeq: one object or a list of one.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct DaySeq {
    pub(crate) day_seq: Int,
    pub(crate) order_id: Text,
    pub(crate) order_ids: List<Text>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Order {
    pub(crate) order_id: Text,
    pub(crate) wm_order_id_view: Text,
    pub(crate) recipient_name: Text,
    pub(crate) recipient_phone: Text,
    pub(crate) recipient_address: Text,
    pub(crate) shipping_fee: Yuan,
    pub(crate) total: Yuan,
    pub(crate) original_price: Yuan,
    pub(crate) caution: Text,
    pub(crate) status: Int,
    pub(crate) ctime: Int,
    pub(crate) utime: Int,
    pub(crate) day_seq: Int,
    pub(crate) logistics_status: Int,
    pub(crate) detail: List<Line>,
    pub(crate) poi_receive_detail: Nested<Receive>,
    pub(crate) poi_receive_detail_yuan: Nested<ReceiveYuan>,
    pub(crate) package_bag_money: Fen,
    pub(crate) package_bag_money_yuan: Yuan,
    pub(crate) incmp_code: Int,
    pub(crate) incmp_modules: Value,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Receive {
    #[serde(rename = "wmPoiReceiveCent")]
    pub(crate) receive: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct ReceiveYuan {
    #[serde(rename = "poiReceive")]
    pub(crate) receive: Yuan,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Line {
    pub(crate) app_food_code: Text,
    pub(crate) app_spu_code: Text,
    pub(crate) food_name: Text,
    pub(crate) sku_id: Text,
    pub(crate) upc: Text,
    pub(crate) spec: Text,
    pub(crate) quantity: Int,
    /// One public client spells it so.
    pub(crate) quanity: Int,
    pub(crate) price: Yuan,
    pub(crate) box_num: Int,
    pub(crate) box_price: Yuan,
}

/// A row of getOrderRefundDetail (fact sheet 11.1 and 12).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct Refund {
    pub(crate) refund_id: Text,
    pub(crate) refund_type: Int,
    pub(crate) res_type: Int,
    pub(crate) money: Yuan,
    pub(crate) ctime: Int,
    pub(crate) apply_reason: Text,
    #[serde(rename = "wmAppRetailForOrderPartRefundList")]
    pub(crate) lines: List<RefundLine>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(crate) struct RefundLine {
    pub(crate) app_spu_code: Text,
    pub(crate) app_food_code: Text,
    pub(crate) sku_id: Text,
    pub(crate) food_name: Text,
    pub(crate) count: Int,
}
