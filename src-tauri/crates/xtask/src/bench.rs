//! `bench`: every bench of every crate, each against its peer in the same run.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;
use crate::setup::{self, Parts, Purpose};

/// What the Python peers need, at the versions the goals were measured with or newer.
const PYTHON_PACKAGES: [&str; 2] = ["openpyxl>=3.1.5,<4", "pillow>=11"];

/// Which benches to run.
#[derive(Args)]
pub(crate) struct BenchOptions {
    /// Only benches whose name contains this.
    filter: Option<String>,
    /// Only list them.
    #[arg(long)]
    list: bool,
}

/// One bench target.
#[derive(Debug, PartialEq, Eq)]
struct Bench {
    package: String,
    name: String,
}

/// Installs the peers and runs the benches one after another, since two at once would measure each other.
pub(crate) fn run(repo: &Repo, options: &BenchOptions) -> anyhow::Result<ExitCode> {
    let benches: Vec<Bench> = list(repo)?
        .into_iter()
        .filter(|bench| {
            options
                .filter
                .as_ref()
                .is_none_or(|part| bench.name.contains(part.as_str()))
        })
        .collect();
    if options.list {
        for bench in &benches {
            say(format!("{} {}", bench.package, bench.name));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if benches.is_empty() {
        bail!("no bench of that name");
    }
    setup::run(
        repo,
        &Parts {
            purposes: vec![Purpose::Build, Purpose::Bench],
            driver: false,
        },
    )?;
    let python = install_python(repo)?;
    let mut failed = Vec::new();
    for bench in &benches {
        say(format!("bench: {} of {}", bench.name, bench.package));
        let passed = Program::cargo()
            .args([
                "bench",
                "--quiet",
                "--package",
                &bench.package,
                "--bench",
                &bench.name,
            ])
            .env("GUITAI_BENCH_PYTHON", &python)
            .folder(repo.root())
            .succeeds()?;
        if !passed {
            failed.push(bench.name.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("bench: failed: {}", failed.join(", ")));
    Ok(ExitCode::FAILURE)
}

fn list(repo: &Repo) -> anyhow::Result<Vec<Bench>> {
    let output = Program::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .folder(repo.root())
        .output()
        .filter(|output| output.status.success())
        .context("cargo metadata failed")?;
    benches_in(&serde_json::from_slice(&output.stdout)?)
}

fn benches_in(metadata: &Value) -> anyhow::Result<Vec<Bench>> {
    let mut benches = Vec::new();
    for package in metadata["packages"]
        .as_array()
        .context("cargo metadata lists packages")?
    {
        for target in package["targets"].as_array().into_iter().flatten() {
            let is_bench = target["kind"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind == "bench"));
            if let (true, Some(package), Some(name)) =
                (is_bench, package["name"].as_str(), target["name"].as_str())
            {
                benches.push(Bench {
                    package: package.to_owned(),
                    name: name.to_owned(),
                });
            }
        }
    }
    Ok(benches)
}

/// A Python of our own with the peers in it.
fn install_python(repo: &Repo) -> anyhow::Result<PathBuf> {
    let folder = repo.target("bench-venv");
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let works = Program::new(&python)
        .args(["-c", "import openpyxl, PIL"])
        .output();
    if works.is_some_and(|output| output.status.success()) {
        return Ok(python);
    }
    say(format!("bench: installing {}", PYTHON_PACKAGES.join(", ")));
    Program::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .run()?;
    Program::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PYTHON_PACKAGES)
        .run()?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::{Bench, benches_in};

    #[test]
    fn benches_are_told_from_other_targets() {
        let metadata = serde_json::json!({"packages": [{"name": "images", "targets": [
            {"name": "images", "kind": ["lib"]}, {"name": "precheck", "kind": ["bench"]}]}]});
        let expected = [Bench {
            package: "images".to_owned(),
            name: "precheck".to_owned(),
        }];
        assert_eq!(benches_in(&metadata).unwrap(), expected);
        assert!(benches_in(&serde_json::json!({})).is_err());
    }
}
