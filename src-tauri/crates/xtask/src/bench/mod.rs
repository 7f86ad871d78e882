//! `bench`: every bench, each against its peer in the same run, one after another: two at once would measure each other.

mod measure;
mod peers;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::{keep_stdout_free, say};
use crate::setup::{self, Parts, Purpose};
use measure::{Measure, Report};
use peers::Peers;

/// Which benches to run, and how.
#[derive(Args)]
pub(crate) struct BenchOptions {
    /// Only these: goals (P1, p15, bomb) or names of benches (import, window); without any, all.
    names: Vec<String>,
    /// Small sizes: shows that everything runs; the ratios are not the ones the goals mean.
    #[arg(long)]
    quick: bool,
    /// End with one JSON document on standard output; progress goes to standard error.
    #[arg(long)]
    json: bool,
    /// Only list them.
    #[arg(long)]
    list: bool,
}

/// A bench and the goals it measures.
struct Bench {
    name: &'static str,
    goals: &'static [&'static str],
    kind: Kind,
}

enum Kind {
    /// A bench target of a package.
    Target(&'static str),
    /// The real window; it belongs to no crate.
    Window,
}

const BENCHES: [Bench; 10] = [
    target("import", "engine", &["P1", "P2"]),
    target("read", "sheets", &["P3", "bomb"]),
    target("search", "storage", &["P5"]),
    target("images", "images", &["P7"]),
    target("repair", "images", &["P8"]),
    target("bombs", "images", &["bomb"]),
    target("pacing", "connect", &["P11"]),
    target("enqueue", "storage", &["P13"]),
    Bench {
        name: "start",
        goals: &["P15"],
        kind: Kind::Window,
    },
    Bench {
        name: "memory",
        goals: &["P16"],
        kind: Kind::Window,
    },
];

const fn target(name: &'static str, package: &'static str, goals: &'static [&'static str]) -> Bench {
    Bench {
        name,
        goals,
        kind: Kind::Target(package),
    }
}

impl Bench {
    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.goals.iter().any(|goal| goal.eq_ignore_ascii_case(name))
    }
}

/// Installs the peers, builds, runs, and says what came out.
pub(crate) fn run(repo: &Repo, options: &BenchOptions) -> anyhow::Result<ExitCode> {
    if options.json {
        keep_stdout_free();
    }
    let chosen = chosen(&options.names)?;
    if options.list {
        for bench in &chosen {
            say(format!("{} ({})", bench.name, bench.goals.join(", ")));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let has_window = chosen.iter().any(|bench| matches!(bench.kind, Kind::Window));
    let mut purposes = vec![Purpose::Build, Purpose::Bench];
    if has_window {
        purposes.push(Purpose::Test);
    }
    let tools = setup::run(repo, &Parts { purposes, erp: false })?;
    let peers = Peers::install(repo)?;
    let programs = build(repo, &chosen)?;
    let mut report = Report::begin(options.quick);
    let mut failed = Vec::new();
    for bench in &chosen {
        if let (Kind::Target(package), Some(program)) = (&bench.kind, programs.get(bench.name)) {
            say(format!("bench: {} ({})", bench.name, bench.goals.join(", ")));
            let folder = repo.at("src-tauri/crates").join(package);
            match one(program, &folder, options.quick, &peers) {
                Ok(measures) => report.add(measures),
                Err(error) => {
                    say(format!("bench: {}: {error:#}", bench.name));
                    failed.push(bench.name);
                }
            }
        }
    }
    if has_window {
        say("bench: the real window (P15, P16)");
        match window::run(repo, &tools, options.quick) {
            Ok(measures) => report.add(measures),
            Err(error) => {
                say(format!("bench: window: {error:#}"));
                failed.push("window");
            }
        }
    }
    report.end();
    say(report.table());
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("bench: failed: {}", failed.join(", ")));
    Ok(ExitCode::FAILURE)
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Bench>> {
    for name in names {
        if !BENCHES.iter().any(|bench| bench.is_called(name)) {
            bail!("no bench or goal is called {name}; --list lists them");
        }
    }
    Ok(BENCHES
        .iter()
        .filter(|bench| names.is_empty() || names.iter().any(|name| bench.is_called(name)))
        .collect())
}

/// Builds all in one go before the first is measured: no compiler runs beside a measurement, and one choice of
/// packages means one choice of features, so that nothing is compiled twice. Gives the programs by name.
fn build(repo: &Repo, benches: &[&Bench]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut build = Program::cargo()
        .args(["bench", "--no-run", "--message-format=json-render-diagnostics"])
        .folder(repo.root());
    let mut names = BTreeSet::new();
    for bench in benches {
        if let Kind::Target(package) = bench.kind {
            build = build.args(["--package", package, "--bench", bench.name]);
            names.insert(bench.name);
        }
    }
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    say("bench: building");
    let messages = build.lines()?;
    let programs: BTreeMap<String, PathBuf> = messages
        .iter()
        .filter_map(|message| program_in(message))
        .collect();
    if let Some(missing) = names.iter().find(|name| !programs.contains_key(**name)) {
        bail!("cargo built no bench {missing}");
    }
    Ok(programs)
}

/// The bench program that a message of cargo announces.
fn program_in(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let is_bench = target["kind"]
        .as_array()
        .is_some_and(|kinds| kinds.iter().any(|kind| kind == "bench"));
    if !is_bench {
        return None;
    }
    let program = message["executable"].as_str()?;
    Some((target["name"].as_str()?.to_owned(), PathBuf::from(program)))
}

/// Runs one and reads its measures; what it says beside them is shown as it comes.
fn one(program: &Path, folder: &Path, quick: bool, peers: &Peers) -> anyhow::Result<Vec<Measure>> {
    let mut child = Command::new(program)
        .arg("--json")
        .args(quick.then_some("--quick"))
        .env("GUITAI_BENCH_PYTHON", peers.python())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let output = child.stdout.take().context("the bench has no output")?;
    let mut measures = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        match serde_json::from_str::<Measure>(&line) {
            Ok(measure) => {
                say(measure.line());
                measures.push(measure);
            }
            Err(_) => say(line),
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("ended with {status}");
    }
    if measures.is_empty() {
        bail!("measured nothing");
    }
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::{BENCHES, Kind, chosen, program_in};

    fn names(words: &[&str]) -> Vec<&'static str> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        chosen(&words).unwrap().iter().map(|bench| bench.name).collect()
    }

    #[test]
    fn benches_are_chosen_by_goal_or_name() {
        assert_eq!(names(&["P1", "pacing"]), ["import", "pacing"]);
        assert_eq!(names(&["bomb"]), ["read", "bombs"]);
        assert_eq!(names(&[]).len(), BENCHES.len());
        assert!(chosen(&["P99".to_owned()]).is_err());
    }

    #[test]
    fn bench_programs_are_found_among_what_cargo_says() {
        let message = r#"{"reason":"compiler-artifact","target":{"kind":["bench"],"name":"read"},"executable":"/a/read-1"}"#;
        assert_eq!(program_in(message), Some(("read".to_owned(), "/a/read-1".into())));
        assert_eq!(program_in(&message.replace("bench", "lib")), None);
        assert_eq!(program_in("no json"), None);
    }

    #[test]
    fn every_listed_bench_is_there() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for bench in &BENCHES {
            if let Kind::Target(package) = bench.kind {
                let file = crates.join(package).join("benches").join(bench.name);
                assert!(file.with_extension("rs").is_file(), "{}", file.display());
            }
        }
    }
}
