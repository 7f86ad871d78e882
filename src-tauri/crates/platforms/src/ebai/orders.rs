//! Pulling orders: order.list by creation time with an overlap, order.get for what is new or moved (fact sheet 5).

use super::client::Client;
use super::map;
use super::wire::{OrderData, OrderRow, Page, Refunds};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder, RemoteRefund};
use connect::watch::{Watch, Watched};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Orders read in one pull, and orders read again after the last new one: still moving, and finished.
const NEW: usize = 40;
const MOVING: usize = 20;
const FINISHED: usize = 5;
/// A finished order may be refunded for days; then it is let go.
const WATCHED_MS: i64 = 4 * 86_400_000;
/// Orders may enter the list late by so much.
const OVERLAP_S: i64 = 600;
/// Longest window of one list: no limit is published, a day is what clients use.
const WINDOW_S: i64 = 86_400;
/// Most pages of one window: a stop for a list that never ends.
const PAGES: i64 = 200;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// Everything created before is known, seconds.
    since: i64,
    /// Orders of the last days to read again.
    open: Watch,
}

pub(super) async fn orders(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let now_ms = client.gateway.now(client.session);
    let now = now_ms / 1000;
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    if cursor.since == 0 {
        let back: i64 = client
            .session
            .setting("first_pull_days", "1")
            .parse()
            .unwrap_or(1);
        cursor.since = now - back * WINDOW_S;
    }
    cursor.open.forget_before(now_ms - WATCHED_MS);
    let until = now.min(cursor.since + WINDOW_S);
    let rows = window(client, cursor.since - OVERLAP_S, until).await?;
    let mut orders = Vec::new();
    let mut whole = true;
    for row in rows {
        let known = cursor.open.get(row.order_id.as_str());
        if row.order_id.is_empty() || known.is_some_and(|known| known.state == row.order_status.as_str()) {
            continue;
        }
        if orders.len() >= NEW {
            whole = false;
            break;
        }
        match reread(client, row.order_id.as_str(), &mut cursor.open).await {
            Ok(Some(order)) => orders.push(order),
            Ok(None) => {}
            // What was read is kept; the next pull meets the failure again, at its start.
            Err(_) if !orders.is_empty() => {
                whole = false;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if whole {
        cursor.since = until;
    }
    let more = !whole || until < now;
    if !more {
        let fresh: Vec<String> = orders
            .iter()
            .map(|order: &RemoteOrder| order.number.clone())
            .collect();
        for number in cursor.open.turn(MOVING, FINISHED) {
            if fresh.contains(&number) {
                continue;
            }
            match reread(client, &number, &mut cursor.open).await {
                Ok(order) => orders.extend(order),
                Err(_) if !orders.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(OrderBatch {
        orders,
        cursor: serde_json::to_string(&cursor).unwrap_or_default(),
        more,
    })
}

/// Whether a page of orders can be read.
pub(super) async fn readable(client: &Client<'_>) -> Result<i64, RemoteError> {
    let now = client.gateway.now(client.session) / 1000;
    let page: Page<OrderRow> = client
        .read("order.list", list_body(client, now - OVERLAP_S, now, 1))
        .await?;
    Ok(page.total.or_zero())
}

async fn window(client: &Client<'_>, from: i64, to: i64) -> Result<Vec<OrderRow>, RemoteError> {
    let mut rows = Vec::new();
    for number in 1..=PAGES {
        let page: Page<OrderRow> = client
            .read("order.list", list_body(client, from, to, number))
            .await?;
        let empty = page.list.0.is_empty();
        rows.extend(page.list.0);
        if empty || number >= page.pages.0.unwrap_or(i64::MAX) {
            break;
        }
    }
    // Oldest first, so that a pull cut short leaves the newest for the next one.
    rows.sort_by_key(|row| row.create_time.or_zero());
    Ok(rows)
}

fn list_body(client: &Client<'_>, from: i64, to: i64, page: i64) -> Map<String, Value> {
    let mut body = client.shop_body();
    body.insert("start_time".into(), json!(from));
    body.insert("end_time".into(), json!(to));
    body.insert("page".into(), json!(page));
    body
}

/// Reads an order and notes it. An order that the platform refuses to show is noted as unread and tried again.
async fn reread(
    client: &Client<'_>,
    number: &str,
    open: &mut Watch,
) -> Result<Option<RemoteOrder>, RemoteError> {
    match order_with_status(client, number).await {
        Ok((order, status)) => {
            open.put(Watched {
                number: number.to_owned(),
                placed_at: order.placed_at,
                done: matches!(status, Some(9 | 10)) && !order.incomplete,
                state: status.map(|status| status.to_string()).unwrap_or_default(),
            });
            Ok(Some(order))
        }
        Err(RemoteError::Rejected { code, .. }) => {
            tracing::warn!(order = number, code, "an order cannot be read");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One order with its refunds.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    Ok(order_with_status(client, number).await?.0)
}

async fn order_with_status(
    client: &Client<'_>,
    number: &str,
) -> Result<(RemoteOrder, Option<i64>), RemoteError> {
    let data: OrderData = client.read("order.get", by_order(number)).await?;
    if data.order.0.order_id.is_empty() {
        return Err(RemoteError::Malformed {
            raw: "order.get without an order".to_owned(),
        });
    }
    let status = data.order.0.status.0;
    let mut refunds: Vec<RemoteRefund> = map::whole_refund(&data.order.0).into_iter().collect();
    // The order itself tells whether there is a part refund.
    if data.order.0.ext.0.part_refund_status.or_zero() != 0 {
        refunds.extend(part_refunds(client, number).await?);
    }
    Ok((map::order(data, refunds), status))
}

async fn part_refunds(client: &Client<'_>, number: &str) -> Result<Vec<RemoteRefund>, RemoteError> {
    let answer: Refunds = client.read("order.partrefund.get", by_order(number)).await?;
    let (Refunds::Inside { refund_list: rows } | Refunds::Bare(rows)) = answer;
    Ok(rows
        .0
        .into_iter()
        .map(|row| map::refund(row, number))
        .filter(|refund| !refund.number.is_empty())
        .collect())
}

fn by_order(number: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("order_id".into(), json!(number));
    body
}
