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
    // A store that changed its platform has thousands of both.
    let free: Vec<(ListingSkuId, Signs)> = came
        .iter()
        .filter(|new| new.bound_to.is_none())
        .map(|new| (new.id, Signs::of(new)))
        .collect();
    for old in went.iter().filter(|old| old.bound_to.is_some()) {
        let signs = Signs::of(old);
        let mut partners = free.iter().filter(|(_, new)| signs.same(new));
        if let (Some((new, _)), None) = (partners.next(), partners.next()) {
            // Two that went and are alike would both want it: the first one has it.
            if storage::listing::sku(tx, *new)?.bound_to.is_none() {
                storage::listing::move_binding(&mut changes, old.id, *new, "healed")?;
                healed += 1;
            }
        }
    }
    changes.finish(false)?;
    Ok(healed)
}

/// By what a SKU is known again.
struct Signs {
    name: String,
    spec: String,
    barcode: Option<String>,
}

impl Signs {
    fn of(row: &ListingSkuRow) -> Self {
        Self {
            name: normalized(&row.name),
            spec: normalized(&row.spec_name),
            barcode: domain::code::barcode_key(&row.barcode),
        }
    }

    /// Whether two SKUs of a store are one thing under two numbers: the barcode and the name agree, or, where one side
    /// has no barcode, name and spec agree.
    fn same(&self, new: &Self) -> bool {
        match (&self.barcode, &new.barcode) {
            (Some(old), Some(code)) => old == code && (self.name == new.name || self.spec == new.spec),
            _ => self.name == new.name && self.spec == new.spec,
        }
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
