//! P15 and P16: the real window on a library of 100,000 products against a bare Tauri window of the same build, on a
//! virtual display. Time is from the start of the process to the first frame after the page's content is there; memory
//! is what all processes of the tree hold between them, each shared page divided among those that share it (PSS).

mod desk;
mod tree;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::measure::Measure;
use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;
use crate::setup::Tools;
use desk::Desk;

const ROUNDS: usize = 5;
/// What both windows say when their page is painted (`paint.rs` of the shell).
const PAINTED: &str = "painted";
/// Longer than any start; a window that has not painted by then never will.
const PATIENCE: Duration = Duration::from_mins(2);
/// After the first paint a page still fetches and the web process still compiles; then memory stands still.
const SETTLING: Duration = Duration::from_secs(4);

/// One start of a window.
struct Seen {
    seconds: f64,
    bytes: f64,
}

/// Builds both windows, fills a library, and opens them in turn.
pub(super) fn run(repo: &Repo, tools: &Tools, quick: bool) -> anyhow::Result<Vec<Measure>> {
    if !cfg!(target_os = "linux") {
        bail!("P15 and P16 are measured on Linux only");
    }
    build(repo, tools)?;
    let home = repo.target("bench-window");
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let products = if quick { 2_000 } else { 100_000 };
    let data = library(repo, &home, products)?;
    let desk = Desk::set(&home)?;
    let ours = || {
        open(
            &desk,
            &program(repo, "guitai"),
            &["--data-dir".as_ref(), data.as_os_str()],
        )
    };
    let bare = || open(&desk, &program(repo, "examples/bare"), &[]);
    // The first start of each fills caches and makes folders.
    ours()?;
    bare()?;
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (own, theirs) = if round % 2 == 0 {
            let theirs = bare()?;
            (ours()?, theirs)
        } else {
            let own = ours()?;
            (own, bare()?)
        };
        say(format!(
            "   window {:.2} s, {:.0} MB; bare {:.2} s, {:.0} MB",
            own.seconds,
            own.bytes / 1e6,
            theirs.seconds,
            theirs.bytes / 1e6
        ));
        starts.push((own.seconds, theirs.seconds));
        memory.push((own.bytes, theirs.bytes));
    }
    let sizes = format!("{products} products, software rendering on a virtual display");
    let bare = "a bare Tauri window";
    Ok(vec![
        Measure::ratio(
            "P15",
            "start to the first library page painted, warm",
            bare,
            &sizes,
            &starts,
            1.10,
        ),
        Measure::ratio(
            "P16",
            "memory of all processes, library open",
            bare,
            &sizes,
            &memory,
            1.25,
        ),
    ])
}

/// Programs of the bench profile lie where those of the release profile do.
fn program(repo: &Repo, name: &str) -> PathBuf {
    repo.target("release").join(name)
}

fn build(repo: &Repo, tools: &Tools) -> anyhow::Result<()> {
    say("bench: building the windows");
    tools
        .node
        .npm()?
        .args(["run", "--silent", "build"])
        .folder(repo.at("ui"))
        .run()?;
    let shell = ["--features=paint-mark", "--bin=guitai", "--example=bare"];
    for (package, targets) in [("shell", shell.as_slice()), ("cli", &["--bin=guitai-cli"])] {
        Program::cargo()
            .args(["build", "--quiet", "--profile=bench", "--package", package])
            .args(targets)
            .folder(repo.root())
            .run()?;
    }
    Ok(())
}

/// A data folder with that many products of two SKUs each.
fn library(repo: &Repo, home: &Path, products: usize) -> anyhow::Result<PathBuf> {
    say(format!("bench: importing {products} products"));
    let mut sheet = String::from("商品名称,规格,款式编码,商品编码,规格编码,单位,售价\n");
    for at in 0..products {
        for (spec, text) in ["250ml*12", "1L*6"].iter().enumerate() {
            let number = at * 2 + spec;
            writeln!(
                sheet,
                "蒙牛高钙纯牛奶家庭装{at},{text},S{at},{number:07},69{number:011},箱,{}.5",
                number % 90
            )?;
        }
    }
    let file = home.join("goods.csv");
    fs::write(&file, sheet)?;
    let data = home.join("data");
    let output = Program::new(program(repo, "guitai-cli"))
        .arg("--data-dir")
        .arg(&data)
        .args(["--json", "library", "import"])
        .arg(&file)
        .output()
        .context("cannot start guitai-cli")?;
    if !output.status.success() {
        bail!(
            "the library could not be filled: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(data)
}

fn open(desk: &Desk, program: &Path, words: &[&std::ffi::OsStr]) -> anyhow::Result<Seen> {
    let mut command = desk.command(program);
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let painted = lines(&mut child).and_then(|lines| {
        let left = || PATIENCE.saturating_sub(start.elapsed());
        while let Ok((at, line)) = lines.recv_timeout(left()) {
            if line == PAINTED {
                return Ok(at.duration_since(start).as_secs_f64());
            }
        }
        bail!("{} painted nothing", program.display())
    });
    if painted.is_ok() {
        thread::sleep(SETTLING);
    }
    let processes = tree::below(child.id());
    let bytes = tree::memory(&processes);
    child.kill()?;
    child.wait()?;
    tree::wait_until_gone(&processes, Duration::from_secs(20));
    Ok(Seen {
        seconds: painted?,
        bytes: bytes?,
    })
}

/// Its lines with the moment each came.
fn lines(child: &mut Child) -> anyhow::Result<Receiver<(Instant, String)>> {
    let output = child.stdout.take().context("it has no output")?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more when the window has been seen.
            if send.send((Instant::now(), line)).is_err() {
                return;
            }
        }
    });
    Ok(receive)
}
