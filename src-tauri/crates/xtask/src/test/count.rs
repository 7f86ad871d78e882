//! How many tests ran, read from the closing lines of the runners.

use std::fmt;

/// Tests of one stage or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Count {
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }

    /// Adds up the closing lines in a log.
    pub(super) fn in_log(log: &str) -> Self {
        log.lines()
            .filter_map(closing_line)
            .fold(Self::default(), Self::plus)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tests: {} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Reads one runner's closing line: cargo test, nextest, vitest, Playwright.
fn closing_line(line: &str) -> Option<Count> {
    let line = line.trim();
    let first_is_number = line
        .split(' ')
        .next()
        .is_some_and(|word| word.parse::<u64>().is_ok());
    let is_closing = line.starts_with("test result:")
        || line.starts_with("Summary [")
        || line.starts_with("Tests  ")
        || (first_is_number && is_playwright(line));
    if !is_closing {
        return None;
    }
    let number_before = |words: &[&str]| -> u64 {
        let parts: Vec<&str> = line
            .split(|char: char| char.is_whitespace() || "();,|".contains(char))
            .collect();
        let at = parts.iter().position(|part| words.contains(part));
        at.and_then(|at| parts.get(at.checked_sub(1)?)?.parse().ok())
            .unwrap_or(0)
    };
    Some(Count {
        passed: number_before(&["passed"]),
        failed: number_before(&["failed"]),
        skipped: number_before(&["ignored", "skipped"]),
    })
}

/// `12 passed (34.5s)`, `1 failed`, `2 skipped`: a number, a word, at most the time.
fn is_playwright(line: &str) -> bool {
    let mut words = line.split(' ').skip(1);
    matches!(words.next(), Some("passed" | "failed" | "skipped"))
        && words.next().is_none_or(|time| time.starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn every_runner_is_read() {
        let log = "
running 3 tests
test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.65s
     Summary [   1.234s] 36 tests run: 35 passed (1 slow), 1 failed, 4 skipped
      Tests  2 failed | 120 passed (122)
  12 passed (34.5s)
  1 failed
the 99 passed here is talk
";
        assert_eq!(
            Count::in_log(log),
            Count {
                passed: 177,
                failed: 6,
                skipped: 5
            }
        );
    }

    #[test]
    fn the_last_line_is_the_plain_one() {
        let count = Count {
            passed: 7,
            failed: 0,
            skipped: 0,
        };
        assert_eq!(count.to_string(), "tests: 7 passed, 0 failed");
        assert_eq!(
            Count { skipped: 2, ..count }.to_string(),
            "tests: 7 passed, 0 failed, 2 skipped"
        );
    }
}
