//! Repairing the pictures of products for the platforms on which they are offered.

use super::{PictureFailure, PicturesOutcome, failure, is_urgent, megabytes, picture_rules, stored_probe};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::ProductId;
use images::{Profile, RepairError, RepairOptions, RulePack};
use std::collections::HashMap;
use storage::change::Changes;
use storage::picture::PictureRow;
use storage::product::ProductPatch;

/// Products whose pictures are exchanged in one go.
type Exchanged = [(ProductId, Vec<String>, Vec<PictureRow>)];

impl Engine {
    /// Repairs the pictures of products, of all products when none are named, for all platforms where each is offered,
    /// so that one picture passes on every one of them. Small ones are enlarged only when that is allowed. Originals stay on the shelf; undo brings them back.
    pub async fn repair_pictures(
        &self,
        products: &[ProductId],
        allow_enlarge: bool,
    ) -> Result<PicturesOutcome> {
        let options = RepairOptions {
            allow_enlarge,
            ..RepairOptions::default()
        };
        let products = if products.is_empty() {
            let all = self.db().read(storage::product::all)?;
            all.into_iter()
                .filter(|product| !product.pictures.is_empty())
                .map(|product| product.id)
                .collect()
        } else {
            products.to_vec()
        };
        let total = i64::try_from(products.len()).unwrap_or(0);
        let job = self.start_job("pictures_repair", None, total, &serde_json::json!({}))?;
        let outcome = self.repair_in(&job, &products, options).await;
        let told = outcome
            .as_ref()
            .map(|o| serde_json::json!({ "made": o.added, "failed": o.failed.len() }));
        match told {
            Ok(told) => job.finish(&Ok(told))?,
            Err(EngineError::Cancelled) => job.finish_as("cancelled", &serde_json::json!({}))?,
            Err(error) => job.finish_as("failed", &serde_json::json!({ "error": error.code() }))?,
        }
        outcome
    }

    async fn repair_in(
        &self,
        job: &crate::jobs::Job,
        products: &[ProductId],
        options: RepairOptions,
    ) -> Result<PicturesOutcome> {
        let mut outcome = PicturesOutcome::default();
        let mut exchanged = Vec::new();
        // The same picture for the same platforms is made once.
        let mut made: HashMap<(String, String), Option<PictureRow>> = HashMap::new();
        for product in products {
            job.checkpoint().await?;
            let profiles = self.profiles(*product)?;
            let rows = self.picture_rows(*product)?;
            let (mut hashes, mut fresh) = (Vec::new(), Vec::new());
            for row in rows {
                let key = (
                    row.hash.clone(),
                    profiles
                        .iter()
                        .map(|p| p.platform.as_str())
                        .collect::<Vec<_>>()
                        .join("+"),
                );
                let repaired = if let Some(known) = made.get(&key) {
                    known.clone()
                } else {
                    let repaired = self.repaired(row.clone(), profiles.clone(), options).await?;
                    let repaired = repaired.unwrap_or_else(|failure| {
                        outcome.failed.push(failure);
                        None
                    });
                    made.insert(key, repaired.clone());
                    repaired
                };
                hashes.push(repaired.as_ref().map_or(row.hash, |row| row.hash.clone()));
                fresh.extend(repaired);
            }
            if !fresh.is_empty() {
                outcome.added += fresh.len();
                exchanged.push((*product, hashes, fresh));
            }
            job.advance(1);
        }
        self.exchange(&exchanged, &mut outcome)?;
        Ok(outcome)
    }

    fn exchange(&self, exchanged: &Exchanged, outcome: &mut PicturesOutcome) -> Result<()> {
        if exchanged.is_empty() {
            return Ok(());
        }
        let origin = self.by_user("batch.pictures_repair");
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for (product, hashes, rows) in exchanged {
                for row in rows {
                    storage::picture::insert(tx, origin.at, row)?;
                }
                let mut once = Vec::with_capacity(hashes.len());
                for hash in hashes {
                    if !once.contains(hash) {
                        once.push(hash.clone());
                    }
                }
                let patch = ProductPatch {
                    pictures: Some(once),
                    ..ProductPatch::default()
                };
                storage::product::update(&mut changes, origin.at, *product, &patch)?;
            }
            let id = changes.id();
            Ok::<_, EngineError>((id, changes.finish(false)?))
        })?;
        outcome.batch = (changed > 0).then_some(batch);
        self.events().changed(&[Tag::Products, Tag::Findings]);
        Ok(())
    }

    /// The rules a product's pictures must satisfy; those of the master picture when there is no store yet.
    fn profiles(&self, product: ProductId) -> Result<Vec<Profile>> {
        let rules: RulePack = picture_rules()?;
        let platforms = self.picture_platforms(product)?;
        let profiles: Vec<Profile> = platforms
            .iter()
            .filter_map(|id| rules.profile(id))
            .cloned()
            .collect();
        Ok(if profiles.is_empty() {
            vec![rules.master().clone()]
        } else {
            profiles
        })
    }

    /// A picture that passes; none when the one there passes already.
    async fn repaired(
        &self,
        row: PictureRow,
        profiles: Vec<Profile>,
        options: RepairOptions,
    ) -> Result<std::result::Result<Option<PictureRow>, PictureFailure>> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || {
            // Only what repairing changes counts here: a name of the wrong kind is gone once the bytes are ours.
            let passes = stored_probe(&row).is_some_and(|probe| {
                let urgent = |profile: &Profile| {
                    images::check(&probe, profile)
                        .iter()
                        .any(|f| is_urgent(f) && f.id != "IMG09")
                };
                !profiles.iter().any(urgent)
            });
            if passes {
                return Ok(Ok(None));
            }
            let bytes = storage::picture::read_file(engine.folder(), &row.hash)?;
            match images::repair_for_all(&bytes, &profiles, options) {
                Ok(repaired) if repaired.changed() => {
                    let stem = row
                        .name
                        .rsplit_once('.')
                        .map_or(row.name.as_str(), |(stem, _)| stem);
                    let name = format!("{stem}.{}", repaired.extension);
                    let shelved =
                        engine.shelve_bytes(&repaired.bytes, &repaired.probe, &name, Some(&row.hash))?;
                    Ok(Ok(Some(shelved.row)))
                }
                Ok(_) => Ok(Ok(None)),
                Err(error) => Ok(Err(told(&row, &error))),
            }
        })
        .await?
    }
}

fn told(row: &PictureRow, error: &RepairError) -> PictureFailure {
    let (code, params): (&str, Vec<(&str, String)>) = match error {
        RepairError::WouldEnlarge { width, height, to } => (
            "would_enlarge",
            vec![
                ("width", width.to_string()),
                ("height", height.to_string()),
                ("to", to.to_string()),
            ],
        ),
        RepairError::TooManyBytes { bytes, max } => (
            "too_many_bytes",
            vec![("bytes", megabytes(*bytes)), ("max", megabytes(*max))],
        ),
        RepairError::StillFails(ids) => ("still_fails", vec![("findings", ids.join(" "))]),
        RepairError::Refused(images::Refused::TooLarge { .. }) => ("IMG07", Vec::new()),
        RepairError::Refused(_) | RepairError::Decode(_) => {
            let reason = error.defect().map_or("", images::Defect::code);
            (
                "IMG01",
                vec![("reason", reason.to_owned()), ("format", row.format.clone())],
            )
        }
        RepairError::Resize(_) | RepairError::Encode(_) | RepairError::NoProfile => {
            ("repair_failed", vec![("text", error.to_string())])
        }
    };
    let mut failure = failure(&row.name, code);
    failure
        .params
        .extend(params.into_iter().map(|(key, value)| (key.to_owned(), value)));
    failure
}
