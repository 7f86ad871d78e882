//! Starts a test again inside a private session.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tells the second run which step of the test to play.
const STEP: &str = "GUITAI_KEYCHAIN_STEP";
/// A file that steps hand to one another, in the test's private folder.
const HANDOVER: &str = "GUITAI_KEYCHAIN_HANDOVER";
const TOOLS: [&str; 2] = ["dbus-run-session", "gnome-keyring-daemon"];

/// How the keychain stands when a step begins.
pub(crate) enum Session {
    /// No session bus at all.
    NoBus,
    /// A bus on which the keychain starts by itself, with no collection made.
    Bare,
    /// A keychain unlocked with this password.
    Unlocked(&'static str),
}

/// Which step this process plays; `None` in the first run, which only starts the others.
pub(crate) fn step() -> Option<String> {
    std::env::var(STEP).ok()
}

/// Where the steps of a test keep bytes for one another.
pub(crate) fn handover() -> PathBuf {
    PathBuf::from(std::env::var_os(HANDOVER).expect("set by Stage::play"))
}

/// Private folders in which the steps of one test run, one after another.
pub(crate) struct Stage {
    test: &'static str,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Prepares the folders; `None`, with a line that says so, where a tool is missing.
    pub(crate) fn prepare(test: &'static str) -> Option<Self> {
        if let Some(missing) = TOOLS.iter().find(|tool| !is_installed(tool)) {
            note_skip(&format!("{test} needs {missing} (cargo xtask setup installs it)"));
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let stage = Self { test, folder };
        for name in ["run", "data", "config", "cache", "home"] {
            std::fs::create_dir(stage.path(name)).unwrap();
        }
        // A runtime folder that others could read is refused.
        std::fs::set_permissions(stage.path("run"), Permissions::from_mode(0o700)).unwrap();
        Some(stage)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Plays one step in a session and panics with its output unless it passed.
    pub(crate) fn play(&self, session: &Session, step: &str) {
        let mut command = self.command(session);
        let output = command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env(STEP, step)
            .env(HANDOVER, self.path("handover"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && printed.contains("1 passed"),
            "step {step} of {}:\n{printed}\n{}",
            self.test,
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn command(&self, session: &Session) -> Command {
        let exe = std::env::current_exe().unwrap();
        let again = ["--exact", self.test, "--nocapture"];
        match session {
            Session::NoBus => {
                let mut command = Command::new(exe);
                command.args(again);
                command
            }
            Session::Bare => {
                let mut command = Command::new("dbus-run-session");
                command.arg("--").arg(exe).args(again);
                command
            }
            Session::Unlocked(password) => {
                let mut command = Command::new("dbus-run-session");
                let script = "printf %s \"$1\" | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
                              shift\nexec \"$@\"";
                command
                    .args(["--", "sh", "-eu", "-c", script, "sh", password])
                    .arg(exe)
                    .args(again);
                command
            }
        }
    }
}

/// Says that a test was skipped, and writes it into the test run's list where there is one.
fn note_skip(why: &str) {
    println!("skipped: {why}");
    if let Some(path) = std::env::var_os("GUITAI_SKIP_LOG") {
        let mut list = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        writeln!(list, "{why}").unwrap();
    }
}

fn is_installed(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(tool).is_file())
}
