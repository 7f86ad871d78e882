//! Healing bindings after a reading: a SKU that went and one that came are the same thing when the platform merely
//! renumbered it (F02a, F28). Two of three signs must agree, and the partner must be the only one.

use crate::error::Result;
use domain::id::{ListingSkuId, StoreId};
use domain::text::normalized;
use storage::change::{Changes, Origin};
use storage::db::Tx;
use storage::listing::{Applied, ListingSkuRow};

/// Moves bindings from SKUs that went to the ones that came in their place; gives how many.
pub(crate) fn renumbered(tx: &Tx<'_>, origin: &Origin, applied: &Applied) -> Result<usize> {
    if applied.new.is_empty() || applied.gone.is_empty() {
        return Ok(0);
    }
    let row = |id: &ListingSkuId| storage::listing::sku(tx, *id);
    let came = applied
        .new
        .iter()
        .map(row)
        .collect::<storage::error::Result<Vec<_>>>()?;
    let went = applied
        .gone
        .iter()
        .map(row)
        .collect::<storage::error::Result<Vec<_>>>()?;
    let mut changes = Changes::begin(tx, origin)?;
    let mut healed = 0;
    for old in went.iter().filter(|old| old.bound_to.is_some()) {
        let mut partners = came
            .iter()
            .filter(|new| new.bound_to.is_none() && is_same(old, new));
        if let (Some(new), None) = (partners.next(), partners.next()) {
            storage::listing::move_binding(&mut changes, old.id, new.id, "healed")?;
            healed += 1;
        }
    }
    changes.finish(false)?;
    Ok(healed)
}

/// Whether two SKUs of a store are one thing under two numbers: the barcode and the name agree, or, where one side
/// has no barcode, name and spec agree.
fn is_same(old: &ListingSkuRow, new: &ListingSkuRow) -> bool {
    let same_name = normalized(&old.name) == normalized(&new.name);
    let same_spec = normalized(&old.spec_name) == normalized(&new.spec_name);
    let barcodes = (
        domain::code::barcode_key(&old.barcode),
        domain::code::barcode_key(&new.barcode),
    );
    match barcodes {
        (Some(old_code), Some(new_code)) => old_code == new_code && (same_name || same_spec),
        _ => same_name && same_spec,
    }
}

/// Removes bindings whose library product is gone (F01e); gives how many.
pub(crate) fn sweep_orphans(tx: &Tx<'_>, origin: &Origin, store: StoreId) -> Result<usize> {
    let orphans = storage::listing::orphans(tx, store)?;
    if orphans.is_empty() {
        return Ok(0);
    }
    let mut origin = origin.clone();
    origin.title = "batch.sweep_orphans";
    let mut changes = Changes::begin(tx, &origin)?;
    for id in &orphans {
        storage::listing::unbind(&mut changes, *id)?;
    }
    changes.finish(false)?;
    Ok(orphans.len())
}
