//! P3: reading 100,000 rows of 10 columns against the limit (inflating the same file) and against openpyxl, both in
//! the same run; and how long each workbook of the bomb set takes to be refused, with what it inflated and held.

mod books;

use std::error::Error;
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use sheets::{Limits, Workbook};
use yardstick::{Bench, Goal, Measure, in_turn, path_or, peak_kilobytes, ratios, seconds};
use zip::ZipArchive;

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    match bench.words().as_slice() {
        ["read-file", path] => {
            let cells = read(Path::new(path))?;
            bench.say(&format!("{cells} {}", peak_kilobytes()));
            return Ok(());
        }
        ["refuse-file", path] => {
            bench.say(&refuse(Path::new(path))?);
            return Ok(());
        }
        _ => {}
    }
    let folder = tempfile::tempdir()?;
    let rows = bench.size(100_000, 10_000);
    for (name, book) in [
        ("shared strings", books::shared(rows)?),
        ("inline strings", books::inline(rows)?),
    ] {
        let path = folder.path().join("book.xlsx");
        fs::write(&path, book)?;
        reading(&bench, &path, &format!("{rows} rows x 10 columns, {name}"))?;
    }
    bombs(&bench, folder.path())
}

fn reading(bench: &Bench, path: &Path, sizes: &str) -> Outcome<()> {
    let pairs = in_turn(
        ROUNDS,
        || seconds(|| read(path).map(drop)),
        || seconds(|| inflate_only(path)),
    )?;
    let measure = Measure {
        id: "P3",
        what: "read an xlsx",
        baseline: "inflating the same file only",
        sizes,
        unit: "x",
        values: ratios(&pairs),
        goal: Goal::AtMost(3.0),
    };
    bench.report(&measure);
    let mut peaks = Vec::new();
    let python = path_or("GUITAI_BENCH_PYTHON", "python3");
    let own = |peaks: &mut Vec<f64>| {
        let mut said = String::new();
        let time = seconds(|| {
            said = itself("read-file", path)?;
            Ok::<(), Box<dyn Error>>(())
        })?;
        let peak: f64 = said.split_whitespace().nth(1).unwrap_or_default().parse()?;
        peaks.push(peak / 1024.0);
        Ok(time)
    };
    match in_turn(ROUNDS, || own(&mut peaks), || openpyxl(&python, path)) {
        Ok(pairs) => bench.report(&Measure {
            what: "read an xlsx, whole process",
            baseline: "openpyxl read-only, whole process",
            values: ratios(&pairs),
            goal: Goal::AtMost(0.06),
            ..measure.clone()
        }),
        Err(error) => bench.say(&format!("P3 not compared with openpyxl: {error}")),
    }
    bench.report(&Measure {
        what: "read an xlsx, peak memory of the process",
        baseline: "",
        unit: "MB",
        values: peaks,
        goal: Goal::AtMost(64.0),
        ..measure
    });
    Ok(())
}

/// Starts this bench again as a process of its own; what it says.
fn itself(command: &str, path: &Path) -> Outcome<String> {
    let output = Command::new(std::env::current_exe()?)
        .arg(command)
        .arg(path)
        .output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}

fn openpyxl(python: &Path, path: &Path) -> Outcome<f64> {
    const SCRIPT: &str = "import sys, openpyxl\nn = 0\nfor row in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True):\n    n += len(row)\nprint(n)";
    seconds(|| {
        let output = Command::new(python).args(["-c", SCRIPT]).arg(path).output()?;
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
        }
    })
}

fn read(path: &Path) -> Outcome<u64> {
    let mut book = Workbook::open(path)?;
    let mut bytes = 0_usize;
    let tail = book.read(0, &mut |row| {
        bytes += row.cells().iter().map(|cell| cell.text.len()).sum::<usize>();
        ControlFlow::Continue(())
    })?;
    std::hint::black_box(bytes);
    Ok(tail.cells)
}

fn inflate_only(path: &Path) -> Outcome<()> {
    let mut archive = ZipArchive::new(fs::File::open(path)?)?;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        while part.read(&mut buffer)? > 0 {
            std::hint::black_box(&buffer);
        }
    }
    Ok(())
}

/// Each in a process of its own, so that its memory is its own.
fn bombs(bench: &Bench, folder: &Path) -> Outcome<()> {
    let path = folder.join("plain.xlsx");
    fs::write(&path, books::lying_dimension()?)?;
    let (_, idle) = told(&itself("refuse-file", &path)?)?;
    for (name, bytes) in books::bombs(bench.size(1, 8))? {
        let path = folder.join("bomb.xlsx");
        fs::write(&path, &bytes)?;
        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        let mut verdict = String::new();
        for _ in 0..ROUNDS {
            let said = itself("refuse-file", &path)?;
            let (time, peak) = told(&said)?;
            times.push(time);
            peaks.push((peak - idle).max(0.0));
            verdict = said.split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
        }
        let sizes = format!("{} bytes: {verdict}", bytes.len());
        let measure = Measure {
            id: "bomb",
            what: name,
            baseline: "",
            sizes: &sizes,
            unit: "ms",
            values: times,
            goal: Goal::AtMost(100.0),
        };
        bench.report(&measure);
        bench.report(&Measure {
            unit: "MB above idle",
            values: peaks,
            goal: Goal::AtMost(64.0),
            ..measure
        });
    }
    Ok(())
}

/// Milliseconds and megabytes of what [`refuse`] said.
fn told(said: &str) -> Outcome<(f64, f64)> {
    let mut words = said.split_whitespace();
    let time: f64 = words.next().unwrap_or_default().parse()?;
    let peak: f64 = words.next().unwrap_or_default().parse()?;
    Ok((time, peak))
}

/// Milliseconds, peak megabytes, verdict, bytes inflated.
fn refuse(path: &Path) -> Outcome<String> {
    let bytes = fs::read(path)?;
    let start = Instant::now();
    let mut inflated = 0;
    let result = Workbook::from_bytes(bytes, Limits::default()).and_then(|mut book| {
        let result = book.read(0, &mut |_| ControlFlow::Continue(()));
        inflated = book.inflated_bytes();
        result
    });
    let time = start.elapsed().as_secs_f64() * 1_000.0;
    let verdict = result.map_or_else(
        |error| format!("refused as {}", error.code()),
        |_| "read".to_owned(),
    );
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let peak = peak_kilobytes() as f64 / 1024.0;
    Ok(format!("{time} {peak} {verdict}, {inflated} bytes inflated"))
}
