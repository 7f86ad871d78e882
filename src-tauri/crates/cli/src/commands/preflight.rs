//! `preflight`: every check that needs no network.

use crate::data::{self, Place};
use crate::outcome::{Done, Outcome};
use crate::table::add;
use crate::words;
use domain::finding::{Remedy, Severity};
use engine::Engine;
use engine::orders::remedy_kind;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Repairs by the first sure remedy of every finding of an id; what is left needs a person.
pub(crate) async fn fix(place: &Place, store: Option<i64>, id: &str) -> Done {
    let engine = place.write()?;
    let store = store.map(|id| data::store(&engine, id)).transpose()?;
    let fixed = engine.fix_findings(id, store).await?;
    let text = format!(
        "{id} {}：处理了 {} 处，还剩 {} 处要您决定\n",
        words::group(id),
        fixed.fixed,
        fixed.left
    );
    let document = json!({ "id": id, "fixed": fixed.fixed, "left": fixed.left, "batch": fixed.batch });
    Ok(Outcome::judged(document, text, fixed.left == 0))
}

/// So many findings of one id are told to a person; the document holds all.
const TOLD: usize = 5;

pub(crate) fn run(place: &Place, store: Option<i64>) -> Done {
    let engine = place.read()?;
    let stores = store.map(|id| data::store(&engine, id)).transpose()?;
    let stores: Vec<_> = stores.into_iter().collect();
    let cache = engine.preflight(&stores)?;
    let meant = cache
        .findings
        .iter()
        .filter(|noted| stores.is_empty() || stores.contains(&noted.store));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    let mut text = String::new();
    let mut ok = true;
    for noted in meant {
        let finding = &noted.finding;
        let message = words::finding(&finding.id, &finding.params);
        let count = counts.entry(&finding.id).or_default();
        *count += 1;
        if *count <= TOLD {
            add(
                &mut text,
                format_args!("{} {}：{message}\n", finding.id, noted.subject),
            );
        }
        ok &= finding.severity < Severity::Error;
        findings.push(json!({
            "id": finding.id, "severity": finding.severity, "subject": noted.subject, "message": message,
            "remedies": remedies(&finding.remedies), "store": noted.store, "platform": noted.platform,
            "about": finding.subject, "params": finding.params,
        }));
    }
    for (id, count) in &counts {
        add(&mut text, format_args!("{id} {}：{count} 处\n", words::group(id)));
    }
    if counts.is_empty() {
        text.push_str("没有发现问题\n");
    }
    Ok(Outcome::judged(
        json!({ "findings": findings, "counts": counts }),
        text,
        ok,
    ))
}

/// Remedies as typed actions with what their button says.
pub(super) fn remedies(remedies: &[Remedy]) -> Vec<Value> {
    remedies
        .iter()
        .map(|remedy| {
            let kind = remedy_kind(remedy);
            json!({ "label": words::remedy(&kind), "kind": kind, "action": remedy, "sure": Engine::is_sure(remedy) })
        })
        .collect()
}
