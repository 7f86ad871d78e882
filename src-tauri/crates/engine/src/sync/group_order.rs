//! 店内分类 in another order: put there at once, read back, and told as the platform has it then.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::error::Effect;
use connect::platform::{GroupPlace, RemoteGroup};
use domain::id::StoreId;
use storage::listing::GroupRow;

/// What came of putting groups into another order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupsOrdered {
    /// The groups as the platform has them now, parents first, siblings in their order.
    pub groups: Vec<GroupRow>,
    /// They stand as asked.
    pub as_asked: bool,
}

impl Engine {
    /// The groups of a store as last read, parents first, siblings in the order of the platform.
    pub fn store_groups(&self, store: StoreId) -> Result<Vec<GroupRow>> {
        Ok(self.db().read(|c| {
            storage::store::get(c, store)?;
            storage::listing::groups(c, store)
        })?)
    }

    /// Puts the groups below one parent (the first level where none is named) into the order of `ids`, and reads all
    /// groups again. A lost answer is no answer: what is read back tells what happened.
    ///
    /// # Errors
    /// Refused as `group_order_unsupported` where the platform cannot, and as `groups_changed` when the platform has
    /// others there by now; they are read anew then and nothing is changed.
    pub async fn order_groups(
        &self,
        store: StoreId,
        parent: Option<&str>,
        ids: &[String],
    ) -> Result<GroupsOrdered> {
        let store = self.db().read(|c| storage::store::get(c, store))?.store;
        let platform = self.platform(&store.platform)?;
        let capabilities = &platform.descriptor().capabilities;
        if !capabilities.group_order || capabilities.group_levels == 0 {
            return Err(EngineError::refused("group_order_unsupported"));
        }
        let session = self.store_session(store.id).await?;
        let before = platform.groups(&session).await;
        self.note_outcome(store.account, before.as_ref().map(|_| ()))?;
        let before = before?;
        let mut known = siblings(&before, parent);
        let mut asked: Vec<&str> = ids.iter().map(String::as_str).collect();
        let was = known.clone();
        known.sort_unstable();
        asked.sort_unstable();
        if known != asked {
            self.keep_groups(store.id, &before)?;
            return Err(EngineError::refused("groups_changed"));
        }
        if was == ids {
            return Ok(GroupsOrdered {
                groups: self.keep_groups(store.id, &before)?,
                as_asked: true,
            });
        }
        let places: Vec<GroupPlace> = ids
            .iter()
            .zip(1..)
            .map(|(id, position)| GroupPlace {
                remote_id: id.clone(),
                path: path_below(&before, parent, id),
                position,
            })
            .collect();
        let answer = platform.order_groups(&session, &places).await;
        self.note_outcome(store.account, answer.as_ref().copied())?;
        if let Err(error) = &answer
            && error.effect() == Effect::None
        {
            return Err(error.clone().into());
        }
        let after = platform.groups(&session).await;
        self.note_outcome(store.account, after.as_ref().map(|_| ()))?;
        let after = after?;
        let groups = self.keep_groups(store.id, &after)?;
        let as_asked = siblings(&after, parent) == ids;
        match answer {
            // Nobody knows whether the rest is still on its way.
            Err(error) if !as_asked => Err(error.into()),
            _ => Ok(GroupsOrdered { groups, as_asked }),
        }
    }

    fn keep_groups(&self, store: StoreId, groups: &[RemoteGroup]) -> Result<Vec<GroupRow>> {
        let rows: Vec<GroupRow> = groups.iter().map(crate::pull::listings::group_row).collect();
        self.db()
            .write(|tx| storage::listing::replace_groups(tx, store, &rows).map_err(EngineError::from))?;
        self.events().changed(&[Tag::Listings]);
        self.store_groups(store)
    }
}

/// The names that lead to a group below `parent`. Where groups have no ids their names stand for them, and two parents may
/// have children of one name: so the way goes through the parent that is meant.
fn path_below(groups: &[RemoteGroup], parent: Option<&str>, id: &str) -> Vec<String> {
    let mut path = parent.map_or_else(Vec::new, |parent| connect::groups::path(groups, parent));
    let mut siblings = groups.iter().filter(|group| group.parent.as_deref() == parent);
    path.extend(
        siblings
            .find(|group| group.remote_id == id)
            .map(|group| group.name.clone()),
    );
    path
}

/// Ids of the groups below one parent, in the order in which the platform lists them.
fn siblings<'g>(groups: &'g [RemoteGroup], parent: Option<&str>) -> Vec<&'g str> {
    groups
        .iter()
        .filter(|group| group.parent.as_deref() == parent)
        .map(|group| group.remote_id.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::path_below;
    use connect::platform::RemoteGroup;

    #[test]
    fn children_of_one_name_under_two_parents_are_told_apart() {
        let group = |name: &str, parent: Option<&str>| RemoteGroup {
            remote_id: name.to_owned(),
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
            sequence: 1,
        };
        let groups = [
            group("饮料", None),
            group("零食", None),
            group("进口", Some("饮料")),
            group("进口", Some("零食")),
        ];
        assert_eq!(path_below(&groups, Some("零食"), "进口"), ["零食", "进口"]);
        assert_eq!(path_below(&groups, Some("饮料"), "进口"), ["饮料", "进口"]);
        assert_eq!(path_below(&groups, None, "零食"), ["零食"]);
    }
}
