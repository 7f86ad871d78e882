//! `demo`: the whole main job on a demo shop, as a manager would do it.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::{keep_stdout_free, say};
use crate::setup::{self, Parts};

/// The programs the demo starts, by package.
const PACKAGES: [&str; 4] = ["cli", "shell", "sim", "devhost"];

/// How to run the demo.
#[derive(Args, Debug, Clone)]
pub(crate) struct DemoOptions {
    /// On a virtual display, ending by itself, with screenshots under target/.
    #[arg(long)]
    pub(crate) headless: bool,
    /// End with one JSON document on standard output; progress goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
    /// A product file to derive the demo shop from, instead of the one that comes along.
    #[arg(long, value_name = "FILE")]
    pub(crate) library: Option<PathBuf>,
    /// The same seed gives the same shop, orders and faults.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Sets up, builds pages and programs, and hands over to [`run`].
pub(crate) fn start(repo: &Repo, options: &DemoOptions) -> anyhow::Result<()> {
    if options.json {
        keep_stdout_free();
    }
    let tools = setup::run(repo, &Parts::all())?;
    say("demo: building the pages");
    tools
        .node
        .npm()?
        .args(["run", "--silent", "build"])
        .folder(repo.at("ui"))
        .run()?;
    say("demo: building the programs");
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    Program::cargo()
        .args(["build", "--quiet"])
        .args(packages)
        .folder(repo.root())
        .run()?;
    run(repo, options)
}

/// Plays the demo with everything built.
fn run(_repo: &Repo, options: &DemoOptions) -> anyhow::Result<()> {
    bail!("the demo is not built yet (asked for {options:?})")
}
