//! The simulated platforms as a process of their own, and what their books say.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The simulator; it ends when this is dropped.
pub(crate) struct Books {
    process: Child,
    pub(crate) announced: Value,
}

/// The program under test, beside this one: the whole test run builds it first.
pub(crate) fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    let program = folder.join(format!("guitai-cli{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "guitai-cli is not built: run `cargo build -p cli` first (looked for {})",
        program.display()
    );
    program
}

impl Books {
    /// Starts the simulator with these words behind `simulator serve`; port 0 lets the system choose.
    pub(crate) fn open(port: u16, words: &[&str]) -> Self {
        let mut process = Command::new(program())
            .args([
                "simulator",
                "serve",
                "--quotas",
                "none",
                "--port",
                &port.to_string(),
            ])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let announced = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { process, announced }
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        let (host, _) = self.place();
        host.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    /// Host with port, and path.
    fn place(&self) -> (&str, &str) {
        let admin = self.announced["admin"].as_str().unwrap();
        let rest = admin.strip_prefix("http://").unwrap();
        rest.split_at(rest.find('/').unwrap())
    }

    pub(crate) fn ledger(&self) -> Value {
        self.ask("GET", "ledger", "")
    }

    /// Every shop with its listings as the platform holds them.
    pub(crate) fn shops(&self) -> Vec<Value> {
        self.ask("GET", "listings", "").as_array().unwrap().clone()
    }

    /// Lets something happen there.
    pub(crate) fn act(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, &body.to_string())
    }

    /// Gives the shops prices and stock as they stood before the simulator was started again: a platform that was away
    /// comes back with what it had been told.
    pub(crate) fn put_back(&self, shops: &[Value]) {
        for shop in shops {
            for listing in shop["shop"]["listings"].as_object().unwrap().values() {
                for spec in listing["specs"].as_array().unwrap() {
                    let act = json!({
                        "act": "change_price_and_stock", "platform": shop["platform"], "shop": shop["shop"]["remote_id"],
                        "listing": listing["id"], "spec": spec["id"],
                        "price_fen": spec["price_fen"], "stock": spec["stock"],
                    });
                    self.act("act", &act);
                }
            }
        }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let (host, admin) = self.place();
        let mut stream = TcpStream::connect(host).unwrap();
        // HTTP/1.0: the answer ends with the connection and comes in one piece.
        write!(
            stream,
            "{method} {admin}/{path} HTTP/1.0\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for Books {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// How often calls with this word in their name arrived.
pub(crate) fn calls(ledger: &Value, word: &str) -> u64 {
    let calls = ledger["calls"].as_object().unwrap();
    let fitting = calls.iter().filter(|(name, _)| name.contains(word));
    fitting.map(|(_, count)| count.as_u64().unwrap()).sum()
}

/// Listings that calls made or changed on a platform.
pub(crate) fn synced(ledger: &Value, platform: &str) -> u64 {
    ledger["synced"][platform]["listings"].as_u64().unwrap_or(0)
}
