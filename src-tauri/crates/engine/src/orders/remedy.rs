//! 处理办法: what can be done about an exception, and doing it.

use super::repush::{RepushReport, Scope};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use domain::code;
use domain::finding::{EditField, Remedy};
use domain::id::{BatchId, ListingSkuId, OrderId, SkuId, StoreId};
use domain::text::normalized;
use serde::Deserialize;
use std::collections::BTreeSet;
use storage::change::Changes;
use storage::exception::{ExceptionRow, Which};
use storage::product::{ProductPatch, SkuData};
use storage::store::StorePatch;

/// What running a remedy did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RemedyOutcome {
    /// The undoable batch, when local data changed.
    pub batch: Option<BatchId>,
    /// Orders pushed again because of it.
    pub repush: RepushReport,
}

/// The remedies of one exception with what can be known filled in, best first.
pub(super) fn remedies_for(engine: &Engine, exception: &ExceptionRow, store: StoreId) -> Result<Vec<Remedy>> {
    let causes: Vec<StoredRemedies> = serde_json::from_str(&exception.evidence).unwrap_or_default();
    let mut remedies: Vec<Remedy> = causes.into_iter().next().map(|c| c.remedies).unwrap_or_default();
    if remedies.is_empty() {
        remedies = by_cause(exception, store);
    }
    for remedy in &mut remedies {
        if let Some(better) = engine.completed(remedy, exception, store)? {
            *remedy = better;
        }
    }
    remedies.push(Remedy::Repush {
        order: exception.order,
    });
    remedies.dedup();
    Ok(remedies)
}

#[derive(Deserialize)]
struct StoredRemedies {
    remedies: Vec<Remedy>,
}

/// Remedies of refusals that the ERP itself told, where there is no evidence of our own.
fn by_cause(exception: &ExceptionRow, store: StoreId) -> Vec<Remedy> {
    let relink = exception
        .sku
        .map(|sku| Remedy::RelinkErp { sku, item_code: None });
    match exception.cause.as_str() {
        "F03" | "F01d" | "F19a" => relink.into_iter().collect(),
        "F19b" => vec![Remedy::CleanOfflineCode {
            store,
            value: String::new(),
        }],
        "F24" | "ERP_SHOP" => vec![Remedy::VerifyErpSwitch { store }],
        super::UNKNOWN_OUTCOME => vec![Remedy::CloseOrder {
            order: exception.order,
        }],
        super::UNRECOGNIZED => vec![Remedy::ExportDiagnostics],
        _ => vec![Remedy::Reread { store }],
    }
}

impl Engine {
    /// Fills in what can be known for sure: the ERP item by barcode, the cleaned branch number, the SKU that the twin
    /// is bound to.
    fn completed(&self, remedy: &Remedy, exception: &ExceptionRow, store: StoreId) -> Result<Option<Remedy>> {
        Ok(match remedy {
            Remedy::RelinkErp { sku, item_code: None } => {
                self.sure_erp_item(*sku, store)?.map(|code| Remedy::RelinkErp {
                    sku: *sku,
                    item_code: Some(code),
                })
            }
            Remedy::CleanOfflineCode { store, value } if value.is_empty() => {
                let row = self.db().read(|c| storage::store::get(c, *store))?;
                Some(Remedy::CleanOfflineCode {
                    store: *store,
                    value: code::cleaned_offline_code(&row.store.offline_code),
                })
            }
            Remedy::ChooseBinding { listing_sku } => {
                self.sure_partner(*listing_sku, exception)?
                    .map(|sku| Remedy::Bind {
                        listing_sku: *listing_sku,
                        sku,
                    })
            }
            _ => None,
        })
    }

    /// The only ERP item in use that has the SKU's barcode, or else exactly its name.
    pub fn sure_erp_item(&self, sku: SkuId, store: StoreId) -> Result<Option<String>> {
        let Some(account) = self
            .db()
            .read(|c| storage::store::get(c, store))?
            .store
            .erp_account
        else {
            return Ok(None);
        };
        self.db()
            .read(|c| {
                let data = storage::product::sku_of(c, sku)?;
                let by_barcode = storage::erp_cache::by_barcode(c, account, &data.barcode)?;
                if let [only] = by_barcode.as_slice() {
                    return Ok(Some(only.code.clone()));
                }
                let Some(product) = storage::product::of_sku(c, sku)? else {
                    return Ok(None);
                };
                let name = storage::product::get(c, product)?.name;
                let same: Vec<_> = storage::erp_cache::search(c, account, &name, 20)?
                    .into_iter()
                    .filter(|item| normalized(&item.name) == normalized(&name))
                    .collect();
                Ok(if let [only] = same.as_slice() {
                    Some(only.code.clone())
                } else {
                    None
                })
            })
            .map_err(EngineError::from)
    }

    /// The library SKU that an unbound listing SKU certainly is: what its bound twin is bound to (F01b, 改绑), else the
    /// only SKU with its barcode or with its name and spec.
    fn sure_partner(&self, listing_sku: ListingSkuId, exception: &ExceptionRow) -> Result<Option<SkuId>> {
        self.db()
            .read(|c| {
                let row = storage::listing::sku(c, listing_sku)?;
                let twins: BTreeSet<SkuId> = storage::listing::of_store(c, row.store)?
                    .iter()
                    .filter(|other| {
                        other.id != row.id
                            && normalized(&other.name) == normalized(&row.name)
                            && normalized(&other.spec_name) == normalized(&row.spec_name)
                    })
                    .filter_map(|other| other.bound_to)
                    .collect();
                if exception.cause == "F01b" && twins.len() == 1 {
                    return Ok(twins.first().copied());
                }
                let key = code::barcode_key(&row.barcode);
                let code = row.outer_sku_code.clone();
                let mut found: BTreeSet<SkuId> = BTreeSet::new();
                for product in storage::product::all(c)? {
                    let single = product.skus.len() == 1;
                    for sku in &product.skus {
                        let same_barcode = key.is_some() && code::barcode_key(&sku.barcode) == key;
                        let same_code = !code.is_empty() && sku.item_code == code;
                        let same_name = normalized(&product.name) == normalized(&row.name)
                            && (single || normalized(&sku.spec_name) == normalized(&row.spec_name));
                        if same_barcode || same_code || (key.is_none() && same_name) {
                            found.insert(sku.id);
                        }
                    }
                }
                Ok(if found.len() == 1 {
                    found.first().copied()
                } else {
                    None
                })
            })
            .map_err(EngineError::from)
    }

    /// Whether a remedy can run without looking: it carries everything it needs.
    pub fn is_sure(remedy: &Remedy) -> bool {
        match remedy {
            Remedy::EditField { .. }
            | Remedy::ChooseBinding { .. }
            | Remedy::RelinkErp { item_code: None, .. }
            | Remedy::Authorize { .. }
            | Remedy::EditStore { .. }
            | Remedy::ChangePlatform { .. }
            | Remedy::ChooseCategory { .. }
            | Remedy::CloseOrder { .. }
            | Remedy::ExportDiagnostics => false,
            Remedy::CleanOfflineCode { value, .. } => !value.is_empty(),
            _ => true,
        }
    }

    /// Runs one remedy and pushes again what waited for it.
    pub async fn run_remedy(&self, remedy: &Remedy) -> Result<RemedyOutcome> {
        let outcome = match remedy {
            Remedy::SetField { sku, field, value } => {
                let batch = self.set_sku_field(*sku, *field, value)?;
                self.then_repush(Some(batch), &Which::Sku(*sku)).await?
            }
            Remedy::RelinkErp {
                sku,
                item_code: Some(code),
            } => {
                let batch = self.set_sku_field(*sku, EditField::ItemCode, code)?;
                self.then_repush(Some(batch), &Which::Sku(*sku)).await?
            }
            Remedy::Bind { listing_sku, sku } => {
                let batch = self.rebind(*listing_sku, *sku)?;
                self.then_repush(Some(batch), &Which::ListingSku(*listing_sku))
                    .await?
            }
            Remedy::Unbind { listing_sku } => {
                let origin = self.by_user("batch.unbind");
                let batch = self.db().write(|tx| {
                    let mut changes = Changes::begin(tx, &origin)?;
                    storage::listing::unbind(&mut changes, *listing_sku)?;
                    let batch = changes.id();
                    changes.finish(false)?;
                    Ok::<_, EngineError>(batch)
                })?;
                RemedyOutcome {
                    batch: Some(batch),
                    ..RemedyOutcome::default()
                }
            }
            Remedy::Reread { store } | Remedy::SweepOrphans { store } => {
                self.pull_store(*store).await?;
                self.then_repush(None, &Which::Store(*store)).await?
            }
            Remedy::CleanOfflineCode { store, value } => {
                let patch = StorePatch {
                    offline_code: Some(value.clone()),
                    ..StorePatch::default()
                };
                let batch = self.update_store(*store, &patch)?;
                self.then_repush(Some(batch), &Which::Store(*store)).await?
            }
            Remedy::VerifyErpSwitch { store } => RemedyOutcome {
                repush: self.verify_erp_switch(*store, &Scope::default()).await?,
                ..RemedyOutcome::default()
            },
            Remedy::AdoptOrderText { order } => self.adopt_order_text(*order).await?,
            Remedy::Repush { order } => RemedyOutcome {
                repush: self.repush_order(*order).await?,
                ..RemedyOutcome::default()
            },
            Remedy::CloseOrder { order } => {
                self.close_by_manager(*order)?;
                RemedyOutcome::default()
            }
            Remedy::CopyBindings { from, to } => {
                let batch = self.copy_bindings(*from, *to)?;
                self.then_repush(Some(batch), &Which::Store(*to)).await?
            }
            other => self.run_library_remedy(other).await?,
        };
        self.events().changed(&[
            Tag::Orders,
            Tag::Exceptions,
            Tag::Products,
            Tag::Bindings,
            Tag::Findings,
        ]);
        Ok(outcome)
    }

    /// The manager says that an order shall not be pushed. One with an unknown outcome was found in the ERP: it counts as
    /// booked from now on, so that a refund or a cancellation follows it there.
    fn close_by_manager(&self, order: OrderId) -> Result<()> {
        let now = self.now();
        self.db().write(|tx| {
            let exception = storage::exception::get(tx, order)?;
            let row = storage::order::get(tx, order)?;
            if exception.is_some_and(|one| one.cause == super::UNKNOWN_OUTCOME) && row.sent_to.is_some() {
                storage::order::set_pushed(tx, order, now, &row.number)?;
                return storage::order::add_event(tx, order, now, "order.seen_in_erp", &[], "")
                    .map_err(EngineError::from);
            }
            storage::order::set_closed(tx, order, "by_manager")?;
            let reason = [("reason", "by_manager".to_owned())];
            storage::order::add_event(tx, order, now, "order.closed", &reason, "").map_err(EngineError::from)
        })
    }

    async fn then_repush(&self, batch: Option<BatchId>, which: &Which) -> Result<RemedyOutcome> {
        Ok(RemedyOutcome {
            batch,
            repush: self.repush(which).await?,
        })
    }

    /// Changes one field of a SKU or of its product, as an undoable batch.
    pub fn set_sku_field(&self, sku: SkuId, field: EditField, value: &str) -> Result<BatchId> {
        let origin = self.by_user("batch.edit");
        let now = origin.at;
        self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            set_field(&mut changes, now, sku, field, value)?;
            let batch = changes.id();
            changes.finish(false)?;
            Ok::<_, EngineError>(batch)
        })
    }

    /// Binds a listing SKU, taking the library SKU away from where it is bound in that store (改绑).
    pub fn rebind(&self, listing_sku: ListingSkuId, sku: SkuId) -> Result<BatchId> {
        let origin = self.by_user("batch.bind");
        self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            bind_instead(&mut changes, origin.at, listing_sku, sku)?;
            let batch = changes.id();
            changes.finish(false)?;
            Ok::<_, EngineError>(batch)
        })
    }

    /// 「我已开启 → 验证 → 重推全部」: tries one waiting order first; when it goes through, all of the cause follow (F24, and
    /// a shop whose kind takes no orders).
    pub(super) async fn verify_erp_switch(&self, store: StoreId, scope: &Scope) -> Result<RepushReport> {
        let switch = |cause: &str| matches!(cause, "F24" | "ERP_SHOP");
        let mut rows = self.exceptions_in(&Which::Store(store), scope)?.into_iter();
        let Some((first, _)) = rows.find(|(row, _)| switch(&row.cause)) else {
            return Ok(RepushReport::default());
        };
        let mut report = self.repush_order(first.order).await?;
        if report.failed.iter().all(|(_, cause)| !switch(cause)) {
            let rest: Vec<OrderId> = rows
                .filter(|(row, _)| switch(&row.cause))
                .map(|(row, _)| row.order)
                .collect();
            report.absorb(self.repush_ids(&rest).await?);
        }
        Ok(report)
    }

    /// 「按订单改商品库 → 重新读取 → 重推」 (F01a): the platform renamed; the library takes the new texts, the store is read
    /// again so that the cached listing has them too, and what waited goes.
    async fn adopt_order_text(&self, order: OrderId) -> Result<RemedyOutcome> {
        let row = self.db().read(|c| storage::order::get(c, order))?;
        let Some(exception) = self.db().read(|c| storage::exception::get(c, order))? else {
            return Ok(RemedyOutcome::default());
        };
        let origin = self.by_user("batch.edit");
        let (batch, changed) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            take_order_text(&mut changes, origin.at, &exception)?;
            let batch = changes.id();
            Ok::<_, EngineError>((batch, changes.finish(false)?))
        })?;
        self.pull_store(row.store).await?;
        self.then_repush((changed > 0).then_some(batch), &Which::Cause(exception.cause))
            .await
    }

    /// Copies bindings from one store to another by the platform's product and spec, where the target is free (F01f).
    fn copy_bindings(&self, from: StoreId, to: StoreId) -> Result<BatchId> {
        let mut origin = self.by_user("batch.copy_bindings");
        origin.params.insert("from".to_owned(), from.to_string());
        self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            bind_alike(&mut changes, origin.at, from, to)?;
            let batch = changes.id();
            changes.finish(true)?;
            Ok::<_, EngineError>(batch)
        })
    }
}

/// Whether a remedy edits local data alone, so that many of them can be one batch; see [`edit`].
pub(super) fn is_edit(remedy: &Remedy) -> bool {
    matches!(
        remedy,
        Remedy::SetField { .. }
            | Remedy::RelinkErp {
                item_code: Some(_),
                ..
            }
            | Remedy::Bind { .. }
            | Remedy::CleanOfflineCode { .. }
            | Remedy::CopyBindings { .. }
            | Remedy::AdoptOrderText { .. }
    )
}

/// Runs a remedy that only edits local data inside a batch; gives what waits for just that, or `None` when it is no
/// such remedy.
pub(super) fn edit(
    changes: &mut Changes<'_>,
    at: i64,
    remedy: &Remedy,
    exception: &ExceptionRow,
) -> Result<Option<Which>> {
    let waits = match remedy {
        Remedy::SetField { sku, field, value } => {
            set_field(changes, at, *sku, *field, value)?;
            Which::Sku(*sku)
        }
        Remedy::RelinkErp {
            sku,
            item_code: Some(code),
        } => {
            set_field(changes, at, *sku, EditField::ItemCode, code)?;
            Which::Sku(*sku)
        }
        Remedy::Bind { listing_sku, sku } => {
            bind_instead(changes, at, *listing_sku, *sku)?;
            Which::ListingSku(*listing_sku)
        }
        Remedy::CleanOfflineCode { store, value } => {
            let patch = StorePatch {
                offline_code: Some(value.clone()),
                ..StorePatch::default()
            };
            storage::store::update(changes, *store, &patch)?;
            Which::Store(*store)
        }
        Remedy::CopyBindings { from, to } => {
            bind_alike(changes, at, *from, *to)?;
            Which::Store(*to)
        }
        Remedy::AdoptOrderText { .. } => {
            take_order_text(changes, at, exception)?;
            Which::Group(exception.group_key.clone())
        }
        _ => return Ok(None),
    };
    Ok(Some(waits))
}

/// Binds a listing SKU, taking the library SKU away from where it is bound in that store.
fn bind_instead(changes: &mut Changes<'_>, at: i64, listing_sku: ListingSkuId, sku: SkuId) -> Result<()> {
    let tx = changes.tx();
    let row = storage::listing::sku(tx, listing_sku)?;
    for place in storage::listing::bound_places(tx, sku)? {
        if place.store == row.store && place.id != listing_sku {
            storage::listing::unbind(changes, place.id)?;
        }
    }
    if row.bound_to.is_some_and(|bound| bound != sku) {
        storage::listing::unbind(changes, listing_sku)?;
    }
    Ok(storage::listing::bind(changes, at, listing_sku, sku, "manual")?)
}

/// Gives the library the name and spec that the failing line of an order shows.
fn take_order_text(changes: &mut Changes<'_>, at: i64, exception: &ExceptionRow) -> Result<()> {
    let tx = changes.tx();
    let lines = storage::order::lines(tx, exception.order)?;
    let line = lines.into_iter().find(|line| Some(line.id) == exception.line);
    let (Some(sku), Some(line)) = (exception.sku, line) else {
        return Ok(());
    };
    let id =
        storage::product::of_sku(tx, sku)?.ok_or(storage::error::StorageError::NotFound { what: "sku" })?;
    let product = storage::product::get(tx, id)?;
    let single = product.spec_kind() == domain::product::SpecKind::Single;
    if product.name != line.data.product_name {
        set_field(changes, at, sku, EditField::Name, &line.data.product_name)?;
    }
    // A single-spec product stays single-spec: the platform's spec text is its size, not a spec of ours.
    if !single && !line.data.spec_name.is_empty() {
        set_field(changes, at, sku, EditField::SpecName, &line.data.spec_name)?;
    }
    Ok(())
}

/// Binds what is free in one store to what its only namesake in another store is bound to.
fn bind_alike(changes: &mut Changes<'_>, at: i64, from: StoreId, to: StoreId) -> Result<()> {
    let sources = storage::listing::of_store(changes.tx(), from)?;
    let targets = storage::listing::of_store(changes.tx(), to)?;
    for target in targets.iter().filter(|row| row.bound_to.is_none()) {
        let mut same = sources.iter().filter(|source| {
            source.bound_to.is_some()
                && normalized(&source.name) == normalized(&target.name)
                && normalized(&source.spec_name) == normalized(&target.spec_name)
        });
        let (Some(source), None) = (same.next(), same.next()) else {
            continue;
        };
        let Some(sku) = source.bound_to else { continue };
        match storage::listing::bind(changes, at, target.id, sku, "copied") {
            Ok(()) | Err(storage::error::StorageError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The remedy's name in JSON.
pub fn remedy_kind(remedy: &Remedy) -> String {
    serde_json::to_value(remedy)
        .ok()
        .and_then(|value| {
            value
                .get("kind")
                .and_then(|kind| kind.as_str().map(str::to_owned))
        })
        .unwrap_or_default()
}

/// Changes one field of a SKU or of its product inside a batch.
pub(crate) fn set_field(
    changes: &mut Changes<'_>,
    at: i64,
    sku: SkuId,
    field: EditField,
    value: &str,
) -> Result<()> {
    if field == EditField::Name {
        let product = storage::product::of_sku(changes.tx(), sku)?
            .ok_or(storage::error::StorageError::NotFound { what: "sku" })?;
        let patch = ProductPatch {
            name: Some(value.to_owned()),
            ..ProductPatch::default()
        };
        storage::product::update(changes, at, product, &patch)?;
    } else {
        let mut data = storage::product::sku_of(changes.tx(), sku)?;
        put_field(&mut data, field, value)?;
        storage::product::update_sku(changes, at, sku, &data)?;
    }
    Ok(())
}

fn put_field(data: &mut SkuData, field: EditField, value: &str) -> Result<()> {
    match field {
        EditField::SpecName => value.clone_into(&mut data.spec_name),
        EditField::ItemCode => value.clone_into(&mut data.item_code),
        EditField::Barcode => value.clone_into(&mut data.barcode),
        EditField::Price => {
            let fen = value
                .parse()
                .map_err(|_| EngineError::refused("price_unreadable"))?;
            data.price_fen = Some(fen);
        }
        EditField::Name => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::StoredRemedies;
    use domain::cause::Cause;
    use domain::finding::Remedy;
    use domain::id::StoreId;

    #[test]
    fn stored_causes_give_their_remedies_back() {
        let cause = Cause {
            id: "F01b".into(),
            confidence: 0.9,
            params: std::collections::BTreeMap::new(),
            evidence: Vec::new(),
            remedies: vec![Remedy::Reread { store: StoreId(3) }],
        };
        let text = serde_json::to_string(&[cause]).unwrap();
        let read: Vec<StoredRemedies> = serde_json::from_str(&text).unwrap();
        assert_eq!(read[0].remedies, vec![Remedy::Reread { store: StoreId(3) }]);
    }
}
