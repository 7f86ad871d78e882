//! A real ERP for the tests: the Tryton server from the Python registry in a place of its own, and a database with
//! nothing in it but the modules, which each test copies. The server is GPL and runs as a program of its own; nothing of
//! it is linked or shipped.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::Stamp;
use super::python::{self, program};
use crate::process::Program;
use crate::repo::Repo;
use crate::report::say;

/// Every package with its version, as `pip freeze` lists them.
const REQUIREMENTS: &str = "tests/tryton/requirements.txt";
/// Of the user `admin` of databases that are thrown away. The server listens on loopback while a test runs.
const PASSWORD: &str = "only-for-tests";
/// The module that takes in all others that are used.
const MODULE: &str = "sale";

/// Installs the server and makes the database; quick when both are there. Where there is no Python the tests that need
/// it say so and are listed as skipped.
pub(super) fn install(repo: &Repo) -> anyhow::Result<()> {
    let requirements = fs::read_to_string(repo.at(REQUIREMENTS))?;
    let stamp = Stamp::new(repo, "tryton", requirements);
    let folder = repo.target("tryton");
    let database = folder.join("empty.sqlite");
    if stamp.is_fresh() && database.is_file() {
        return Ok(());
    }
    say("setup: installing the Tryton server and making its empty database");
    let Some(venv) = python::environment(&folder, &repo.at(REQUIREMENTS))? else {
        say("setup: Python 3.10 or newer is needed for the tests with a real ERP; they will be skipped");
        return Ok(());
    };
    make_database(&folder, &venv)?;
    fs::rename(folder.join("making").join("shop.sqlite"), &database).context("the database is not there")?;
    fs::remove_dir_all(folder.join("making"))?;
    stamp.write()
}

fn make_database(folder: &Path, venv: &Path) -> anyhow::Result<()> {
    let making = folder.join("making");
    if making.exists() {
        fs::remove_dir_all(&making)?;
    }
    fs::create_dir_all(&making)?;
    // The server takes a file that is not there for a database that does not exist.
    fs::write(making.join("shop.sqlite"), "")?;
    let password = folder.join("password");
    fs::write(&password, PASSWORD)?;
    let config = folder.join("trytond.conf");
    fs::write(
        &config,
        format!("[database]\nuri = sqlite://\npath = {}\n", making.display()),
    )?;
    let admin = || {
        Program::new(program(venv, "trytond-admin"))
            .arg("-c")
            .arg(&config)
            .args(["-d", "shop"])
            .env("TRYTONPASSFILE", &password)
    };
    admin().args(["--all", "--email", "admin@example.com"]).run()?;
    admin().args(["-u", MODULE, "--activate-dependencies"]).run()
}
