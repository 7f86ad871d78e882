//! From wire shapes to the port's words: groups, listings, orders, refunds.

use super::wire::{Category, Item, Line, Order, Refund, RefundGoods, is_off, is_on};
use connect::groups::path;
use connect::platform::{
    RemoteGroup, RemoteListing, RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteRefundLine, RemoteSku,
};
use connect::shanghai;
use domain::listing::ReviewState;
use domain::money::Money;
use domain::order::OrderState;

/// What the port calls the only spec of a product without specs.
pub(super) const SINGLE_SPEC: &str = "单规格";

/// Groups with parents before children, in the order the shop shows them. Removed ones are left out.
pub(super) fn groups(categories: Vec<Category>) -> Vec<RemoteGroup> {
    let mut groups = Vec::new();
    let valid = |category: &Category| !is_off(&category.is_valid) && !category.id.is_empty();
    for (first, place) in categories.into_iter().filter(valid).zip(1..) {
        let parent = first.id.0;
        groups.push(RemoteGroup {
            remote_id: parent.clone(),
            name: first.name.0,
            parent: None,
            sequence: place,
        });
        let children = first.children.0.into_iter().filter(valid).zip(1..);
        groups.extend(children.map(|(child, place)| RemoteGroup {
            remote_id: child.id.0,
            name: child.name.0,
            parent: Some(parent.clone()),
            sequence: place,
        }));
    }
    groups
}

/// Items have no code of their own, only their specs have: the first code among them stands for the product.
pub(super) fn listing(item: Item, groups: &[RemoteGroup]) -> RemoteListing {
    let lone = item.specs.0.len() == 1;
    let skus: Vec<RemoteSku> = item
        .specs
        .0
        .iter()
        .map(|spec| RemoteSku {
            remote_id: spec.spec_id.0.clone(),
            outer_sku_code: spec.extend_code.0.clone(),
            spec_name: if lone && spec.name.is_empty() {
                SINGLE_SPEC.to_owned()
            } else {
                spec.name.0.clone()
            },
            barcode: spec.bar_code.0.clone(),
            price: spec.price.0,
            stock: spec.stock.0,
            packing_fee: spec.packing_fee.0,
        })
        .collect();
    let code = skus
        .iter()
        .map(|sku| &sku.outer_sku_code)
        .find(|code| !code.is_empty());
    RemoteListing {
        outer_code: code.cloned().unwrap_or_default(),
        group_path: path(groups, item.category_id.as_str()),
        pictures: item.image_url.filled().map(str::to_owned).into_iter().collect(),
        on_sale: item.specs.0.iter().any(|spec| is_on(&spec.on_shelf)),
        remote_id: item.id.0,
        name: item.name.0,
        category_id: item.back_category_id.0,
        review: ReviewState::None,
        description: Some(item.description.0),
        skus,
    }
}

/// `incomplete`: the refunds could not be read, or the order itself says that fields are late.
pub(super) fn order(order: Order, refunds: Vec<RemoteRefund>, incomplete: bool) -> RemoteOrder {
    let placed_at = local(order.created_at.as_str()).unwrap_or(0);
    let active_at = local(order.active_at.as_str()).unwrap_or(placed_at);
    let total = order.total_price.or_zero();
    let given_back: Money = refunds.iter().filter(|r| r.done).map(|r| r.amount).sum();
    RemoteOrder {
        state: state(order.status.as_str()),
        incomplete: incomplete || is_on(&order.downgraded),
        number: order.id.0,
        day_seq: order.day_sn.or_zero(),
        placed_at,
        changed_at: refunds
            .iter()
            .map(|refund| refund.at)
            .fold(placed_at.max(active_at), i64::max),
        total,
        original_total: order.original_price.0.unwrap_or(total),
        income: order.income.0,
        shipping_fee: order.deliver_fee.or_zero(),
        packing_fee: order.package_fee.or_zero(),
        remark: order.description.0,
        receiver_name: order.consignee.0,
        receiver_phone: order.phone_list.0.into_iter().next().unwrap_or_default().0,
        receiver_address: order.address.0,
        fully_refunded: refunds.iter().any(|refund| refund.full && refund.done)
            || (given_back >= total && total > Money::ZERO),
        // The other baskets hold fees and discounts, which the order tells by themselves.
        lines: order
            .groups
            .0
            .into_iter()
            .filter(|basket| matches!(basket.kind.as_str(), "" | "normal"))
            .flat_map(|basket| basket.items.0)
            .map(line)
            .collect(),
        refunds,
    }
}

/// Whether the platform has nothing more to say of it by itself.
pub(super) fn is_over(status: &str) -> bool {
    matches!(status, "settled" | "invalid")
}

fn state(status: &str) -> OrderState {
    match status {
        "pending" | "unprocessed" | "" => OrderState::Placed,
        "valid" | "refunding" => OrderState::Accepted,
        "settled" => OrderState::Completed,
        "invalid" => OrderState::Cancelled,
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
        product_ref: line.id.0,
        outer_sku_code: line.extend_code.0,
        product_name: line.name.0,
        spec_name: line
            .new_specs
            .0
            .iter()
            .filter_map(|spec| spec.value.filled())
            .collect::<Vec<_>>()
            .join(","),
        barcode: line.bar_code.0,
        quantity: line.quantity.or_zero(),
        price: line.price.or_zero(),
    }
}

/// `place` counts the refunds of an order from 1: it makes a number where the platform tells none.
/// The platform names goods that come back by their names alone.
fn refund_line(goods: &RefundGoods) -> Option<RemoteRefundLine> {
    Some(RemoteRefundLine {
        product_name: goods.name.0.clone(),
        quantity: goods.quantity.0.filter(|pieces| *pieces > 0)?,
        ..RemoteRefundLine::default()
    })
}

pub(super) fn refund(refund: Refund, order: &Order, place: usize) -> RemoteRefund {
    let goods = &refund.goods_list.0;
    let of_goods: Money = goods
        .iter()
        .map(|goods| goods.price.or_zero().times(goods.quantity.or_zero()))
        .sum();
    let amount = refund.total_price.0.unwrap_or(of_goods);
    let whole = order.total_price.or_zero();
    RemoteRefund {
        number: refund
            .refund_id
            .filled()
            .map_or_else(|| format!("{}-{place}", order.id.as_str()), str::to_owned),
        order: order.id.0.clone(),
        at: moment(refund.update_time.as_str())
            .or_else(|| local(order.created_at.as_str()))
            .unwrap_or(0),
        amount,
        full: amount >= whole && whole > Money::ZERO,
        done: refund.refund_status.as_str() == "successful",
        // Money without pieces: none come back (F10).
        difference_only: goods.iter().all(|goods| goods.quantity.or_zero() == 0) && amount < whole,
        reason: refund.reason.0,
        lines: goods.iter().filter_map(refund_line).collect(),
    }
}

/// A time as local text, or as seconds or milliseconds since 1970; UTC ms.
fn moment(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(ms) if ms >= 100_000_000_000 => Some(ms),
        Ok(seconds) if seconds > 0 => Some(seconds * 1000),
        _ => local(text),
    }
}

/// `yyyy-MM-ddTHH:mm:ss` in UTC+8 (a blank instead of the T and a fraction behind do no harm); UTC ms.
fn local(text: &str) -> Option<i64> {
    let (day, time) = (text.get(..10)?, text.get(11..19)?);
    let start = shanghai::start_of(&day.replace('-', ""))?;
    let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
    let mut next = || parts.next().flatten();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    Some(start + ((hours * 60 + minutes) * 60 + seconds) * 1000)
}

#[cfg(test)]
mod tests {
    use super::{local, moment};

    #[test]
    fn times_are_read_as_local_text_and_as_numbers() {
        assert_eq!(local("2023-11-15T06:13:20"), Some(1_700_000_000_000));
        assert_eq!(local("2023-11-15 06:13:20.123"), Some(1_700_000_000_000));
        assert_eq!(local("2023-11-15"), None);
        assert_eq!(moment("1700000000"), Some(1_700_000_000_000));
        assert_eq!(moment("1700000000123"), Some(1_700_000_000_123));
        assert_eq!(moment(""), None);
    }
}
