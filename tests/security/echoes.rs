//! The other side repeats what it was sent: in an error page, in its own words, with a status of its choosing. None of
//! it may bring a secret back into the file, the log, an answer or the bundle for support.

use async_trait::async_trait;
use bytes::Bytes;
use connect::transport::{Transport, TransportError};
use engine::clock::TokioClock;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use suites::canary::{Canary, Hit, scan, scan_folder};
use suites::page::Page;
use suites::{NOON, engine_on};

use crate::answers::Log;

/// Wrong secrets of every kind, with signs that each writing treats differently.
const SECRETS: [(&str, &str); 6] = [
    ("app secret", "wr0ng/app+secret=&<7>\"Qz\\5"),
    ("access token", "acc3ss-t0ken.V2/xY+9=&\"p"),
    ("refresh token", "r3fresh/t0ken+zz==&<b>"),
    ("ERP secret", "3rp-s3cret/&+=\"\\<k>0"),
    ("printer cloud key", "pr1nt/cl0ud+ukey=&<q>\"9"),
    ("printer key", "st1cker/k3y+=&<w>\"8"),
];

/// Where the platform repeats the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Echo {
    /// A page with this status.
    Page(u16),
    /// The same in an encoding that is not UTF-8.
    Legacy,
    /// The platforms' own JSON, refusing in words that repeat it.
    Words,
    /// The same with a status that says the authorization is bad.
    Denied(u16),
}

const ECHOES: [Echo; 10] = [
    Echo::Page(200),
    Echo::Page(400),
    Echo::Page(401),
    Echo::Page(404),
    Echo::Page(429),
    Echo::Page(500),
    Echo::Page(502),
    Echo::Legacy,
    Echo::Words,
    Echo::Denied(401),
];

/// Numbers of two printers.
const SN: &str = "316500010";
const OTHER_SN: &str = "316500011";

struct Parrot {
    echo: Echo,
    calls: AtomicUsize,
}

/// The request as a server would print it, and the secrets themselves beside it as a gateway that knows them would.
fn repeated(request: &http::Request<Bytes>) -> String {
    let body = String::from_utf8_lossy(request.body());
    let headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    // A server knows the secrets of the application that calls it, and no others.
    let path = request.uri().path();
    let own = usize::from(path.starts_with("/ama")) * 3;
    let mut known = if path.starts_with("/feie") {
        vec![SECRETS[4].1, SECRETS[5].1]
    } else {
        vec![SECRETS[own].1, SECRETS[1].1]
    };
    // 饿百 has no refresh token, and a printer cloud no tokens at all.
    if !path.starts_with("/ebai") && !path.starts_with("/feie") {
        known.push(SECRETS[2].1);
    }
    format!(
        "{} {} {headers:?} {body} {}",
        known.join(" "),
        request.uri(),
        known.join("|")
    )
}

#[async_trait]
impl Transport for Parrot {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let said = repeated(&request);
        let refusal = json!({
            "data": "ng", "error": { "code": 705, "msg": said }, "msg": said, "code": 1, "ret": 1001, "error_code": "705",
            "error_message": said, "error_description": said,
            "body": { "errno": 705, "error": said, "data": null },
        });
        let body = String::from_utf8_lossy(request.body());
        if body.contains("apiname=Open_printerAddlist") {
            // It takes one printer and not the other, and repeats both, as this cloud does: or nothing would be kept.
            let data = json!({ "ok": [format!("{SN}#{said}")], "no": [format!("{OTHER_SN}#{said}  （错误：{said}）")] });
            let body = json!({ "ret": 0, "msg": said, "data": data }).to_string();
            return Ok(http::Response::new(Bytes::from(body)));
        }
        let (status, body) = match self.echo {
            Echo::Page(status) => (status, format!("<html><body>{said}</body></html>").into_bytes()),
            Echo::Legacy => (200, [&b"<html>\xb4\xed\xce\xf3 "[..], said.as_bytes()].concat()),
            Echo::Words => (200, refusal.to_string().into_bytes()),
            Echo::Denied(status) => (status, refusal.to_string().into_bytes()),
        };
        Ok(http::Response::builder()
            .status(status)
            .body(Bytes::from(body))
            .unwrap())
    }
}

fn canaries() -> Vec<Canary> {
    SECRETS.map(|(name, secret)| Canary::new(name, secret)).into()
}

async fn account(page: &Page, service: &str, credentials: Value) -> i64 {
    let request = json!({
        "service": service, "name": service, "endpoint": format!("http://127.0.0.1:9/{service}"), "credentials": credentials,
        "settings": { "calls_per_second": "0", "calls_per_second_store": "0" },
    });
    page.done("account_add", request).await["account"]
        .as_i64()
        .unwrap()
}

/// Three accounts and two stores; what each call answered.
async fn use_everything(page: &Page) -> Vec<(String, Value)> {
    let [app, access, refresh, erp, ukey, key] = SECRETS.map(|(_, secret)| secret);
    let ama = account(
        page,
        "ama",
        json!({ "app_id": "10001", "app_secret": erp, "merchant_id": "m-1", "access_token": access,
                "refresh_token": refresh }),
    )
    .await;
    let meituan = account(
        page,
        "meituan_shangou",
        json!({ "app_id": "20002", "app_secret": app, "access_token": access, "refresh_token": refresh }),
    )
    .await;
    let ebai = account(
        page,
        "ebai",
        json!({ "source": "30003", "secret": app, "access_token": access }),
    )
    .await;
    let mut stores = Vec::new();
    for (account, platform) in [(meituan, "meituan_shangou"), (ebai, "ebai")] {
        let request = json!({ "account": account, "platform": platform, "remote_id": "77", "name": "三里屯店",
                              "erp_account": ama, "offline_code": "99" });
        stores.push(page.done("store_add", request).await["id"].as_i64().unwrap());
    }
    let mut answers = Vec::new();
    let printer = |number: &str| json!({ "number": number, "key": key, "name": "前台", "paper": "mm58" });
    let added = page
        .done(
            "printers_add",
            json!({ "service": "feie", "endpoint": "http://127.0.0.1:9/feie",
                "credentials": { "user": "shop@example.com", "ukey": ukey }, "printers": [printer(SN), printer(OTHER_SN)] }),
        )
        .await;
    let id = added["printers"][0]["id"].clone();
    assert!(id.is_i64() && added["printers"][1]["id"].is_null(), "{added}");
    answers.push(("printers_add".to_owned(), added));
    let mut calls: Vec<(&str, Value)> = vec![
        ("printers_look", json!({})),
        ("printer_test", json!({ "id": id })),
        (
            "printer_account_edit",
            json!({ "account": 1, "credentials": { "ukey": ukey } }),
        ),
        ("printer_clear", json!({ "id": id })),
        ("printers_list", json!({})),
        ("tickets_list", json!({})),
        ("account_stores", json!({ "id": meituan })),
        ("account_stores", json!({ "id": ebai })),
        ("account_branches", json!({ "id": ama })),
        ("listings_pull", json!({ "stores": stores })),
        ("orders_pull", json!({ "stores": stores })),
        ("stock_push", json!({ "stores": stores, "full": true })),
        ("erp_search", json!({ "text": "水" })),
        ("stores_list", json!({})),
        ("workbench_get", json!({})),
        ("app_status", json!({})),
        ("jobs_list", json!({})),
        ("doctor_run", json!({})),
        ("settings_get", json!({})),
        ("printer_remove", json!({ "id": id })),
    ];
    calls.extend(stores.iter().map(|store| ("store_test", json!({ "id": store }))));
    for (name, payload) in calls {
        let answer = match page.call(name, &payload).await {
            Ok(answer) => answer,
            Err(error) => serde_json::to_value(&error).unwrap(),
        };
        answers.push((name.to_owned(), answer));
    }
    answers
}

#[tokio::test(start_paused = true)]
async fn what_a_platform_repeats_of_a_wrong_secret_is_kept_nowhere() {
    let log = Log::start();
    let canaries = canaries();
    for echo in ECHOES {
        let folder = tempfile::tempdir().unwrap();
        let parrot = Arc::new(Parrot {
            echo,
            calls: AtomicUsize::new(0),
        });
        let clock = Arc::new(TokioClock::starting_at(NOON));
        let engine = engine_on(folder.path(), parrot.clone(), clock, secrets::Vault::memory(), 7);
        let page = Page::of(&engine);
        let answers = use_everything(&page).await;
        // The ERP's own read and a token that is about to end, each through its own call.
        for account in engine.db().read(storage::account::all).unwrap() {
            if account.service == "ama" {
                let failed = engine.pull_erp_items(account.id).await.unwrap_err();
                assert_eq!(
                    scan(&canaries, "error", format!("{failed} {failed:?}").as_bytes()),
                    []
                );
            }
            let end = Some(NOON + 1000);
            engine
                .db()
                .write(|tx| storage::account::set_secret(tx, account.id, account.sealed.as_deref(), end))
                .unwrap();
        }
        for store in engine.db().read(storage::store::all).unwrap() {
            let payload = json!({ "stores": [store.store.id] });
            let answer = page.call("listings_pull", &payload).await;
            assert_eq!(scan(&canaries, "pull", format!("{answer:?}").as_bytes()), []);
        }
        assert!(
            parrot.calls.load(Ordering::Relaxed) > 8,
            "{echo:?}: the other side was asked"
        );

        let mut hits: Vec<Hit> = Vec::new();
        for (name, answer) in &answers {
            hits.extend(scan(&canaries, name, answer.to_string().as_bytes()));
        }
        let bundle = folder.path().join("bundle.zip");
        page.done("diagnostics_export", json!({ "path": bundle })).await;
        page.done("backup_create", json!({})).await;
        let files = scan_folder(&canaries, folder.path(), &mut hits);
        assert!(files >= 4, "database, WAL, bundle and backup are looked at");
        assert_eq!(hits, [], "{echo:?}");
    }
    let log = log.text();
    assert!(
        log.contains("meituan_shangou") && log.len() > 1000,
        "the log was kept"
    );
    assert_eq!(scan(&canaries, "log", log.as_bytes()), []);
}
