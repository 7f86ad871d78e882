//! Pulling orders: order.searchList by update time with an overlap, and the orders whose after-sales moved (fact
//! sheet 8).

use super::client::Client;
use super::map;
use super::wire::{AfterSales, Order, OrderAnswer, Orders};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder, RemoteRefund};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Orders of one pull.
const NEW: usize = 100;
/// Most rows of a page.
const SIZE: usize = 100;
/// Most pages of one window: a stop for a list that never ends.
const PAGES: usize = 200;
/// Orders may enter the list late by so much.
const OVERLAP_S: i64 = 600;
/// Longest window of one list. No limit is published, but deep pages are said to be refused, so windows stay short.
const WINDOW_S: i64 = 86_400;
/// An order that waits for its payment is none yet.
const UNPAID: i64 = 1;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// Everything changed before is known, seconds.
    since: i64,
    /// Orders read within the overlap, with their update times.
    seen: BTreeMap<String, i64>,
    /// The same of after-sales.
    after_sales: BTreeMap<String, i64>,
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
    let until = now.min(cursor.since + WINDOW_S);
    let rows = window(client, from, until).await?;
    let mut orders: Vec<RemoteOrder> = Vec::new();
    let mut whole = true;
    for row in rows {
        let updated = row.update_time.or_zero();
        let known = cursor.seen.get(row.order_id.as_str()) == Some(&updated);
        if known || !is_ours(client, &row) || row.order_status.0 == Some(UNPAID) {
            continue;
        }
        if orders.len() >= NEW {
            whole = false;
            break;
        }
        let number = row.order_id.0.clone();
        match with_refunds(client, row).await {
            Ok(order) => {
                cursor.seen.insert(number, updated);
                orders.push(order);
            }
            // What was read is kept; the next pull meets the failure again, at its start.
            Err(_) if !orders.is_empty() => {
                whole = false;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if whole {
        // Whether an after-sale moves the order's own update time is not documented, so its own list is asked too.
        let mut read: BTreeSet<String> = orders.iter().map(|order| order.number.clone()).collect();
        for moved in moved(client, from, until).await? {
            let known = cursor.after_sales.insert(moved.after_sale, moved.updated);
            if known == Some(moved.updated) || !read.insert(moved.order.clone()) {
                continue;
            }
            let row = detail(client, &moved.order).await?;
            if is_ours(client, &row) {
                orders.push(with_refunds(client, row).await?);
            }
        }
        cursor.since = until;
        cursor.seen.retain(|_, updated| *updated >= until - OVERLAP_S);
        cursor
            .after_sales
            .retain(|_, updated| *updated >= until - OVERLAP_S);
    }
    Ok(OrderBatch {
        orders,
        cursor: serde_json::to_string(&cursor).unwrap_or_default(),
        more: !whole || until < now,
    })
}

/// Whether a page of orders can be read; how many there are in the last minutes, over all stores.
pub(super) async fn readable(client: &Client<'_>) -> Result<i64, RemoteError> {
    let now = client.gateway.now(client.session) / 1000;
    let page: Orders = client
        .read("order.searchList", search(client, now - OVERLAP_S, now, 0))
        .await?;
    Ok(page.total.or_zero())
}

/// One order with its refunds.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    let row = detail(client, number).await?;
    with_refunds(client, row).await
}

/// The list is the shop's; only the orders of the session's store count.
fn is_ours(client: &Client<'_>, row: &Order) -> bool {
    row.sku_order_list.0.iter().any(|line| {
        let store = line.store_info.as_ref();
        store.is_some_and(|store| store.store_id.as_str() == client.session.remote_id)
    })
}

async fn window(client: &Client<'_>, from: i64, to: i64) -> Result<Vec<Order>, RemoteError> {
    let mut rows = Vec::new();
    for page in 0..PAGES {
        let answer: Orders = client
            .read("order.searchList", search(client, from, to, page))
            .await?;
        let full = answer.shop_order_list.0.len() >= SIZE;
        rows.extend(answer.shop_order_list.0);
        if !full {
            break;
        }
    }
    // Oldest first, so that a pull cut short leaves the newest for the next one.
    rows.sort_by_key(|row| row.update_time.or_zero());
    Ok(rows)
}

fn search(client: &Client<'_>, from: i64, to: i64, page: usize) -> Value {
    // 18 is 小时达 in the platform's own client; a setting, because a list without it would stay empty.
    let trade_type: i64 = client.session.setting("trade_type", "18").parse().unwrap_or(18);
    json!({
        "update_time_start": from, "update_time_end": to, "order_by": "update_time", "order_asc": true,
        "trade_type": trade_type, "page": page, "size": SIZE,
    })
}

async fn detail(client: &Client<'_>, number: &str) -> Result<Order, RemoteError> {
    let answer: OrderAnswer = client
        .read("order.orderDetail", json!({"shop_order_id": number}))
        .await?;
    if answer.shop_order_detail.order_id.is_empty() {
        return Err(RemoteError::Malformed {
            raw: "order.orderDetail without an order".to_owned(),
        });
    }
    Ok(answer.shop_order_detail)
}

async fn with_refunds(client: &Client<'_>, row: Order) -> Result<RemoteOrder, RemoteError> {
    // The lines tell whether there is an after-sale.
    let any = row.sku_order_list.0.iter().any(|line| {
        let info = line.after_sale_info.as_ref();
        info.is_some_and(|info| info.after_sale_status.or_zero() != 0)
    });
    let mut refunds: Vec<RemoteRefund> = Vec::new();
    if any {
        let total = row.pay_amount.0.or(row.order_amount.0).unwrap_or_default();
        let number = row.order_id.0.clone();
        let answer: AfterSales = client
            .read(
                "afterSale.List",
                json!({"order_id": number, "page": 0, "size": SIZE}),
            )
            .await?;
        let rows = answer.items.0.into_iter();
        refunds.extend(rows.filter_map(|row| map::refund(row, &number, total)));
    }
    Ok(map::order(row, refunds))
}

/// An after-sale that moved.
struct Moved {
    order: String,
    after_sale: String,
    /// Seconds.
    updated: i64,
}

/// The after-sales that moved in a window.
async fn moved(client: &Client<'_>, from: i64, to: i64) -> Result<Vec<Moved>, RemoteError> {
    let mut found = Vec::new();
    for page in 0..PAGES {
        let params = json!({
            "update_start_time": from, "update_end_time": to, "order_by": ["update_time asc"], "page": page,
            "size": SIZE,
        });
        let answer: AfterSales = client.read("afterSale.List", params).await?;
        let more = answer.has_more.unwrap_or(answer.items.0.len() >= SIZE);
        let empty = answer.items.0.is_empty();
        // The list is the shop's; where a row names its store, another store's is left out at once.
        let ours = answer.items.0.into_iter().filter(|row| {
            let store = row.aftersale_info.store_id.as_str();
            !row.order_info.shop_order_id.is_empty()
                && (matches!(store, "" | "0") || store == client.session.remote_id)
        });
        found.extend(ours.map(|row| Moved {
            order: row.order_info.shop_order_id.0,
            after_sale: row.aftersale_info.aftersale_id.0,
            updated: row.aftersale_info.update_time.or_zero(),
        }));
        if empty || !more {
            break;
        }
    }
    Ok(found)
}
