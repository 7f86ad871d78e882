//! Reading products (fact sheet 6): what is online, and what was saved and has not passed its audit.

use super::client::Client;
use super::map;
use super::wire::{Row, Rows};
use connect::error::RemoteError;
use domain::listing::ReviewState;
use std::collections::BTreeMap;

/// Rows of one page: the most that a public client asks for; the platform's own limit is not published.
const PAGE: &str = "50";
/// Most pages of drafts: a stop for a list that never ends.
const PAGES: usize = 200;
const ONLINE_QUERY: &str = "goodlife/v1/goods/product/online/query";
const ONLINE_GET: &str = "goodlife/v1/goods/product/online/get";
const DRAFT_QUERY: &str = "goodlife/v1/goods/product/draft/query";
const DRAFT_GET: &str = "goodlife/v1/goods/product/draft/get";

/// A product as it is online and as it was last saved; at least one of both is there.
pub(super) struct Found {
    pub(super) online: Option<Row>,
    pub(super) draft: Option<Row>,
    pub(super) review: ReviewState,
}

impl Found {
    /// What is online, and a draft that has not passed. One that passed is online by now.
    pub(super) fn new(client: &Client<'_>, online: Option<Row>, draft: Option<Row>) -> Option<Self> {
        let review = draft
            .as_ref()
            .map_or(ReviewState::None, |row| review(client, row));
        // A product whose draft passed and that is not online is not there: it was taken away in between.
        if online.is_none() && review == ReviewState::None {
            return None;
        }
        Some(Self {
            online,
            draft,
            review,
        })
    }

    /// What a person sees of it: the draft while it waits, else what is online.
    pub(super) fn shown(&self) -> &Row {
        static NOTHING: std::sync::LazyLock<Row> = std::sync::LazyLock::new(Row::default);
        let waits = self.review == ReviewState::Pending;
        let first = if waits { &self.draft } else { &self.online };
        let second = if waits { &self.online } else { &self.draft };
        first.as_ref().or(second.as_ref()).unwrap_or(&NOTHING)
    }
}

/// Where a draft's audit stands. The numbers are a public client's (10 waits, 12 refused, 1 passed), not documented:
/// the settings `draft_waiting` and `draft_refused` name others.
fn review(client: &Client<'_>, row: &Row) -> ReviewState {
    let status = row.draft_status.or_zero().to_string();
    if status == client.session.setting("draft_waiting", "10") {
        ReviewState::Pending
    } else if status == client.session.setting("draft_refused", "12") {
        ReviewState::Rejected
    } else {
        ReviewState::None
    }
}

/// Whether the session's store sells a product; one that names no store is taken as sold everywhere.
fn sold_here(client: &Client<'_>, row: &Row) -> bool {
    let pois = row.product().pois.0;
    pois.is_empty() || pois.iter().any(|poi| poi.poi_id.as_str() == client.poi())
}

/// A page of what is online in the store, made by `creator` (0 by calls, 1 in the console), and where to go on.
pub(super) async fn page(
    client: &Client<'_>,
    creator: &str,
    cursor: &str,
) -> Result<(Vec<Row>, Option<String>), RemoteError> {
    let params = [
        ("poi_ids", client.poi()),
        ("goods_creator_type", creator),
        ("count", PAGE),
        ("cursor", cursor),
    ];
    let rows: Rows = client.read(ONLINE_QUERY, &params).await?;
    let next = rows.next_cursor.0.clone();
    let more = rows.has_more.unwrap_or(false) && !next.is_empty() && next != cursor;
    let rows = rows.into_all().into_iter().filter(|row| sold_here(client, row));
    Ok((rows.collect(), more.then_some(next)))
}

/// The store's drafts that have not passed, by the platform's id.
pub(super) async fn drafts(client: &Client<'_>) -> Result<BTreeMap<String, Row>, RemoteError> {
    let mut found = BTreeMap::new();
    for setting in [("draft_waiting", "10"), ("draft_refused", "12")] {
        let status = client.session.setting(setting.0, setting.1);
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let params = [("status", status), ("count", PAGE), ("cursor", &cursor)];
            let rows: Rows = client.read(DRAFT_QUERY, &params).await?;
            let (next, more) = (rows.next_cursor.0.clone(), rows.has_more.unwrap_or(false));
            let here = rows.into_all().into_iter().filter(|row| sold_here(client, row));
            found.extend(here.map(|row| (row.id(), row)));
            if !more || next.is_empty() || next == cursor {
                break;
            }
            cursor = next;
        }
    }
    Ok(found)
}

async fn get(client: &Client<'_>, path: &str, name: &str, ids: &str) -> Result<Vec<Row>, RemoteError> {
    match client.read::<Rows>(path, &[(name, ids)]).await {
        Ok(rows) => Ok(rows
            .into_all()
            .into_iter()
            .filter(|row| sold_here(client, row))
            .collect()),
        // Whether an unknown id is an error is not documented.
        Err(RemoteError::Rejected { text, .. }) if text.contains("不存在") => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// One product of the store by the platform's id.
pub(super) async fn by_id(client: &Client<'_>, id: &str) -> Result<Option<Found>, RemoteError> {
    let online = get(client, ONLINE_GET, "product_ids", id).await?;
    let draft = get(client, DRAFT_GET, "product_ids", id).await?;
    Ok(Found::new(
        client,
        online.into_iter().next(),
        draft.into_iter().next(),
    ))
}

/// One product of the store by our code: under the store's own first, then under the bare one that others may have
/// given it.
pub(super) async fn by_code(client: &Client<'_>, code: &str) -> Result<Option<Found>, RemoteError> {
    for out_id in [map::out_id(client.poi(), code), code.to_owned()] {
        // A list in the address is joined by commas.
        if out_id.contains(',') {
            continue;
        }
        let online = get(client, ONLINE_GET, "out_ids", &out_id).await?;
        let draft = get(client, DRAFT_GET, "out_ids", &out_id).await?;
        let found = Found::new(client, online.into_iter().next(), draft.into_iter().next());
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
