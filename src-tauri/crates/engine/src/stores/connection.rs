//! The connection test: key, signature, permission, then store and order pull of a platform, or branches and items of an
//! ERP. It stops at the first layer that fails and says what it did not test.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use connect::erp::Erp;
use connect::error::{Layer, RemoteError};
use connect::platform::{ConsentAnswer, Platform, Probe, RefreshedToken};
use connect::session::Session;
use domain::id::{AccountId, StoreId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use storage::account::AccountKind;
use storage::store::StoreRow;
use url::Url;

/// How one layer stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConnectionStep {
    /// Which layer.
    pub layer: Layer,
    /// Its name: `key`, `signature`, `permission`, `store`, `orders`; of an ERP `branch` and `items` in place of the
    /// last two.
    pub name: &'static str,
    /// `ok`, `failed` or `not_tested`.
    pub state: &'static str,
    /// Words by code: `step.<name>.ok`, or a row of problems.md, or `error.<code>`.
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
    /// Whether every layer is good; one that there was nothing to test at counts as good.
    pub fn is_ok(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.state == "ok" || step.words == NO_BRANCH)
    }
}

/// Words where no store names a branch of the ERP yet.
const NO_BRANCH: &str = "step.branch.none";
/// Cause of a store that the platform does not find among its merchants (yet).
const MERCHANT_UNKNOWN: &str = "F61";
/// Its words with the text for the platform's support, once waiting did not help.
const MERCHANT_TICKET: &str = "finding.F61b";
/// A platform that is bound to many stores in a short time knows some of them only later: such a store alone is asked
/// for again after these pauses (F61a).
const PATIENCE: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// Between the beginnings of two tests of stores, so that binding many of them is spread out.
const SPACING_MS: i64 = 1_000;
pub(super) const LAYERS: [Layer; 5] = [
    Layer::Key,
    Layer::Signature,
    Layer::Permission,
    Layer::Store,
    Layer::Orders,
];

/// The side that is asked.
#[derive(Clone)]
pub(crate) enum Side {
    Platform(Arc<dyn Platform>),
    Erp(Arc<dyn Erp>),
}

impl Side {
    pub(crate) async fn probe(
        &self,
        session: &Session,
        layer: Layer,
    ) -> std::result::Result<Probe, RemoteError> {
        match self {
            Self::Platform(platform) => platform.probe(session, layer).await,
            Self::Erp(erp) => erp.probe(session, layer).await,
        }
    }

    /// There is a page on which the merchant agrees.
    pub(crate) fn has_consent(&self) -> bool {
        match self {
            Self::Platform(platform) => platform.descriptor().capabilities.consent,
            Self::Erp(erp) => erp.descriptor().consent,
        }
    }

    pub(crate) fn consent(
        &self,
        session: &Session,
        return_to: &Url,
        state: &str,
    ) -> std::result::Result<Url, RemoteError> {
        match self {
            Self::Platform(platform) => platform.consent(session, return_to, state),
            Self::Erp(erp) => erp.consent(session, return_to, state),
        }
    }

    pub(crate) async fn redeem(
        &self,
        session: &Session,
        answer: &ConsentAnswer,
        return_to: &Url,
    ) -> std::result::Result<RefreshedToken, RemoteError> {
        match self {
            Self::Platform(platform) => platform.redeem(session, answer, return_to).await,
            Self::Erp(erp) => erp.redeem(session, answer, return_to).await,
        }
    }

    fn name(&self, layer: Layer) -> &'static str {
        match (layer, self) {
            (Layer::Key, _) => "key",
            (Layer::Signature, _) => "signature",
            (Layer::Permission, _) => "permission",
            (Layer::Store, Self::Platform(_)) => "store",
            (Layer::Store, Self::Erp(_)) => "branch",
            (Layer::Orders, Self::Platform(_)) => "orders",
            (Layer::Orders, Self::Erp(_)) => "items",
        }
    }

    fn step(&self, layer: Layer, state: &'static str, words: String) -> ConnectionStep {
        ConnectionStep {
            layer,
            name: self.name(layer),
            state,
            words,
            params: BTreeMap::new(),
            raw: String::new(),
            took_ms: 0,
        }
    }
}

impl Engine {
    /// Tests a store's connection.
    pub async fn test_store(&self, id: StoreId) -> Result<ConnectionTest> {
        let row = self.db().read(|c| storage::store::get(c, id))?;
        let side = Side::Platform(self.platform(&row.store.platform)?);
        self.wait_for_turn().await;
        let session = self.store_session(id).await;
        let mut test = self
            .test_layers(&side, row.store.account, session, &LAYERS)
            .await?;
        for step in &mut test.steps {
            if step.words == format!("finding.{MERCHANT_UNKNOWN}") {
                MERCHANT_TICKET.clone_into(&mut step.words);
                step.params.extend(ticket(&row, test.at));
            }
        }
        if test.is_ok() {
            self.learn_end(row.store.account).await?;
        }
        Ok(test)
    }

    /// Tests of stores begin one after another, with a pause between.
    async fn wait_for_turn(&self) {
        let mut last = self.0.store_test_at.lock().await;
        let pause = *last + SPACING_MS - self.now();
        if let Ok(pause @ 1..) = u64::try_from(pause) {
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        *last = self.now();
    }

    /// Asks for a layer, and again a little later while the platform does not know the store yet (F61a).
    async fn probe_patiently(
        &self,
        side: &Side,
        session: &Session,
        layer: Layer,
    ) -> std::result::Result<Probe, RemoteError> {
        for pause in PATIENCE {
            match side.probe(session, layer).await {
                Err(error) if self.knows_no_merchant(&error) => tokio::time::sleep(pause).await,
                outcome => return outcome,
            }
        }
        side.probe(session, layer).await
    }

    fn knows_no_merchant(&self, error: &RemoteError) -> bool {
        let known = self.rules().recognize(error.text());
        known.is_some_and(|known| known.cause == MERCHANT_UNKNOWN)
    }

    /// Tests an account without a store: of an ERP every layer, with the branches that stores name; of a platform the
    /// layers that need no store.
    pub async fn test_account(&self, id: AccountId) -> Result<ConnectionTest> {
        let row = self.db().read(|c| storage::account::get(c, id))?;
        let side = self.side_of(&row)?;
        if row.kind == AccountKind::Platform {
            let session = self.account_session(id, "").await;
            return self.test_layers(&side, id, session, &LAYERS[..3]).await;
        }
        let branches: BTreeSet<String> = self
            .db()
            .read(storage::store::all)?
            .into_iter()
            .filter(|row| row.store.erp_account == Some(id) && !row.store.offline_code.is_empty())
            .map(|row| row.store.offline_code)
            .collect();
        let session = self.account_session(id, "").await;
        let mut test = self.test_layers(&side, id, session, &LAYERS[..3]).await?;
        if !test.is_ok() {
            test.steps.extend(untested(&side, &LAYERS[3..]));
            return Ok(test);
        }
        let started = self.now();
        let mut names = Vec::new();
        for branch in &branches {
            let session = self.account_session(id, branch).await?;
            match side.probe(&session, Layer::Store).await {
                Ok(probe) => names.extend(probe.params.get("name").cloned()),
                Err(error) => {
                    let took_ms = self.now() - started;
                    test.steps
                        .push(self.failed_step(&side, Layer::Store, error, took_ms));
                    test.steps.extend(untested(&side, &LAYERS[4..]));
                    return Ok(test);
                }
            }
        }
        test.steps.push(if branches.is_empty() {
            side.step(Layer::Store, "not_tested", NO_BRANCH.to_owned())
        } else {
            ConnectionStep {
                params: BTreeMap::from([("name".to_owned(), names.join("、"))]),
                took_ms: self.now() - started,
                ..side.step(Layer::Store, "ok", "step.branch.ok".to_owned())
            }
        });
        let branch = branches.first().map_or("", String::as_str);
        let session = self.account_session(id, branch).await;
        let items = self.test_layers(&side, id, session, &LAYERS[4..]).await?;
        test.steps.extend(items.steps);
        Ok(test)
    }

    /// The connector of an account.
    pub(crate) fn side_of(&self, account: &storage::account::AccountRow) -> Result<Side> {
        Ok(match account.kind {
            AccountKind::Platform => Side::Platform(self.platform(&account.service)?),
            AccountKind::Erp => Side::Erp(self.erp(&account.service)?),
        })
    }

    pub(super) async fn test_layers(
        &self,
        side: &Side,
        account: AccountId,
        session: Result<Session>,
        layers: &[Layer],
    ) -> Result<ConnectionTest> {
        let at = self.now();
        let mut steps = Vec::new();
        let session = match session {
            Ok(session) => session,
            // The keychain is ours, not the platform's: the key layer says so and nothing asks to authorize again.
            Err(
                error @ (EngineError::Vault(_) | EngineError::NotAuthorized(_) | EngineError::Secrets(_)),
            ) => {
                steps.push(ConnectionStep {
                    params: error.params(),
                    ..side.step(Layer::Key, "failed", format!("error.{}", error.code()))
                });
                steps.extend(untested(side, layers.get(1..).unwrap_or_default()));
                return Ok(ConnectionTest { at, steps });
            }
            Err(error) => return Err(error),
        };
        for layer in layers.iter().copied() {
            let started = self.now();
            let outcome = self.probe_patiently(side, &session, layer).await;
            let took_ms = self.now() - started;
            if layer >= Layer::Signature {
                self.note_outcome(account, outcome.as_ref().map(|_| ()))?;
            }
            match outcome {
                Ok(probe) => steps.push(ConnectionStep {
                    params: probe.params,
                    took_ms,
                    ..side.step(layer, "ok", format!("step.{}.ok", side.name(layer)))
                }),
                Err(error) => {
                    let failed = self.failed_step(side, layer, error, took_ms);
                    let told = failed.layer;
                    // A refusal may name a layer that looked good before: what was said last counts.
                    steps.retain(|step| step.layer < told);
                    steps.push(failed);
                    steps.extend(untested(side, layers).filter(|step| step.layer > told));
                    break;
                }
            }
        }
        Ok(ConnectionTest { at, steps })
    }

    fn failed_step(&self, side: &Side, layer: Layer, error: RemoteError, took_ms: i64) -> ConnectionStep {
        // The platform's own view of which layer failed beats the one we were asking about.
        let layer = if let RemoteError::Refused { layer: told, .. } = &error {
            *told
        } else {
            layer
        };
        let raw = error.text().to_owned();
        let (words, params) = self.told(error);
        ConnectionStep {
            params,
            raw,
            took_ms,
            ..side.step(layer, "failed", words)
        }
    }

    /// What a failure is called: its row of problems.md where the dictionary knows the text, else `error.<code>`.
    pub(crate) fn told(&self, error: RemoteError) -> (String, BTreeMap<String, String>) {
        if let Some(known) = self.rules().recognize(error.text()) {
            let params = known.params.into_iter().collect();
            return (format!("finding.{}", known.cause), params);
        }
        let error = EngineError::from(error);
        (format!("error.{}", error.code()), error.params())
    }
}

/// What the platform's support asks for first.
fn ticket(row: &StoreRow, at: i64) -> [(String, String); 3] {
    [
        ("store".to_owned(), row.store.name.clone()),
        ("remote_id".to_owned(), row.store.remote_id.clone()),
        ("at".to_owned(), connect::shanghai::time(at)),
    ]
}

fn untested(side: &Side, layers: &[Layer]) -> impl Iterator<Item = ConnectionStep> {
    layers
        .iter()
        .map(|layer| side.step(*layer, "not_tested", "step.not_tested".to_owned()))
}
