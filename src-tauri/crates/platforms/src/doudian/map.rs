//! From wire shapes to the port's words: stores, listings, orders, refunds.

use super::wire::{Address, AfterSale, Category, Line, Order, Product, Sku, SpecAxis, Store};
use connect::platform::{RemoteListing, RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteSku, RemoteStore};
use connect::wire::Text;
use domain::listing::ReviewState;
use domain::money::Money;
use domain::order::OrderState;

/// What a product without specs calls its only one, and the axis every spec of ours stands on.
pub(super) const SINGLE_SPEC: &str = "单规格";
pub(super) const AXIS: &str = "规格";

pub(super) fn store(store: Store) -> RemoteStore {
    RemoteStore {
        remote_id: store.store_id.0,
        name: store.name.0,
        open: store.is_open_now.or(store.state.0.map(|state| state == 5)),
    }
}

/// A product of one store. `barcode_field` is the name of the field that carries barcodes; empty when none does.
pub(super) fn listing(product: Product, store_id: &str, barcode_field: &str) -> RemoteListing {
    let review = review(&product);
    let axes = product.specs.0;
    let skus = product.spec_prices.0;
    RemoteListing {
        remote_id: product
            .product_id_str
            .filled()
            .unwrap_or(product.product_id.as_str())
            .to_owned(),
        outer_code: product.outer_product_id.0,
        name: product.name.0,
        // Groups inside a store have no calls (fact sheet 5).
        group_path: Vec::new(),
        category_id: product.category_detail.0.map(leaf).unwrap_or_default(),
        pictures: product
            .pic
            .0
            .into_iter()
            .map(|url| url.0)
            .filter(|url| !url.is_empty())
            .collect(),
        on_sale: product.status.0 == Some(0),
        review,
        // A description there is a list of pictures (fact sheet 6).
        description: None,
        skus: skus
            .into_iter()
            .map(|row| sku(row, &axes, store_id, barcode_field))
            .collect(),
    }
}

/// The review of the product, and of a change of it that is not live yet.
fn review(product: &Product) -> ReviewState {
    match (product.check_status.0, product.draft_status.0) {
        (Some(2), _) | (_, Some(2)) => ReviewState::Pending,
        (Some(4 | 5), _) | (_, Some(4)) => ReviewState::Rejected,
        _ => ReviewState::None,
    }
}

/// The deepest level that is there.
fn leaf(category: Category) -> String {
    [
        category.fourth_cid,
        category.third_cid,
        category.second_cid,
        category.first_cid,
    ]
    .into_iter()
    .map(|id| id.0)
    .find(|id| !matches!(id.as_str(), "" | "0"))
    .unwrap_or_default()
}

fn sku(row: Sku, axes: &[SpecAxis], store_id: &str, barcode_field: &str) -> RemoteSku {
    let of_store = row.stock_num_map.as_ref().and_then(|map| map.get(store_id)?.0);
    let barcode = row.others.get(barcode_field).cloned().unwrap_or_default();
    RemoteSku {
        spec_name: spec_name(&row, axes),
        remote_id: row.sku_id.0,
        outer_sku_code: row.code.filled().unwrap_or(row.outer_sku_id.as_str()).to_owned(),
        barcode: serde_json::from_value::<Text>(barcode).unwrap_or_default().0,
        price: row.price.0,
        stock: of_store.or(row.stock_num.0),
        packing_fee: None,
    }
}

/// The values of a SKU by their ids, one of each axis.
pub(super) fn spec_name(row: &Sku, axes: &[SpecAxis]) -> String {
    let values = axes.iter().flat_map(|axis| &axis.values.0);
    let named: Vec<&str> = row
        .spec_detail_ids
        .0
        .iter()
        .filter_map(|id| {
            let value = values.clone().find(|value| value.id == *id)?;
            value.name.filled()
        })
        .collect();
    if named.is_empty() {
        SINGLE_SPEC.to_owned()
    } else {
        named.join(",")
    }
}

pub(super) fn order(order: Order, refunds: Vec<RemoteRefund>) -> RemoteOrder {
    let total = order.pay_amount.0.or(order.order_amount.0).unwrap_or_default();
    let given_back: Money = refunds.iter().filter(|r| r.done).map(|r| r.amount).sum();
    let placed_at = order.create_time.or_zero() * 1000;
    RemoteOrder {
        state: state(order.order_status.0, order.accept_order_status.0),
        day_seq: order.supermarket_order_serial_no.0.parse().unwrap_or(0),
        placed_at,
        changed_at: placed_at.max(order.update_time.or_zero() * 1000),
        total,
        original_total: order.order_amount.0.unwrap_or(total),
        // What the merchant gets is told by the bills, not by the order.
        income: None,
        shipping_fee: order.post_amount.or_zero(),
        packing_fee: order.packing_amount.or_zero(),
        remark: order.buyer_words.0,
        receiver_name: order.mask_post_receiver.0,
        receiver_phone: order.mask_post_tel.0,
        receiver_address: order.mask_post_addr.0.map(address).unwrap_or_default(),
        incomplete: order.sku_order_list.0.is_empty(),
        fully_refunded: refunds.iter().any(|refund| refund.full && refund.done)
            || (given_back >= total && total > Money::ZERO),
        lines: order.sku_order_list.0.into_iter().map(line).collect(),
        refunds,
        number: order.order_id.0,
    }
}

/// Paid and to be shipped counts by whether the store has accepted it.
fn state(status: Option<i64>, accepted: Option<i64>) -> OrderState {
    match (status, accepted) {
        (Some(4), _) | (Some(1 | 2 | 105), Some(2)) => OrderState::Cancelled,
        (Some(5), _) => OrderState::Completed,
        (Some(3 | 101), _) => OrderState::Delivering,
        (Some(2 | 105), Some(1)) => OrderState::Accepted,
        (Some(1 | 2 | 105) | None, _) => OrderState::Placed,
        (Some(other), _) => {
            tracing::warn!(
                status = other,
                "unknown order status: taken as accepted, read again"
            );
            OrderState::Accepted
        }
    }
}

fn address(address: Address) -> String {
    [address.province, address.city, address.town, address.street]
        .into_iter()
        .flatten()
        .map(|place| place.name.0)
        .chain([address.detail.0])
        .collect()
}

fn line(line: Line) -> RemoteOrderLine {
    let values: Vec<&str> = line
        .spec
        .0
        .iter()
        .filter_map(|spec| spec.value.filled())
        .filter(|value| *value != SINGLE_SPEC)
        .collect();
    RemoteOrderLine {
        spec_name: values.join(","),
        product_ref: line
            .product_id_str
            .filled()
            .unwrap_or(line.product_id.as_str())
            .to_owned(),
        outer_sku_code: line.code.filled().unwrap_or(line.out_sku_id.as_str()).to_owned(),
        product_name: line.product_name.0,
        // Orders carry no barcode.
        barcode: String::new(),
        quantity: line.item_num.or_zero(),
        price: line.origin_amount.or_zero(),
    }
}

/// A refund; `None` for an exchange, a repair or goods sent again, which move no money.
pub(super) fn refund(row: AfterSale, order: &str, total: Money) -> Option<RemoteRefund> {
    let info = row.aftersale_info;
    let amount = info.refund_amount.or_zero();
    if info.aftersale_id.is_empty()
        || (matches!(info.aftersale_type.0, Some(3 | 7 | 8)) && amount == Money::ZERO)
    {
        return None;
    }
    Some(RemoteRefund {
        number: info.aftersale_id.0,
        order: order.to_owned(),
        at: info.apply_time.or_zero() * 1000,
        amount,
        full: amount >= total && total > Money::ZERO,
        done: info.aftersale_status.0 == Some(12) || info.refund_status.0 == Some(3),
        // A price guarantee, or no pieces named: none come back (F10).
        difference_only: info.aftersale_type.0 == Some(6) || info.aftersale_num.or_zero() == 0,
        // How many pieces is told, which ones is not.
        lines: Vec::new(),
        reason: row.text_part.map(|texts| texts.reason_text.0).unwrap_or_default(),
    })
}
