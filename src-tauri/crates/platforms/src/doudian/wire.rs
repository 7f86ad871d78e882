//! Answers as they come (fact sheet 4 to 8). Every field may be missing; money is fen, times are seconds.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

use connect::wire::{Fen, Int, List, Nested, Text};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Both envelopes at once: the present one, and the one of 2021 (`err_no`, `message`).
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) code: Int,
    pub(super) msg: Text,
    pub(super) sub_code: Text,
    pub(super) sub_msg: Text,
    pub(super) err_no: Int,
    pub(super) message: Text,
    pub(super) data: Value,
}

/// The answer of a token call. Not `Debug`: nothing may print it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Token {
    pub(super) access_token: Text,
    /// Life in seconds, about seven days.
    pub(super) expires_in: Int,
    pub(super) refresh_token: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Stores {
    pub(super) total: Int,
    pub(super) store_detail_list: List<StoreDetail>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct StoreDetail {
    pub(super) store: Store,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Store {
    pub(super) store_id: Text,
    pub(super) name: Text,
    pub(super) is_open_now: Option<bool>,
    /// 5 open, 6 paused.
    pub(super) state: Int,
}

/// A page of product.listV2.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Products {
    pub(super) data: List<ProductRow>,
    pub(super) total: Int,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct ProductRow {
    pub(super) product_id: Text,
    pub(super) outer_product_id: Text,
    /// 0 on sale, 1 off, 2 in the recycle bin.
    pub(super) status: Int,
    /// There for the product of a store, absent for the shop's main product.
    pub(super) channel_main_product: Option<MainProduct>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct MainProduct {
    pub(super) product_id: Text,
}

impl ProductRow {
    /// Whether it is the product of a store and not a main product.
    pub(super) fn of_store(&self) -> bool {
        let main = self.channel_main_product.as_ref();
        main.is_some_and(|main| !matches!(main.product_id.as_str(), "" | "0"))
    }
}

/// The answer of product.detail.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Product {
    pub(super) product_id: Text,
    pub(super) product_id_str: Text,
    pub(super) outer_product_id: Text,
    pub(super) name: Text,
    pub(super) pic: List<Text>,
    pub(super) status: Int,
    /// 1 not handed in, 2 in review, 3 passed, 4 refused, 5 banned, 7 passed and waiting for the shelf.
    pub(super) check_status: Int,
    /// The same for changes that are not live yet: 0 none, 2 in review, 3 passed, 4 refused.
    pub(super) draft_status: Int,
    pub(super) store_id: Text,
    pub(super) category_detail: Nested<Option<Category>>,
    pub(super) specs: List<SpecAxis>,
    pub(super) spec_prices: List<Sku>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Category {
    pub(super) first_cid: Text,
    pub(super) second_cid: Text,
    pub(super) third_cid: Text,
    pub(super) fourth_cid: Text,
}

/// One axis of specs (规格, 口味) with its values.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct SpecAxis {
    pub(super) values: List<SpecValue>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct SpecValue {
    pub(super) id: Text,
    pub(super) name: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Sku {
    pub(super) sku_id: Text,
    pub(super) outer_sku_id: Text,
    pub(super) code: Text,
    pub(super) spec_detail_ids: List<Text>,
    pub(super) price: Fen,
    pub(super) stock_num: Int,
    /// Stock by store.
    pub(super) stock_num_map: Option<BTreeMap<String, Int>>,
    /// What else stands there: the field of the barcode is a setting.
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// The answer of product.addV2.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Added {
    pub(super) product_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Uploaded {
    pub(super) store_uri: Text,
}

/// A picture in the material centre, in the answer of the upload and inside `material_info` of the query.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Material {
    pub(super) material_id: Text,
    /// 1 and 2 in review, 3 passed, 4 refused.
    pub(super) audit_status: Int,
    pub(super) byte_url: Text,
    pub(super) material_info: Option<Box<Material>>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Orders {
    pub(super) total: Int,
    pub(super) shop_order_list: List<Order>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct OrderAnswer {
    pub(super) shop_order_detail: Order,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Order {
    pub(super) order_id: Text,
    pub(super) order_status: Int,
    /// 0 not accepted, 1 accepted, 2 cancelled.
    pub(super) accept_order_status: Int,
    pub(super) create_time: Int,
    pub(super) update_time: Int,
    pub(super) order_amount: Fen,
    pub(super) pay_amount: Fen,
    pub(super) post_amount: Fen,
    pub(super) packing_amount: Fen,
    pub(super) buyer_words: Text,
    pub(super) mask_post_receiver: Text,
    pub(super) mask_post_tel: Text,
    pub(super) mask_post_addr: Nested<Option<Address>>,
    pub(super) supermarket_order_serial_no: Text,
    pub(super) sku_order_list: List<Line>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Address {
    pub(super) province: Option<Place>,
    pub(super) city: Option<Place>,
    pub(super) town: Option<Place>,
    pub(super) street: Option<Place>,
    pub(super) detail: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Place {
    pub(super) name: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Line {
    pub(super) product_id: Text,
    pub(super) product_id_str: Text,
    pub(super) product_name: Text,
    pub(super) code: Text,
    pub(super) out_sku_id: Text,
    pub(super) spec: List<SpecOfLine>,
    pub(super) item_num: Int,
    pub(super) origin_amount: Fen,
    pub(super) store_info: Option<StoreOfLine>,
    pub(super) after_sale_info: Option<AfterSaleOfLine>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct SpecOfLine {
    pub(super) value: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct StoreOfLine {
    pub(super) store_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSaleOfLine {
    pub(super) after_sale_status: Int,
}

/// A page of afterSale.List.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSales {
    pub(super) items: List<AfterSale>,
    pub(super) has_more: Option<bool>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSale {
    pub(super) aftersale_info: AfterSaleInfo,
    pub(super) order_info: AfterSaleOrder,
    pub(super) text_part: Option<AfterSaleTexts>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSaleInfo {
    pub(super) aftersale_id: Text,
    /// 0 goods and money, 1 and 2 money, 3 exchange, 6 price guarantee, 7 sent again, 8 repair.
    pub(super) aftersale_type: Int,
    /// 12 done.
    pub(super) aftersale_status: Int,
    pub(super) apply_time: Int,
    pub(super) update_time: Int,
    pub(super) refund_amount: Fen,
    pub(super) aftersale_num: Int,
    /// 3 paid back.
    pub(super) refund_status: Int,
    pub(super) store_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSaleOrder {
    pub(super) shop_order_id: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct AfterSaleTexts {
    pub(super) reason_text: Text,
}

/// A node of the platform's taxonomy.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Taxon {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) is_leaf: Option<bool>,
    pub(super) enable: Option<bool>,
}

/// One message of a push (fact sheet 2).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Message {
    pub(super) tag: Int,
    pub(super) msg_id: Text,
    /// Text that holds JSON.
    pub(super) data: Nested<Told>,
}

/// What the messages have in common: `p_id` is the order's number.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Told {
    pub(super) p_id: Text,
    pub(super) product_id: Text,
    pub(super) store_id: Text,
}
