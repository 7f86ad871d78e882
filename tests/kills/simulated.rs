//! The simulator as a process of its own, and its back door.

use crate::session::program;
use serde_json::{Value, json};
use sim::PlatformId;
use sim::scenario::{Scenario, ScenarioItem};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The shop on 美团闪购.
pub(crate) const SHANGOU: &str = "18836402";
/// The same shop on 饿百零售.
pub(crate) const EBAI: &str = "2233107745";
/// Its branch in the ERP.
pub(crate) const BRANCH: &str = "1001";

/// A running simulator; it ends with this.
pub(crate) struct Simulated {
    child: Child,
    /// Where everything is and with what it opens.
    pub(crate) announced: Value,
}

impl Simulated {
    /// One shop on each platform that lists all items just as they are.
    pub(crate) fn start(folder: &Path, seed: u64, items: Vec<ScenarioItem>) -> Self {
        let mut scenario = Scenario::from_items(seed, items);
        scenario.stores.retain(|store| store.branch == BRANCH);
        for store in &mut scenario.stores {
            let id = if store.platform == PlatformId::Ebai {
                EBAI
            } else {
                SHANGOU
            };
            id.clone_into(&mut store.remote_id);
            store.listed_per_mille = 1_000;
        }
        scenario.erp.branches.retain(|branch| branch.num == BRANCH);
        scenario.erp.unknown_codes = 0;
        let mut document = serde_json::to_value(&scenario).unwrap();
        for share in document["drift"].as_object_mut().unwrap().values_mut() {
            *share = json!(0);
        }
        let path = folder.join("scenario.json");
        std::fs::write(&path, document.to_string()).unwrap();
        let mut child = Command::new(program())
            .args([
                "simulator",
                "serve",
                "--quotas",
                "none",
                "--port",
                "0",
                "--scenario",
            ])
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let announced = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, announced }
    }

    /// Every call takes so much longer, so that a kill finds work under way.
    pub(crate) fn slow_down(&self, ms: u64) {
        let rule = json!({ "fault": { "kind": "latency", "ms": ms }, "when": "always" });
        self.admin(
            "POST",
            "/faults",
            Some(&json!({ "clear": true, "rules": [rule] })),
        );
    }

    /// What the people behind the curtain do and see.
    pub(crate) fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let base = self.announced["admin"].as_str().unwrap();
        let (host, root) = base.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "{method} /{root}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        stream.write_all((head + &text).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{path}: {answer}");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// The listings of a shop as the platform holds them.
    pub(crate) fn listings(&self, shop: &str) -> Vec<Value> {
        let shops = self.admin("GET", "/listings", None);
        let held = shops
            .as_array()
            .unwrap()
            .iter()
            .find(|held| held["shop"]["remote_id"] == shop);
        let listings = &held.unwrap()["shop"]["listings"];
        listings.as_object().unwrap().values().cloned().collect()
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
