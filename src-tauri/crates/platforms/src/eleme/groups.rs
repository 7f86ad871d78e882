//! The groups of a store (fact sheet 5): reading, making, putting into another order.

use super::client::{Client, number, numbers, parsed};
use super::map;
use super::wire::Category;
use connect::error::RemoteError;
use connect::groups::{find, missing};
use connect::platform::{GroupPlace, RemoteGroup};
use connect::wire::List;
use serde_json::{Value, json};

pub(super) async fn read(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    let params = json!({"shopId": client.shop()});
    let categories: List<Category> = client
        .read("eleme.product.category.getShopCategoriesWithChildren", params)
        .await?;
    Ok(map::groups(categories.0))
}

/// Makes a group; its id when the answer tells it.
pub(super) async fn create(
    client: &Client<'_>,
    known: &[RemoteGroup],
    path: &[String],
) -> Result<Option<String>, RemoteError> {
    let (name, parent) = match path {
        [name] => (name, "0".to_owned()),
        [first, name] => {
            let parent = find(known, std::slice::from_ref(first)).ok_or_else(|| missing(first))?;
            (name, parent)
        }
        _ => {
            return Err(RemoteError::Unsupported {
                what: "groups of other than one or two levels".to_owned(),
            });
        }
    };
    let params = json!({
        "shopId": client.shop(), "name": name, "parentId": number(&parent), "description": "",
    });
    let made = client
        .change("eleme.product.category.createCategoryWithChildren", params)
        .await?;
    let made: Option<Category> = parsed(made)?;
    Ok(made.and_then(|made| made.id.filled().map(str::to_owned)))
}

/// Puts groups into another order. `setCategorySequence` takes all groups of the first level and is told by three
/// sources; where groups below are moved, `setCategoryPositionsWithChildren` takes the whole tree: that its rows stand in
/// the order of the parents as well is read from its shape.
pub(super) async fn order(
    client: &Client<'_>,
    known: &[RemoteGroup],
    places: &[GroupPlace],
) -> Result<(), RemoteError> {
    let mut deep = false;
    for place in places {
        let held = known.iter().find(|group| group.remote_id == place.remote_id);
        let held = held.ok_or_else(|| missing(&place.path.join("/")))?;
        deep = deep || held.parent.is_some();
    }
    if places.is_empty() {
        return Ok(());
    }
    let first = ordered(known, None, places);
    let (action, params) = if deep {
        let tree: Vec<Value> = first
            .iter()
            .map(|parent| {
                let children = ordered(known, Some(parent), places);
                json!({"parentId": number(parent), "childrenIds": numbers(children)})
            })
            .collect();
        let params = json!({"shopId": client.shop(), "categoryWithChildrenIds": tree});
        ("eleme.product.category.setCategoryPositionsWithChildren", params)
    } else {
        let params = json!({"shopId": client.shop(), "categoryIds": numbers(first)});
        ("eleme.product.category.setCategorySequence", params)
    };
    client.change(action, params).await.map(|_| ())
}

fn ordered<'a>(known: &'a [RemoteGroup], parent: Option<&str>, places: &'a [GroupPlace]) -> Vec<&'a str> {
    let children = known.iter().filter(|group| group.parent.as_deref() == parent);
    GroupPlace::arranged(children.map(|group| group.remote_id.as_str()).collect(), places)
}
