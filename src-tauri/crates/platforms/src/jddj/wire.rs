//! Answers as they come (fact sheet 2, 5 to 13). Every field may be missing; money is fen.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Text};
use serde::Deserialize;
use serde_json::Value;

/// The first layer.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Envelope {
    pub(super) code: Text,
    pub(super) msg: Text,
    pub(super) data: Value,
    pub(super) encrypt_data: Text,
}

/// What the platform posts after the merchant has agreed. It holds a secret, so it has no `Debug`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Granted {
    pub(super) token: Text,
    /// Seconds.
    pub(super) expires_in: Int,
    /// UTC ms.
    pub(super) time: Int,
    #[serde(rename = "venderId")]
    pub(super) vender_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Station {
    pub(super) station_no: Text,
    pub(super) station_name: Text,
    /// 0 open, 1 closed.
    pub(super) close_status: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Group {
    pub(super) id: Text,
    pub(super) pid: Text,
    pub(super) shop_category_name: Text,
    pub(super) sort: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Made {
    pub(super) id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Category {
    pub(super) id: Text,
    pub(super) pid: Text,
    pub(super) category_name: Text,
    pub(super) category_level: Int,
    /// 1 in use.
    pub(super) category_status: Int,
    pub(super) leaf: Text,
}

/// A page of products. The list is text; clients find it under either name.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Products {
    pub(super) result: Value,
    pub(super) result_list: Value,
    pub(super) count: Int,
    pub(super) search_after_sku_id: Text,
}

#[derive(Deserialize, Default, Debug, Clone)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Product {
    pub(super) sku_id: Text,
    pub(super) out_sku_id: Text,
    pub(super) sku_name: Text,
    pub(super) sku_price: Fen,
    /// Several are joined by `;`.
    pub(super) upc_code: Text,
    /// 1 on the shelf, 2 off, 4 deleted.
    pub(super) fixed_status: Int,
    pub(super) category_id: Text,
    pub(super) shop_categories: List<Text>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct StationPrice {
    pub(super) sku_id: Text,
    pub(super) price: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Usable {
    pub(super) sku_id: Text,
    pub(super) usable_qty: Int,
    /// 0 sold, 1 not.
    pub(super) vendibility: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PictureState {
    pub(super) sku_id: Text,
    pub(super) handle_status: Int,
    pub(super) handle_status_str: Text,
    pub(super) handle_remark: Text,
    pub(super) sku_img_sort: Int,
    pub(super) source_img_url: Text,
}

/// What a product write came to.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Ticket {
    pub(super) result_code: Text,
    pub(super) sku_id: Text,
    pub(super) failed_detail: Text,
}

/// What one row of a price or stock call came to. Its shape is inferred, so that names are read as they may come.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Verdict {
    pub(super) out_sku_id: Text,
    #[serde(
        alias = "errorCode",
        alias = "errCode",
        alias = "retCode",
        alias = "resultCode"
    )]
    pub(super) code: Text,
    #[serde(
        alias = "errorMessage",
        alias = "errorMsg",
        alias = "errMsg",
        alias = "retMsg"
    )]
    pub(super) msg: Text,
}

/// Instead of verdicts: the number under which they are asked for.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Batch {
    pub(super) batch_no: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Guess {
    pub(super) brand_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Orders {
    pub(super) total_count: Int,
    pub(super) total_page: Int,
    pub(super) result_list: List<Order>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) order_status: Int,
    pub(super) order_status_time: Text,
    pub(super) order_start_time: Text,
    pub(super) order_purchase_time: Text,
    pub(super) buyer_full_name: Text,
    pub(super) buyer_full_address: Text,
    pub(super) buyer_mobile: Text,
    pub(super) delivery_station_no: Text,
    pub(super) order_total_money: Fen,
    pub(super) order_discount_money: Fen,
    pub(super) order_freight_money: Fen,
    pub(super) order_buyer_payable_money: Fen,
    pub(super) packaging_money: Fen,
    pub(super) order_num: Int,
    pub(super) order_buyer_remark: Text,
    pub(super) product: List<Line>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) sku_id: Text,
    pub(super) sku_id_isv: Text,
    pub(super) sku_name: Text,
    pub(super) sku_jd_price: Fen,
    pub(super) sku_count: Int,
    pub(super) upc_code: Text,
}

/// After-sales of one order; the platform spells it so.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AfterSales {
    pub(super) afs_serive_order_list: List<AfterSaleRow>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AfterSaleRow {
    pub(super) afs_service_order: Text,
    pub(super) afs_service_state: Int,
    pub(super) total_money: Fen,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AfterSale {
    /// UTC ms.
    pub(super) approved_date: Int,
    pub(super) question_desc: Text,
    pub(super) cash_money: Fen,
    pub(super) afs_detail_list: List<AfterSaleLine>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AfterSaleLine {
    pub(super) ware_id: Text,
    pub(super) ware_name: Text,
    pub(super) sku_id_isv: Text,
    pub(super) sku_count: Int,
}

/// Parameters of a push, whichever it is.
#[derive(Deserialize, Default, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Pushed {
    pub(super) bill_id: Text,
    pub(super) out_bill_id: Text,
    pub(super) order_id: Text,
    pub(super) status_id: Text,
    pub(super) delivery_status: Text,
    pub(super) timestamp: Text,
    pub(super) station_no: Text,
    pub(super) sku_id: Text,
}
