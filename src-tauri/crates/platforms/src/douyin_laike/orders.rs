//! Pulling orders by update time with an overlap (fact sheet 7). The list is the merchant's; only the orders of the
//! session's store count.

use super::client::Client;
use super::map;
use super::wire::{Order, Orders};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Orders of one pull.
const NEW: usize = 100;
/// Rows of a page, and pages of a window: public clients write that 100 is the most, and that page times size stays
/// within ten thousand.
const SIZE: usize = 100;
const PAGES: usize = 100;
/// Orders may enter the list late by so much.
const OVERLAP_S: i64 = 600;
/// Longest and shortest window of one list; one that is too full is halved.
const WINDOW_S: i64 = 86_400;
const SHORTEST_S: i64 = 60;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// Everything changed before is known, seconds.
    since: i64,
    /// Orders read within the overlap, with their update times.
    seen: BTreeMap<String, i64>,
}

/// The call that lists orders: `trade/order/query`; catering and instant delivery have their own of the same shape
/// (fact sheet 7 and Unknown), so the setting `order_call` names it.
async fn list(client: &Client<'_>, params: &[(&str, &str)]) -> Result<Orders, RemoteError> {
    let call = client.session.setting("order_call", "trade/order/query");
    let path = format!("goodlife/v1/{}", call.trim_matches('/'));
    client.read(&path, params).await
}

async fn page(
    client: &Client<'_>,
    from: i64,
    to: i64,
    page: usize,
    size: usize,
) -> Result<Orders, RemoteError> {
    let numbers = [from, to].map(|number| number.to_string());
    let (page, size) = (page.to_string(), size.to_string());
    let params = [
        ("page_num", page.as_str()),
        ("page_size", &size),
        ("update_order_start_time", &numbers[0]),
        ("update_order_end_time", &numbers[1]),
    ];
    list(client, &params).await
}

pub(super) async fn orders(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let now = client.gateway.now(client.session) / 1000;
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    if cursor.since == 0 {
        let back: i64 = client
            .session
            .setting("first_pull_days", "1")
            .parse()
            .unwrap_or(1);
        cursor.since = now - back * WINDOW_S;
    }
    let from = cursor.since - OVERLAP_S;
    let (rows, until) = window(client, from, now.min(cursor.since + WINDOW_S)).await?;
    let mut orders: Vec<RemoteOrder> = Vec::new();
    let mut whole = true;
    for row in rows {
        let updated = row.update_order_time.or_zero();
        let known = cursor.seen.get(row.order_id.as_str()) == Some(&updated);
        let ours = map::poi_of(&row) == client.poi();
        if known || !ours || map::state(client, row.order_status.as_str()).is_none() {
            continue;
        }
        if orders.len() >= NEW {
            whole = false;
            break;
        }
        cursor.seen.insert(row.order_id.0.clone(), updated);
        orders.push(map::order(client, row));
    }
    if whole {
        cursor.since = until;
        cursor.seen.retain(|_, updated| *updated >= until - OVERLAP_S);
    }
    Ok(OrderBatch {
        orders,
        cursor: serde_json::to_string(&cursor).unwrap_or_default(),
        more: !whole || until < now,
    })
}

/// All orders that changed from `from` to `to`, oldest change first, so that a pull cut short leaves the newest for the
/// next one; and how far it went: a window with more orders than pages can hold is halved.
async fn window(client: &Client<'_>, from: i64, mut to: i64) -> Result<(Vec<Order>, i64), RemoteError> {
    loop {
        let mut rows = Vec::new();
        let mut full = true;
        for at in 1..=PAGES {
            let answer = page(client, from, to, at, SIZE).await?;
            full = answer.orders.0.len() >= SIZE;
            rows.extend(answer.orders.0);
            if !full {
                break;
            }
        }
        let half = from + (to - from) / 2;
        if full && half - from > OVERLAP_S + SHORTEST_S {
            to = half;
            continue;
        }
        rows.sort_by_key(|row: &Order| row.update_order_time.or_zero());
        return Ok((rows, to));
    }
}

/// Whether a page of orders can be read; how many changed in the last minutes, over all stores.
pub(super) async fn readable(client: &Client<'_>) -> Result<i64, RemoteError> {
    let now = client.gateway.now(client.session) / 1000;
    let answer = page(client, now - OVERLAP_S, now, 1, 1).await?;
    Ok(answer.page.total.or_zero())
}

/// One order.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    let params = [("page_num", "1"), ("page_size", "1"), ("order_id", number)];
    let answer = list(client, &params).await?;
    let row = answer
        .orders
        .0
        .into_iter()
        .find(|row| row.order_id.as_str() == number);
    row.map(|row| map::order(client, row))
        .ok_or_else(|| super::client::rejected(format!("订单不存在：{number}")))
}
