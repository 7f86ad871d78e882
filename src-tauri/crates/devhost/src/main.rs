//! The counter over loopback HTTP: `guitai-devhost --data-dir DIR [--port N] [--demo] [--pages DIR]`.

use anyhow::Context as _;
use clap::Parser;
use devhost::counter::{Counter, CounterOptions};
use devhost::server;
use std::path::PathBuf;

/// The api and the pages over loopback HTTP.
#[derive(Parser)]
struct Options {
    /// Data folder.
    #[arg(long)]
    data_dir: PathBuf,
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Opens the demo shop.
    #[arg(long)]
    demo: bool,
    /// Seed of the demo shop.
    #[arg(long, default_value_t = 20_261_121)]
    seed: u64,
    /// The built pages.
    #[arg(long, default_value = "ui/dist")]
    pages: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let options = Options::parse();
    let uploads = options.data_dir.join("uploads");
    let counter = Counter::open(CounterOptions {
        folder: options.data_dir,
        program: "guitai-devhost",
        version: env!("CARGO_PKG_VERSION"),
        rounds: true,
        browser: false,
        seed: options.seed,
    });
    if options.demo {
        counter.open_demo().await.context("the demo shop does not open")?;
    }
    server::serve(counter, options.pages, uploads, options.port, tell).await
}

#[expect(
    clippy::print_stdout,
    reason = "the one line that tells whoever started it where it listens"
)]
fn tell(address: std::net::SocketAddr) {
    println!("{{\"url\":\"http://{address}\"}}");
}
