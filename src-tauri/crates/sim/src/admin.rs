//! The admin API: what only the people behind the curtain may do. JSON over HTTP, loopback alone.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract::rejection::JsonRejection};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::act::Act;
use crate::clock::SimClock;
use crate::error::WorldError;
use crate::faults::{FaultRule, Service, ServiceQuotas};
use crate::scenario::Scenario;
use crate::simulator::Simulator;
use crate::world::{PlatformId, World};

/// Routes below `/admin`.
pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/state", get(state))
        .route("/ledger", get(ledger))
        .route("/listings", get(listings))
        .route("/paper", get(paper))
        .route("/faults", post(set_faults))
        .route("/act", post(act))
        .route("/clock", post(set_clock))
        .route("/reset", post(reset))
        .route("/story/open_day", post(open_day))
        .route("/story/continue", post(continue_day))
}

fn refuse(status: StatusCode, reason: &impl ToString) -> Response {
    (status, Json(json!({"error": reason.to_string()}))).into_response()
}

/// Counts.
async fn state(State(simulator): State<Simulator>) -> Json<Value> {
    let world = simulator.world();
    let platforms: serde_json::Map<String, Value> = PlatformId::ALL
        .into_iter()
        .map(|platform| {
            let shops = world.shops(platform);
            let groups: usize = shops.values().map(|shop| shop.groups.len()).sum();
            let listings: usize = shops.values().map(|shop| shop.listings.len()).sum();
            let orders = world
                .orders
                .values()
                .filter(|order| order.platform == platform)
                .count();
            let counts =
                json!({"shops": shops.len(), "groups": groups, "listings": listings, "orders": orders});
            (platform.as_str().to_owned(), counts)
        })
        .collect();
    Json(json!({
        "seed": world.seed(), "now_ms": world.now_ms(), "platforms": platforms,
        "erp": {
            "branches": world.erp.branches.len(), "items": world.erp.items.len(),
            "documents": world.erp.documents.len(), "order_mode": world.erp.order_mode, "system": world.erp.system,
        },
        "fault_rules": world.faults.rules(),
    }))
}

async fn ledger(State(simulator): State<Simulator>) -> Json<Value> {
    let report = simulator.world().ledger_report();
    Json(serde_json::to_value(report).unwrap_or(Value::Null))
}

/// Every shop with its groups and listings as the platform holds them.
async fn listings(State(simulator): State<Simulator>) -> Json<Value> {
    let world = simulator.world();
    let shops = PlatformId::ALL.into_iter().flat_map(|platform| {
        world
            .shops(platform)
            .values()
            .map(move |shop| json!({"platform": platform, "shop": shop}))
    });
    Json(shops.collect())
}

/// Every printer with what came out of it.
async fn paper(State(simulator): State<Simulator>) -> Json<Value> {
    let world = simulator.world();
    Json(json!({"feie": world.feie.printers}))
}

/// What `POST /admin/faults` takes; everything is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FaultsOrder {
    /// Take the present rules away first.
    clear: bool,
    /// Start the chances anew.
    seed: Option<u64>,
    /// Rules to add.
    rules: Vec<FaultRule>,
    /// Quotas to set, by service.
    quotas: Vec<(Service, ServiceQuotas)>,
}

async fn set_faults(
    State(simulator): State<Simulator>,
    order: Result<Json<FaultsOrder>, JsonRejection>,
) -> Response {
    let order = match order {
        Ok(Json(order)) => order,
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    let mut world = simulator.world();
    if order.clear {
        world.faults.clear();
    }
    if let Some(seed) = order.seed {
        world.faults.reseed(seed);
    }
    for rule in order.rules {
        world.faults.add(rule);
    }
    for (service, quotas) in order.quotas {
        world.faults.set_quotas(service, quotas);
    }
    Json(json!({"rules": world.faults.rules()})).into_response()
}

async fn act(State(simulator): State<Simulator>, act: Result<Json<Act>, JsonRejection>) -> Response {
    let act = match act {
        Ok(Json(act)) => act,
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    match simulator.world().act(act) {
        Ok(made) => Json(json!({"result": made})).into_response(),
        Err(error) => refuse(StatusCode::CONFLICT, &error),
    }
}

/// What `POST /admin/clock` takes: one of the three, UTC milliseconds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum ClockOrder {
    /// Set the time.
    #[serde(rename = "now_ms")]
    Set(i64),
    /// Move it.
    #[serde(rename = "advance_ms")]
    Advance(i64),
    /// Stop it at a time.
    #[serde(rename = "stand_at_ms")]
    Stand(i64),
}

async fn set_clock(
    State(simulator): State<Simulator>,
    order: Result<Json<ClockOrder>, JsonRejection>,
) -> Response {
    let mut world = simulator.world();
    match order {
        Ok(Json(ClockOrder::Set(now))) => world.clock.set(now),
        Ok(Json(ClockOrder::Advance(by))) => world.clock.advance(by),
        Ok(Json(ClockOrder::Stand(now))) => world.clock = SimClock::standing_at(now),
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, &rejection.body_text()),
    }
    Json(json!({"now_ms": world.now_ms()})).into_response()
}

/// What `POST /admin/reset` takes: a scenario as [`Scenario::read`] reads it, in JSON; the demo chain when absent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetOrder {
    #[serde(default)]
    scenario: Option<Value>,
    #[serde(default)]
    picture_base: String,
}

async fn reset(
    State(simulator): State<Simulator>,
    order: Result<Json<ResetOrder>, JsonRejection>,
) -> Response {
    let order = match order {
        Ok(Json(order)) => order,
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    let text = order.scenario.map(|scenario| scenario.to_string());
    // The guard must be gone before `replace` locks the world again.
    let (seed, enforced) = {
        let world = simulator.world();
        (world.seed(), world.faults.quotas().clone())
    };
    match build(text.as_deref(), seed, &order.picture_base) {
        Ok((mut world, scenario)) => {
            // What was announced goes on to hold.
            for (service, quotas) in enforced {
                world.faults.set_quotas(service, quotas);
            }
            simulator.replace(world);
            simulator.remember(scenario);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, &error),
    }
}

/// Opens the day of the scenario the world was built from and answers with the story's report.
async fn open_day(State(simulator): State<Simulator>) -> Response {
    let Some(scenario) = simulator.scenario() else {
        return refuse(StatusCode::CONFLICT, &"the world was not built from a scenario");
    };
    match crate::story::open_day(&mut simulator.world(), &scenario) {
        Ok(report) => Json(report).into_response(),
        Err(error) => refuse(StatusCode::CONFLICT, &error),
    }
}

/// Lets customers order up to now and answers with the new order numbers.
async fn continue_day(State(simulator): State<Simulator>) -> Response {
    match crate::story::continue_day(&mut simulator.world()) {
        Ok(orders) => Json(json!({"orders": orders})).into_response(),
        Err(error) => refuse(StatusCode::CONFLICT, &error),
    }
}

fn build(scenario: Option<&str>, seed: u64, picture_base: &str) -> Result<(World, Scenario), WorldError> {
    let scenario = match scenario {
        Some(text) => Scenario::read(text)?,
        None => Scenario::demo(seed)?,
    };
    let world = scenario.build(scenario.clock(), picture_base)?.world;
    Ok((world, scenario))
}
