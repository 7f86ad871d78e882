//! `exceptions`: orders that the ERP did not take, why, and pushing them again.

use super::listings::reasons;
use super::orders::by_number;
use super::preflight::remedies;
use crate::data::Place;
use crate::outcome::{Done, Failure, Outcome};
use crate::table::add;
use crate::words;
use clap::{Args, Subcommand};
use domain::finding::Remedy;
use domain::reason::Reason;
use engine::Engine;
use engine::orders::{RepushReport, Scope};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use storage::exception::{ExceptionRow, Which};

/// 异常订单的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 列出异常订单和每种原因的数量
    List,
    /// 解释一个异常订单：对了哪些字段、差在哪里、能怎么办
    Explain {
        /// 订单号
        order: String,
    },
    /// 修复一种原因下有把握修的，然后重推；或给一个订单指定 ERP 商品
    Fix(Fix),
    /// 重推
    Repush(Repush),
}

/// What to fix.
#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// 原因，例如 F01b
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "order",
        conflicts_with = "order"
    )]
    cause: Option<String>,
    /// 一个订单号，和 --item-code 一起用
    #[arg(long, value_name = "NUMBER", requires = "item_code")]
    order: Option<String>,
    /// 这个订单的商品在 ERP 里的系统编码
    #[arg(long, value_name = "CODE", requires = "order")]
    item_code: Option<String>,
}

/// Which exceptions to push again.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Repush {
    /// 订单号
    orders: Vec<String>,
    /// 一种原因的全部
    #[arg(long, value_name = "ID")]
    cause: Option<String>,
    /// 全部
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::List => list(&place.read()?),
        Command::Explain { order } => explain(&place.read()?, &order),
        Command::Fix(Fix {
            order: Some(order),
            item_code: Some(code),
            ..
        }) => relink(&place.write()?, &order, code).await,
        Command::Fix(Fix { cause, .. }) => fix(&place.write()?, &cause.unwrap_or_default()).await,
        Command::Repush(which) => repush(&place.write()?, which).await,
    }
}

/// The part of a stored cause that is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct StoredCause {
    evidence: Vec<Reason>,
    remedies: Vec<Remedy>,
}

fn list(engine: &Engine) -> Done {
    let mut by_cause: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    let groups = engine.exception_groups(&[])?;
    let of_group: BTreeMap<&str, &[Remedy]> = groups
        .iter()
        .map(|group| (group.cause.as_str(), group.remedies.as_slice()))
        .collect();
    for row in engine.db().read(|c| storage::exception::list(c, &Which::All))? {
        let order = engine.db().read(|c| storage::order::get(c, row.order))?;
        *by_cause.entry(row.cause.clone()).or_default() += 1;
        // A group's remedies are those of its first order; an order's own evidence may know better.
        let stored = first_cause(&row.evidence);
        let whole = of_group.get(row.cause.as_str()).copied().unwrap_or_default();
        let meant = if stored.remedies.is_empty() {
            whole
        } else {
            &stored.remedies
        };
        rows.push(exception_json(
            &row,
            &order.number,
            &stored.evidence,
            meant,
            order.store.0,
        ));
    }
    let mut text = String::new();
    for (cause, count) in &by_cause {
        add(
            &mut text,
            format_args!("{cause} {}：{count} 单\n", words::group(cause)),
        );
    }
    if by_cause.is_empty() {
        text.push_str("没有异常订单\n");
    }
    Ok(Outcome::well(
        json!({ "exceptions": rows, "by_cause": by_cause }),
        text,
    ))
}

fn first_cause(evidence: &str) -> StoredCause {
    let causes: Vec<StoredCause> = serde_json::from_str(evidence).unwrap_or_default();
    causes.into_iter().next().unwrap_or_default()
}

fn exception_json(
    row: &ExceptionRow,
    number: &str,
    evidence: &[Reason],
    meant: &[Remedy],
    store: i64,
) -> Value {
    let evidence: Vec<Value> = evidence
        .iter()
        .map(|reason| {
            json!({ "code": reason.code, "params": reason.params, "message": reasons(std::slice::from_ref(reason)) })
        })
        .collect();
    json!({
        "order": number, "cause": row.cause, "message": words::finding(&row.cause, &row.params),
        "evidence": evidence, "remedies": remedies(meant), "store": store, "raw": row.raw, "since": row.since,
        "stopped": row.stopped, "params": row.params,
    })
}

fn explain(engine: &Engine, number: &str) -> Done {
    let mut rows = Vec::new();
    let mut text = String::new();
    for order in by_number(engine, number)? {
        if engine
            .db()
            .read(|c| storage::exception::get(c, order.id))?
            .is_none()
        {
            continue;
        }
        let told = engine.explain(order.id)?;
        let stored = first_cause(&told.exception.evidence);
        let mut document = exception_json(
            &told.exception,
            &told.number,
            &stored.evidence,
            &told.remedies,
            order.store.0,
        );
        let fields: Vec<Value> = told
            .fields
            .iter()
            .map(|row| {
                json!({ "field": row.field, "order": row.order, "listing": row.listing,
                    "first_push": row.first_push, "repush": row.repush })
            })
            .collect();
        let causes: Vec<Value> = told
            .causes
            .iter()
            .map(|cause| {
                json!({ "cause": cause.id, "confidence": cause.confidence,
                    "message": words::finding(&cause.id, &cause.params) })
            })
            .collect();
        document["line"] = json!(told.line_name);
        document["fields"] = json!(fields);
        document["first_push_hits"] = json!(told.first_hits);
        document["repush_hits"] = json!(told.repush_hits);
        document["causes"] = json!(causes);
        text.push_str(&explained(&document));
        rows.push(document);
    }
    if rows.is_empty() {
        return Err(Failure::refused(
            "no_exception",
            format!("订单 {number} 不是异常订单"),
        ));
    }
    Ok(Outcome::well(json!({ "exceptions": rows }), text))
}

fn explained(document: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = format!("{} {}\n", text(&document["cause"]), text(&document["message"]));
    for field in document["fields"].as_array().into_iter().flatten() {
        add(
            &mut out,
            format_args!(
                "  {}：订单「{}」，门店商品「{}」\n",
                text(&field["field"]),
                text(&field["order"]),
                text(&field["listing"])
            ),
        );
    }
    for remedy in document["remedies"].as_array().into_iter().flatten() {
        add(&mut out, format_args!("  可以：{}\n", text(&remedy["label"])));
    }
    out
}

async fn fix(engine: &Engine, cause: &str) -> Done {
    let report = engine.fix_cause(cause, None, &Scope::default()).await?;
    let left: Vec<Value> = report
        .left
        .iter()
        .map(|(order, cause)| json!({ "order": order, "cause": cause, "message": words::group(cause) }))
        .collect();
    let mut outcome = repushed(&report.repush);
    outcome.text = format!(
        "修好 {} 处，要人处理 {} 单；{}",
        report.fixed,
        left.len(),
        outcome.text
    );
    outcome.document["fixed"] = json!(report.fixed);
    outcome.ok &= left.is_empty();
    outcome.document["left"] = json!(left);
    Ok(outcome)
}

/// The manager picked the ERP item that an order's product is.
async fn relink(engine: &Engine, number: &str, code: String) -> Done {
    let mut all = RepushReport::default();
    for order in by_number(engine, number)? {
        let exception = engine.db().read(|c| storage::exception::get(c, order.id))?;
        if let Some(sku) = exception.and_then(|row| row.sku) {
            let remedy = Remedy::RelinkErp {
                sku,
                item_code: Some(code.clone()),
            };
            all.absorb(engine.run_remedy(&remedy).await?.repush);
        }
    }
    Ok(repushed(&all))
}

async fn repush(engine: &Engine, which: Repush) -> Done {
    let report = if let Some(cause) = which.cause {
        engine.repush(&Which::Cause(cause)).await?
    } else if which.all {
        engine.repush(&Which::All).await?
    } else {
        let mut meant = Vec::new();
        for number in &which.orders {
            meant.extend(by_number(engine, number)?);
        }
        let mut all = RepushReport::default();
        for order in meant {
            all.absorb(engine.repush_order(order.id).await?);
        }
        all
    };
    Ok(repushed(&report))
}

fn repushed(report: &RepushReport) -> Outcome {
    let failed: Vec<Value> = report
        .failed
        .iter()
        .map(|(order, cause)| json!({ "order": order, "cause": cause, "message": words::group(cause) }))
        .collect();
    let mut text = format!("进 ERP {} 单，仍是异常 {} 单", report.pushed.len(), failed.len());
    if !report.waiting.is_empty() {
        add(&mut text, format_args!("，等待 {} 单", report.waiting.len()));
    }
    if !report.closed.is_empty() {
        add(&mut text, format_args!("，已关闭 {} 单", report.closed.len()));
    }
    if report.undecided > 0 {
        add(
            &mut text,
            format_args!("，结果未知、要人决定 {} 单", report.undecided),
        );
    }
    let ok = failed.is_empty() && report.waiting.is_empty() && report.undecided == 0;
    let document = json!({
        "pushed": report.pushed.len(), "failed": failed, "orders": report.pushed, "waiting": report.waiting,
        "closed": report.closed, "undecided": report.undecided,
    });
    Outcome::judged(document, text, ok)
}
