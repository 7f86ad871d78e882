//! What was measured, and on what machine.

use std::fs;

use serde::{Deserialize, Serialize};

/// One measure, as the benches tell it with `--json`.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub(super) struct Measure {
    pub(super) id: String,
    pub(super) what: String,
    pub(super) baseline: String,
    pub(super) sizes: String,
    pub(super) unit: String,
    pub(super) median: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) rounds: usize,
    pub(super) goal: String,
    pub(super) met: Option<bool>,
}

impl Measure {
    /// Ours divided by the baseline of each round, with a goal not to exceed.
    pub(super) fn ratio(
        id: &str,
        what: &str,
        baseline: &str,
        sizes: &str,
        pairs: &[(f64, f64)],
        most: f64,
    ) -> Self {
        let mut ratios: Vec<f64> = pairs.iter().map(|(ours, theirs)| ours / theirs).collect();
        ratios.sort_by(f64::total_cmp);
        let at = |index: usize| ratios.get(index).copied().unwrap_or(f64::NAN);
        let middle = ratios.len() / 2;
        let median = if ratios.len().is_multiple_of(2) && middle > 0 {
            f64::midpoint(at(middle - 1), at(middle))
        } else {
            at(middle)
        };
        Self {
            id: id.to_owned(),
            what: what.to_owned(),
            baseline: baseline.to_owned(),
            sizes: sizes.to_owned(),
            unit: "x".to_owned(),
            median,
            low: at(0),
            high: at(ratios.len().saturating_sub(1)),
            rounds: ratios.len(),
            goal: format!("<= {most}"),
            met: Some(median <= most),
        }
    }

    /// In one line for a person.
    pub(super) fn line(&self) -> String {
        let against = if self.baseline.is_empty() {
            String::new()
        } else {
            format!(" / {}", self.baseline)
        };
        format!(
            "  {} {}{against}: {} {} ({} to {}){}",
            self.id,
            self.what,
            number(self.median),
            self.unit,
            number(self.low),
            number(self.high),
            match self.met {
                None => String::new(),
                Some(true) => format!("; goal {}: met", self.goal),
                Some(false) => format!("; goal {}: not met", self.goal),
            }
        )
    }

    fn row(&self) -> String {
        let unit = if self.unit == "x" { "" } else { self.unit.as_str() };
        let against = if self.baseline.is_empty() {
            String::new()
        } else {
            format!(" / {}", self.baseline)
        };
        format!(
            "| {} | {}{against} | **{}** {unit} ({}–{}, {}) | {} | {} | {} |",
            self.id,
            self.what,
            number(self.median),
            number(self.low),
            number(self.high),
            self.rounds,
            self.goal,
            match self.met {
                None => "",
                Some(true) => "met",
                Some(false) => "not met",
            },
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

/// The document of a run.
#[derive(Serialize)]
pub(super) struct Report {
    profile: &'static str,
    quick: bool,
    cores: usize,
    /// Load of the last minute before the first and after the last measure; several times the cores means that other
    /// work disturbed them. Nothing where the system does not say.
    load: Vec<String>,
    measures: Vec<Measure>,
}

impl Report {
    pub(super) fn begin(quick: bool) -> Self {
        Self {
            profile: "bench",
            quick,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load: load().into_iter().collect(),
            measures: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, measures: Vec<Measure>) {
        self.measures.extend(measures);
    }

    pub(super) fn end(&mut self) {
        self.load.extend(load());
    }

    /// As the README shows it.
    pub(super) fn table(&self) -> String {
        let mut lines = vec![
            "| goal | measured | seen: median (low–high, rounds) | goal | | sizes |".to_owned(),
            "|---|---|---|---|---|---|".to_owned(),
        ];
        lines.extend(self.measures.iter().map(Measure::row));
        lines.push(format!(
            "\nProfile {}, {} cores, load before and after: {}{}",
            self.profile,
            self.cores,
            self.load.join(", "),
            if self.quick { "; quick sizes" } else { "" }
        ));
        lines.join("\n")
    }
}

fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Measure, Report};

    #[test]
    fn a_ratio_is_the_median_of_its_rounds() {
        let pairs = [(3.0, 2.0), (1.0, 1.0), (4.0, 2.0)];
        let measure = Measure::ratio("P15", "start", "bare", "", &pairs, 1.1);
        assert_eq!((measure.low, measure.median, measure.high), (1.0, 1.5, 2.0));
        assert_eq!(measure.met, Some(false));
    }

    #[test]
    fn what_a_bench_says_is_read_and_shown() {
        let said = r#"{"id":"P3","what":"read","baseline":"inflate","sizes":"1 row","unit":"x","median":0.0123,
            "low":0.01,"high":2.0,"rounds":5,"goal":"<= 0.06","met":true}"#;
        let measure: Measure = serde_json::from_str(said).unwrap();
        let mut report = Report::begin(true);
        report.add(vec![measure]);
        let table = report.table();
        assert!(
            table.contains("| P3 | read / inflate | **0.0123**  (0.0100–2.00, 5) | <= 0.06 | met | 1 row |"),
            "{table}"
        );
        assert!(table.contains("quick sizes"));
    }
}
