//! Sheets in and out: bodies of `sheet_open`, `import_*` and `export_run`.

use crate::Api;
use crate::error::Result;
use crate::library::{filter, products_with_findings, words};
use crate::orders::count;
use crate::types::library::LibraryQuery;
use crate::types::shared::PathRequest;
use crate::types::sheet::{
    ExportReport, ExportRequest, ImportPreview, ImportRejection, ImportRequest, ImportSample, SheetColumn,
    SheetField, SheetOpen,
};
use engine::library::import::{ImportReport, fields, mapping_of};
use std::path::Path;

/// The most rejections and samples handed to a page; the totals count all.
const SHOWN: usize = 500;

/// Looks at a file.
pub async fn open(api: &Api, request: PathRequest) -> Result<SheetOpen> {
    let look = api.engine.sheet_look(Path::new(&request.path)).await?;
    let columns = look.columns.into_iter().map(|column| SheetColumn {
        index: i64::from(column.index),
        title: column.title,
        samples: column.samples,
        field: column.field.to_owned(),
        confidence: f64::from(column.confidence) / 100.0,
    });
    Ok(SheetOpen {
        path: request.path,
        name: look.name,
        sheets: look.sheets,
        sheet: look.sheet,
        header_row: i64::from(look.header_row),
        columns: columns.collect(),
        mapping: serde_json::to_value(&look.mapping).unwrap_or_default(),
        fields: fields()
            .map(|(key, required)| SheetField {
                key: key.to_owned(),
                required,
            })
            .collect(),
        encoding: look.encoding,
    })
}

/// What an import would do.
pub async fn preview(api: &Api, request: ImportRequest) -> Result<ImportPreview> {
    let mapping = mapping_of(&request.columns)?;
    Ok(report(
        api.engine
            .import_preview(Path::new(&request.path), &mapping)
            .await?,
    ))
}

/// Imports.
pub async fn run(api: &Api, request: ImportRequest) -> Result<ImportPreview> {
    let mapping = mapping_of(&request.columns)?;
    Ok(report(
        api.engine.import_run(Path::new(&request.path), &mapping).await?,
    ))
}

/// Writes the library, or what the grid shows of it.
pub async fn export(api: &Api, request: ExportRequest) -> Result<ExportReport> {
    let filter = filter(&LibraryQuery {
        search: request.search,
        category: request.category,
        view: request.view,
        state: request.state,
        stores: request.stores,
        price_from_fen: request.price_from_fen,
        price_to_fen: request.price_to_fen,
        ..LibraryQuery::default()
    })?;
    let findings = products_with_findings(&api.engine);
    let rows = api
        .engine
        .export_library(Path::new(&request.path), &filter, &findings)
        .await?;
    Ok(ExportReport {
        path: request.path,
        rows: count(rows),
    })
}

fn report(report: ImportReport) -> ImportPreview {
    let rejected_total = count(report.rejected.len());
    let rejected = report
        .rejected
        .into_iter()
        .take(SHOWN)
        .map(|refused| ImportRejection {
            row: i64::from(refused.row),
            column: refused.column,
            words: words(
                &format!("import.{}", refused.reason),
                [
                    ("value", refused.value.clone()),
                    ("whole_row", refused.whole_row.to_string()),
                ],
            ),
            value: refused.value,
        });
    let samples = report.samples.into_iter().take(SHOWN).map(|sample| ImportSample {
        row: i64::from(sample.row),
        kind: if sample.created { "created" } else { "updated" }.to_owned(),
        name: sample.name,
        spec: sample.spec,
        changes: sample
            .changes
            .iter()
            .map(|(field, old, new)| format!("{field}: {old} → {new}"))
            .collect(),
    });
    ImportPreview {
        rows: count(report.rows),
        created: count(report.created),
        updated: count(report.updated),
        unchanged: count(report.unchanged),
        rejected: rejected.collect(),
        rejected_total,
        skipped: count(report.skipped),
        samples: samples.collect(),
        batch: report.batch.map(|batch| batch.0),
    }
}
