//! `pictures`: pictures of library products, put to them by file name and repaired for the platforms that sell them.

use crate::data::Place;
use crate::outcome::{Done, Outcome};
use crate::table::add;
use crate::words;
use clap::Subcommand;
use domain::id::ProductId;
use engine::library::pictures::{PictureFailure, PicturesOutcome};
use serde_json::{Value, json};
use std::path::PathBuf;

/// So many names are told to a person; the document holds all.
const TOLD: usize = 20;

/// 商品图片的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 把一个文件夹里的图片配到商品上
    ///
    /// 先按商品表里写的图片名，再按文件名里的商品编码或条码；名字后面的 -1、_2、(3) 是第几张。原图都留着。
    Import {
        /// 图片文件夹，里面的文件夹也看
        folder: PathBuf,
    },
    /// 按每个商品要去的平台修图：补成方形、压到大小以内、转成平台要的颜色；可以撤销
    Repair {
        /// 只修这些商品，library list 给出的 id；可以写多次，不写则全部
        #[arg(long = "product", value_name = "ID")]
        products: Vec<i64>,
        /// 太小的也放大，放大会变模糊
        #[arg(long)]
        allow_enlarge: bool,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Import { folder } => {
            let outcome = place.write()?.import_pictures(&folder).await?;
            Ok(told(&outcome, "added", "配上"))
        }
        Command::Repair {
            products,
            allow_enlarge,
        } => {
            let products: Vec<ProductId> = products.into_iter().map(ProductId).collect();
            let outcome = place.write()?.repair_pictures(&products, allow_enlarge).await?;
            Ok(told(&outcome, "repaired", "修好"))
        }
    }
}

/// `count` names how many pictures there are in the document, `done` what was done to them.
fn told(outcome: &PicturesOutcome, count: &str, done: &str) -> Outcome {
    let failed: Vec<Value> = outcome.failed.iter().map(failure).collect();
    let mut text = format!(
        "{done} {} 张，不能用 {} 张，没有对应商品 {} 张\n",
        outcome.added,
        failed.len(),
        outcome.unmatched.len()
    );
    for one in failed.iter().take(TOLD) {
        let field = |name: &str| one[name].as_str().unwrap_or_default();
        add(
            &mut text,
            format_args!("{}：{}\n", field("file"), field("message")),
        );
    }
    for file in outcome.unmatched.iter().take(TOLD) {
        add(&mut text, format_args!("{file}：没有商品用这个编码\n"));
    }
    let document = json!({
        count: outcome.added, "unmatched": outcome.unmatched, "failed": failed, "batch": outcome.batch,
    });
    Outcome::judged(document, text, failed.is_empty() && outcome.unmatched.is_empty())
}

fn failure(failure: &PictureFailure) -> Value {
    json!({ "file": failure.name, "id": failure.code, "message": message(failure) })
}

fn message(failure: &PictureFailure) -> String {
    if failure.code.starts_with("IMG") {
        return words::finding(&failure.code, &failure.params);
    }
    let own = format!("picture.{}", failure.code);
    let text = words::other(&own, &failure.params);
    if text == own {
        words::error(&failure.code, &failure.params).unwrap_or_else(|| failure.code.clone())
    } else {
        text
    }
}
