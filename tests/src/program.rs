//! The real `guitai-cli`, when this build has made it.

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the program lies; `None`, said aloud and noted in the list of skips, when it was not built.
pub fn guitai_cli(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("GUITAI_CLI").map(PathBuf::from);
    // A test lies in `deps` beside the programs of its build.
    let beside = || {
        let exe = std::env::current_exe().ok()?;
        let name = format!("guitai-cli{}", std::env::consts::EXE_SUFFIX);
        Some(exe.parent()?.parent()?.join(name))
    };
    let found = named.or_else(beside).filter(|path| path.is_file());
    if found.is_none() {
        skip(&format!("{test} needs guitai-cli (cargo build -p cli makes it)"));
    }
    found
}

/// Says that a test was skipped, and writes it into the run's list where there is one.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub fn skip(why: &str) {
    println!("skipped: {why}");
    if let Some(path) = std::env::var_os("GUITAI_SKIP_LOG") {
        let list = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let mut list = list.expect("the list of skips opens");
        writeln!(list, "{why}").expect("the list of skips is written");
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
}

impl Ran {
    /// The document on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.told()))
    }

    /// Standard error as text.
    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.err).into_owned()
    }
}

/// Runs a command to its end with something on standard input; `look` sees the process before the input is closed.
pub fn finish(mut command: Command, input: &str, look: impl FnOnce(u32)) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it has an input");
    // A command that reads nothing may be gone before the input is written.
    drop(stdin.write_all(input.as_bytes()).and_then(|()| stdin.flush()));
    look(child.id());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code(),
        out: output.stdout,
        err: output.stderr,
    }
}

/// A command on a data folder, with `--json`, and nothing in the environment that would decide for it.
pub fn on(program: &Path, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .env_remove("GUITAI_DATA_DIR")
        .arg("--data-dir")
        .arg(folder)
        .arg("--json")
        .args(words);
    command
}
