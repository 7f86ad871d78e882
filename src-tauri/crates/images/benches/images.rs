//! P7: looking at a picture's head against opening the same file and reading four kilobytes, and against Pillow's
//! `open`; with the verdicts of both compared. All files lie in the page cache.

mod corpus;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use corpus::Outcome;
use images::probe_file;
use yardstick::{Bench, Goal, Measure, in_turn, path_or, ratios, seconds};

const ROUNDS: usize = 15;

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    let corpus = corpus::folder("heads", bench.size(1_000, 100), 4)?;
    let files = corpus::files(&corpus)?;
    let sizes = format!("{} files: JPEG, PNG, WebP", files.len());
    // The pages come into the cache before anything is measured.
    each(&files, |path| fs::read(path).map(|bytes| bytes.len() as u64))?;
    let check = || {
        each(&files, |path| {
            probe_file(path).map(|found| u64::from(found.width))
        })
    };
    let pairs = in_turn(ROUNDS, check, || each(&files, read_head))?;
    let measure = Measure {
        id: "P7",
        what: "picture pre-check",
        baseline: "open and read 4 KB",
        sizes: &sizes,
        unit: "x",
        values: ratios(&pairs),
        goal: Goal::AtMost(3.5),
    };
    bench.report(&measure);
    let (times, theirs) = match pillow(&corpus) {
        Ok(found) => found,
        Err(error) => {
            bench.say(&format!("P7 not compared with Pillow: {error}"));
            return Ok(());
        }
    };
    // One interpreter for all rounds, so that its start is not Pillow's fault; ours are taken beside it.
    let pairs: Vec<(f64, f64)> = times
        .into_iter()
        .map(|theirs| Ok::<_, io::Error>((check()?, theirs)))
        .collect::<Result<_, _>>()?;
    bench.report(&Measure {
        baseline: "Pillow open",
        values: ratios(&pairs),
        goal: Goal::AtMost(1.0 / 20.0),
        ..measure.clone()
    });
    let mut equal = 0;
    for (path, theirs) in files.iter().zip(&theirs) {
        let found = probe_file(path)?;
        let ours = format!(
            "{} {} {} {}",
            path.file_name().unwrap_or_default().to_string_lossy(),
            found.format.code(),
            found.width,
            found.height
        );
        if ours == *theirs {
            equal += 1;
        } else {
            bench.say(&format!("   P7: ours {ours}, Pillow {theirs}"));
        }
    }
    bench.report(&Measure {
        what: "files on which kind and size are told alike",
        baseline: "all files",
        values: vec![f64::from(equal) / f64::from(u32::try_from(files.len())?)],
        goal: Goal::AtLeast(1.0),
        ..measure
    });
    Ok(())
}

fn read_head(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = [0; 4096];
    let read = file.read(&mut buffer)?;
    Ok(file.metadata()?.len() + read as u64)
}

fn each(files: &[PathBuf], look: impl Fn(&Path) -> io::Result<u64>) -> io::Result<f64> {
    seconds(|| {
        for path in files {
            black_box(look(path)?);
        }
        Ok(())
    })
}

/// Seconds of each round, and what Pillow says of each file in the order of names.
fn pillow(corpus: &Path) -> Outcome<(Vec<f64>, Vec<String>)> {
    let output = Command::new(path_or("GUITAI_BENCH_PYTHON", "python3"))
        .args(["-c", include_str!("verdicts.py")])
        .arg(corpus)
        .arg(ROUNDS.to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let said = String::from_utf8(output.stdout)?;
    let mut lines = said.lines();
    let times = lines
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok((times, lines.map(str::to_owned).collect()))
}
