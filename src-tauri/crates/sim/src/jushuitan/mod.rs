//! 聚水潭 at the openweb gateway: `/jushuitan/open/…` and `/jushuitan/openWeb/auth/…`. Written from part 1 of the ERP fact
//! sheet; numbers are its sections. Texts of refusals of orders are not published: those here are made up.

mod basics;
mod orders;
mod tokens;
pub mod verify;

use serde_json::{Map, Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::World;

/// Why a call was refused (1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: i64,
    text: String,
}

impl Refusal {
    fn new(code: i64, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    /// 140, which in the newer table is the clock.
    fn wrong(text: impl std::fmt::Display) -> Self {
        Self::new(140, format!("参数错误:{text}"))
    }
}

/// The `data` of a good answer.
type Answer = Result<Value, Refusal>;
type Biz = Map<String, Value>;

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    if name == "auth" {
        return tokens::authorize(world, call);
    }
    let answer = admit(world, call).and_then(|()| {
        if let Some(name) = name.strip_prefix("openWeb/auth/") {
            return tokens::give(world, name, call);
        }
        tokens::admit(world, call)?;
        if world.erp.jushuitan.denied_calls.contains(name) {
            return Err(Refusal::new(190, "没有接口权限,请在开放平台申请"));
        }
        let biz: Value = call
            .param("biz")
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or_else(|| Refusal::wrong("biz不是合法的JSON"))?;
        dispatch(world, name, &biz)
    });
    reply(answer)
}

fn reply(answer: Answer) -> Reply {
    match answer {
        Ok(data) => Reply::json(200, &json!({"code": 0, "msg": "执行成功", "data": data}), false),
        Err(refusal) => Reply::json(
            200,
            &json!({"code": refusal.code, "msg": refusal.text, "data": null}),
            true,
        ),
    }
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &World, fault: &FaultKind) -> Reply {
    reply(Err(match fault {
        FaultKind::Throttle { .. } => too_often(false),
        FaultKind::ExpiredToken | FaultKind::IllegalToken => tokens::dead(),
        FaultKind::ClockSkew => clock_off(),
        FaultKind::Gateway { code, .. } => Refusal::new(code.parse().unwrap_or(150), "内部错误"),
        FaultKind::Refuse { code, message } if *code == 110 && message.is_empty() => not_listed(world),
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        _ => Refusal::new(150, "系统繁忙"),
    }))
}

fn too_often(in_a_minute: bool) -> Refusal {
    if in_a_minute {
        Refusal::new(200, "超过每分钟调用次数限制")
    } else {
        Refusal::new(199, "超过每秒调用次数限制")
    }
}

fn clock_off() -> Refusal {
    Refusal::new(140, "时间戳超出范围,与服务器时间相差超过15分钟")
}

fn not_listed(world: &World) -> Refusal {
    let address = &world.erp.jushuitan.caller_ip;
    Refusal::new(110, format!("调用方IP {address} 不在应用的白名单中"))
}

/// Signature, clock, address and rate, in this order.
fn admit(world: &mut World, call: &Call) -> Result<(), Refusal> {
    let now = world.now_ms();
    let state = &mut world.erp.jushuitan;
    if call.param("app_key") != Some(state.app.id.as_str()) {
        return Err(Refusal::new(10, "无效的app_key,签名校验失败"));
    }
    let expected = verify::signature(&call.form, &state.app.secret);
    if call.param("sign") != Some(expected.as_str()) {
        return Err(Refusal::new(10, "无效签名"));
    }
    if call.param("charset") != Some("utf-8") {
        return Err(Refusal::wrong("charset"));
    }
    let sent = call.param("timestamp").and_then(|text| text.parse::<i64>().ok());
    if sent.is_none_or(|seconds| (seconds.saturating_mul(1000) - now).abs() > state.clock_window_ms) {
        return Err(clock_off());
    }
    if !state.ip_listed {
        return Err(not_listed(world));
    }
    state
        .rates
        .count(now)
        .map_err(|quota| too_often(quota.window_ms > 1000))
}

fn dispatch(world: &mut World, name: &str, biz: &Value) -> Answer {
    let map = || biz.as_object().ok_or_else(|| Refusal::wrong("biz应为对象"));
    match name {
        "open/shops/query" => basics::shops(world, map()?),
        "open/wms/partner/query" => basics::warehouses(world, map()?),
        "open/sku/query" => basics::skus(world, map()?),
        "open/inventory/query" => basics::inventory(world, map()?),
        "open/jushuitan/orders/upload" => orders::upload(world, biz),
        "open/orders/single/query" => orders::query(world, map()?),
        "open/aftersale/upload" => orders::after_sale(world, biz),
        _ => Err(Refusal::new(190, "没有接口权限")),
    }
}

/// A field as text; absent when missing, null or empty.
fn field(biz: &Biz, name: &str) -> Option<String> {
    biz.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

/// Page and its size, and the envelope of a list.
fn page(biz: &Biz, usual: usize, most: usize) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, usual: usize| match field(biz, name) {
        None => Ok(usual),
        Some(text) => text.parse().map_err(|_| Refusal::wrong(name)),
    };
    let (page, size) = (number("page_index", 1)?, number("page_size", usual)?);
    if page == 0 || size == 0 || size > most {
        return Err(Refusal::wrong(format!("page_size最大{most}")));
    }
    Ok((page, size))
}

fn listed(name: &str, rows: &[Value], (page, size): (usize, usize)) -> Value {
    let pages = rows.len().div_ceil(size);
    let shown: Vec<&Value> = rows.iter().skip((page - 1) * size).take(size).collect();
    json!({
        "page_index": page, "page_size": size, "page_count": pages, "data_count": rows.len(),
        "has_next": page < pages, name: shown,
    })
}
