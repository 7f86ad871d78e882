//! 异常订单: bodies of the `exceptions_*` commands and `remedy_run`.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::orders::{badges, count, name_of, order_row};
use crate::types::exceptions::{
    CharCell, CharDiffRow, ExceptionGroupView, ExceptionOrderPage, ExceptionOrders, ExceptionQuery,
    ExceptionView, ExceptionsView, HealedView, MatchFieldView, RankedCauseView, RemedyReport, RemedyRequest,
    RepushFailure, RepushRequest, RepushView,
};
use crate::types::shared::{IdRequest, RemedyView};
use domain::finding::Remedy;
use domain::id::{OrderId, StoreId};
use domain::resolve::{CharDiff, DiffKind};
use engine::Engine;
use engine::orders::{Explanation, MatchField, RepushReport, Scope, remedy_kind};
use storage::exception::Which;
use storage::views::orders::OrderFilter;

/// Midnight in Shanghai before a moment, UTC ms.
pub(crate) fn day_start(now: i64) -> i64 {
    const DAY: i64 = 86_400_000;
    const SHANGHAI: i64 = 8 * 3_600_000;
    (now + SHANGHAI).div_euclid(DAY) * DAY - SHANGHAI
}

/// Causes, most urgent first, and what healed today.
pub async fn list(api: &Api, request: ExceptionQuery) -> Result<ExceptionsView> {
    let groups = groups(api, &request.stores)?;
    let since = day_start(api.engine.now());
    let healed = api
        .engine
        .db()
        .read(|c| storage::views::orders::healed_since(c, since))?;
    Ok(ExceptionsView {
        total: groups.iter().map(|group| group.orders).sum(),
        total_fen: groups.iter().map(|group| group.total_fen).sum(),
        groups,
        healed_today: healed
            .into_iter()
            .map(|(cause, orders)| HealedView { cause, orders })
            .collect(),
    })
}

pub(crate) fn groups(api: &Api, stores: &[i64]) -> Result<Vec<ExceptionGroupView>> {
    let stores: Vec<StoreId> = stores.iter().copied().map(StoreId).collect();
    let badges = api.engine.db().read(badges)?;
    let groups = api.engine.exception_groups(&stores)?;
    Ok(groups
        .into_iter()
        .map(|group| ExceptionGroupView {
            orders: count(group.orders.len()),
            total_fen: group.total_fen,
            oldest_at: group.oldest_at,
            stores: group
                .stores
                .iter()
                .filter_map(|id| badges.get(id).cloned())
                .collect(),
            items: count(group.items),
            params: group.params,
            remedies: group.remedies.iter().map(remedy_view).collect(),
            stopped: count(group.stopped),
            confidence: group.confidence,
            cause: group.cause,
        })
        .collect())
}

/// A remedy as the window shows it.
pub(crate) fn remedy_view(remedy: &Remedy) -> RemedyView {
    let action = serde_json::to_value(remedy).unwrap_or_default();
    let params = action
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "kind")
        .filter_map(|(key, value)| match value {
            serde_json::Value::String(text) => Some((key.clone(), text.clone())),
            serde_json::Value::Number(number) => Some((key.clone(), number.to_string())),
            _ => None,
        })
        .collect();
    let opens = match remedy {
        Remedy::EditField { .. } => "sku",
        Remedy::ChooseBinding { .. } => "matching",
        Remedy::RelinkErp { item_code: None, .. } => "erp_picker",
        Remedy::Authorize { .. } => "authorize",
        Remedy::EditStore { .. } => "store",
        Remedy::ChangePlatform { .. } => "change_platform",
        Remedy::ChooseCategory { .. } => "category",
        Remedy::ExportDiagnostics => "diagnostics",
        _ => "",
    };
    RemedyView {
        kind: remedy_kind(remedy),
        params,
        action,
        opens: opens.to_owned(),
        sure: Engine::is_sure(remedy),
    }
}

/// The orders of one cause, oldest first.
pub async fn orders(api: &Api, request: ExceptionOrders) -> Result<ExceptionOrderPage> {
    let filter = OrderFilter {
        stores: request.stores.iter().copied().map(StoreId).collect(),
        view: "exception".to_owned(),
        cause: request.cause,
        ..OrderFilter::default()
    };
    let (mut rows, badges) = api
        .engine
        .db()
        .read(|c| Ok((storage::views::orders::page(c, &filter, 5_000)?, badges(c)?)))?;
    rows.reverse();
    Ok(ExceptionOrderPage {
        rows: rows.into_iter().map(|row| order_row(row, &badges)).collect(),
    })
}

/// The match simulator on one order.
pub async fn explain(api: &Api, request: IdRequest) -> Result<ExceptionView> {
    view(api, OrderId(request.id))
}

pub(crate) fn view(api: &Api, id: OrderId) -> Result<ExceptionView> {
    let Explanation {
        exception,
        number,
        line_name,
        fields,
        first_hits,
        repush_hits,
        diffs,
        causes,
        remedies,
    } = api.engine.explain(id)?;
    Ok(ExceptionView {
        order: id.0,
        number,
        cause: exception.cause,
        params: exception.params,
        raw: exception.raw,
        since: exception.since,
        same_failures: exception.same_failures,
        stopped: exception.stopped,
        line_name,
        match_table: fields.into_iter().map(field_view).collect(),
        hits_first: count(first_hits),
        hits_repush: count(repush_hits),
        diff: diffs
            .into_iter()
            .map(|(field, diff)| diff_view(name_of(&field), &diff))
            .collect(),
        causes: causes
            .into_iter()
            .map(|cause| RankedCauseView {
                cause: cause.id,
                confidence: cause.confidence,
                params: cause.params,
            })
            .collect(),
        remedies: remedies.iter().map(remedy_view).collect(),
    })
}

fn field_view(field: MatchField) -> MatchFieldView {
    let seen = |equal: Option<bool>| match equal {
        Some(true) => "yes",
        Some(false) => "no",
        None => "ignored",
    };
    MatchFieldView {
        field: name_of(&field.field),
        order: field.order,
        listing: field.listing.unwrap_or_default(),
        first: seen(field.first_push).to_owned(),
        repush: seen(field.repush).to_owned(),
    }
}

/// Two rows of boxes: what both share stands in both, the rest in its own with a gap in the other.
fn diff_view(field: String, diff: &[CharDiff]) -> CharDiffRow {
    let mut row = CharDiffRow {
        field,
        ..CharDiffRow::default()
    };
    for one in diff {
        let invisible = one.hidden || (one.blank && one.character != ' ');
        let text = if invisible {
            "␣".to_owned()
        } else {
            one.character.to_string()
        };
        let state = if invisible { "hidden" } else { "different" };
        let differing = CharCell {
            text: text.clone(),
            state: state.to_owned(),
            code_point: one.code_point.clone(),
        };
        match one.kind {
            DiffKind::Equal => {
                let same = CharCell {
                    text,
                    state: "same".to_owned(),
                    code_point: String::new(),
                };
                row.order.push(same.clone());
                row.listing.push(same);
            }
            DiffKind::Removed => row.order.push(differing),
            DiffKind::Added => row.listing.push(differing),
        }
    }
    row
}

/// Pushes again: orders, a cause, or all; the latter two within the stores that are shown.
pub async fn repush(api: &Api, request: RepushRequest) -> Result<RepushView> {
    let scope = scope(&request.stores, &[]);
    let report = if !request.orders.is_empty() {
        let ids: Vec<OrderId> = request.orders.into_iter().map(OrderId).collect();
        api.engine.repush_orders(&ids).await?
    } else if !request.cause.is_empty() {
        api.engine.repush_in(&Which::Cause(request.cause), &scope).await?
    } else if request.all {
        api.engine.repush_in(&Which::All, &scope).await?
    } else {
        return Err(ApiError::new("nothing_chosen"));
    };
    repush_view(api, report)
}

fn scope(stores: &[i64], orders: &[i64]) -> Scope {
    Scope {
        stores: stores.iter().copied().map(StoreId).collect(),
        orders: orders.iter().copied().map(OrderId).collect(),
    }
}

pub(crate) fn repush_view(api: &Api, report: RepushReport) -> Result<RepushView> {
    let mut failed = Vec::with_capacity(report.failed.len());
    for (number, cause) in report.failed {
        let orders = api.engine.db().read(|c| storage::order::by_number(c, &number))?;
        failed.push(RepushFailure {
            order: orders.first().map_or(0, |row| row.id.0),
            number,
            cause,
        });
    }
    Ok(RepushView {
        pushed: count(report.pushed.len()),
        failed,
        waiting: count(report.waiting.len()),
        closed: count(report.closed.len()),
        undecided: count(report.undecided),
    })
}

/// Runs a remedy, once or for the exceptions of a cause that are shown and ticked.
pub async fn run_remedy(api: &Api, request: RemedyRequest) -> Result<RemedyReport> {
    let remedy: Remedy = serde_json::from_value(request.action)
        .map_err(|error| ApiError::new("bad_request").because(error.to_string()))?;
    if request.cause.is_empty() {
        let outcome = api.engine.run_remedy(&remedy).await?;
        return Ok(RemedyReport {
            batch: outcome.batch.map(|batch| batch.0),
            fixed: 1,
            left: 0,
            repush: repush_view(api, outcome.repush)?,
            words: None,
        });
    }
    let report = api
        .engine
        .fix_cause(
            &request.cause,
            Some(&remedy_kind(&remedy)),
            &scope(&request.stores, &request.orders),
        )
        .await?;
    Ok(RemedyReport {
        batch: report.batch.map(|batch| batch.0),
        fixed: count(report.fixed),
        left: count(report.left.len()),
        repush: repush_view(api, report.repush)?,
        words: None,
    })
}
