//! 类目: bodies of the `categories_*` and `category_*` commands.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::types::categories::{
    AttributeView, CategoriesRequest, CategoriesView, CategoryAsks, CategoryChange, CategoryChanged,
    CategoryRequest, CategoryView,
};
use domain::id::{ProductId, StoreId};
use engine::sync::category::CategoryChoice;

/// The platform's tree, and what a product has of it.
pub async fn list(api: &Api, request: CategoriesRequest) -> Result<CategoriesView> {
    let store = StoreId(request.store);
    let tree = api.engine.platform_categories(store, request.fresh).await?;
    let chosen = match request.product {
        Some(product) => api.engine.chosen_category(store, ProductId(product))?,
        None => None,
    }
    .unwrap_or_default();
    Ok(CategoriesView {
        read_at: tree.read_at,
        categories: tree
            .categories
            .into_iter()
            .map(|node| CategoryView {
                id: node.id,
                name: node.name,
                parent: node.parent.unwrap_or_default(),
                leaf: node.leaf,
                forbidden: node.permitted == Some(false),
            })
            .collect(),
        asks: api.engine.store_capabilities(store)?.attributes,
        chosen: chosen.category_id,
        attributes: chosen.attributes,
    })
}

/// What a 类目 asks of a product.
pub async fn asks(api: &Api, request: CategoryRequest) -> Result<CategoryAsks> {
    let asked = api
        .engine
        .category_attributes(StoreId(request.store), &request.category)
        .await?;
    Ok(CategoryAsks {
        attributes: asked
            .into_iter()
            .filter(|one| !one.given)
            .map(|one| AttributeView {
                key: one.key,
                name: one.name,
                required: one.required,
                values: one.values,
            })
            .collect(),
    })
}

/// Keeps a 类目 and syncs the products again.
pub async fn change(api: &Api, request: CategoryChange) -> Result<CategoryChanged> {
    if request.products.is_empty() {
        return Err(ApiError::new("nothing_chosen"));
    }
    let products: Vec<ProductId> = request.products.into_iter().map(ProductId).collect();
    let choice = CategoryChoice {
        category_id: request.category,
        attributes: request.attributes,
    };
    let (batch, job) = api
        .engine
        .change_category(StoreId(request.store), &products, &choice)?;
    Ok(CategoryChanged {
        batch: batch.map(|batch| batch.0),
        job: job.0,
    })
}
