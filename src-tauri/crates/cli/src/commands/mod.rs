//! The list of commands, one file for each group.

mod backup;
mod bindings;
mod category;
mod doctor;
mod erp;
mod exceptions;
mod goods;
mod images;
mod library;
mod listings;
mod match_files;
mod orders;
mod pictures;
mod preflight;
mod printer;
mod sheet_rows;
mod simulator;
mod stock;
mod store;
mod sync;
mod tasks;
mod vectors;

use crate::data::Place;
use crate::outcome::Done;
use clap::Subcommand;
use std::path::PathBuf;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 商品库：导入、查看、导出、撤销、历史
    #[command(subcommand)]
    Library(library::Command),
    /// 图片：检查和修复
    #[command(subcommand)]
    Images(images::Command),
    /// 商品图片：按文件夹配图、按平台修图
    #[command(subcommand)]
    Pictures(pictures::Command),
    /// 门店与授权
    #[command(subcommand)]
    Store(store::Command),
    /// 读取一家门店的商品
    Pull {
        /// 门店，store add 给出的编号
        store: i64,
    },
    /// 匹配一家门店的商品；加 --apply 绑定有把握的
    Match {
        /// 门店编号
        store: i64,
        /// 绑定有把握的
        #[arg(long)]
        apply: bool,
    },
    /// 把一个门店商品绑定到商品库的规格，并重推等着它的订单
    Bind {
        /// 门店商品的规格，match 给出的 `listing_sku`
        listing_sku: i64,
        /// 商品库的规格，library list 给出的 sku id
        sku: i64,
    },
    /// 门店商品：从平台删除
    #[command(subcommand)]
    Listings(goods::Command),
    /// 绑定表：导出、导入
    #[command(subcommand)]
    Bindings(bindings::Command),
    /// 类目：平台自己的类目，给商品换类目
    #[command(subcommand)]
    Category(category::Command),
    /// 体检：发出之前的全部检查，不需要网络
    Preflight {
        /// 门店编号；不写则检查全部
        store: Option<i64>,
        /// 把这一种问题里有把握的都修好，例如 F39；只改本机的数据，可以撤销
        #[arg(long, value_name = "ID")]
        fix: Option<String>,
    },
    /// 同步：计划、执行、撤销
    #[command(subcommand)]
    Sync(sync::Command),
    /// 两张商品表互相匹配，不需要门店
    ///
    /// 输出的 left、right 是各自文件里的行号，和表格软件显示的一样：表头是第 1 行，第一条数据是第 2 行
    /// （csv 里带换行的格子也按文件的物理行计）。没有把握的行不输出。
    MatchFiles {
        /// 左表，csv 或 xlsx，第一行是表头
        left: PathBuf,
        /// 右表
        right: PathBuf,
    },
    /// 订单：读取、列出、查看
    #[command(subcommand)]
    Orders(orders::Command),
    /// 异常订单：列出、解释、修复、重推
    #[command(subcommand)]
    Exceptions(exceptions::Command),
    /// 库存
    #[command(subcommand)]
    Stock(stock::Command),
    /// ERP：商品、换 ERP
    #[command(subcommand)]
    Erp(erp::Command),
    /// 打印机、小票、打印队列
    #[command(subcommand)]
    Printer(printer::Command),
    /// 任务中心
    #[command(subcommand)]
    Tasks(tasks::Command),
    /// 检查柜台自己：数据库、钥匙串、备份、授权
    Doctor {
        /// 另外导出一份去掉机密的诊断包（zip）
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
    },
    /// 备份：创建、检查、恢复
    #[command(subcommand)]
    Backup(backup::Command),
    /// 模拟的平台、ERP，用来试用和测试
    #[command(subcommand)]
    Simulator(simulator::Command),
    /// 用连接器和模拟器各自的签名代码核对签名样例
    #[command(hide = true)]
    Vectors {
        /// 样例所在的文件夹
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
}

/// Runs one.
pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Library(command) => library::run(command, place).await,
        Command::Images(command) => images::run(&command),
        Command::Pictures(command) => pictures::run(command, place).await,
        Command::Store(command) => store::run(command, place).await,
        Command::Pull { store } => listings::pull(place, store).await,
        Command::Match { store, apply } => listings::match_store(place, store, apply).await,
        Command::Bind { listing_sku, sku } => listings::bind(place, listing_sku, sku).await,
        Command::Listings(command) => goods::run(command, place).await,
        Command::Bindings(command) => bindings::run(command, place).await,
        Command::Category(command) => category::run(command, place).await,
        Command::Preflight { store, fix: None } => preflight::run(place, store),
        Command::Preflight { store, fix: Some(id) } => preflight::fix(place, store, &id).await,
        Command::Sync(command) => sync::run(command, place).await,
        Command::MatchFiles { left, right } => match_files::run(&left, &right),
        Command::Orders(command) => orders::run(command, place).await,
        Command::Exceptions(command) => exceptions::run(command, place).await,
        Command::Stock(command) => stock::run(command, place).await,
        Command::Erp(command) => erp::run(command, place).await,
        Command::Printer(command) => printer::run(command, place).await,
        Command::Tasks(command) => tasks::run(command, place).await,
        Command::Doctor { export } => doctor::run(place, export).await,
        Command::Backup(command) => backup::run(command, place).await,
        Command::Simulator(command) => simulator::run(command).await,
        Command::Vectors { folders } => vectors::run(&folders),
    }
}
