//! Printers of the account.

use serde_json::{Value, json};

use super::{Answer, Refusal};
use crate::world::{FeiePrinter, World};

/// The printer, if this account has it.
pub(super) fn ours<'a>(world: &'a mut World, sn: &str) -> Result<&'a mut FeiePrinter, Refusal> {
    if sn.len() < 8 || !sn.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new(1001, "打印机编号错误."));
    }
    let printer = world.feie.printers.get_mut(sn);
    printer
        .filter(|printer| printer.registered)
        .ok_or_else(Refusal::not_ours)
}

/// One printer a line: `sn#key#remark#simcard`. What fails is repeated with its reason; `ret` stays 0.
pub(super) fn add(world: &mut World, content: &str) -> Answer {
    let rows: Vec<&str> = content.split('\n').filter(|row| !row.trim().is_empty()).collect();
    if rows.len() > 100 {
        return Err(Refusal::new(-2, "参数错误 : 一次最多添加100台."));
    }
    let (mut ok, mut no) = (Vec::new(), Vec::new());
    for row in rows {
        let mut parts = row.split('#').map(str::trim);
        let (sn, key) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let name = parts.next().unwrap_or_default().to_owned();
        let failed = match world.feie.printers.get_mut(sn) {
            None => Some("打印机编号不存在"),
            Some(printer) if printer.key != key => Some("识别码不正确"),
            Some(printer) if printer.registered => Some("已被添加过"),
            Some(printer) => {
                printer.registered = true;
                printer.name = name;
                None
            }
        };
        match failed {
            None => ok.push(row.to_owned()),
            Some(reason) => no.push(format!("{row}  （错误：{reason}）")),
        }
    }
    Ok(json!({"ok": ok, "no": no}))
}

pub(super) fn remove(world: &mut World, list: &str) -> Value {
    let (mut ok, mut no) = (Vec::new(), Vec::new());
    for sn in list.split('-') {
        match world.feie.printers.get_mut(sn) {
            Some(printer) if printer.registered => {
                printer.registered = false;
                ok.push(format!("{sn} 成功"));
            }
            Some(_) => no.push(format!("{sn} （用户UID不匹配）")),
            None => no.push(format!("{sn} （打印机不存在）")),
        }
    }
    json!({"ok": ok, "no": no})
}

pub(super) fn edit(world: &mut World, sn: &str, name: &str) -> Answer {
    name.clone_into(&mut ours(world, sn)?.name);
    Ok(Value::Bool(true))
}

/// Some answers end with a full stop and some do not.
pub(super) fn status(world: &mut World, sn: &str) -> Answer {
    let printer = ours(world, sn)?;
    Ok(json!(match (printer.online, printer.paper) {
        (false, _) => "离线。",
        (true, true) => "在线，工作状态正常。",
        (true, false) => "在线，工作状态不正常",
    }))
}
