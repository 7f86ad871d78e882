//! Pulling orders (fact sheet 13): the list by time of purchase, an hour at a time, and orders that still move read
//! again in turn, because no list tells what changed.

use super::client::{Client, number};
use super::map;
use super::wire::{AfterSale, AfterSales, Order, Orders};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder, RemoteRefund};
use connect::shanghai;
use connect::watch::{Watch, Watched};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Orders of one page, and the longest window: the platform's own limits.
const SIZE: i64 = 100;
const WINDOW_MS: i64 = 3_600_000;
/// Page number times page size stays below ten thousand.
const PAGES: i64 = 99;
/// Windows of one pull, and orders read again after the last of them.
const WINDOWS: usize = 4;
const MOVING: usize = 10;
const FINISHED: usize = 2;
/// Orders may enter the list late by so much.
const OVERLAP_MS: i64 = 600_000;
const DAY_MS: i64 = 86_400_000;
/// A finished order may be refunded for days; then it is let go.
const WATCHED_MS: i64 = 4 * DAY_MS;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// Everything bought before is known, UTC ms.
    since: i64,
    /// Orders of the last days.
    open: Watch,
}

/// One pull in progress.
struct Pull<'a> {
    client: &'a Client<'a>,
    cursor: Cursor,
    orders: Vec<RemoteOrder>,
}

pub(super) async fn orders(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let now = client.gateway.now(&client.session);
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    if cursor.since == 0 {
        let back: i64 = client
            .session
            .setting("first_pull_days", "1")
            .parse()
            .unwrap_or(1);
        cursor.since = now - back * DAY_MS;
    }
    cursor.open.forget_before(now - WATCHED_MS);
    let mut pull = Pull {
        client,
        cursor,
        orders: Vec::new(),
    };
    let more = match pull.walk(now).await {
        Ok(more) => more,
        // What was read is kept; the next pull meets the failure again, at its start.
        Err(_) if !pull.orders.is_empty() => true,
        Err(error) => return Err(error),
    };
    if !more {
        match pull.again().await {
            Err(error) if pull.orders.is_empty() => return Err(error),
            _ => {}
        }
    }
    Ok(OrderBatch {
        orders: pull.orders,
        cursor: serde_json::to_string(&pull.cursor).unwrap_or_default(),
        more,
    })
}

impl Pull<'_> {
    /// Walks the windows up to now; true when more of them wait.
    async fn walk(&mut self, now: i64) -> Result<bool, RemoteError> {
        for _ in 0..WINDOWS {
            let begin = self.cursor.since;
            let end = now.min(begin + WINDOW_MS);
            for page in 1..=PAGES {
                let listed = list(self.client, (begin, end), page, SIZE).await?;
                let rows = i64::try_from(listed.result_list.0.len()).unwrap_or(SIZE);
                for row in listed.result_list.0 {
                    self.take(row).await?;
                }
                let last = listed.total_page.0.is_some_and(|pages| page >= pages);
                if rows == 0 || last || (rows < SIZE && listed.total_page.0.is_none()) {
                    break;
                }
            }
            if end >= now {
                self.cursor.since = self.cursor.since.max(now - OVERLAP_MS);
                return Ok(false);
            }
            self.cursor.since = end;
        }
        Ok(true)
    }

    /// Takes an order of the list, unless it stands as it was last read.
    async fn take(&mut self, row: Order) -> Result<(), RemoteError> {
        let status = row.order_status.or_zero();
        let known = self.cursor.open.get(row.order_id.as_str());
        let as_known = known.is_some_and(|known| known.state == status.to_string());
        // The filter by store is asked for; what comes of another store all the same is not ours.
        let foreign = row
            .delivery_station_no
            .filled()
            .is_some_and(|store| store != self.client.station());
        if row.order_id.is_empty() || map::is_unpaid(status) || as_known || foreign {
            return Ok(());
        }
        self.keep(row).await
    }

    async fn keep(&mut self, row: Order) -> Result<(), RemoteError> {
        let status = row.order_status.or_zero();
        let order = with_refunds(self.client, row).await?;
        self.cursor.open.put(Watched {
            number: order.number.clone(),
            placed_at: order.placed_at,
            done: map::is_over(status) && !order.incomplete,
            state: if order.incomplete {
                String::new()
            } else {
                status.to_string()
            },
        });
        self.orders.push(order);
        Ok(())
    }

    /// Reads orders again whose turn it is.
    async fn again(&mut self) -> Result<(), RemoteError> {
        for number in self.cursor.open.turn(MOVING, FINISHED) {
            if self.orders.iter().any(|order| order.number == number) {
                continue;
            }
            match read(self.client, &number).await {
                Ok(row) => self.keep(row).await?,
                Err(RemoteError::Rejected { code, .. }) => {
                    tracing::warn!(order = number, code, "an order cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// How many orders the last hour brought: whether a page can be read.
pub(super) async fn readable(client: &Client<'_>) -> Result<i64, RemoteError> {
    let now = client.gateway.now(&client.session);
    let page = list(client, (now - WINDOW_MS, now), 1, 1).await?;
    Ok(page.total_count.or_zero())
}

async fn list(
    client: &Client<'_>,
    (begin, end): (i64, i64),
    page: i64,
    size: i64,
) -> Result<Orders, RemoteError> {
    let body = json!({
        "pageNo": page, "pageSize": size, "deliveryStationNo": client.station(),
        "orderPurchaseTime_begin": shanghai::time(begin), "orderPurchaseTime_end": shanghai::time(end),
    });
    query(client, body).await
}

async fn query(client: &Client<'_>, body: Value) -> Result<Orders, RemoteError> {
    let found: Option<Orders> = client.read("order/es/query", body).await?;
    Ok(found.unwrap_or_default())
}

async fn read(client: &Client<'_>, order: &str) -> Result<Order, RemoteError> {
    let found = query(client, json!({"orderId": number(order)})).await?;
    let row = found
        .result_list
        .0
        .into_iter()
        .find(|row| row.order_id.as_str() == order);
    row.ok_or_else(|| RemoteError::Rejected {
        code: String::new(),
        text: format!("订单不存在: {order}"),
    })
}

/// One order with its refunds.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    let row = read(client, number).await?;
    with_refunds(client, row).await
}

/// The order does not say whether there are after-sales, so they are asked for once its goods were picked. One that
/// cannot be read makes the order incomplete: without it nobody knows how much came back.
async fn with_refunds(client: &Client<'_>, order: Order) -> Result<RemoteOrder, RemoteError> {
    if !map::has_after_sales(order.order_status.or_zero()) {
        return Ok(map::order(order, Vec::new(), false));
    }
    match refunds(client, &order).await {
        Ok(refunds) => Ok(map::order(order, refunds, false)),
        Err(RemoteError::Rejected { code, .. }) => {
            tracing::warn!(
                order = order.order_id.as_str(),
                code,
                "the refunds cannot be read"
            );
            Ok(map::order(order, Vec::new(), true))
        }
        Err(error) => Err(error),
    }
}

async fn refunds(client: &Client<'_>, order: &Order) -> Result<Vec<RemoteRefund>, RemoteError> {
    let body = json!({"orderId": order.order_id.as_str()});
    let listed: Option<AfterSales> = client.read("afs/getAfsSeriveOrderList", body).await?;
    let mut refunds = Vec::new();
    for row in listed.unwrap_or_default().afs_serive_order_list.0 {
        if map::is_dropped(row.afs_service_state.or_zero()) {
            continue;
        }
        let body = json!({"afsServiceOrder": row.afs_service_order.as_str()});
        let detail: Option<AfterSale> = client.read("afs/getAfsService", body).await?;
        refunds.push(map::refund(row, detail.unwrap_or_default(), order));
    }
    Ok(refunds)
}
