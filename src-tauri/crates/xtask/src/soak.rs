//! `soak`: the fault suite with numbers too large for every change.

use std::process::ExitCode;

use clap::Args;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;
use crate::setup::{self, Parts};

/// How much to soak.
#[derive(Args)]
pub(crate) struct SoakOptions {
    /// Seeded runs of the whole engine.
    #[arg(long, default_value_t = 100_000)]
    seeds: u64,
    /// Rounds of `kill -9` of the real process.
    #[arg(long, default_value_t = 1_000)]
    kills: u64,
}

/// Runs the suite; its exit code is ours.
pub(crate) fn run(repo: &Repo, options: &SoakOptions) -> anyhow::Result<ExitCode> {
    setup::run(repo, &Parts::build())?;
    say(format!("soak: {} seeds, {} kills", options.seeds, options.kills));
    let build = ["build", "--package", "cli", "--package", "devhost"];
    Program::cargo().args(build).folder(repo.root()).run()?;
    let passed = Program::cargo()
        .args([
            "test",
            "--package",
            "suites",
            "--test",
            "faults",
            "--",
            "--nocapture",
        ])
        .env("GUITAI_SEEDS", options.seeds.to_string())
        .env("GUITAI_KILLS", options.kills.to_string())
        .folder(repo.root())
        .succeeds()?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
