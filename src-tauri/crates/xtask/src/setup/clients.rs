//! Clients of the platforms that others wrote, from the Python registry, for the tests of the simulator.

use std::fs;

use super::Stamp;
use super::python;
use crate::repo::Repo;
use crate::report::say;

/// Every package with its version.
const REQUIREMENTS: &str = "tests/clients/requirements.txt";

/// Installs them; quick when they are there. Where there is no Python the test that needs them is listed as skipped.
pub(super) fn install(repo: &Repo) -> anyhow::Result<()> {
    let stamp = Stamp::new(repo, "clients", fs::read_to_string(repo.at(REQUIREMENTS))?);
    let folder = repo.target("clients");
    if stamp.is_fresh() && python::program(&folder.join("venv"), "python").is_file() {
        return Ok(());
    }
    say("setup: installing clients that others wrote");
    if python::environment(&folder, &repo.at(REQUIREMENTS))?.is_none() {
        say("setup: Python is needed for the test with clients that others wrote; it will be skipped");
        return Ok(());
    }
    stamp.write()
}
