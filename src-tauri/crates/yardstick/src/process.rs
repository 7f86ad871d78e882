//! What the system says of processes. Linux only; elsewhere nothing is known.

use std::fs;
use std::path::PathBuf;

/// Clock ticks a second in `/proc`: fixed at 100 for programs on every Linux that Rust supports.
const TICKS: f64 = 100.0;

/// Largest resident size of this process so far in kilobytes; 0 where the system does not say.
pub fn peak_kilobytes() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.split_whitespace().next()?.parse().ok()
        })
        .unwrap_or(0)
}

/// Processor seconds of all children that have ended and were waited for, to a hundredth; `None` where the system does
/// not say. The difference of two calls is what the children between them took, on however many cores.
pub fn children_cpu() -> Option<f64> {
    ticks(&fs::read_to_string("/proc/self/stat").ok()?).map(|ticks| ticks / TICKS)
}

/// Fields 16 and 17 of proc(5). The name in brackets, field 2, may hold blanks.
fn ticks(stat: &str) -> Option<f64> {
    let rest = stat.rsplit_once(')')?.1;
    let mut fields = rest.split_whitespace().skip(13);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// A path from the environment, or the usual one.
pub fn path_or(variable: &str, usual: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| PathBuf::from(usual), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn times_of_children_are_found_behind_a_name_with_blanks() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 10 20 300 45 20 0 1 0";
        assert_eq!(ticks(stat), Some(345.0));
        assert_eq!(ticks("7 (a) S 1"), None);
    }
}
