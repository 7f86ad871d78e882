//! `dist`: the release build and this system's installer.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;
use crate::setup::{self, Parts};

/// The bundle formats made on this system; on the others the app's configuration says which.
const BUNDLES: &[&str] = if cfg!(target_os = "linux") {
    &["--bundles", "deb"]
} else {
    &[]
};

/// Builds pages, programs and installer, and says where they are.
pub(crate) fn run(repo: &Repo) -> anyhow::Result<()> {
    let tools = setup::run(repo, &Parts::build())?;
    tools
        .node
        .npm()?
        .args(["run", "build"])
        .folder(repo.at("ui"))
        .run()?;
    Program::cargo()
        .args(["build", "--release", "--package", "cli"])
        .folder(repo.root())
        .run()?;

    let script = repo.at("ui/node_modules/@tauri-apps/cli/tauri.js");
    if !script.is_file() {
        bail!("the Tauri CLI is missing from ui/node_modules; it belongs to ui/package.json");
    }
    // Started at the top, where it finds src-tauri by itself.
    let mut build = Program::new("node")
        .arg(&script)
        .arg("build")
        .args(BUNDLES)
        .folder(repo.root());
    build = build.env("PATH", tools.search_path(repo)?);
    build.run()?;

    let bundles = installers(&repo.target("release").join("bundle")).context("the bundler made no folder")?;
    if bundles.is_empty() {
        bail!("the bundler reported success and left no installer");
    }
    for bundle in bundles {
        let size = fs::metadata(&bundle)?.len();
        say(format!("dist: {} ({size} bytes)", bundle.display()));
    }
    Ok(())
}

/// Files the bundler put into its folders, one folder a format.
fn installers(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    const KINDS: [&str; 7] = ["deb", "rpm", "AppImage", "dmg", "msi", "exe", "app"];
    let mut found = Vec::new();
    for format in fs::read_dir(folder)? {
        let format = format?.path();
        if !format.is_dir() {
            continue;
        }
        for file in fs::read_dir(format)? {
            let file = file?.path();
            if file
                .extension()
                .and_then(|kind| kind.to_str())
                .is_some_and(|kind| KINDS.contains(&kind))
            {
                found.push(file);
            }
        }
    }
    found.sort();
    Ok(found)
}
