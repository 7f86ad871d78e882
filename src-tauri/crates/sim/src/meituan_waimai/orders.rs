//! Orders by family B (11.1): camel case, one edition with the number of the day, the other with a list of each day.

use serde_json::{Map, Value, json};

use super::food::PLATFORM;
use super::{Admitted, Answer, Refusal};
use crate::clock::day_text;
use crate::meituan::orders as classic;
use crate::world::{Order, World};

const DAY_MS: i64 = 86_400_000;
/// queryOrders looks back five days and gives pages of 20 at most.
const DAYS: i64 = 5;
const PAGE_LIMIT: usize = 20;

fn no_order() -> Refusal {
    Refusal::new("OP_BIZ_806", "订单不存在")
}

fn of_shop<'a>(world: &'a World, call: &Admitted) -> impl Iterator<Item = &'a Order> {
    let (shop, now) = (call.shop.clone(), world.now_ms());
    world
        .orders
        .values()
        .filter(move |order| order.platform == PLATFORM && order.shop == shop && order.placed_at <= now)
}

fn named(world: &World, call: &Admitted) -> Result<String, Refusal> {
    let number = call.need("orderId")?;
    let order = of_shop(world, call).find(|order| order.number == number);
    order.map(|order| order.number.clone()).ok_or_else(no_order)
}

pub(super) fn answer(world: &mut World, name: &str, call: &Admitted) -> Answer {
    match name {
        "waimai/order/queryById" => {
            let number = named(world, call)?;
            Ok(document(world, &number, false))
        }
        "waimai/order/queryByDaySeq" => {
            let (date, seq) = (call.field("date"), call.need("daySeq")?);
            let today = day_text(crate::clock::shanghai_day(world.now_ms()));
            let date = date.unwrap_or(today);
            let found = of_shop(world, call)
                .find(|order| day_text(order.day) == date && order.day_seq.to_string() == seq);
            let number = found.map(|order| order.number.clone()).ok_or_else(no_order)?;
            Ok(document(world, &number, false))
        }
        "waimai/order/confirm" => {
            let number = named(world, call)?;
            let changed = world.confirm_order(&number);
            changed.map_err(|_| Refusal::new("OP_BIZ_808", "订单状态已变更,不能进行此操作"))?;
            Ok(json!("ok"))
        }
        "waimai/order/cancel" => {
            call.need("reasonCode")?;
            let number = named(world, call)?;
            let changed = world.cancel_order(&number);
            changed.map_err(|_| Refusal::new("OP_BIZ_1022", "订单已完成,不能取消"))?;
            Ok(json!("ok"))
        }
        "wmoper/ng/order/queryOrders" => list(world, call),
        _ => {
            let number = named(world, call)?;
            Ok(document(world, &number, true))
        }
    }
}

fn list(world: &World, call: &Admitted) -> Answer {
    let number = |name: &str| call.field(name).and_then(|text| text.parse::<i64>().ok());
    let wrong = |name: &str| Refusal::new("OP_PARAM_ERROR", format!("{name}参数错误"));
    let day = call.need("dayInt")?;
    let status = number("orderStatus").ok_or_else(|| wrong("orderStatus"))?;
    let place = |name: &str| number(name).and_then(|number| usize::try_from(number).ok());
    let page = place("pageNo")
        .filter(|page| *page > 0)
        .ok_or_else(|| wrong("pageNo"))?;
    let size = place("pageSize").filter(|size| (1..=PAGE_LIMIT).contains(size));
    let size = size.ok_or_else(|| wrong("pageSize"))?;
    let now = world.now_ms();
    let seen = (0..DAYS).any(|back| day_text(crate::clock::shanghai_day(now - back * DAY_MS)) == day);
    if !seen {
        return Err(Refusal::new("OP_PARAM_ERROR", "仅支持查询近5天的订单"));
    }
    let all: Vec<u64> = of_shop(world, call)
        .filter(|order| day_text(order.day) == day)
        .filter(|order| status == -1 || i64::from(classic::status_code(world.order_state(order))) == status)
        .map(|order| order.number.parse().unwrap_or(0))
        .collect();
    let ids: Vec<u64> = all.iter().skip((page - 1) * size).take(size).copied().collect();
    Ok(json!({"hashMore": page * size < all.len(), "orderIds": ids}))
}

/// The order in this family's words. With taking orders `detail` is JSON text in family A's words; without, a list in
/// camel case, and the moment of ordering has another name.
fn document(world: &mut World, number: &str, listed: bool) -> Value {
    let told = classic::read_document(world, number);
    let mut fields = camel(&told);
    for (theirs, ours) in [
        ("wmOrderIdView", "orderIdView"),
        ("appPoiCode", "ePoiId"),
        ("ctime", if listed { "orderSendTime" } else { "cTime" }),
        ("utime", "uTime"),
        ("wmPoiName", "poiName"),
    ] {
        if let Some(value) = fields.remove(theirs) {
            fields.insert(ours.to_owned(), value);
        }
    }
    let parsed =
        |value: &Value| serde_json::from_str::<Value>(value.as_str().unwrap_or("[]")).unwrap_or(json!([]));
    fields.insert("incmpModules".to_owned(), parsed(&told["incmp_modules"]));
    fields.insert(
        "wmPoiReceiveCent".to_owned(),
        parsed(&told["poi_receive_detail"])["wmPoiReceiveCent"].clone(),
    );
    if listed {
        for absent in ["orderIdView", "uTime", "incmpCode", "incmpModules"] {
            fields.remove(absent);
        }
        let lines = parsed(&told["detail"]);
        let lines = lines.as_array().into_iter().flatten();
        let lines: Vec<Value> = lines.map(|line| Value::Object(camel(line))).collect();
        fields.insert("detail".to_owned(), Value::Array(lines));
    } else {
        fields.insert("daySeq".to_owned(), json!(told["day_seq"].to_string()));
    }
    Value::Object(fields)
}

fn camel(object: &Value) -> Map<String, Value> {
    let renamed = |name: &str| {
        let mut parts = name.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |mut whole, part| {
            let mut letters = part.chars();
            whole.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
            whole.extend(letters);
            whole
        })
    };
    let fields = object.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (renamed(name), value.clone()))
        .collect()
}
