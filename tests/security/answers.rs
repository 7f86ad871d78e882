//! The whole counter at work, everything that it answers, writes and logs.

use api::commands::NAMES;
use parking_lot::Mutex;
use serde_json::{Value, json};
use sim::PlatformId::{Ebai, MeituanShangou};
use sim::world::OrderMode;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, OnceLock};
use suites::Counter;
use suites::canary::{Canary, Hit, NAMING, scan, scan_folder};
use suites::page::Page;

/// Everything that is logged, of every crate and at the most verbose level.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps the log of this process from now on.
    pub(crate) fn start() -> Self {
        static ONE: OnceLock<Log> = OnceLock::new();
        let log = ONE.get_or_init(|| {
            let log = Self::default();
            let writer = log.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .init();
            log
        });
        log.clone()
    }

    /// What was logged.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The secrets with which the counter's accounts are opened.
fn canaries(counter: &Counter) -> Vec<Canary> {
    let announced = counter.sim.announcement("http://127.0.0.1:9");
    let mut canaries = Vec::new();
    for (service, facts) in &announced.services {
        for (field, value) in facts
            .credentials
            .iter()
            .filter(|(field, _)| !NAMING.contains(&field.as_str()))
        {
            let secret = value.as_str().unwrap();
            assert!(secret.len() >= 12, "{service} {field}");
            canaries.push(Canary::new(&format!("{service} {field}"), secret));
        }
    }
    let cloud = &announced.printers["feie"];
    canaries.push(Canary::new(
        "printer cloud ukey",
        cloud.credentials["ukey"].as_str().unwrap(),
    ));
    for printer in &cloud.printers {
        canaries.push(Canary::new("printer key", &printer.key));
    }
    assert!(canaries.len() >= 5, "app secrets, tokens and the ERP's own");
    canaries
}

/// A payload with which each command works on the counter.
struct Payloads {
    folder: std::path::PathBuf,
    store: i64,
    account: i64,
    order: i64,
    product: i64,
    sku: i64,
    listing_sku: i64,
    printers: Value,
}

impl Payloads {
    fn of(&self, name: &str) -> Value {
        let at = |file: &str| self.folder.join(file);
        match name {
            "messages_get" => json!({ "lang": "zh-CN" }),
            "library_get" => json!({ "id": self.product }),
            "library_edit" => json!({ "edits": [{ "sku": self.sku, "field": "price", "value": "2.10" }] }),
            "offers_edit" => json!({ "edits": [{ "sku": self.sku, "store": self.store, "price": "2.20" }] }),
            "library_create" => json!({ "name": "新商品", "skus": [{ "spec_name": "单规格" }] }),
            "sheet_open" | "import_preview" | "import_run" => json!({ "path": at("in.csv"), "columns": {} }),
            "export_run" => json!({ "path": at("out.xlsx") }),
            "backup_verify" => json!({ "path": at("missing.sqlite") }),
            "diagnostics_export" => json!({ "path": at("bundle.zip") }),
            "account_stores" | "account_branches" => json!({ "id": self.account }),
            "account_authorize" | "account_add" => Value::Null,
            "store_add" => {
                json!({ "account": self.account, "platform": "meituan_shangou", "remote_id": "404404",
                                   "name": "另一家" })
            }
            "store_edit" => json!({ "id": self.store, "name": "望江路店" }),
            "store_test" => json!({ "id": self.store }),
            "matching_get" | "matching_apply" => json!({ "store": self.store }),
            "matching_bind" | "matching_refuse" => {
                json!({ "pairs": [{ "listing_sku": self.listing_sku, "sku": self.sku }], "rebind": true })
            }
            "matching_unbind" | "matching_adopt" => json!({ "listing_skus": [self.listing_sku] }),
            "listings_pull" | "orders_pull" | "preflight_run" => json!({ "stores": [self.store] }),
            "sync_plan" | "sync_apply" => {
                json!({ "stores": [self.store], "ticked": [], "unticked": [] })
            }
            "preflight_fix" => json!({ "id": "F42a", "store": self.store }),
            "orders_show" | "exceptions_explain" => json!({ "id": self.order }),
            "exceptions_orders" => json!({ "cause": "F24" }),
            "exceptions_repush" => json!({ "all": true }),
            "erp_search" => json!({ "text": "水" }),
            "stock_push" => json!({ "stores": [self.store], "full": true }),
            "printers_add" => self.printers.clone(),
            "printer_edit" => json!({ "id": 1, "name": "前台", "paper": "mm58" }),
            "printer_account_edit" => json!({ "account": 1, "credentials": self.printers["credentials"] }),
            "store_printing_set" => {
                json!({ "store": self.store, "printer": 1, "receipts": "placed", "copies": 1 })
            }
            "slip_reprint" => json!({ "order": self.order, "kind": "receipt" }),
            "jobs_get" | "sync_report" | "sync_undo" | "job_cancel" | "printer_test" | "printer_clear"
            | "printer_remove" | "ticket_page" => json!({ "id": 1 }),
            _ => json!({}),
        }
    }
}

/// Commands of which an answer is the proof that the run did what it should.
const MUST_WORK: [&str; 28] = [
    "app_status",
    "workbench_get",
    "library_list",
    "library_get",
    "import_preview",
    "import_run",
    "export_run",
    "services_list",
    "stores_list",
    "account_stores",
    "store_test",
    "listings_list",
    "listings_pull",
    "matching_get",
    "preflight_run",
    "sync_plan",
    "orders_list",
    "orders_show",
    "exceptions_explain",
    "diagnostics_export",
    "printers_add",
    "printers_look",
    "printer_account_edit",
    "printer_test",
    "printer_clear",
    "slip_reprint",
    "tickets_list",
    "printer_remove",
];

async fn payloads(counter: &Counter) -> Payloads {
    // An exception with the ERP's own words, and an order that nobody read yet.
    counter.world().erp_set_receive(suites::BRANCH, false).unwrap();
    let number = counter.order(MeituanShangou, &[0]);
    counter.round().await;
    counter.order(Ebai, &[1, 3]);
    let account = counter.engine().db().read(storage::account::all).unwrap();
    let meituan = account
        .iter()
        .find(|row| row.service == "meituan_shangou")
        .unwrap();
    let sku = counter.skus[0];
    let engine = counter.engine();
    let folder = counter.folder.path().to_path_buf();
    std::fs::write(
        folder.join("in.csv"),
        "商品名称,条码,价格\n新的水,6901234567892,2.00\n",
    )
    .unwrap();
    let announced = counter.sim.announcement("http://127.0.0.1:9");
    let cloud = &announced.printers["feie"];
    let printers: Vec<Value> = cloud
        .printers
        .iter()
        .map(|printer| json!({ "number": printer.sn, "key": printer.key, "paper": "mm58" }))
        .collect();
    Payloads {
        printers: json!({ "service": "feie", "endpoint": cloud.url, "credentials": cloud.credentials,
            "printers": printers }),
        folder,
        store: counter.shangou.0,
        account: meituan.id.0,
        order: counter.stored(&number).id.0,
        product: engine
            .db()
            .read(|c| storage::product::of_sku(c, sku))
            .unwrap()
            .unwrap()
            .0,
        sku: sku.0,
        listing_sku: counter.bound(counter.shangou, sku).unwrap().0,
    }
}

#[tokio::test]
async fn no_answer_file_or_log_line_of_a_working_counter_holds_a_secret() {
    let log = Log::start();
    let counter = Counter::open(OrderMode::Lookup, 7).await;
    let canaries = canaries(&counter);
    let page = Page::of(counter.engine());
    let payloads = payloads(&counter).await;
    let mut hits: Vec<Hit> = Vec::new();
    let mut worked = BTreeSet::new();
    for name in NAMES {
        let answer = match page.call(name, &payloads.of(name)).await {
            Ok(answer) => {
                worked.insert(*name);
                answer
            }
            Err(error) => {
                json!({ "error": error, "shown": error.to_string(), "debug": format!("{error:?}") })
            }
        };
        hits.extend(scan(&canaries, name, answer.to_string().as_bytes()));
    }
    let idle: Vec<_> = MUST_WORK.iter().filter(|name| !worked.contains(*name)).collect();
    assert!(idle.is_empty(), "these did not answer: {idle:?}");
    assert!(
        worked.len() >= 45,
        "{} of {}: {worked:?}",
        worked.len(),
        NAMES.len()
    );

    // Authorizing: what is refused does not repeat it, what is taken does not give it back.
    let announced = counter.sim.announcement("http://127.0.0.1:9");
    let credentials = Value::Object(announced.services["meituan_shangou"].credentials.clone());
    let secret = credentials["app_secret"].clone();
    for payload in [
        json!({ "account": payloads.account, "credentials": credentials }),
        json!({ "account": payloads.account, "credentials": secret }),
        json!({ "account": payloads.account, "credentials": { "app_secret": [secret] } }),
        json!({ "account": secret, "credentials": credentials }),
        json!({ "account": 999, "credentials": credentials }),
        json!({ "service": "nobody", "credentials": credentials }),
        json!({ "service": "ama", "credentials": credentials }),
    ] {
        for name in [
            "account_authorize",
            "account_add",
            "printers_add",
            "printer_account_edit",
        ] {
            let answer = page.call(name, &payload).await;
            hits.extend(scan(&canaries, name, format!("{answer:?}").as_bytes()));
        }
    }
    // While the newest pages are still in the WAL, and again when a backup has moved them.
    let wal = counter.folder.path().join("guitai.sqlite-wal");
    assert!(wal.metadata().unwrap().len() > 4096, "the WAL is there");
    let files = scan_folder(&canaries, counter.folder.path(), &mut hits);
    page.done("backup_create", json!({})).await;
    let again = json!({ "path": payloads.folder.join("out.csv") });
    page.call("export_run", &again).await.unwrap_or_default();
    assert!(
        scan_folder(&canaries, counter.folder.path(), &mut hits) > files,
        "and the backup"
    );
    let text = log.text();
    assert!(text.contains("answered"), "the log was kept");
    hits.extend(scan(&canaries, "log", text.as_bytes()));
    assert_eq!(hits, []);
}

#[tokio::test]
async fn a_panic_that_prints_everything_at_hand_prints_no_secret() {
    let counter = Counter::open(OrderMode::Lookup, 7).await;
    let canaries = canaries(&counter);
    let session = counter.engine().store_session(counter.shangou).await.unwrap();
    let erp = counter
        .engine()
        .account_session(counter.erp, suites::BRANCH)
        .await
        .unwrap();
    let account = engine::stores::AccountRequest {
        service: "ama".to_owned(),
        name: String::new(),
        endpoint: None,
        settings: std::collections::BTreeMap::new(),
        credentials: erp.credentials.clone(),
    };
    let typed: api::types::stores::AccountAdd = serde_json::from_value(json!({
        "service": "ama", "credentials": erp.credentials.expose(),
    }))
    .unwrap();
    let announced = counter.sim.announcement("http://127.0.0.1:9");
    let cloud = &announced.printers["feie"];
    let printers: api::types::printing::PrintersAdd = serde_json::from_value(json!({
        "service": "feie", "credentials": cloud.credentials,
        "printers": [{ "number": cloud.printers[0].sn, "key": cloud.printers[0].key }],
    }))
    .unwrap();
    let sealed = secrets::Credentials::from_iter(session.credentials.expose());
    let rows = counter.engine().db().read(storage::account::all).unwrap();
    let said = Arc::new(Mutex::new(String::new()));
    let heard = said.clone();
    std::panic::set_hook(Box::new(move |panic| {
        *heard.lock() = format!("{panic} {panic:?} {:?}", panic.payload_as_str());
    }));
    let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        panic!("{session:?} {erp:#?} {account:?} {typed:?} {printers:?} {sealed:?} {rows:?}");
    }));
    drop(std::panic::take_hook());
    assert!(thrown.is_err());
    let said = said.lock().clone();
    assert!(
        said.contains("app_secret") && said.contains("ama"),
        "it says which fields there are: {said}"
    );
    assert_eq!(scan(&canaries, "panic", said.as_bytes()), []);
}
