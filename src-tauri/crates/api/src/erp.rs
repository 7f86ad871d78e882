//! ERP accounts: bodies of the `erp_*` commands that are not about one SKU.

use crate::Api;
use crate::error::Result;
use crate::types::erp::{
    ErpMoveBranch, ErpMoveItem, ErpMoveRequest, ErpMoveRow, ErpMoveView, ErpMoveWay, ErpMovedView,
    ErpReadView,
};
use crate::types::shared::IdRequest;
use crate::types::stores::BranchView;
use domain::id::{AccountId, SkuId};
use engine::erp_move::{ErpMove, ErpMovePlan, MovedSku, Way};

/// Rows shown of each way; the counts are whole.
const ROWS: usize = 500;
/// The ways, the most urgent first.
const WAYS: [(Way, &str); 6] = [
    (Way::Ambiguous, "ambiguous"),
    (Way::None, "none"),
    (Way::Chosen, "chosen"),
    (Way::Name, "name"),
    (Way::Code, "code"),
    (Way::Barcode, "barcode"),
];

/// What a move would do.
pub async fn move_plan(api: &Api, request: ErpMoveRequest) -> Result<ErpMoveView> {
    Ok(view(api.engine.erp_move_plan(&wanted(request)).await?))
}

/// Moves.
pub async fn move_run(api: &Api, request: ErpMoveRequest) -> Result<ErpMovedView> {
    let moved = api.engine.erp_move(&wanted(request)).await?;
    Ok(ErpMovedView {
        batch: moved.batch.map(|id| id.0),
        relinked: count(moved.relinked),
        stores: count(moved.stores),
        repushed: count(moved.repushed),
    })
}

/// Reads an ERP's items now.
pub async fn read(api: &Api, request: IdRequest) -> Result<ErpReadView> {
    let read = api.engine.pull_erp_items(AccountId(request.id)).await?;
    Ok(ErpReadView {
        items: count(read.items),
        vanished: read.vanished,
        repushed: count(read.repushed),
    })
}

fn wanted(request: ErpMoveRequest) -> ErpMove {
    ErpMove {
        from: (request.from != 0).then_some(AccountId(request.from)),
        to: AccountId(request.to),
        branches: request.branches,
        choices: request
            .choices
            .into_iter()
            .map(|(sku, code)| (SkuId(sku), code))
            .collect(),
    }
}

fn view(plan: ErpMovePlan) -> ErpMoveView {
    ErpMoveView {
        items_read_at: plan.items_read_at,
        booked: count(plan.orders.booked),
        unsettled: count(plan.orders.unsettled),
        waiting: count(plan.orders.waiting),
        ways: WAYS
            .iter()
            .map(|(way, name)| ErpMoveWay {
                way: (*name).to_owned(),
                count: count(plan.found(*way)),
                rows: plan
                    .skus
                    .iter()
                    .filter(|sku| sku.way == *way)
                    .take(ROWS)
                    .map(row)
                    .collect(),
            })
            .collect(),
        there: plan
            .branches_there
            .into_iter()
            .map(|branch| BranchView {
                code: branch.code,
                name: branch.name,
                active: branch.active,
            })
            .collect(),
        branches: plan
            .branches
            .into_iter()
            .map(|branch| ErpMoveBranch {
                old: branch.old,
                new: branch.new,
                stores: branch.stores.into_iter().map(|(_, name)| name).collect(),
            })
            .collect(),
    }
}

fn row(sku: &MovedSku) -> ErpMoveRow {
    ErpMoveRow {
        sku: sku.sku.0,
        name: format!("{} {}", sku.name, sku.spec_name),
        barcode: sku.barcode.clone(),
        old_code: sku.old_code.clone(),
        new_code: sku.new_code.clone(),
        items: sku
            .items
            .iter()
            .map(|item| ErpMoveItem {
                code: item.code.clone(),
                name: item.name.clone(),
                barcode: item.barcode.clone(),
            })
            .collect(),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
