//! Which stages there are, and what waits for what.

use std::ffi::OsString;

use super::stage::Stage;
use crate::process::{self, Program};
use crate::repo::Repo;
use crate::setup::Tools;
use crate::vectors;

/// The stages by name, in the order in which they are planned.
pub(super) const NAMES: [&str; 11] = [
    "ui-build", "fmt", "ui-lint", "ui-test", "clippy", "build", "test", "doc", "vectors", "e2e", "desktop",
];

/// Where tests append one line for each test they skip, with the reason; the run shows them at its end.
const SKIP_LOG: &str = "GUITAI_SKIP_LOG";

/// The stages with all they need.
pub(super) struct Plan<'a> {
    repo: &'a Repo,
    tools: &'a Tools,
    search_path: OsString,
}

impl<'a> Plan<'a> {
    pub(super) fn new(repo: &'a Repo, tools: &'a Tools) -> anyhow::Result<Self> {
        Ok(Self {
            repo,
            tools,
            search_path: tools.search_path(repo)?,
        })
    }

    /// Steps, one after another, of lanes, side by side, of stages, one after another.
    ///
    /// The pages are built before anything compiles the shell, which takes them in. The browser and the
    /// window come last and alone, since a busy machine makes them time out.
    pub(super) fn steps(&self) -> Vec<Vec<Vec<Stage>>> {
        vec![
            vec![vec![self.npm("ui-build", "ui", "build")], vec![self.fmt()]],
            vec![
                vec![
                    self.clippy(),
                    self.build(),
                    self.test(),
                    self.doc(),
                    self.vectors(),
                ],
                vec![
                    self.npm("ui-lint", "ui", "lint"),
                    self.npm("ui-test", "ui", "test"),
                ],
            ],
            vec![vec![self.npm("e2e", "tests/e2e", "e2e"), self.desktop()]],
        ]
    }

    fn cargo(&self) -> Program {
        Program::cargo()
            .folder(self.repo.root())
            .env("PATH", &self.search_path)
            .env("CARGO_TERM_COLOR", "never")
            .env(SKIP_LOG, self.repo.target("test-logs").join("skipped.txt"))
    }

    fn fmt(&self) -> Stage {
        Stage::new("fmt", vec![self.cargo().args(["fmt", "--all", "--check"])])
    }

    fn clippy(&self) -> Stage {
        let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        Stage::new("clippy", vec![self.cargo().args(args)])
    }

    /// Programs and tests in one build: the suites start the programs.
    fn build(&self) -> Stage {
        let mut build = self
            .cargo()
            .args(["build", "--workspace", "--lib", "--bins", "--tests"]);
        if cfg!(windows) {
            // A running program cannot be replaced there, and this one runs.
            build = build.args(["--exclude", "xtask"]);
        }
        Stage::new("build", vec![build])
    }

    fn test(&self) -> Stage {
        let runner: &[&str] = if process::find("cargo-nextest").is_some() {
            &["nextest", "run"]
        } else {
            &["test"]
        };
        let mut test = self.cargo().args(runner).args(["--workspace", "--no-fail-fast"]);
        test = test.args(["--lib", "--bins", "--tests"]);
        if cfg!(windows) {
            test = test.args(["--exclude", "xtask"]);
        }
        Stage::new("test", vec![test])
    }

    /// Examples in the documentation, which nextest does not run.
    fn doc(&self) -> Stage {
        Stage::new(
            "doc",
            vec![
                self.cargo()
                    .args(["test", "--workspace", "--doc", "--no-fail-fast"]),
            ],
        )
    }

    fn vectors(&self) -> Stage {
        let folders = vectors::folders(self.repo, None);
        if folders.is_empty() {
            return Stage::absent("vectors", "no vector folder");
        }
        let cli = self.repo.built("guitai-cli");
        Stage::new(
            "vectors",
            folders
                .iter()
                .map(|folder| vectors::check(&cli, folder))
                .collect(),
        )
    }

    /// An npm script of a folder; absent where the folder has none of that name.
    fn npm(&self, name: &'static str, folder: &str, script: &str) -> Stage {
        let path = self.repo.at(folder);
        let has_script = std::fs::read_to_string(path.join("package.json"))
            .ok()
            .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
            .is_some_and(|package| package["scripts"][script].is_string());
        let npm = self.tools.node.npm();
        match npm {
            Ok(npm) if has_script => {
                let run = npm
                    .args(["run", "--silent", script])
                    .folder(path)
                    .env("PATH", &self.search_path);
                Stage::new(
                    name,
                    vec![
                        run.env("NO_COLOR", "1")
                            .env("GUITAI_BIN", self.repo.target("debug")),
                    ],
                )
            }
            _ => Stage::absent(name, &format!("{folder} has no script {script}")),
        }
    }

    /// The real window needs a display; on Linux a virtual one, and a session bus of its own.
    fn desktop(&self) -> Stage {
        let stage = self.npm("desktop", "tests/desktop", "desktop");
        if cfg!(target_os = "linux") {
            stage.wrapped(&[
                "dbus-run-session",
                "--",
                "xvfb-run",
                "-a",
                "-s",
                "-screen 0 1600x1000x24",
            ])
        } else {
            stage
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn stage_names_are_all_different() {
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NAMES.len());
    }
}
