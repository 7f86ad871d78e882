//! `guitai-cli`: the counter's use cases without a window, for scripts and for support.
//!
//! Every command gives one JSON document with `--json` (logs go to standard error), exits 0 when all is well, 1 when
//! the work ran and some item is not, 2 on wrong usage or refused input. Read first: `commands` for the list,
//! `outcome` for what a command gives.

mod commands;
mod data;
mod outcome;
mod table;
mod words;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// 柜台命令行：和窗口里同样的功能，供脚本和技术支持使用。
///
/// 退出码：0 全部正常；1 已执行，但有项目不正常（文档里写明哪一项、为什么）；2 用法不对或输入被拒绝。
#[derive(Debug, Parser)]
#[command(name = "guitai-cli", version, arg_required_else_help = true)]
struct Options {
    /// 数据文件夹；不写则看环境变量 `GUITAI_DATA_DIR`，再看系统的应用数据文件夹
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// 在标准输出给出一个 JSON 文档，日志写到标准错误
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: commands::Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::try_from_env("GUITAI_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
    let as_json = options.json;
    let done = match data::Place::of(options.data_dir) {
        Ok(place) => Box::pin(commands::run(options.command, &place)).await,
        Err(failure) => Err(failure),
    };
    outcome::conclude(done, as_json)
}
