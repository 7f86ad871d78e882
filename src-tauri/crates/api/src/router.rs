//! From a command's name and JSON to its body and back.

use crate::error::{ApiError, Result};
use crate::{
    Api, app, categories, each_command, erp, exceptions, groups, jobs, library, listings, matching, orders,
    pictures, printing, sheet, stock, stores, sync, visibility,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest request that is read. The largest real one is a pasted block of cells.
pub const PAYLOAD_LIMIT: usize = 16 * 1024 * 1024;

macro_rules! routes {
    ($($name:ident($request:ident) -> $response:ident = $feature:ident :: $body:ident;)+) => {
        /// Runs one command. An unknown name and a payload of the wrong shape are refused.
        pub async fn dispatch(api: &Api, name: &str, payload: Value) -> Result<Value> {
            match name {
                $(
                    stringify!($name) => {
                        let request: crate::commands::$request = read(name, payload)?;
                        answer($feature::$body(api, request).await?)
                    }
                )+
                _ => Err(unknown(name)),
            }
        }
    };
}

each_command!(routes);

/// Runs one command whose payload is text, as it comes over HTTP: oversized and unreadable ones are refused before
/// anything is made of them.
pub async fn dispatch_text(api: &Api, name: &str, payload: &[u8]) -> Result<Value> {
    if payload.len() > PAYLOAD_LIMIT {
        return Err(too_large(payload.len()));
    }
    let payload = if payload.is_empty() {
        Value::Object(serde_json::Map::new())
    } else {
        serde_json::from_slice(payload).map_err(|error| wrong(name, &error))?
    };
    dispatch(api, name, payload).await
}

/// The refusal of a payload over [`PAYLOAD_LIMIT`].
pub fn too_large(bytes: usize) -> ApiError {
    ApiError::new("payload_too_large").with("bytes", bytes.to_string())
}

fn unknown(name: &str) -> ApiError {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    ApiError::new("unknown_command").with("name", shown)
}

fn wrong(name: &str, error: &serde_json::Error) -> ApiError {
    // serde's text can quote the value, and a credential may stand there: only its kind and place are told.
    let place = format!(
        "{:?} at line {} column {}",
        error.classify(),
        error.line(),
        error.column()
    );
    ApiError::new("wrong_payload").with("name", name).because(place)
}

fn read<T: DeserializeOwned>(name: &str, payload: Value) -> Result<T> {
    let payload = if payload.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        payload
    };
    serde_json::from_value(payload).map_err(|error| wrong(name, &error))
}

fn answer<T: Serialize>(value: T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| ApiError::internal(error.to_string()))
}
