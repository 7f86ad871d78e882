//! 库存: bodies of the `stock_*` commands.

use crate::Api;
use crate::error::Result;
use crate::types::shared::{StoreBadge, WordsView};
use crate::types::stock::{StockPage, StockPushRequest, StockPushView, StockQuery, StockRow};
use domain::id::StoreId;
use domain::store::Store;
use engine::stock::lines::StockLine;
use std::collections::BTreeMap;

const PAGE: i64 = 500;
const VIEWS: [&str; 5] = ["all", "different", "oversold", "unacknowledged", "unknown"];

/// The grid.
pub async fn list(api: &Api, request: StockQuery) -> Result<StockPage> {
    let stores: Vec<StoreId> = request.stores.iter().copied().map(StoreId).collect();
    let all = api.engine.stock_lines(&stores)?;
    let search = request.search.trim();
    let found: Vec<(&Store, &StockLine)> = all
        .iter()
        .flat_map(|(store, lines)| lines.iter().map(move |line| (store, line)))
        .filter(|(_, line)| {
            search.is_empty()
                || line.name.contains(search)
                || line.item_code.contains(search)
                || line.barcode.contains(search)
        })
        .collect();
    let mut counts: BTreeMap<String, i64> = VIEWS.iter().map(|view| ((*view).to_owned(), 0)).collect();
    for (_, line) in &found {
        for view in VIEWS.iter().filter(|view| in_view(view, line)) {
            *counts.entry((*view).to_owned()).or_default() += 1;
        }
    }
    let view = VIEWS
        .iter()
        .find(|view| **view == request.view)
        .unwrap_or(&VIEWS[0]);
    let mut meant: Vec<_> = found
        .into_iter()
        .filter(|(_, line)| in_view(view, line))
        .collect();
    if *view == "oversold" {
        // What is nearest to being sold without being there comes first.
        meant.sort_by_key(|(_, line)| line.wanted);
    }
    let skip = usize::try_from(request.offset).unwrap_or(0);
    let take = usize::try_from(request.limit.clamp(1, PAGE)).unwrap_or(1);
    let page: Vec<_> = meant.iter().skip(skip).take(take).collect();
    let ids: Vec<_> = page.iter().map(|(_, line)| line.listing_sku).collect();
    let pushed_at = api
        .engine
        .db()
        .read(|c| storage::views::listings::pushed_at(c, &ids))?;
    let erp_read_at = read_at(api, all.iter().map(|(store, _)| store))?;
    Ok(StockPage {
        erp_read_at,
        erp_old: erp_read_at.is_some_and(|at| api.engine.erp_cache_is_old(at)),
        total: i64::try_from(meant.len()).unwrap_or(i64::MAX),
        counts,
        switches_off: all
            .iter()
            .filter(|(store, _)| !store.switches.stock)
            .map(|(store, _)| badge(store))
            .collect(),
        rows: page
            .into_iter()
            .map(|(store, line)| StockRow {
                listing_sku: line.listing_sku.0,
                store: badge(store),
                name: line.name.clone(),
                item_code: line.item_code.clone(),
                erp: line.erp,
                wanted: line.wanted,
                platform: line.platform,
                pushed: line.pushed,
                pushed_at: pushed_at.get(&line.listing_sku).copied(),
                state: line.state().to_owned(),
            })
            .collect(),
    })
}

/// When the stock behind stores was read: the longest ago, and nothing where one was never read.
fn read_at<'a>(api: &Api, stores: impl Iterator<Item = &'a Store>) -> Result<Option<i64>> {
    let mut oldest: Option<i64> = None;
    for store in stores {
        let Some(account) = store.erp_account.filter(|_| !store.offline_code.is_empty()) else {
            continue;
        };
        let branch = Some(store.offline_code.as_str());
        match api
            .engine
            .db()
            .read(|c| storage::erp_cache::stock_read_at(c, account, branch))?
        {
            Some(at) => oldest = Some(oldest.map_or(at, |known| known.min(at))),
            None => return Ok(None),
        }
    }
    Ok(oldest)
}

fn in_view(view: &str, line: &StockLine) -> bool {
    match view {
        "different" => matches!(line.state(), "different" | "oversold"),
        "oversold" => line.state() == "oversold",
        "unacknowledged" => line.wanted.is_some() && line.pushed != line.wanted,
        "unknown" => line.state() == "unknown",
        _ => true,
    }
}

fn badge(store: &Store) -> StoreBadge {
    StoreBadge {
        id: store.id.0,
        platform: store.platform.clone(),
        name: store.name.clone(),
    }
}

/// A round.
pub async fn push(api: &Api, request: StockPushRequest) -> Result<StockPushView> {
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let mut view = StockPushView::default();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    for pushed in api.engine.push_stock(&stores, request.full).await? {
        view.jobs.extend((pushed.job != 0).then_some(pushed.job));
        view.sent += count(pushed.sent);
        view.rejected += count(pushed.rejected);
        view.same += count(pushed.same);
        view.held += count(pushed.held);
        view.errors.extend(pushed.error.map(|(code, params)| WordsView {
            code: format!("error.{code}"),
            params,
        }));
    }
    Ok(view)
}
