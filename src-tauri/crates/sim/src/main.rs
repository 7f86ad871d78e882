//! `guitai-sim`: serves one simulated world on a loopback port and prints where, in one line of JSON.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use sim::scenario::Scenario;
use sim::{SimClock, Simulator, World};

/// Serves a simulated world of 美团闪购, 饿百零售 and the 乐檬 AMA ERP on 127.0.0.1.
#[derive(Debug, Parser)]
struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Scenario file, JSON or TOML; the demo chain without it.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Seed of the demo chain when no file is given.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let options = Options::parse();
    let scenario = match &options.scenario {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the scenario {}", path.display()))?;
            Scenario::read(&text)?
        }
        None => Scenario::demo(options.seed)?,
    };
    // The port is known only once the simulator listens, and pictures carry it in their addresses.
    let simulator = Simulator::new(World::new(scenario.seed, SimClock::Real));
    let serving = simulator
        .serve(options.port)
        .await
        .context("cannot listen on the loopback port")?;
    let base = serving.base_url();
    simulator.replace(scenario.build(scenario.clock(), &base)?.world);
    simulator.remember(scenario);
    let announcement = serde_json::to_string(&simulator.announcement(&base))?;
    writeln!(std::io::stdout().lock(), "{announcement}")?;
    serving.run().await?;
    Ok(())
}
