//! `orders`: reading them, the list, one with its timeline.

use crate::data::{self, Place, say};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::{add, table, yuan};
use crate::words;
use clap::{Args, Subcommand};
use domain::id::{OrderId, StoreId};
use engine::Engine;
use engine::error::EngineError;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use storage::order::OrderRow;
use storage::views::orders::{OrderFilter, OrderListRow, VIEWS, page, total};

/// The newest orders that are compared before and after a reading, to tell what it brought.
const COMPARED: i64 = 20_000;

/// 订单的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 读取订单并推送到 ERP
    Pull {
        /// 门店编号；不写则读取全部门店
        store: Option<i64>,
    },
    /// 和平台的订单列表核对，补回漏掉的
    Compare {
        /// 门店编号
        store: i64,
    },
    /// 列出订单，新的在前
    List(List),
    /// 一个订单的全部：明细、退款、经过
    Show {
        /// 订单号
        number: String,
    },
}

/// Which orders.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// 只看一家门店
    #[arg(long)]
    store: Option<i64>,
    /// 哪一类
    #[arg(long, default_value = "all", value_parser = VIEWS)]
    view: String,
    /// 订单号、#流水号或商品名称
    #[arg(long, default_value = "")]
    search: String,
    /// 最多几个
    #[arg(long, default_value_t = 100)]
    limit: i64,
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Pull { store } => pull(&place.write()?, store).await,
        Command::Compare { store } => compare(&place.write()?, store).await,
        Command::List(which) => list(&place.read()?, which),
        Command::Show { number } => show(&place.read()?, &number),
    }
}

/// What of an order tells that something happened to it.
type Standing = (String, String, String);

fn standing(engine: &Engine, stores: &[StoreId]) -> Result<HashMap<OrderId, Standing>, Failure> {
    let rows = newest(engine, stores)?;
    Ok(rows.iter().map(|row| (row.id, stands(row))).collect())
}

fn newest(engine: &Engine, stores: &[StoreId]) -> Result<Vec<OrderListRow>, Failure> {
    let filter = OrderFilter {
        stores: stores.to_vec(),
        view: "all".to_owned(),
        ..OrderFilter::default()
    };
    Ok(engine.db().read(|c| page(c, &filter, COMPARED))?)
}

fn stands(row: &OrderListRow) -> Standing {
    (
        name(&json!(row.state)),
        row.push_state.as_str().to_owned(),
        row.document.clone(),
    )
}

fn name(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn compare(engine: &Engine, store: i64) -> Done {
    let id = data::store(engine, store)?;
    let compared = engine.compare_orders(id).await?;
    if compared.missing > 0 {
        engine.push_due().await?;
    }
    let text = format!(
        "平台列出 {} 单，这里漏了 {} 单，已补回",
        compared.listed, compared.missing
    );
    Ok(Outcome::well(json!(compared), text))
}

async fn pull(engine: &Engine, store: Option<i64>) -> Done {
    let one = store.map(|id| data::store(engine, id)).transpose()?;
    let all = engine.db().read(storage::store::all)?;
    let stores: Vec<StoreId> = match one {
        Some(id) => vec![id],
        None => all.iter().map(|row| row.store.id).collect(),
    };
    let before = standing(engine, &stores)?;
    let first_items = read_items_once(engine).await?;
    let mut told = Vec::new();
    let (mut new, mut changed, mut ok) = (0, 0, first_items);
    for (id, outcome) in engine.pull_orders_of(&stores).await? {
        match outcome {
            Ok(pulled) => {
                new += pulled.new;
                changed += pulled.changed;
                told.push(json!({ "store": id, "ok": true, "new": pulled.new, "changed": pulled.changed }));
            }
            Err(error) => {
                ok = false;
                let failure = Failure::from(error);
                told.push(
                    json!({ "store": id, "ok": false, "code": failure.code(), "message": failure.message() }),
                );
            }
        }
    }
    let pushed = engine.push_due().await?;
    ok &= pushed.exceptions == 0 && pushed.waiting == 0;
    let platforms = platforms(engine)?;
    let touched: Vec<Value> = newest(engine, &stores)?
        .iter()
        .filter(|row| before.get(&row.id) != Some(&stands(row)))
        .map(|row| order_json(row, &platforms))
        .collect();
    let mut text = format!(
        "新订单 {new}，有变化 {changed}；进 ERP {}，异常 {}，等待 {}，关闭 {}，自动修复 {}\n",
        pushed.pushed, pushed.exceptions, pushed.waiting, pushed.closed, pushed.healed
    );
    for one in told.iter().filter(|one| one["ok"] == json!(false)) {
        add(
            &mut text,
            format_args!("门店 {} 没读成：{}\n", one["store"], name(&one["message"])),
        );
    }
    let document = json!({
        "orders": touched, "new": new, "changed": changed, "pushed": pushed.pushed, "exceptions": pushed.exceptions,
        "waiting": pushed.waiting, "closed": pushed.closed, "healed": pushed.healed, "stores": told,
    });
    Ok(Outcome::judged(document, text, ok))
}

/// Codes that the ERP does not know are found by its item list: one that was never read is read first.
async fn read_items_once(engine: &Engine) -> Result<bool, Failure> {
    let mut ok = true;
    let accounts = engine.db().read(storage::account::all)?;
    let unread = accounts.iter().filter(|account| {
        engine.connectors().erps.contains_key(&account.service) && account.items_read_at.is_none()
    });
    for account in unread {
        if let Err(error) = engine.pull_erp_items(account.id).await {
            ok = false;
            say(&format!(
                "ERP「{}」的商品没读成：{}",
                account.name,
                Failure::from(error).message()
            ));
        }
    }
    Ok(ok)
}

fn platforms(engine: &Engine) -> Result<HashMap<StoreId, String>, Failure> {
    let stores = engine.db().read(storage::store::all)?;
    Ok(stores
        .into_iter()
        .map(|row| (row.store.id, row.store.platform))
        .collect())
}

fn order_json(row: &OrderListRow, platforms: &HashMap<StoreId, String>) -> Value {
    json!({
        "platform": platforms.get(&row.store), "store": row.store, "number": row.number, "state": row.state,
        "placed_at": row.placed_at, "total_fen": row.total_fen,
        "erp_document": (!row.document.is_empty()).then_some(&row.document), "push_state": row.push_state,
        "cause": (!row.cause.is_empty()).then_some(&row.cause), "healed": (!row.healed.is_empty()).then_some(&row.healed),
        "id": row.id, "day_seq": row.day_seq, "refunded_fen": row.refunded_fen,
    })
}

fn list(engine: &Engine, which: List) -> Done {
    let store = which.store.map(|id| data::store(engine, id)).transpose()?;
    let filter = OrderFilter {
        stores: store.into_iter().collect(),
        view: which.view,
        search: which.search,
        ..OrderFilter::default()
    };
    let limit = which.limit.max(0);
    let (rows, (count, fen)) = engine
        .db()
        .read(|c| Ok((page(c, &filter, limit)?, total(c, &filter)?)))?;
    let platforms = platforms(engine)?;
    let orders: Vec<Value> = rows.iter().map(|row| order_json(row, &platforms)).collect();
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.number.clone(),
                platforms.get(&row.store).cloned().unwrap_or_default(),
                name(&json!(row.state)),
                yuan(row.total_fen),
                row.push_state.as_str().to_owned(),
                format!("{}{}", row.document, row.cause),
            ]
        })
        .collect();
    let text = format!(
        "{}共 {count} 单，{} 元\n",
        table(
            &["订单号", "平台", "状态", "金额", "推送", "ERP 单号或原因"],
            &shown
        ),
        yuan(fen)
    );
    Ok(Outcome::well(
        json!({ "orders": orders, "total": count, "total_fen": fen }),
        text,
    ))
}

/// The orders of a number; refused when there is none.
pub(super) fn by_number(engine: &Engine, number: &str) -> Result<Vec<OrderRow>, Failure> {
    let rows = engine
        .db()
        .read(|c| storage::order::by_number(c, number.trim()))?;
    if rows.is_empty() {
        return Err(Failure::refused("not_found", format!("没有订单 {number}")));
    }
    Ok(rows)
}

fn show(engine: &Engine, number: &str) -> Done {
    let wanted: HashSet<OrderId> = by_number(engine, number)?.iter().map(|row| row.id).collect();
    let filter = OrderFilter {
        search: number.trim().to_owned(),
        ..OrderFilter::default()
    };
    let rows = engine.db().read(|c| page(c, &filter, COMPARED))?;
    let platforms = platforms(engine)?;
    let mut orders = Vec::new();
    let mut text = String::new();
    for row in rows.iter().filter(|row| wanted.contains(&row.id)) {
        let mut document = order_json(row, &platforms);
        let (lines, refunds, events) = parts(engine, row.id)?;
        add(
            &mut text,
            format_args!(
                "{}  {}  {} 元  {}\n",
                row.number,
                name(&json!(row.state)),
                yuan(row.total_fen),
                row.push_state.as_str()
            ),
        );
        for event in &events {
            add(&mut text, format_args!("  {}\n", name(&event["message"])));
        }
        document["lines"] = json!(lines);
        document["refunds"] = json!(refunds);
        document["events"] = json!(events);
        orders.push(document);
    }
    Ok(Outcome::well(json!({ "orders": orders }), text))
}

type Parts = (Vec<Value>, Vec<Value>, Vec<Value>);

fn parts(engine: &Engine, id: OrderId) -> Result<Parts, EngineError> {
    let (lines, refunds, events) = engine.db().read(|c| {
        Ok((
            storage::order::lines(c, id)?,
            storage::order::refunds(c, id)?,
            storage::order::events(c, id)?,
        ))
    })?;
    let lines = lines.iter().map(|line| {
        json!({ "name": line.data.product_name, "spec_name": line.data.spec_name,
            "outer_sku_code": line.data.outer_sku_code, "barcode": line.data.barcode,
            "quantity": line.data.quantity, "price_fen": line.data.price_fen, "listing_sku": line.listing_sku,
            "sku": line.sku, "sent_item_code": line.sent_item_code })
    });
    let refunds = refunds.iter().map(|refund| {
        json!({ "number": refund.data.number, "at": refund.data.at, "amount_fen": refund.data.amount_fen,
            "full": refund.data.full, "done": refund.data.done, "reason": refund.data.reason,
            "push_state": refund.push_state, "erp_document": refund.document })
    });
    let events = events.iter().map(|event| {
        json!({ "at": event.at, "kind": event.kind, "message": words::other(&event.kind, &event.params),
            "params": event.params, "raw": event.raw })
    });
    Ok((lines.collect(), refunds.collect(), events.collect()))
}
