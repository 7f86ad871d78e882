//! Orders and refunds (5). All money is fen; goods come in two levels, bags and then lines.

use serde_json::{Value, json};

use super::read::paging;
use super::{Answer, Body, PLATFORM, Refusal, admit_shop, need, number, shop, shop_id};
use crate::world::{Order, OrderLine, OrderState, RefundState, World};

fn no_order() -> Refusal {
    Refusal::new(1, "订单不存在")
}

pub(super) fn status_code(state: OrderState) -> i64 {
    match state {
        OrderState::Placed => 1,
        OrderState::Confirmed => 5,
        OrderState::Completed => 9,
        OrderState::Cancelled => 10,
    }
}

/// Orders of a shop placed within the window (seconds, both ends included), oldest first.
pub(super) fn list(world: &World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let (page, size) = paging(body, "page_size")?;
    let start = number(body, "start_time")?.unwrap_or(0);
    let end = number(body, "end_time")?.unwrap_or(i64::MAX);
    let status = number(body, "status")?.filter(|status| *status > 0);
    let now = world.now_ms();
    let mut found: Vec<&Order> = world
        .orders
        .values()
        .filter(|order| order.platform == PLATFORM && order.shop == id && order.placed_at <= now)
        .filter(|order| (start..=end).contains(&(order.placed_at / 1000)))
        .filter(|order| status.is_none_or(|status| status == status_code(world.order_state(order))))
        .collect();
    found.sort_by(|a, b| {
        a.placed_at
            .cmp(&b.placed_at)
            .then_with(|| a.number.cmp(&b.number))
    });
    let own_code = shop(world, &id)?.own_code.clone();
    let rows: Vec<Value> = found
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|order| {
            json!({
                "order_id": order.number, "shop_id": own_code, "baidu_shop_id": id,
                "create_time": order.placed_at / 1000, "order_from": 1,
                "order_status": status_code(world.order_state(order)), "pay_status": 2, "pay_type": 2,
                "user_phone": order.phone,
            })
        })
        .collect();
    Ok(json!({"total": found.len(), "page": page, "pages": found.len().div_ceil(size), "list": rows}))
}

fn named_order<'a>(world: &'a World, body: &Body) -> Result<&'a Order, Refusal> {
    let order = world
        .orders
        .get(&need(body, "order_id")?)
        .filter(|order| order.platform == PLATFORM);
    let order = order.ok_or_else(no_order)?;
    admit_shop(shop(world, &order.shop)?)?;
    Ok(order)
}

pub(super) fn get(world: &mut World, body: &Body) -> Answer {
    let order = named_order(world, body)?;
    let mut document = document(world, order)?;
    let number = order.number.clone();
    if order.degraded_reads > 0 {
        // `down_flag` 1 = incomplete; the goods come with a later read.
        document["order"]["down_flag"] = json!(1);
        document["products"] = json!([]);
        if let Some(held) = world.orders.get_mut(&number) {
            held.degraded_reads -= 1;
        }
    }
    Ok(document)
}

fn document(world: &World, order: &Order) -> Answer {
    let held = shop(world, &order.shop)?;
    let lines: Vec<Value> = order.lines.iter().map(line_row).collect();
    let commission = order.goods_fen() / 10;
    let discount = if order.discount_fen > 0 {
        json!([{"type": "jian", "desc": "满减", "fee": order.discount_fen, "shop_rate": order.discount_fen, "baidu_rate": 0}])
    } else {
        json!([])
    };
    let latest = |full: bool| order.refunds.iter().rev().find(|refund| refund.full == full);
    // Part refund: 10 asked, 20 given back, 50 refused. Whole refund: 10 asked, 50 refused, 60 agreed; `user_cancel` 1
    // before completion, 2 after it. (The vendor's comments in its per-API SDK.)
    let part_status = latest(false).map_or(0, |refund| part_refund_status(refund.state));
    let whole_status = latest(true).map_or(0, |refund| match refund.state {
        RefundState::Waiting => 10,
        RefundState::Rejected => 50,
        RefundState::Agreed => 60,
    });
    let seconds = |at: Option<i64>| at.map_or(0, |ms| ms / 1000);
    let state = world.order_state(order);
    let finished = if state == OrderState::Completed {
        order.completes_at
    } else {
        None
    };
    Ok(json!({
        "source": world.ebai.app.id,
        "shop": {"id": held.own_code, "baidu_shop_id": held.remote_id, "name": held.name},
        "order": {
            "order_id": order.number, "eleme_order_id": order.number, "order_index": order.day_seq,
            "status": status_code(state), "create_time": order.placed_at / 1000,
            "confirm_time": seconds(order.confirmed_at), "finished_time": seconds(finished),
            "cancel_time": seconds(order.cancelled_at), "send_immediately": 1, "send_time": 1,
            "latest_send_time": order.placed_at / 1000 + 3600, "pay_type": 2, "pay_status": 2,
            "total_fee": order.total_fen() + order.discount_fen, "user_fee": order.total_fen(),
            "shop_fee": order.total_fen() - order.shipping_fen - commission, "discount_fee": order.discount_fen,
            "send_fee": order.shipping_fen, "package_fee": order.package_fen, "commission": commission,
            "business_type": 0, "delivery_party": 1, "remark": order.remark, "need_invoice": 2,
            "invoice_title": "", "taxer_id": "", "down_flag": 0,
            "ext": {
                "part_refund_status": part_status, "online_cancel_status": whole_status,
                "user_cancel": if whole_status == 0 { 0 } else if finished.is_some() { 2 } else { 1 }, "taoxi_flag": 0,
            },
        },
        "user": {"name": order.recipient, "phone": order.phone, "address": order.address},
        "products": [lines], "discount": discount,
    }))
}

/// One line. `custom_sku_id` is 第三方SKU编码: the spec's own code when the product is multi-spec.
fn line_row(line: &OrderLine) -> Value {
    let features = if line.multi_spec {
        json!([{"name": "规格", "option": line.spec_name}])
    } else {
        json!([])
    };
    let fee = line.price_fen * line.quantity;
    json!({
        "baidu_product_id": line.listing_id, "custom_sku_id": line.sku_code, "upc": line.upc,
        "sku_spec_id": if line.multi_spec { line.spec_id.as_str() } else { "" },
        "product_name": line.name, "product_price": line.price_fen, "product_amount": line.quantity,
        "product_fee": fee, "package_price": 0, "package_amount": 0, "package_fee": 0, "total_fee": fee,
        "total_weight": line.weight_g * line.quantity, "sub_biz_order_id": line.line_number,
        "product_features": features,
        "product_subsidy": {
            "discount": 0, "shop_rate": 0, "baidu_rate": 0, "agent_rate": 0, "logistics_rate": 0, "user_rate": 0,
            "discount_detail": [],
        },
        "is_free_gift": 0,
    })
}

pub(super) fn status(world: &World, body: &Body) -> Answer {
    let order = named_order(world, body)?;
    Ok(json!({"order_id": order.number, "status": status_code(world.order_state(order))}))
}

fn state_changed() -> Refusal {
    Refusal::new(1, "订单状态已变更,不能进行此操作")
}

pub(super) fn confirm(world: &mut World, body: &Body) -> Answer {
    let number = named_order(world, body)?.number.clone();
    world.confirm_order(&number).map_err(|_| state_changed())?;
    Ok(Value::Bool(true))
}

pub(super) fn cancel(world: &mut World, body: &Body) -> Answer {
    need(body, "type")?;
    let number = named_order(world, body)?.number.clone();
    world.cancel_order(&number).map_err(|_| state_changed())?;
    Ok(Value::Bool(true))
}

/// One refund when `refund_order_id` names it, else every one that waits.
pub(super) fn decide_refund(world: &mut World, body: &Body, agree: bool) -> Answer {
    if !agree && need(body, "refuse_reason")?.chars().count() > 100 {
        return Err(Refusal::new(1, "拒绝原因最多100个字符"));
    }
    let named = super::field(body, "refund_order_id");
    let number = named_order(world, body)?.number.clone();
    let order = world.order_mut(&number).map_err(|_| no_order())?;
    let mut decided = false;
    for refund in &mut order.refunds {
        let meant = named.as_ref().is_none_or(|named| *named == refund.number);
        if meant && refund.state == RefundState::Waiting {
            refund.state = if agree {
                RefundState::Agreed
            } else {
                RefundState::Rejected
            };
            decided = true;
        }
    }
    if decided {
        Ok(Value::Bool(true))
    } else {
        Err(state_changed())
    }
}

fn part_refund_status(state: RefundState) -> i64 {
    match state {
        RefundState::Waiting => 10,
        RefundState::Agreed => 20,
        RefundState::Rejected => 50,
    }
}

/// Part refunds of the order; a refund of the whole is told by order.get.
pub(super) fn part_refunds(world: &World, body: &Body) -> Answer {
    let order = named_order(world, body)?;
    let rows: Vec<Value> = order
        .refunds
        .iter()
        .filter(|refund| !refund.full)
        .map(|refund| {
            let status = part_refund_status(refund.state);
            let products: Vec<Value> = refund
                .lines
                .iter()
                .filter_map(|(index, count)| {
                    let line = order.lines.get(*index)?;
                    Some(json!({
                        "sku_id": line.listing_id, "custom_sku_id": line.sku_code, "upc": line.upc,
                        "name": line.name, "number": count, "total_refund": line.price_fen * count,
                        "sub_biz_order_id": line.line_number,
                    }))
                })
                .collect();
            json!({
                "refund_id": refund.number, "refund_price": refund.money_fen, "status": status,
                "type": 2, "reason": refund.reason,
                "create_time": refund.asked_at / 1000, "refund_products": products,
            })
        })
        .collect();
    Ok(json!({"order_id": order.number, "refund_list": rows}))
}

/// The reply's field really is spelt `cancle_type`.
pub(super) fn cancelled(world: &World, body: &Body) -> Answer {
    let id = shop_id(world, body)?;
    let (page, size) = paging(body, "page_size")?;
    let found: Vec<&Order> = world
        .orders
        .values()
        .filter(|order| {
            order.platform == PLATFORM && order.shop == id && order.state == OrderState::Cancelled
        })
        .collect();
    let rows: Vec<Value> = found
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|order| {
            json!({
                "order_id": order.number, "cancle_type": 5, "reason": "用户取消",
                "cancel_time": order.cancelled_at.map_or(0, |ms| ms / 1000),
            })
        })
        .collect();
    Ok(json!({"total": found.len(), "page": page, "pages": found.len().div_ceil(size), "list": rows}))
}
