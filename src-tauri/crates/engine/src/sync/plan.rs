//! What a sync would write, field by field, before it does.

use super::facts::StoreFacts;
use super::preflight::{findings, named};
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::id::{ProductId, SkuId, StoreId};
use domain::plan::{Blocked, Field, Plan, PlanInput, ProductWrite, StepKey, Ticks, plan};
use domain::store::Store;
use std::collections::{BTreeSet, HashMap};

/// The plan of one store.
#[derive(Clone, Debug)]
pub struct StorePlan {
    /// The store.
    pub store: Store,
    /// What would be done.
    pub plan: Plan,
    spec_names: HashMap<SkuId, String>,
}

impl StorePlan {
    /// What a person calls the subject of a step.
    pub fn subject(&self, step: &domain::plan::Step) -> String {
        let spec = step.key.sku.and_then(|sku| self.spec_names.get(&sku));
        named(&step.name, spec.map_or("", String::as_str))
    }
}

/// The stable name of a step: store, product, SKU (`-` for none) and field, apart by slashes.
pub fn step_key(store: StoreId, key: &StepKey) -> String {
    let sku = key.sku.map_or_else(|| "-".to_owned(), |sku| sku.to_string());
    format!("{store}/{}/{sku}/{}", key.product, field_name(key.field))
}

/// A field's name in requests and messages.
pub fn field_name(field: Field) -> &'static str {
    match field {
        Field::Whole => "whole",
        Field::Name => "name",
        Field::Group => "group",
        Field::Category => "category",
        Field::Pictures => "pictures",
        Field::OnSale => "on_sale",
        Field::Description => "description",
        Field::Attributes => "attributes",
        Field::SpecName => "spec_name",
        Field::OuterSkuCode => "outer_sku_code",
        Field::Barcode => "barcode",
        Field::Price => "price",
        Field::Stock => "stock",
        Field::PackingFee => "packing_fee",
    }
}

const FIELDS: [Field; 14] = [
    Field::Whole,
    Field::Name,
    Field::Group,
    Field::Category,
    Field::Pictures,
    Field::OnSale,
    Field::Description,
    Field::Attributes,
    Field::SpecName,
    Field::OuterSkuCode,
    Field::Barcode,
    Field::Price,
    Field::Stock,
    Field::PackingFee,
];

fn parse_key(text: &str) -> Option<(StoreId, StepKey)> {
    let mut parts = text.split('/');
    let (store, product, sku, field) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let sku = if sku == "-" {
        None
    } else {
        Some(SkuId(sku.parse().ok()?))
    };
    Some((
        StoreId(store.parse().ok()?),
        StepKey {
            product: ProductId(product.parse().ok()?),
            sku,
            field: FIELDS.into_iter().find(|known| field_name(*known) == field)?,
        },
    ))
}

/// What the manager decided about single steps, by step key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choices {
    ticked: Vec<(StoreId, StepKey)>,
    unticked: Vec<(StoreId, StepKey)>,
    /// Nothing but these products; all where absent.
    only: Option<BTreeSet<ProductId>>,
}

impl Choices {
    /// Reads step keys; a key that is none is refused.
    pub fn parse(ticked: &[String], unticked: &[String]) -> Result<Self> {
        let read = |keys: &[String]| -> Result<Vec<(StoreId, StepKey)>> {
            keys.iter()
                .map(|key| {
                    parse_key(key)
                        .ok_or_else(|| EngineError::refused_with("unknown_step", [("key", key.clone())]))
                })
                .collect()
        };
        Ok(Self {
            ticked: read(ticked)?,
            unticked: read(unticked)?,
            only: None,
        })
    }

    /// What the plan does by itself, of these products only.
    pub fn only(products: &[ProductId]) -> Self {
        Self {
            only: Some(products.iter().copied().collect()),
            ..Self::default()
        }
    }

    /// The products that are meant, where not all are.
    pub(super) fn products(&self) -> Option<Vec<ProductId>> {
        self.only.as_ref().map(|only| only.iter().copied().collect())
    }

    fn of(&self, store: StoreId) -> Ticks {
        let mine = |keys: &[(StoreId, StepKey)]| -> BTreeSet<StepKey> {
            keys.iter()
                .filter(|(of, _)| *of == store)
                .map(|(_, key)| *key)
                .collect()
        };
        Ticks {
            on: mine(&self.ticked),
            off: mine(&self.unticked),
        }
    }
}

impl Engine {
    /// The stores meant by a list: all when it is empty.
    pub(crate) fn stores_meant(&self, stores: &[StoreId]) -> Result<Vec<StoreId>> {
        if stores.is_empty() {
            return Ok(self
                .db()
                .read(storage::store::all)?
                .iter()
                .map(|row| row.store.id)
                .collect());
        }
        for id in stores {
            self.db().read(|c| storage::store::get(c, *id))?;
        }
        Ok(stores.to_vec())
    }

    /// Plans stores (all when none is named) on what was last read of them. What preflight forbids is skipped with its
    /// reason.
    pub fn sync_plan(&self, stores: &[StoreId], choices: &Choices) -> Result<Vec<StorePlan>> {
        let library = self.library_facts()?;
        self.stores_meant(stores)?
            .into_iter()
            .map(|store| {
                let facts = self.store_facts(store, &library)?;
                Ok(planned(&facts, choices).0)
            })
            .collect()
    }
}

/// The plan of a store and the writes it comes to.
pub(super) fn planned(facts: &StoreFacts, choices: &Choices) -> (StorePlan, Vec<ProductWrite>) {
    let mut wanted = facts.wanted();
    if let Some(only) = &choices.only {
        wanted.retain(|wanted| only.contains(&wanted.product.id));
    }
    let blocked = Blocked::from_findings(&findings(facts, &facts.library));
    let ticks = choices.of(facts.store().id);
    let plan = plan(&PlanInput {
        store: facts.store(),
        rules: &facts.rules,
        wanted: &wanted,
        listings: &facts.listings,
        groups: &facts.groups,
        sent_pictures: &facts.sent_pictures,
        unsent_attributes: &facts.unsent_attributes,
        reviews: &facts.reviews,
        blocked: &blocked,
        ticks: &ticks,
    });
    let writes = plan.writes(&wanted);
    let spec_names = wanted
        .iter()
        .map(|w| (w.sku.id, w.sku.spec_name.clone()))
        .collect();
    (
        StorePlan {
            store: facts.store().clone(),
            plan,
            spec_names,
        },
        writes,
    )
}

#[cfg(test)]
mod tests {
    use super::{Choices, parse_key, step_key};
    use domain::id::{ProductId, SkuId, StoreId};
    use domain::plan::{Field, StepKey};

    #[test]
    fn a_step_key_reads_back() {
        for sku in [None, Some(SkuId(45))] {
            for field in super::FIELDS {
                let key = StepKey {
                    product: ProductId(12),
                    sku,
                    field,
                };
                assert_eq!(parse_key(&step_key(StoreId(3), &key)), Some((StoreId(3), key)));
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "3/12/-", "3/12/-/colour", "3/12/-/price/x", "a/b/c/price"] {
            assert!(Choices::parse(&[text.to_owned()], &[]).is_err(), "{text}");
        }
        assert!(matches!(
            parse_key("3/12/-/price"),
            Some((
                _,
                StepKey {
                    field: Field::Price,
                    ..
                }
            ))
        ));
    }
}
