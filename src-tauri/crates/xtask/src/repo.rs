//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// This repository on this machine.
#[derive(Clone)]
pub(crate) struct Repo {
    root: PathBuf,
    target: PathBuf,
}

impl Repo {
    /// The repository this tool was built from, unless cargo says that it now stands elsewhere.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .nth(3)
            .context("xtask is not in src-tauri/crates")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir()?.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the top folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A path below cargo's target folder, where everything we make or install for ourselves goes.
    pub(crate) fn target(&self, path: &str) -> PathBuf {
        self.target.join(path)
    }

    /// A program of ours built in the dev profile.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The shared facts beside the repository (`GUITAI_SHARED`), where they are there.
    pub(crate) fn shared(&self) -> Option<PathBuf> {
        let folder =
            env::var_os("GUITAI_SHARED").map_or_else(|| self.root.join("..").join("shared"), PathBuf::from);
        folder.is_dir().then_some(folder)
    }
}
