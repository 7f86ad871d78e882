//! Pulling orders (fact sheet 5 and 6). The platform pushes orders to a public address, which a desktop has not: so the
//! list of each day is walked, orders that still move are read again in turn, and the pushes that did not reach us are
//! asked for where the account says its application's number.

use super::client::{Client, number, parsed};
use super::map;
use super::sign;
use super::wire::{Order, OrderPage, Pushed, Refund, is_on};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder, RemoteRefund};
use connect::shanghai;
use connect::watch::{Watch, Watched};
use connect::wire::List;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Orders of one page and pages of one day: the platform's own limits.
const PAGE: i64 = 50;
const PAGES: i64 = 100;
/// Pages read in one pull, and orders read again after the last new one: told by a push, still moving, and finished.
const PAGES_A_PULL: usize = 4;
const TOLD: usize = 20;
const MOVING: usize = 20;
const FINISHED: usize = 5;
const DAY_MS: i64 = 86_400_000;
/// A finished order may be refunded for days; then it is let go.
const WATCHED_MS: i64 = 4 * DAY_MS;
/// Orders may enter the list late by so much: a day is left only so long after its end.
const OVERLAP_MS: i64 = 600_000;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// The day being walked, `yyyyMMdd` in Shanghai.
    date: String,
    /// The page of that day to read next.
    page: i64,
    /// Orders of the last days to read again.
    open: Watch,
    /// Time of the newest missed push that was heeded, UTC ms.
    heard: i64,
}

/// One pull in progress.
struct Pull<'a> {
    client: &'a Client<'a>,
    cursor: Cursor,
    orders: Vec<RemoteOrder>,
}

pub(super) async fn orders(client: &Client<'_>, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let now = client.gateway.now(client.session);
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    if cursor.date.is_empty() {
        let back: i64 = client
            .session
            .setting("first_pull_days", "1")
            .parse()
            .unwrap_or(1);
        cursor.date = shanghai::day(now - back * DAY_MS);
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
    /// Walks the days up to today; true when more pages wait.
    async fn walk(&mut self, now: i64) -> Result<bool, RemoteError> {
        for _ in 0..PAGES_A_PULL {
            let page = self.cursor.page.max(1);
            let listed = list(self.client, &self.cursor.date, page, PAGE).await?;
            let rows = i64::try_from(listed.list.0.len()).unwrap_or(PAGE);
            for row in listed.list.0 {
                self.take(row).await?;
            }
            let total = listed.total.0.unwrap_or(i64::MAX);
            if rows > 0 && page * PAGE < total && page < PAGES && (rows == PAGE || total < i64::MAX) {
                self.cursor.page = page + 1;
                continue;
            }
            self.cursor.page = 1;
            let next = shanghai::start_of(&self.cursor.date).map(|start| shanghai::day(start + DAY_MS));
            match next {
                Some(next) if next <= shanghai::day(now) => self.cursor.date = next,
                _ => {
                    self.cursor.date = shanghai::day(now - OVERLAP_MS);
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Takes an order of the list, unless it stands as it was last read. Unpaid ones are not yet orders.
    async fn take(&mut self, row: Order) -> Result<(), RemoteError> {
        let known = self.cursor.open.get(row.id.as_str());
        let as_known = known.is_some_and(|known| known.state == state(&row));
        if row.id.is_empty() || row.status.as_str() == "pending" || as_known {
            return Ok(());
        }
        // A list may leave the goods out.
        let row = if row.groups.0.is_empty() && !is_on(&row.downgraded) {
            read(self.client, row.id.as_str()).await?
        } else {
            row
        };
        self.keep(row).await
    }

    async fn keep(&mut self, row: Order) -> Result<(), RemoteError> {
        let (state, over) = (state(&row), map::is_over(row.status.as_str()));
        let order = with_refunds(self.client, row).await?;
        self.cursor.open.put(Watched {
            number: order.number.clone(),
            placed_at: order.placed_at,
            done: over && !order.incomplete,
            state: if order.incomplete { String::new() } else { state },
        });
        self.orders.push(order);
        Ok(())
    }

    /// Reads orders again: those a missed push names, then those whose turn it is.
    async fn again(&mut self) -> Result<(), RemoteError> {
        let mut numbers = self.told().await?;
        numbers.extend(self.cursor.open.turn(MOVING, FINISHED));
        for number in numbers {
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

    /// Numbers of the orders of this store that pushes named which did not reach us. They only say where to look: the
    /// list and the turns find everything without them, a little later.
    async fn told(&mut self) -> Result<Vec<String>, RemoteError> {
        let app = self.client.session.setting("app_id", "");
        if app.is_empty() {
            return Ok(Vec::new());
        }
        let secret = self
            .client
            .session
            .credentials
            .need(super::auth::APP_SECRET)?
            .to_owned();
        let missed: Result<List<Map<String, Value>>, _> = self
            .client
            .read(
                "eleme.message.getNonReachedMessages",
                json!({"appId": number(app)}),
            )
            .await;
        let missed = match missed {
            Ok(missed) => missed.0,
            Err(error @ (RemoteError::Rejected { .. } | RemoteError::Refused { .. })) => {
                tracing::warn!(%error, "missed pushes cannot be read");
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let mut numbers = Vec::new();
        let mut heard = self.cursor.heard;
        for message in missed {
            let signed = message.get("signature").and_then(Value::as_str);
            if signed != Some(sign::push(&message, &secret).as_str()) {
                tracing::warn!("a missed push is not signed by the platform");
                continue;
            }
            let Ok(push) = parsed::<Pushed>(Value::Object(message)) else {
                continue;
            };
            let (at, of) = (push.timestamp.or_zero(), push.message.0);
            let number = of.order_id.filled().or(of.id.filled()).unwrap_or_default();
            let ours = push.shop_id.as_str() == self.client.session.remote_id;
            if ours && at > self.cursor.heard && !number.is_empty() {
                heard = heard.max(at);
                numbers.push(number.to_owned());
            }
        }
        // The newest state is read, so an order that is told twice is read once.
        numbers.sort();
        numbers.dedup();
        if numbers.len() > TOLD {
            // Too many to read now: each of them is in the list or in its turn, so they are not asked for again.
            numbers.truncate(TOLD);
        }
        self.cursor.heard = heard;
        Ok(numbers)
    }
}

fn state(order: &Order) -> String {
    format!("{}/{}", order.status.as_str(), order.refund_status.as_str())
}

/// How many orders there are today: whether a page can be read.
pub(super) async fn readable(client: &Client<'_>) -> Result<i64, RemoteError> {
    let today = shanghai::day(client.gateway.now(client.session));
    Ok(list(client, &today, 1, 1).await?.total.or_zero())
}

async fn list(client: &Client<'_>, day: &str, page: i64, size: i64) -> Result<OrderPage, RemoteError> {
    let date = match (day.get(..4), day.get(4..6), day.get(6..)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => day.to_owned(),
    };
    let params = json!({"shopId": client.shop(), "pageNo": page, "pageSize": size, "date": date});
    let listed: Option<OrderPage> = client.read("eleme.order.getAllOrders", params).await?;
    Ok(listed.unwrap_or_default())
}

async fn read(client: &Client<'_>, number: &str) -> Result<Order, RemoteError> {
    // Order ids are text: they have 19 digits.
    let order: Option<Order> = client
        .read("eleme.order.getOrder", json!({"orderId": number}))
        .await?;
    order
        .filter(|order| !order.id.is_empty())
        .ok_or_else(|| RemoteError::Malformed {
            raw: "getOrder without an order".to_owned(),
        })
}

/// One order with its refunds.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    let order = read(client, number).await?;
    with_refunds(client, order).await
}

/// The order itself tells whether there is a refund. One that cannot be read makes the order incomplete: without it
/// nobody knows how much came back.
async fn with_refunds(client: &Client<'_>, order: Order) -> Result<RemoteOrder, RemoteError> {
    if matches!(order.refund_status.as_str(), "" | "noRefund") {
        return Ok(map::order(order, Vec::new(), false));
    }
    let rows: Result<List<Refund>, _> = client
        .read(
            "eleme.order.getRefundOrder",
            json!({"orderId": order.id.as_str()}),
        )
        .await;
    let (refunds, incomplete): (Vec<RemoteRefund>, bool) = match rows {
        Ok(rows) => {
            let rows = rows.0.into_iter().zip(1..);
            let refunds: Vec<_> = rows.map(|(row, place)| map::refund(row, &order, place)).collect();
            let missing = refunds.is_empty();
            (refunds, missing)
        }
        Err(RemoteError::Rejected { code, .. }) => {
            tracing::warn!(order = order.id.as_str(), code, "the refund cannot be read");
            (Vec::new(), true)
        }
        Err(error) => return Err(error),
    };
    Ok(map::order(order, refunds, incomplete))
}
