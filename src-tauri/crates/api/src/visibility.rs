//! 为什么看不见: bodies of the `listing_*` commands.

use crate::Api;
use crate::error::Result;
use crate::orders::name_of;
use crate::types::shared::IdRequest;
use crate::types::sheet::JobStarted;
use crate::types::visibility::{ConditionView, VisibilityView};
use domain::id::ListingId;
use engine::sync::visibility::Way;

/// Asks the platform what has to hold for customers to see a listing.
pub async fn check(api: &Api, request: IdRequest) -> Result<VisibilityView> {
    let found = api.engine.why_not_visible(ListingId(request.id)).await?;
    Ok(VisibilityView {
        store: found.store.0,
        name: found.name,
        product: found.product.map(|product| product.0),
        there: found.there,
        conditions: found
            .conditions
            .into_iter()
            .map(|one| ConditionView {
                kind: name_of(&one.condition.kind),
                holds: one.condition.holds,
                number: one.condition.number,
                text: one.condition.text,
                way: one.way.map(way).unwrap_or_default().to_owned(),
            })
            .collect(),
    })
}

/// Offers what a listing is bound to and syncs it.
pub async fn put_on_shelf(api: &Api, request: IdRequest) -> Result<JobStarted> {
    let job = api.engine.put_on_shelf(ListingId(request.id))?;
    Ok(JobStarted { job: job.0 })
}

fn way(way: Way) -> &'static str {
    match way {
        Way::PutOnShelf => "put_on_shelf",
        Way::Stock => "stock",
        Way::Sync => "sync",
        Way::Bind => "bind",
        Way::BackOffice => "back_office",
        Way::Review => "review",
    }
}
