//! 体检与同步: bodies of the `preflight_*` and `sync_*` commands.

use crate::Api;
use crate::error::Result;
use crate::exceptions::remedy_view;
use crate::types::categories::CategoryTarget;
use crate::types::jobs::RetryRequest;
use crate::types::shared::{FindingView, IdRequest, RemedyView, StoreBadge, StoreIds, WordsView};
use crate::types::sheet::JobStarted;
use crate::types::sync::{
    FindingGroup, FixGroupReport, FixGroupRequest, PlanRequest, PlanStep, PlanStore, PlanView, PreflightView,
    SyncRejection, SyncReport,
};
use domain::finding::Severity;
use domain::id::{JobId, StoreId};
use domain::plan::{Action, Field, Step, Value};
use engine::Engine;
use engine::sync::plan::{Choices, StorePlan, field_name, step_key};
use engine::sync::preflight::{Noted, PreflightCache};
use std::collections::BTreeMap;

/// Findings shown of each id.
const SAMPLES: usize = 100;
/// Steps shown of a plan.
const STEPS: usize = 2_000;

/// Checks stores.
pub async fn preflight(api: &Api, request: StoreIds) -> Result<PreflightView> {
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let engine = api.engine.clone();
    let chosen = stores.clone();
    let cache = tokio::task::spawn_blocking(move || engine.preflight(&chosen))
        .await
        .map_err(engine::error::EngineError::from)??;
    Ok(view(&cache, &stores))
}

fn view(cache: &PreflightCache, stores: &[StoreId]) -> PreflightView {
    let meant: Vec<&Noted> = cache
        .findings
        .iter()
        .filter(|noted| stores.is_empty() || stores.contains(&noted.store))
        .collect();
    let mut groups: Vec<FindingGroup> = Vec::new();
    let mut at: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for noted in &meant {
        let finding = &noted.finding;
        let place = *at
            .entry((finding.severity, finding.id.as_str()))
            .or_insert_with(|| {
                groups.push(FindingGroup {
                    id: finding.id.clone(),
                    severity: severity(finding.severity).to_owned(),
                    params: finding.params.clone(),
                    ..FindingGroup::default()
                });
                groups.len() - 1
            });
        let group = &mut groups[place];
        group.count += 1;
        if !group.platforms.contains(&noted.platform) {
            group.platforms.push(noted.platform.clone());
        }
        if group.remedy.is_none() {
            group.remedy = finding
                .remedies
                .iter()
                .find(|remedy| Engine::is_sure(remedy))
                .map(remedy_view);
        }
        if group.samples.len() < SAMPLES {
            group.samples.push(finding_view(noted));
        }
    }
    let of = |wanted: Severity| {
        count(
            meant
                .iter()
                .filter(|noted| noted.finding.severity == wanted)
                .count(),
        )
    };
    PreflightView {
        products: count(cache.products),
        stores: count(if stores.is_empty() {
            cache.stores.len()
        } else {
            stores.len()
        }),
        took_ms: cache.took_ms,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        groups,
    }
}

/// A finding as the window shows it.
pub(crate) fn finding_view(noted: &Noted) -> FindingView {
    FindingView {
        id: noted.finding.id.clone(),
        severity: severity(noted.finding.severity).to_owned(),
        subject: noted.subject.clone(),
        product: noted.product.map(|product| product.0),
        sku: noted.sku.map(|sku| sku.0),
        store: Some(noted.store.0),
        params: noted.finding.params.clone(),
        raw: noted.finding.raw.clone().unwrap_or_default(),
        remedies: noted
            .finding
            .remedies
            .iter()
            .map(remedy_view)
            .collect::<Vec<RemedyView>>(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

/// Runs the sure remedies of all findings of an id.
pub async fn fix_group(api: &Api, request: FixGroupRequest) -> Result<FixGroupReport> {
    let fix = api
        .engine
        .fix_findings(&request.id, request.store.map(StoreId))
        .await?;
    Ok(FixGroupReport {
        batch: fix.batch.map(|batch| batch.0),
        fixed: count(fix.fixed),
        left: count(fix.left),
    })
}

/// What a sync would write.
pub async fn plan(api: &Api, request: PlanRequest) -> Result<PlanView> {
    let choices = Choices::parse(&request.ticked, &request.unticked)?;
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let engine = api.engine.clone();
    let plans = tokio::task::spawn_blocking(move || engine.sync_plan(&stores, &choices))
        .await
        .map_err(engine::error::EngineError::from)??;
    let mut view = PlanView::default();
    for plan in &plans {
        let counts = plan.plan.counts();
        let clears = plan
            .plan
            .steps
            .iter()
            .filter(|step| step.action == Action::Clear && !step.ticked)
            .count();
        let will_run = counts.add + counts.change + counts.clear;
        view.steps_total += count(plan.plan.steps.len());
        view.adds += count(counts.add);
        view.changes += count(counts.change);
        view.clears += count(clears + counts.clear);
        view.skips += count(counts.skip.saturating_sub(clears));
        view.will_run += count(will_run);
        view.stores.push(PlanStore {
            store: StoreBadge {
                id: plan.store.id.0,
                platform: plan.store.platform.clone(),
                name: plan.store.name.clone(),
            },
            will_run: count(will_run),
            skips: count(counts.skip.saturating_sub(clears)),
            clears: count(clears),
        });
    }
    view.steps = plans
        .iter()
        .flat_map(|plan| plan.plan.steps.iter().map(move |step| step_view(plan, step)))
        .take(STEPS)
        .collect();
    Ok(view)
}

fn step_view(plan: &StorePlan, step: &Step) -> PlanStep {
    PlanStep {
        key: step_key(plan.store.id, &step.key),
        store: plan.store.id.0,
        subject: plan.subject(step),
        sku: step.key.sku.map(|sku| sku.0),
        field: field_name(step.key.field).to_owned(),
        action: match step.action {
            Action::Add => "add",
            Action::Change => "change",
            Action::Clear => "clear",
            Action::Skip => "skip",
        }
        .to_owned(),
        old: text(&step.old, step.key.field),
        new: text(&step.new, step.key.field),
        reason: step.reason.as_ref().map(|reason| WordsView {
            code: format!("reason.{}", reason.code),
            params: reason.params.clone(),
        }),
        ticked: step.ticked,
    }
}

/// A value as text: pictures are counted, prices are yuan.
fn text(value: &Value, field: Field) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::List(list) if field == Field::Pictures => list.len().to_string(),
        Value::List(list) => list.join("/"),
        Value::Price(price) => price.to_yuan(),
        Value::Count(count) => count.to_string(),
        Value::Flag(on) => if *on { "on" } else { "off" }.to_owned(),
    }
}

/// Starts a sync; its report is asked for by the job.
pub async fn apply(api: &Api, request: PlanRequest) -> Result<JobStarted> {
    let choices = Choices::parse(&request.ticked, &request.unticked)?;
    let stores: Vec<StoreId> = request.stores.into_iter().map(StoreId).collect();
    let job = api.engine.sync_spawn(&stores, choices)?;
    Ok(JobStarted { job: job.0 })
}

/// What a job has done so far.
pub async fn report(api: &Api, request: IdRequest) -> Result<SyncReport> {
    let report = api.engine.sync_report(JobId(request.id))?;
    Ok(SyncReport {
        job: report.job,
        confirmed: count(report.confirmed),
        rejected: count(report.rejected),
        in_review: count(report.in_review),
        unknown: count(report.unknown),
        queued: count(report.queued),
        cancelled: count(report.cancelled),
        rejections: report.rejections.into_iter().map(rejection).collect(),
    })
}

/// Causes as the window shows them.
pub(crate) fn rejection(rejection: engine::sync::report::Rejection) -> SyncRejection {
    SyncRejection {
        id: rejection.id,
        count: count(rejection.count),
        subjects: rejection.subjects,
        params: rejection.params,
        raw: rejection.raw,
        retry: rejection.retry,
        anew: rejection.anew,
        categories: rejection
            .categories
            .into_iter()
            .map(|one| CategoryTarget {
                store: one.store.0,
                product: one.product.0,
                name: one.name,
            })
            .collect(),
    }
}

/// Reads the stores again in which products of a job are gone, and makes them anew.
pub async fn anew(api: &Api, request: RetryRequest) -> Result<JobStarted> {
    let job = JobId(request.job.unwrap_or_default());
    let started = api.engine.sync_anew(job, &request.cause)?;
    Ok(JobStarted { job: started.0 })
}

/// Writes the values back that a sync found.
pub async fn undo(api: &Api, request: IdRequest) -> Result<JobStarted> {
    let job = api.engine.sync_undo_spawn(JobId(request.id))?;
    Ok(JobStarted { job: job.0 })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
