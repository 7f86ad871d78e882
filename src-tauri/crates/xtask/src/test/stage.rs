//! One stage: its programs, its log, its outcome.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::count::Count;
use crate::process::Program;
use crate::repo::Repo;
use crate::report::{say, seconds};

/// Lines of a failed stage's log that are shown at once; the log has all of them.
const TAIL_LINES: usize = 120;

/// Programs that run one after another.
pub(super) struct Stage {
    pub(super) name: &'static str,
    work: Work,
}

enum Work {
    Programs(Vec<Program>),
    /// Nothing to do, and why.
    Absent(String),
}

/// How a stage ended.
pub(super) enum Outcome {
    Passed,
    Failed,
    /// There was nothing to run.
    Absent,
}

/// What a stage did.
pub(super) struct Report {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
    pub(super) count: Count,
}

impl Stage {
    pub(super) const fn new(name: &'static str, programs: Vec<Program>) -> Self {
        Self {
            name,
            work: Work::Programs(programs),
        }
    }

    pub(super) fn absent(name: &'static str, why: &str) -> Self {
        Self {
            name,
            work: Work::Absent(why.to_owned()),
        }
    }

    /// The same programs, each started by the words of `starter`.
    pub(super) fn wrapped(self, starter: &[&str]) -> Self {
        let work = match self.work {
            Work::Programs(programs) => Work::Programs(
                programs
                    .into_iter()
                    .map(|program| program.started_by(starter))
                    .collect(),
            ),
            absent @ Work::Absent(_) => absent,
        };
        Self { work, ..self }
    }

    /// Runs it. A program that cannot be started is a failed stage, not the end of the run.
    pub(super) fn run(self, logs: &Logs) -> Report {
        let name = self.name;
        let start = Instant::now();
        let outcome = match self.work {
            Work::Absent(why) => {
                say(format!("{name}: nothing to run ({why})"));
                Outcome::Absent
            }
            Work::Programs(programs) => {
                say(format!("{name}: started"));
                match run_into(programs, &logs.path(name)) {
                    Ok(true) => Outcome::Passed,
                    Ok(false) => Outcome::Failed,
                    Err(error) => {
                        say(format!("{name}: {error:#}"));
                        Outcome::Failed
                    }
                }
            }
        };
        let took = start.elapsed();
        let text = fs::read_to_string(logs.path(name)).unwrap_or_default();
        match outcome {
            Outcome::Passed => say(format!("{name}: ok, {}", seconds(took))),
            Outcome::Failed => {
                let lines: Vec<&str> = text.lines().collect();
                let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
                let path = logs.path(name);
                say(format!(
                    "{name}: FAILED after {}; all of it in {}\n{tail}\n",
                    seconds(took),
                    path.display()
                ));
            }
            Outcome::Absent => {}
        }
        Report {
            name,
            outcome,
            took,
            count: Count::in_log(&text),
        }
    }
}

fn run_into(programs: Vec<Program>, log: &PathBuf) -> anyhow::Result<bool> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut passed = true;
    for program in programs {
        passed &= program.succeeds_into(&file)?;
    }
    Ok(passed)
}

/// The folder of logs, one file a stage.
pub(super) struct Logs {
    folder: PathBuf,
}

impl Logs {
    /// An empty folder.
    pub(super) fn fresh(repo: &Repo) -> anyhow::Result<Self> {
        let folder = repo.target("test-logs");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn path(&self, stage: &str) -> PathBuf {
        self.folder.join(format!("{stage}.log"))
    }

    /// What tests wrote about being skipped.
    pub(super) fn skips(&self) -> anyhow::Result<Vec<String>> {
        let path = self.folder.join("skipped.txt");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let mut lines: Vec<String> = fs::read_to_string(path)?.lines().map(str::to_owned).collect();
        lines.sort();
        Ok(lines)
    }
}
