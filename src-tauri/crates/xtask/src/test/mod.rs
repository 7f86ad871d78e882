//! `test`: installs what is missing and runs every check and test of the house.
//!
//! Two lanes run side by side, because cargo and npm each keep about one of two cores busy. All cargo stages
//! share one profile, one target folder and the features of the whole workspace, so that nothing is built
//! twice. No stage stops another: the run ends with a table of all of them.

mod count;
mod plan;
mod stage;

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

use self::count::Count;
use self::plan::Plan;
use self::stage::{Outcome, Report, Stage};
use crate::repo::Repo;
use crate::report::{say, seconds};
use crate::setup::{self, Parts};

/// Which stages to run.
#[derive(Args)]
pub(crate) struct TestOptions {
    /// Only these stages (see --list), separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "STAGE")]
    only: Vec<String>,
    /// All but these stages.
    #[arg(long, value_delimiter = ',', value_name = "STAGE")]
    skip: Vec<String>,
    /// Name the stages and stop.
    #[arg(long)]
    list: bool,
}

impl TestOptions {
    fn wants(&self, stage: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|name| name == stage))
            && !self.skip.iter().any(|name| name == stage)
    }

    fn check_names(&self) -> anyhow::Result<()> {
        match self
            .only
            .iter()
            .chain(&self.skip)
            .find(|name| !plan::NAMES.contains(&name.as_str()))
        {
            Some(name) => bail!("there is no stage {name}; stages: {}", plan::NAMES.join(", ")),
            None => Ok(()),
        }
    }
}

/// Runs the stages; fails when one of them did.
pub(crate) fn run(repo: &Repo, options: &TestOptions) -> anyhow::Result<ExitCode> {
    options.check_names()?;
    if options.list {
        for name in plan::NAMES {
            say(name);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let start = Instant::now();
    let tools = setup::run(repo, &Parts::test())?;
    say(format!("setup: {}", seconds(start.elapsed())));

    let plan = Plan::new(repo, &tools)?;
    let log = stage::Logs::fresh(repo)?;
    let mut reports = Vec::new();
    for step in plan.steps() {
        let lanes: Vec<Vec<Stage>> = step
            .into_iter()
            .map(|lane| {
                lane.into_iter()
                    .filter(|stage| options.wants(stage.name))
                    .collect()
            })
            .collect();
        reports.extend(run_lanes(lanes, &log)?);
    }
    conclude(&reports, &log, start)
}

/// Runs the lanes side by side, the stages of each in turn.
fn run_lanes(lanes: Vec<Vec<Stage>>, log: &stage::Logs) -> anyhow::Result<Vec<Report>> {
    thread::scope(|scope| {
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|lane| scope.spawn(move || lane.into_iter().map(|stage| stage.run(log)).collect::<Vec<_>>()))
            .collect();
        let mut reports = Vec::new();
        for lane in lanes {
            let lane = lane.join().ok().context("a lane of stages panicked")?;
            reports.extend(lane);
        }
        Ok(reports)
    })
}

/// The table, what was skipped, and the last line that says how many tests ran.
fn conclude(reports: &[Report], log: &stage::Logs, start: Instant) -> anyhow::Result<ExitCode> {
    say("");
    for report in reports {
        let word = match report.outcome {
            Outcome::Passed => "ok",
            Outcome::Failed => "FAILED",
            Outcome::Absent => "nothing to run",
        };
        say(format!(
            "{:<10} {word:<14} {:>9}",
            report.name,
            seconds(report.took)
        ));
    }
    say(format!(
        "{:<10} {:<14} {:>9}",
        "all",
        "",
        seconds(start.elapsed())
    ));
    for line in log.skips()? {
        say(format!("skipped: {line}"));
    }
    let failed: Vec<&str> = reports
        .iter()
        .filter(|report| matches!(report.outcome, Outcome::Failed))
        .map(|report| report.name)
        .collect();
    let mut count = reports
        .iter()
        .map(|report| report.count)
        .fold(Count::default(), Count::plus);
    if !failed.is_empty() {
        say(format!("failed stages: {}", failed.join(", ")));
        // A stage may fail without a failed test: formatting, lints, a build.
        count.failed = count.failed.max(failed.len() as u64);
    }
    say(format!("{count}"));
    Ok(if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
