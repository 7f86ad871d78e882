//! Pushes that did not reach the application (6): all of them, for this world's application has no public address.

use serde_json::{Map, Value, json};

use super::{Answer, PLATFORM, Params, Refusal, id_number, need, orders, verify};
use crate::world::{Order, OrderState, RefundState, World};

/// How long a missed push is kept. The real figure is not published.
const KEPT_MS: i64 = 86_400_000;

pub(super) fn missed(world: &World, params: &Params) -> Answer {
    if need(params, "appId")? != world.eleme.app_number.to_string() {
        return Err(Refusal::new("PERMISSION_DENIED", "应用没有该接口的权限"));
    }
    let now = world.now_ms();
    let mut messages: Vec<(i64, Value)> = world
        .orders
        .values()
        .filter(|order| order.platform == PLATFORM && world.eleme.shops.contains_key(&order.shop))
        .flat_map(|order| of_order(world, order))
        .filter(|(at, _)| *at <= now && now - *at < KEPT_MS)
        .collect();
    messages.sort_by_key(|(at, _)| *at);
    Ok(messages.into_iter().map(|(_, message)| message).collect())
}

/// The newest message about an order, as it would be posted to the application's address. `None` for an order that is
/// not there.
pub fn order_push(world: &World, number: &str) -> Option<Value> {
    let order = world.orders.get(number)?;
    let told = of_order(world, order);
    told.into_iter()
        .max_by_key(|(at, _)| *at)
        .map(|(_, message)| message)
}

/// 10 placed, 12 accepted, 14 cancelled before acceptance and 17 after it, 18 finished; 20 to 23 a cancellation that is
/// asked for, refused or agreed, 30 to 33 the same after the order is finished.
fn of_order(world: &World, order: &Order) -> Vec<(i64, Value)> {
    let mut found = vec![(order.placed_at, 10, orders::document(world, order).to_string())];
    let moved = |at: i64, state: &str| {
        json!({
            "orderId": order.number, "state": state, "shopId": id_number(&order.shop), "updateTime": at / 1000, "role": 1,
        })
        .to_string()
    };
    if let Some(at) = order.confirmed_at {
        found.push((at, 12, moved(at, "valid")));
    }
    if let Some(at) = order.cancelled_at {
        let kind = if order.confirmed_at.is_some() { 17 } else { 14 };
        found.push((at, kind, moved(at, "invalid")));
    }
    let finished = world.order_state(order) == OrderState::Completed;
    if let Some(at) = order.completes_at.filter(|_| finished) {
        found.push((at, 18, moved(at, "settled")));
    }
    for refund in &order.refunds {
        let kind = match refund.state {
            RefundState::Waiting => 20,
            RefundState::Rejected => 22,
            RefundState::Agreed => 23,
        };
        let kind = if finished { kind + 10 } else { kind };
        found.push((
            refund.asked_at,
            kind,
            orders::refund_row(order, refund).to_string(),
        ));
    }
    found
        .into_iter()
        .map(|(at, kind, text)| (at, signed(world, order, at, kind, text)))
        .collect()
}

fn signed(world: &World, order: &Order, at: i64, kind: i32, text: String) -> Value {
    let mut message = Map::new();
    message.insert("requestId".into(), json!(format!("{}{kind}", order.number)));
    message.insert("type".into(), json!(kind));
    message.insert("appId".into(), json!(world.eleme.app_number));
    message.insert("message".into(), Value::String(text));
    message.insert("shopId".into(), id_number(&order.shop));
    message.insert("timestamp".into(), json!(at));
    message.insert("userId".into(), json!(900_000_000_000_000_001_u64));
    let signature = verify::push_signature(&message, &world.eleme.app.secret);
    message.insert("signature".into(), Value::String(signature));
    Value::Object(message)
}
