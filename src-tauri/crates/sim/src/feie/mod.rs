//! 飞鹅 printer cloud: `/feie/Api/Open/`, a form with the call in `apiname`. Written from its fact sheet.

mod printers;
mod pushes;
mod rsa;
mod tickets;
pub mod verify;

pub use pushes::ticket_push;
pub use rsa::PUBLIC_KEY;

use serde_json::{Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply};
use crate::world::World;

/// Why a call was refused: `ret` and `msg`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    ret: i64,
    msg: String,
}

impl Refusal {
    fn new(ret: i64, msg: impl Into<String>) -> Self {
        Self { ret, msg: msg.into() }
    }

    fn parameters() -> Self {
        Self::new(-2, "参数错误 : 该帐号未注册.")
    }

    fn not_ours() -> Self {
        Self::new(1002, "打印机编号和用户不匹配.")
    }
}

/// The `data` of a good answer.
type Answer = Result<Value, Refusal>;

/// Answers one call; without a good signature nothing happens.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    let answer = admit(world, call).and_then(|()| dispatch(world, name, call));
    match answer {
        Ok(data) => Reply::json(
            200,
            &json!({"msg": "ok", "ret": 0, "data": data, "serverExecutedTime": 3}),
            false,
        ),
        Err(refusal) => refuse(&refusal),
    }
}

fn refuse(refusal: &Refusal) -> Reply {
    let body = json!({"msg": refusal.msg, "ret": refusal.ret, "data": null, "serverExecutedTime": 1});
    Reply::json(200, &body, true)
}

/// The answer of a scripted fault.
pub(crate) fn refusal(fault: &FaultKind) -> Reply {
    refuse(&match fault {
        FaultKind::ExpiredToken | FaultKind::IllegalToken | FaultKind::ClockSkew => {
            Refusal::new(-3, "验证失败 : 签名错误.")
        }
        FaultKind::Refuse { code, message } => Refusal::new(*code, message.clone()),
        FaultKind::Throttle { .. } => {
            return Reply::json(429, &json!({"msg": "too many requests", "ret": -1}), true);
        }
        _ => return Reply::html(503),
    })
}

/// The account is known and the signature is its own. Only the form counts: a JSON body is not understood.
fn admit(world: &World, call: &Call) -> Result<(), Refusal> {
    let user = form(call, "user").ok_or_else(Refusal::parameters)?;
    let stime = form(call, "stime").ok_or_else(Refusal::parameters)?;
    let sig = form(call, "sig").ok_or_else(Refusal::parameters)?;
    let app = &world.feie.app;
    if user != app.id {
        return Err(Refusal::parameters());
    }
    let ten_digits = stime.len() == 10 && stime.bytes().all(|byte| byte.is_ascii_digit());
    if !ten_digits || sig != verify::signature(user, &app.secret, stime) {
        return Err(Refusal::new(-3, "验证失败 : 签名错误."));
    }
    Ok(())
}

fn dispatch(world: &mut World, name: &str, call: &Call) -> Answer {
    match name {
        "Open_printerAddlist" => printers::add(world, need(call, "printerContent")?),
        "Open_printerDelList" => Ok(printers::remove(world, need(call, "snlist")?)),
        "Open_printerEdit" => printers::edit(world, need(call, "sn")?, need(call, "name")?),
        "Open_queryPrinterStatus" => printers::status(world, need(call, "sn")?),
        "Open_printMsg" => tickets::print(world, call),
        "Open_delPrinterSqs" => tickets::clear(world, need(call, "sn")?),
        "Open_queryOrderState" => tickets::state(world, need(call, "orderid")?),
        "Open_queryOrderInfoByDate" => tickets::day(world, need(call, "sn")?, need(call, "date")?),
        _ => Err(Refusal::new(-2, "参数错误 : apiname不存在.")),
    }
}

/// A field of the form; absent when empty, or one of the two words that a careless program sends.
fn form<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.form
        .iter()
        .find(|(held, _)| held == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !matches!(*value, "" | "null" | "undefined"))
}

fn need<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    form(call, name).ok_or_else(|| Refusal::new(-2, format!("参数错误 : {name}不能为空.")))
}
