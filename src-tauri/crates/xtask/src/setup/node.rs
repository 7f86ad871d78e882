//! Node and npm, and the packages of the folders that use them.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::Stamp;
use crate::process::{self, Program};
use crate::repo::Repo;
use crate::report::say;

/// What Vite needs.
const NODE_MIN: Version = Version(20, 19);
/// npm 10 drops the optional platform packages that Vite's bundler lives in.
const NPM_MIN: Version = Version(11, 0);
/// What is taken from the npm registry where the machine's own is older.
const NODE_PACKAGE: &str = "node@24";
const NPM_PACKAGE: &str = "npm@11";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

impl Version {
    /// Reads `v20.19.1` and `11.2.0`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().trim_start_matches('v').split('.');
        Some(Self(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

/// A Node that is new enough, with its npm.
pub(crate) struct Node {
    folders: Vec<PathBuf>,
    version: String,
}

impl Node {
    /// The machine's own where it is new enough; otherwise one of our own under `target/node`, taken from
    /// the npm registry by whatever npm there is.
    pub(super) fn find_or_install(repo: &Repo) -> anyhow::Result<Self> {
        let own = Self {
            folders: Vec::new(),
            version: String::new(),
        };
        let missing: Vec<&str> = [("node", NODE_MIN, NODE_PACKAGE), ("npm", NPM_MIN, NPM_PACKAGE)]
            .into_iter()
            .filter(|(name, least, _)| own.version_of(name).is_none_or(|found| found < *least))
            .map(|(_, _, package)| package)
            .collect();
        if missing.is_empty() {
            return own.with_version();
        }
        let folder = repo.target("node");
        let node = Self {
            folders: vec![folder.join("node_modules").join(".bin")],
            version: String::new(),
        };
        let stamp = Stamp::new(repo, "node", missing.join(" "));
        if !stamp.is_fresh() || node.version_of("node").is_none() {
            if own.version_of("npm").is_none() {
                bail!("npm is missing; install Node 20.19 or newer with npm 11 (https://nodejs.org)");
            }
            say(format!(
                "setup: taking {} into {}",
                missing.join(" and "),
                folder.display()
            ));
            fs::create_dir_all(&folder)?;
            own.npm()?
                .args([
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    "--prefix",
                ])
                .arg(&folder)
                .args(&missing)
                .folder(&folder)
                .run()?;
            stamp.write()?;
        }
        node.with_version()
    }

    fn with_version(mut self) -> anyhow::Result<Self> {
        self.version = self
            .program("node")?
            .arg("--version")
            .first_line()
            .context("node does not run")?;
        Ok(self)
    }

    fn version_of(&self, name: &str) -> Option<Version> {
        Version::parse(&self.program(name).ok()?.arg("--version").first_line()?)
    }

    /// Folders that must come first on the search path for this Node to be found.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// npm, with this Node first on its path.
    pub(crate) fn npm(&self) -> anyhow::Result<Program> {
        self.program("npm")
    }

    fn program(&self, name: &str) -> anyhow::Result<Program> {
        // Windows has npm as a script, which is found only by its whole name.
        let file = if cfg!(windows) && name == "npm" {
            "npm.cmd"
        } else {
            name
        };
        let ours = self
            .folders
            .iter()
            .map(|folder| folder.join(file))
            .find(|path| path.is_file());
        let program = ours.map_or_else(|| Program::new(file), Program::new);
        Ok(program
            .env("PATH", process::search_path(&self.folders)?)
            // Browsers come from the system's packages.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    }

    /// Installs a folder's packages when its lock file, or Node, is another than last time.
    pub(super) fn install_packages(&self, repo: &Repo, folder: &str) -> anyhow::Result<()> {
        let path = repo.at(folder);
        if !path.join("package.json").is_file() {
            return Ok(());
        }
        let lock = fs::read_to_string(path.join("package-lock.json")).with_context(|| {
            format!("{folder}/package-lock.json cannot be read; npm install there makes it")
        })?;
        let name = format!("npm-{}", folder.replace('/', "-"));
        let stamp = Stamp::new(
            repo,
            &name,
            format!("{} {}\n{lock}", self.version, env::consts::ARCH),
        );
        if stamp.is_fresh() && path.join("node_modules").is_dir() {
            return Ok(());
        }
        say(format!("setup: npm install in {folder}"));
        // Not `npm ci`: it refuses a lock file that lacks the optional packages of other systems, which npm
        // leaves out where it cannot see them. This takes the locked versions all the same and keeps the file.
        let install = [
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        self.npm()?.args(install).folder(&path).run()?;
        stamp.write()
    }
}

#[cfg(test)]
mod tests {
    use super::{NODE_MIN, NPM_MIN, Version};

    #[test]
    fn versions_are_compared_by_number() {
        assert!(Version::parse("v20.9.0").unwrap() < NODE_MIN);
        assert!(Version::parse("v20.19.0").unwrap() >= NODE_MIN);
        assert!(Version::parse("v100.0.0\n").unwrap() >= NODE_MIN);
        assert!(Version::parse("10.9.2").unwrap() < NPM_MIN);
        assert_eq!(Version::parse("node"), None);
    }
}
