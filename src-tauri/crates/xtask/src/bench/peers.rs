//! The peers that are no system packages: Python's, in a place of their own.

use std::path::{Path, PathBuf};

use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;

/// At the versions the goals were measured with.
const PACKAGES: [&str; 2] = ["openpyxl==3.1.5", "pillow==13.0.0"];

/// What was installed.
pub(super) struct Peers {
    python: PathBuf,
}

impl Peers {
    /// A Python under `target/tools` with the peers in it; quick when it is there.
    pub(super) fn install(repo: &Repo) -> anyhow::Result<Self> {
        let folder = repo.target("tools").join("bench-python");
        let python = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        if !has_all(&python) {
            say(format!("bench: installing {}", PACKAGES.join(", ")));
            Program::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder)
                .run()?;
            Program::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(PACKAGES)
                .run()?;
        }
        Ok(Self { python })
    }

    /// The interpreter.
    pub(super) fn python(&self) -> &Path {
        &self.python
    }
}

fn has_all(python: &Path) -> bool {
    let listed = Program::new(python)
        .args([
            "-m",
            "pip",
            "list",
            "--format=freeze",
            "--disable-pip-version-check",
        ])
        .output()
        .filter(|output| output.status.success());
    listed.is_some_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
        PACKAGES
            .iter()
            .all(|package| text.lines().any(|line| line.trim() == *package))
    })
}
