//! The ERP order, built from the newest library data at the moment of the push (F15a).

use crate::error::Result;
use connect::erp::{ErpOrder, ErpOrderLine};
use connect::platform::RemoteOrder;
use domain::id::{ListingSkuId, SkuId};
use domain::money::Money;
use domain::store::Store;
use storage::order::{LineRow, OrderRow};
use storage::product::SkuData;

/// A line that found its way to the library.
pub(super) struct ResolvedLine {
    pub(super) line: LineRow,
    pub(super) listing_sku: ListingSkuId,
    pub(super) sku: SkuId,
    pub(super) data: SkuData,
    /// What was healed on the way, by row of problems.md.
    pub(super) healed: Option<&'static str>,
}

/// Builds the document.
pub(super) fn erp_order(store: &Store, row: &OrderRow, lines: &[ResolvedLine]) -> Result<ErpOrder> {
    let remote: RemoteOrder = serde_json::from_str(&row.payload)?;
    Ok(ErpOrder {
        number: row.number.clone(),
        branch: store.offline_code.clone(),
        platform_store: store.remote_id.clone(),
        store_name: store.name.clone(),
        placed_at: row.placed_at,
        paid: remote.total,
        original: remote.original_total,
        income: remote.income.unwrap_or(remote.total),
        shipping_fee: remote.shipping_fee,
        packing_fee: remote.packing_fee,
        remark: remote.remark,
        receiver_name: remote.receiver_name,
        receiver_phone: remote.receiver_phone,
        receiver_address: remote.receiver_address,
        lines: lines.iter().map(erp_line).collect(),
    })
}

fn erp_line(resolved: &ResolvedLine) -> ErpOrderLine {
    let line = &resolved.line.data;
    ErpOrderLine {
        item_code: resolved.data.item_code.clone(),
        product_name: line.product_name.clone(),
        spec_name: line.spec_name.clone(),
        barcode: resolved.data.barcode.clone(),
        product_ref: line.product_ref.clone(),
        spec_ref: line.outer_sku_code.clone(),
        quantity: line.quantity,
        base_quantity_milli: resolved.data.base_quantity_milli,
        price: Money(line.price_fen),
    }
}
