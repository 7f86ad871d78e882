//! Orders (7). Money is fen, times are seconds, pages count from 1. The numbers of states are not published; these are
//! the simulator's own.

use serde_json::{Map, Value, json};

use super::{Answer, Body, PLATFORM, Refusal, field, need, number, page, store};
use crate::world::{Order, OrderLine, OrderState, Refund, RefundState, SINGLE_SPEC, World};

/// Most rows of a page.
const SIZE: i64 = 100;

/// When something last happened to an order, a refund included.
fn updated_at(world: &World, order: &Order) -> i64 {
    let completed = order.completes_at.filter(|at| *at <= world.now_ms());
    let asked = order.refunds.iter().map(|refund| refund.asked_at);
    [order.confirmed_at, order.cancelled_at, completed]
        .into_iter()
        .flatten()
        .chain(asked)
        .fold(order.placed_at, i64::max)
}

/// 200 paid, 201 accepted, 205 done, 101 closed.
fn status(state: OrderState) -> i64 {
    match state {
        OrderState::Placed => 200,
        OrderState::Confirmed => 201,
        OrderState::Completed => 205,
        OrderState::Cancelled => 101,
    }
}

/// One order by its number, or those whose time lies in the window.
pub(super) fn query(world: &mut World, body: &Body) -> Answer {
    let (at, size) = page(body, "page_num", "page_size", SIZE)?;
    let named = field(body, "order_id");
    let within = |start: &str, end: &str, ms: i64| {
        let start = number(body, start)?.unwrap_or(0);
        let end = number(body, end)?.unwrap_or(i64::MAX);
        Ok::<_, Refusal>((start..=end).contains(&(ms / 1000)))
    };
    let wanted = number(body, "order_status")?;
    let mut found = Vec::new();
    for order in world.orders.values() {
        let ours = order.platform == PLATFORM
            && order.placed_at <= world.now_ms()
            && store(world, &order.shop).is_ok()
            && named.as_ref().is_none_or(|number| order.number == *number)
            && wanted.is_none_or(|wanted| wanted == status(world.order_state(order)));
        if ours
            && within(
                "create_order_start_time",
                "create_order_end_time",
                order.placed_at,
            )?
            && within(
                "update_order_start_time",
                "update_order_end_time",
                updated_at(world, order),
            )?
        {
            found.push(order);
        }
    }
    // Newest first.
    found.sort_by_key(|order| std::cmp::Reverse((order.placed_at, order.number.clone())));
    let total = found.len();
    let shown = found.iter().skip((at - 1) * size).take(size);
    let mut rows: Vec<Value> = shown.map(|order| document(world, order)).collect();
    if let Some(held) = named.and_then(|number| world.orders.get_mut(&number))
        && held.degraded_reads > 0
    {
        held.degraded_reads -= 1;
        for row in &mut rows {
            row["products"] = json!([]);
            row["sku_id"] = json!("");
        }
    }
    let mut data = Map::new();
    data.insert("orders".into(), Value::Array(rows));
    data.insert(
        "page".into(),
        json!({"page_num": at, "page_size": size, "total": total.to_string()}),
    );
    data.insert("search_after".into(), json!([]));
    Ok(data)
}

fn document(world: &World, order: &Order) -> Value {
    let shop = world.laike.shops.get(&order.shop);
    let name = shop.map_or("", |shop| shop.name.as_str());
    let paid = order.total_fen();
    let original = paid + order.discount_fen;
    let products: Vec<Value> = order.lines.iter().map(product).collect();
    let first = order.lines.first();
    let sku_name = first.map_or("", |line| {
        if line.spec_name == SINGLE_SPEC {
            &line.name
        } else {
            &line.spec_name
        }
    });
    let masked: String = order.recipient.chars().take(1).chain(['*', '*']).collect();
    json!({
        "order_id": order.number, "order_status": status(world.order_state(order)), "order_type": 1,
        "create_order_time": order.placed_at / 1000, "update_order_time": updated_at(world, order) / 1000,
        "pay_time": order.placed_at / 1000 + 5, "pay_amount": paid, "original_amount": original,
        "discount_amount": order.discount_fen.to_string(), "receipt_amount": paid.to_string(), "payment_discount": 0,
        "open_id": "", "poi_id": order.shop, "intention_poi_id": order.shop, "poi": {"poi_id": order.shop, "poi_name": name},
        "sku_id": first.map_or("", |line| line.spec_id.as_str()), "sku_name": sku_name,
        "third_sku_id": first.map_or("", |line| line.sku_code.as_str()),
        "count": order.lines.iter().map(|line| line.quantity).sum::<i64>(),
        "contacts": [{"name": masked, "phone": order.phone, "phone_encrypt": ""}], "products": products,
        "sub_order_amount_infos": [],
        "amount_info": {
            "origin_amount": original, "pay_amount": paid, "freight_pay_amount": order.shipping_fen,
            "merchant_discount_amount": order.discount_fen, "platform_discount_amount": 0, "brand_discount_amount": 0,
            "commission_amount": 0, "estimated_order_income": paid,
        },
        "delivery_info": {
            "user_expect_time": 0, "sys_expect_time": 0, "remark": order.remark, "table_ware": "",
            "shop_number": order.day_seq.to_string(), "is_book": false,
        },
        "certificate": certificates(order),
    })
}

fn product(line: &OrderLine) -> Value {
    json!({
        "product_id": line.listing_id, "product_name": line.name, "sku_id": line.spec_id, "num": line.quantity,
        "origin_amount": line.price_fen,
    })
}

/// One certificate for each piece, with what was given back for it.
fn certificates(order: &Order) -> Vec<Value> {
    let mut rows = Vec::new();
    for (at, line) in order.lines.iter().enumerate() {
        for piece in 0..line.quantity {
            let touching = order.refunds.iter().rev().find_map(|refund| {
                let share = share(order, refund, at, piece)?;
                Some((refund, share))
            });
            let (state, amount, time) = touching.map_or((1, 0, 0), |(refund, share)| match refund.state {
                RefundState::Waiting => (3, share, 0),
                RefundState::Agreed => (4, share, refund.asked_at / 1000),
                RefundState::Rejected => (1, 0, 0),
            });
            rows.push(json!({
                "certificate_id": format!("{}{piece:03}", line.line_number), "order_item_id": line.line_number,
                "item_status": state, "refund_amount": amount, "refund_time": time,
            }));
        }
    }
    rows
}

/// What a refund gives back for one piece of a line, in fen; `None` where it does not touch it. What is left over by
/// the pieces' prices (delivery, discount, 退差) stands with the order's first piece.
fn share(order: &Order, refund: &Refund, at: usize, piece: i64) -> Option<i64> {
    let first = at == 0 && piece == 0;
    if refund.lines.is_empty() {
        return first.then_some(refund.money_fen);
    }
    let (_, count) = refund.lines.iter().find(|(line, _)| *line == at)?;
    if piece >= *count {
        return None;
    }
    let price = |line: usize| order.lines.get(line).map_or(0, |line| line.price_fen);
    let pieces: i64 = refund
        .lines
        .iter()
        .map(|(line, count)| price(*line) * count)
        .sum();
    let rest = if first { refund.money_fen - pieces } else { 0 };
    Some(price(at) + rest)
}

fn named(world: &World, body: &Body) -> Result<String, Refusal> {
    let number = need(body, "order_id")?;
    let order = world
        .orders
        .get(&number)
        .filter(|order| order.platform == PLATFORM);
    let order = order.ok_or_else(|| Refusal::wrong("参数不合法: 订单不存在"))?;
    store(world, &order.shop)?;
    Ok(number)
}

pub(super) fn confirm(world: &mut World, body: &Body) -> Answer {
    let number = named(world, body)?;
    let moved = |_| Refusal::wrong("订单状态已变更");
    world.confirm_order(&number).map_err(moved)?;
    Ok(Map::new())
}

pub(super) fn reject(world: &mut World, body: &Body) -> Answer {
    let number = named(world, body)?;
    if !body.get("reject_reason").is_some_and(Value::is_object) {
        return Err(Refusal::missing("reject_reason"));
    }
    let moved = |_| Refusal::wrong("订单状态已变更");
    world.cancel_order(&number).map_err(moved)?;
    Ok(Map::new())
}
