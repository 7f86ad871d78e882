//! `store`: accounts and stores, authorization, the connection test.

use crate::data::{self, Place, say};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::{add, table};
use crate::words;
use clap::{Args, Subcommand};
use connect::session::Credentials;
use domain::id::{AccountId, StoreId};
use engine::Engine;
use engine::inbox::ConsentState;
use engine::stores::{AccountRequest, ConnectionTest, StoreRequest};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::time::Duration;
use storage::store::StorePatch;

/// Credentials are a few short texts.
const MAX_INPUT: u64 = 1024 * 1024;

/// 门店的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 添加门店；新账号的凭据从标准输入读一个 JSON 对象，从不写在参数里
    ///
    /// 平台写 ERP（例如 ama）时只添加 ERP 账号，不需要门店编号。
    Add(Box<Add>),
    /// 列出门店
    List,
    /// 逐层测试连接：密钥、签名、权限、门店、订单
    Test {
        /// 门店编号
        store: i64,
    },
    /// 重新授权：新的凭据从标准输入读一个 JSON 对象
    Authorize {
        /// 门店编号
        store: i64,
        /// 在平台的授权页面上同意，不用填令牌；给出页面地址并等待
        #[arg(long)]
        page: bool,
        /// 同意后把浏览器停下的网址（或 code）贴到标准输入；应用的回调地址不在本机时用
        #[arg(long, requires = "page")]
        paste: bool,
    },
    /// 修改门店在这里的设置；等着它的订单会再推
    Set {
        /// 门店编号
        store: i64,
        /// 名称
        #[arg(long)]
        name: Option<String>,
        /// 线下门店编号
        #[arg(long, value_name = "CODE")]
        offline_code: Option<String>,
        /// 对接的 ERP 账号
        #[arg(long, value_name = "ACCOUNT")]
        erp: Option<i64>,
        /// 平台要的门店资料，例如 `mobile=0571-88888888`；可以写多次
        #[arg(long = "field", value_name = "K=V", value_parser = setting)]
        fields: Vec<(String, String)>,
    },
    /// 换绑：门店其实属于同一家的另一个平台（美团外卖和美团闪购、饿了么和饿百零售）；绑定、订单和设置都带过去
    ChangePlatform {
        /// 门店编号
        store: i64,
        /// 另一个平台上已有的账号；不写则从标准输入读新账号的凭据，是一个 JSON 对象
        #[arg(long, value_name = "ID")]
        account: Option<i64>,
        /// 新账号单独的接口地址；本机可以用 http，其余必须是 https
        #[arg(long, value_name = "URL")]
        endpoint: Option<String>,
    },
    /// 停用门店；平台上不受影响
    Remove {
        /// 门店编号
        store: i64,
    },
}

/// A store to add.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// 平台或 ERP
    #[arg(long)]
    platform: String,
    /// 门店在平台上的编号
    #[arg(long, value_name = "ID")]
    remote_id: Option<String>,
    /// 名称
    #[arg(long, default_value = "")]
    name: String,
    /// 单独的接口地址；本机可以用 http，其余必须是 https
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// 已有的账号；写了就不读凭据
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
    /// 对接的 ERP 账号
    #[arg(long, value_name = "ACCOUNT")]
    erp: Option<i64>,
    /// 线下门店编号
    #[arg(long, value_name = "CODE", default_value = "")]
    offline_code: String,
    /// 账号的设置，例如 `order_mode=lookup`；可以写多次
    #[arg(long = "setting", value_name = "K=V", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// 平台要的门店资料，例如 `mobile=0571-88888888`；可以写多次
    #[arg(long = "field", value_name = "K=V", value_parser = setting)]
    fields: Vec<(String, String)>,
}

pub(super) fn setting(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| "要写成 名称=值".to_owned())
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Add(add) => add_store(place, *add).await,
        Command::List => list(&place.read()?),
        Command::Test { store } => test(&place.write()?, store).await,
        Command::Authorize {
            store,
            page: true,
            paste,
        } => {
            let engine = place.write()?;
            let id = data::store(&engine, store)?;
            let account = engine.db().read(|c| storage::store::get(c, id))?.store.account;
            agree(&engine, account, paste).await?;
            let document = json!({ "id": id, "account": account });
            Ok(Outcome::well(document, "已授权"))
        }
        Command::Authorize { store, .. } => authorize(place, store).await,
        Command::Set {
            store,
            name,
            offline_code,
            erp,
            fields,
        } => {
            let engine = place.write()?;
            let id = data::store(&engine, store)?;
            if let Some(erp) = erp {
                engine.db().read(|c| storage::account::get(c, AccountId(erp)))?;
            }
            let patch = StorePatch {
                name,
                offline_code,
                erp_account: erp.map(|erp| Some(AccountId(erp))),
                settings: fields.into_iter().collect(),
                ..StorePatch::default()
            };
            let batch = engine.update_store(id, &patch)?;
            Ok(Outcome::well(
                json!({ "id": id, "batch": batch }),
                format!("已修改门店 {id}"),
            ))
        }
        Command::ChangePlatform {
            store,
            account,
            endpoint,
        } => change_platform(place, store, account, endpoint).await,
        Command::Remove { store } => {
            let engine = place.write()?;
            let id = data::store(&engine, store)?;
            engine.remove_store(id)?;
            Ok(Outcome::well(
                json!({ "removed": id }),
                format!("已停用门店 {id}"),
            ))
        }
    }
}

async fn add_store(place: &Place, add: Add) -> Done {
    // Read before the folder is opened, so that nobody waits for a person who types.
    let credentials = if add.account.is_none() {
        Some(credentials()?)
    } else {
        None
    };
    let engine = place.write()?;
    let is_erp = engine.connectors().erps.contains_key(&add.platform);
    if !is_erp && !engine.connectors().platforms.contains_key(&add.platform) {
        return Err(engine::error::EngineError::UnknownService(add.platform).into());
    }
    if !is_erp && add.remote_id.as_deref().is_none_or(|id| id.trim().is_empty()) {
        return Err(Failure::refused(
            "remote_id_missing",
            "缺少门店编号（--remote-id）",
        ));
    }
    let account = match (add.account, credentials) {
        (Some(id), _) => {
            engine.db().read(|c| storage::account::get(c, AccountId(id)))?;
            AccountId(id)
        }
        (None, credentials) => {
            let request = AccountRequest {
                service: add.platform.clone(),
                name: add.name.clone(),
                endpoint: add.endpoint.clone(),
                settings: add.settings.iter().cloned().collect(),
                credentials: credentials.unwrap_or_default(),
            };
            let authorized = engine.add_account(request).await?;
            tell_kept(authorized.kept);
            authorized.account
        }
    };
    if is_erp {
        let document =
            json!({ "id": account, "account": account, "platform": add.platform, "name": add.name });
        return Ok(Outcome::well(document, format!("已添加 ERP 账号 {account}")));
    }
    let request = StoreRequest {
        platform: add.platform.clone(),
        remote_id: add.remote_id.clone().unwrap_or_default(),
        name: add.name,
        endpoint: add.endpoint,
        erp_account: add.erp.map(AccountId),
        offline_code: add.offline_code,
        settings: add.fields.into_iter().collect(),
    };
    if let Some(erp) = request.erp_account {
        engine.db().read(|c| storage::account::get(c, erp))?;
    }
    let id = engine.add_store(account, &request)?;
    let document = json!({ "id": id, "account": account, "platform": request.platform,
        "remote_id": request.remote_id, "name": request.name });
    Ok(Outcome::well(
        document,
        format!("已添加门店 {id}（账号 {account}）"),
    ))
}

fn tell_kept(kept: bool) {
    if !kept {
        say("这台机器没有可用的钥匙串：凭据只在这一次运行里有效，没有保存。装好钥匙串后请重新授权。");
    }
}

/// The credentials on standard input: one JSON object of texts; numbers are taken as text.
pub(super) fn credentials() -> Result<Credentials, Failure> {
    let bad = |why: &str| {
        Failure::refused(
            "credentials_unreadable",
            format!("凭据要从标准输入给出，是一个 JSON 对象：{why}"),
        )
    };
    let input = std::io::stdin();
    if input.is_terminal() {
        say("请输入凭据（一个 JSON 对象），以 Ctrl-D 结束：");
    }
    let mut text = String::new();
    input
        .lock()
        .take(MAX_INPUT)
        .read_to_string(&mut text)
        .map_err(|_| bad("读不到，或不是 UTF-8"))?;
    // The parser's own message could repeat what was typed, so it is not shown.
    let fields: BTreeMap<String, Value> = serde_json::from_str(text.trim()).map_err(|_| bad("内容不对"))?;
    let mut pairs = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Null => continue,
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(bad(&format!("{name} 要是文字或数字")));
            }
        };
        pairs.push((name, text));
    }
    Ok(Credentials::new(pairs))
}

fn list(engine: &Engine) -> Done {
    let (stores, accounts) = engine
        .db()
        .read(|c| Ok((storage::store::all(c)?, storage::account::all(c)?)))?;
    let mut rows = Vec::new();
    let mut shown = Vec::new();
    for row in &stores {
        let store = &row.store;
        let account = accounts.iter().find(|account| account.id == store.account);
        let state = account.map(|account| json!(account.state)).unwrap_or_default();
        rows.push(json!({
            "id": store.id, "platform": store.platform, "remote_id": store.remote_id, "name": store.name,
            "state": state, "expires_at": account.and_then(|account| account.expires_at), "account": store.account,
            "erp_account": store.erp_account, "offline_code": store.offline_code,
            "listings_read_at": row.listings_read_at, "orders_read_at": row.orders_read_at,
        }));
        shown.push(vec![
            store.id.to_string(),
            store.platform.clone(),
            store.remote_id.clone(),
            store.name.clone(),
            state.as_str().unwrap_or_default().to_owned(),
        ]);
    }
    let text = table(&["编号", "平台", "门店编号", "名称", "授权"], &shown);
    Ok(Outcome::well(json!({ "stores": rows }), text))
}

/// 换绑 to the sister platform.
async fn change_platform(place: &Place, store: i64, account: Option<i64>, endpoint: Option<String>) -> Done {
    let new = if account.is_none() {
        Some(credentials()?)
    } else {
        None
    };
    let engine = place.write()?;
    let id = data::store(&engine, store)?;
    let account = match (account, new) {
        (Some(account), _) => AccountId(account),
        (None, credentials) => {
            let platform = engine.db().read(|c| storage::store::get(c, id))?.store.platform;
            let sister = engine.platform(&platform)?.descriptor().sister;
            let Some(sister) = sister else {
                return Err(Failure::refused("not_a_sister", "这个平台的门店不用换绑"));
            };
            let request = AccountRequest {
                service: sister.to_owned(),
                name: String::new(),
                endpoint,
                settings: BTreeMap::new(),
                credentials: credentials.unwrap_or_default(),
            };
            let authorized = engine.add_account(request).await?;
            tell_kept(authorized.kept);
            authorized.account
        }
    };
    let changed = engine.change_platform(id, account).await?;
    let (steps, text) = steps(&changed.test);
    if !changed.test.is_ok() {
        return Ok(Outcome::judged(
            json!({ "account": account, "steps": steps }),
            text,
            false,
        ));
    }
    let document = json!({ "account": account, "bound_before": changed.bound_before, "bound": changed.bound, "steps": steps });
    let text = format!(
        "已换绑；绑定带过来 {} 个，原来 {} 个",
        changed.bound, changed.bound_before
    );
    Ok(Outcome::well(document, text))
}

async fn test(engine: &Engine, store: i64) -> Done {
    let id = data::store(engine, store)?;
    let told = engine.test_store(id).await?;
    let (steps, text) = steps(&told);
    Ok(Outcome::judged(json!({ "steps": steps }), text, told.is_ok()))
}

/// The layers of a connection test, as a document and as lines.
fn steps(told: &ConnectionTest) -> (Vec<Value>, String) {
    let mut steps = Vec::new();
    let mut text = String::new();
    for step in &told.steps {
        let message = words::other(&step.words, &step.params);
        let mark = match step.state {
            "ok" => "通过",
            "failed" => "失败",
            _ => "未测",
        };
        add(&mut text, format_args!("{mark}  {message}\n"));
        steps.push(json!({
            "step": step.layer, "ok": step.state == "ok", "state": step.state, "message": message, "raw": step.raw,
            "took_ms": step.took_ms,
        }));
    }
    (steps, text)
}

/// Waits until the manager has agreed on the platform's page, or takes what was copied from where it led to.
pub(super) async fn agree(engine: &Engine, account: AccountId, paste: bool) -> Result<(), Failure> {
    let started = engine.consent_begin(account).await?;
    say(&format!(
        "请在浏览器里打开这个地址并同意（开放平台登记的回调地址要是 {}）：\n{}",
        started.return_to, started.page
    ));
    if paste {
        say("同意后，把浏览器停下的网址整个贴到这里，回车：");
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(MAX_INPUT)
            .read_line(&mut text)
            .map_err(|error| Failure::broken("stdin", &error))?;
        engine.consent_paste(account, &text).await?;
    }
    loop {
        match engine.consent_state(account) {
            ConsentState::Waiting => tokio::time::sleep(Duration::from_millis(300)).await,
            ConsentState::Done => break,
            ConsentState::Failed(code, params) => {
                let why = words::other(&code, &params);
                return Err(Failure::refused("consent_failed", why));
            }
            ConsentState::None => return Err(Failure::refused("consent_failed", "没有在等授权")),
        }
    }
    engine.consent_end(account).await;
    Ok(())
}

async fn authorize(place: &Place, store: i64) -> Done {
    let credentials = credentials()?;
    let engine = place.write()?;
    let account = engine
        .db()
        .read(|c| storage::store::get(c, StoreId(store)))?
        .store
        .account;
    let authorized = engine.authorize(account, credentials).await?;
    tell_kept(authorized.kept);
    let document = json!({ "id": store, "account": authorized.account, "kept": authorized.kept });
    Ok(Outcome::well(document, "已重新授权"))
}
