//! Bodies of the `pictures_*` commands.

use crate::Api;
use crate::error::Result;
use crate::orders::count;
use crate::types::library::{
    PictureFailure, PicturesAddRequest, PicturesImportRequest, PicturesRepairRequest, PicturesReport,
    PicturesSetRequest,
};
use crate::types::shared::WordsView;
use domain::id::ProductId;
use engine::library::pictures::PicturesOutcome;
use std::path::{Path, PathBuf};

/// Adds files to a product.
pub async fn add(api: &Api, request: PicturesAddRequest) -> Result<PicturesReport> {
    let files = request.paths.into_iter().map(PathBuf::from).collect();
    Ok(report(
        api.engine.add_pictures(ProductId(request.product), files).await?,
    ))
}

/// Sets order and choice of a product's pictures.
pub async fn set(api: &Api, request: PicturesSetRequest) -> Result<PicturesReport> {
    Ok(report(
        api.engine
            .set_pictures(ProductId(request.product), &request.hashes)?,
    ))
}

/// Puts a folder of pictures to products.
pub async fn import(api: &Api, request: PicturesImportRequest) -> Result<PicturesReport> {
    Ok(report(
        api.engine.import_pictures(Path::new(&request.folder)).await?,
    ))
}

/// Repairs pictures for the platforms where their products are offered.
pub async fn repair(api: &Api, request: PicturesRepairRequest) -> Result<PicturesReport> {
    let products: Vec<ProductId> = request.products.into_iter().map(ProductId).collect();
    Ok(report(
        api.engine
            .repair_pictures(&products, request.allow_enlarge)
            .await?,
    ))
}

fn report(outcome: PicturesOutcome) -> PicturesReport {
    let failed = outcome.failed.into_iter().map(|failure| PictureFailure {
        words: WordsView {
            code: format!("picture.{}", failure.code),
            params: failure.params,
        },
        name: failure.name,
    });
    PicturesReport {
        batch: outcome.batch.map(|batch| batch.0),
        added: count(outcome.added),
        unmatched: outcome.unmatched,
        failed: failed.collect(),
    }
}
