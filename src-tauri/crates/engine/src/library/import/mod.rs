//! Sheets coming in: recognised, shown before anything is written, then written in durable steps as one batch.
//!
//! A row is recognised again by 商品编码, else barcode, else name and spec ([`recognise`]); an empty cell never blanks
//! what the library has; the same file again changes nothing. Read [`Engine::import_preview`],
//! [`Engine::import_run`].

mod look;
mod plan;
mod recognise;
mod write;

pub use look::{ColumnLook, SheetLook, fields, mapping_of};
pub use plan::{RowFate, Sample};
pub use sheets::Mapping;

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::id::BatchId;
use plan::Planned;
use serde::Serialize;
use sheets::{ProductSheet, Rejection, Workbook, read_products};
use std::path::{Path, PathBuf};

/// The most products that an import writes in one transaction.
pub const STEP: usize = 1_000;
/// The setting that keeps which pictures a sheet named.
pub(crate) const PICTURE_NAMES: &str = "library.picture_names";

/// What an import would do or did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportReport {
    /// Product rows read, those refused among them.
    pub rows: usize,
    /// Rows that become new SKUs.
    pub created: usize,
    /// Rows that change a SKU or its product.
    pub updated: usize,
    /// Rows that are there already.
    pub unchanged: usize,
    /// Rows and values that were not taken.
    pub rejected: Vec<Refused>,
    /// Rows that are no goods.
    pub skipped: usize,
    /// Some rows of each kind.
    pub samples: Vec<Sample>,
    /// The undoable batch, when something was written.
    pub batch: Option<BatchId>,
    /// How the sheet was read.
    #[serde(skip)]
    pub mapping: Mapping,
}

/// A row or value that was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refused {
    /// Row as Excel numbers it.
    pub row: u32,
    /// Header text of the column; its letters when it has none; may be empty.
    pub column: String,
    /// Stable code: those of [`sheets::RejectionCode`], or `ambiguous`.
    pub reason: &'static str,
    /// The value as it stands there.
    pub value: String,
    /// The whole row was left out, not only the value.
    pub whole_row: bool,
}

/// A sheet on its way into the library.
struct Reading {
    planned: Vec<Planned>,
    report: ImportReport,
}

impl Engine {
    /// What importing a file would do. Nothing is written.
    pub async fn import_preview(&self, path: &Path, mapping: &Mapping) -> Result<ImportReport> {
        Ok(self.read_sheet(path, mapping).await?.report)
    }

    /// Imports a file as one change batch, in transactions of at most 1,000 products. What a cancelled or broken run
    /// has written stays and can be undone; running again does the rest.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`], a full disk, and everything that makes the file unreadable as a whole.
    pub async fn import_run(&self, path: &Path, mapping: &Mapping) -> Result<ImportReport> {
        self.import_in_steps(path, mapping, STEP).await
    }

    /// The same with at most `step` products in one transaction, which costs less and loses more the larger it is.
    ///
    /// # Errors
    /// As [`Engine::import_run`].
    pub async fn import_in_steps(&self, path: &Path, mapping: &Mapping, step: usize) -> Result<ImportReport> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let job = self.start_job("import", None, 0, &serde_json::json!({ "file": name }))?;
        let outcome = self.import_in(&job, path, mapping, &name, step.max(1)).await;
        self.forget_library();
        self.events().changed(&[Tag::Products]);
        let told = outcome.as_ref().map(|report| {
            serde_json::json!({
                "rows": report.rows, "created": report.created, "updated": report.updated,
                "unchanged": report.unchanged, "rejected": report.rejected.len(), "batch": report.batch,
            })
        });
        match (told, &outcome) {
            (Ok(told), _) => job.finish(&Ok(told))?,
            (Err(_), Err(EngineError::Cancelled)) => job.finish_as("cancelled", &serde_json::json!({}))?,
            (Err(error), _) => {
                let words = serde_json::json!({ "error": error.code(), "params": error.params() });
                // A full disk may refuse this note too; what counts is the failure itself.
                if let Err(second) = job.finish_as("failed", &words) {
                    tracing::warn!(error = %second, "the end of an import could not be noted");
                }
            }
        }
        outcome
    }

    async fn import_in(
        &self,
        job: &crate::jobs::Job,
        path: &Path,
        mapping: &Mapping,
        name: &str,
        step: usize,
    ) -> Result<ImportReport> {
        let Reading { planned, mut report } = self.read_sheet(path, mapping).await?;
        let work: Vec<Planned> = planned.into_iter().filter(Planned::writes).collect();
        job.set_total(i64::try_from(work.len()).unwrap_or(i64::MAX));
        let mut work = work.into_iter();
        loop {
            let chunk: Vec<Planned> = work.by_ref().take(step).collect();
            if chunk.is_empty() {
                break;
            }
            job.checkpoint().await?;
            let mut origin = self.by_user("batch.import");
            origin.origin = "import";
            origin.params.insert("file".to_owned(), name.to_owned());
            let (engine, batch, count) = (self.clone(), report.batch, chunk.len());
            let written =
                tokio::task::spawn_blocking(move || write::chunk(&engine, &origin, batch, &chunk)).await??;
            report.batch = Some(written);
            job.advance(i64::try_from(count).unwrap_or(0));
        }
        Ok(report)
    }

    async fn read_sheet(&self, path: &Path, mapping: &Mapping) -> Result<Reading> {
        let (engine, path, mapping): (Self, PathBuf, Mapping) =
            (self.clone(), path.to_owned(), mapping.clone());
        tokio::task::spawn_blocking(move || engine.reading(&path, &mapping)).await?
    }

    fn reading(&self, path: &Path, mapping: &Mapping) -> Result<Reading> {
        let sheet = open_sheet(path, mapping)?;
        let products = self.db().read(storage::product::all)?;
        let paths = self.db().read(storage::category::paths)?;
        let names = self.db().read(write::picture_names)?;
        let library = recognise::Library::new(&products, &paths, &names);
        let matched = recognise::recognise(&sheet.rows, &library);
        let (planned, samples) = plan::plan(&sheet.rows, &matched, &library);
        let mut report = ImportReport {
            skipped: sheet.skipped.len(),
            samples,
            ..ImportReport::default()
        };
        for fate in planned.iter().flat_map(|planned| &planned.fates) {
            match fate {
                RowFate::Created => report.created += 1,
                RowFate::Updated => report.updated += 1,
                RowFate::Unchanged => report.unchanged += 1,
            }
        }
        report.rejected = refused(&sheet, &matched);
        let whole = sheet
            .rejected
            .iter()
            .filter(|r| r.scope == sheets::Scope::Row)
            .count();
        report.rows = sheet.rows.len() + whole;
        report.mapping = sheet.mapping;
        Ok(Reading { planned, report })
    }
}

/// Reads a file as products.
fn open_sheet(path: &Path, mapping: &Mapping) -> Result<ProductSheet> {
    let unusable = EngineError::of_sheet(path);
    let mut book = Workbook::open(path).map_err(&unusable)?;
    read_products(&mut book, mapping).map_err(unusable)
}

fn refused(sheet: &ProductSheet, matched: &[recognise::Match]) -> Vec<Refused> {
    let title = |rejection: &Rejection| {
        let letters = rejection.column.map(sheets::column_letters).unwrap_or_default();
        let evidence = sheet
            .mapping
            .evidence
            .iter()
            .find(|evidence| evidence.column == letters);
        evidence
            .map(|evidence| evidence.header.clone())
            .filter(|header| !header.is_empty())
            .unwrap_or(letters)
    };
    let mut all: Vec<Refused> = sheet
        .rejected
        .iter()
        .map(|rejection| Refused {
            row: rejection.row,
            column: title(rejection),
            reason: rejection.reason.id(),
            value: rejection.value.clone(),
            whole_row: rejection.scope == sheets::Scope::Row,
        })
        .collect();
    let ambiguous = sheet
        .rows
        .iter()
        .zip(matched)
        .filter_map(|(row, found)| match found {
            recognise::Match::Ambiguous { by } => Some(Refused {
                row: row.row,
                column: String::new(),
                reason: "ambiguous",
                value: by.clone(),
                whole_row: true,
            }),
            _ => None,
        });
    all.extend(ambiguous);
    all.sort_by_key(|refused| refused.row);
    all
}
