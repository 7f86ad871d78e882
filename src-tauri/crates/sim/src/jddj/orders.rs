//! Orders and after-sales (13). All money is fen.

use serde_json::{Map, Value, json};

use super::{Answer, Body, PLATFORM, Refusal, Said, as_number, field, need, number, truth};
use crate::clock::{parse_shanghai, shanghai_text};
use crate::world::{Authorization, Order, OrderState, Refund, RefundState, World};

const HOUR_MS: i64 = 3_600_000;

fn wrong(text: &str) -> Refusal {
    Refusal::Inner("1".to_owned(), text.to_owned())
}

fn ours(world: &World, order: &Order) -> bool {
    let shop = world.jddj.shops.get(&order.shop);
    order.platform == PLATFORM && shop.is_some_and(|shop| shop.authorization == Authorization::Valid)
}

/// 41000 waits for the store, 32000 is picked, 90000 finished, 20020 cancelled by the customer.
fn status(world: &World, order: &Order) -> i64 {
    match world.order_state(order) {
        OrderState::Placed => 41_000,
        OrderState::Confirmed => 32_000,
        OrderState::Completed => 90_000,
        OrderState::Cancelled => 20_020,
    }
}

/// A window of time, of at most an hour.
fn window(body: &Body, name: &str) -> Result<Option<(i64, i64)>, Refusal> {
    let read = |end: &str| {
        field(body, &format!("{name}_{end}"))
            .map(|text| parse_shanghai(&text).ok_or_else(|| wrong("时间格式应为yyyy-MM-dd HH:mm:ss")))
            .transpose()
    };
    match (read("begin")?, read("end")?) {
        (None, None) => Ok(None),
        (Some(begin), Some(end)) if begin <= end && end - begin <= HOUR_MS => Ok(Some((begin, end))),
        _ => Err(wrong("查询时间跨度不能超过1小时")),
    }
}

/// One order, or a page of those that fit.
pub(super) fn query(world: &mut World, body: &Body) -> Answer {
    let page = number(body, "pageNo")?.unwrap_or(1).max(1);
    let size = number(body, "pageSize")?.unwrap_or(20);
    if !(1..=100).contains(&size) || page * size >= 10_000 {
        return Err(wrong("pageSize最大100，pageNo*pageSize须小于10000"));
    }
    let wanted = field(body, "orderId");
    let store = field(body, "deliveryStationNo");
    let state = number(body, "orderStatus")?;
    let bought = window(body, "orderPurchaseTime")?;
    let begun = window(body, "orderStartTime")?;
    let cancelled = window(body, "orderCancelTime")?;
    if wanted.is_none() && bought.is_none() && begun.is_none() && cancelled.is_none() {
        return Err(wrong("查询时间不能为空"));
    }
    let within = |window: Option<(i64, i64)>, at: Option<i64>| {
        window.is_none_or(|(begin, end)| {
            at.is_some_and(|at| (begin..=end).contains(&(at - at.rem_euclid(1000))))
        })
    };
    let mut found: Vec<&Order> = world
        .orders
        .values()
        .filter(|order| ours(world, order) && order.placed_at <= world.now_ms())
        .filter(|order| wanted.as_ref().is_none_or(|number| order.number == *number))
        .filter(|order| store.as_ref().is_none_or(|store| order.shop == *store))
        .filter(|order| state.is_none_or(|state| status(world, order) == state))
        .filter(|order| within(bought, Some(order.placed_at)) && within(begun, Some(order.placed_at)))
        .filter(|order| within(cancelled, order.cancelled_at))
        .collect();
    found.sort_by(|a, b| {
        a.placed_at
            .cmp(&b.placed_at)
            .then_with(|| a.number.cmp(&b.number))
    });
    let total = i64::try_from(found.len()).unwrap_or(0);
    let skipped = usize::try_from((page - 1) * size).unwrap_or(0);
    let shown: Vec<&Order> = found
        .into_iter()
        .skip(skipped)
        .take(usize::try_from(size).unwrap_or(0))
        .collect();
    let rows: Vec<Value> = shown.iter().map(|order| document(world, order)).collect();
    let degraded: Vec<String> = shown
        .iter()
        .filter(|order| order.degraded_reads > 0 && wanted.is_some())
        .map(|order| order.number.clone())
        .collect();
    for number in degraded {
        if let Some(order) = world.orders.get_mut(&number) {
            order.degraded_reads -= 1;
        }
    }
    let result = json!({
        "pageNo": page, "pageSize": size, "maxPageSize": 100, "totalCount": total,
        "totalPage": (total + size - 1) / size, "page": page, "resultList": rows,
    });
    Ok(if world.jddj.encrypted_orders {
        Said::Sealed(result)
    } else {
        Said::Result(result)
    })
}

fn document(world: &World, order: &Order) -> Value {
    let shop = world.jddj.shops.get(&order.shop);
    let lines: Vec<Value> = if order.degraded_reads > 0 {
        Vec::new()
    } else {
        order
            .lines
            .iter()
            .map(|line| {
                json!({
                    "orderId": as_number(&order.number), "skuId": as_number(&line.listing_id),
                    "skuIdIsv": line.sku_code, "skuName": line.name, "skuJdPrice": line.price_fen,
                    "skuStorePrice": line.price_fen, "skuCostPrice": 0, "skuCount": line.quantity, "isGift": false,
                    "upcCode": line.upc, "adjustMode": 0, "promotionType": 1, "skuCostumeProperty": "",
                    "skuWeight": line.weight_g, "canteenMoney": 0,
                })
            })
            .collect()
    };
    let discount = if order.discount_fen > 0 {
        json!([{"orderId": as_number(&order.number), "discountType": 1, "discountDetailType": 1, "discountCode": "D1",
            "discountPrice": order.discount_fen, "skuIds": ""}])
    } else {
        json!([])
    };
    let changed = [order.confirmed_at, order.cancelled_at]
        .into_iter()
        .flatten()
        .fold(order.placed_at, i64::max);
    let mut row = json!({
        "orderId": as_number(&order.number), "srcInnerType": 0, "orderType": 10_000,
        "orderStatus": status(world, order), "orderStatusTime": shanghai_text(changed),
        "orderStartTime": shanghai_text(order.placed_at), "orderPurchaseTime": shanghai_text(order.placed_at),
        "orderAgingType": 1, "orderPreStartDeliveryTime": shanghai_text(order.placed_at + HOUR_MS / 2),
        "orderPreEndDeliveryTime": shanghai_text(order.placed_at + HOUR_MS), "orgCode": world.jddj.vender_id,
        "buyerPin": "JD_sim", "buyerFullName": order.recipient, "buyerFullAddress": order.address,
        "buyerMobile": order.phone.replace('_', ","), "buyerCityName": "北京市", "buyerCountryName": "朝阳区",
        "deliveryStationNo": order.shop, "deliveryStationNoIsv": shop.map_or("", |shop| shop.own_code.as_str()),
        "deliveryStationName": shop.map_or("", |shop| shop.name.as_str()), "deliveryCarrierNo": "9966",
        "orderPayType": 4, "orderNum": order.day_seq, "orderBuyerRemark": order.remark, "businessTag": "",
        "tips": 0, "product": lines, "discount": discount, "orderInvoice": {},
    });
    let money = json!({
        "orderTotalMoney": order.goods_fen(), "orderDiscountMoney": order.discount_fen,
        "orderFreightMoney": order.shipping_fen, "localDeliveryMoney": 0, "packagingMoney": order.package_fen,
        "orderBuyerPayableMoney": order.total_fen(),
    });
    if let (Some(row), Some(money)) = (row.as_object_mut(), money.as_object()) {
        row.extend(money.clone());
    }
    if let Some(at) = order.cancelled_at {
        row["orderCancelTime"] = json!(shanghai_text(at));
        row["orderCancelRemark"] = json!("用户取消");
    }
    row
}

fn named<'a>(world: &'a World, body: &Body) -> Result<&'a Order, Refusal> {
    let number = need(body, "orderId")?;
    let order = world.orders.get(&number).filter(|order| ours(world, order));
    order.ok_or_else(|| Refusal::Inner("14".to_owned(), "订单不存在".to_owned()))
}

pub(super) fn accept(world: &mut World, body: &Body) -> Answer {
    need(body, "operator")?;
    let number = named(world, body)?.number.clone();
    let moved = |_| Refusal::inner("订单状态已变更");
    match truth(body, "isAgreed") {
        Some(true) => world.confirm_order(&number).map_err(moved)?,
        Some(false) => world.cancel_order(&number).map_err(moved)?,
        None => return Err(Refusal::missing("isAgreed")),
    }
    Ok(Said::Result(json!(true)))
}

/// The merchant answers the customer's wish to cancel; refusing takes a remark.
pub(super) fn answer_cancel(world: &mut World, body: &Body) -> Answer {
    need(body, "operator")?;
    let number = named(world, body)?.number.clone();
    match truth(body, "isAgreed") {
        Some(true) => world
            .cancel_order(&number)
            .map_err(|_| Refusal::inner("订单状态已变更"))?,
        Some(false) => {
            need(body, "remark")?;
        }
        None => return Err(Refusal::missing("isAgreed")),
    }
    Ok(Said::Result(json!(true)))
}

/// 10 waits for the merchant, 32 is paid back, 40 is refused.
fn after_sale_state(refund: &Refund) -> i64 {
    match refund.state {
        RefundState::Waiting => 10,
        RefundState::Agreed => 32,
        RefundState::Rejected => 40,
    }
}

/// 10 gives money back alone, 40 takes goods back.
fn deal(refund: &Refund) -> &'static str {
    if refund.lines.is_empty() { "10" } else { "40" }
}

/// The after-sales of an order stand beside the code; an order without any has the total 0.
pub(super) fn after_sales(world: &World, body: &Body) -> Answer {
    let order = named(world, body)?;
    let rows: Vec<Value> = order
        .refunds
        .iter()
        .map(|refund| {
            json!({
                "afsServiceOrder": as_number(&refund.number), "orderId": order.number, "newOrderId": null,
                "totalMoney": refund.money_fen, "applyDeal": deal(refund), "afsServiceState": after_sale_state(refund),
            })
        })
        .collect();
    let mut fields = Map::new();
    fields.insert("totalCount".to_owned(), json!(rows.len()));
    fields.insert("afsSeriveOrderList".to_owned(), json!(rows));
    Ok(Said::Beside(fields))
}

pub(super) fn after_sale(world: &World, body: &Body) -> Answer {
    let number = need(body, "afsServiceOrder")?;
    let found = world
        .orders
        .values()
        .filter(|order| ours(world, order))
        .find_map(|order| {
            Some((
                order,
                order.refunds.iter().find(|refund| refund.number == number)?,
            ))
        });
    let (order, refund) = found.ok_or_else(|| Refusal::Inner("14".to_owned(), "售后单不存在".to_owned()))?;
    let lines: Vec<Value> = refund
        .lines
        .iter()
        .filter_map(|(at, count)| Some((order.lines.get(*at)?, count)))
        .map(|(line, count)| {
            json!({
                "wareId": as_number(&line.listing_id), "wareName": line.name, "skuIdIsv": line.sku_code,
                "skuCount": count, "payPrice": line.price_fen, "skuMoney": line.price_fen * count,
                "cashMoney": line.price_fen * count, "afsMoney": line.price_fen * count, "mealBoxMoney": 0,
                "weight": 0.0,
            })
        })
        .collect();
    Ok(Said::Result(json!({
        "orderId": order.number, "newOrderId": null, "afsServiceOrder": refund.number,
        "afsServiceState": after_sale_state(refund), "approveType": 1, "approvedDate": refund.asked_at,
        "questionTypeCid": 0, "questionDesc": refund.reason, "cashMoney": refund.money_fen,
        "afsMoney": refund.money_fen, "jdBeansMoney": 0, "virtualMoney": 0, "applyDeal": deal(refund),
        "afsDetailList": lines, "orderFreightMoney": 0,
    })))
}
