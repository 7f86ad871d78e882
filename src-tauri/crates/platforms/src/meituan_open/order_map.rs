//! From an order's wire shape to the port's words (fact sheet 11.2).

use super::wire::{Line, Order, Refund, RefundLine};
use connect::platform::{RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteRefundLine};
use domain::money::Money;
use domain::order::OrderState;
use serde_json::Value;

pub(crate) fn order(order: Order, refunds: Vec<RemoteRefund>) -> RemoteOrder {
    let placed_at = order.ctime.or_zero() * 1000;
    let total = order.total.or_zero();
    let given_back: Money = refunds.iter().filter(|r| r.done).map(|r| r.amount).sum();
    let fully_refunded = refunds.iter().any(|refund| refund.full && refund.done)
        || (given_back >= total && total > Money::ZERO);
    let boxes: Money = order
        .detail
        .0
        .iter()
        .map(|line| line.box_price.or_zero().times(line.box_num.or_zero()))
        .sum();
    let bag = order
        .package_bag_money_yuan
        .0
        .or(order.package_bag_money.0)
        .unwrap_or_default();
    RemoteOrder {
        state: state(&order),
        incomplete: is_incomplete(&order),
        number: number(&order),
        day_seq: order.day_seq.or_zero(),
        placed_at,
        changed_at: order
            .utime
            .0
            .filter(|at| *at > 0)
            .map_or(placed_at, |at| at * 1000),
        total,
        original_total: order.original_price.0.unwrap_or(total),
        income: order
            .poi_receive_detail_yuan
            .0
            .receive
            .0
            .or(order.poi_receive_detail.0.receive.0),
        shipping_fee: order.shipping_fee.or_zero(),
        packing_fee: boxes + bag,
        remark: order.caution.0,
        receiver_name: order.recipient_name.0,
        receiver_phone: order.recipient_phone.0,
        receiver_address: plain_address(&order.recipient_address.0),
        fully_refunded,
        lines: order.detail.0.into_iter().map(line).collect(),
        refunds,
    }
}

/// The number that merchants see; both fields hold the same one.
pub(crate) fn number(order: &Order) -> String {
    order
        .wm_order_id_view
        .filled()
        .or(order.order_id.filled())
        .unwrap_or_default()
        .to_owned()
}

/// Whether the platform has nothing more to say of it by itself.
pub(crate) fn is_over(status: Option<i64>) -> bool {
    matches!(status, Some(8 | 9))
}

fn state(order: &Order) -> OrderState {
    // A courier who holds the goods: 20 picked up, 40 delivered. Delivered is not completed (F30).
    let under_way = matches!(order.logistics_status.0, Some(20 | 40));
    match order.status.0 {
        Some(1 | 2) | None => OrderState::Placed,
        Some(6) => OrderState::Delivering,
        Some(8) => OrderState::Completed,
        Some(9) => OrderState::Cancelled,
        Some(3 | 4) if under_way => OrderState::Delivering,
        Some(3 | 4) => OrderState::Accepted,
        Some(other) => {
            tracing::warn!(
                status = other,
                "unknown order status: taken as accepted, read again"
            );
            OrderState::Accepted
        }
    }
}

/// `incmp_code` -1, or a bit set or list of missing parts: the order has to be read again before it is pushed.
pub(crate) fn is_incomplete(order: &Order) -> bool {
    let parts = match &order.incmp_modules {
        Value::Null => false,
        Value::Number(bits) => bits.as_i64() != Some(0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "[]"),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    };
    order.incmp_code.0 == Some(-1) || parts
}

/// Addresses may end in `@#` and the geocoder's own text.
fn plain_address(address: &str) -> String {
    address.split("@#").next().unwrap_or_default().trim().to_owned()
}

fn line(line: Line) -> RemoteOrderLine {
    RemoteOrderLine {
        product_ref: line
            .app_spu_code
            .filled()
            .or(line.app_food_code.filled())
            .unwrap_or_default()
            .to_owned(),
        outer_sku_code: line.sku_id.0,
        product_name: line.food_name.0,
        spec_name: line.spec.0,
        barcode: line.upc.0,
        quantity: line.quantity.0.or(line.quanity.0).unwrap_or(0),
        price: line.price.or_zero(),
    }
}

fn refund_line(line: RefundLine) -> Option<RemoteRefundLine> {
    let quantity = line.count.0.filter(|count| *count > 0)?;
    Some(RemoteRefundLine {
        product_ref: line
            .app_spu_code
            .filled()
            .unwrap_or(line.app_food_code.as_str())
            .to_owned(),
        outer_sku_code: line.sku_id.0,
        product_name: line.food_name.0,
        quantity,
    })
}

pub(crate) fn refund(refund: Refund, order: &str, asked_type: i64) -> RemoteRefund {
    let kind = refund.refund_type.0.unwrap_or(asked_type);
    let no_pieces = !refund.lines.0.is_empty() && refund.lines.0.iter().all(|line| line.count.or_zero() == 0);
    RemoteRefund {
        number: refund.refund_id.0,
        order: order.to_owned(),
        at: refund.ctime.or_zero() * 1000,
        amount: refund.money.or_zero(),
        full: kind == 1,
        // 2 merchant agreed, 4 service agreed, 5 timed out = agreed, 6 by the system.
        done: matches!(refund.res_type.0, Some(2 | 4 | 5 | 6)),
        // 3 is a price difference by weight: no quantity comes back (F10).
        difference_only: kind == 3 || no_pieces,
        reason: refund.apply_reason.0,
        lines: refund.lines.0.into_iter().filter_map(refund_line).collect(),
    }
}
