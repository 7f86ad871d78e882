//! P1 and P2: importing a CSV of 100,000 products with 200,000 SKUs, whole process, against the sqlite3 shell's
//! `.import` into the same schema; and durable steps of 1,000 products against one transaction. All in one run;
//! ratios are what counts.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

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
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;
use storage::db::{Access, Db};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PRODUCTS: usize = 100_000;
const SCHEMA: &str = include_str!("../../storage/migrations/0001_init.sql");
const ROUNDS: usize = 3;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, sheet, folder, step] = arguments.as_slice()
        && command == "import-file"
    {
        return import(Path::new(sheet), Path::new(folder), step.parse()?);
    }
    let products = arguments
        .get(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(PRODUCTS);
    let folder = tempfile::tempdir()?;
    let sheet = folder.path().join("goods.csv");
    write_sheets(folder.path(), products)?;
    let has_shell = Command::new("sqlite3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    let (mut against_shell, mut against_one) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let steps = ours(&sheet, &folder.path().join(format!("steps{round}")), STEP)?;
        let one = ours(&sheet, &folder.path().join(format!("one{round}")), usize::MAX)?;
        against_one.push(steps / one);
        if has_shell {
            against_shell.push(steps / shell(folder.path(), round)?);
        }
        println!(
            "round {}: steps {steps:.2} s, one transaction {one:.2} s",
            round + 1
        );
    }
    match median(against_shell) {
        Some(ratio) => println!("P1 import / sqlite3 .import: {ratio:.2} (goal 0.60 or less)"),
        None => println!("P1 not measured: the sqlite3 shell is not installed"),
    }
    if let Some(ratio) = median(against_one) {
        println!("P2 durable steps / one transaction: {ratio:.2} (goal 1.5 or less)");
    }
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> Option<f64> {
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
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
    let start = Instant::now();
    let status = Command::new(std::env::current_exe()?)
        .arg("import-file")
        .args([sheet, folder])
        .arg(step.to_string())
        .status()?;
    if status.success() {
        Ok(start.elapsed().as_secs_f64())
    } else {
        Err("the import failed".into())
    }
}

/// Seconds of the shell, which checks nothing, writes no change log, and takes prepared columns.
fn shell(folder: &Path, round: usize) -> Outcome<f64> {
    let start = Instant::now();
    let mut shell = Command::new("sqlite3")
        .arg(folder.join(format!("shell{round}.sqlite")))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let path = |name: &str| folder.join(name).display().to_string();
    let script = format!(
        "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\n{SCHEMA}\n.mode csv\nBEGIN;\n.import \"{}\" product\n.import \"{}\" sku\nCOMMIT;\n",
        path("product.csv"),
        path("sku.csv")
    );
    shell
        .stdin
        .take()
        .ok_or("no input")?
        .write_all(script.as_bytes())?;
    let status = shell.wait()?;
    if status.success() {
        Ok(start.elapsed().as_secs_f64())
    } else {
        Err("the sqlite3 shell failed".into())
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
