//! What a desktop has and a server lacks: a display, a session bus with an open keychain, folders of one's own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use crate::report::say;

/// Opens a Secret Service, says where the bus is, and stays until its input ends.
const BUS: &str = r#"printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat"#;

/// The desk. Dropping it ends what it started.
pub(super) struct Desk {
    display: Child,
    bus: Child,
    display_name: String,
    bus_address: String,
    home: PathBuf,
}

impl Desk {
    /// Starts display and bus; everything written goes below `home`.
    pub(super) fn set(home: &Path) -> anyhow::Result<Self> {
        for name in ["run", "share", "config", "cache"] {
            fs::create_dir_all(home.join(name))?;
        }
        private(&home.join("run"))?;
        let mut display = Command::new("Xvfb")
            // It chooses a free number and tells it.
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let number = first_line(&mut display)?;
        let mut bus = folders(Command::new("dbus-run-session"), home)
            .args(["--", "sh", "-eu", "-c", BUS])
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start dbus-run-session")?;
        let bus_address = first_line(&mut bus)?;
        Ok(Self {
            display,
            bus,
            display_name: format!(":{number}"),
            bus_address,
            home: home.to_owned(),
        })
    }

    /// A program on this desk, drawn by the processor: a server has no graphics card.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = folders(Command::new(program), &self.home);
        command
            .env("DISPLAY", &self.display_name)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The bus ends when its input does, and takes the keychain along.
        drop(self.bus.stdin.take());
        let ended = self
            .bus
            .wait()
            .and_then(|_| self.display.kill())
            .and_then(|()| self.display.wait());
        if let Err(error) = ended {
            say(format!("bench: {error}"));
        }
    }
}

fn folders(mut command: Command, home: &Path) -> Command {
    command
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_DATA_HOME", home.join("share"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"));
    command
}

fn first_line(child: &mut Child) -> anyhow::Result<String> {
    let mut line = String::new();
    let output = child.stdout.take().context("it has no output")?;
    BufReader::new(output).read_line(&mut line)?;
    let line = line.trim().to_owned();
    anyhow::ensure!(!line.is_empty(), "the display or the bus did not start");
    Ok(line)
}

#[cfg(unix)]
fn private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

#[cfg(not(unix))]
fn private(_folder: &Path) -> anyhow::Result<()> {
    Ok(())
}
