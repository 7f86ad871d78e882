//! The program that drives the real window.

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;

const NAME: &str = "tauri-driver";
const VERSION: &str = "2.1.0";

/// Builds the driver into `target/tools` unless it is there. Cargo keeps the record of what it installed.
pub(super) fn install(repo: &Repo) -> anyhow::Result<()> {
    let root = repo.target("tools");
    let record = root.join(".crates.toml");
    let line = format!("\"{NAME} {VERSION} ");
    if std::fs::read_to_string(record).is_ok_and(|record| record.contains(&line)) {
        return Ok(());
    }
    say(format!("setup: building {NAME} {VERSION}"));
    Program::cargo()
        .args([
            "install",
            NAME,
            "--version",
            VERSION,
            "--locked",
            "--quiet",
            "--root",
        ])
        .arg(&root)
        // A target folder of its own that is thrown away: ours would keep its dependencies for ever.
        .without_env("CARGO_TARGET_DIR")
        .run()
}
