//! `simulator`: the simulated platforms and ERP on a loopback port.

use super::sheet_rows::rows;
use crate::outcome::{Done, Failure, Outcome, line};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use sheets::{Code, ProductRow};
use sim::scenario::{Scenario, ScenarioItem};
use sim::{SimClock, Simulator, World};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// 模拟器的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 在本机端口上提供服务，直到被停止；开始后在标准输出写一行 JSON
    Serve(Serve),
    /// 给演示商品画图片，其中一些故意不合格；文件名就是商品表里的图片名，没有就用商品编码
    Pictures(Pictures),
}

/// Which pictures to draw.
#[derive(Debug, Args)]
pub(crate) struct Pictures {
    /// 写到哪个文件夹
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 给这张商品表画；不写则给演示商品库画
    #[arg(long, value_name = "FILE")]
    library: Option<PathBuf>,
    /// 最多画几张
    #[arg(long, default_value_t = 1_000)]
    limit: usize,
}

/// What to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// 端口；0 由系统挑一个
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// 随机种子：同一个种子得到同一个世界
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 从这张商品表派生平台上的商品
    #[arg(long, value_name = "FILE", conflicts_with = "scenario")]
    library: Option<PathBuf>,
    /// 场景文件，JSON 或 TOML
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// 每秒能调用多少次：stated 按各平台公布的或假定的限流（写在开始时的那行 JSON 里），none 不限
    #[arg(long, value_enum, default_value_t = Quotas::Stated)]
    quotas: Quotas,
}

/// Whether calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Quotas {
    Stated,
    None,
}

pub(crate) async fn run(command: Command) -> Done {
    match command {
        Command::Serve(options) => serve(options).await,
        Command::Pictures(options) => pictures(&options),
    }
}

async fn serve(options: Serve) -> Done {
    let scenario = scenario(&options)?;
    // The port is known only once the simulator listens, and pictures carry it in their addresses.
    let simulator = Simulator::new(World::new(scenario.seed, SimClock::Real));
    let serving = simulator.serve(options.port).await.map_err(|error| {
        Failure::refused("port_unusable", format!("端口 {} 不能用：{error}", options.port))
    })?;
    let base = serving.base_url();
    let built = scenario
        .build(scenario.clock(), &base)
        .map_err(|error| unreadable(&error))?;
    let mut world = built.world;
    if options.quotas == Quotas::Stated {
        world.enforce_stated_quotas();
    }
    simulator.replace(world);
    simulator.remember(scenario);
    let announced = serde_json::to_string(&simulator.announcement(&base));
    let announced = announced.map_err(|error| Failure::broken("internal", &error))?;
    line(&announced).map_err(|error| Failure::broken("output", &error))?;
    serving
        .run()
        .await
        .map_err(|error| Failure::broken("simulator_ended", &error))?;
    Ok(Outcome::well(Value::Null, ""))
}

fn pictures(options: &Pictures) -> Done {
    let mut items = match &options.library {
        Some(path) => items(path)?,
        None => Scenario::demo(1).map_err(|error| unreadable(&error))?.items,
    };
    let mut seen = HashSet::new();
    for item in &mut items {
        if item.picture.is_empty() && !item.item_code.is_empty() {
            item.picture = format!("{}.jpg", item.item_code);
        }
    }
    items.retain(|item| !item.picture.is_empty());
    items.retain(|item| {
        seen.contains(&item.picture) || (seen.len() < options.limit && seen.insert(item.picture.clone()))
    });
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::refused(
            "file_unusable",
            format!("写不了 {}：{error}", options.out.display()),
        )
    };
    std::fs::create_dir_all(&options.out).map_err(|error| unusable(&error))?;
    let written =
        sim::pictures::write_demo_pictures(&items, &options.out).map_err(|error| unusable(&error))?;
    let faulty: Vec<Value> = written
        .faulty
        .iter()
        .map(|(file, fault)| json!({ "file": file, "fault": fault }))
        .collect();
    let text = format!(
        "已画 {} 张图片，其中 {} 张故意不合格，放在 {}",
        written.files,
        faulty.len(),
        options.out.display()
    );
    let document = json!({ "files": written.files, "bytes": written.bytes, "faulty": faulty });
    Ok(Outcome::well(document, text))
}

fn unreadable(error: &dyn std::fmt::Display) -> Failure {
    Failure::refused("scenario_unreadable", format!("场景不能用：{error}"))
}

fn scenario(options: &Serve) -> Result<Scenario, Failure> {
    if let Some(path) = &options.scenario {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::refused("file_unusable", format!("读不了 {}：{error}", path.display()))
        })?;
        return Scenario::read(&text).map_err(|error| unreadable(&error));
    }
    match &options.library {
        Some(path) => Ok(Scenario::from_items(options.seed, items(path)?)),
        None => Scenario::demo(options.seed).map_err(|error| unreadable(&error)),
    }
}

fn items(path: &Path) -> Result<Vec<ScenarioItem>, Failure> {
    let rows = rows(path)?;
    if rows.is_empty() {
        return Err(Failure::refused(
            "no_products",
            format!("{} 里没有商品", path.display()),
        ));
    }
    // Rows of one product carry the number of its first row.
    let mut sizes: HashMap<_, usize> = HashMap::new();
    for row in &rows {
        *sizes.entry(row.group).or_default() += 1;
    }
    let alone = |row: &ProductRow| sizes.get(&row.group) == Some(&1);
    let text = |code: &Option<Code>| code.as_ref().map(|code| code.text.clone()).unwrap_or_default();
    Ok(rows
        .iter()
        .map(|row| {
            let (item_code, barcode) = (text(&row.item_code), text(&row.barcode));
            ScenarioItem {
                spu: if row.spu.is_empty() && !alone(row) {
                    format!("R{}", row.group)
                } else {
                    row.spu.clone()
                },
                name: row.name.clone(),
                spec_name: row.spec_text.clone(),
                item_code: if item_code.is_empty() {
                    barcode.clone()
                } else {
                    item_code
                },
                barcode,
                category: row.category.join("/"),
                price_fen: row.price_fen.unwrap_or(0),
                cost_fen: row.cost_fen.unwrap_or(0),
                unit: row.unit.clone(),
                base_quantity: row
                    .base_quantity
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(1)
                    .max(1),
                stock: row.stock.unwrap_or(0),
                picture: row.picture.clone(),
            }
        })
        .collect())
}
