//! Writing one step of an import: all of it in one transaction, as part of one batch.

use super::PICTURE_NAMES;
use super::plan::Planned;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use domain::id::{BatchId, CategoryId};
use std::collections::{BTreeMap, HashMap};
use storage::Connection;
use storage::change::{Changes, Origin};
use storage::product::{NewProduct, ProductPatch};

/// Which pictures sheets named: the owner's texts ([`super::plan::PictureOwner`]) to the cell's text.
pub(crate) fn picture_names(connection: &Connection) -> storage::error::Result<BTreeMap<String, String>> {
    let text = storage::setting::get(connection, PICTURE_NAMES)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Writes some products; gives the batch, which is `batch` when there is one already.
pub(super) fn chunk(
    engine: &Engine,
    origin: &Origin,
    batch: Option<BatchId>,
    chunk: &[Planned],
) -> Result<BatchId> {
    let at = origin.at;
    engine.db().write(|tx| {
        let mut changes = match batch {
            Some(batch) => Changes::resume(tx, batch),
            None => Changes::begin(tx, origin)?,
        };
        let id = changes.id();
        let mut categories: HashMap<&[String], Option<CategoryId>> = HashMap::new();
        let mut pictures: Option<BTreeMap<String, String>> = None;
        for planned in chunk {
            let category = match &planned.category {
                Some(path) => {
                    if let Some(known) = categories.get(path.as_slice()) {
                        *known
                    } else {
                        let made = storage::category::ensure(&mut changes, path)?;
                        categories.insert(path, made);
                        made
                    }
                }
                None => None,
            };
            one(&mut changes, at, planned, category)?;
            for (cell, owner) in &planned.pictures {
                let names = match &mut pictures {
                    Some(names) => names,
                    None => pictures.insert(picture_names(tx)?),
                };
                names.insert(owner.key(), cell.clone());
            }
        }
        changes.finish(true)?;
        if let Some(names) = pictures {
            storage::setting::set(tx, PICTURE_NAMES, Some(&serde_json::to_string(&names)?))?;
        }
        Ok::<_, EngineError>(id)
    })
}

fn one(changes: &mut Changes<'_>, at: i64, planned: &Planned, category: Option<CategoryId>) -> Result<()> {
    let Some(product) = planned.product else {
        let new = NewProduct {
            name: planned.name.clone().unwrap_or_default(),
            spu_code: planned.spu_code.clone(),
            category,
            brand: planned.brand.clone().unwrap_or_default(),
            description: planned.description.clone().unwrap_or_default(),
            pictures: Vec::new(),
            skus: planned.added.clone(),
        };
        storage::product::insert(changes, at, &new)?;
        return Ok(());
    };
    let patch = ProductPatch {
        name: planned.name.clone(),
        category: planned.category.as_ref().map(|_| category),
        brand: planned.brand.clone(),
        description: planned.description.clone(),
        pictures: None,
    };
    if patch.name.is_some()
        || patch.category.is_some()
        || patch.brand.is_some()
        || patch.description.is_some()
    {
        storage::product::update(changes, at, product, &patch)?;
    }
    for (sku, data) in &planned.changed {
        storage::product::update_sku(changes, at, *sku, data)?;
    }
    for data in &planned.added {
        storage::product::add_sku(changes, at, product, data)?;
    }
    Ok(())
}
