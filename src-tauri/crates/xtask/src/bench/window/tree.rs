//! A process with all that it started, as Linux tells it.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// The process and everything below it.
pub(super) fn below(root: u32) -> Vec<u32> {
    let pairs: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?)))
        .collect();
    descendants(root, &pairs)
}

/// Field 4 of proc(5); the name in brackets before it may hold blanks.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn descendants(root: u32, pairs: &[(u32, u32)]) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while at < found.len() {
        let above = found[at];
        found.extend(
            pairs
                .iter()
                .filter(|(_, parent)| *parent == above)
                .map(|(id, _)| *id),
        );
        at += 1;
    }
    found
}

/// Bytes they hold between them. One that has just ended holds nothing.
pub(super) fn memory(processes: &[u32]) -> anyhow::Result<f64> {
    if processes.len() < 2 {
        bail!("the window has no web process: what was measured is not a window");
    }
    let mut kilobytes = 0;
    for id in processes {
        if let Ok(text) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) {
            kilobytes += share(&text).with_context(|| format!("smaps_rollup of process {id}"))?;
        }
    }
    Ok(f64::from(kilobytes) * 1024.0)
}

/// Kilobytes of its own plus its part of what it shares.
fn share(rollup: &str) -> Option<u32> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Waits for the helpers to notice that their window is gone, so that they do not run beside the next one.
pub(super) fn wait_until_gone(processes: &[u32], longest: Duration) {
    let start = Instant::now();
    while start.elapsed() < longest
        && processes
            .iter()
            .any(|id| fs::metadata(format!("/proc/{id}")).is_ok())
    {
        thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::{descendants, parent, share};

    #[test]
    fn helpers_of_helpers_belong_to_the_window() {
        let pairs = [(10, 1), (11, 10), (12, 11), (13, 1), (14, 13)];
        assert_eq!(descendants(10, &pairs), [10, 11, 12]);
        assert_eq!(parent("12 (Web Content) 1) S 11 10 10"), Some(11));
    }

    #[test]
    fn shared_pages_count_by_their_part() {
        let text = "00400000-7ffd [rollup]\nRss:  900 kB\nPss:   345 kB\nPss_Dirty: 3 kB\n";
        assert_eq!(share(text), Some(345));
        assert_eq!(share("Rss: 3 kB"), None);
    }
}
