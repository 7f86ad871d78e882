//! 门店商品: bodies of the `listings_*` commands.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::orders::badges;
use crate::types::listings::{ListingPage, ListingQuery, ListingRow, ListingsDelete, PullReports, PullView};
use crate::types::shared::{StoreIds, WordsView};
use crate::types::sheet::JobStarted;
use domain::id::{ListingId, StoreId};
use domain::product::SINGLE_SPEC;
use std::collections::BTreeSet;
use storage::views::listings::{ListingFilter, counts, ids, rows};

const PAGE: i64 = 500;

/// The list.
pub async fn list(api: &Api, request: ListingQuery) -> Result<ListingPage> {
    let filter = ListingFilter {
        stores: request.stores.iter().copied().map(StoreId).collect(),
        search: request.search,
        view: request.view,
    };
    let skip = usize::try_from(request.offset).unwrap_or(0);
    let take = usize::try_from(request.limit.clamp(1, PAGE)).unwrap_or(1);
    let (total, counts, rows, badges) = api.engine.db().read(|c| {
        let ids = ids(c, &filter)?;
        let page: Vec<_> = ids.iter().copied().skip(skip).take(take).collect();
        Ok((ids.len(), counts(c, &filter)?, rows(c, &page)?, badges(c)?))
    })?;
    let rows = rows.into_iter().map(|row| ListingRow {
        id: row.id.0,
        store: badges.get(&row.store).cloned().unwrap_or_default(),
        listing: row.listing,
        remote_id: row.remote_id,
        name: row.name,
        spec_name: row.spec_name,
        outer_sku_code: row.outer_sku_code,
        code_was: row.code_was,
        spec_was: row.spec_was,
        barcode: row.barcode,
        price_fen: row.price_fen,
        stock: row.stock,
        group: row.group_path.join("/"),
        picture: row.picture,
        on_sale: row.on_sale,
        review: row.review,
        review_since: row.review_since,
        read_at: row.read_at,
        sku: row.sku.map(|sku| sku.0),
        product: row.product.map(|product| product.0),
        bound_name: if row.product_spec.is_empty() || row.product_spec == SINGLE_SPEC {
            row.product_name
        } else {
            format!("{} {}", row.product_name, row.product_spec)
        },
        bound_price_fen: row.product_price_fen,
    });
    Ok(ListingPage {
        total: i64::try_from(total).unwrap_or(i64::MAX),
        counts,
        rows: rows.collect(),
    })
}

/// Starts deleting listings on their platforms; its report is asked for by the job.
pub async fn delete(api: &Api, request: ListingsDelete) -> Result<JobStarted> {
    let listings: BTreeSet<ListingId> = request.listings.into_iter().map(ListingId).collect();
    let listings: Vec<ListingId> = listings.into_iter().collect();
    if i64::try_from(listings.len()).ok() != Some(request.confirmed) {
        return Err(ApiError::new("count_differs").with("count", listings.len().to_string()));
    }
    let job = api.engine.delete_listings_spawn(&listings)?;
    Ok(JobStarted { job: job.0 })
}

/// Reads stores again; one that fails tells why and does not stop the others.
pub async fn pull(api: &Api, request: StoreIds) -> Result<PullReports> {
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut views = Vec::new();
    for (store, outcome) in api.engine.pull_stores(&stores).await? {
        let mut view = PullView {
            store: store.0,
            ..PullView::default()
        };
        match outcome {
            Ok(report) => {
                view.listings = count(report.listings);
                view.new = count(report.new);
                view.changed = count(report.changed);
                view.gone = count(report.gone);
                view.healed = count(report.healed);
                view.repushed = count(report.repushed);
            }
            Err(error) => {
                view.error = Some(WordsView {
                    code: format!("error.{}", error.code()),
                    params: error.params(),
                });
            }
        }
        views.push(view);
    }
    if views.iter().any(|view| view.repushed > 0) {
        api.engine.push_due().await?;
    }
    Ok(PullReports { stores: views })
}
