//! `soak`: the suites of faults and kills with numbers too large for every change.

use std::process::ExitCode;

use clap::Args;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;
use crate::setup::{self, Parts};

/// How much to soak.
#[derive(Args)]
pub(crate) struct SoakOptions {
    /// Seeded runs of the whole engine: orders, syncs, cancelled syncs.
    #[arg(long, default_value_t = 100_000)]
    seeds: u64,
    /// Rounds of `kill -9` of the real process: import, sync, order push.
    #[arg(long, default_value_t = 1_000)]
    kills: u64,
    /// Orders into the real Tryton server, which is killed in the middle.
    #[arg(long, default_value_t = 2_000)]
    orders: u64,
}

/// The suites that take the numbers, one after the other: kills would wait for a machine busy with seeds.
const SUITES: [&str; 3] = ["faults", "kills", "tryton"];

/// Runs the suites; the exit code tells whether all of them passed.
pub(crate) fn run(repo: &Repo, options: &SoakOptions) -> anyhow::Result<ExitCode> {
    setup::run(repo, &Parts::test())?;
    say(format!(
        "soak: {} seeds, {} kills, {} orders",
        options.seeds, options.kills, options.orders
    ));
    Program::cargo()
        .args(["build", "--package", "cli"])
        .folder(repo.root())
        .run()?;
    let mut passed = true;
    for suite in SUITES {
        passed &= Program::cargo()
            .args([
                "test",
                "--package",
                "suites",
                "--test",
                suite,
                "--",
                "--nocapture",
            ])
            .env("GUITAI_SEEDS", options.seeds.to_string())
            .env("GUITAI_KILLS", options.kills.to_string())
            .env("GUITAI_TRYTON_ORDERS", options.orders.to_string())
            .without_env("GUITAI_BIN")
            .folder(repo.root())
            .succeeds()?;
    }
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
