//! `erp`: the ERP's items, and moving from one ERP to another.

use crate::data::Place;
use crate::outcome::{Done, Outcome};
use crate::table::{add, table};
use crate::words;
use clap::{Args, Subcommand};
use domain::id::{AccountId, SkuId};
use engine::Engine;
use engine::erp_move::{ErpMove, ErpMovePlan, MovedSku, Way};
use serde_json::{Value, json};
use std::fmt::Write as _;
use storage::account::AccountKind;

/// ERP 的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 列出 ERP 账号，和上次读取商品、库存的时间
    List,
    /// 读取 ERP 的全部商品；不见了的编码会列出来
    Pull {
        /// ERP 账号，erp list 给出的编号
        account: i64,
    },
    /// 重新授权：新的凭据从标准输入读一个 JSON 对象
    Authorize {
        /// ERP 账号
        account: i64,
        /// 在 ERP 的授权页面上同意，不用填令牌；给出页面地址并等待
        #[arg(long)]
        page: bool,
        /// 同意后把浏览器停下的网址（或 code）贴到标准输入；应用的回调地址不在本机时用
        #[arg(long, requires = "page")]
        paste: bool,
    },
    /// 从一个 ERP 搬到另一个：商品编码按条码、编码、名称重新对上，门店换成新 ERP 的编号
    ///
    /// 已进旧 ERP 的订单留在旧 ERP，不会再推到新的；等待中的订单推到新的。搬完可以用 library undo 撤销。
    Move(Move),
}

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// 新的 ERP 账号
    #[arg(long, value_name = "ACCOUNT")]
    to: i64,
    /// 旧的 ERP 账号；门店只对接着一个时不用写
    #[arg(long, value_name = "ACCOUNT")]
    from: Option<i64>,
    /// 线下门店编号：旧的=新的，例如 `1001=8801`；可以写多次
    #[arg(long = "branch", value_name = "OLD=NEW", value_parser = super::store::setting)]
    branches: Vec<(String, String)>,
    /// 给没有把握的商品指定编码：规格=编码，规格是 library list 给出的 sku id；可以写多次
    #[arg(long = "choose", value_name = "SKU=CODE", value_parser = choice)]
    choices: Vec<(i64, String)>,
    /// 只看会怎么变，不写
    #[arg(long)]
    dry_run: bool,
}

fn choice(text: &str) -> Result<(i64, String), String> {
    let (sku, code) = super::store::setting(text)?;
    let sku = sku.parse().map_err(|_| "规格要写 sku id".to_owned())?;
    Ok((sku, code))
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::List => list(&place.read()?),
        Command::Pull { account } => pull(&place.write()?, AccountId(account)).await,
        Command::Authorize { account, page, paste } => {
            authorize(&place.write()?, AccountId(account), page, paste).await
        }
        Command::Move(wanted) => go(&place.write()?, wanted).await,
    }
}

fn list(engine: &Engine) -> Done {
    let (accounts, stores) = engine
        .db()
        .read(|c| Ok((storage::account::all(c)?, storage::store::all(c)?)))?;
    let now = engine.now();
    let (mut rows, mut shown) = (Vec::new(), Vec::new());
    for account in accounts.iter().filter(|one| one.kind == AccountKind::Erp) {
        let linked = stores
            .iter()
            .filter(|row| row.store.erp_account == Some(account.id))
            .count();
        let stock = engine
            .db()
            .read(|c| storage::erp_cache::stock_read_at(c, account.id, None))?;
        let old = |at: Option<i64>| at.map(|at| engine.erp_cache_is_old(at));
        rows.push(json!({
            "account": account.id, "service": account.service, "name": account.name, "state": account.state,
            "stores": linked, "items_read_at": account.items_read_at, "items_old": old(account.items_read_at),
            "stock_read_at": stock, "stock_old": old(stock),
        }));
        let age = |at: Option<i64>| {
            let age = at.map_or("还没读取".to_owned(), |at| words::age(now - at));
            if old(at) == Some(true) {
                format!("{age}（旧了）")
            } else {
                age
            }
        };
        shown.push(vec![
            account.id.to_string(),
            account.service.clone(),
            account.name.clone(),
            linked.to_string(),
            age(account.items_read_at),
            age(stock),
        ]);
    }
    let text = table(&["账号", "ERP", "名称", "门店", "商品", "库存"], &shown);
    Ok(Outcome::well(json!({ "accounts": rows }), text))
}

async fn pull(engine: &Engine, account: AccountId) -> Done {
    let read = engine.pull_erp_items(account).await?;
    let mut text = format!("读到 {} 个 ERP 商品", read.items);
    if !read.vanished.is_empty() {
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "；{} 个编码不见了：{}",
            read.vanished.len(),
            read.vanished.join("、")
        );
    }
    Ok(Outcome::well(json!(read), text))
}

async fn authorize(engine: &Engine, account: AccountId, page: bool, paste: bool) -> Done {
    if page {
        super::store::agree(engine, account, paste).await?;
    } else {
        engine.authorize(account, super::store::credentials()?).await?;
    }
    Ok(Outcome::well(json!({ "account": account }), "已授权"))
}

async fn go(engine: &Engine, wanted: Move) -> Done {
    let request = ErpMove {
        from: wanted.from.map(AccountId),
        to: AccountId(wanted.to),
        branches: wanted.branches.into_iter().collect(),
        choices: wanted
            .choices
            .into_iter()
            .map(|(sku, code)| (SkuId(sku), code))
            .collect(),
    };
    let plan = engine.erp_move_plan(&request).await?;
    let (mut document, mut text) = (planned(&plan), told(&plan));
    let mut ok = plan.found(Way::Ambiguous) + plan.found(Way::None) == 0
        && plan.branches.iter().all(|branch| branch.new.is_some());
    if !wanted.dry_run {
        let moved = engine.erp_move(&request).await?;
        // The orders that waited go now, as they would in the next round.
        let pushed = engine.push_due().await?;
        ok &= pushed.exceptions == 0;
        document["moved"] = json!({ "batch": moved.batch, "relinked": moved.relinked, "stores": moved.stores,
            "repushed": moved.repushed, "pushed": pushed.pushed, "exceptions": pushed.exceptions });
        add(
            &mut text,
            format_args!(
                "已搬：{} 个编码改了，{} 家门店换了 ERP；推送 {} 单，异常 {} 单\n",
                moved.relinked, moved.stores, pushed.pushed, pushed.exceptions
            ),
        );
    }
    Ok(Outcome::judged(document, text, ok))
}

fn planned(plan: &ErpMovePlan) -> Value {
    let rows = |way: Way| -> Vec<Value> { plan.skus.iter().filter(|sku| sku.way == way).map(row).collect() };
    json!({
        "from": plan.from, "to": plan.to, "items_read_at": plan.items_read_at,
        "counts": { "barcode": plan.found(Way::Barcode), "code": plan.found(Way::Code), "name": plan.found(Way::Name),
            "chosen": plan.found(Way::Chosen), "ambiguous": plan.found(Way::Ambiguous), "none": plan.found(Way::None) },
        "rows": { "barcode": rows(Way::Barcode), "code": rows(Way::Code), "name": rows(Way::Name),
            "chosen": rows(Way::Chosen), "ambiguous": rows(Way::Ambiguous), "none": rows(Way::None) },
        "branches": plan.branches.iter().map(|branch| json!({ "old": branch.old, "new": branch.new,
            "stores": branch.stores.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>() }))
            .collect::<Vec<_>>(),
        "orders": { "booked": plan.orders.booked, "unsettled": plan.orders.unsettled, "waiting": plan.orders.waiting },
    })
}

fn row(sku: &MovedSku) -> Value {
    json!({ "sku": sku.sku, "name": sku.name, "spec_name": sku.spec_name, "barcode": sku.barcode,
        "old_code": sku.old_code, "new_code": sku.new_code,
        "items": sku.items.iter().map(|item| json!({ "code": item.code, "name": item.name, "barcode": item.barcode }))
            .collect::<Vec<_>>() })
}

fn told(plan: &ErpMovePlan) -> String {
    let mut text = String::new();
    for (way, name) in [
        (Way::Barcode, "按条码对上"),
        (Way::Code, "按编码对上"),
        (Way::Name, "按名称对上"),
        (Way::Chosen, "已指定"),
        (Way::Ambiguous, "有几个可能"),
        (Way::None, "没有对上"),
    ] {
        add(&mut text, format_args!("{name} {}\n", plan.found(way)));
    }
    let unsure = plan
        .skus
        .iter()
        .filter(|sku| matches!(sku.way, Way::Ambiguous | Way::None));
    for sku in unsure {
        let codes: Vec<&str> = sku.items.iter().map(|item| item.code.as_str()).collect();
        add(
            &mut text,
            format_args!(
                "  {} {} {} 旧编码 {}：{}\n",
                sku.sku,
                sku.name,
                sku.spec_name,
                sku.old_code,
                if codes.is_empty() {
                    "新 ERP 里没有".to_owned()
                } else {
                    format!("可能是 {}", codes.join("、"))
                }
            ),
        );
    }
    for branch in plan.branches.iter().filter(|branch| !branch.old.is_empty()) {
        let names: Vec<&str> = branch.stores.iter().map(|(_, name)| name.as_str()).collect();
        add(
            &mut text,
            format_args!(
                "线下门店 {} → {}（{}）\n",
                branch.old,
                branch.new.as_deref().unwrap_or("还没选，用 --branch 指定"),
                names.join("、")
            ),
        );
    }
    add(
        &mut text,
        format_args!(
            "订单：{} 单留在旧 ERP，{} 单先在旧 ERP 查清，{} 单推到新 ERP\n",
            plan.orders.booked, plan.orders.unsettled, plan.orders.waiting
        ),
    );
    text
}
