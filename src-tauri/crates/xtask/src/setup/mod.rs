//! `setup`: finds out what this machine lacks and installs it. Quick when nothing is missing.

mod clients;
mod debian;
mod node;
mod python;
mod tryton;

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

pub(crate) use debian::Purpose;
pub(crate) use node::Node;

use crate::process;
use crate::repo::Repo;
use crate::report::say;

/// Which parts a task needs.
pub(crate) struct Parts {
    /// System packages, by what they are for.
    pub(crate) purposes: Vec<Purpose>,
    /// The ERP server that tests book into.
    pub(crate) erp: bool,
}

impl Parts {
    /// For building the app.
    pub(crate) fn build() -> Self {
        Self {
            purposes: vec![Purpose::Build],
            erp: false,
        }
    }

    /// For the demo: a display, a keychain, fonts.
    pub(crate) fn demo() -> Self {
        Self {
            purposes: vec![Purpose::Build, Purpose::Test],
            erp: false,
        }
    }

    /// For building the app and testing it: all but the benches' peers.
    pub(crate) fn test() -> Self {
        Self {
            erp: true,
            ..Self::demo()
        }
    }
}

/// What setup found or made, for the tasks that come after it.
pub(crate) struct Tools {
    /// Node with npm.
    pub(crate) node: Node,
}

impl Tools {
    /// The environment for tests: where they find what setup installed.
    pub(crate) fn search_path(&self, repo: &Repo) -> anyhow::Result<std::ffi::OsString> {
        let mut folders: Vec<PathBuf> = self.node.folders().to_vec();
        folders.push(repo.target("tools").join("bin"));
        process::search_path(&folders)
    }
}

/// Installs what is missing for `parts`.
pub(crate) fn run(repo: &Repo, parts: &Parts) -> anyhow::Result<Tools> {
    if cfg!(target_os = "linux") {
        debian::install(&parts.purposes)?;
    } else {
        say_what_to_install();
    }
    let node = Node::find_or_install(repo)?;
    for folder in ["ui", "tests/e2e", "tests/desktop"] {
        node.install_packages(repo, folder)?;
    }
    if parts.erp {
        tryton::install(repo)?;
        clients::install(repo)?;
    }
    Ok(Tools { node })
}

/// On systems whose packages we do not install: what is needed, and what is not there.
fn say_what_to_install() {
    if cfg!(target_os = "macos") {
        if process::find("xcode-select").is_none() {
            say("setup: install the Xcode command line tools: xcode-select --install");
        }
    } else if cfg!(windows) {
        say(
            "setup: the Microsoft C++ build tools and the WebView2 runtime are needed (Windows 11 has WebView2; \
             otherwise see https://developer.microsoft.com/microsoft-edge/webview2)",
        );
    } else {
        say("setup: this system is not known here; see https://tauri.app/start/prerequisites");
    }
}

/// Remembers in `target/stamps` what an install was made from, so that it is not repeated.
struct Stamp {
    path: PathBuf,
    content: String,
}

impl Stamp {
    fn new(repo: &Repo, name: &str, content: String) -> Self {
        Self {
            path: repo.target("stamps").join(name),
            content,
        }
    }

    fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|old| old == self.content)
    }

    fn write(&self) -> anyhow::Result<()> {
        let folder = self.path.parent().context("a stamp lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&self.path, &self.content).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn a_stamp_is_fresh_for_the_same_content_only() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let stamp = |content: &str| Stamp {
            path: folder.join("x"),
            content: content.to_owned(),
        };
        assert!(!stamp("1").is_fresh());
        stamp("1").write().unwrap();
        assert!(stamp("1").is_fresh() && !stamp("2").is_fresh());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
