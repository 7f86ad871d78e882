//! A data folder and the program that is killed on it.

use crate::session::program;
use crate::simulated::{BRANCH, EBAI, SHANGOU, Simulated};
use engine::clock::Chance;
use serde_json::Value;
use sim::scenario::ScenarioItem;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// More tries than kills that hit: a process may end before its turn to die.
const TRIES: u64 = 6;

/// A data folder.
pub(crate) struct Desk {
    folder: TempDir,
    chance: Chance,
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) document: Value,
    pub(crate) took: Duration,
}

impl Desk {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            chance: Chance::seeded(seed),
        }
    }

    /// A path beside the data.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.at("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .arg("--data-dir")
            .arg(self.data())
            .arg("--json")
            .args(words);
        command
    }

    /// Runs to the end; refused usage fails the test.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, "")
    }

    pub(crate) fn run_with(&self, words: &[&str], input: &str) -> Ran {
        let since = Instant::now();
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone before the input is written.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        let document =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{words:?}: {error}: {text} {told}"));
        let code = output.status.code().unwrap();
        assert!(code < 2, "{words:?} was refused: {text} {told}");
        Ran {
            code,
            document,
            took: since.elapsed(),
        }
    }

    /// The same, and all of it must be well.
    pub(crate) fn well(&self, words: &[&str]) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.document);
        ran
    }

    /// Kills a run at a moment that chance chooses within the time a whole run takes; false when it was through before.
    pub(crate) fn kill(&self, words: &[&str], whole: Duration) -> bool {
        let within = u64::try_from(whole.as_micros()).unwrap();
        let moment = Duration::from_micros(self.chance.below(within.max(1)));
        let mut child = self
            .command(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment);
        let alive = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        alive
    }

    /// Plays rounds until so many kills have hit. A round is told its number and whether the kill hit.
    pub(crate) fn rounds(&self, what: &str, kills: u64, mut round: impl FnMut(u64) -> bool) {
        let since = Instant::now();
        let mut hits = 0;
        let mut tries = 0;
        while hits < kills {
            tries += 1;
            assert!(
                tries <= kills * TRIES,
                "{what}: only {hits} of {tries} kills found a living process"
            );
            hits += u64::from(round(tries));
            self.is_whole();
        }
        let seconds = since.elapsed().as_secs();
        println!(
            "kills: {what}: {hits} kills in {tries} rounds, {seconds} s, nothing broken, nothing lost, nothing twice"
        );
    }

    /// SQLite finds nothing wrong with the file.
    pub(crate) fn is_whole(&self) {
        let file = storage::db::Db::file(&self.data());
        if !file.exists() {
            return;
        }
        let connection = rusqlite::Connection::open(file).unwrap();
        let told: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(told, "ok");
        let broken: i64 = connection
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(broken, 0, "rows that point nowhere");
    }

    /// The library as it stands.
    pub(crate) fn library(&self) -> Vec<Value> {
        let listed = self.well(&["library", "list", "--limit", "100000"]).document;
        listed["products"].as_array().unwrap().clone()
    }

    /// Writes a sheet of these items and gives its path.
    pub(crate) fn sheet(&self, items: &[ScenarioItem]) -> String {
        let mut text = "商品名称,商品编码,规格编码,分类,售价,单位\n".to_owned();
        for item in items {
            let yuan = format!("{}.{:02}", item.price_fen / 100, item.price_fen % 100);
            let (name, code, barcode) = (&item.name, &item.item_code, &item.barcode);
            writeln!(
                text,
                "{name},{code},{barcode},{},{yuan},{}",
                item.category, item.unit
            )
            .unwrap();
        }
        let path = self.at("sheet.csv");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Adds ERP and stores, imports the items, reads the stores and binds everything; gives the two stores.
    pub(crate) fn move_in(&self, sim: &Simulated, items: &[ScenarioItem]) -> [String; 2] {
        self.well(&["library", "import", &self.sheet(items)]);
        let erp = self.add(sim, "ama", &["--setting", "order_mode=lookup"]);
        let mut stores = Vec::new();
        for (platform, shop) in [("meituan_shangou", SHANGOU), ("ebai", EBAI)] {
            let words = [
                "--remote-id",
                shop,
                "--name",
                "青禾路店",
                "--erp",
                &erp,
                "--offline-code",
                BRANCH,
            ];
            let store = self.add(sim, platform, &words);
            self.well(&["pull", &store]);
            self.run(&["match", &store, "--apply"]);
            stores.push(store);
        }
        stores.try_into().unwrap()
    }

    fn add(&self, sim: &Simulated, service: &str, more: &[&str]) -> String {
        let facts = &sim.announced["services"][service];
        let mut words = vec![
            "store",
            "add",
            "--platform",
            service,
            "--endpoint",
            facts["url"].as_str().unwrap(),
        ];
        words.extend([
            "--setting",
            "calls_per_second=0",
            "--setting",
            "calls_per_second_store=0",
        ]);
        words.extend(more);
        let ran = self.run_with(&words, &facts["credentials"].to_string());
        assert_eq!(ran.code, 0, "{}", ran.document);
        ran.document["id"].to_string()
    }
}

/// Goods to sell, numbered from `from`.
pub(crate) fn goods(from: u64, count: u64) -> Vec<ScenarioItem> {
    let one = |n: u64| ScenarioItem {
        name: format!("山溪好货{n:04}号 500g"),
        spec_name: "单规格".to_owned(),
        item_code: format!("{}", 102_231_115_000_000 + n),
        barcode: gtin(n),
        category: "百货".to_owned(),
        price_fen: 500 + i64::try_from(n % 400).unwrap(),
        unit: "份".to_owned(),
        base_quantity: 1,
        stock: 50,
        ..ScenarioItem::default()
    };
    (from..from + count).map(one).collect()
}

/// A code of thirteen digits with its check digit.
fn gtin(number: u64) -> String {
    let body = format!("697{number:09}");
    let sum: u32 = body
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
