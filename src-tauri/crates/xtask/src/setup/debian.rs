//! System packages on Debian and Ubuntu.

use std::fs;

use anyhow::{Context, bail};

use crate::process::{self, Program};
use crate::report::say;

/// What a package is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building the app.
    Build,
    /// Tests and the demo: browser, virtual display, keychain.
    Test,
    /// The programs that benches compare with.
    Bench,
}

struct Package {
    name: &'static str,
    purpose: Purpose,
    /// Programs any one of which makes the package unnecessary; none: the package itself must be there.
    instead: &'static [&'static str],
}

const fn package(name: &'static str, purpose: Purpose) -> Package {
    Package {
        name,
        purpose,
        instead: &[],
    }
}

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Every package we use, and nothing that merely might be useful.
const PACKAGES: &[Package] = &[
    package("build-essential", Purpose::Build),
    package("pkg-config", Purpose::Build),
    package("libwebkit2gtk-4.1-dev", Purpose::Build),
    package("librsvg2-dev", Purpose::Build),
    package("libayatana-appindicator3-dev", Purpose::Build),
    Package {
        name: "npm",
        purpose: Purpose::Build,
        instead: &["npm"],
    },
    package("webkit2gtk-driver", Purpose::Test),
    package("xvfb", Purpose::Test),
    // xvfb-run calls it; the package only recommends it.
    package("xauth", Purpose::Test),
    package("dbus", Purpose::Test),
    package("gnome-keyring", Purpose::Test),
    package("fonts-noto-cjk", Purpose::Test),
    // The demo drives the window by keys and takes its pictures.
    package("xdotool", Purpose::Test),
    package("imagemagick", Purpose::Test),
    // The ERP that tests book into runs on it.
    package("python3-venv", Purpose::Test),
    Package {
        name: "chromium",
        purpose: Purpose::Test,
        instead: BROWSERS,
    },
    package("sqlite3", Purpose::Bench),
    package("libvips-tools", Purpose::Bench),
    package("python3-venv", Purpose::Bench),
];

/// Installs the missing packages for these purposes; on another Linux says which programs are needed.
pub(crate) fn install(purposes: &[Purpose]) -> anyhow::Result<()> {
    let wanted: Vec<&Package> = PACKAGES
        .iter()
        .filter(|package| purposes.contains(&package.purpose))
        .filter(|package| {
            !package
                .instead
                .iter()
                .any(|program| process::find(program).is_some())
        })
        .collect();
    let names: Vec<&str> = wanted.iter().map(|package| package.name).collect();
    if process::find("dpkg-query").is_none() || process::find("apt-get").is_none() {
        say(format!(
            "setup: no apt here; what Debian calls {} is needed",
            names.join(", ")
        ));
        return Ok(());
    }
    let missing = not_installed(&names)?;
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<&str> = missing.into_iter().map(name_here).collect();
    say(format!("setup: installing {}", missing.join(" ")));
    apt(&["update"]).context("the package lists cannot be fetched")?;
    let install = ["install", "-y", "--no-install-recommends"];
    apt(&[&install[..], &missing[..]].concat()).context("packages are missing and cannot be installed")
}

/// Those of `names` that dpkg does not have fully installed.
fn not_installed<'a>(names: &[&'a str]) -> anyhow::Result<Vec<&'a str>> {
    let query = Program::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(names);
    // It exits 1 when it does not know one of them, and still lists the others.
    let output = query.output().context("dpkg-query cannot be run")?;
    Ok(missing_from(&String::from_utf8_lossy(&output.stdout), names))
}

fn missing_from<'a>(listed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let is_there = |name: &str| {
        listed.lines().any(|line| {
            line.split_once(' ')
                .is_some_and(|(package, state)| package == name && state == "installed")
        })
    };
    names.iter().copied().filter(|name| !is_there(name)).collect()
}

/// Ubuntu names its browser package otherwise.
fn name_here(name: &str) -> &str {
    let is_ubuntu = fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line.trim_matches('"') == "ID=ubuntu"));
    if is_ubuntu && name == "chromium" {
        "chromium-browser"
    } else {
        name
    }
}

fn apt(args: &[&str]) -> anyhow::Result<()> {
    let is_root = Program::new("id").arg("-u").first_line().as_deref() == Some("0");
    let program = if is_root {
        Program::new("apt-get")
    } else if process::find("sudo").is_some() {
        say("setup: packages need root; sudo may ask for your password");
        Program::new("sudo").args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else {
        bail!("not root and no sudo; run as root: apt-get {}", args.join(" "));
    };
    program
        .arg("-q")
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

#[cfg(test)]
mod tests {
    use super::missing_from;

    #[test]
    fn only_fully_installed_packages_count() {
        let listed = "xvfb installed\ndbus config-files\n";
        assert_eq!(
            missing_from(listed, &["xvfb", "dbus", "gnome-keyring"]),
            ["dbus", "gnome-keyring"]
        );
    }
}
