//! `library`: sheets in and out, the list, undo and history.

use crate::data::{Place, file_name};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::{add, table, yuan};
use crate::words;
use clap::Subcommand;
use domain::id::{BatchId, CategoryId};
use domain::product::{Product, Sku};
use engine::Engine;
use engine::library::catalog::Filter;
use engine::library::import::{ImportReport, Mapping};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// 商品库的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 从 xlsx、xls 或 csv 导入
    Import {
        /// 商品表
        file: PathBuf,
        /// 只看会怎样，不写入
        #[arg(long)]
        dry_run: bool,
        /// 列的对应关系（TOML）；不写则自动识别
        #[arg(long, value_name = "M.toml")]
        mapping: Option<PathBuf>,
    },
    /// 列出商品
    List {
        /// 名称、拼音、编码或条码
        #[arg(long, default_value = "")]
        search: String,
        /// 最多几个
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// 跳过几个
        #[arg(long, default_value_t = 0)]
        offset: usize,
    },
    /// 导出为 .xlsx 或 .csv
    Export {
        /// 写到哪个文件
        file: PathBuf,
        /// 只导出找到的
        #[arg(long, default_value = "")]
        search: String,
    },
    /// 撤销一批改动，不写则撤销最近一批
    Undo {
        /// 批次，history 给出的编号
        batch: Option<i64>,
    },
    /// 最近的改动
    History {
        /// 最多几批
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Import {
            file,
            dry_run,
            mapping,
        } => import(place, &file, dry_run, mapping.as_deref()).await,
        Command::List {
            search,
            limit,
            offset,
        } => list(&place.read()?, search, limit, offset),
        Command::Export { file, search } => export(&place.read()?, &file, search).await,
        Command::Undo { batch } => undo(&place.write()?, batch),
        Command::History { limit } => history(&place.read()?, limit),
    }
}

async fn import(place: &Place, file: &Path, dry_run: bool, mapping: Option<&Path>) -> Done {
    let mapping = match mapping {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::refused("file_unusable", format!("读不了 {}：{error}", file_name(path)))
            })?;
            Mapping::from_toml(&text).map_err(engine::error::EngineError::from)?
        }
        None => Mapping::default(),
    };
    let report = if dry_run {
        // A look writes nothing, so it works beside an open window; only a new folder has to be made first.
        let engine = match place.read() {
            Err(failure) if failure.code() == "no_data" => place.write()?,
            opened => opened?,
        };
        engine.import_preview(file, &mapping).await?
    } else {
        place.write()?.import_run(file, &mapping).await?
    };
    Ok(imported(&report, dry_run))
}

fn imported(report: &ImportReport, dry_run: bool) -> Outcome {
    let rejected: Vec<Value> = report
        .rejected
        .iter()
        .map(|one| {
            json!({ "row": one.row, "column": one.column, "reason": one.reason, "value": one.value,
                "whole_row": one.whole_row })
        })
        .collect();
    let mut text = format!(
        "{}{} 行：新增 {}，修改 {}，没有变化 {}，没有采用 {}\n",
        if dry_run { "（预览）" } else { "" },
        report.rows,
        report.created,
        report.updated,
        report.unchanged,
        rejected.len()
    );
    for one in report.rejected.iter().take(50) {
        add(
            &mut text,
            format_args!(
                "第 {} 行 {}：{}（{}）\n",
                one.row,
                one.column,
                words::other(
                    &format!("import.{}", one.reason),
                    &[("value".to_owned(), one.value.clone())].into()
                ),
                one.value
            ),
        );
    }
    let ok = rejected.is_empty();
    let document = json!({
        "rows": report.rows, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "rejected": rejected, "skipped": report.skipped, "batch": report.batch, "dry_run": dry_run,
    });
    Outcome::judged(document, text, ok)
}

fn list(engine: &Engine, search: String, limit: usize, offset: usize) -> Done {
    let filter = Filter {
        search,
        ..Filter::default()
    };
    let found = engine.library_find(&filter, &HashSet::new())?;
    let ids: Vec<_> = found.ids.iter().copied().skip(offset).take(limit).collect();
    let products = engine.library_products(&ids)?;
    let paths = engine.db().read(storage::category::paths)?;
    let rows: Vec<Value> = products
        .iter()
        .map(|product| product_row(product, &paths))
        .collect();
    let shown: Vec<Vec<String>> = products
        .iter()
        .flat_map(|product| product.skus.iter().map(move |sku| sku_line(product, sku)))
        .collect();
    let total = found.ids.len();
    let text = format!(
        "{}共 {total} 个商品\n",
        table(
            &["编号", "商品名称", "规格", "商品编码", "规格编码", "售价", "库存"],
            &shown
        )
    );
    Ok(Outcome::well(json!({ "total": total, "products": rows }), text))
}

fn product_row(product: &Product, paths: &HashMap<CategoryId, Vec<String>>) -> Value {
    let category = product.category.and_then(|id| paths.get(&id));
    let skus: Vec<Value> = product
        .skus
        .iter()
        .map(|sku| {
            json!({ "id": sku.id, "spec_name": sku.spec_name, "size_text": sku.size_text,
                "item_code": sku.item_code, "barcode": sku.barcode, "unit": sku.unit,
                "price_fen": sku.price.map(|price| price.0), "stock": sku.stock })
        })
        .collect();
    json!({ "id": product.id, "name": product.name,
        "category": category.map(|path| path.join(">")).unwrap_or_default(), "skus": skus })
}

fn sku_line(product: &Product, sku: &Sku) -> Vec<String> {
    vec![
        sku.id.to_string(),
        product.name.clone(),
        sku.spec_name.clone(),
        sku.item_code.clone(),
        sku.barcode.clone(),
        sku.price.map_or_else(String::new, |price| yuan(price.0)),
        sku.stock.map_or_else(String::new, |stock| stock.to_string()),
    ]
}

async fn export(engine: &Engine, file: &Path, search: String) -> Done {
    let filter = Filter {
        search,
        ..Filter::default()
    };
    let rows = engine.export_library(file, &filter, &HashSet::new()).await?;
    let document = json!({ "file": file.to_string_lossy(), "rows": rows });
    Ok(Outcome::well(
        document,
        format!("已导出 {rows} 行到 {}", file.display()),
    ))
}

fn undo(engine: &Engine, batch: Option<i64>) -> Done {
    let undone = engine.undo(batch.map(BatchId))?;
    let title = words::other(&undone.of.title, &undone.of.params);
    let document =
        json!({ "batch": undone.batch, "undone": undone.of.id, "rows": undone.rows, "title": title });
    Ok(Outcome::well(
        document,
        format!("已撤销「{title}」，恢复 {} 处", undone.rows),
    ))
}

fn history(engine: &Engine, limit: i64) -> Done {
    let batches = engine.history(None, None, limit)?;
    let rows: Vec<Value> = batches
        .iter()
        .map(|row| {
            json!({ "batch": row.id, "at": row.at, "actor": row.actor, "origin": row.origin, "title": row.title,
                "message": words::other(&row.title, &row.params), "changes": row.changes, "undone": row.undone })
        })
        .collect();
    let shown: Vec<Vec<String>> = batches
        .iter()
        .map(|row| {
            let undone = if row.undone { "已撤销" } else { "" };
            let title = words::other(&row.title, &row.params);
            vec![
                row.id.to_string(),
                title,
                row.changes.to_string(),
                undone.to_owned(),
            ]
        })
        .collect();
    Ok(Outcome::well(
        json!({ "batches": rows }),
        table(&["批次", "改动", "处数", ""], &shown),
    ))
}
