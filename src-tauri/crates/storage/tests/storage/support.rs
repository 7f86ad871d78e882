//! A folder with goods in it.

use domain::id::{ProductId, SkuId};
use std::collections::BTreeMap;
use storage::change::{Changes, Origin};
use storage::db::{Access, Db};
use storage::error::StorageError;
use storage::product::{NewProduct, SkuData};
use tempfile::TempDir;

pub(crate) fn folder() -> TempDir {
    TempDir::new().unwrap()
}

pub(crate) fn open(folder: &TempDir) -> Db {
    Db::open(folder.path(), Access::Write, "test").unwrap()
}

pub(crate) fn origin(title: &'static str) -> Origin {
    Origin {
        at: 1_000,
        actor: "店长".into(),
        origin: "user",
        title,
        params: BTreeMap::new(),
    }
}

pub(crate) fn product(db: &Db, name: &str, code: &str) -> (ProductId, Vec<SkuId>) {
    db.write(|tx| {
        let mut changes = Changes::begin(tx, &origin("batch.create"))?;
        let category = storage::category::ensure(&mut changes, &["饮料".to_owned(), "牛奶".to_owned()])?;
        let new = NewProduct {
            name: name.into(),
            category,
            skus: vec![SkuData {
                spec_name: "单规格".into(),
                item_code: code.into(),
                base_quantity_milli: 1000,
                ..SkuData::default()
            }],
            ..NewProduct::default()
        };
        let made = storage::product::insert(&mut changes, 1_000, &new)?;
        changes.finish(true)?;
        Ok::<_, StorageError>(made)
    })
    .unwrap()
}

pub(crate) fn names(db: &Db) -> Vec<String> {
    db.read(storage::product::all)
        .unwrap()
        .into_iter()
        .map(|product| product.name)
        .collect()
}
