//! Orders and refunds (11). There is no order list: callers walk `day_seq`.

use serde_json::{Value, json};

use super::{Answer, Refusal, admit_shop, need, ok, shop_code, shop_of, side};
use crate::clock::{day_text, shanghai_day};
use crate::wire::{Call, yuan_number, yuan_text};
use crate::world::{Order, OrderState, Refund, RefundState, World};

/// Orders that a script placed ahead of the clock are not there yet.
pub(super) fn latest_day_seq(world: &World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let now = world.now_ms();
    let today = shanghai_day(now);
    let platform = side(world, call);
    let orders = world
        .orders
        .values()
        .filter(|order| order.platform == platform && order.shop == code);
    let latest = orders
        .filter(|order| order.day == today && order.placed_at <= now)
        .map(|order| order.day_seq)
        .max();
    Ok(json!({"data": {"result": "ok", "day_seq": latest.unwrap_or(0)}}))
}

/// `date_time` is `yyyyMMdd`.
pub(super) fn id_by_day_seq(world: &World, call: &Call) -> Answer {
    let code = shop_code(call)?;
    let date = need(call, "date_time")?;
    let seq: u32 = need(call, "day_seq")?
        .parse()
        .map_err(|_| Refusal::format("day_seq"))?;
    let now = world.now_ms();
    let platform = side(world, call);
    let found = world.orders.values().find(|order| {
        order.platform == platform
            && order.shop == code
            && order.day_seq == seq
            && order.placed_at <= now
            && day_text(order.day) == date
    });
    let order = found.ok_or_else(no_order)?;
    Ok(json!({"data": {"result": "ok", "order_id": number(order)}}))
}

fn no_order() -> Refusal {
    Refusal::new(806, "订单不存在")
}

fn number(order: &Order) -> Value {
    json!(order.number.parse::<u64>().unwrap_or_default())
}

fn named_order<'a>(world: &'a World, call: &Call, parameter: &str) -> Result<&'a Order, Refusal> {
    let platform = side(world, call);
    let order = world
        .orders
        .get(need(call, parameter)?)
        .filter(|order| order.platform == platform);
    let order = order.ok_or_else(no_order)?;
    admit_shop(shop_of(world, call, &order.shop)?)?;
    Ok(order)
}

pub(crate) fn status_code(state: OrderState) -> i32 {
    match state {
        OrderState::Placed => 2,
        OrderState::Confirmed => 4,
        OrderState::Completed => 8,
        OrderState::Cancelled => 9,
    }
}

pub(super) fn status(world: &World, call: &Call) -> Answer {
    let order = named_order(world, call, "order_id")?;
    Ok(json!({"data": {"status": status_code(world.order_state(order))}}))
}

pub(super) fn detail(world: &mut World, call: &Call) -> Answer {
    let number = named_order(world, call, "order_id")?.number.clone();
    Ok(json!({"data": read_document(world, &number)}))
}

/// An order as one read shows it.
pub(crate) fn read_document(world: &mut World, number: &str) -> Value {
    let Ok(order) = world.order(number) else {
        return Value::Null;
    };
    let mut document = order_document(world, order);
    if order.degraded_reads > 0 {
        // A degraded order names its missing parts and comes without them; it has to be read again.
        document["incmp_code"] = json!(-1);
        document["incmp_modules"] = json!("[0,1]");
        document["detail"] = json!("[]");
        document["extras"] = json!("[]");
        if let Some(held) = world.orders.get_mut(number) {
            held.degraded_reads -= 1;
        }
    }
    document
}

pub(super) fn order_document(world: &World, order: &Order) -> Value {
    let lines: Vec<Value> = order
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            json!({
                "app_food_code": line.code, "food_name": line.name, "sku_id": line.sku_code, "upc": line.upc,
                "spec": line.spec_name, "quantity": line.quantity, "price": yuan_number(line.price_fen),
                "actual_price": yuan_number(line.price_fen), "original_price": yuan_number(line.price_fen),
                "box_num": 0, "box_price": 0, "unit": "份", "food_discount": 1, "food_property": "",
                "weight": line.weight_g, "cart_id": 0, "item_id": index + 1,
                "mt_spu_id": line.listing_id.parse::<u64>().unwrap_or(0),
                "mt_sku_id": line.spec_id.parse::<u64>().unwrap_or(0),
            })
        })
        .collect();
    let extras = if order.discount_fen > 0 {
        let reduced = yuan_number(order.discount_fen);
        json!([{"type": 2, "remark": "满减", "reduce_fee": reduced, "mt_charge": 0, "poi_charge": reduced}])
    } else {
        json!([])
    };
    let commission = order.goods_fen() / 10;
    let income = order.total_fen() - order.shipping_fen - commission;
    let receive = json!({
        "wmPoiReceiveCent": income, "onlinePayment": order.total_fen(), "logisticsFee": order.shipping_fen,
        "foodShareFeeChargeByPoi": commission,
    });
    json!({
        "order_id": number(order), "wm_order_id_view": number(order), "app_poi_code": order.shop,
        "wm_poi_name": world.shops(order.platform).get(&order.shop).map_or("", |shop| shop.name.as_str()),
        "status": status_code(world.order_state(order)), "total": yuan_number(order.total_fen()),
        "original_price": yuan_number(order.total_fen() + order.discount_fen),
        "shipping_fee": yuan_number(order.shipping_fen), "package_bag_money": order.package_fen,
        "package_bag_money_yuan": yuan_text(order.package_fen), "ctime": order.placed_at / 1000,
        "utime": order.cancelled_at.or(order.confirmed_at).unwrap_or(order.placed_at) / 1000, "delivery_time": 0,
        "pay_type": 2, "pick_type": 0, "day_seq": order.day_seq, "logistics_code": "2002",
        "recipient_name": order.recipient, "recipient_phone": order.phone,
        "recipient_address": format!("{}@#示例市示例区", order.address), "caution": order.remark,
        "detail": Value::Array(lines).to_string(), "extras": extras.to_string(),
        "poi_receive_detail": receive.to_string(), "incmp_code": 0, "incmp_modules": "[]",
    })
}

fn state_changed() -> Refusal {
    Refusal::new(808, "订单状态已变更,不能进行此操作")
}

pub(super) fn confirm(world: &mut World, call: &Call) -> Answer {
    let number = named_order(world, call, "order_id")?.number.clone();
    world.confirm_order(&number).map_err(|_| state_changed())?;
    Ok(ok())
}

pub(super) fn cancel(world: &mut World, call: &Call) -> Answer {
    need(call, "reason_code")?;
    let number = named_order(world, call, "order_id")?.number.clone();
    world
        .cancel_order(&number)
        .map_err(|_| Refusal::new(1022, "订单已完成,不能取消"))?;
    Ok(ok())
}

/// Decides every refund of the order that waits.
pub(super) fn decide_refund(world: &mut World, call: &Call, agree: bool) -> Answer {
    need(call, "reason")?;
    let number = named_order(world, call, "order_id")?.number.clone();
    let order = world.order_mut(&number).map_err(|_| no_order())?;
    let mut decided = false;
    for refund in order
        .refunds
        .iter_mut()
        .filter(|refund| refund.state == RefundState::Waiting)
    {
        refund.state = if agree {
            RefundState::Agreed
        } else {
            RefundState::Rejected
        };
        decided = true;
    }
    if decided { Ok(ok()) } else { Err(state_changed()) }
}

/// `refund_type` 1 full, 2 part; without it both. A refund of money alone is type 3 and its `count` is 0 (F10).
pub(super) fn refunds(world: &World, call: &Call) -> Answer {
    let order = named_order(world, call, "wm_order_id_view")?;
    let wanted = call.param("refund_type").unwrap_or_default();
    let rows: Vec<Value> = order
        .refunds
        .iter()
        .filter(|refund| match wanted {
            "1" => refund.full,
            "2" => !refund.full,
            _ => true,
        })
        .map(|refund| refund_row(order, refund))
        .collect();
    Ok(json!({"data": rows}))
}

fn refund_row(order: &Order, refund: &Refund) -> Value {
    let by_money_alone = refund.lines.is_empty();
    let pieces = if by_money_alone {
        vec![(0, 0)]
    } else {
        refund.lines.clone()
    };
    let food: Vec<Value> = pieces
        .iter()
        .filter_map(|(index, count)| {
            let line = order.lines.get(*index)?;
            let money = if by_money_alone {
                refund.money_fen
            } else {
                line.price_fen
            };
            Some(json!({
                "app_food_code": line.code, "food_name": line.name, "sku_id": line.sku_code, "upc": line.upc,
                "spec": line.spec_name, "count": count, "food_price": yuan_number(line.price_fen),
                "origin_food_price": yuan_number(line.price_fen), "refund_price": yuan_number(money),
                "refunded_weight": 0, "box_num": 0, "box_price": 0, "item_id": index + 1,
            }))
        })
        .collect();
    let res_type = match refund.state {
        RefundState::Waiting => 0,
        RefundState::Rejected => 1,
        RefundState::Agreed => 2,
    };
    let refund_type = match (refund.full, by_money_alone) {
        (true, _) => 1,
        (false, true) => 3,
        (false, false) => 2,
    };
    json!({
        "wm_order_id_view": number(order), "refund_id": refund.number.parse::<u64>().unwrap_or(0),
        "refund_type": refund_type, "res_type": res_type, "apply_type": 1, "apply_reason": refund.reason,
        "money": yuan_number(refund.money_fen), "ctime": refund.asked_at / 1000, "utime": refund.asked_at / 1000,
        "wmAppRetailForOrderPartRefundList": food,
    })
}
