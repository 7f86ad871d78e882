//! What this tool says while it works.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Set when standard output belongs to a JSON document.
static ON_STDERR: AtomicBool = AtomicBool::new(false);

/// From now on progress goes to standard error.
pub(crate) fn keep_stdout_free() {
    ON_STDERR.store(true, Ordering::Relaxed);
}

/// Whether only the document may go to standard output.
pub(crate) fn stdout_is_taken() -> bool {
    ON_STDERR.load(Ordering::Relaxed)
}

/// One line of progress.
pub(crate) fn say(line: impl AsRef<str>) {
    let line = line.as_ref();
    if stdout_is_taken() {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}

/// Seconds for people: one decimal is enough to see what is slow.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
