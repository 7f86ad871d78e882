//! Groups of a store and the platform's own taxonomy (fact sheet 5).

use super::client::{Client, parsed};
use super::map;
use super::wire::{Categories, Taxon};
use connect::error::RemoteError;
use connect::groups::missing;
use connect::platform::{GroupPlace, RemoteCategory, RemoteGroup};
use connect::wire::{List, Text};
use serde::Deserialize;
use serde_json::{Map, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The parent of the first level.
pub(super) const ROOT: &str = "0";
/// Levels of the platform's taxonomy.
const LEVELS: usize = 3;
/// Ranks go from 1 to this, larger first.
const RANKS: i64 = 100_000;

#[derive(Deserialize, Default)]
#[serde(default)]
struct CreatedGroup {
    category_id: Text,
}

/// The rank of a position from 1: a smaller position asks for a place nearer the top.
fn rank(position: i64) -> i64 {
    RANKS.saturating_sub(position).clamp(1, RANKS)
}

pub(super) async fn read(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    let answer: Option<Categories> = client.read("sku.shop.category.get", client.shop_body()).await?;
    Ok(map::groups(answer.unwrap_or_default().categorys.0))
}

/// Makes a group under `parent`; its id when the answer tells it. One that exists already is what was wanted.
pub(super) async fn create(
    client: &Client<'_>,
    path: &[String],
    parent: &str,
    sequence: i64,
) -> Result<Option<String>, RemoteError> {
    let ([name] | [_, name]) = path else {
        return Err(RemoteError::Unsupported {
            what: "groups of other than one or two levels".to_owned(),
        });
    };
    let mut body = client.shop_body();
    body.insert("parent_category_id".into(), json!(parent));
    body.insert("name".into(), json!(name));
    body.insert("rank".into(), json!(rank(sequence)));
    match client.change("sku.shop.category.create", body).await {
        Ok(data) => {
            let made: CreatedGroup = parsed(data)?;
            Ok(made.category_id.filled().map(str::to_owned))
        }
        Err(RemoteError::Rejected { text, .. }) if text.contains("店铺内分类已存在") => Ok(None),
        Err(error) => Err(error),
    }
}

/// Ranks the groups of each level anew, one call for each whose rank changes. Its name goes along: the command that
/// changes a rank asks for it.
pub(super) async fn order(
    client: &Client<'_>,
    known: &[RemoteGroup],
    places: &[GroupPlace],
) -> Result<(), RemoteError> {
    let held = |id: &str| known.iter().find(|group| group.remote_id == id);
    let mut parents = BTreeSet::new();
    for place in places {
        let group = held(&place.remote_id).ok_or_else(|| missing(&place.path.join("/")))?;
        parents.insert(group.parent.as_deref());
    }
    for parent in parents {
        let mut siblings: Vec<&RemoteGroup> = known
            .iter()
            .filter(|group| group.parent.as_deref() == parent)
            .collect();
        siblings.sort_by_key(|group| Reverse(group.sequence));
        let ids = siblings.iter().map(|group| group.remote_id.as_str()).collect();
        for (id, position) in GroupPlace::arranged(ids, places).into_iter().zip(1..) {
            let Some(group) = held(id).filter(|group| group.sequence != rank(position)) else {
                continue;
            };
            let mut body = client.shop_body();
            body.insert("category_id".into(), json!(id));
            body.insert("name".into(), json!(group.name));
            body.insert("rank".into(), json!(rank(position)));
            client.change("sku.shop.category.update", body).await?;
        }
    }
    Ok(())
}

/// The platform's taxonomy of three levels: a call for each node that is no leaf, named by depth and parent at once
/// because whether either alone filters is not documented. Which of it the merchant may use is not told (F64).
pub(super) async fn categories(client: &Client<'_>) -> Result<Vec<RemoteCategory>, RemoteError> {
    let mut all: Vec<RemoteCategory> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut waiting = vec![ROOT.to_owned()];
    for depth in 1..=LEVELS {
        let mut next = Vec::new();
        for parent in waiting {
            let mut body = Map::new();
            body.insert("depth".into(), json!(depth));
            body.insert("parent_id".into(), json!(parent));
            let rows: Option<List<Taxon>> = client.read("sku.category.list", body).await?;
            for row in rows.unwrap_or_default().0 {
                // A filter that is not heeded must not give a node twice.
                let other = !row.parent_id.is_empty() && row.parent_id.as_str() != parent;
                if row.cat_id.is_empty() || other || !seen.insert(row.cat_id.0.clone()) {
                    continue;
                }
                next.push(row.cat_id.0.clone());
                all.push(RemoteCategory {
                    remote_id: row.cat_id.0,
                    name: row.cat_name.0,
                    parent: (parent != ROOT).then(|| parent.clone()),
                    leaf: depth == LEVELS,
                    permitted: None,
                });
            }
        }
        waiting = next;
    }
    Ok(all)
}
