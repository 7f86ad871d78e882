//! Running other programs.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fmt, io};

use anyhow::{Context, bail};

use crate::report;

/// A program to run: a command that shows itself as one would type it.
pub(crate) struct Program {
    command: Command,
}

impl Program {
    /// A program by name or path, with no standard input: nothing here may wait for a person.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command }
    }

    /// The cargo that runs this tool.
    pub(crate) fn cargo() -> Self {
        Self::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            // What cargo set for this tool's own run would change what our builds see.
            .without_env("CARGO_MANIFEST_DIR")
            .without_env("CARGO_PKG_NAME")
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The same program, started by another one whose words these are.
    pub(crate) fn started_by(self, starter: &[&str]) -> Self {
        let old = self.command;
        let mut outer = Self::new(starter[0])
            .args(&starter[1..])
            .arg(old.get_program())
            .args(old.get_args());
        if let Some(folder) = old.get_current_dir() {
            outer.command.current_dir(folder);
        }
        for (name, value) in old.get_envs() {
            match value {
                Some(value) => outer.command.env(name, value),
                None => outer.command.env_remove(name),
            };
        }
        outer
    }

    /// Runs it in view; whether it succeeded.
    pub(crate) fn succeeds(mut self) -> anyhow::Result<bool> {
        let shown = self.to_string();
        if report::stdout_is_taken() {
            self.command.stdout(io::stderr());
        }
        let status = self
            .command
            .status()
            .with_context(|| format!("cannot start: {shown}"))?;
        Ok(status.success())
    }

    /// Runs it in view with this program's own standard output, also when that is taken; whether it succeeded.
    pub(crate) fn succeeds_on_own_output(mut self) -> anyhow::Result<bool> {
        let shown = self.to_string();
        let status = self
            .command
            .status()
            .with_context(|| format!("cannot start: {shown}"))?;
        Ok(status.success())
    }

    /// Runs it in view and fails unless it succeeds.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let shown = self.to_string();
        if !self.succeeds()? {
            bail!("failed: {shown}");
        }
        Ok(())
    }

    /// Runs it with everything it says going to a file; whether it succeeded.
    pub(crate) fn succeeds_into(mut self, log: &File) -> anyhow::Result<bool> {
        let shown = self.to_string();
        let status = self
            .command
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .status()
            .with_context(|| format!("cannot start: {shown}"))?;
        Ok(status.success())
    }

    /// Runs it with its standard error in view and gives the lines of its standard output; fails unless it succeeds.
    pub(crate) fn lines(mut self) -> anyhow::Result<Vec<String>> {
        let shown = self.to_string();
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start: {shown}"))?;
        if !output.status.success() {
            bail!("failed: {shown}");
        }
        Ok(String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// Runs it unseen and gives its output; `None` when it cannot be started at all.
    pub(crate) fn output(mut self) -> Option<Output> {
        self.command.output().ok()
    }

    /// The first line it prints, when it succeeds: for asking versions.
    pub(crate) fn first_line(self) -> Option<String> {
        let output = self.output().filter(|output| output.status.success())?;
        Some(
            String::from_utf8_lossy(&output.stdout)
                .lines()
                .next()?
                .trim()
                .to_owned(),
        )
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.command.get_program().to_string_lossy())?;
        for arg in self.command.get_args() {
            write!(f, " {}", arg.to_string_lossy())?;
        }
        Ok(())
    }
}

/// Where a program of that name is on the search path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// The search path with these folders first.
pub(crate) fn search_path(first: &[PathBuf]) -> anyhow::Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&old));
    env::join_paths(folders).context("a folder of the search path cannot be written in it")
}
