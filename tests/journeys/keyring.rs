//! A private session bus with an unlocked Secret Service: stores keep their credentials between commands only where
//! there is a keychain.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Unlocks the service, says where the bus is, and lives until its input ends.
const SCRIPT: &str = r#"printf journeys | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat >/dev/null"#;

/// The bus; it ends when this is dropped.
pub(crate) struct Keyring {
    process: Child,
    pub(crate) address: String,
}

impl Keyring {
    /// Starts one whose files lie in `home`; `None` on a machine that has none of the programs.
    pub(crate) fn start(home: &Path) -> Option<Self> {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-eu", "-c", SCRIPT]);
        for (name, folder) in [
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "share"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            let folder = home.join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            private(&folder);
            command.env(name, folder);
        }
        let mut process = command
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().to_owned();
        let keyring = Self { process, address };
        // An empty line: the session came up and the service did not.
        (!keyring.address.is_empty()).then_some(keyring)
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

#[cfg(unix)]
fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(not(unix))]
fn private(_folder: &Path) {}
