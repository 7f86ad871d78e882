//! Values and records as the server writes them (fact sheet 4.2). Fields behind a relation come nested under the
//! relation's name with a dot.

use connect::wire::Text;
use serde::Deserialize;
use serde_json::{Value, json};

/// A decimal: an object that carries its text.
#[derive(Deserialize, Default, Clone, Debug)]
#[serde(default)]
pub(super) struct Decimal {
    pub(super) decimal: String,
}

/// As it is sent.
pub(super) fn decimal(text: &str) -> Value {
    json!({"__class__": "Decimal", "decimal": text})
}

/// A `yyyyMMdd` day as it is sent.
pub(super) fn date(day: &str) -> Value {
    let number = |range| {
        day.get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
            .unwrap_or(1)
    };
    json!({"__class__": "date", "year": number(0..4), "month": number(4..6), "day": number(6..8)})
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Preferences {
    pub(super) company: Option<i64>,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Company {
    pub(super) currency: i64,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Warehouse {
    pub(super) id: i64,
    pub(super) name: Text,
    pub(super) code: Text,
    pub(super) active: Value,
}

#[derive(Deserialize, Default, Clone, Debug)]
#[serde(default)]
pub(super) struct Unit {
    pub(super) symbol: Text,
    /// Digits behind the point that a quantity in it may have.
    pub(super) digits: u32,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Identifier {
    #[serde(rename = "type")]
    pub(super) kind: Text,
    pub(super) code: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Product {
    pub(super) id: i64,
    pub(super) code: Text,
    pub(super) name: Text,
    pub(super) active: Value,
    pub(super) salable: Value,
    pub(super) default_uom: i64,
    #[serde(rename = "default_uom.")]
    pub(super) unit: Unit,
    pub(super) list_price_used: Option<Decimal>,
    #[serde(rename = "identifiers.")]
    pub(super) identifiers: Vec<Identifier>,
}

impl Product {
    /// Can be sold.
    pub(super) fn sold(&self) -> bool {
        yes(&self.active) && yes(&self.salable)
    }
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Level {
    pub(super) code: Text,
    pub(super) quantity: f64,
    pub(super) forecast_quantity: f64,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Sale {
    pub(super) id: i64,
    pub(super) number: Text,
    pub(super) state: Text,
}

#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub(super) struct Party {
    pub(super) id: i64,
    pub(super) addresses: Vec<i64>,
}

/// A truth value, or the number that a database without them gives.
pub(super) fn yes(flag: &Value) -> bool {
    match flag {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_i64() != Some(0),
        _ => false,
    }
}
