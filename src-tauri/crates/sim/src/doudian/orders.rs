//! Orders and after-sales (8). All money is fen, times are seconds, pages count from 0.

use serde_json::{Value, json};

use super::{Answer, Body, PLATFORM, Refusal, as_number, field, need, number, store};
use crate::world::{Order, OrderLine, OrderState, Refund, RefundState, World};

const TRADE_TYPE: i64 = 18;

fn no_order() -> Refusal {
    Refusal::business(50_121, "订单不存在")
}

fn paging(body: &Body) -> Result<(usize, usize), Refusal> {
    let page = number(body, "page")?.unwrap_or(0);
    let size = number(body, "size")?.unwrap_or(10);
    if page < 0 || !(1..=100).contains(&size) {
        return Err(Refusal::wrong("分页参数错误,每页最多100条"));
    }
    Ok((
        usize::try_from(page).unwrap_or(0),
        usize::try_from(size).unwrap_or(1),
    ))
}

/// When something last happened to an order, an after-sale included.
fn updated_at(world: &World, order: &Order) -> i64 {
    let completed = order.completes_at.filter(|at| *at <= world.now_ms());
    let asked = order.refunds.iter().map(|refund| refund.asked_at);
    [order.confirmed_at, order.cancelled_at, completed]
        .into_iter()
        .flatten()
        .chain(asked)
        .fold(order.placed_at, i64::max)
}

/// Orders of all stores whose time lies in the window.
pub(super) fn search(world: &World, body: &Body) -> Answer {
    let (page, size) = paging(body)?;
    let within = |start: &str, end: &str, at: i64| {
        let start = number(body, start)?.unwrap_or(0);
        let end = number(body, end)?.unwrap_or(i64::MAX);
        Ok::<_, Refusal>((start..=end).contains(&(at / 1000)))
    };
    if number(body, "trade_type")?.is_some_and(|kind| kind != TRADE_TYPE) {
        return Ok(json!({"page": page, "size": size, "total": 0, "shop_order_list": []}));
    }
    let mut found = Vec::new();
    for order in world.orders.values() {
        let ours = order.platform == PLATFORM
            && order.placed_at <= world.now_ms()
            && store(world, &order.shop).is_ok();
        if ours
            && within("create_time_start", "create_time_end", order.placed_at)?
            && within("update_time_start", "update_time_end", updated_at(world, order))?
        {
            found.push(order);
        }
    }
    let by_update = field(body, "order_by").as_deref() == Some("update_time");
    found.sort_by_key(|order| {
        let at = if by_update {
            updated_at(world, order)
        } else {
            order.placed_at
        };
        (at, order.number.clone())
    });
    if body.get("order_asc") != Some(&Value::Bool(true)) {
        found.reverse();
    }
    let rows: Vec<Value> = found
        .iter()
        .skip(page * size)
        .take(size)
        .map(|order| document(world, order))
        .collect();
    Ok(json!({"page": page, "size": size, "total": found.len(), "shop_order_list": rows}))
}

fn named<'a>(world: &'a World, body: &Body) -> Result<&'a Order, Refusal> {
    let number = need(body, "shop_order_id")?;
    let order = world
        .orders
        .get(&number)
        .filter(|order| order.platform == PLATFORM);
    let order = order.ok_or_else(no_order)?;
    store(world, &order.shop)?;
    Ok(order)
}

pub(super) fn detail(world: &mut World, body: &Body) -> Answer {
    let order = named(world, body)?;
    let mut document = document(world, order);
    let number = order.number.clone();
    if order.degraded_reads > 0 {
        document["sku_order_list"] = json!([]);
        if let Some(held) = world.orders.get_mut(&number) {
            held.degraded_reads -= 1;
        }
    }
    Ok(json!({"shop_order_detail": document}))
}

/// 2 to ship, 4 cancelled, 5 done; whether the store has accepted is told apart (0 no, 1 yes, 2 cancelled).
fn states(state: OrderState) -> (i64, i64) {
    match state {
        OrderState::Placed => (2, 0),
        OrderState::Confirmed => (2, 1),
        OrderState::Completed => (5, 1),
        OrderState::Cancelled => (4, 2),
    }
}

fn document(world: &World, order: &Order) -> Value {
    let (status, accepted) = states(world.order_state(order));
    let held = world.doudian.shops.get(&order.shop);
    let store_info = json!({
        "store_id": order.shop, "store_name": held.map_or("", |shop| shop.name.as_str()), "store_tel": "",
    });
    let lines: Vec<Value> = order
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| line_row(order, at, line, status, &store_info))
        .collect();
    let masked: String = order.recipient.chars().take(1).chain(['*', '*']).collect();
    json!({
        "order_id": order.number, "order_status": status, "accept_order_status": accepted, "trade_type": TRADE_TYPE,
        "create_time": order.placed_at / 1000, "pay_time": order.placed_at / 1000 + 30,
        "update_time": updated_at(world, order) / 1000,
        "order_amount": order.total_fen() + order.discount_fen, "pay_amount": order.total_fen(),
        "post_amount": order.shipping_fen, "packing_amount": order.package_fen,
        "promotion_amount": order.discount_fen, "promotion_shop_amount": order.discount_fen,
        "promotion_platform_amount": 0, "buyer_words": order.remark, "seller_words": "",
        "encrypt_post_tel": "##enc", "encrypt_post_receiver": "##enc", "mask_post_receiver": masked,
        "mask_post_tel": order.phone,
        "mask_post_addr": {"province": {"name": "", "id": "0"}, "detail": order.address},
        "supermarket_order_serial_no": order.day_seq.to_string(), "sku_order_list": lines,
    })
}

fn line_row(order: &Order, at: usize, line: &OrderLine, status: i64, store_info: &Value) -> Value {
    let touched = |refund: &&Refund| {
        refund.full || refund.lines.is_empty() || refund.lines.iter().any(|(index, _)| *index == at)
    };
    let latest = order.refunds.iter().rev().find(touched);
    let (after_sale, refund) = latest.map_or((0, 0), |refund| after_sale_states(refund.state));
    let fee = line.price_fen * line.quantity;
    json!({
        "order_id": line.line_number, "parent_order_id": order.number, "order_status": status,
        "product_id": as_number(&line.listing_id), "product_id_str": line.listing_id, "product_name": line.name,
        "sku_id": as_number(&line.spec_id), "out_sku_id": "", "code": line.sku_code,
        "spec": [{"name": "规格", "value": line.spec_name}], "item_num": line.quantity, "origin_amount": line.price_fen,
        "sum_amount": fee, "order_amount": fee, "pay_amount": fee, "trade_type": TRADE_TYPE, "store_info": store_info,
        "after_sale_info": {"after_sale_status": after_sale, "after_sale_type": 1, "refund_status": refund},
        "inventory_list": [],
    })
}

/// 6 applied, 12 done, 27 refused; of the money 1 waiting, 3 paid back, 4 failed.
fn after_sale_states(state: RefundState) -> (i64, i64) {
    match state {
        RefundState::Waiting => (6, 1),
        RefundState::Agreed => (12, 3),
        RefundState::Rejected => (27, 4),
    }
}

pub(super) fn accept(world: &mut World, body: &Body) -> Answer {
    need(body, "store_id")?;
    let number = named(world, body)?.number.clone();
    let moved = || Refusal::business(50_122, "订单状态已变更");
    world.confirm_order(&number).map_err(|_| moved())?;
    Ok(Value::Null)
}

pub(super) fn reject(world: &mut World, body: &Body) -> Answer {
    need(body, "store_id")?;
    need(body, "reason_code")?;
    let number = named(world, body)?.number.clone();
    let moved = || Refusal::business(50_122, "订单状态已变更");
    world.cancel_order(&number).map_err(|_| moved())?;
    Ok(Value::Null)
}

/// After-sales of one order, or of all whose last change lies in the window.
pub(super) fn after_sales(world: &World, body: &Body) -> Answer {
    let (page, size) = paging(body)?;
    let order = field(body, "order_id");
    let start = number(body, "update_start_time")?.unwrap_or(0);
    let end = number(body, "update_end_time")?.unwrap_or(i64::MAX);
    let mut found: Vec<(&Order, &Refund)> = world
        .orders
        .values()
        .filter(|held| held.platform == PLATFORM && store(world, &held.shop).is_ok())
        .filter(|held| order.as_ref().is_none_or(|number| held.number == *number))
        .flat_map(|held| held.refunds.iter().map(move |refund| (held, refund)))
        .filter(|(_, refund)| (start..=end).contains(&(refund.asked_at / 1000)))
        .collect();
    found.sort_by(|a, b| {
        a.1.asked_at
            .cmp(&b.1.asked_at)
            .then_with(|| a.1.number.cmp(&b.1.number))
    });
    let rows: Vec<Value> = found
        .iter()
        .skip(page * size)
        .take(size)
        .map(|(order, refund)| after_sale(order, refund))
        .collect();
    Ok(json!({
        "items": rows, "has_more": (page + 1) * size < found.len(), "total": found.len(), "page": page, "size": rows.len(),
    }))
}

fn after_sale(order: &Order, refund: &Refund) -> Value {
    let (status, money) = after_sale_states(refund.state);
    let pieces: i64 = refund.lines.iter().map(|(_, count)| count).sum();
    json!({
        "aftersale_info": {
            "aftersale_id": refund.number, "aftersale_order_type": if refund.full { 2 } else { 1 },
            "aftersale_type": if pieces == 0 { 6 } else { 1 }, "aftersale_status": status,
            "related_id": order.number, "apply_time": refund.asked_at / 1000, "update_time": refund.asked_at / 1000,
            "refund_amount": refund.money_fen, "aftersale_num": pieces, "refund_status": money,
            "store_id": as_number(&order.shop),
        },
        "order_info": {"shop_order_id": order.number, "related_order_info": []},
        "text_part": {"reason_text": refund.reason},
    })
}
