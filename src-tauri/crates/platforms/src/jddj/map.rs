//! From wire shapes to the port's words: groups, listings, orders, refunds.

use super::wire::{
    AfterSale, AfterSaleLine, AfterSaleRow, Group, Line, Order, PictureState, Product, StationPrice, Usable,
};
use connect::groups::path;
use connect::platform::{
    Condition, ConditionKind, RemoteGroup, RemoteListing, RemoteOrder, RemoteOrderLine, RemoteRefund,
    RemoteRefundLine, RemoteSku,
};
use connect::shanghai;
use domain::listing::ReviewState;
use domain::money::Money;
use domain::order::OrderState;

/// What the port calls the only spec of a product; the platform has no others (F67).
const SINGLE_SPEC: &str = "单规格";
/// Deepest level of groups.
const LEVELS: usize = 3;

/// Groups with parents before children, in the order the shop shows them.
pub(super) fn groups(rows: Vec<Group>) -> Vec<RemoteGroup> {
    let mut waiting: Vec<RemoteGroup> = rows
        .into_iter()
        .filter(|row| !row.id.is_empty())
        .map(|row| RemoteGroup {
            parent: Some(row.pid.0).filter(|id| !matches!(id.as_str(), "" | "0")),
            remote_id: row.id.0,
            name: row.shop_category_name.0,
            sequence: row.sort.or_zero(),
        })
        .collect();
    waiting.sort_by(|a, b| {
        a.sequence
            .cmp(&b.sequence)
            .then_with(|| a.remote_id.cmp(&b.remote_id))
    });
    let mut sorted: Vec<RemoteGroup> = Vec::with_capacity(waiting.len());
    for _ in 0..LEVELS {
        let placed = |parent: &String| sorted.iter().any(|group| group.remote_id == *parent);
        let (next, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|group| group.parent.as_ref().is_none_or(placed));
        sorted.extend(next);
        waiting = rest;
    }
    sorted
}

/// What a store adds to the merchant's products.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) prices: Vec<StationPrice>,
    pub(super) stocks: Vec<Usable>,
    pub(super) pictures: Vec<PictureState>,
}

/// A product as one store shows it. It is on sale there when the merchant has it on the shelf and the store sells it;
/// to be seen by customers it must be in a group and in stock besides.
pub(super) fn listing(product: Product, shelf: &Shelf, groups: &[RemoteGroup]) -> RemoteListing {
    let id = product.sku_id.0;
    let price = shelf.prices.iter().find(|row| row.sku_id.as_str() == id);
    let stock = shelf.stocks.iter().find(|row| row.sku_id.as_str() == id);
    let mut pictures: Vec<&PictureState> = shelf
        .pictures
        .iter()
        .filter(|row| row.sku_id.as_str() == id)
        .collect();
    pictures.sort_by_key(|row| row.sku_img_sort.or_zero());
    let group = product.shop_categories.0.first();
    RemoteListing {
        outer_code: product.out_sku_id.0.clone(),
        name: product.sku_name.0,
        group_path: group.map(|id| path(groups, id.as_str())).unwrap_or_default(),
        category_id: Some(product.category_id.0)
            .filter(|id| id != "0")
            .unwrap_or_default(),
        review: review(&pictures),
        pictures: pictures
            .iter()
            .filter_map(|row| row.source_img_url.filled())
            .map(str::to_owned)
            .collect(),
        on_sale: product.fixed_status.0 == Some(1) && stock.is_none_or(|row| row.vendibility.or_zero() == 0),
        // The list does not carry it.
        description: None,
        skus: vec![RemoteSku {
            remote_id: id.clone(),
            outer_sku_code: product.out_sku_id.0,
            spec_name: SINGLE_SPEC.to_owned(),
            barcode: product
                .upc_code
                .as_str()
                .split(';')
                .next()
                .unwrap_or_default()
                .to_owned(),
            price: price.and_then(|row| row.price.0).or(product.sku_price.0),
            stock: stock.and_then(|row| row.usable_qty.0),
            packing_fee: None,
        }],
        remote_id: id,
    }
}

/// What has to hold for customers of a store to see a product.
pub(super) fn conditions(
    product: Product,
    shelf: &Shelf,
    groups: &[RemoteGroup],
    open: Option<bool>,
) -> Vec<Condition> {
    let row = shelf
        .stocks
        .iter()
        .find(|row| row.sku_id.as_str() == product.sku_id.as_str());
    let on_shelf = product.fixed_status.0.map(|status| status == 1);
    let sellable = row.and_then(|row| row.vendibility.0).map(|told| told == 0);
    let shown = listing(product, shelf, groups);
    vec![
        Condition::new(ConditionKind::OnShelf, on_shelf),
        Condition::new(ConditionKind::Sellable, sellable),
        Condition::group(&shown.group_path),
        Condition::stock(shown.skus.first().and_then(|sku| sku.stock)),
        Condition::review(shown.review),
        Condition::new(ConditionKind::StoreOpen, open),
    ]
}

/// 0 waits to be fetched, 1 is good; any other number is a failure.
pub(super) fn review(pictures: &[&PictureState]) -> ReviewState {
    let is = |wanted: fn(i64) -> bool| pictures.iter().any(|row| row.handle_status.0.is_some_and(wanted));
    if is(|status| !matches!(status, 0 | 1)) {
        ReviewState::Rejected
    } else if is(|status| status == 0) {
        ReviewState::Pending
    } else {
        ReviewState::None
    }
}

/// What the order itself tells.
pub(super) fn order(order: Order, refunds: Vec<RemoteRefund>, incomplete: bool) -> RemoteOrder {
    let placed_at = local(order.order_purchase_time.as_str())
        .or_else(|| local(order.order_start_time.as_str()))
        .unwrap_or(0);
    let changed_at = local(order.order_status_time.as_str()).unwrap_or(placed_at);
    let total = order.order_buyer_payable_money.0.or(order.order_total_money.0);
    let total = total.unwrap_or_default();
    let given_back: Money = refunds.iter().filter(|r| r.done).map(|r| r.amount).sum();
    RemoteOrder {
        state: state(order.order_status.or_zero()),
        incomplete: incomplete || order.product.0.is_empty(),
        number: order.order_id.0,
        day_seq: order.order_num.or_zero(),
        placed_at,
        changed_at: refunds
            .iter()
            .map(|refund| refund.at)
            .fold(placed_at.max(changed_at), i64::max),
        total,
        original_total: total + order.order_discount_money.or_zero(),
        // What the merchant gets is told by the settlement alone.
        income: None,
        shipping_fee: order.order_freight_money.or_zero(),
        packing_fee: order.packaging_money.or_zero(),
        remark: order.order_buyer_remark.0,
        receiver_name: order.buyer_full_name.0,
        receiver_phone: order.buyer_mobile.0,
        receiver_address: order.buyer_full_address.0,
        fully_refunded: refunds.iter().any(|refund| refund.full && refund.done)
            || (given_back >= total && total > Money::ZERO),
        lines: order.product.0.into_iter().map(line).collect(),
        refunds,
    }
}

/// An order that waits for its payment is none yet.
pub(super) fn is_unpaid(status: i64) -> bool {
    status == 31_000
}

/// Whether there is nothing to come but a refund.
pub(super) fn is_over(status: i64) -> bool {
    matches!(status, 33_060 | 90_000 | 20_020 | 20_040)
}

/// Whether after-sales can be there: goods have been picked. Before that a customer cancels.
pub(super) fn has_after_sales(status: i64) -> bool {
    matches!(status, 32_000 | 33_040 | 33_060 | 90_000)
}

fn state(status: i64) -> OrderState {
    match status {
        31_000 | 31_020 | 41_000 => OrderState::Placed,
        // The customer asked to cancel, or the platform locked it: it stands until somebody decides.
        32_000 | 20_030 | 20_010 => OrderState::Accepted,
        33_040 => OrderState::Delivering,
        33_060 | 90_000 => OrderState::Completed,
        20_020 | 20_040 => OrderState::Cancelled,
        other => {
            tracing::warn!(
                status = other,
                "unknown order status: taken as accepted, read again"
            );
            OrderState::Accepted
        }
    }
}

fn line(line: Line) -> RemoteOrderLine {
    RemoteOrderLine {
        product_ref: line.sku_id.0,
        outer_sku_code: line.sku_id_isv.0,
        product_name: line.sku_name.0,
        spec_name: String::new(),
        barcode: line.upc_code.0,
        quantity: line.sku_count.or_zero(),
        price: line.sku_jd_price.or_zero(),
    }
}

/// 32 and 114 are paid back (fact sheet 13; the meaning of several others is not known). 40 was refused, 50 withdrawn.
pub(super) fn is_dropped(state: i64) -> bool {
    matches!(state, 40 | 50)
}

fn refund_line(line: AfterSaleLine) -> Option<RemoteRefundLine> {
    Some(RemoteRefundLine {
        quantity: line.sku_count.0.filter(|pieces| *pieces > 0)?,
        product_ref: line.ware_id.0,
        outer_sku_code: line.sku_id_isv.0,
        product_name: line.ware_name.0,
    })
}

pub(super) fn refund(row: AfterSaleRow, detail: AfterSale, order: &Order) -> RemoteRefund {
    let amount = detail.cash_money.0.or(row.total_money.0).unwrap_or_default();
    let whole = order.order_buyer_payable_money.or_zero();
    let pieces: i64 = detail
        .afs_detail_list
        .0
        .iter()
        .map(|line| line.sku_count.or_zero())
        .sum();
    let full = amount >= whole && whole > Money::ZERO;
    let told = detail.approved_date.0.filter(|at| *at > 0);
    RemoteRefund {
        number: row.afs_service_order.0,
        order: order.order_id.0.clone(),
        at: told
            .or_else(|| local(order.order_status_time.as_str()))
            .unwrap_or(0),
        amount,
        full,
        done: matches!(row.afs_service_state.0, Some(32 | 114)),
        // Money without pieces: none come back (F10).
        difference_only: pieces == 0 && !full,
        reason: detail.question_desc.0,
        lines: detail
            .afs_detail_list
            .0
            .into_iter()
            .filter_map(refund_line)
            .collect(),
    }
}

/// `yyyy-MM-dd HH:mm:ss` in UTC+8, or milliseconds since 1970; UTC ms.
pub(super) fn local(text: &str) -> Option<i64> {
    if let Ok(ms) = text.parse::<i64>() {
        return (ms > 0).then_some(ms);
    }
    let (day, time) = (text.get(..10)?, text.get(11..19)?);
    let start = shanghai::start_of(&day.replace('-', ""))?;
    let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
    let mut next = || parts.next().flatten();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    Some(start + ((hours * 60 + minutes) * 60 + seconds) * 1000)
}

#[cfg(test)]
mod tests {
    use super::{groups, local, path};
    use crate::jddj::wire::Group;
    use serde_json::json;

    #[test]
    fn three_levels_come_in_order_and_know_their_path() {
        let rows: Vec<Group> = serde_json::from_value(json!([
            {"id": 3, "pid": 2, "shopCategoryName": "乌龙", "sort": 1},
            {"id": 2, "pid": 1, "shopCategoryName": "茶", "sort": 1},
            {"id": 1, "pid": 0, "shopCategoryName": "饮料", "sort": 2},
            {"id": 9, "pid": 0, "shopCategoryName": "水果", "sort": 1},
        ]))
        .unwrap();
        let groups = groups(rows);
        let ids: Vec<&str> = groups.iter().map(|group| group.remote_id.as_str()).collect();
        assert_eq!(ids, ["9", "1", "2", "3"]);
        assert_eq!(path(&groups, "3"), ["饮料", "茶", "乌龙"]);
        assert!(path(&groups, "404").is_empty());
    }

    #[test]
    fn times_are_local_text() {
        assert_eq!(local("2023-11-15 06:13:20"), Some(1_700_000_000_000));
        assert_eq!(local("1700000000000"), Some(1_700_000_000_000));
        assert_eq!(local(""), None);
    }
}
