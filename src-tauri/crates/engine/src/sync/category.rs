//! 换类目 (F38, F64, F66): the platform's own tree, read once and kept with its age; what is chosen of it is kept for the
//! product on that platform, and the product is synced again.

use super::outbox::{CODES, LISTING, PRICE, STOCK};
use super::plan::Choices;
use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::platform::{Capabilities, RemoteAttribute, RemoteCategory};
use domain::id::{BatchId, JobId, ProductId, StoreId};
use domain::store::Store;
use std::collections::BTreeMap;
use storage::change::Changes;
use storage::error::StorageError;
use storage::platform_category::{CategoryNode, CategoryTree, Choice};

/// What the manager chose of a platform's 类目.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CategoryChoice {
    /// 类目 id; a leaf.
    pub category_id: String,
    /// What it asks for, by the platform's key.
    pub attributes: BTreeMap<String, String>,
}

/// What came of a choice before anything is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CategoryKept {
    /// The undoable batch; none when the same was chosen before.
    pub batch: Option<BatchId>,
    /// Stores of the platform in which the products have something to send because of it; the named one first.
    pub stores: Vec<StoreId>,
}

impl Engine {
    /// The platform's 类目 as the store's account sees them: as last read, or read now when they never were or `fresh` is
    /// asked for. Reading takes a while where each level is a call of its own.
    ///
    /// # Errors
    /// Refused as `no_categories` where the platform does not tell them.
    pub async fn platform_categories(&self, store: StoreId, fresh: bool) -> Result<CategoryTree> {
        let store = self.with_categories(store)?;
        if !fresh && let Some(tree) = self.kept_tree(&store)? {
            return Ok(tree);
        }
        let platform = self.platform(&store.platform)?;
        let session = self.store_session(store.id).await?;
        let answer = platform.categories(&session).await;
        self.note_outcome(store.account, answer.as_ref().map(|_| ()))?;
        let categories: Vec<CategoryNode> = answer?.into_iter().map(node).collect();
        let read_at = self.now();
        self.db().write(|tx| {
            storage::platform_category::put_tree(tx, store.account, read_at, &categories)
                .map_err(EngineError::from)
        })?;
        Ok(CategoryTree { read_at, categories })
    }

    /// What a 类目 asks of a product; nothing where the platform does not tell.
    pub async fn category_attributes(
        &self,
        store: StoreId,
        category_id: &str,
    ) -> Result<Vec<RemoteAttribute>> {
        let store = self.with_categories(store)?;
        let platform = self.platform(&store.platform)?;
        if !platform.descriptor().capabilities.attributes {
            return Ok(Vec::new());
        }
        let session = self.store_session(store.id).await?;
        let answer = platform.attributes(&session, category_id).await;
        self.note_outcome(store.account, answer.as_ref().map(|_| ()))?;
        Ok(answer?)
    }

    /// What was chosen for a product on the store's platform, else what the platform has.
    pub fn chosen_category(&self, store: StoreId, product: ProductId) -> Result<Option<CategoryChoice>> {
        let (chosen, there) = self.db().read(|c| {
            let row = storage::store::get(c, store)?;
            let mut there = None;
            for sku in storage::product::get(c, product)?.skus {
                let places = storage::listing::bound_places(c, sku.id)?;
                there = there.or(places.into_iter().find(|place| place.store == store));
            }
            Ok((
                storage::platform_category::chosen(c, product, &row.store.platform)?,
                there.map(|row| row.category_id).filter(|id| !id.is_empty()),
            ))
        })?;
        let kept = chosen.map(|choice| CategoryChoice {
            category_id: choice.category_id,
            attributes: choice.attributes,
        });
        Ok(kept.or(there.map(|category_id| CategoryChoice {
            category_id,
            attributes: BTreeMap::new(),
        })))
    }

    /// Keeps a 类目 for products on the store's platform, in all its stores there. What was not taken of them before, or
    /// still waits with the old 类目, is taken back: the next sync writes it anew.
    ///
    /// # Errors
    /// Refused as `category_unknown`, `category_no_leaf` or `category_not_permitted` by the tree as last read.
    pub fn keep_category(
        &self,
        store: StoreId,
        products: &[ProductId],
        choice: &CategoryChoice,
    ) -> Result<CategoryKept> {
        let store = self.with_categories(store)?;
        let tree = self.kept_tree(&store)?;
        let known = tree.iter().flat_map(|tree| &tree.categories);
        let node = known.into_iter().find(|node| node.id == choice.category_id);
        let node = node.ok_or_else(|| EngineError::refused("category_unknown"))?;
        let name = || [("name", node.name.clone())];
        if !node.leaf {
            return Err(EngineError::refused_with("category_no_leaf", name()));
        }
        if node.permitted == Some(false) {
            return Err(EngineError::refused_with("category_not_permitted", name()));
        }
        let filled = choice
            .attributes
            .iter()
            .filter(|(_, text)| !text.trim().is_empty());
        let kept = Choice {
            category_id: choice.category_id.clone(),
            attributes: filled
                .map(|(key, text)| (key.clone(), text.trim().to_owned()))
                .collect(),
        };
        let mut origin = self.by_user("batch.choose_category");
        origin.params.insert("name".to_owned(), node.name.clone());
        let (batch, stores) = self.db().write(|tx| {
            let mut changes = Changes::begin(tx, &origin)?;
            for product in products {
                storage::product::get(tx, *product)?;
                storage::platform_category::choose(&mut changes, *product, &store.platform, &kept)?;
            }
            let mut stores = vec![store.id];
            for other in storage::store::all(tx)? {
                let other = other.store;
                let kinds = [CODES, LISTING, PRICE, STOCK];
                if other.platform == store.platform
                    && storage::task::cancel_of_products(tx, other.id, &kinds, products, origin.at)? > 0
                    && other.id != store.id
                {
                    stores.push(other.id);
                }
            }
            let batch = changes.id();
            let rows = changes.finish(false)?;
            Ok::<_, EngineError>(((rows > 0).then_some(batch), stores))
        })?;
        self.events().changed(&[Tag::Products, Tag::Tasks, Tag::Findings]);
        Ok(CategoryKept { batch, stores })
    }

    /// Keeps a 类目 and syncs the products again, and nothing else, in the background; gives the batch and the job.
    ///
    /// # Errors
    /// As [`Engine::keep_category`], and [`EngineError::AlreadyRunning`] while a sync runs.
    pub fn change_category(
        &self,
        store: StoreId,
        products: &[ProductId],
        choice: &CategoryChoice,
    ) -> Result<(Option<BatchId>, JobId)> {
        // A sync under way has the old 类目 in its hands; nothing is kept that could not be sent.
        if self.runs("sync") {
            return Err(EngineError::AlreadyRunning { kind: "sync" });
        }
        let kept = self.keep_category(store, products, choice)?;
        let job = self.sync_spawn(&kept.stores, Choices::only(products))?;
        Ok((kept.batch, job))
    }

    fn with_categories(&self, store: StoreId) -> Result<Store> {
        let store = self.db().read(|c| storage::store::get(c, store))?.store;
        if self.lists_categories(&store.platform)? {
            return Ok(store);
        }
        Err(EngineError::refused("no_categories"))
    }

    /// What the platform of a store can do.
    pub fn store_capabilities(&self, store: StoreId) -> Result<Capabilities> {
        let store = self.db().read(|c| storage::store::get(c, store))?.store;
        Ok(self.platform(&store.platform)?.descriptor().capabilities.clone())
    }

    /// Whether a platform's 类目 can be chosen from a list.
    pub(crate) fn lists_categories(&self, platform: &str) -> Result<bool> {
        Ok(self.platform(platform)?.descriptor().capabilities.categories)
    }

    fn kept_tree(&self, store: &Store) -> Result<Option<CategoryTree>> {
        let tree = self
            .db()
            .read(|c| storage::platform_category::tree(c, store.account));
        match tree {
            // A tree that does not read any more is read anew from the platform.
            Err(StorageError::Json(_)) => Ok(None),
            other => Ok(other?),
        }
    }
}

fn node(category: RemoteCategory) -> CategoryNode {
    CategoryNode {
        id: category.remote_id,
        name: category.name,
        parent: category.parent,
        leaf: category.leaf,
        permitted: category.permitted,
    }
}
