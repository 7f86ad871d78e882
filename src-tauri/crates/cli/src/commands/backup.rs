//! `backup`: copies that are read back before they count, and the way back.

use crate::data::Place;
use crate::outcome::{Done, Outcome};
use clap::Subcommand;
use engine::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use std::path::PathBuf;
use storage::backup::Backup;

/// 备份的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 创建一份并马上核对
    Create,
    /// 核对一份备份
    Verify {
        /// 备份文件
        file: PathBuf,
    },
    /// 用一份备份替换现在的数据；现在的数据会先留一份
    Restore {
        /// 备份文件
        file: PathBuf,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Create => {
            let made = place.read()?.backup().await?;
            Ok(Outcome::well(
                document(&made),
                format!("备份好了：{}", made.path.display()),
            ))
        }
        Command::Verify { file } => {
            let checked = storage::backup::verify(&file)?;
            Ok(Outcome::well(
                document(&checked),
                format!("备份完好：{} 个商品，{} 个订单", checked.products, checked.orders),
            ))
        }
        Command::Restore { file } => {
            let restored = engine::doctor::backup::restore(&place.folder, &file, SystemClock.now())?;
            Ok(Outcome::well(
                document(&restored),
                format!("已恢复：{} 个商品，{} 个订单", restored.products, restored.orders),
            ))
        }
    }
}

fn document(backup: &Backup) -> Value {
    json!({ "path": backup.path.to_string_lossy(), "bytes": backup.bytes, "schema": backup.schema,
        "products": backup.products, "orders": backup.orders })
}
