//! The connection test: key, signature, permission, store, order pull; it stops at the first layer that fails and says
//! what it did not test.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::error::{Layer, RemoteError};
use domain::id::StoreId;
use serde::Serialize;
use std::collections::BTreeMap;

/// How one layer stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConnectionStep {
    /// Which layer.
    pub layer: Layer,
    /// `ok`, `failed` or `not_tested`.
    pub state: &'static str,
    /// Words by code: `step.<layer>.ok`, or a row of problems.md, or `error.<code>`.
    pub words: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// The platform's own text.
    pub raw: String,
    /// How long it took, ms.
    pub took_ms: i64,
}

/// The whole test.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConnectionTest {
    /// When, UTC ms.
    pub at: i64,
    /// Layers, inner to outer.
    pub steps: Vec<ConnectionStep>,
}

impl ConnectionTest {
    /// Whether every layer is good.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|step| step.state == "ok")
    }
}

const LAYERS: [Layer; 5] = [
    Layer::Key,
    Layer::Signature,
    Layer::Permission,
    Layer::Store,
    Layer::Orders,
];

impl Engine {
    /// Tests a store's connection.
    pub async fn test_store(&self, id: StoreId) -> Result<ConnectionTest> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let platform = self.platform(&row.store.platform)?;
        let at = self.now();
        let mut steps = Vec::new();
        let session = match self.store_session(id).await {
            Ok(session) => session,
            // The keychain is ours, not the platform's: the key layer says so and nothing asks to authorize again.
            Err(
                error @ (EngineError::Vault(_) | EngineError::NotAuthorized(_) | EngineError::Secrets(_)),
            ) => {
                steps.push(ConnectionStep {
                    layer: Layer::Key,
                    state: "failed",
                    words: format!("error.{}", error.code()),
                    params: error.params(),
                    raw: String::new(),
                    took_ms: 0,
                });
                return Ok(ConnectionTest {
                    at,
                    steps: untested(steps),
                });
            }
            Err(error) => return Err(error),
        };
        for layer in LAYERS {
            let started = self.now();
            let outcome = platform.probe(&session, layer).await;
            let took_ms = self.now() - started;
            if layer >= Layer::Signature {
                self.note_outcome(row.store.account, outcome.as_ref().map(|_| ()))?;
            }
            match outcome {
                Ok(probe) => steps.push(ConnectionStep {
                    layer,
                    state: "ok",
                    words: format!("step.{}.ok", name(layer)),
                    params: probe.params,
                    raw: String::new(),
                    took_ms,
                }),
                Err(error) => {
                    steps.push(self.failed_step(layer, error, took_ms));
                    break;
                }
            }
        }
        Ok(ConnectionTest {
            at,
            steps: untested(steps),
        })
    }

    fn failed_step(&self, layer: Layer, error: RemoteError, took_ms: i64) -> ConnectionStep {
        // The platform's own view of which layer failed beats the one we were asking about.
        let layer = if let RemoteError::Refused { layer: told, .. } = &error {
            *told
        } else {
            layer
        };
        let raw = error.text().to_owned();
        let recognized = self.rules().recognize(&raw);
        let error = EngineError::from(error);
        let (words, params) = match recognized {
            Some(known) => (
                format!("finding.{}", known.cause),
                known.params.into_iter().collect(),
            ),
            None => (format!("error.{}", error.code()), error.params()),
        };
        ConnectionStep {
            layer,
            state: "failed",
            words,
            params,
            raw,
            took_ms,
        }
    }
}

fn untested(mut steps: Vec<ConnectionStep>) -> Vec<ConnectionStep> {
    let reached = steps.last().map(|step| step.layer);
    for layer in LAYERS {
        if reached.is_none_or(|reached| layer > reached) {
            steps.push(ConnectionStep {
                layer,
                state: "not_tested",
                words: "step.not_tested".to_owned(),
                params: BTreeMap::new(),
                raw: String::new(),
                took_ms: 0,
            });
        }
    }
    steps
}

fn name(layer: Layer) -> &'static str {
    match layer {
        Layer::Key => "key",
        Layer::Signature => "signature",
        Layer::Permission => "permission",
        Layer::Store => "store",
        Layer::Orders => "orders",
    }
}
