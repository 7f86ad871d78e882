//! 乐檬 AMA: `/ama/authserver/oauth/token` and `/ama/api/nhsoft.…`. Written from part 3 of the ERP fact sheet.

mod auth;
mod basics;
mod orders;
pub mod verify;

use http::Method;
use serde_json::{Map, Value, json};

use crate::faults::FaultKind;
use crate::wire::{Call, Reply, text_of};
use crate::world::World;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// By the application: HTTP 200, `code` not 0.
    Business { code: i64, message: String },
    /// By the gateway, as an HTTP status.
    Http { status: u16, message: &'static str },
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self::Business {
            code: 500,
            message: message.into(),
        }
    }

    fn missing(field: &str) -> Self {
        Self::Business {
            code: 400,
            message: format!("{field}不能为空"),
        }
    }
}

/// The `result` of a good answer.
type Answer = Result<Value, Refusal>;
/// Arguments of a call: query of a GET, JSON body of a POST.
type Args = Map<String, Value>;

const NOT_GRANTED: Refusal = Refusal::Http {
    status: 400,
    message: "interface not granted",
};

/// Answers one call; without a living token nothing happens.
pub(crate) fn handle(world: &mut World, name: &str, call: &Call) -> Reply {
    if name == "oauth/token" {
        return auth::token(world, call);
    }
    let answer = auth::admit(world, call).and_then(|()| {
        let args = read_args(call)?;
        dispatch(world, name, &call.method, &args)
    });
    match answer {
        Ok(result) => Reply::json(
            200,
            &json!({"code": 0, "msg": "success", "result": result}),
            false,
        ),
        Err(refusal) => refuse(&refusal),
    }
}

fn refuse(refusal: &Refusal) -> Reply {
    match refusal {
        Refusal::Business { code, message } => {
            Reply::json(200, &json!({"code": code, "msg": message, "result": null}), true)
        }
        Refusal::Http { status, message } => Reply::json(
            *status,
            &json!({"code": status, "msg": message, "result": null}),
            true,
        ),
    }
}

/// The answer of a scripted fault.
pub(crate) fn refusal(fault: &FaultKind) -> Reply {
    let refusal = match fault {
        FaultKind::Throttle { .. } => Refusal::Http {
            status: 429,
            message: "too many requests",
        },
        FaultKind::ExpiredToken | FaultKind::IllegalToken => Refusal::Http {
            status: 401,
            message: "invalid token",
        },
        FaultKind::Refuse { code, message } => Refusal::Business {
            code: *code,
            message: message.clone(),
        },
        _ => Refusal::Http {
            status: 503,
            message: "service unavailable",
        },
    };
    refuse(&refusal)
}

fn read_args(call: &Call) -> Result<Args, Refusal> {
    if call.method == Method::GET {
        return Ok(call
            .query
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect());
    }
    match serde_json::from_slice(&call.body) {
        Ok(Value::Object(args)) => Ok(args),
        _ => Err(Refusal::new("请求体不是合法的JSON")),
    }
}

fn dispatch(world: &mut World, name: &str, method: &Method, args: &Args) -> Answer {
    match (method.as_str(), name) {
        ("GET", "nhsoft.amazon.branch.list") => Ok(basics::branches(world)),
        ("GET", "nhsoft.amazon.basic.item.find" | "nhsoft.amazon.basic.item.find/v2") => {
            basics::items(world, args)
        }
        ("POST", "nhsoft.amazon.inventory.inventory.find" | "nhsoft.amazon.inventory.inventory.find/v2") => {
            basics::stock(world, args)
        }
        ("POST", "nhsoft.oms.saleorder.upload") => orders::upload_sale(world, args),
        ("POST", "nhsoft.oms.refundorder.upload") => orders::upload_refund(world, args),
        ("POST", "nhsoft.oms.saleorder.find") => orders::find(world, args),
        _ => Err(NOT_GRANTED),
    }
}

/// An argument as text; absent when missing, null or empty.
fn field(args: &Args, name: &str) -> Option<String> {
    args.get(name).and_then(text_of).filter(|text| !text.is_empty())
}

fn need(args: &Args, name: &str) -> Result<String, Refusal> {
    field(args, name).ok_or_else(|| Refusal::missing(name))
}

/// A list: JSON array, or text by comma. Empty when absent.
fn list(args: &Args, name: &str) -> Vec<String> {
    match args.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(text_of).collect(),
        Some(value) => text_of(value)
            .map(|text| {
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default(),
        None => Vec::new(),
    }
}
