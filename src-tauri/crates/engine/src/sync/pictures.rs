//! Pictures on their way to a platform: what its check says of them, and the derivative that is uploaded.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::library::pictures::found_in;
use bytes::Bytes;
use domain::finding::Severity;
use domain::preflight::PictureFinding;
use images::{RepairError, RepairOptions, RulePack};
use std::collections::HashMap;

/// Why a picture of a product cannot be sent.
#[derive(Debug)]
pub(super) struct Unsendable {
    /// `IMG01` to `IMG07`.
    pub(super) cause: &'static str,
    /// For the log.
    pub(super) detail: String,
}

impl Engine {
    /// What a platform's picture check says of every picture that products use, by content hash.
    pub(crate) fn picture_findings(&self, platform: &str) -> Result<HashMap<String, Vec<PictureFinding>>> {
        let rules = picture_rules()?;
        let Some(profile) = rules.profile(platform) else {
            return Ok(HashMap::new());
        };
        let rows = self.db().read(storage::picture::in_use)?;
        let mut probes = self.0.sync.probes.lock();
        let mut findings = HashMap::new();
        for row in rows {
            if !probes.contains_key(&row.hash) {
                let path = storage::picture::path(self.folder(), &row.hash)?;
                match images::probe_file(&path) {
                    Ok(probe) => {
                        probes.insert(row.hash.clone(), probe);
                    }
                    Err(error) => {
                        tracing::warn!(%error, hash = row.hash, "a picture's file cannot be read");
                        continue;
                    }
                }
            }
            let Some(probe) = probes.get(&row.hash) else {
                continue;
            };
            let found: Vec<PictureFinding> = found_in(probe, profile)
                .map(|finding| PictureFinding {
                    id: finding.id.to_owned(),
                    severity: match finding.severity {
                        images::Severity::Hint => Severity::Hint,
                        images::Severity::Warning => Severity::Warning,
                        images::Severity::Error => Severity::Error,
                    },
                    params: finding
                        .params
                        .into_iter()
                        .map(|(k, v)| (k.to_owned(), v))
                        .collect(),
                })
                .collect();
            if !found.is_empty() {
                findings.insert(row.hash, found);
            }
        }
        Ok(findings)
    }

    /// The bytes that a platform takes for a stored picture: itself when it passes, else a repaired derivative.
    pub(super) async fn picture_for(
        &self,
        hash: &str,
        platform: &str,
    ) -> Result<std::result::Result<Bytes, Unsendable>> {
        let folder = self.folder().to_path_buf();
        let (hash, platform) = (hash.to_owned(), platform.to_owned());
        tokio::task::spawn_blocking(move || {
            let bytes = match storage::picture::read_file(&folder, &hash) {
                Ok(bytes) => bytes,
                Err(error) => {
                    return Ok(Err(Unsendable {
                        cause: "IMG01",
                        detail: error.to_string(),
                    }));
                }
            };
            let rules = picture_rules()?;
            let profile = rules.profile(&platform).unwrap_or(rules.master());
            Ok(match images::repair(&bytes, profile, RepairOptions::default()) {
                Ok(repaired) => Ok(Bytes::from(repaired.bytes)),
                Err(error) => Err(Unsendable {
                    cause: match &error {
                        RepairError::WouldEnlarge { .. } => "IMG03",
                        RepairError::TooManyBytes { .. } => "IMG04",
                        RepairError::Refused(_) => "IMG07",
                        _ => "IMG01",
                    },
                    detail: error.to_string(),
                }),
            })
        })
        .await?
    }
}

fn picture_rules() -> Result<RulePack> {
    RulePack::built_in().map_err(|error| EngineError::Picture(error.to_string()))
}
