//! A private session bus with an unlocked keychain, in which a test starts itself again.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set in the inner run.
const INSIDE: &str = "GUITAI_KILLS_INSIDE";
const TOOLS: [&str; 2] = ["dbus-run-session", "gnome-keyring-daemon"];
const SCRIPT: &str = r#"printf kills | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec "$@""#;

/// Plays the body inside a session of its own; `test` is the test's full name.
pub(crate) fn inside(test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        body();
        return;
    }
    if let Some(missing) = TOOLS.iter().find(|tool| !is_installed(tool)) {
        suites::program::skip(&format!("{test} needs {missing} (cargo xtask setup installs it)"));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    // A runtime folder that others could read is refused.
    std::fs::set_permissions(at("run"), Permissions::from_mode(0o700)).unwrap();
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-eu", "-c", SCRIPT, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", at("home"))
        .env("XDG_RUNTIME_DIR", at("run"))
        .env("XDG_DATA_HOME", at("data"))
        .env("XDG_CONFIG_HOME", at("config"))
        .env("XDG_CACHE_HOME", at("cache"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("GUITAI_DATA_DIR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for line in printed.lines().filter(|line| line.starts_with("kills: ")) {
        println!("{line}");
    }
}

/// Rounds of one test that has this share of a hundred.
pub(crate) fn rounds(share: u64) -> u64 {
    let all = std::env::var("GUITAI_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    (all.unwrap_or(100_u64) * share / 100).max(1)
}

/// The program beside the tests, or where `GUITAI_BIN` says.
pub(crate) fn program() -> PathBuf {
    let told = std::env::var_os("GUITAI_BIN").map(PathBuf::from);
    let beside = || {
        let own = std::env::current_exe().unwrap();
        own.parent().and_then(Path::parent).unwrap().to_owned()
    };
    let path = told.unwrap_or_else(beside).join("guitai-cli");
    assert!(
        path.is_file(),
        "{} is missing: build it first with `cargo build --package cli`",
        path.display()
    );
    path
}

fn is_installed(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}
