//! P11: how much of a strict quota (20 calls of each shop in any one second) 50 shops use through the gateway over real
//! loopback HTTP, how many calls are refused, how soon a refused shop is back, and what a busy shop costs the others.
//! Beside it, in the same run, what a full bucket of 20 reaches.

mod quota;

use bytes::Bytes;
use connect::gateway::{Call, Gateway};
use connect::pacing::{Pace, Pacer};
use connect::session::{Credentials, Session};
use connect::transport::{HttpTransport, Transport, install_crypto};
use quota::{LIMIT, Platform, WINDOW};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use yardstick::{Bench, Goal, Measure};

type Outcome<T> = Result<T, Box<dyn Error>>;

const SHOPS: u32 = 50;
/// Calls of a shop that wait at once, as the outbox of a busy shop has them.
const WAITING: u32 = 3;
const ROUNDS: usize = 3;

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    install_crypto();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(all(&bench))
}

async fn all(bench: &Bench) -> Outcome<()> {
    let time = Duration::from_secs(bench.size(10, 3));
    let sizes = format!("{SHOPS} shops x {LIMIT} calls/s for {} s", time.as_secs());
    let (mut shares, mut refusals) = (Vec::new(), Vec::new());
    let (mut bucket_shares, mut bucket_refusals) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (share, refused) = run(time, Way::Gateway).await?;
        shares.push(share);
        refusals.push(refused);
        let (share, refused) = run(time, Way::Bucket).await?;
        bucket_shares.push(share);
        bucket_refusals.push(refused);
    }
    let used = Measure {
        id: "P11",
        what: "share of the quota used through the gateway",
        baseline: "a strict sliding window of 1 s",
        sizes: &sizes,
        unit: "x",
        values: shares,
        goal: Goal::AtLeast(0.99),
    };
    let refused = Measure {
        what: "share of calls refused with 429",
        baseline: "all calls",
        values: refusals,
        goal: Goal::AtMost(0.0),
        ..used.clone()
    };
    bench.report(&used);
    bench.report(&refused);
    bench.report(&Measure {
        what: "share of the quota used by a full bucket of 20, for comparison",
        values: bucket_shares,
        goal: Goal::Open,
        ..used.clone()
    });
    bench.report(&Measure {
        what: "share of calls refused to a full bucket of 20, for comparison",
        values: bucket_refusals,
        goal: Goal::Open,
        ..refused
    });
    bench.report(&Measure {
        what: "from a 429 to the next call that is taken, one slot allowed",
        baseline: "one window",
        sizes: "one shop, Retry-After: 1",
        values: back().await?,
        goal: Goal::AtMost(1.0 + 1.0 / 20.0),
        ..used.clone()
    });
    bench.report(&Measure {
        what: "longest wait of another shop beside one with 200 waiting calls",
        baseline: "one slot",
        sizes: "10 other shops, one account",
        values: beside_a_busy_shop().await?,
        goal: Goal::AtMost(1.0),
        ..used
    });
    Ok(())
}

#[derive(Clone, Copy)]
enum Way {
    Gateway,
    Bucket,
}

fn session(shop: u32) -> Session {
    Session {
        account: "account".to_owned(),
        store: shop.to_string(),
        remote_id: shop.to_string(),
        endpoint: None,
        credentials: Credentials::default(),
        settings: Arc::default(),
        clock_offset_ms: 0,
    }
}

/// The quota a shop has, and none for the account: 50 shops of 50 merchants.
fn pace() -> Pace {
    #[expect(clippy::cast_precision_loss, reason = "20")]
    let rate = LIMIT as f64;
    Pace::per_second(0.0, rate)
}

fn request(address: SocketAddr, shop: u32) -> Outcome<http::Request<Bytes>> {
    let request = http::Request::post(format!("http://{address}/{shop}"));
    Ok(request.body(Bytes::from_static(b"{\"price\":\"12.50\",\"stock\":\"100\"}"))?)
}

fn gateway() -> Outcome<Gateway> {
    Ok(Gateway::new(Arc::new(HttpTransport::new()?), Arc::new(|| 0)))
}

async fn send(gateway: &Gateway, session: &Session, request: http::Request<Bytes>) -> bool {
    let call = Call {
        name: "price".to_owned(),
        request,
        pace: pace(),
        brings_tokens: false,
    };
    gateway.send(session, call).await.is_ok()
}

/// Share of the quota that was used and share of the calls that were refused, the first second left out.
async fn run(time: Duration, way: Way) -> Outcome<(f64, f64)> {
    let platform = Platform::default();
    let address = platform.serve().await?;
    let gateway = gateway()?;
    let plain: Arc<dyn Transport> = Arc::new(HttpTransport::new()?);
    let start = Instant::now();
    let end = start + WINDOW + time;
    let mut tasks = Vec::new();
    for shop in 0..SHOPS {
        let bucket = Arc::new(Bucket::default());
        for _ in 0..WAITING {
            let (gateway, plain, bucket) = (gateway.clone(), plain.clone(), bucket.clone());
            tasks.push(tokio::spawn(async move {
                let session = session(shop);
                while Instant::now() < end {
                    let Ok(request) = request(address, shop) else {
                        return;
                    };
                    match way {
                        Way::Gateway => {
                            send(&gateway, &session, request).await;
                        }
                        Way::Bucket => {
                            bucket.turn().await;
                            // What was refused is counted over there.
                            let _ = plain.send(request).await;
                        }
                    }
                }
            }));
        }
    }
    for task in tasks {
        task.await?;
    }
    let (taken, refused) = platform.count(start + WINDOW, end);
    let limit = u32::try_from(LIMIT)?;
    let quota = f64::from(SHOPS * limit) * time.as_secs_f64();
    let calls = f64::from(taken + refused).max(1.0);
    Ok((f64::from(taken) / quota, f64::from(refused) / calls))
}

/// What everybody writes first: as many calls as the quota at once, then as they come in again.
struct Bucket(parking_lot::Mutex<(f64, Instant)>);

impl Default for Bucket {
    fn default() -> Self {
        Self(parking_lot::Mutex::new((20.0, Instant::now())))
    }
}

impl Bucket {
    async fn turn(&self) {
        loop {
            let wait = {
                let mut state = self.0.lock();
                let now = Instant::now();
                let (level, since) = *state;
                let level = (level + now.duration_since(since).as_secs_f64() * 20.0).min(20.0);
                *state = (level, now);
                if level >= 1.0 {
                    state.0 -= 1.0;
                    return;
                }
                (1.0 - level) / 20.0
            };
            tokio::time::sleep(Duration::from_secs_f64(wait)).await;
        }
    }
}

/// Windows from a refusal to the next call that is taken.
async fn back() -> Outcome<Vec<f64>> {
    let platform = Platform::default();
    let address = platform.serve().await?;
    let gateway = gateway()?;
    let mut windows = Vec::new();
    for shop in 0..5 {
        let session = session(shop);
        for _ in 0..10 {
            send(&gateway, &session, request(address, shop)?).await;
        }
        platform.refuse_next(&session.store);
        if send(&gateway, &session, request(address, shop)?).await {
            return Err("the call that was to be refused was taken".into());
        }
        let refused = Instant::now();
        while !send(&gateway, &session, request(address, shop)?).await {}
        windows.push(refused.elapsed().as_secs_f64() / WINDOW.as_secs_f64());
    }
    Ok(windows)
}

/// Slots that the unluckiest call of ten quiet shops waited, beside a shop of the same account with 200 waiting calls.
async fn beside_a_busy_shop() -> Outcome<Vec<f64>> {
    let pace = Pace {
        per_account: Duration::from_millis(1),
        ..pace()
    };
    let mut worst = Vec::new();
    for _ in 0..ROUNDS {
        let pacer = Arc::new(Pacer::default());
        let busy: Vec<_> = (0..200)
            .map(|_| {
                let pacer = pacer.clone();
                tokio::spawn(async move { pacer.turn("a", "busy", pace).await })
            })
            .collect();
        let mut quiet = Vec::new();
        for shop in 0..10 {
            let pacer = pacer.clone();
            quiet.push(tokio::spawn(async move {
                let mut longest = Duration::ZERO;
                for _ in 0..10 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let start = Instant::now();
                    pacer.turn("a", &shop.to_string(), pace).await;
                    longest = longest.max(start.elapsed());
                }
                longest
            }));
        }
        let mut longest = Duration::ZERO;
        for task in quiet {
            longest = longest.max(task.await?);
        }
        for task in busy {
            task.abort();
        }
        worst.push(longest.as_secs_f64() / pace.per_store.as_secs_f64());
    }
    Ok(worst)
}
