//! Pulling orders where there is no order list (fact sheet 11.1).
//!
//! Every store numbers its orders of a day from 1. A pull asks for the latest number, resolves each missing one to an
//! order id and reads that order; it then reads again, in turn, the orders of the last days that still move.

use super::client::Client;
use super::order_map;
use super::wire::{DaySeq, Order, Refund};
use async_trait::async_trait;
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
/// How often an order of which parts are missing is read in one go.
const READS: usize = 3;
const DAY_MS: i64 = 86_400_000;

/// Where the numbers of a day lead, whichever family is asked.
#[async_trait]
pub(crate) trait Source: Sync {
    /// The server's time, UTC ms.
    fn now(&self) -> i64;
    /// How many days back the first pull begins.
    fn first_days(&self) -> i64;
    /// The latest number of today, 0 before the first order; `None` where the platform does not tell it.
    async fn latest(&self) -> Result<Option<i64>, RemoteError>;
    /// The order behind a number of a `yyyyMMdd` day; `None` when there is none yet.
    async fn at(&self, date: &str, seq: i64) -> Result<Option<Order>, RemoteError>;
    /// One order.
    async fn read(&self, number: &str) -> Result<Order, RemoteError>;
    /// The refunds of an order.
    async fn refunds(&self, number: &str) -> Result<Vec<RemoteRefund>, RemoteError>;
}

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
    /// Later numbers of that day were read already; behind any other hole the day may go on.
    #[serde(default)]
    inner: bool,
}

/// What one pull has read.
pub(crate) struct Reading<'a, S> {
    source: &'a S,
    open: Watch,
    pub(crate) orders: Vec<RemoteOrder>,
}

/// One pull in progress.
struct Pull<'a, S> {
    reading: Reading<'a, S>,
    cursor: Cursor,
}

/// The day on which the first pull begins.
pub(crate) fn first_day(source: &impl Source) -> String {
    shanghai::day(source.now() - source.first_days() * DAY_MS)
}

pub(crate) async fn orders<S: Source>(source: &S, cursor: &str) -> Result<OrderBatch, RemoteError> {
    let mut cursor: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    if cursor.date.is_empty() {
        cursor.date = first_day(source);
    }
    let reading = Reading::new(source, std::mem::take(&mut cursor.open));
    let mut pull = Pull { reading, cursor };
    let more = match pull.walk(source.now()).await {
        Ok(more) => more,
        // What was read is kept; the next pull meets the failure again, at its start.
        Err(_) if !pull.reading.orders.is_empty() => true,
        Err(error) => return Err(error),
    };
    if !more
        && let Err(error) = pull.read_again().await
        && pull.reading.orders.is_empty()
    {
        return Err(error);
    }
    let (orders, open) = (pull.reading.orders, pull.reading.open);
    let cursor = Cursor { open, ..pull.cursor };
    Ok(OrderBatch {
        orders,
        cursor: serde_json::to_string(&cursor).unwrap_or_default(),
        more,
    })
}

/// One order with its refunds. Parts that were missing (`incmp_modules`) mostly come a moment later, so it is asked for
/// again; one that stays incomplete says so.
pub(crate) async fn order(source: &impl Source, number: &str) -> Result<RemoteOrder, RemoteError> {
    let mut detail = source.read(number).await?;
    for _ in 1..READS {
        if !order_map::is_incomplete(&detail) {
            break;
        }
        detail = source.read(number).await?;
    }
    let refunds = source.refunds(number).await?;
    Ok(order_map::order(detail, refunds))
}

impl<'a, S: Source> Reading<'a, S> {
    pub(crate) fn new(source: &'a S, mut open: Watch) -> Self {
        open.forget_before(source.now() - WATCHED_DAYS * DAY_MS);
        Self {
            source,
            open,
            orders: Vec::new(),
        }
    }

    /// Whether one pull takes no more new orders.
    pub(crate) fn full(&self) -> bool {
        self.orders.len() >= NEW
    }

    pub(crate) fn keep(&mut self, number: &str, detail: Order, refunds: Vec<RemoteRefund>) {
        let status = detail.status.0;
        let order = order_map::order(detail, refunds);
        self.open.put(Watched {
            number: number.to_owned(),
            placed_at: order.placed_at,
            state: status.map(|status| status.to_string()).unwrap_or_default(),
            done: order_map::is_over(status) && !order.incomplete,
        });
        self.orders.push(order);
    }

    /// Reads in turn the orders of the last days again.
    pub(crate) async fn again(&mut self) -> Result<(), RemoteError> {
        let fresh: Vec<String> = self.orders.iter().map(|order| order.number.clone()).collect();
        for number in self.open.turn(MOVING, FINISHED) {
            if fresh.contains(&number) {
                continue;
            }
            let reading = async {
                let detail = self.source.read(&number).await?;
                Ok((detail, self.source.refunds(&number).await?))
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

    /// What was read, and what to watch.
    pub(crate) fn done(self) -> (Vec<RemoteOrder>, Watch) {
        (self.orders, self.open)
    }
}

impl<S: Source> Pull<'_, S> {
    /// Walks to the newest order; `true` when there is more than one pull takes.
    async fn walk(&mut self, now: i64) -> Result<bool, RemoteError> {
        let today = shanghai::day(now);
        while self.cursor.date < today {
            if self.walk_to_the_end().await? {
                return Ok(true);
            }
            let Some(start) = shanghai::start_of(&self.cursor.date) else {
                self.cursor.date.clone_from(&today);
                break;
            };
            // An order of the last second may get its number after we looked.
            self.hole(self.cursor.day_seq + 1, false);
            self.cursor.date = shanghai::day(start + DAY_MS);
            self.cursor.day_seq = 0;
        }
        let Some(latest) = self.reading.source.latest().await? else {
            return self.walk_to_the_end().await;
        };
        while self.cursor.day_seq < latest {
            if self.reading.full() {
                return Ok(true);
            }
            let (date, seq) = (self.cursor.date.clone(), self.cursor.day_seq + 1);
            if !self.take(&date, seq).await? {
                self.hole(seq, true);
            }
            self.cursor.day_seq = seq;
        }
        Ok(false)
    }

    /// Where the latest number is not told (for a past day it never is), a day ends where several numbers in a row lead
    /// nowhere.
    async fn walk_to_the_end(&mut self) -> Result<bool, RemoteError> {
        let date = self.cursor.date.clone();
        let mut missing = 0;
        while missing < HOLES {
            if self.reading.full() {
                return Ok(true);
            }
            let seq = self.cursor.day_seq + 1 + missing;
            if self.take(&date, seq).await? {
                for skipped in self.cursor.day_seq + 1..seq {
                    self.hole(skipped, true);
                }
                self.cursor.day_seq = seq;
                missing = 0;
            } else {
                missing += 1;
            }
        }
        Ok(false)
    }

    fn hole(&mut self, seq: i64, inner: bool) {
        self.cursor.holes.push(Hole {
            date: self.cursor.date.clone(),
            seq,
            tries: 0,
            inner,
        });
    }

    /// Reads the order behind a number; `false` when there is none.
    async fn take(&mut self, date: &str, seq: i64) -> Result<bool, RemoteError> {
        let Some(detail) = self.reading.source.at(date, seq).await? else {
            return Ok(false);
        };
        let number = order_map::number(&detail);
        self.reading.keep(&number, detail, Vec::new());
        Ok(true)
    }

    async fn fill_holes(&mut self) -> Result<(), RemoteError> {
        for at in (0..self.cursor.holes.len()).rev() {
            let (date, seq) = (self.cursor.holes[at].date.clone(), self.cursor.holes[at].seq);
            if self.take(&date, seq).await? {
                let hole = self.cursor.holes.remove(at);
                if date < self.cursor.date && !hole.inner {
                    self.cursor.holes.push(Hole {
                        seq: seq + 1,
                        tries: 0,
                        ..hole
                    });
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
        self.reading.again().await
    }
}

/// Family A: a number leads to an order id, the id to the order.
#[async_trait]
impl Source for Client<'_> {
    fn now(&self) -> i64 {
        self.gateway.now(self.session)
    }

    fn first_days(&self) -> i64 {
        self.session.setting("first_pull_days", "1").parse().unwrap_or(1)
    }

    async fn latest(&self) -> Result<Option<i64>, RemoteError> {
        latest(self).await.map(Some)
    }

    async fn at(&self, date: &str, seq: i64) -> Result<Option<Order>, RemoteError> {
        let Some(number) = id_by_seq(self, date, seq).await? else {
            return Ok(None);
        };
        match detail(self, &number).await {
            Ok(detail) => Ok(Some(detail)),
            Err(RemoteError::Rejected { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, number: &str) -> Result<Order, RemoteError> {
        detail(self, number).await
    }

    async fn refunds(&self, number: &str) -> Result<Vec<RemoteRefund>, RemoteError> {
        refunds(self, number).await
    }
}

/// The latest number of today; 0 before the first order.
pub(crate) async fn latest(client: &Client<'_>) -> Result<i64, RemoteError> {
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
