//! `stock`: the ERP's stock to every platform.

use crate::data::{self, Place};
use crate::outcome::{Done, Outcome};
use crate::table::add;
use crate::words;
use clap::Subcommand;
use serde_json::{Value, json};

/// 库存的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 读 ERP 库存，按安全库存规则推送到平台
    Push {
        /// 门店编号；不写则推送全部门店
        store: Option<i64>,
        /// 推送全部，不只是变了的
        #[arg(long)]
        full: bool,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    let Command::Push { store, full } = command;
    let engine = place.write()?;
    let store = store.map(|id| data::store(&engine, id)).transpose()?;
    let stores: Vec<_> = store.into_iter().collect();
    let pushed = engine.push_stock(&stores, full).await?;
    let mut text = String::new();
    let mut ok = true;
    let mut rows: Vec<Value> = Vec::new();
    for row in &pushed {
        let error = row.error.as_ref().map(|(code, params)| {
            let message = words::error(code, params).unwrap_or_else(|| (*code).to_owned());
            json!({ "code": code, "message": message })
        });
        ok &= row.rejected == 0 && error.is_none();
        add(
            &mut text,
            format_args!(
                "{}：推送 {}，被拒绝 {}，不用改 {}，先不推 {}",
                row.name, row.sent, row.rejected, row.same, row.held
            ),
        );
        if let Some(error) = &error {
            add(
                &mut text,
                format_args!("；没推成：{}", error["message"].as_str().unwrap_or_default()),
            );
        }
        text.push('\n');
        rows.push(
            json!({ "store": row.store, "name": row.name, "sent": row.sent, "rejected": row.rejected,
            "same": row.same, "held": row.held, "job": row.job, "error": error }),
        );
    }
    let sum = |of: fn(&engine::stock::push::StockPushed) -> usize| pushed.iter().map(of).sum::<usize>();
    let document = json!({ "stores": rows, "sent": sum(|row| row.sent), "rejected": sum(|row| row.rejected),
        "same": sum(|row| row.same), "held": sum(|row| row.held) });
    Ok(Outcome::judged(document, text, ok))
}
