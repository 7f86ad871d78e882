//! An engine over an empty folder, and sheets to feed it.

use async_trait::async_trait;
use bytes::Bytes;
use connect::gateway::Gateway;
use connect::transport::{Transport, TransportError};
use engine::clock::{Chance, SystemClock};
use engine::library::catalog::Filter;
use engine::{Connectors, Engine, EngineOptions};
use secrets::Vault;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::db::{Access, Db};
use tempfile::TempDir;

struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        panic!("the library works offline, but {} was called", request.uri())
    }
}

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let db = Arc::new(Db::open(folder.path(), Access::Write, "test").unwrap());
        let gateway = Gateway::new(Arc::new(Nowhere), Arc::new(|| 0));
        let connectors = Connectors {
            platforms: BTreeMap::new(),
            erps: BTreeMap::new(),
            printers: BTreeMap::new(),
            gateway,
        };
        let options = EngineOptions {
            db,
            connectors,
            vault: Vault::memory(),
            clock: Arc::new(SystemClock),
            chance: Chance::seeded(1),
            actor: "店长".to_owned(),
        };
        Self {
            engine: Engine::new(options).unwrap(),
            folder,
        }
    }

    /// Writes a text sheet and gives its path.
    pub(crate) fn sheet(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("商品.csv");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Everything in the library as text, one line a SKU, for comparing before and after.
    pub(crate) fn dump(&self) -> Vec<String> {
        let (products, paths) = self
            .engine
            .db()
            .read(|c| Ok((storage::product::all(c)?, storage::category::paths(c)?)))
            .unwrap();
        let mut lines = Vec::new();
        for product in products {
            let category = product
                .category
                .and_then(|id| paths.get(&id))
                .map(|p| p.join("/"))
                .unwrap_or_default();
            for sku in product.skus {
                lines.push(format!(
                    "{}|{}|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}|{}",
                    product.name,
                    sku.spec_name,
                    sku.size_text,
                    sku.item_code,
                    sku.barcode,
                    category,
                    sku.unit,
                    sku.price.map(|p| p.0),
                    sku.cost.map(|p| p.0),
                    sku.stock,
                    sku.base_quantity_milli,
                ));
            }
        }
        lines
    }

    /// Names that a search finds.
    pub(crate) fn search(&self, text: &str) -> Vec<String> {
        let filter = Filter {
            search: text.to_owned(),
            ..Filter::default()
        };
        let found = self.engine.library_find(&filter, &HashSet::new()).unwrap();
        self.engine
            .library_products(&found.ids)
            .unwrap()
            .into_iter()
            .map(|p| p.name)
            .collect()
    }
}

/// A file of the shared collection; says when it is not there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUITAI_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"),
        PathBuf::from,
    );
    let path = root.join(name);
    if path.exists() {
        Some(path)
    } else {
        println!("skipped: {name} of the shared collection is not here");
        None
    }
}
