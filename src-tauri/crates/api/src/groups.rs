//! 店内分类: bodies of the `groups_*` commands.

use crate::Api;
use crate::error::Result;
use crate::types::groups::{GroupView, GroupsOrder, GroupsView};
use crate::types::shared::IdRequest;
use domain::id::StoreId;
use storage::listing::GroupRow;

/// The groups of a store as last read.
pub async fn list(api: &Api, request: IdRequest) -> Result<GroupsView> {
    let groups = api.engine.store_groups(StoreId(request.id))?;
    Ok(view(groups, true))
}

/// Puts groups into another order on the platform and tells how they stand there now.
pub async fn order(api: &Api, request: GroupsOrder) -> Result<GroupsView> {
    let parent = Some(request.parent.as_str()).filter(|id| !id.is_empty());
    let done = api
        .engine
        .order_groups(StoreId(request.store), parent, &request.ids)
        .await?;
    Ok(view(done.groups, done.as_asked))
}

fn view(groups: Vec<GroupRow>, as_asked: bool) -> GroupsView {
    GroupsView {
        groups: groups
            .into_iter()
            .map(|group| GroupView {
                id: group.remote_id,
                name: group.name,
                parent: group.parent.unwrap_or_default(),
            })
            .collect(),
        as_asked,
    }
}
