//! `pull`, `match`, `bind`: a store's listings and their bindings.

use crate::data::{self, Place};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::table;
use crate::words;
use domain::id::{ListingSkuId, SkuId};
use domain::reason::Reason;
use engine::Engine;
use engine::matching::bind::{Pair, Refusal};
use engine::matching::report::{MatchKind, StoreMatch};
use serde_json::{Value, json};

pub(crate) async fn pull(place: &Place, store: i64) -> Done {
    let engine = place.write()?;
    let id = data::store(&engine, store)?;
    let report = engine.pull_store(id).await?;
    let text = format!(
        "读到 {} 个门店商品：新的 {}，变了 {}，不在了 {}，自动修复绑定 {}",
        report.listings, report.new, report.changed, report.gone, report.healed
    );
    let document = json!({
        "listings": report.listings, "new": report.new, "changed": report.changed, "gone": report.gone,
        "healed": report.healed, "swept": report.swept, "repushed": report.repushed,
    });
    Ok(Outcome::well(document, text))
}

pub(crate) async fn match_store(place: &Place, store: i64, apply: bool) -> Done {
    let engine = if apply { place.write()? } else { place.read()? };
    let id = data::store(&engine, store)?;
    let found = engine.match_store(id).await?;
    let proposals = proposals(&found);
    let mut sums = found.arithmetic;
    let mut refused = Vec::new();
    let mut repushed = 0;
    if apply {
        let sure: Vec<Pair> = found.sure(0.0);
        let report = engine.bind_pairs(&sure, false).await?;
        sums = sums.with_failed(sums.bound.saturating_sub(report.bound));
        repushed = report.repushed;
        refused = report.refused.iter().map(refusal).collect();
        if repushed > 0 {
            engine.push_due().await?;
        }
    }
    let document = json!({
        "unmatched": sums.unmatched_before, "candidates": sums.candidates, "bound": sums.bound,
        "surplus": sums.surplus, "failed": sums.failed, "unmatched_after": sums.unmatched_after,
        "bound_before": found.bound, "applied": apply, "repushed": repushed,
        "refused": refused, "proposals": proposals,
    });
    let text = format!(
        "{}未匹配 {}，候选 {} = {} {} + 多出 {} + 没成 {}，还剩未匹配 {}\n",
        shown(&found),
        sums.unmatched_before,
        sums.candidates,
        if apply { "已绑定" } else { "可绑定" },
        sums.bound,
        sums.surplus,
        sums.failed,
        sums.unmatched_after
    );
    Ok(Outcome::judged(document, text, refused.is_empty()))
}

fn proposals(found: &StoreMatch) -> Vec<Value> {
    found
        .lines
        .iter()
        .filter_map(|line| {
            let best = line.candidates.first()?;
            Some(json!({
                "listing_sku": line.row.id, "sku": best.sku, "score": best.score, "reason": reasons(&best.reasons),
                "against": reasons(&best.against), "kind": line.kind.name(), "name": line.row.name,
                "spec_name": line.row.spec_name, "waiting": line.waiting,
            }))
        })
        .collect()
}

fn shown(found: &StoreMatch) -> String {
    let rows: Vec<Vec<String>> = found
        .lines
        .iter()
        .filter(|line| line.kind != MatchKind::Sure)
        .take(20)
        .map(|line| {
            let best = line.candidates.first();
            let product = best.and_then(|best| found.products.get(&best.product));
            vec![
                line.row.id.to_string(),
                format!("{} {}", line.row.name, line.row.spec_name),
                best.map_or_else(String::new, |best| best.sku.to_string()),
                product.map(|product| product.name.clone()).unwrap_or_default(),
                best.map_or_else(String::new, |best| format!("{:.0}%", best.score * 100.0)),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    table(&["门店商品", "名称", "规格编号", "商品库", "把握"], &rows)
}

/// Reasons in words, apart by semicolons.
pub(super) fn reasons(reasons: &[Reason]) -> String {
    let texts: Vec<String> = reasons
        .iter()
        .map(|reason| words::reason(&reason.code, &reason.params))
        .collect();
    texts.join("；")
}

fn refusal(refusal: &Refusal) -> Value {
    json!({ "listing_sku": refusal.listing_sku, "sku": refusal.sku, "id": refusal.code,
        "message": words::finding(refusal.code, &refusal.params) })
}

pub(crate) async fn bind(place: &Place, listing_sku: i64, sku: i64) -> Done {
    let engine = place.write()?;
    let pair: Pair = (ListingSkuId(listing_sku), SkuId(sku));
    check_pair(&engine, pair)?;
    let report = engine.bind_pairs(&[pair], true).await?;
    let refused: Vec<Value> = report.refused.iter().map(refusal).collect();
    let pushed = if report.repushed > 0 {
        engine.push_due().await?.pushed
    } else {
        0
    };
    let document = json!({ "bound": report.bound, "batch": report.batch, "repushed": report.repushed,
        "pushed": pushed, "refused": refused });
    let text = match refused.first() {
        None => format!(
            "已绑定；重推等着它的订单 {} 单，进 ERP {pushed} 单",
            report.repushed
        ),
        Some(one) => one["message"].as_str().unwrap_or_default().to_owned(),
    };
    Ok(Outcome::judged(document, text, refused.is_empty()))
}

fn check_pair(engine: &Engine, (listing_sku, sku): Pair) -> Result<(), Failure> {
    engine.db().read(|c| {
        storage::listing::sku(c, listing_sku)?;
        storage::product::sku_of(c, sku)
    })?;
    Ok(())
}
