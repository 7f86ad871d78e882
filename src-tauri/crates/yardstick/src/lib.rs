//! How benches take turns with their baseline and say what came out.
//!
//! What it is for: every bench measures ours and a baseline in turn within one run, so that the machine's speed and
//! whatever else it does fall out of the ratio. What it must not know: any crate of the house; only benches use it.
//! Read first: [`Bench`], [`in_turn`], [`Measure`].

mod process;

use serde::Serialize;
use std::io::Write as _;

pub use process::{children_cpu, path_or, peak_kilobytes};

/// What a bench was asked for: `--quick` takes small sizes, `--json` prints one JSON object a line for each measure
/// instead of text for people. Whatever else stands there is left to the bench.
#[derive(Clone, Debug, Default)]
pub struct Bench {
    quick: bool,
    json: bool,
    words: Vec<String>,
}

impl Bench {
    /// From this process's arguments.
    pub fn from_args() -> Self {
        Self::from_words(std::env::args().skip(1))
    }

    fn from_words(words: impl Iterator<Item = String>) -> Self {
        let mut bench = Self::default();
        for word in words {
            match word.as_str() {
                "--quick" => bench.quick = true,
                "--json" => bench.json = true,
                // Cargo says this to every bench.
                "--bench" => {}
                _ => bench.words.push(word),
            }
        }
        bench
    }

    /// The other arguments: by them a bench starts itself as the process to measure.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// The size for this run.
    pub fn size<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// A line beside the measures; never on standard output when that holds JSON.
    pub fn say(&self, line: &str) {
        print(line, self.json);
    }

    /// Reports a measure.
    pub fn report(&self, measure: &Measure<'_>) {
        let told = measure.told();
        let line = if self.json {
            // Numbers and texts always serialise; were it otherwise, the text would still tell.
            serde_json::to_string(&told).unwrap_or_else(|error| error.to_string())
        } else {
            told.line()
        };
        print(&line, false);
    }
}

/// Nobody is left to tell when this fails.
fn print(line: &str, aside: bool) {
    let _ = if aside {
        writeln!(std::io::stderr().lock(), "{line}")
    } else {
        writeln!(std::io::stdout().lock(), "{line}")
    };
}

/// Runs both alternately, `rounds` times, and gives each round's ours and baseline. Who begins changes every round:
/// whatever is warm after the first favours neither.
///
/// # Errors
/// The first one of either.
pub fn in_turn<E>(
    rounds: usize,
    mut ours: impl FnMut() -> Result<f64, E>,
    mut baseline: impl FnMut() -> Result<f64, E>,
) -> Result<Vec<(f64, f64)>, E> {
    let mut pairs = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let pair = if round % 2 == 0 {
            let theirs = baseline()?;
            (ours()?, theirs)
        } else {
            let own = ours()?;
            (own, baseline()?)
        };
        pairs.push(pair);
    }
    Ok(pairs)
}

/// Ours / baseline of each round.
pub fn ratios(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs
        .iter()
        .map(|(ours, baseline)| ours / baseline.max(f64::MIN_POSITIVE))
        .collect()
}

/// Seconds that `work` takes.
///
/// # Errors
/// Its own.
pub fn seconds<E>(work: impl FnOnce() -> Result<(), E>) -> Result<f64, E> {
    let start = std::time::Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// What a measure should reach.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Goal {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
    /// Nothing was set; the number is for information.
    Open,
}

/// One measured thing.
#[derive(Clone, Debug)]
pub struct Measure<'a> {
    /// The goal's name, `P1`.
    pub id: &'a str,
    /// What was measured.
    pub what: &'a str,
    /// What it was measured against.
    pub baseline: &'a str,
    /// How much of it.
    pub sizes: &'a str,
    /// Unit of the values: `x` for ratios.
    pub unit: &'a str,
    /// One value a round.
    pub values: Vec<f64>,
    /// The goal.
    pub goal: Goal,
}

/// A measure as it is told: the document of `--json`, one a line.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    what: &'a str,
    baseline: &'a str,
    sizes: &'a str,
    unit: &'a str,
    median: f64,
    low: f64,
    high: f64,
    rounds: usize,
    goal: String,
    met: Option<bool>,
}

impl<'a> Measure<'a> {
    fn told(&self) -> Told<'a> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        let middle = sorted.len() / 2;
        let median = if sorted.len().is_multiple_of(2) && middle > 0 {
            f64::midpoint(at(middle - 1), at(middle))
        } else {
            at(middle)
        };
        let (goal, met) = match self.goal {
            Goal::AtMost(limit) => (format!("<= {limit}"), Some(median <= limit)),
            Goal::AtLeast(limit) => (format!(">= {limit}"), Some(median >= limit)),
            Goal::Open => (String::new(), None),
        };
        Told {
            id: self.id,
            what: self.what,
            baseline: self.baseline,
            sizes: self.sizes,
            unit: self.unit,
            median,
            low: at(0),
            high: at(sorted.len().saturating_sub(1)),
            rounds: sorted.len(),
            goal,
            met,
        }
    }
}

impl Told<'_> {
    fn line(&self) -> String {
        let goal = match self.met {
            None => String::new(),
            Some(true) => format!("; goal {}: met", self.goal),
            Some(false) => format!("; goal {}: not met", self.goal),
        };
        let against = if self.baseline.is_empty() {
            String::new()
        } else {
            format!(" / {}", self.baseline)
        };
        format!(
            "{} {}{against}: {} {} ({} to {}, {} rounds){goal} [{}]",
            self.id,
            self.what,
            number(self.median),
            self.unit,
            number(self.low),
            number(self.high),
            self.rounds,
            self.sizes
        )
    }
}

/// With as many decimals as say something.
fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.1 {
        format!("{value:.4}")
    } else if value.abs() < 100.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Bench, Goal, Measure, in_turn, ratios};

    fn measure(values: &[f64], goal: Goal) -> Measure<'static> {
        Measure {
            id: "P0",
            what: "ours",
            baseline: "theirs",
            sizes: "3 things",
            unit: "x",
            values: values.to_vec(),
            goal,
        }
    }

    #[test]
    fn the_median_is_judged_and_the_spread_is_told() {
        let told = measure(&[0.9, 0.5, 0.6], Goal::AtMost(0.6)).told();
        assert_eq!(
            (told.median, told.low, told.high, told.met),
            (0.6, 0.5, 0.9, Some(true))
        );
        assert_eq!(measure(&[1.0, 2.0], Goal::AtLeast(2.0)).told().met, Some(false));
        assert_eq!(
            measure(&[1.0, 2.0], Goal::Open).told().line(),
            "P0 ours / theirs: 1.50 x (1.00 to 2.00, 2 rounds) [3 things]"
        );
        let line = measure(&[0.0123], Goal::AtMost(0.01)).told().line();
        assert!(
            line.contains("0.0123 x") && line.ends_with("goal <= 0.01: not met [3 things]"),
            "{line}"
        );
    }

    #[test]
    fn without_a_round_nothing_is_met() {
        assert_eq!(measure(&[], Goal::AtMost(1.0)).told().met, Some(false));
    }

    #[test]
    fn who_begins_changes_every_round() {
        let order = std::cell::RefCell::new(String::new());
        let run = |name: char, value: f64| {
            order.borrow_mut().push(name);
            Ok::<f64, ()>(value)
        };
        let pairs = in_turn(2, || run('o', 1.0), || run('b', 4.0)).unwrap();
        assert_eq!(ratios(&pairs), [0.25, 0.25]);
        assert_eq!(order.into_inner(), "boob");
    }

    #[test]
    fn the_arguments_of_the_bench_itself_are_left_over() {
        let words = ["--bench", "--quick", "read-file", "a.xlsx"].map(str::to_owned);
        let bench = Bench::from_words(words.into_iter());
        assert_eq!(bench.words(), ["read-file", "a.xlsx"]);
        assert_eq!(bench.size(100, 1), 1);
    }
}
