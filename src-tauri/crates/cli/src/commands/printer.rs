//! `printer`: printers, which store prints where, the queue, previews.

use super::store::credentials;
use crate::data::{self, Place};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::{add, table};
use crate::words;
use clap::{Args, Subcommand, ValueEnum};
use connect::session::Credentials;
use domain::id::{OrderId, PrinterAccountId, PrinterId, TicketId};
use domain::receipt::{Paper, SlipKind, Template};
use engine::Engine;
use engine::printing::{PrinterRequest, SlipId, WantedPrinter};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use storage::printer::{Receipts, StorePrinting};
use storage::ticket::TicketRow;

/// Rows of the queue that are shown.
const SHOWN: i64 = 100;

/// 打印机的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 添加打印机；账号和打印机的密钥从标准输入读一个 JSON 对象，从不写在参数里
    ///
    /// 飞鹅：`{"user":…,"ukey":…,"key.打印机编号":"打印机识别码"}`。网络打印机不需要密钥。
    Add(Add),
    /// 列出打印机、灯和门店的设置
    List,
    /// 问一遍每台打印机的状态；被取消授权的自动重新添加
    Look,
    /// 一家门店用哪台打印机
    Assign(Assign),
    /// 打一张测试页
    Test {
        /// 打印机，printer add 给出的编号
        printer: i64,
    },
    /// 看小票的样子，和发给打印机的一样
    Preview {
        /// 纸宽
        #[arg(long, value_enum, default_value_t = Width::Mm58)]
        paper: Width,
        /// 订单号；不写则用一张示例订单
        #[arg(long)]
        order: Option<String>,
    },
    /// 小票的样子
    Template(Look),
    /// 把该打的打出去，问等着的打出来没有
    Run,
    /// 打印队列
    Queue,
    /// 不知道打没打出来的小票：打出来了，或再打一次
    Decide {
        /// 队列里的编号
        ticket: i64,
        /// 已经在纸上了；不写则再打一次
        #[arg(long)]
        printed: bool,
    },
    /// 补打一张订单的小票
    Reprint {
        /// 订单号
        order: String,
    },
    /// 清空一台打印机的队列
    Clear {
        /// 打印机编号
        printer: i64,
    },
    /// 停用一台打印机
    Remove {
        /// 打印机编号
        printer: i64,
    },
}

/// Width of the paper.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Width {
    /// 58 毫米
    Mm58,
    /// 80 毫米
    Mm80,
}

impl Width {
    fn paper(self) -> Paper {
        match self {
            Self::Mm58 => Paper::Mm58,
            Self::Mm80 => Paper::Mm80,
        }
    }
}

/// When receipts are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum When {
    /// 不自动打
    Off,
    /// 读到就打
    Placed,
    /// 接单后打
    Accepted,
}

/// Printers to add.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// 打印机的种类：feie 或 escpos
    #[arg(long)]
    kind: String,
    /// 打印机编号（SN），或网络打印机的 主机:端口；可以写多次
    #[arg(long = "number", required = true)]
    numbers: Vec<String>,
    /// 名称
    #[arg(long, default_value = "")]
    name: String,
    /// 纸宽
    #[arg(long, value_enum, default_value_t = Width::Mm58)]
    paper: Width,
    /// 已有的打印机账号；标准输入里只要打印机的识别码
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
    /// 单独的接口地址；本机可以用 http，其余必须是 https
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

/// How a store prints.
#[derive(Debug, Args)]
pub(crate) struct Assign {
    /// 门店编号
    store: i64,
    /// 打印机编号；不写则这家门店不打印
    #[arg(long)]
    printer: Option<i64>,
    /// 备用打印机
    #[arg(long)]
    spare: Option<i64>,
    /// 什么时候自动打订单小票
    #[arg(long, value_enum, default_value_t = When::Accepted)]
    receipts: When,
    /// 不打退款单
    #[arg(long)]
    no_refunds: bool,
    /// 不打取消单
    #[arg(long)]
    no_cancels: bool,
    /// 份数
    #[arg(long, default_value_t = 1)]
    copies: i64,
}

/// How slips look; what is not named stays.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// 抬头；空文字则用平台名称
    #[arg(long)]
    header: Option<String>,
    /// 结尾
    #[arg(long)]
    footer: Option<String>,
    /// 商品用大字
    #[arg(long)]
    large_goods: Option<bool>,
    /// 打价格
    #[arg(long)]
    prices: Option<bool>,
    /// 打规格
    #[arg(long)]
    specs: Option<bool>,
    /// 打收货人
    #[arg(long)]
    receiver: Option<bool>,
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Add(wanted) => add_printers(place, wanted).await,
        Command::List => list(&place.read()?),
        Command::Look => {
            let engine = place.write()?;
            engine.look_at_printers().await?;
            list(&engine)
        }
        Command::Assign(wanted) => assign(&place.write()?, &wanted),
        Command::Test { printer } => {
            let engine = place.write()?;
            engine.print_test_page(PrinterId(printer))?;
            print(&engine).await
        }
        Command::Preview { paper, order } => preview(&place.read()?, paper.paper(), order.as_deref()),
        Command::Template(look) => template(&place.write()?, look),
        Command::Run => print(&place.write()?).await,
        Command::Queue => queue(&place.read()?),
        Command::Decide { ticket, printed } => {
            let engine = place.write()?;
            engine.decide_ticket(TicketId(ticket), printed)?;
            print(&engine).await
        }
        Command::Reprint { order } => {
            let engine = place.write()?;
            engine.reprint(&receipt_of(&engine, &order)?)?;
            print(&engine).await
        }
        Command::Clear { printer } => {
            let dropped = place.write()?.clear_printer(PrinterId(printer)).await?;
            Ok(Outcome::well(
                json!({ "dropped": dropped }),
                format!("清除了 {dropped} 张小票"),
            ))
        }
        Command::Remove { printer } => {
            place.write()?.remove_printer(PrinterId(printer)).await?;
            Ok(Outcome::well(
                json!({ "id": printer }),
                format!("已停用打印机 {printer}"),
            ))
        }
    }
}

async fn add_printers(place: &Place, wanted: Add) -> Done {
    let engine = place.write()?;
    let card = engine.printer_kind(&wanted.kind)?;
    let card = card.descriptor();
    let mut given = if card.keyed || !card.credential_fields.is_empty() {
        credentials()?.expose()
    } else {
        BTreeMap::new()
    };
    let paper = wanted.paper.paper();
    let printers = wanted
        .numbers
        .iter()
        .map(|number| WantedPrinter {
            number: number.clone(),
            key: secret(given.remove(&format!("key.{number}")).unwrap_or_default()),
            name: wanted.name.clone(),
            paper,
        })
        .collect();
    let request = PrinterRequest {
        service: wanted.kind.clone(),
        account: wanted.account.map(PrinterAccountId),
        endpoint: wanted.endpoint,
        settings: BTreeMap::new(),
        credentials: Credentials::new(given),
        printers,
    };
    let added = engine.add_printers(request).await?;
    let mut text = String::new();
    let mut rows = Vec::new();
    for one in &added {
        match one.id {
            Some(id) => add(&mut text, format_args!("已添加打印机 {id}（{}）\n", one.number)),
            None => add(
                &mut text,
                format_args!("{} 没有添加：{}\n", one.number, one.refused),
            ),
        }
        rows.push(json!({ "id": one.id, "number": one.number, "refused": one.refused }));
    }
    let ok = added.iter().all(|one| one.id.is_some());
    Ok(Outcome::judged(json!({ "printers": rows }), text, ok))
}

fn secret(text: String) -> engine::printing::Key {
    engine::printing::Key::new(text)
}

fn list(engine: &Engine) -> Done {
    let (printers, printings) = engine
        .db()
        .read(|c| Ok((storage::printer::all(c)?, storage::printer::printings(c)?)))?;
    let none = BTreeMap::new();
    let mut rows = Vec::new();
    let mut shown = Vec::new();
    for row in &printers {
        let why = if row.cause.is_empty() {
            String::new()
        } else {
            words::other(&row.cause, &none)
        };
        let light = match row.state.as_str() {
            "ready" => "正常",
            "faulty" => "缺纸或故障",
            "offline" => "离线",
            _ => "没问过",
        };
        shown.push(vec![
            row.id.to_string(),
            row.name.clone(),
            row.number.clone(),
            light.to_owned(),
            why.clone(),
        ]);
        rows.push(
            json!({ "id": row.id, "account": row.account, "number": row.number, "name": row.name,
            "paper": row.paper, "state": row.state, "state_at": row.state_at, "message": why, "raw": row.raw }),
        );
    }
    let stores: Vec<Value> = printings
        .iter()
        .map(|row| {
            json!({ "store": row.store, "printer": row.printer, "spare": row.spare, "receipts": row.receipts,
                "refunds": row.refunds, "cancels": row.cancels, "copies": row.copies })
        })
        .collect();
    Ok(Outcome::well(
        json!({ "printers": rows, "stores": stores }),
        table(&["编号", "名称", "打印机", "灯", "说明"], &shown),
    ))
}

fn assign(engine: &Engine, wanted: &Assign) -> Done {
    let store = data::store(engine, wanted.store)?;
    let printing = wanted.printer.map(|printer| StorePrinting {
        store,
        printer: PrinterId(printer),
        spare: wanted.spare.map(PrinterId),
        receipts: match wanted.receipts {
            When::Off => Receipts::Off,
            When::Placed => Receipts::Placed,
            When::Accepted => Receipts::Accepted,
        },
        refunds: !wanted.no_refunds,
        cancels: !wanted.no_cancels,
        copies: wanted.copies,
        since: engine.now(),
    });
    engine.set_store_printing(store, printing)?;
    let text = match wanted.printer {
        Some(printer) => format!("门店 {store} 用打印机 {printer}"),
        None => format!("门店 {store} 不打印"),
    };
    Ok(Outcome::well(
        json!({ "store": store, "printer": wanted.printer }),
        text,
    ))
}

fn receipt_of(engine: &Engine, number: &str) -> Result<SlipId, Failure> {
    let found = engine.db().read(|c| storage::order::by_number(c, number))?;
    let order: OrderId = found
        .first()
        .map(|row| row.id)
        .ok_or_else(|| Failure::refused("not_found", format!("没有订单 {number}")))?;
    Ok(SlipId {
        order,
        kind: SlipKind::Receipt,
        subject: String::new(),
    })
}

fn preview(engine: &Engine, paper: Paper, order: Option<&str>) -> Done {
    let slip = order.map(|number| receipt_of(engine, number)).transpose()?;
    let page = engine.preview_slip(slip.as_ref(), &engine.template()?, paper)?;
    let text = page.text();
    Ok(Outcome::well(
        json!({ "paper": paper, "lines": page.lines }),
        text,
    ))
}

fn template(engine: &Engine, look: Look) -> Done {
    let now = engine.template()?;
    let changed = Template {
        header: look.header.unwrap_or(now.header),
        footer: look.footer.unwrap_or(now.footer),
        large_goods: look.large_goods.unwrap_or(now.large_goods),
        prices: look.prices.unwrap_or(now.prices),
        specs: look.specs.unwrap_or(now.specs),
        receiver: look.receiver.unwrap_or(now.receiver),
    };
    engine.set_template(&changed)?;
    let page = engine.preview_slip(None, &changed, Paper::Mm58)?;
    Ok(Outcome::well(json!({ "template": changed }), page.text()))
}

async fn print(engine: &Engine) -> Done {
    engine.look_at_printers().await?;
    engine.print_due().await?;
    // A cloud only takes a slip at first; a printer that is well has it out at once.
    let report = engine.print_due().await?;
    let mut outcome = queue(engine)?;
    outcome.ok = report.undecided == 0;
    Ok(outcome)
}

fn queue(engine: &Engine) -> Done {
    let (tickets, printers) = engine
        .db()
        .read(|c| Ok((storage::ticket::newest(c, SHOWN)?, storage::printer::all(c)?)))?;
    let names: HashMap<PrinterId, &str> = printers.iter().map(|row| (row.id, row.name.as_str())).collect();
    let mut rows = Vec::new();
    let mut shown = Vec::new();
    for ticket in &tickets {
        let number = match ticket.order {
            Some(order) => engine.db().read(|c| storage::order::get(c, order))?.number,
            None => String::new(),
        };
        let why = if ticket.cause.is_empty() {
            String::new()
        } else {
            words::other(&ticket.cause, &BTreeMap::new())
        };
        let printer = names.get(&ticket.printer).copied().unwrap_or_default();
        shown.push(vec![
            ticket.id.to_string(),
            number.clone(),
            kind_name(ticket),
            printer.to_owned(),
            stage_name(ticket).to_owned(),
            why.clone(),
        ]);
        rows.push(
            json!({ "id": ticket.id, "order": number, "kind": ticket.kind, "reprint": ticket.reprint,
            "part": ticket.part, "printer": ticket.printer, "state": ticket.state, "message": why,
            "undecided": ticket.is_undecided(), "raw": ticket.raw, "created_at": ticket.created_at,
            "done_at": ticket.done_at }),
        );
    }
    Ok(Outcome::well(
        json!({ "tickets": rows }),
        table(&["编号", "订单", "小票", "打印机", "状态", "说明"], &shown),
    ))
}

fn kind_name(ticket: &TicketRow) -> String {
    let kind = match ticket.kind {
        SlipKind::Receipt => "订单小票",
        SlipKind::Refund => "退款单",
        SlipKind::Cancel => "取消单",
        SlipKind::Test => "测试页",
    };
    if ticket.reprint > 0 {
        format!("{kind}（补打）")
    } else {
        kind.to_owned()
    }
}

fn stage_name(ticket: &TicketRow) -> &'static str {
    use storage::ticket::TicketStage::{Failed, Printed, Queued, Sending, Waiting};
    match ticket.state {
        Queued => "排队",
        Sending => "正在发送",
        Waiting if ticket.is_undecided() => "请确认",
        Waiting => "等打印机",
        Printed => "已打出",
        Failed => "没有打",
    }
}
