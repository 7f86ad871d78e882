//! P1 and P2: importing a CSV of 100,000 products with 200,000 SKUs, whole process, against the sqlite3 shell's
//! `.import` into the same schema; and durable steps of 1,000 products against one transaction.
//!
//! The shell takes columns that stand ready, checks nothing, knows no change log and no undo, and makes one
//! transaction; ours recognises columns and rows, checks every value, and records what it changed. Both write the same
//! tables with the same indexes and flush as safely.

use async_trait::async_trait;
use bytes::Bytes;
use connect::gateway::Gateway;
use connect::transport::{Transport, TransportError};
use engine::clock::{Chance, SystemClock};
use engine::library::import::{Mapping, STEP};
use engine::{Connectors, Engine, EngineOptions};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use storage::db::{Access, Db};
use yardstick::{Bench, Goal, Measure, in_turn, ratios, seconds};

type Outcome<T> = Result<T, Box<dyn Error>>;

const SCHEMA: &str = include_str!("../../storage/migrations/0001_init.sql");
const ROUNDS: usize = 3;

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    if let ["import-file", sheet, folder, step] = bench.words().as_slice() {
        return import(Path::new(sheet), Path::new(folder), step.parse()?);
    }
    let products = bench.size(100_000, 5_000);
    let folder = tempfile::tempdir()?;
    let sheet = folder.path().join("goods.csv");
    write_sheets(folder.path(), products)?;
    let sizes = format!("{products} products, {} SKUs", products * 2);
    let mut round = 0_u32;
    let mut fresh = |name: &str| {
        round += 1;
        folder.path().join(format!("{name}{round}"))
    };
    let mut places = || (fresh("ours"), fresh("theirs"));
    let shell_is_there = Command::new("sqlite3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    if shell_is_there {
        let (own, theirs): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| places()).unzip();
        let (mut own, mut theirs) = (own.iter(), theirs.iter());
        let pairs = in_turn(
            ROUNDS,
            || ours(&sheet, own.next().ok_or("no place")?, STEP),
            || shell(folder.path(), theirs.next().ok_or("no place")?),
        )?;
        bench.report(&Measure {
            id: "P1",
            what: "import a CSV, whole process, with every validation",
            baseline: "sqlite3 shell .import into the same schema",
            sizes: &sizes,
            unit: "x",
            values: ratios(&pairs),
            goal: Goal::AtMost(0.60),
        });
        for (own, shell) in &pairs {
            bench.say(&format!("   P1 round: ours {own:.2} s, sqlite3 {shell:.2} s"));
        }
    } else {
        bench.say("P1 not measured: the sqlite3 shell is not installed");
    }
    let (own, theirs): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| places()).unzip();
    let (mut own, mut theirs) = (own.iter(), theirs.iter());
    let pairs = in_turn(
        ROUNDS,
        || ours(&sheet, own.next().ok_or("no place")?, STEP),
        || ours(&sheet, theirs.next().ok_or("no place")?, usize::MAX),
    )?;
    bench.report(&Measure {
        id: "P2",
        what: "import in durable steps of 1,000 products",
        baseline: "the same in one transaction",
        sizes: &sizes,
        unit: "x",
        values: ratios(&pairs),
        goal: Goal::AtMost(1.5),
    });
    Ok(())
}

/// One sheet for us, and the two tables of it for the shell.
fn write_sheets(folder: &Path, products: usize) -> Outcome<()> {
    let mut sheet = String::from("商品名称,规格,款式编码,商品编码,规格编码,单位,售价\n");
    let (mut head, mut parts) = (String::new(), String::new());
    for at in 0..products {
        let name = format!("蒙牛高钙纯牛奶家庭装{at}");
        writeln!(head, "{},{name},S{at},,,,0,0,", at + 1)?;
        for (spec, text) in ["250ml*12", "1L*6"].into_iter().enumerate() {
            let number = at * 2 + spec;
            let (code, barcode) = (format!("{number:07}"), format!("69{number:011}"));
            writeln!(sheet, "{name},{text},S{at},{code},{barcode},箱,{}.5", number % 90)?;
            writeln!(
                parts,
                "{},{},{spec},{text},,{code},{barcode},{barcode},箱,{},,,1000,",
                number + 1,
                at + 1,
                number % 90 * 100 + 50
            )?;
        }
    }
    std::fs::write(folder.join("goods.csv"), sheet)?;
    std::fs::write(folder.join("product.csv"), head)?;
    std::fs::write(folder.join("sku.csv"), parts)?;
    Ok(())
}

/// Seconds of a whole process of ours.
fn ours(sheet: &Path, folder: &Path, step: usize) -> Outcome<f64> {
    seconds(|| {
        let status = Command::new(std::env::current_exe()?)
            .arg("import-file")
            .args([sheet, folder])
            .arg(step.to_string())
            .status()?;
        succeeded(status, "the import")
    })
}

/// Seconds of the shell.
fn shell(folder: &Path, file: &Path) -> Outcome<f64> {
    let path = |name: &str| folder.join(name).display().to_string();
    let script = format!(
        "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\n{SCHEMA}\n.mode csv\nBEGIN;\n.import \"{}\" product\n.import \"{}\" sku\nCOMMIT;\n",
        path("product.csv"),
        path("sku.csv")
    );
    seconds(|| {
        let mut shell = Command::new("sqlite3")
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut input = shell.stdin.take().ok_or("no input")?;
        input.write_all(script.as_bytes())?;
        drop(input);
        succeeded(shell.wait()?, "the sqlite3 shell")
    })
}

fn succeeded(status: ExitStatus, what: &str) -> Outcome<()> {
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what} failed: {status}").into())
    }
}

struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Err(TransportError::NotSent("an import calls nobody".to_owned()))
    }
}

fn import(sheet: &Path, folder: &Path, step: usize) -> Outcome<()> {
    let options = EngineOptions {
        db: Arc::new(Db::open(folder, Access::Write, "bench")?),
        connectors: Connectors {
            platforms: BTreeMap::new(),
            erps: BTreeMap::new(),
            printers: BTreeMap::new(),
            gateway: Gateway::new(Arc::new(Nowhere), Arc::new(|| 0)),
        },
        vault: secrets::Vault::memory(),
        clock: Arc::new(SystemClock),
        chance: Chance::seeded(1),
        actor: "bench".to_owned(),
    };
    let engine = Engine::new(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let report = runtime.block_on(engine.import_in_steps(sheet, &Mapping::default(), step))?;
    if report.created == 0 || !report.rejected.is_empty() {
        return Err(format!("{} created, {} refused", report.created, report.rejected.len()).into());
    }
    Ok(())
}
