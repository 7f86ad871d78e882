//! What the demo plays on: the running simulator, the command line on a fresh data folder.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, bail};
use serde_json::Value;

use super::DemoOptions;
use crate::repo::Repo;
use crate::report::say;

/// The stage. Dropping it stops the simulator.
pub(super) struct Stage {
    /// The manager's data folder.
    pub(super) data: PathBuf,
    /// The library sheet.
    pub(super) library: PathBuf,
    /// The library is not the demo shop's own.
    pub(super) foreign: bool,
    /// What the simulator announced.
    pub(super) announced: Value,
    /// Seed of the world.
    pub(super) seed: u64,
    programs: PathBuf,
    simulator: Mutex<Child>,
}

impl Stage {
    /// A fresh data folder and a simulator whose world is derived from the library sheet.
    pub(super) fn set(repo: &Repo, options: &DemoOptions) -> anyhow::Result<Self> {
        let home = repo.target("demo");
        let data = home.join("data");
        for folder in [&data, &home.join("photos")] {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
        }
        fs::create_dir_all(&data)?;
        let library = match &options.library {
            Some(file) => file
                .canonicalize()
                .with_context(|| format!("cannot read {}", file.display()))?,
            None => repo.at("assets/demo/library.csv"),
        };
        let programs = repo.target("debug");
        let mut start = Command::new(programs.join(exe("guitai-cli")));
        start.args([
            "simulator",
            "serve",
            "--port",
            "0",
            "--seed",
            &options.seed.to_string(),
            // A day of the shop is played in minutes.
            "--quotas",
            "none",
        ]);
        if options.library.is_some() {
            start.arg("--library").arg(&library);
        }
        let log = fs::File::create(home.join("simulator.log"))?;
        let mut simulator = start
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("cannot start the simulator")?;
        let mut line = String::new();
        let output = simulator.stdout.take().context("the simulator has no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let announced: Value = serde_json::from_str(&line).with_context(|| {
            format!(
                "the simulator did not announce itself: see {}",
                home.join("simulator.log").display()
            )
        })?;
        say(format!(
            "demo: simulator at {}",
            announced["admin"].as_str().unwrap_or_default()
        ));
        Ok(Self {
            data,
            library,
            foreign: options.library.is_some(),
            announced,
            seed: options.seed,
            programs,
            simulator: Mutex::new(simulator),
        })
    }

    /// A program that was built.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(exe(name))
    }

    /// Runs one command as a manager would and gives its JSON. Exit code 1 means that some items are not well; the
    /// document says which, so it is given back too.
    pub(super) fn cli(&self, words: &[&str]) -> anyhow::Result<Value> {
        self.cli_with(words, None)
    }

    /// The same with a document on standard input: credentials never stand in arguments.
    pub(super) fn cli_with(&self, words: &[&str], input: Option<&Value>) -> anyhow::Result<Value> {
        let shown = words.join(" ");
        let mut child = Command::new(self.program("guitai-cli"))
            .arg("--data-dir")
            .arg(&self.data)
            .arg("--json")
            .args(words)
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start guitai-cli {shown}"))?;
        if let (Some(document), Some(mut pipe)) = (input, child.stdin.take()) {
            pipe.write_all(document.to_string().as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !matches!(output.status.code(), Some(0 | 1)) || output.stdout.is_empty() {
            bail!(
                "guitai-cli {shown}: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let document: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("guitai-cli {shown} did not answer in JSON"))?;
        if let Some(error) = document.get("error") {
            bail!("guitai-cli {shown}: {error}");
        }
        Ok(document)
    }

    /// Asks the simulator's own books.
    pub(super) fn books(&self, path: &str) -> anyhow::Result<Value> {
        let admin = self.announced["admin"].as_str().context("no admin address")?;
        Ok(ureq::get(format!("{admin}/{path}"))
            .call()?
            .body_mut()
            .read_json()?)
    }

    /// Lets something happen in the simulated world.
    pub(super) fn act(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let admin = self.announced["admin"].as_str().context("no admin address")?;
        let mut answer = ureq::post(format!("{admin}/{path}"))
            .send_json(body)
            .with_context(|| format!("the simulator refused {path}"))?;
        Ok(answer.body_mut().read_json()?)
    }

    /// Stops the simulator.
    pub(super) fn strike(&self) {
        if let Ok(mut simulator) = self.simulator.lock() {
            // It may be gone already; either way nothing is left running.
            let stopped = simulator.kill().and_then(|()| simulator.wait());
            if let Err(error) = stopped {
                say(format!("demo: the simulator had ended before: {error}"));
            }
        }
    }

    /// The folder of everything the demo leaves behind.
    pub(super) fn home(&self) -> &Path {
        self.data.parent().unwrap_or(&self.data)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Ok(mut simulator) = self.simulator.lock()
            && matches!(simulator.try_wait(), Ok(None))
            && simulator.kill().is_ok()
            && let Err(error) = simulator.wait()
        {
            say(format!("demo: {error}"));
        }
    }
}

fn exe(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
