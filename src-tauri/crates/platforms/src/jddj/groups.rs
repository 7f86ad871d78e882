//! The merchant's groups and the platform's own taxonomy (fact sheet 8).

use super::client::{Client, number};
use super::layers;
use super::map;
use super::wire::{Category, Group, Made};
use connect::error::RemoteError;
use connect::groups::find;
use connect::platform::{GroupPlace, RemoteCategory, RemoteGroup};
use connect::wire::List;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Levels of the platform's taxonomy, and a stop for one that never ends.
const LEVELS: i64 = 5;
const CATEGORIES: usize = 20_000;

pub(super) async fn read(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    let body = json!({"fields": ["ID", "PID", "SHOP_CATEGORY_NAME", "SHOP_CATEGORY_LEVEL", "SORT"]});
    let rows: Option<List<Group>> = client.read("pms/queryCategoriesByOrgCode", body).await?;
    Ok(map::groups(rows.unwrap_or_default().0))
}

/// Makes a group under its parent, unless it is there.
pub(super) async fn create(
    client: &Client<'_>,
    known: &[RemoteGroup],
    path: &[String],
) -> Result<String, RemoteError> {
    if let Some(id) = find(known, path) {
        return Ok(id);
    }
    let (name, above) = match path {
        [above @ .., name] if above.len() < 3 => (name, above),
        _ => {
            return Err(RemoteError::Unsupported {
                what: "groups of other than one to three levels".to_owned(),
            });
        }
    };
    let parent = match above {
        [] => "0".to_owned(),
        above => find(known, above).ok_or_else(|| RemoteError::Rejected {
            code: String::new(),
            text: format!("店内分类不存在: {}", above.join("/")),
        })?,
    };
    let body = json!({
        "pid": number(&parent), "shopCategoryName": name, "shopCategoryLevel": path.len(),
        "createPin": client.operator(),
    });
    let made = client.change("pms/addShopCategory", body).await?;
    let made: Option<Made> = layers::carried(made)?;
    let id = made.unwrap_or_default().id;
    if id.is_empty() {
        return Err(RemoteError::Malformed {
            raw: "第三层（result）没有店内分类的 id".to_owned(),
        });
    }
    Ok(id.0)
}

/// Puts groups into another order: a call for each parent, with all of its children.
pub(super) async fn order(
    client: &Client<'_>,
    known: &[RemoteGroup],
    places: &[GroupPlace],
) -> Result<(), RemoteError> {
    let mut by_parent: BTreeMap<&str, Vec<&GroupPlace>> = BTreeMap::new();
    for place in places {
        let held = known.iter().find(|group| group.remote_id == place.remote_id);
        let held = held.ok_or_else(|| RemoteError::Rejected {
            code: String::new(),
            text: format!("店内分类不存在: {}", place.path.join("/")),
        })?;
        let parent = held.parent.as_deref().unwrap_or("0");
        by_parent.entry(parent).or_default().push(place);
    }
    for (parent, mut moved) in by_parent {
        moved.sort_by_key(|place| place.position);
        let is_moved = |id: &str| moved.iter().any(|place| place.remote_id == id);
        let mut children: Vec<&str> = known
            .iter()
            .filter(|group| group.parent.as_deref().unwrap_or("0") == parent)
            .map(|group| group.remote_id.as_str())
            .filter(|id| !is_moved(id))
            .collect();
        for place in moved {
            let at = usize::try_from(place.position - 1).unwrap_or(0);
            children.insert(at.min(children.len()), &place.remote_id);
        }
        let ids: Vec<Value> = children.into_iter().map(number).collect();
        let body = json!({"pid": number(parent), "childIds": ids});
        client.change("pms/changeShopCategoryOrder", body).await?;
    }
    Ok(())
}

/// The platform's whole taxonomy, level by level: a call for each node that is no leaf. Which of it the merchant may use
/// is not told (F64).
pub(super) async fn categories(client: &Client<'_>) -> Result<Vec<RemoteCategory>, RemoteError> {
    let mut all: Vec<RemoteCategory> = Vec::new();
    let mut waiting = vec!["0".to_owned()];
    for _ in 0..LEVELS {
        let mut next = Vec::new();
        for parent in waiting {
            for row in children(client, &parent).await? {
                let leaf = matches!(row.leaf.as_str(), "1" | "true") || row.category_level.0 == Some(LEVELS);
                if !leaf {
                    next.push(row.id.0.clone());
                }
                all.push(RemoteCategory {
                    remote_id: row.id.0,
                    name: row.category_name.0,
                    parent: Some(row.pid.0).filter(|id| !matches!(id.as_str(), "" | "0")),
                    leaf,
                    permitted: None,
                });
            }
            if all.len() >= CATEGORIES {
                return Ok(all);
            }
        }
        waiting = next;
    }
    Ok(all)
}

async fn children(client: &Client<'_>, parent: &str) -> Result<Vec<Category>, RemoteError> {
    let body = json!({
        "id": number(parent),
        "fields": ["ID", "PID", "CATEGORY_NAME", "CATEGORY_LEVEL", "CATEGORY_STATUS", "FULLPATH", "CHECK_UPC_STATUS",
            "WEIGHT_MARK", "PACKAGE_FEE_MARK", "LEAF"],
    });
    let rows: Option<List<Category>> = client.read("api/queryChildCategoriesForOP", body).await?;
    let usable =
        |row: &Category| !row.id.is_empty() && row.category_status.0.is_none_or(|status| status == 1);
    Ok(rows.unwrap_or_default().0.into_iter().filter(usable).collect())
}
