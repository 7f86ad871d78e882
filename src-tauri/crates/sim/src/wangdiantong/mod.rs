//! 旺店通: 企业版 at `/wangdiantong/openapi2/NAME.php`, 旗舰版 at `/wangdiantong/openapi`. Written from part 2 of the ERP fact
//! sheet; numbers are its sections. Keys of one edition are unknown to the other.

mod enterprise;
mod flagship;
mod rows;
pub mod verify;

use serde_json::{Map, Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::World;

/// Why a call was refused.
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

    /// Refused by the application.
    fn said(text: impl Into<String>) -> Self {
        Self::new(100, text)
    }

    fn too_often() -> Self {
        Self::said("超过每分钟最大调用频率限制，请稍后重试")
    }
}

type Answer = Result<Value, Refusal>;
type Args = Map<String, Value>;

/// The call a request names: a script of 企业版, a method of 旗舰版 (which has dots).
pub(crate) fn named(call: &Call) -> Option<String> {
    let path = call.path.strip_prefix("/wangdiantong/")?;
    if path == "openapi" {
        return Some(call.param("method").unwrap_or(".").to_owned());
    }
    path.strip_prefix("openapi2/")?
        .strip_suffix(".php")
        .map(str::to_owned)
}

fn is_flagship(name: &str) -> bool {
    name.contains('.')
}

/// Answers one call; a refused one changes nothing.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = if is_flagship(name) {
        flagship::answer(world, name, call)
    } else {
        enterprise::answer(world, name, call)
    };
    reply(name, answer)
}

/// 企业版 puts what it has to say beside the code; 旗舰版 wraps it.
fn reply(name: &str, answer: Answer) -> Reply {
    let refused = answer.is_err();
    let document = match (is_flagship(name), answer) {
        (true, Ok(data)) => json!({"status": 0, "data": data}),
        (true, Err(refusal)) => json!({"status": refusal.code, "message": refusal.text}),
        (false, Ok(Value::Object(mut fields))) => {
            fields.insert("code".to_owned(), json!(0));
            fields.entry("message").or_insert_with(|| json!(""));
            Value::Object(fields)
        }
        (false, Ok(other)) => json!({"code": 0, "message": "", "data": other}),
        (false, Err(refusal)) => json!({"code": refusal.code, "message": refusal.text}),
    };
    Reply::json(200, &document, refused)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(world: &World, name: &str, fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => Refusal::too_often(),
        FaultKind::ClockSkew => clock_off(name),
        FaultKind::ExpiredToken | FaultKind::IllegalToken => unsigned(name),
        FaultKind::Refuse { code: 6, message } if message.is_empty() => not_listed(world, name),
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        FaultKind::Gateway { code, .. } => Refusal::new(code.parse().unwrap_or(99), "其他错误"),
        _ => Refusal::new(99, "系统繁忙"),
    };
    reply(name, Err(refusal))
}

fn unsigned(name: &str) -> Refusal {
    if is_flagship(name) {
        Refusal::new(1, "验证失败")
    } else {
        Refusal::new(1, "签名错误")
    }
}

fn clock_off(name: &str) -> Refusal {
    Refusal::new(if is_flagship(name) { 7 } else { 1 }, "时间戳错误")
}

fn not_listed(world: &World, name: &str) -> Refusal {
    let address = &world.erp.wangdiantong.caller_ip;
    Refusal::new(if is_flagship(name) { 6 } else { 1 }, format!("ip限制 {address}"))
}

/// What both editions look at once the caller is known: clock, address, rate and right.
fn admit(world: &mut World, name: &str, sent_ms: Option<i64>, window_ms: i64) -> Result<(), Refusal> {
    let now = world.now_ms();
    if sent_ms.is_none_or(|sent| (sent - now).abs() > window_ms) {
        return Err(clock_off(name));
    }
    if !world.erp.wangdiantong.ip_listed {
        return Err(not_listed(world, name));
    }
    let state = &mut world.erp.wangdiantong;
    state.rates.count(now).map_err(|_| Refusal::too_often())?;
    if state.denied_calls.contains(name) {
        return Err(Refusal::said("权限不足"));
    }
    Ok(())
}

/// A field as text; absent when missing, null or empty.
fn field(args: &Args, name: &str) -> Option<String> {
    args.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

/// A decimal as a whole number of its `digits`-th places; `None` when it has more or is none.
fn parts(value: &Value, digits: usize) -> Option<i64> {
    let text = text_of(value)?;
    let (negative, text) = text
        .strip_prefix('-')
        .map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > digits {
        return None;
    }
    let number: i64 = format!("{whole}{fraction:0<digits$}").parse().ok()?;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::parts;
    use serde_json::json;

    #[test]
    fn decimals_are_read_whole() {
        for (value, digits, read) in [
            (json!(12.75), 4, Some(127_500)),
            (json!("25.5000"), 4, Some(255_000)),
            (json!(-0.5), 3, Some(-500)),
            (json!(2), 3, Some(2000)),
            (json!("1.00001"), 4, None),
            (json!("1e3"), 4, None),
            (json!(null), 4, None),
        ] {
            assert_eq!(parts(&value, digits), read, "{value}");
        }
    }
}
