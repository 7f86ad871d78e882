//! A manager's desk: a data folder, a keychain, and the commands.

use crate::books::{Books, program};
use crate::keyring::Keyring;
use serde_json::Value;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The desk.
pub(crate) struct Desk {
    keyring: Keyring,
    home: TempDir,
}

/// What a command answered.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) document: Value,
    pub(crate) err: String,
}

impl Desk {
    /// `None`, with a word about it, on a machine without a keychain to try it with.
    pub(crate) fn new() -> Option<Self> {
        let home = TempDir::new().unwrap();
        let Some(keyring) = Keyring::start(home.path()) else {
            suites::program::skip(
                "a journey needs dbus-run-session and gnome-keyring-daemon for a keychain of its own",
            );
            return None;
        };
        Some(Self { keyring, home })
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file beside the data; gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.at(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs a command, whatever comes of it.
    pub(crate) fn try_run(&self, words: &[&str], input: &str) -> Ran {
        let mut child = Command::new(program())
            .arg("--data-dir")
            .arg(self.at("data"))
            .arg("--json")
            .args(words)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.keyring.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone before the input is written.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        Ran {
            code: output.status.code().unwrap(),
            document: serde_json::from_str(&out).unwrap_or(Value::Null),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command that does its work: all well, or some items not.
    pub(crate) fn run(&self, words: &[&str]) -> Value {
        self.run_with(words, "")
    }

    pub(crate) fn run_with(&self, words: &[&str], input: &str) -> Value {
        let ran = self.try_run(words, input);
        assert!(
            matches!(ran.code, 0 | 1) && ran.document.get("error").is_none() && !ran.document.is_null(),
            "{words:?} ended with {}: {} {}",
            ran.code,
            ran.document,
            ran.err
        );
        ran.document
    }

    /// Adds the ERP and every store that was announced; gives store ids with their platforms.
    pub(crate) fn add_stores(&self, books: &Books) -> Vec<(String, String)> {
        let services = books.announced["services"].as_object().unwrap();
        let erp = &services["ama"];
        let erp_url = erp["url"].as_str().unwrap();
        let setting = "order_mode=lookup";
        let words = [
            "store",
            "add",
            "--platform",
            "ama",
            "--name",
            "AMA",
            "--endpoint",
            erp_url,
            "--setting",
            setting,
        ];
        let added = self.run_with(&words, &erp["credentials"].to_string());
        let erp_account = added["account"].to_string();
        let branches = erp["stores"].as_array().unwrap();
        let mut stores = Vec::new();
        for (platform, service) in services.iter().filter(|(name, _)| *name != "ama") {
            for store in service["stores"].as_array().unwrap() {
                let name = store["name"].as_str().unwrap();
                let branch = branches
                    .iter()
                    .find(|branch| name.contains(branch["name"].as_str().unwrap()))
                    .unwrap();
                let words = [
                    "store",
                    "add",
                    "--platform",
                    platform,
                    "--remote-id",
                    store["remote_id"].as_str().unwrap(),
                    "--name",
                    name,
                    "--endpoint",
                    service["url"].as_str().unwrap(),
                    "--erp",
                    &erp_account,
                    "--offline-code",
                    branch["remote_id"].as_str().unwrap(),
                    "--setting",
                    "calls_per_second=400",
                    "--setting",
                    "calls_per_second_store=200",
                ];
                let added = self.run_with(&words, &service["credentials"].to_string());
                stores.push((added["id"].to_string(), platform.clone()));
            }
        }
        stores
    }
}

/// Rows under a key.
pub(crate) fn rows(document: &Value, key: &str) -> Vec<Value> {
    document[key].as_array().cloned().unwrap_or_default()
}
