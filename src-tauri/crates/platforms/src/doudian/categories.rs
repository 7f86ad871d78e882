//! The platform's own taxonomy (fact sheet 5).

use super::client::{Client, id};
use super::wire::Taxon;
use connect::error::RemoteError;
use connect::platform::RemoteCategory;
use connect::wire::List;
use serde_json::json;

/// Levels of the taxonomy (a product names its category by up to four), and a stop for one that never ends.
const LEVELS: usize = 4;
const CATEGORIES: usize = 20_000;

/// The whole taxonomy, level by level: a call for each node that is no leaf. Nodes that are switched off are left out
/// with what is below them. Which of it the shop may use is not told (F64).
pub(super) async fn all(client: &Client<'_>) -> Result<Vec<RemoteCategory>, RemoteError> {
    let mut all: Vec<RemoteCategory> = Vec::new();
    let mut waiting: Vec<Option<String>> = vec![None];
    for _ in 0..LEVELS {
        let mut next = Vec::new();
        for parent in waiting {
            let params = json!({"cid": id(parent.as_deref().unwrap_or("0"))});
            let rows: Option<List<Taxon>> = client.read("shop.getShopCategory", params).await?;
            for row in rows.unwrap_or_default().0 {
                if row.id.is_empty() || row.enable == Some(false) {
                    continue;
                }
                let leaf = row.is_leaf == Some(true);
                if !leaf {
                    next.push(Some(row.id.0.clone()));
                }
                all.push(RemoteCategory {
                    remote_id: row.id.0,
                    name: row.name.0,
                    parent: parent.clone(),
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
