//! Shapes of the answers (fact sheet 1 and 2).

use connect::wire::{Int, Text};
use serde::Deserialize;
use serde_json::Value;

/// Every answer.
#[derive(Deserialize)]
pub(super) struct Envelope {
    pub(super) ret: Int,
    #[serde(default)]
    pub(super) msg: Text,
    #[serde(default)]
    pub(super) data: Value,
}

/// Of adding and removing: what went well and what did not, each as a text.
#[derive(Deserialize, Default)]
pub(super) struct Sorted {
    #[serde(default)]
    pub(super) ok: Vec<Text>,
    #[serde(default)]
    pub(super) no: Vec<Text>,
}

/// Of a day.
#[derive(Deserialize)]
pub(super) struct Day {
    #[serde(default)]
    pub(super) print: Int,
    #[serde(default)]
    pub(super) waiting: Int,
}
