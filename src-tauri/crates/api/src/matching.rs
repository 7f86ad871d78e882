//! 匹配绑定: bodies of the `matching_*` commands.

use crate::Api;
use crate::error::Result;
use crate::library::words;
use crate::types::matching::{
    BindRefusal, BindReport, BindRequest, BindingsExport, BindingsRejection, BindingsView, LinkRequest,
    MatchApplyRequest, MatchCandidate, MatchReason, MatchRequest, MatchRow, MatchView, UnbindRequest,
};
use crate::types::shared::{Count, PathRequest, StoreBadge, WordsView};
use crate::types::sheet::ExportReport;
use domain::id::{ListingSkuId, SkuId, StoreId};
use domain::reason::Reason;
use engine::matching::bind;
use engine::matching::report::{Candidate, MatchKind, StoreMatch};
use engine::matching::sheet::BindingsReport;
use std::path::Path;

/// The most rejected rows handed to a page; the total counts all.
const SHOWN: usize = 500;

/// Proposals of a store with their sums.
pub async fn get(api: &Api, request: MatchRequest) -> Result<MatchView> {
    let found = api.engine.match_store(StoreId(request.store)).await?;
    Ok(MatchView {
        store: StoreBadge {
            id: found.store.id.0,
            platform: found.store.platform.clone(),
            name: found.store.name.clone(),
        },
        read_at: found.read_at,
        total: count(found.total),
        bound: count(found.bound),
        unmatched: count(found.total - found.bound),
        candidates: count(found.arithmetic.candidates),
        exact: count(found.exact),
        surplus: count(found.surplus()),
        surplus_groups: count(found.surplus_groups),
        sure: count(found.count(MatchKind::Sure)),
        look: count(found.count(MatchKind::Look)),
        without: count(found.count(MatchKind::Without)),
        rows: found
            .lines
            .iter()
            .map(|line| MatchRow {
                listing_sku: line.row.id.0,
                name: line.row.name.clone(),
                spec_name: line.row.spec_name.clone(),
                barcode: line.row.barcode.clone(),
                outer_sku_code: line.row.outer_sku_code.clone(),
                price_fen: line.row.price_fen,
                remote_id: line.row.listing_remote_id.clone(),
                kind: line.kind.name().to_owned(),
                waiting_orders: count(line.waiting),
                candidates: line.candidates.iter().map(|c| candidate(c, &found)).collect(),
            })
            .collect(),
    })
}

fn candidate(candidate: &Candidate, found: &StoreMatch) -> MatchCandidate {
    let product = found.products.get(&candidate.product);
    let sku = product.and_then(|p| p.skus.iter().find(|sku| sku.id == candidate.sku));
    let reasons = candidate.reasons.iter().map(|r| reason(r, true));
    MatchCandidate {
        sku: candidate.sku.0,
        product: candidate.product.0,
        name: product.map(|p| p.name.clone()).unwrap_or_default(),
        spec_name: sku.map(|s| s.spec_name.clone()).unwrap_or_default(),
        size_text: sku.map(|s| s.size_text.clone()).unwrap_or_default(),
        item_code: sku.map(|s| s.item_code.clone()).unwrap_or_default(),
        barcode: sku.map(|s| s.barcode.clone()).unwrap_or_default(),
        price_fen: sku.and_then(|s| s.price).map(|price| price.0),
        picture: product
            .and_then(|p| p.pictures.first().cloned())
            .unwrap_or_default(),
        score: candidate.score,
        reasons: reasons
            .chain(candidate.against.iter().map(|r| reason(r, false)))
            .collect(),
        bound_elsewhere: candidate.bound_elsewhere.clone(),
    }
}

fn reason(reason: &Reason, supports: bool) -> MatchReason {
    let values: Vec<&str> = reason.params.values().map(String::as_str).collect();
    MatchReason {
        code: reason.code.clone(),
        value: values.join(" / "),
        supports,
    }
}

/// Binds pairs.
pub async fn bind(api: &Api, request: BindRequest) -> Result<BindReport> {
    Ok(report(
        api.engine.bind_pairs(&pairs(&request), request.rebind).await?,
    ))
}

/// 不是: these pairs are not proposed again.
pub async fn refuse(api: &Api, request: BindRequest) -> Result<Count> {
    let refused = api.engine.refuse_pairs(&pairs(&request))?;
    Ok(Count {
        count: count(refused),
    })
}

/// Takes 不是 back: these pairs may be proposed again. Gives how many had been refused.
pub async fn allow(api: &Api, request: BindRequest) -> Result<Count> {
    let allowed = api.engine.allow_pairs(&pairs(&request))?;
    Ok(Count {
        count: count(allowed),
    })
}

/// Takes bindings away.
pub async fn unbind(api: &Api, request: UnbindRequest) -> Result<BindReport> {
    let ids: Vec<ListingSkuId> = request.listing_skus.into_iter().map(ListingSkuId).collect();
    let (batch, _) = api.engine.unbind(&ids)?;
    Ok(BindReport {
        batch: batch.map(|batch| batch.0),
        ..BindReport::default()
    })
}

/// Binds every sure proposal from a score up.
pub async fn apply(api: &Api, request: MatchApplyRequest) -> Result<BindReport> {
    let done = api
        .engine
        .bind_proposals(StoreId(request.store), request.min_score)
        .await?;
    Ok(report(done))
}

/// Makes library products of listings.
pub async fn adopt(api: &Api, request: LinkRequest) -> Result<BindReport> {
    let ids: Vec<ListingSkuId> = request.listing_skus.into_iter().map(ListingSkuId).collect();
    Ok(report(api.engine.adopt(&ids).await?))
}

/// Writes bindings into a sheet.
pub async fn export(api: &Api, request: BindingsExport) -> Result<ExportReport> {
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let rows = api
        .engine
        .export_bindings(Path::new(&request.path), &stores)
        .await?;
    Ok(ExportReport {
        path: request.path,
        rows: count(rows),
    })
}

/// What importing a sheet of bindings would do.
pub async fn preview_sheet(api: &Api, request: PathRequest) -> Result<BindingsView> {
    Ok(sheet(
        api.engine.preview_bindings(Path::new(&request.path)).await?,
    ))
}

/// Makes the bindings of a sheet.
pub async fn import_sheet(api: &Api, request: PathRequest) -> Result<BindingsView> {
    Ok(sheet(api.engine.import_bindings(Path::new(&request.path)).await?))
}

fn sheet(report: BindingsReport) -> BindingsView {
    let rejected_total = count(report.rejected.len());
    let shown = report.rejected.into_iter().take(SHOWN);
    BindingsView {
        rows: count(report.rows),
        bound: count(report.bound),
        unchanged: count(report.unchanged),
        rejected: shown
            .map(|no| BindingsRejection {
                row: i64::from(no.row),
                words: words(
                    &format!("bindings.{}", no.fault.name()),
                    [("value", no.value.clone())],
                ),
                value: no.value,
            })
            .collect(),
        rejected_total,
        batch: report.batch.map(|batch| batch.0),
        repushed: count(report.repushed),
    }
}

fn pairs(request: &BindRequest) -> Vec<bind::Pair> {
    request
        .pairs
        .iter()
        .map(|pair| (ListingSkuId(pair.listing_sku), SkuId(pair.sku)))
        .collect()
}

fn report(done: bind::BindReport) -> BindReport {
    BindReport {
        batch: done.batch.map(|batch| batch.0),
        bound: count(done.bound),
        refused: done
            .refused
            .into_iter()
            .map(|no| BindRefusal {
                listing_sku: no.listing_sku.0,
                sku: no.sku.0,
                words: WordsView {
                    code: if no.code == "F07" {
                        "finding.F07".to_owned()
                    } else {
                        format!("error.{}", no.code)
                    },
                    params: no.params,
                },
            })
            .collect(),
        repushed: count(done.repushed),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
