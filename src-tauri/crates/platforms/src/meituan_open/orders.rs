//! Pulling orders where there is no order list (fact sheet 11.1).
//!
//! Every store numbers its orders of a day from 1. A pull asks for the latest number, resolves each missing one to an
//! order id and reads that order; it then reads again, in turn, the orders of the last days that still move.

use super::client::Client;
use super::order_map;
use super::wire::{DaySeq, Order, Refund};
use connect::error::RemoteError;
use connect::platform::{OrderBatch, RemoteOrder, RemoteRefund};
use connect::shanghai;
use connect::watch::{Watch, Watched};
use connect::wire::List;
use serde::{Deserialize, Serialize};

/// New orders of one pull, and orders read again after the last new one: still moving, and finished.
const NEW: usize = 40;
const MOVING: usize = 20;
const FINISHED: usize = 5;
/// A finished order may be refunded for days; then it is let go.
const WATCHED_DAYS: i64 = 4;
/// How many numbers in a row may be missing before a past day counts as over, and how often a hole is asked again.
const HOLES: i64 = 3;
const TRIES: u32 = 20;
const DAY_MS: i64 = 86_400_000;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Cursor {
    /// The day being walked, `yyyyMMdd` in Shanghai.
    date: String,
    /// The last number of that day that was dealt with.
    day_seq: i64,
    /// Orders of the last days to read again.
    open: Watch,
    /// Numbers that led to no order yet.
    holes: Vec<Hole>,
}

#[derive(Serialize, Deserialize)]
struct Hole {
    date: String,
    seq: i64,
    tries: u32,
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
    cursor.open.forget_before(now - WATCHED_DAYS * DAY_MS);
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
    if !more
        && let Err(error) = pull.read_again().await
        && pull.orders.is_empty()
    {
        return Err(error);
    }
    Ok(OrderBatch {
        orders: pull.orders,
        cursor: serde_json::to_string(&pull.cursor).unwrap_or_default(),
        more,
    })
}

/// One order with its refunds.
pub(super) async fn order(client: &Client<'_>, number: &str) -> Result<RemoteOrder, RemoteError> {
    let detail = detail(client, number).await?;
    let refunds = refunds(client, number).await?;
    Ok(order_map::order(detail, refunds))
}

impl Pull<'_> {
    /// Walks to the newest order; `true` when there is more than one pull takes.
    async fn walk(&mut self, now: i64) -> Result<bool, RemoteError> {
        let today = shanghai::day(now);
        while self.cursor.date < today {
            if self.walk_past_day().await? {
                return Ok(true);
            }
            let Some(start) = shanghai::start_of(&self.cursor.date) else {
                self.cursor.date.clone_from(&today);
                break;
            };
            // An order of the last second may get its number after we looked.
            let (date, seq) = (self.cursor.date.clone(), self.cursor.day_seq + 1);
            self.cursor.holes.push(Hole { date, seq, tries: 0 });
            self.cursor.date = shanghai::day(start + DAY_MS);
            self.cursor.day_seq = 0;
        }
        let latest = latest(self.client).await?;
        while self.cursor.day_seq < latest {
            if self.orders.len() >= NEW {
                return Ok(true);
            }
            let (date, seq) = (self.cursor.date.clone(), self.cursor.day_seq + 1);
            if !self.take(&date, seq).await? {
                self.cursor.holes.push(Hole { date, seq, tries: 0 });
            }
            self.cursor.day_seq = seq;
        }
        Ok(false)
    }

    /// The latest number is told for today alone; a past day ends where several numbers in a row lead nowhere.
    async fn walk_past_day(&mut self) -> Result<bool, RemoteError> {
        let date = self.cursor.date.clone();
        let mut missing = 0;
        while missing < HOLES {
            if self.orders.len() >= NEW {
                return Ok(true);
            }
            let seq = self.cursor.day_seq + 1 + missing;
            if self.take(&date, seq).await? {
                self.cursor.day_seq = seq;
                missing = 0;
            } else {
                missing += 1;
            }
        }
        Ok(false)
    }

    /// Reads the order behind a number; `false` when there is none.
    async fn take(&mut self, date: &str, seq: i64) -> Result<bool, RemoteError> {
        let Some(number) = id_by_seq(self.client, date, seq).await? else {
            return Ok(false);
        };
        match detail(self.client, &number).await {
            Ok(detail) => {
                self.keep(&number, detail, Vec::new());
                Ok(true)
            }
            Err(RemoteError::Rejected { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn keep(&mut self, number: &str, detail: Order, refunds: Vec<RemoteRefund>) {
        let status = detail.status.0;
        let order = order_map::order(detail, refunds);
        self.cursor.open.put(Watched {
            number: number.to_owned(),
            placed_at: order.placed_at,
            state: status.map(|status| status.to_string()).unwrap_or_default(),
            done: order_map::is_over(status) && !order.incomplete,
        });
        self.orders.push(order);
    }

    async fn fill_holes(&mut self) -> Result<(), RemoteError> {
        for at in (0..self.cursor.holes.len()).rev() {
            let (date, seq) = (self.cursor.holes[at].date.clone(), self.cursor.holes[at].seq);
            if self.take(&date, seq).await? {
                self.cursor.holes.remove(at);
                if date < self.cursor.date {
                    let seq = seq + 1;
                    self.cursor.holes.push(Hole { date, seq, tries: 0 });
                }
            } else {
                self.cursor.holes[at].tries += 1;
            }
        }
        self.cursor.holes.retain(|hole| hole.tries < TRIES);
        Ok(())
    }

    async fn read_again(&mut self) -> Result<(), RemoteError> {
        self.fill_holes().await?;
        let fresh: Vec<String> = self.orders.iter().map(|order| order.number.clone()).collect();
        for number in self.cursor.open.turn(MOVING, FINISHED) {
            if fresh.contains(&number) {
                continue;
            }
            let reading = async {
                let detail = detail(self.client, &number).await?;
                Ok((detail, refunds(self.client, &number).await?))
            };
            match reading.await {
                Ok((detail, refunds)) => self.keep(&number, detail, refunds),
                Err(RemoteError::Rejected { code, .. }) => {
                    tracing::warn!(order = number, code, "an order cannot be read again");
                }
                Err(_) if !self.orders.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The latest number of today; 0 before the first order.
pub(super) async fn latest(client: &Client<'_>) -> Result<i64, RemoteError> {
    match client.get("order/getOrderDaySeq", vec![client.shop()]).await {
        Ok(envelope) => {
            if let Some(number) = envelope.data.as_i64() {
                return Ok(number);
            }
            let rows: List<DaySeq> = envelope.data()?;
            Ok(rows.0.first().map_or(0, |row| row.day_seq.or_zero()))
        }
        Err(error) => none_there(error).map(|()| 0),
    }
}

async fn id_by_seq(client: &Client<'_>, date: &str, seq: i64) -> Result<Option<String>, RemoteError> {
    let params = vec![
        client.shop(),
        ("date_time", date.to_owned()),
        ("day_seq", seq.to_string()),
    ];
    let envelope = match client.get("order/getOrderIdByDaySeq", params).await {
        Ok(envelope) => envelope,
        Err(error) => return none_there(error).map(|()| None),
    };
    // Seen as an object, as a list of one, and as the bare id.
    if envelope.data.is_number() {
        let id: connect::wire::Text = envelope.data()?;
        return Ok(Some(id.0));
    }
    let rows: List<DaySeq> = envelope.data()?;
    let Some(row) = rows.0.into_iter().next() else {
        return Ok(None);
    };
    let id = row.order_id.filled().map(str::to_owned);
    Ok(id
        .or_else(|| row.order_ids.0.into_iter().next().map(|id| id.0))
        .filter(|id| !id.is_empty() && id != "0"))
}

async fn detail(client: &Client<'_>, number: &str) -> Result<Order, RemoteError> {
    let params = vec![
        ("order_id", number.to_owned()),
        ("is_mt_logistics", "1".to_owned()),
    ];
    let envelope = client.get("order/getOrderDetail", params).await?;
    // Seen as an object and as a list of one.
    let mut orders: List<Order> = envelope.data()?;
    let order = orders
        .0
        .pop()
        .filter(|order| !order_map::number(order).is_empty());
    order.ok_or_else(|| RemoteError::Malformed {
        raw: "order/getOrderDetail without an order".to_owned(),
    })
}

/// Full and part refunds are two questions.
async fn refunds(client: &Client<'_>, number: &str) -> Result<Vec<RemoteRefund>, RemoteError> {
    let mut all: Vec<RemoteRefund> = Vec::new();
    for kind in [1, 2] {
        let params = vec![
            ("wm_order_id_view", number.to_owned()),
            ("refund_type", kind.to_string()),
        ];
        let rows: List<Refund> = match client.get("ecommerce/order/getOrderRefundDetail", params).await {
            Ok(envelope) if envelope.data.is_null() => List::default(),
            Ok(envelope) => envelope.data()?,
            Err(error) => none_there(error).map(|()| List::default())?,
        };
        for row in rows.0 {
            let refund = order_map::refund(row, number, kind);
            if !refund.number.is_empty() && all.iter().all(|held| held.number != refund.number) {
                all.push(refund);
            }
        }
    }
    Ok(all)
}

/// 806: there is no such order. Any other refusal stays one.
fn none_there(error: RemoteError) -> Result<(), RemoteError> {
    match error {
        RemoteError::Rejected { ref code, .. } if code == "806" => Ok(()),
        error => Err(error),
    }
}
