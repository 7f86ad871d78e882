//! `bindings`: what is bound, out into a sheet and in again.

use crate::data::{self, Place, file_name};
use crate::outcome::{Done, Outcome};
use crate::table::add;
use crate::words;
use clap::Subcommand;
use engine::matching::sheet::BindingsReport;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// 绑定表的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 导出为 .xlsx 或 .csv
    Export {
        /// 写到哪个文件
        file: PathBuf,
        /// 只导出这家门店，可以写几次；不写则导出全部
        #[arg(long)]
        store: Vec<i64>,
    },
    /// 从 xlsx、xls 或 csv 导入；已经绑了别的不动
    Import {
        /// 绑定表
        file: PathBuf,
        /// 只看会怎样，不写入
        #[arg(long)]
        dry_run: bool,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Export { file, store } => export(place, &file, &store).await,
        Command::Import { file, dry_run } => import(place, &file, dry_run).await,
    }
}

async fn export(place: &Place, file: &Path, stores: &[i64]) -> Done {
    let engine = place.read()?;
    let mut named = Vec::with_capacity(stores.len());
    for store in stores {
        named.push(data::store(&engine, *store)?);
    }
    let rows = engine.export_bindings(file, &named).await?;
    let text = format!("写了 {rows} 条绑定到 {}", file_name(file));
    Ok(Outcome::well(json!({ "file": file, "rows": rows }), text))
}

async fn import(place: &Place, file: &Path, dry_run: bool) -> Done {
    if dry_run {
        let report = place.read()?.preview_bindings(file).await?;
        return Ok(told(&report, true, 0));
    }
    let engine = place.write()?;
    let report = engine.import_bindings(file).await?;
    let pushed = if report.repushed > 0 {
        engine.push_due().await?.pushed
    } else {
        0
    };
    Ok(told(&report, false, pushed))
}

fn told(report: &BindingsReport, dry_run: bool, pushed: usize) -> Outcome {
    let mut text = format!(
        "{}{} 行：绑定 {}，已经绑好 {}，没有采用 {}\n",
        if dry_run { "（预览）" } else { "" },
        report.rows,
        report.bound,
        report.unchanged,
        report.rejected.len()
    );
    let mut rejected: Vec<Value> = Vec::with_capacity(report.rejected.len());
    for (at, one) in report.rejected.iter().enumerate() {
        let params = [("value".to_owned(), one.value.clone())].into();
        let why = words::other(&format!("bindings.{}", one.fault.name()), &params);
        if at < 50 {
            add(&mut text, format_args!("第 {} 行：{why}\n", one.row));
        }
        rejected
            .push(json!({ "row": one.row, "reason": one.fault.name(), "value": one.value, "message": why }));
    }
    let document = json!({
        "rows": report.rows, "bound": report.bound, "unchanged": report.unchanged, "rejected": rejected,
        "batch": report.batch, "repushed": report.repushed, "pushed": pushed, "applied": !dry_run,
    });
    Outcome::judged(document, text, report.rejected.is_empty())
}
