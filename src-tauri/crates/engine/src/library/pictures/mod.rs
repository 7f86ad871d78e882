//! Pictures of products: kept under their content hash, originals never changed, judged from a stored probe so that a
//! check decodes nothing.

mod folder;
mod repair;
mod thumbnail;

use crate::engine::Engine;
use crate::error::{EngineError, Result, file_name};
use crate::event::Tag;
use domain::id::{BatchId, ProductId};
use images::{ImageFinding, Probe, RulePack, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use storage::change::{Changes, Origin};
use storage::picture::PictureRow;
use storage::product::ProductPatch;

/// The largest file read as a picture, in bytes.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;
/// The most pictures a product keeps.
pub const MAX_PICTURES: usize = 20;

/// A file that could not be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureFailure {
    /// File name.
    pub name: String,
    /// Stable code: `IMG01`, `IMG07`, `file_unusable`, `too_many_pictures`, or why a repair failed
    /// (`would_enlarge`, `too_many_bytes`, `still_fails`).
    pub code: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}

/// What happened to pictures.
#[derive(Clone, Debug, Default)]
pub struct PicturesOutcome {
    /// The undoable batch; none when nothing changed.
    pub batch: Option<BatchId>,
    /// Pictures put to products.
    pub added: usize,
    /// Files that belong to no product.
    pub unmatched: Vec<String>,
    /// Files that could not be used.
    pub failed: Vec<PictureFailure>,
}

/// A finding of a product's picture.
#[derive(Clone, Debug)]
pub struct PictureFinding {
    /// The picture.
    pub hash: String,
    /// The platform that would say it.
    pub platform: String,
    /// What.
    pub finding: ImageFinding,
}

impl PictureFinding {
    /// `error`, `warning` or `hint`.
    pub fn severity(&self) -> &'static str {
        match self.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// A picture file that was read, judged and written to the shelf.
pub(super) struct Shelved {
    pub(super) row: PictureRow,
}

impl Engine {
    /// Adds files behind the pictures of a product.
    pub async fn add_pictures(&self, product: ProductId, files: Vec<PathBuf>) -> Result<PicturesOutcome> {
        let mut wanted = Vec::new();
        let mut outcome = PicturesOutcome::default();
        for file in files {
            match self.shelve(file.clone()).await? {
                Ok(shelved) => wanted.push((product, shelved)),
                Err(failure) => outcome.failed.push(failure),
            }
        }
        self.put_pictures(&self.by_user("batch.pictures_add"), wanted, &mut outcome)?;
        Ok(outcome)
    }

    /// Sets the pictures of a product and their order, main one first; those left out are taken off, their files stay.
    ///
    /// # Errors
    /// Refused as `unknown_picture` or `too_many_pictures`.
    pub fn set_pictures(&self, product: ProductId, hashes: &[String]) -> Result<PicturesOutcome> {
        if hashes.len() > MAX_PICTURES {
            return Err(EngineError::refused("too_many_pictures"));
        }
        let origin = self.by_user("batch.pictures_set");
        let (batch, changed) = self.db().write(|tx| {
            for hash in hashes {
                if storage::picture::get(tx, hash)?.is_none() {
                    return Err(EngineError::refused("unknown_picture"));
                }
            }
            storage::product::get(tx, product)?;
            let mut changes = Changes::begin(tx, &origin)?;
            let patch = ProductPatch {
                pictures: Some(hashes.to_vec()),
                ..ProductPatch::default()
            };
            storage::product::update(&mut changes, origin.at, product, &patch)?;
            let id = changes.id();
            Ok((id, changes.finish(false)?))
        })?;
        self.events().changed(&[Tag::Products, Tag::Findings]);
        Ok(PicturesOutcome {
            batch: (changed > 0).then_some(batch),
            ..PicturesOutcome::default()
        })
    }

    /// What the platforms on which a product is offered would say about its pictures; every platform with a store
    /// when it is offered nowhere. Decodes nothing.
    pub fn product_picture_findings(&self, product: ProductId) -> Result<Vec<PictureFinding>> {
        let platforms = self.picture_platforms(product)?;
        let rows = self.picture_rows(product)?;
        let rules = picture_rules()?;
        Ok(rows
            .iter()
            .flat_map(|row| judged(row, &platforms, &rules))
            .collect())
    }

    /// The rows of a product's pictures in order.
    pub fn picture_rows(&self, product: ProductId) -> Result<Vec<PictureRow>> {
        Ok(self.db().read(|c| {
            let hashes = storage::product::pictures(c, product)?;
            let rows: storage::error::Result<Vec<_>> =
                hashes.iter().map(|hash| storage::picture::get(c, hash)).collect();
            Ok(rows?.into_iter().flatten().collect())
        })?)
    }

    pub(super) fn picture_platforms(&self, product: ProductId) -> Result<Vec<String>> {
        let offered = self
            .db()
            .read(|c| storage::views::library::offered_platforms(c, product))?;
        if offered.is_empty() {
            self.store_platforms()
        } else {
            Ok(offered)
        }
    }

    fn store_platforms(&self) -> Result<Vec<String>> {
        let stores = self.db().read(storage::store::all)?;
        let platforms: std::collections::BTreeSet<String> =
            stores.into_iter().map(|row| row.store.platform).collect();
        Ok(platforms.into_iter().collect())
    }

    /// Reads a file, judges it and writes its bytes to the shelf. What no decoder takes is not kept.
    pub(super) async fn shelve(&self, file: PathBuf) -> Result<std::result::Result<Shelved, PictureFailure>> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || {
            let name = file_name(&file);
            let Ok(bytes) = read(&file) else {
                return Ok(Err(failure(&name, "file_unusable")));
            };
            let probe = images::probe_deep(&bytes, Some(&name));
            if probe.readable != Some(true) {
                let oversize = images::oversize(probe.width, probe.height).is_some();
                let mut failure = failure(&name, if oversize { "IMG07" } else { "IMG01" });
                let reason = probe.defect.map_or("", images::Defect::code);
                failure.params.insert("reason".to_owned(), reason.to_owned());
                failure
                    .params
                    .insert("format".to_owned(), probe.format.code().to_owned());
                return Ok(Err(failure));
            }
            Ok(Ok(engine.shelve_bytes(&bytes, &probe, &name, None)?))
        })
        .await?
    }

    pub(super) fn shelve_bytes(
        &self,
        bytes: &[u8],
        probe: &Probe,
        name: &str,
        made_from: Option<&str>,
    ) -> Result<Shelved> {
        let hash = images::content_hash(bytes);
        storage::picture::write_file(self.folder(), &hash, bytes)?;
        let (width, height) = probe.oriented_size();
        let row = PictureRow {
            hash,
            format: probe.format.code().to_lowercase(),
            width: i64::from(width),
            height: i64::from(height),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            probe: serde_json::to_string(probe)?,
            name: name.to_owned(),
            made_from: made_from.map(str::to_owned),
        };
        Ok(Shelved { row })
    }

    /// Puts shelved pictures behind those that products have, as one batch.
    pub(super) fn put_pictures(
        &self,
        origin: &Origin,
        wanted: Vec<(ProductId, Shelved)>,
        outcome: &mut PicturesOutcome,
    ) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut by_product: BTreeMap<ProductId, Vec<PictureRow>> = BTreeMap::new();
        for (product, shelved) in wanted {
            by_product.entry(product).or_default().push(shelved.row);
        }
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, origin)?;
            for (product, rows) in by_product {
                let mut hashes = storage::product::get(tx, product)?.pictures;
                for row in rows {
                    if hashes.contains(&row.hash) {
                        continue;
                    }
                    if hashes.len() >= MAX_PICTURES {
                        outcome.failed.push(failure(&row.name, "too_many_pictures"));
                        continue;
                    }
                    storage::picture::insert(tx, origin.at, &row)?;
                    hashes.push(row.hash);
                    outcome.added += 1;
                }
                let patch = ProductPatch {
                    pictures: Some(hashes),
                    ..ProductPatch::default()
                };
                storage::product::update(&mut changes, origin.at, product, &patch)?;
            }
            let id = changes.id();
            Ok::<_, EngineError>((id, changes.finish(false)?))
        })?;
        outcome.batch = (changed > 0).then_some(batch);
        self.events().changed(&[Tag::Products, Tag::Findings]);
        Ok(())
    }
}

/// What one platform's profile finds in a stored picture, with sizes as a person reads them.
pub(crate) fn found_in(
    probe: &Probe,
    profile: &images::Profile,
) -> impl Iterator<Item = ImageFinding> + use<> {
    // Kept under its hash the file has no name that could be wrong.
    let found = images::check(probe, profile)
        .into_iter()
        .filter(|finding| finding.id != "IMG09");
    let (bytes, max) = (probe.bytes, profile.max_bytes);
    found.map(move |mut finding| {
        if let (true, Some(max)) = (finding.params.contains_key("bytes"), max) {
            finding.params.insert("bytes", megabytes(bytes));
            finding.params.insert("max", megabytes(max));
        }
        finding
    })
}

/// A file size in MB, rounded up at the second decimal: one byte over a limit never reads as the limit.
pub(super) fn megabytes(bytes: u64) -> String {
    let hundredths = (u128::from(bytes) * 100).div_ceil(1_048_576);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{} MB", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What platforms say about one stored picture.
fn judged(row: &PictureRow, platforms: &[String], rules: &RulePack) -> Vec<PictureFinding> {
    let Some(probe) = stored_probe(row) else {
        return Vec::new();
    };
    let profiles = platforms.iter().filter_map(|platform| rules.profile(platform));
    let of = |profile: &images::Profile| {
        let platform = profile.platform.clone();
        found_in(&probe, profile).map(move |finding| PictureFinding {
            hash: row.hash.clone(),
            platform: platform.clone(),
            finding,
        })
    };
    let mut all: Vec<PictureFinding> = profiles.flat_map(of).collect();
    all.sort_by(|a, b| {
        b.finding
            .severity
            .cmp(&a.finding.severity)
            .then(a.finding.id.cmp(b.finding.id))
    });
    all
}

/// The probe as it was when the picture came; what an older version wrote differently is looked at anew never here.
pub(super) fn stored_probe(row: &PictureRow) -> Option<Probe> {
    serde_json::from_str(&row.probe)
        .inspect_err(|error| tracing::warn!(%error, hash = row.hash, "a stored probe does not read"))
        .ok()
}

/// Whether a finding keeps a picture from being taken, or should be looked at.
pub(super) fn is_urgent(finding: &ImageFinding) -> bool {
    finding.severity >= Severity::Warning
}

pub(super) fn picture_rules() -> Result<RulePack> {
    RulePack::built_in().map_err(|error| EngineError::Picture(error.to_string()))
}

pub(super) fn failure(name: &str, code: &str) -> PictureFailure {
    PictureFailure {
        name: name.to_owned(),
        code: code.to_owned(),
        params: BTreeMap::new(),
    }
}

/// The bytes of a regular file of bearable size.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let meta = std::fs::metadata(path)?;
    if !meta.is_file() || meta.len() > MAX_FILE {
        return Err(std::io::Error::from(std::io::ErrorKind::InvalidInput));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MAX_FILE)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn a_byte_over_the_limit_never_reads_as_the_limit() {
        let sizes = [5_242_880, 5_242_881, 1_572_864, 9_000].map(megabytes);
        assert_eq!(sizes, ["5 MB", "5.01 MB", "1.5 MB", "0.01 MB"]);
    }
}
