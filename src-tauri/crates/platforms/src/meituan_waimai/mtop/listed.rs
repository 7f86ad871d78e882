//! Pulling orders without taking them (businessId 16): there is a list of each day, for the last five days, to be asked
//! at most once a minute (fact sheet 11.1).

use super::client::Client;
use crate::meituan_open::orders::{Reading, Source, first_day};
use connect::error::RemoteError;
use connect::platform::OrderBatch;
use connect::shanghai;
use connect::watch::Watch;
use connect::wire::{List, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Orders of one page, and how far back the list goes, in days.
const PAGE: usize = 20;
const DAYS: i64 = 5;
const DAY_MS: i64 = 86_400_000;
/// How long after midnight the day before is still listed: an order of the last second may appear late.
const LATE_MS: i64 = 600_000;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// Numbers that were read, by the days that are still listed (`yyyyMMdd`).
    days: BTreeMap<String, BTreeSet<String>>,
    /// Orders of the last days to read again.
    open: Watch,
}

/// `hashMore` is how the platform spells it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Page {
    #[serde(rename = "hashMore")]
    more: bool,
    #[serde(rename = "orderIds")]
    ids: List<Text>,
}

/// Orders of today's first page.
pub(super) async fn readable(client: &Client<'_>) -> Result<usize, RemoteError> {
    Ok(page(client, &shanghai::day(client.now()), 1).await?.ids.0.len())
}

async fn page(client: &Client<'_>, day: &str, number: usize) -> Result<Page, RemoteError> {
    let day: i64 = day.parse().unwrap_or_default();
    let biz = json!({"dayInt": day, "orderStatus": -1, "pageNo": number, "pageSize": PAGE});
    Client::read(client, "/wmoper/ng/order/queryOrders", biz).await
}

pub(super) async fn orders(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    let now = client.now();
    let today = shanghai::day(now);
    let mut day = cursor
        .days
        .keys()
        .next()
        .cloned()
        .unwrap_or_else(|| first_day(client));
    day = day.max(shanghai::day(now - (DAYS - 1) * DAY_MS));
    let mut reading = Reading::new(client, std::mem::take(&mut cursor.open));
    let mut days = cursor.days;
    let mut more = false;
    while day <= today && !more {
        let known = days.entry(day.clone()).or_default();
        more = match list(client, &day, known, &mut reading).await {
            Ok(more) => more,
            // What was read is kept; the next pull meets the failure again.
            Err(_) if !reading.orders.is_empty() => true,
            Err(error) => return Err(error),
        };
        let Some(start) = shanghai::start_of(&day) else {
            break;
        };
        if !more && now > start + DAY_MS + LATE_MS {
            days.remove(&day);
        }
        day = shanghai::day(start + DAY_MS);
    }
    if !more
        && let Err(error) = reading.again().await
        && reading.orders.is_empty()
    {
        return Err(error);
    }
    let (orders, open) = reading.done();
    Ok(OrderBatch {
        orders,
        cursor: serde_json::to_string(&Cursor { days, open }).unwrap_or_default(),
        more,
    })
}

/// Reads the orders of a day that are not known yet; `true` when there is more than one pull takes.
async fn list(
    client: &Client<'_>,
    day: &str,
    known: &mut BTreeSet<String>,
    reading: &mut Reading<'_, Client<'_>>,
) -> Result<bool, RemoteError> {
    let mut number = 1;
    loop {
        let page = page(client, day, number).await?;
        let empty = page.ids.0.is_empty();
        for Text(id) in page.ids.0 {
            if known.contains(&id) {
                continue;
            }
            if reading.full() {
                return Ok(true);
            }
            let detail = Source::read(client, &id).await?;
            reading.keep(&id, detail, Vec::new());
            known.insert(id);
        }
        if !page.more || empty {
            return Ok(false);
        }
        number += 1;
    }
}
