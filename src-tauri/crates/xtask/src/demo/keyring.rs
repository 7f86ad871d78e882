//! A private session bus with a real Secret Service, so that a machine without a desktop keeps secrets as a desktop does.

use std::env;
use std::fs;

use anyhow::{Context, bail};

use crate::process::Program;
use crate::repo::Repo;

/// Set in the inner run.
const INNER: &str = "GUITAI_DEMO_KEYRING";

/// Starts a Secret Service that is unlocked, then the program given as arguments.
const SCRIPT: &str = r#"printf demo | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec "$@""#;

/// Whether this run has to be started again inside a private key ring.
pub(super) fn needed() -> bool {
    cfg!(target_os = "linux") && env::var_os(INNER).is_none()
}

/// Starts this very command again inside one, and ends as it ends.
pub(super) fn again(repo: &Repo) -> anyhow::Result<()> {
    let home = repo.target("demo/keyring");
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    for name in ["run", "data", "config", "cache"] {
        fs::create_dir_all(home.join(name))?;
    }
    private(&home.join("run"))?;
    let own = env::current_exe().context("this program's own path")?;
    let inner = Program::new("dbus-run-session")
        .args(["--", "sh", "-eu", "-c", SCRIPT, "sh"])
        .arg(own)
        .args(env::args_os().skip(1))
        .env(INNER, "1")
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .without_env("DBUS_SESSION_BUS_ADDRESS")
        .folder(repo.root());
    // The inner run prints the JSON document itself.
    if !inner.succeeds_on_own_output()? {
        bail!("the demo failed; its own words are above");
    }
    Ok(())
}

#[cfg(unix)]
fn private(folder: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

#[cfg(not(unix))]
fn private(_folder: &std::path::Path) -> anyhow::Result<()> {
    Ok(())
}
