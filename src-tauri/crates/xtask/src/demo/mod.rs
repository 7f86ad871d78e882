//! `demo`: the whole main job on a demo shop, as a manager would do it.

mod keyring;
mod report;
mod stage;
mod story;
mod window;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::process::Program;
use crate::repo::Repo;
use crate::report::{keep_stdout_free, say};
use crate::setup::{self, Parts};
use stage::Stage;

/// The programs the demo starts, by package.
const PACKAGES: [&str; 3] = ["cli", "shell", "devhost"];

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
    let tools = setup::run(repo, &Parts::demo())?;
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

/// Plays the demo with everything built. On Linux without a key ring of one's own (a server, CI) it starts itself again
/// on a private session bus with a real Secret Service, because stores keep their secrets there.
fn run(repo: &Repo, options: &DemoOptions) -> anyhow::Result<()> {
    if options.headless && keyring::needed() {
        return keyring::again(repo);
    }
    let stage = Stage::set(repo, options)?;
    let report = story::play(&stage, || {
        if options.headless {
            window::pictures_of_work(&stage)?;
        }
        Ok(())
    })?;
    say(report.told());
    if options.headless {
        window::pictures_of_rest(&stage)?;
        let broken = report.broken_promises();
        for promise in &broken {
            say(format!("demo: {promise}"));
        }
        stage.strike();
        println!("{}", serde_json::to_string(&report)?);
        if !broken.is_empty() {
            bail!("the demo did not keep what it promises");
        }
        return Ok(());
    }
    println!("{}", serde_json::to_string(&report)?);
    window::open(&stage)
}
