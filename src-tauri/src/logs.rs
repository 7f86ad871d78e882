//! Logs: one file a day in the data folder, a bounded number of them, blacked out before they are written.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// So many days are kept.
const DAYS: usize = 14;
/// What is told without `GUITAI_LOG`.
const USUAL: &str =
    "warn,shell=info,devhost=info,api=info,engine=info,storage=info,connect=info,secrets=info";

/// Starts the log of a data folder and the hook that notes panics. `None` where no file can be written: then warnings
/// go to standard error.
pub(crate) fn open(folder: &Path) -> Option<WorkerGuard> {
    let filter = || EnvFilter::try_from_env("GUITAI_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    let shelf = engine::doctor::diagnostics::logs(folder);
    let made = std::fs::create_dir_all(&shelf);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("guitai")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(shelf);
    let guard = match file {
        Ok(file) => {
            let (writer, guard) = tracing_appender::non_blocking(Blackened(file));
            tracing_subscriber::fmt()
                .with_env_filter(filter())
                .with_ansi(false)
                .with_writer(writer)
                .init();
            Some(guard)
        }
        Err(error) => {
            tracing_subscriber::fmt()
                .with_env_filter(filter())
                .with_writer(|| Blackened(io::stderr()))
                .init();
            tracing::warn!(%error, ?made, "no log file can be written");
            None
        }
    };
    std::panic::set_hook(Box::new(|panic| {
        // The text may quote data; it goes through the same blacking out as everything else.
        tracing::error!(place = ?panic.location(), text = panic.payload_as_str().unwrap_or("?"), "panic");
    }));
    guard
}

/// Writes lines without phones, addresses, tokens and keys. The subscriber hands over whole lines.
struct Blackened<W>(W);

impl<W: Write> Write for Blackened<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let clean = engine::doctor::redact::redact(&line, &[]);
        self.0.write_all(clean.text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Says something to whoever started the program from a terminal.
pub(crate) fn say(text: &str) {
    let mut line = String::new();
    // Writing into a String cannot fail, and without a terminal there is nobody to tell.
    let _ = writeln!(line, "{text}");
    let _ = io::stderr().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::Blackened;
    use std::io::Write as _;

    #[test]
    fn a_secret_does_not_reach_the_file() {
        let mut out = Vec::new();
        let line = "INFO pull access_token=canary-1 phone 13812345678 order 300012345678901234\n";
        let mut log = Blackened(&mut out);
        assert_eq!(log.write(line.as_bytes()).unwrap(), line.len());
        let text = String::from_utf8(out).unwrap();
        assert!(
            !text.contains("canary") && !text.contains("13812345678"),
            "{text}"
        );
        assert!(
            text.contains("300012345678901234") && text.ends_with('\n'),
            "{text}"
        );
    }
}
