//! `bench`: every bench, each against its peer in the same run, one after another: two at once would measure each other.

mod measure;
mod peers;
mod window;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use clap::Args;

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
    let tools = setup::run(
        repo,
        &Parts {
            purposes,
            driver: false,
        },
    )?;
    let peers = Peers::install(repo)?;
    build(repo, &chosen)?;
    let mut report = Report::begin(options.quick);
    let mut failed = Vec::new();
    for bench in &chosen {
        if let Kind::Target(package) = bench.kind {
            say(format!("bench: {} ({})", bench.name, bench.goals.join(", ")));
            match one(repo, bench, package, options.quick, &peers) {
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

/// All at once before the first is measured, so that no compiler runs beside a measurement.
fn build(repo: &Repo, benches: &[&Bench]) -> anyhow::Result<()> {
    let mut build = Program::cargo()
        .args(["bench", "--no-run", "--quiet"])
        .folder(repo.root());
    let mut any = false;
    for bench in benches {
        if let Kind::Target(package) = bench.kind {
            build = build.args(["--package", package, "--bench", bench.name]);
            any = true;
        }
    }
    if any {
        say("bench: building");
        build.run()?;
    }
    Ok(())
}

/// Runs one and reads its measures; what it says beside them is shown as it comes.
fn one(
    repo: &Repo,
    bench: &Bench,
    package: &str,
    quick: bool,
    peers: &Peers,
) -> anyhow::Result<Vec<Measure>> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["bench", "--quiet", "--package", package, "--bench", bench.name])
        .args(["--", "--json"])
        .args(quick.then_some("--quick"))
        .env("GUITAI_BENCH_PYTHON", peers.python())
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_PKG_NAME")
        .current_dir(repo.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start cargo bench")?;
    let output = child.stdout.take().context("cargo bench has no output")?;
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
    use super::{BENCHES, Kind, chosen};

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
