//! Tickets: taken at once, printed when the printer can. Nothing notices that the same one is sent twice.

use serde_json::{Value, json};

use super::printers::ours;
use super::{Answer, Refusal, form, need};
use crate::clock::{day_text, shanghai_day};
use crate::wire::Call;
use crate::world::{FeieTicket, World};

/// Most bytes of a ticket; the simulator counts UTF-8, the stricter of the two readings.
const LIMIT: usize = 5_000;
const LONGEST_LIFE_S: i64 = 24 * 3_600;

pub(super) fn print(world: &mut World, call: &Call) -> Answer {
    let (sn, content) = (need(call, "sn")?, need(call, "content")?);
    let now = world.now_ms();
    ours(world, sn)?;
    if content.len() > LIMIT {
        return Err(Refusal::new(-2, "参数错误 : 打印内容过长."));
    }
    let copies: u32 = match form(call, "times") {
        None => 1,
        Some(times) => times
            .parse()
            .ok()
            .filter(|times| (1..=100).contains(times))
            .ok_or_else(|| Refusal::new(-2, "参数错误 : times."))?,
    };
    let expires_at = match form(call, "expired") {
        None => None,
        Some(text) => {
            let at: Option<i64> = text.parse().ok();
            let at = at.filter(|at| *at > now / 1_000 && *at <= now / 1_000 + LONGEST_LIFE_S);
            Some(at.ok_or_else(|| Refusal::new(-2, "参数错误 : expired."))? * 1_000)
        }
    };
    let number = world.fresh_id(100_000_000);
    let id = format!("{sn}_{}000000_{number}", day_text(shanghai_day(now)));
    world.feie.tickets.push(FeieTicket {
        id: id.clone(),
        sn: sn.to_owned(),
        content: content.to_owned(),
        copies,
        taken_at: now,
        expires_at,
        printed_at: None,
        dropped: false,
    });
    world.feie_run(sn);
    Ok(json!(id))
}

pub(super) fn clear(world: &mut World, sn: &str) -> Answer {
    ours(world, sn)?;
    let waiting = world.feie.tickets.iter_mut();
    for ticket in waiting.filter(|ticket| ticket.sn == sn && ticket.printed_at.is_none()) {
        ticket.dropped = true;
    }
    Ok(Value::Bool(true))
}

pub(super) fn state(world: &World, id: &str) -> Answer {
    let ticket = world.feie.tickets.iter().find(|ticket| ticket.id == id);
    let ticket = ticket.ok_or_else(|| Refusal::new(1001, "订单编号错误."))?;
    Ok(Value::Bool(ticket.printed_at.is_some()))
}

pub(super) fn day(world: &mut World, sn: &str, date: &str) -> Answer {
    ours(world, sn)?;
    let parts: Vec<&str> = date.split('-').collect();
    let fits = parts.len() == 3 && date.len() == 10 && parts[1] <= "12" && parts[2] <= "31";
    if !fits {
        return Err(Refusal::new(1001, "日期错误."));
    }
    let wanted = parts.concat();
    let of_day = |ticket: &&FeieTicket| {
        ticket.sn == sn && !ticket.dropped && day_text(shanghai_day(ticket.taken_at)) == wanted
    };
    let tickets: Vec<&FeieTicket> = world.feie.tickets.iter().filter(of_day).collect();
    let printed = tickets
        .iter()
        .filter(|ticket| ticket.printed_at.is_some())
        .count();
    Ok(json!({"print": printed, "waiting": tickets.len() - printed}))
}
