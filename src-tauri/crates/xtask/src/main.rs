//! `cargo xtask`: everything a person or CI does with this repository, by one name each.
//!
//! This crate must not know what the app does: it installs what is missing and starts programs in the right
//! order. It depends on no other crate of the house, so that it builds on a machine that has nothing yet.
//!
//! Read first: [`repo::Repo`] (where things are), [`process::Program`] (how programs are run), then the file
//! of the subcommand.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool reports on standard output"
)]

mod bench;
mod demo;
mod dist;
mod process;
mod repo;
mod report;
mod setup;
mod soak;
mod test;
mod vectors;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::repo::Repo;

/// Tasks of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find out what this machine lacks for building, testing and the demo, and install it.
    Setup,
    /// Build the app and run the whole main job on a demo shop.
    Demo(demo::DemoOptions),
    /// Install what is missing and run every check and test, headless.
    Test(test::TestOptions),
    /// Check the signing vectors; one line per file: name passed/total.
    Vectors {
        /// A folder of vector files instead of ../shared/vectors; tests/vectors is always checked too.
        folder: Option<PathBuf>,
    },
    /// Run the benches against their peers and print ratios.
    Bench(bench::BenchOptions),
    /// Run the fault suite with large numbers.
    Soak(soak::SoakOptions),
    /// Build the release and an installer for this system.
    Dist,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    let repo = Repo::find()?;
    match task {
        Task::Setup => setup::run(&repo, &setup::Parts::test()).map(|_| ExitCode::SUCCESS),
        Task::Demo(options) => demo::start(&repo, &options).map(|()| ExitCode::SUCCESS),
        Task::Test(options) => test::run(&repo, &options),
        Task::Vectors { folder } => vectors::run(&repo, folder),
        Task::Bench(options) => bench::run(&repo, &options),
        Task::Soak(options) => soak::run(&repo, &options),
        Task::Dist => dist::run(&repo).map(|()| ExitCode::SUCCESS),
    }
}
