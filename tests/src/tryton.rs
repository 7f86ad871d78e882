//! A real Tryton server on loopback with a shop in it, for as long as a test runs: an ERP that nobody here wrote.

use crate::program::skip;
use base64::Engine as _;
use bytes::Bytes;
use connect::transport::{HttpTransport, Transport as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DATABASE: &str = "shop";
const USER: &str = "admin";
/// How long a server may take until it answers, on a busy machine.
const START: Duration = Duration::from_mins(2);

/// The server's program and files.
struct Installed {
    program: PathBuf,
    empty: PathBuf,
    password: String,
}

/// A running server.
pub struct Tryton {
    installed: Installed,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
    http: HttpTransport,
    session: String,
    /// The warehouse's id.
    warehouse: i64,
}

fn installed(test: &str) -> Option<Installed> {
    let target = std::env::current_exe()
        .ok()?
        .parent()?
        .parent()?
        .parent()?
        .join("tryton");
    let program = if cfg!(windows) {
        target.join("venv/Scripts/trytond.exe")
    } else {
        target.join("venv/bin/trytond")
    };
    let empty = target.join("empty.sqlite");
    let password = std::fs::read_to_string(target.join("password")).ok();
    match password {
        Some(password) if program.is_file() && empty.is_file() => Some(Installed {
            program,
            empty,
            password,
        }),
        _ => {
            skip(&format!(
                "{test} needs the Tryton server (cargo xtask setup installs it)"
            ));
            None
        }
    }
}

/// A decimal as the server takes it.
fn decimal(text: &str) -> Value {
    json!({"__class__": "Decimal", "decimal": text})
}

fn today() -> Value {
    let day = connect::shanghai::day(
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0)),
    );
    let number = |range: std::ops::Range<usize>| day[range].parse::<u32>().expect("a day has numbers");
    json!({"__class__": "date", "year": number(0..4), "month": number(4..6), "day": number(6..8)})
}

impl Tryton {
    /// A server with a company in it, called 禾记便利; `None`, said aloud, where it is not installed.
    pub async fn open(test: &str) -> Option<Self> {
        let installed = installed(test)?;
        connect::transport::install_crypto();
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::copy(&installed.empty, folder.path().join(format!("{DATABASE}.sqlite")))
            .expect("the empty database is there");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has a port").port();
        drop(listener);
        let config = format!(
            "[web]\nlisten = 127.0.0.1:{port}\n[database]\nuri = sqlite://\npath = {}\n[session]\ntimeout = 86400\n",
            folder.path().display()
        );
        std::fs::write(folder.path().join("trytond.conf"), config).expect("the configuration is written");
        let mut server = Self {
            installed,
            folder,
            port,
            process: None,
            http: HttpTransport::new().expect("the transport starts"),
            session: String::new(),
            warehouse: 0,
        };
        server.start().await;
        server.open_shop().await;
        Some(server)
    }

    /// Starts it and waits until it answers.
    pub async fn start(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("server.log")).expect("a log opens");
        let child = Command::new(&self.installed.program)
            .arg("-c")
            .arg(self.folder.path().join("trytond.conf"))
            .args(["-d", DATABASE])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        self.process = Some(child);
        let begun = Instant::now();
        while self
            .post("/rpc/", "common.server.version", json!([]))
            .await
            .is_none()
        {
            assert!(begun.elapsed() < START, "the server does not answer");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.login().await;
    }

    async fn login(&mut self) {
        self.session.clear();
        let login = json!([USER, {"password": self.installed.password}]);
        let answer = self
            .post(&format!("/{DATABASE}/rpc/"), "common.db.login", login)
            .await
            .expect("it lets us in");
        let (id, token) = (
            &answer["result"][0],
            answer["result"][1].as_str().expect("a token"),
        );
        self.session = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{id}:{token}"));
    }

    /// Kills it as a power cut does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// What the counter's account needs.
    pub fn credentials(&self) -> BTreeMap<String, String> {
        [
            ("server", format!("http://127.0.0.1:{}", self.port)),
            ("database", DATABASE.to_owned()),
            ("user", USER.to_owned()),
            ("password", self.installed.password.clone()),
        ]
        .map(|(key, text)| (key.to_owned(), text))
        .into()
    }

    /// One call as the administrator, in the company.
    pub async fn rpc(&self, method: &str, mut args: Vec<Value>) -> Value {
        args.push(json!({"company": 1}));
        let answer = self
            .post(&format!("/{DATABASE}/rpc/"), method, Value::Array(args))
            .await
            .expect("the server answers");
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Rows of a model.
    pub async fn rows(&self, model: &str, domain: Value, fields: &[&str]) -> Vec<Value> {
        let args = vec![
            domain,
            json!(0),
            Value::Null,
            json!([["id", "ASC"]]),
            json!(fields),
        ];
        let rows = self.rpc(&format!("model.{model}.search_read"), args).await;
        rows.as_array().expect("rows are a list").clone()
    }

    /// Documents with this reference that were not cancelled.
    pub async fn documents(&self, reference: &str) -> Vec<Value> {
        let domain = json!([["reference", "=", reference], ["state", "!=", "cancelled"]]);
        self.rows(
            "sale.sale",
            domain,
            &["number", "state", "total_amount", "origin"],
        )
        .await
    }

    /// Products that can be sold, in pieces: code, name, barcode, fen.
    pub async fn sell(&self, goods: &[(&str, &str, &str, i64)]) {
        let unit = self
            .rows("product.uom", json!([["symbol", "=", "u"]]), &["digits"])
            .await[0]["id"]
            .clone();
        let templates: Vec<Value> = goods
            .iter()
            .map(|(code, name, barcode, fen)| {
                let price = format!("{}.{:02}", fen / 100, fen % 100);
                let identifiers = json!([["create", [{"type": "ean", "code": barcode}]]]);
                json!({
                    "name": name, "code": code, "type": "goods", "default_uom": unit, "sale_uom": unit,
                    "salable": true, "list_price": decimal(&price),
                    "products": [["create", [{"identifiers": identifiers}]]],
                })
            })
            .collect();
        self.rpc("model.product.template.create", vec![json!(templates)])
            .await;
    }

    /// Counts the storage zone anew: so many pieces of each product.
    pub async fn count_stock(&self, pieces: i64) {
        let products = self.rows("product.product", json!([]), &["code"]).await;
        let lines: Vec<Value> = products
            .iter()
            .map(|row| json!({"product": row["id"], "quantity": pieces}))
            .collect();
        let storage = self
            .rows(
                "stock.location",
                json!([["type", "=", "warehouse"]]),
                &["storage_location"],
            )
            .await[0]["storage_location"]
            .clone();
        let count = json!([{
            "location": storage, "date": today(), "company": 1, "empty_quantity": "keep",
            "lines": [["create", lines]],
        }]);
        let made = self.rpc("model.stock.inventory.create", vec![count]).await;
        self.rpc("model.stock.inventory.confirm", vec![made]).await;
    }

    /// What is there and not promised, by code.
    pub async fn sellable(&self, code: &str) -> f64 {
        let args = json!([
            [["code", "=", code]], 0, null, null, ["quantity", "forecast_quantity"],
            {"company": 1, "locations": [self.warehouse], "stock_date_end": today()},
        ]);
        let answer = self
            .post(
                &format!("/{DATABASE}/rpc/"),
                "model.product.product.search_read",
                args,
            )
            .await
            .expect("the server answers");
        let row = &answer["result"][0];
        let number = |field: &str| row[field].as_f64().expect("a quantity");
        number("quantity").min(number("forecast_quantity"))
    }

    /// Takes a product out of use, also one of which something is left.
    pub async fn switch_off(&self, code: &str) {
        self.set_active(code, false).await;
    }

    /// Takes it up again.
    pub async fn switch_on(&self, code: &str) {
        self.set_active(code, true).await;
    }

    async fn set_active(&self, code: &str, active: bool) {
        let domain = json!([["code", "=", code], ["active", "in", [true, false]]]);
        let row = self.rows("product.product", domain, &["template"]).await[0].clone();
        let path = format!("/{DATABASE}/rpc/");
        for (model, id) in [
            ("product.product", &row["id"]),
            ("product.template", &row["template"]),
        ] {
            let method = format!("model.{model}.write");
            let args = json!([[id], {"active": active}, {"company": 1}]);
            let answer = self
                .post(&path, &method, args.clone())
                .await
                .expect("the server answers");
            if answer["error"][0] == "UserWarning" {
                let name = answer["error"][1][0].clone();
                self.rpc("model.res.user.warning.skip", vec![name, json!(false)])
                    .await;
                let again = self.post(&path, &method, args).await.expect("the server answers");
                assert!(again["error"].is_null(), "{again}");
            }
        }
    }

    /// Ends every session, as a server does after a while.
    pub async fn forget_sessions(&mut self) {
        let file = self.folder.path().join(format!("{DATABASE}.sqlite"));
        let file = rusqlite::Connection::open(file).expect("the database opens");
        file.busy_timeout(Duration::from_secs(10)).expect("it waits");
        file.execute("DELETE FROM ir_session", [])
            .expect("sessions are ended");
        drop(file);
        self.login().await;
    }

    /// Company, currency and the user's place in it.
    async fn open_shop(&mut self) {
        let first = |made: Value| made[0].as_i64().expect("an id");
        let rate =
            json!({"date": {"__class__": "date", "year": 2020, "month": 1, "day": 1}, "rate": decimal("1")});
        let currency = json!([{
            "name": "人民币", "code": "CNY", "symbol": "¥", "digits": 2, "rounding": decimal("0.01"),
            "rates": [["create", [rate]]],
        }]);
        let currency = first(self.rpc("model.currency.currency.create", vec![currency]).await);
        let party = json!([{"name": "禾记便利", "addresses": [["create", [{}]]]}]);
        let party = first(self.rpc("model.party.party.create", vec![party]).await);
        let company = json!([{"party": party, "currency": currency, "timezone": "Asia/Shanghai"}]);
        let company = first(self.rpc("model.company.company.create", vec![company]).await);
        let user = self
            .rows("res.user", json!([["login", "=", USER]]), &["login"])
            .await[0]["id"]
            .clone();
        let place = json!({"companies": [["add", [company]]], "company": company});
        self.rpc("model.res.user.write", vec![json!([user]), place]).await;
        let warehouses = self
            .rows("stock.location", json!([["type", "=", "warehouse"]]), &["code"])
            .await;
        self.warehouse = warehouses[0]["id"].as_i64().expect("an id");
    }

    async fn post(&self, path: &str, method: &str, params: Value) -> Option<Value> {
        let body = json!({"id": 1, "method": method, "params": params}).to_string();
        let mut request = http::Request::post(format!("http://127.0.0.1:{}{path}", self.port))
            .header(http::header::CONTENT_TYPE, "application/json");
        if !self.session.is_empty() {
            request = request.header(http::header::AUTHORIZATION, format!("Session {}", self.session));
        }
        let request = request.body(Bytes::from(body)).expect("a request is made");
        let answer = self.http.send(request).await.ok()?;
        serde_json::from_slice(answer.body()).ok()
    }
}

impl Drop for Tryton {
    fn drop(&mut self) {
        self.kill();
    }
}
