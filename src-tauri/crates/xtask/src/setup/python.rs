//! Programs of the Python registry, each set in a virtual environment of its own below `target/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Program};

/// Makes `<folder>/venv` anew with the packages that a file of requirements names; `None` where there is no Python.
pub(super) fn environment(folder: &Path, requirements: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(python) = ["python3", "python"]
        .into_iter()
        .find(|name| process::find(name).is_some())
    else {
        return Ok(None);
    };
    fs::create_dir_all(folder)?;
    let venv = folder.join("venv");
    Program::new(python)
        .args(["-m", "venv", "--clear"])
        .arg(&venv)
        .run()?;
    Program::new(program(&venv, "python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(requirements)
        .run()?;
    Ok(Some(venv))
}

/// A program of an environment.
pub(super) fn program(venv: &Path, name: &str) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts").join(format!("{name}.exe"))
    } else {
        venv.join("bin").join(name)
    }
}
