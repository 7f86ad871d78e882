//! `vectors`: checks signing vectors with the product's own connectors and the simulator's verifier.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

use crate::process::Program;
use crate::repo::Repo;

/// The folders to check: the given one, else `GUITAI_VECTORS`, else the shared ones where they are there;
/// and always our own.
pub(crate) fn folders(repo: &Repo, given: Option<PathBuf>) -> Vec<PathBuf> {
    let outside = given
        .or_else(|| env::var_os("GUITAI_VECTORS").map(PathBuf::from))
        .or_else(|| {
            repo.shared()
                .map(|shared| shared.join("vectors"))
                .filter(|folder| folder.is_dir())
        });
    outside
        .into_iter()
        .chain(Some(repo.at("tests/vectors")).filter(|folder| folder.is_dir()))
        .collect()
}

/// One check of one folder.
pub(crate) fn check(cli: &Path, folder: &Path) -> Program {
    Program::new(cli).arg("vectors").arg(folder)
}

/// Builds the CLI, checks every folder, and fails when one of them does.
pub(crate) fn run(repo: &Repo, given: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let folders = folders(repo, given);
    if folders.is_empty() {
        bail!("no vectors: give a folder, or put some into tests/vectors");
    }
    Program::cargo()
        .args(["build", "--quiet", "--package", "cli", "--bin", "guitai-cli"])
        .folder(repo.root())
        .run()?;
    let mut passed = true;
    for folder in &folders {
        passed &= check(&repo.built("guitai-cli"), folder).succeeds()?;
    }
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
