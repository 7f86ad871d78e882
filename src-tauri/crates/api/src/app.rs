//! The frame, the workbench, settings and care of the data: bodies of the commands that belong to no single page.

use crate::Api;
use crate::error::{ApiError, Result};
use crate::orders::{badges, count};
use crate::types::app::{
    AppStatus, BackupView, Backups, DiagnosticsView, DoctorCheck, DoctorReport, Messages, MessagesRequest,
    SettingsView, SyncState, Workbench, WorkbenchRequest,
};
use crate::types::shared::{Empty, PathRequest, StoreBadge, WordsView};
use crate::types::stock::StockQuery;
use crate::types::stores::StoreView;
use crate::words::words;
use domain::finding::Severity;
use domain::id::StoreId;
use engine::doctor::Program;
use engine::event::Throttled;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use storage::backup::Backup;
use storage::views::status::SyncCounts;

const DAY_MS: i64 = 86_400_000;
/// So many dangerous stock differences are shown on the workbench.
const ALARMS: i64 = 20;
/// An authorization that ends within this is worth a word.
const ENDING_MS: i64 = 7 * DAY_MS;
/// Settings that pages may read and write. Others (the vault's profile, marks of the engine) never cross.
const SETTINGS: &[&str] = &[
    "theme",
    "lang",
    "sound",
    "notify",
    "auto_push",
    "pull_minutes",
    "quiet_from",
    "quiet_to",
    "safety_stock",
    "erp_old_minutes",
    "library_views",
];

/// Words of a language.
pub async fn messages(_: &Api, request: MessagesRequest) -> Result<Messages> {
    Ok(Messages {
        words: words(&request.lang).all().clone(),
    })
}

/// What the frame shows.
pub async fn status(api: &Api, _: Empty) -> Result<AppStatus> {
    let engine = &api.engine;
    let vault = engine.vault_state().await?;
    let (counts, backup_at, badges) = engine.db().read(|c| {
        Ok((
            storage::views::status::status(c)?,
            storage::setting::get(c, engine::doctor::backup::LAST)?,
            badges(c)?,
        ))
    })?;
    let printing = crate::printing::figures(api)?;
    let now = engine.now();
    let line = engine.events().line();
    let throttled = line.throttled.filter(|who| who.until > now);
    let blocks = engine
        .preflight_cache()
        .map_or(0, |cache| count(cache.count(Severity::Error)));
    Ok(AppStatus {
        version: api.host.version().to_owned(),
        demo: api.host.is_demo(),
        can_write: engine.db().can_write(),
        products: counts.products,
        skus: counts.skus,
        stores: counts.stores,
        listings: counts.listings,
        unbound: counts.unbound,
        blocks,
        orders: counts.orders,
        exceptions: counts.exceptions,
        exceptions_fen: counts.exceptions_fen,
        dead_authorizations: counts.dead_authorizations,
        printers: printing.printers,
        printers_down: printing.down,
        slips_asking: printing.asks,
        outbox: counts.outbox,
        running_jobs: counts.running_jobs,
        online: line.online,
        vault: WordsView {
            code: vault.code().to_owned(),
            params: BTreeMap::new(),
        },
        vault_lasting: engine.vault_is_lasting() && !vault.is_without_keychain(),
        orders_read_at: counts.orders_read_at,
        listings_read_at: counts.listings_read_at,
        backup_at: backup_at.and_then(|text| text.parse().ok()),
        throttled: throttled.as_ref().map(|who| who_waits(api, who, &badges)),
        throttled_ms: throttled.map_or(0, |who| who.until - now),
        now,
    })
}

/// The store that has to wait; the whole service where the call concerned no store.
fn who_waits(api: &Api, who: &Throttled, badges: &HashMap<StoreId, StoreBadge>) -> StoreBadge {
    let known = who.store.and_then(|store| badges.get(&store).cloned());
    known.unwrap_or_else(|| StoreBadge {
        id: 0,
        platform: who.service.clone(),
        name: api.engine.service_name(&who.service),
    })
}

/// 工作台.
pub async fn workbench(api: &Api, request: WorkbenchRequest) -> Result<Workbench> {
    let stores: Vec<StoreId> = request.stores.iter().copied().map(StoreId).collect();
    let now = api.engine.now();
    let from = if request.from == 0 {
        crate::exceptions::day_start(now)
    } else {
        request.from
    };
    let to = if request.to == 0 {
        from + DAY_MS
    } else {
        request.to
    };
    if to <= from {
        return Err(ApiError::new("span_empty"));
    }
    // A day that is not over is compared with the same hours of the day before.
    let length = to.min(now.max(from + 1)) - from;
    let whole = to - from;
    let (span, before, hourly, hourly_before, tasks) = api.engine.db().read(|c| {
        use storage::views::status as view;
        Ok((
            view::span(c, &stores, from, to)?,
            view::span(c, &stores, from - whole, from - whole + length)?,
            view::by_hour(c, &stores, from)?,
            view::by_hour(c, &stores, from - DAY_MS)?,
            view::sync_counts(c, crate::exceptions::day_start(now))?,
        ))
    })?;
    let todo = crate::exceptions::groups(api, &request.stores)?;
    let mut all = crate::stores::list(api, Empty {}).await?.stores;
    all.retain(|store| request.stores.is_empty() || request.stores.contains(&store.id));
    let alarms = StockQuery {
        stores: request.stores,
        view: "oversold".to_owned(),
        limit: ALARMS,
        ..StockQuery::default()
    };
    Ok(Workbench {
        orders: span.orders,
        paid_fen: span.paid_fen,
        orders_before: before.orders,
        paid_before_fen: before.paid_fen,
        refunds: span.refunds,
        refunds_fen: span.refunds_fen,
        in_erp: span.in_erp,
        waiting: span.waiting,
        exceptions: span.exceptions,
        exceptions_fen: span.exceptions_fen,
        healed: span.healed,
        todo,
        warnings: [printing_warnings(api)?, warnings(&all, now)].concat(),
        sync: tasks.into_iter().map(sync_state).collect(),
        stores: by_urgency(all),
        stock_alarms: crate::stock::list(api, alarms).await?.rows,
        hourly,
        hourly_before,
    })
}

fn sync_state(counts: SyncCounts) -> SyncState {
    SyncState {
        platform: counts.platform,
        queued: counts.queued,
        in_review: counts.in_review,
        rejected: counts.rejected,
        confirmed_today: counts.confirmed,
        last_at: counts.last_at,
    }
}

/// Dead authorizations first, then those that end soonest.
fn by_urgency(mut stores: Vec<StoreView>) -> Vec<StoreView> {
    let rank = |store: &StoreView| match store.account.state.as_str() {
        "expired" | "revoked" => 0,
        "none" => 1,
        "vault_unavailable" => 2,
        _ => 3,
    };
    stores.sort_by_key(|store| {
        let end = store.account.expires_at.unwrap_or(i64::MAX);
        (rank(store), end, store.id)
    });
    stores
}

/// Slips and printers that wait for the manager: first, because a shop packs by what is on paper.
fn printing_warnings(api: &Api) -> Result<Vec<WordsView>> {
    let printing = crate::printing::figures(api)?;
    let warning = |code: &str, name: &str, value: String| {
        WordsView::with(
            format!("warning.{code}"),
            BTreeMap::from([(name.to_owned(), value)]),
        )
    };
    let mut warnings = Vec::new();
    if printing.asks > 0 {
        warnings.push(warning("slips_asking", "count", printing.asks.to_string()));
    }
    warnings.extend(
        printing
            .down
            .into_iter()
            .map(|name| warning("printer_down", "printer", name)),
    );
    Ok(warnings)
}

/// What is worth knowing beside the exceptions, one line a thing.
fn warnings(stores: &[StoreView], now: i64) -> Vec<WordsView> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, store: &StoreView| {
        warnings.push(WordsView {
            code: format!("warning.{code}"),
            params: BTreeMap::from([("store".to_owned(), store.name.clone())]),
        });
    };
    for store in stores {
        if store
            .account
            .expires_at
            .is_some_and(|end| end > now && end - now < ENDING_MS)
        {
            warn("authorization_ends", store);
        }
        if store.erp.is_none() || store.offline_code.is_empty() {
            warn("no_erp", store);
        } else if store.offline_code_fault {
            warn("offline_code", store);
        }
        if store.orders_error.is_some() {
            warn("orders_unread", store);
        }
        if store.listings > 0 && store.bound == 0 {
            warn("nothing_bound", store);
        }
    }
    warnings
}

/// The settings of the pages.
pub async fn settings(api: &Api, _: Empty) -> Result<SettingsView> {
    let mut values = api.engine.db().read(storage::setting::all)?;
    values.retain(|key, _| SETTINGS.contains(&key.as_str()));
    Ok(SettingsView { values })
}

/// Writes the settings that are named; the others stay. Gives all of them.
pub async fn set_settings(api: &Api, request: SettingsView) -> Result<SettingsView> {
    for (key, value) in &request.values {
        if !is_allowed(key, value) {
            return Err(ApiError::new("setting_not_allowed")
                .with("key", key.chars().take(40).collect::<String>())
                .with("value", value.chars().take(40).collect::<String>()));
        }
    }
    api.engine.db().write(|tx| {
        for (key, value) in &request.values {
            storage::setting::set(tx, key, Some(value))?;
        }
        Ok::<_, storage::error::StorageError>(())
    })?;
    api.engine.events().changed(&[engine::event::Tag::Settings]);
    settings(api, Empty {}).await
}

fn is_allowed(key: &str, value: &str) -> bool {
    let number = |most: i64| {
        value
            .parse::<i64>()
            .is_ok_and(|number| (0..=most).contains(&number))
    };
    let time = || {
        value.is_empty()
            || value.split_once(':').is_some_and(|(hour, minute)| {
                let part = |text: &str, below: u32| {
                    text.len() == 2 && text.parse::<u32>().is_ok_and(|number| number < below)
                };
                part(hour, 24) && part(minute, 60)
            })
    };
    match key {
        "theme" => matches!(value, "system" | "light" | "dark"),
        "lang" => matches!(value, "zh-CN" | "en"),
        "sound" | "notify" | "auto_push" => matches!(value, "on" | "off"),
        "pull_minutes" => number(120) && value != "0",
        "erp_old_minutes" => number(10_080) && value != "0",
        "safety_stock" => number(1_000_000),
        "quiet_from" | "quiet_to" => time(),
        // The page's own filter combinations under the names that people gave them.
        "library_views" => {
            value.len() <= 20_000
                && serde_json::from_str::<Vec<serde_json::Map<String, serde_json::Value>>>(value)
                    .is_ok_and(|views| views.len() <= 50)
        }
        _ => false,
    }
}

/// Opens the demo shop in place of what is open.
pub async fn open_demo(api: &Api, _: Empty) -> Result<Empty> {
    api.host.open_demo().await?;
    Ok(Empty {})
}

/// Checks of the app's own health, of the disk and of the line.
pub async fn doctor(api: &Api, _: Empty) -> Result<DoctorReport> {
    let mut checks = api.engine.health().await?;
    checks.extend(api.engine.live_health().await?);
    Ok(DoctorReport {
        checks: checks
            .into_iter()
            .map(|check| DoctorCheck {
                words: WordsView {
                    code: format!("doctor.{}", check.code),
                    params: check.params,
                },
                ok: check.ok,
            })
            .collect(),
    })
}

/// Backups at hand, newest first, with what is in them. Only verifying one reads all of it.
pub async fn backups(api: &Api, _: Empty) -> Result<Backups> {
    let kept = api.engine.backups()?;
    Ok(Backups {
        backups: kept
            .into_iter()
            .map(|kept| BackupView {
                path: kept.path.to_string_lossy().into_owned(),
                name: kept.name,
                bytes: i64::try_from(kept.bytes).unwrap_or(i64::MAX),
                at: kept.at,
                products: kept.counts.map(|counts| counts.products),
                orders: kept.counts.map(|counts| counts.orders),
            })
            .collect(),
    })
}

/// Makes a backup and reads it back.
pub async fn backup(api: &Api, _: Empty) -> Result<BackupView> {
    let made = api.engine.backup().await?;
    Ok(backup_view(&made, api.engine.now()))
}

/// Reads all of a backup.
pub async fn verify_backup(api: &Api, request: PathRequest) -> Result<BackupView> {
    let checked = api.engine.verify_backup(Path::new(&request.path)).await?;
    let kept = api.engine.backups()?;
    let at = kept
        .iter()
        .find(|kept| kept.path == checked.path)
        .map_or(0, |kept| kept.at);
    Ok(backup_view(&checked, at))
}

fn backup_view(backup: &Backup, at: i64) -> BackupView {
    BackupView {
        path: backup.path.to_string_lossy().into_owned(),
        name: backup
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        bytes: i64::try_from(backup.bytes).unwrap_or(i64::MAX),
        at,
        products: Some(backup.products),
        orders: Some(backup.orders),
    }
}

/// Puts a backup in the place of the data; what was there is kept beside it.
pub async fn restore(api: &Api, request: PathRequest) -> Result<Empty> {
    // Checked before anything is closed.
    api.engine.verify_backup(Path::new(&request.path)).await?;
    api.host.restore(PathBuf::from(request.path)).await?;
    Ok(Empty {})
}

/// Writes the bundle for support.
pub async fn diagnostics(api: &Api, request: PathRequest) -> Result<DiagnosticsView> {
    let program = Program {
        version: api.host.version().to_owned(),
    };
    let bundle = api
        .engine
        .export_diagnostics(program, Path::new(&request.path))
        .await?;
    Ok(DiagnosticsView {
        path: bundle.path.to_string_lossy().into_owned(),
        bytes: i64::try_from(bundle.bytes).unwrap_or(i64::MAX),
        files: bundle.files,
        redactions: count(bundle.redactions),
    })
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, is_allowed};

    #[test]
    fn a_setting_takes_only_what_it_understands() {
        for (key, good, bad) in [
            ("theme", "dark", "pink"),
            ("lang", "en", "fr"),
            ("sound", "off", "loud"),
            ("notify", "on", ""),
            ("auto_push", "off", "0"),
            ("pull_minutes", "5", "0"),
            ("quiet_from", "22:30", "24:00"),
            ("quiet_to", "", "7:5"),
            ("safety_stock", "2", "-1"),
            ("erp_old_minutes", "60", "0"),
            ("library_views", r#"[{"name":"酒水"}]"#, r#"["酒水"]"#),
        ] {
            assert!(SETTINGS.contains(&key));
            assert!(is_allowed(key, good), "{key} {good}");
            assert!(!is_allowed(key, bad), "{key} {bad}");
        }
        assert!(!is_allowed("vault.profile", "x"));
    }
}
