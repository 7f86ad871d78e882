//! From wire shapes to the port's words: stores, 类目, listings, orders, refunds.

use super::client::Client;
use super::read::Found;
use super::wire::{Certificate, Node, Order, Picture, PoiRow, Product, Sku};
use connect::platform::{
    RemoteCategory, RemoteListing, RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteSku, RemoteStore,
};
use connect::wire::{List, Text};
use domain::listing::ReviewState;
use domain::money::Money;
use domain::order::OrderState;
use serde_json::json;

/// What a product with one SKU calls it.
pub(super) const SINGLE_SPEC: &str = "单规格";

pub(super) fn store(row: PoiRow) -> RemoteStore {
    RemoteStore {
        remote_id: row.poi.poi_id.0,
        name: row.poi.poi_name.0,
        open: None,
    }
}

/// The nodes of a tree, parents first.
pub(super) fn categories(nodes: Vec<Node>) -> Vec<RemoteCategory> {
    let mut all = Vec::new();
    let mut waiting: Vec<(Option<String>, Node)> = nodes.into_iter().rev().map(|node| (None, node)).collect();
    while let Some((parent, node)) = waiting.pop() {
        let id = node.category_id.0;
        let below = node.sub_tree_infos.0.into_iter().rev();
        waiting.extend(below.map(|child| (Some(id.clone()), child)));
        all.push(RemoteCategory {
            remote_id: id,
            name: node.name.0,
            parent,
            leaf: node.is_leaf,
            permitted: node.enable,
        });
    }
    all
}

/// Our code as it stands in `out_id`. One merchant's products share one room of codes and saving a known one overwrites
/// it, so each store's product carries the store's id before ours.
pub(super) fn out_id(poi: &str, code: &str) -> String {
    format!("{poi}-{code}")
}

fn outer_code(poi: &str, out_id: &str) -> String {
    let ours = out_id.strip_prefix(poi).and_then(|rest| rest.strip_prefix('-'));
    ours.unwrap_or(out_id).to_owned()
}

/// The attribute that holds a product's pictures: `image_list` in public clients; the template says what there is.
pub(super) fn picture_key<'a>(client: &'a Client<'_>) -> &'a str {
    client.session.setting("picture_attribute", "image_list")
}

fn pictures(client: &Client<'_>, product: &Product) -> Vec<String> {
    let text = product.attr_key_value_map.get(picture_key(client));
    let rows: List<Picture> = text
        .and_then(|text| serde_json::from_value(json!(text.0)).ok())
        .unwrap_or_default();
    let urls = rows.0.into_iter().map(|picture| picture.url.0);
    urls.filter(|url| !url.is_empty()).collect()
}

/// A product of the session's store: as it will be where an audit is under way, as it is where one was refused.
pub(super) fn listing(client: &Client<'_>, found: &Found) -> RemoteListing {
    let row = found.shown();
    let product = row.product();
    let skus = row.skus();
    let several = skus.len() > 1;
    let on_sale = if let Some(online) = &found.online {
        online.online_status.or_zero().to_string() == client.session.setting("online_status", "1")
    } else {
        // Not online yet: what it shall be once it has passed.
        let ext = product.product_ext.0.as_ref();
        found.review == ReviewState::Pending && ext.and_then(|ext| ext.auto_online) != Some(false)
    };
    RemoteListing {
        outer_code: outer_code(client.poi(), product.out_id.as_str()),
        pictures: pictures(client, &product),
        remote_id: product.product_id.0,
        name: product.product_name.0,
        // There are no calls for groups inside a store (fact sheet 5).
        group_path: Vec::new(),
        category_id: product
            .category_id
            .filled()
            .filter(|id| *id != "0")
            .unwrap_or_default()
            .to_owned(),
        on_sale,
        review: found.review,
        description: Some(product.desc.0),
        skus: skus.into_iter().map(|row| sku(row, several)).collect(),
    }
}

/// A package's only SKU is often called as the package is: it has no spec of its own.
fn sku(row: Sku, several: bool) -> RemoteSku {
    let stock = row.stock.as_ref().and_then(|stock| match stock.limit_type.0 {
        Some(2) => None,
        _ => stock.avail_qty.0.or(stock.stock_qty.0),
    });
    RemoteSku {
        remote_id: row.sku_id.0,
        outer_sku_code: row.out_sku_id.0,
        spec_name: if several {
            row.sku_name.0
        } else {
            SINGLE_SPEC.to_owned()
        },
        // No field is known (fact sheet 6).
        barcode: String::new(),
        price: row.actual_amount.0,
        stock,
        packing_fee: None,
    }
}

/// The store that an order is of.
pub(super) fn poi_of(order: &Order) -> &str {
    let inner = order.poi.as_ref().and_then(|poi| poi.poi_id.filled());
    let filled = |text: &'_ Text| matches!(text.as_str(), "" | "0");
    if !filled(&order.poi_id) {
        return order.poi_id.as_str();
    }
    inner.unwrap_or(order.intention_poi_id.as_str())
}

/// Where an order stands. The numbers are published nowhere (fact sheet, Unknown): these are our own guesses, and the
/// settings `order_placed`, `order_accepted`, `order_delivering`, `order_completed`, `order_cancelled` and
/// `order_unpaid` name others, joined by commas.
const STATES: [(&str, &str, Option<OrderState>); 6] = [
    ("order_unpaid", "100", None),
    ("order_placed", "200", Some(OrderState::Placed)),
    ("order_accepted", "201", Some(OrderState::Accepted)),
    ("order_delivering", "202", Some(OrderState::Delivering)),
    ("order_completed", "205", Some(OrderState::Completed)),
    ("order_cancelled", "101", Some(OrderState::Cancelled)),
];

/// `None` for an order that waits for its payment: it is none yet.
pub(super) fn state(client: &Client<'_>, status: &str) -> Option<OrderState> {
    let known = STATES.iter().find(|(setting, default, _)| {
        let mut numbers = client.session.setting(setting, default).split(',');
        numbers.any(|number| number.trim() == status)
    });
    if let Some((.., state)) = known {
        return *state;
    }
    tracing::warn!(status, "unknown order status: taken as accepted, read again");
    Some(OrderState::Accepted)
}

pub(super) fn order(client: &Client<'_>, order: Order) -> RemoteOrder {
    let total = order.pay_amount.or_zero();
    let lines = lines(&order);
    let cheapest = lines.iter().map(|line| line.price).min().unwrap_or_default();
    let refunds: Vec<RemoteRefund> = order
        .certificate
        .0
        .iter()
        .filter_map(|row| refund(row, &order, total, cheapest))
        .collect();
    let given_back: Money = refunds
        .iter()
        .filter(|refund| refund.done)
        .map(|refund| refund.amount)
        .sum();
    let placed_at = order.create_order_time.or_zero() * 1000;
    let amounts = order.amount_info.as_ref();
    let delivery = order.delivery_info.as_ref();
    let contact = order.contacts.0.first();
    RemoteOrder {
        state: state(client, order.order_status.as_str()).unwrap_or(OrderState::Placed),
        day_seq: delivery.map_or(0, |delivery| delivery.shop_number.or_zero()),
        placed_at,
        changed_at: placed_at.max(order.update_order_time.or_zero() * 1000),
        total,
        original_total: order.original_amount.0.unwrap_or(total),
        income: amounts.and_then(|amounts| amounts.estimated_order_income.0),
        shipping_fee: amounts
            .map(|amounts| amounts.freight_pay_amount.or_zero())
            .unwrap_or_default(),
        packing_fee: Money::ZERO,
        remark: delivery
            .map(|delivery| delivery.remark.0.clone())
            .unwrap_or_default(),
        receiver_name: contact.map(|contact| contact.name.0.clone()).unwrap_or_default(),
        receiver_phone: contact.map(|contact| contact.phone.0.clone()).unwrap_or_default(),
        // No field is known.
        receiver_address: String::new(),
        incomplete: lines.is_empty(),
        fully_refunded: given_back >= total && total > Money::ZERO,
        lines,
        refunds,
        number: order.order_id.0,
    }
}

/// The order names our code of one SKU only; further products are known by their ids and names.
fn lines(order: &Order) -> Vec<RemoteOrderLine> {
    let rows = &order.products.0;
    let code = |sku: &str| {
        let this = rows.len() == 1 || sku == order.sku_id.as_str();
        if this {
            order.third_sku_id.0.clone()
        } else {
            String::new()
        }
    };
    rows.iter()
        .map(|row| RemoteOrderLine {
            product_ref: row.product_id.0.clone(),
            outer_sku_code: code(row.sku_id.as_str()),
            product_name: row.product_name.0.clone(),
            // A package has one SKU.
            spec_name: String::new(),
            barcode: String::new(),
            quantity: row.num.0.unwrap_or(1),
            price: row.origin_amount.or_zero(),
        })
        .collect()
}

/// What was given back for one certificate, or was asked for. The numbers of `item_status` are not published, so that
/// the time tells whether it is done.
fn refund(row: &Certificate, order: &Order, total: Money, cheapest: Money) -> Option<RemoteRefund> {
    let amount = row.refund_amount.or_zero();
    let at = row.refund_time.or_zero();
    if amount <= Money::ZERO {
        return None;
    }
    let full = amount >= total;
    Some(RemoteRefund {
        number: row.certificate_id.0.clone(),
        order: order.order_id.0.clone(),
        at: at.max(order.create_order_time.or_zero()) * 1000,
        amount,
        full,
        done: at > 0,
        // Less than any piece costs: none comes back (F10).
        difference_only: !full && amount < cheapest,
        reason: String::new(),
        // A certificate is one package; which of several products it is for is not told.
        lines: Vec::new(),
    })
}
