//! Orders and refunds (5). Money is yuan, times are local text, order ids are text.

use serde_json::{Value, json};

use super::{Answer, PLATFORM, Params, Refusal, admitted, field, id_number, need, no_right, shop};
use crate::clock::{day_text, shanghai_day, shanghai_text};
use crate::wire::yuan_number;
use crate::world::{Order, OrderLine, OrderState, Refund, RefundState, World};

const PAGE_NO: usize = 100;
const PAGE_SIZE: usize = 50;

fn no_order() -> Refusal {
    Refusal::new("BIZ_ORDER_NOT_FOUND", "订单不存在")
}

fn state_changed() -> Refusal {
    Refusal::new("BIZ_ORDER_STATUS_CHANGED", "订单状态已变更,不能进行此操作")
}

/// Local time as `yyyy-MM-ddTHH:mm:ss`.
fn local(utc_ms: i64) -> String {
    shanghai_text(utc_ms).replace(' ', "T")
}

/// The orders of one day, newest first.
pub(super) fn list(world: &mut World, params: &Params) -> Answer {
    let id = shop(world, params)?.remote_id.clone();
    let number = |name: &str, most: usize| {
        need(params, name)?
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| Refusal::invalid(name))
    };
    let (page, size) = (number("pageNo", PAGE_NO)?, number("pageSize", PAGE_SIZE)?);
    let now = world.now_ms();
    let date = field(params, "date").unwrap_or_else(|| day_text(shanghai_day(now)));
    let date = date.replace('-', "");
    let mut found: Vec<&Order> = world
        .orders
        .values()
        .filter(|order| order.platform == PLATFORM && order.shop == id && order.placed_at <= now)
        .filter(|order| day_text(order.day) == date)
        .collect();
    found.sort_by_key(|order| {
        (
            std::cmp::Reverse(order.placed_at),
            std::cmp::Reverse(order.day_seq),
        )
    });
    let total = found.len();
    let numbers: Vec<String> = found
        .into_iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|order| order.number.clone())
        .collect();
    let rows: Vec<Value> = numbers
        .iter()
        .map(|number| shown(world, number))
        .collect::<Result<_, _>>()?;
    Ok(json!({"list": rows, "total": total}))
}

fn named_order<'a>(world: &'a World, params: &Params) -> Result<&'a Order, Refusal> {
    let order = world
        .orders
        .get(&need(params, "orderId")?)
        .filter(|order| order.platform == PLATFORM)
        .ok_or_else(no_order)?;
    admitted(world.eleme.shops.get(&order.shop).ok_or_else(no_right)?)?;
    Ok(order)
}

pub(super) fn get(world: &mut World, params: &Params) -> Answer {
    let number = named_order(world, params)?.number.clone();
    shown(world, &number)
}

/// An order as a read shows it. A `downgraded` one comes without its goods and has to be read again.
fn shown(world: &mut World, number: &str) -> Answer {
    let order = world.orders.get(number).ok_or_else(no_order)?;
    let mut document = document(world, order);
    if order.degraded_reads > 0 {
        document["downgraded"] = json!(true);
        document["groups"] = json!([]);
        if let Some(held) = world.orders.get_mut(number) {
            held.degraded_reads -= 1;
        }
    }
    Ok(document)
}

fn status(world: &World, order: &Order) -> &'static str {
    let asked = order
        .refunds
        .iter()
        .any(|refund| refund.state == RefundState::Waiting);
    match world.order_state(order) {
        OrderState::Placed => "unprocessed",
        OrderState::Confirmed if asked => "refunding",
        OrderState::Confirmed => "valid",
        OrderState::Completed => "settled",
        OrderState::Cancelled => "invalid",
    }
}

fn refund_status(refund: Option<&Refund>) -> &'static str {
    match refund.map(|refund| refund.state) {
        None => "noRefund",
        Some(RefundState::Waiting) => "applied",
        Some(RefundState::Agreed) => "successful",
        Some(RefundState::Rejected) => "rejected",
    }
}

pub(super) fn document(world: &World, order: &Order) -> Value {
    let goods: Vec<Value> = order.lines.iter().map(line).collect();
    let fee = |name: &str, fen: i64| json!({"id": 0, "name": name, "price": yuan_number(fen), "quantity": 1, "total": yuan_number(fen)});
    let mut groups = vec![json!({"name": "1号篮子", "type": "normal", "items": goods})];
    let fees = [("餐盒费", order.package_fen), ("配送费", order.shipping_fen)];
    let fees: Vec<Value> = fees
        .into_iter()
        .filter(|(_, fen)| *fen > 0)
        .map(|(name, fen)| fee(name, fen))
        .collect();
    if !fees.is_empty() {
        groups.push(json!({"name": "其它费用", "type": "extra", "items": fees}));
    }
    let mut activities = Vec::new();
    if order.discount_fen > 0 {
        groups.push(json!({"name": "优惠", "type": "discount", "items": [fee("满减", -order.discount_fen)]}));
        activities.push(json!({
            "id": 1, "name": "满减", "categoryId": 11, "amount": yuan_number(-order.discount_fen), "elemePart": 0,
            "restaurantPart": yuan_number(-order.discount_fen),
        }));
    }
    let commission = order.goods_fen() / 10;
    json!({
        "id": order.number, "orderId": order.number, "shopId": id_number(&order.shop),
        "shopName": world.eleme.shops.get(&order.shop).map_or("", |shop| shop.name.as_str()),
        "openId": order.shop, "daySn": order.day_seq, "status": status(world, order),
        "refundStatus": refund_status(order.refunds.last()), "createdAt": local(order.placed_at),
        "activeAt": local(order.placed_at), "deliverTime": null, "totalPrice": yuan_number(order.total_fen()),
        "originalPrice": yuan_number(order.total_fen() + order.discount_fen),
        "income": yuan_number(order.total_fen() - order.shipping_fen - commission),
        "serviceFee": yuan_number(-commission), "serviceRate": 0.1, "packageFee": yuan_number(order.package_fen),
        "deliverFee": yuan_number(order.shipping_fen), "hongbao": 0, "shopPart": yuan_number(-order.discount_fen),
        "elemePart": 0, "activityTotal": yuan_number(-order.discount_fen), "orderActivities": activities,
        "consignee": order.recipient, "phoneList": [order.phone], "address": order.address,
        "description": order.remark, "book": false, "onlinePaid": true, "invoiced": false, "invoice": null,
        "downgraded": false, "groups": groups,
    })
}

fn line(line: &OrderLine) -> Value {
    let specs = if line.multi_spec {
        json!([{"name": "规格", "value": line.spec_name}])
    } else {
        json!([])
    };
    json!({
        "id": id_number(&line.listing_id), "skuId": id_number(&line.spec_id), "name": line.name, "categoryId": 1,
        "price": yuan_number(line.price_fen), "quantity": line.quantity,
        "total": yuan_number(line.price_fen * line.quantity), "newSpecs": specs, "attributes": [],
        "extendCode": line.sku_code, "barCode": line.upc, "weight": line.weight_g, "vfoodId": id_number(&line.listing_id),
    })
}

/// Every refund of the order, with the fields of the refund push. The real shape is not published.
pub(super) fn refunds(world: &World, params: &Params) -> Answer {
    let order = named_order(world, params)?;
    Ok(order
        .refunds
        .iter()
        .map(|refund| refund_row(order, refund))
        .collect())
}

pub(super) fn refund_row(order: &Order, refund: &Refund) -> Value {
    let goods: Vec<Value> = refund
        .lines
        .iter()
        .filter_map(|(index, count)| {
            let line = order.lines.get(*index)?;
            Some(json!({"name": line.name, "quantity": count, "price": yuan_number(line.price_fen)}))
        })
        .collect();
    json!({
        "refundId": refund.number, "orderId": order.number, "shopId": id_number(&order.shop),
        "refundStatus": refund_status(Some(refund)), "refundType": if refund.full { "normal" } else { "part" },
        "reason": refund.reason, "totalPrice": yuan_number(refund.money_fen), "goodsList": goods,
        "updateTime": refund.asked_at / 1000,
    })
}

pub(super) fn confirm(world: &mut World, params: &Params) -> Answer {
    let number = named_order(world, params)?.number.clone();
    world.confirm_order(&number).map_err(|_| state_changed())?;
    Ok(Value::Null)
}

pub(super) fn cancel(world: &mut World, params: &Params) -> Answer {
    need(params, "type")?;
    let number = named_order(world, params)?.number.clone();
    world.cancel_order(&number).map_err(|_| state_changed())?;
    Ok(Value::Null)
}

/// Decides every refund of the order that waits.
pub(super) fn decide_refund(world: &mut World, params: &Params, agree: bool) -> Answer {
    if !agree {
        need(params, "reason")?;
    }
    let number = named_order(world, params)?.number.clone();
    let order = world.order_mut(&number).map_err(|_| no_order())?;
    let mut decided = false;
    for refund in &mut order.refunds {
        if refund.state == RefundState::Waiting {
            refund.state = if agree {
                RefundState::Agreed
            } else {
                RefundState::Rejected
            };
            decided = true;
        }
    }
    if decided {
        Ok(Value::Null)
    } else {
        Err(state_changed())
    }
}
