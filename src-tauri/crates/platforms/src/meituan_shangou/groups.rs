//! Groups of a store (fact sheet 8) and the platform's own taxonomy (fact sheet 13).

use crate::meituan_open::batch::acknowledged;
use crate::meituan_open::client::Client;
use crate::meituan_open::{map, wire};
use connect::error::RemoteError;
use connect::platform::{GroupPlace, RemoteCategory, RemoteGroup};
use connect::wire::{List, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) async fn read(client: &Client<'_>) -> Result<Vec<RemoteGroup>, RemoteError> {
    let answer = client.get("retailCat/list", vec![client.shop()]).await?;
    let categories: List<wire::Category> = answer.data()?;
    Ok(map::groups(categories.0))
}

/// The names of a group from the first level.
fn path<'a>(groups: &'a [RemoteGroup], group: &'a RemoteGroup) -> Vec<&'a str> {
    let parent = groups
        .iter()
        .find(|held| Some(&held.remote_id) == group.parent.as_ref());
    let whole = parent.into_iter().chain([group]);
    whole.map(|group| group.name.as_str()).collect()
}

/// The id of a group by its names.
pub(super) fn find<'a>(groups: &'a [RemoteGroup], names: &[&str]) -> Option<&'a RemoteGroup> {
    groups.iter().find(|group| path(groups, group) == names)
}

/// Numbers the groups anew, from 1 on each level: a smaller number stands nearer the top. Groups with a code go in one
/// call (`retailCat/setSequence`); one without a code can be named by its name alone, in a call of its own.
pub(super) async fn order(client: &Client<'_>, places: &[GroupPlace]) -> Result<(), RemoteError> {
    let known = read(client).await?;
    for place in places {
        if !known.iter().any(|group| group.remote_id == place.remote_id) {
            return Err(RemoteError::Rejected {
                code: String::new(),
                text: format!("商品分类不存在: {}", place.path.join("/")),
            });
        }
    }
    let parents: BTreeSet<Option<&str>> = known
        .iter()
        .filter(|group| places.iter().any(|place| place.remote_id == group.remote_id))
        .map(|group| group.parent.as_deref())
        .collect();
    let mut coded: Vec<Value> = Vec::new();
    let mut named: Vec<(&str, i64)> = Vec::new();
    for parent in parents {
        let mut siblings: Vec<&RemoteGroup> = known
            .iter()
            .filter(|group| group.parent.as_deref() == parent)
            .collect();
        siblings.sort_by_key(|group| group.sequence);
        let ids = siblings.iter().map(|group| group.remote_id.as_str()).collect();
        for (id, position) in GroupPlace::arranged(ids, places).into_iter().zip(1..) {
            let Some(group) = siblings.iter().find(|group| group.remote_id == id) else {
                continue;
            };
            if group.sequence == position {
                continue;
            }
            if group.remote_id == map::group_id("", &path(&known, group)) {
                named.push((group.name.as_str(), position));
            } else {
                coded.push(json!({"category_code": group.remote_id, "sequence": position}));
            }
        }
    }
    if !coded.is_empty() {
        let rows = Value::Array(coded).to_string();
        let params = vec![client.shop(), ("category_sequence_data", rows)];
        acknowledged(client.post("retailCat/setSequence", params).await?)?;
    }
    for (name, position) in named {
        let params = vec![
            client.shop(),
            ("category_name_origin", name.to_owned()),
            ("category_name", name.to_owned()),
            ("sequence", position.to_string()),
        ];
        acknowledged(client.post("retailCat/update", params).await?)?;
    }
    Ok(())
}

/// A leaf of the taxonomy with the names above it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Leaf {
    id: Text,
    name: Text,
    name_path: Text,
}

/// The leaves that products can be put into. What stands above them is told by its names only (`name_path`), so those
/// nodes get their path as an id of ours. Which of it the merchant may use is not told (F64).
pub(super) async fn categories(client: &Client<'_>) -> Result<Vec<RemoteCategory>, RemoteError> {
    let answer = client.get("retail/getSpTagIds", vec![client.shop()]).await?;
    let leaves: List<Leaf> = answer.data()?;
    let mut all: Vec<RemoteCategory> = Vec::new();
    let mut above: BTreeSet<String> = BTreeSet::new();
    for leaf in leaves.0 {
        if leaf.id.is_empty() {
            continue;
        }
        let names = leaf.name_path.as_str().split([',', '，']).map(str::trim);
        let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        if names.last() == Some(&leaf.name.as_str()) {
            names.pop();
        }
        let mut parent: Option<String> = None;
        for name in names {
            let id = match &parent {
                Some(parent) => format!("{parent}/{name}"),
                None => format!("~{name}"),
            };
            if above.insert(id.clone()) {
                all.push(RemoteCategory {
                    remote_id: id.clone(),
                    name: name.to_owned(),
                    parent,
                    leaf: false,
                    permitted: None,
                });
            }
            parent = Some(id);
        }
        all.push(RemoteCategory {
            remote_id: leaf.id.0,
            name: leaf.name.0,
            parent,
            leaf: true,
            permitted: None,
        });
    }
    Ok(all)
}
