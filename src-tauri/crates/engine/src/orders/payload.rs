//! The ERP order, built from the newest library data at the moment of the push (F15a).

use crate::error::Result;
use connect::erp::{ErpOrder, ErpOrderLine};
use connect::platform::RemoteOrder;
use domain::id::{ListingSkuId, SkuId};
use domain::money::Money;
use domain::store::Store;
use storage::order::{LineData, LineRow, OrderRow};
use storage::product::SkuData;

/// A line with what it is booked as: the library's SKU, or the store's default item where it is bound to none.
pub(super) struct ResolvedLine {
    pub(super) line: LineRow,
    pub(super) listing_sku: Option<ListingSkuId>,
    pub(super) sku: Option<SkuId>,
    pub(super) data: SkuData,
    /// What was healed on the way, by row of problems.md.
    pub(super) healed: Option<&'static str>,
}

/// Builds the document.
pub(super) fn erp_order(
    store: &Store,
    branch: &str,
    row: &OrderRow,
    lines: &[ResolvedLine],
) -> Result<ErpOrder> {
    let remote: RemoteOrder = serde_json::from_str(&row.payload)?;
    Ok(ErpOrder {
        number: row.number.clone(),
        branch: branch.to_owned(),
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
        lines: lines
            .iter()
            .map(|line| erp_line(&line.line.data, &line.data, line.line.data.quantity))
            .collect(),
    })
}

/// Some pieces of a line as the ERP books them: what was sold from the order, what it is from the library.
pub(super) fn erp_line(line: &LineData, sku: &SkuData, quantity: i64) -> ErpOrderLine {
    ErpOrderLine {
        item_code: sku.item_code.clone(),
        product_name: line.product_name.clone(),
        spec_name: line.spec_name.clone(),
        barcode: sku.barcode.clone(),
        product_ref: line.product_ref.clone(),
        spec_ref: line.outer_sku_code.clone(),
        quantity,
        base_quantity_milli: sku.base_quantity_milli,
        price: Money(line.price_fen),
    }
}
