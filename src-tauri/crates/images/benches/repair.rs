//! P8: repairing pictures for the strictest platform against vipsthumbnail making the same squares in the same quality:
//! processor time of whole processes with one thread each, likeness of the results, memory, and how two threads scale.
//!
//! Only pictures that need a repair take part; one that is fine is given back as it is, which no peer can beat.

mod corpus;
mod likeness;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use corpus::Outcome;
use images::{RepairOptions, RulePack, Squaring, StepCode, master};
use yardstick::{Bench, Goal, Measure, children_cpu, in_turn, peak_kilobytes, ratios, seconds};

const ROUNDS: usize = 3;
const OPTIONS: RepairOptions = RepairOptions {
    squaring: Squaring::Crop,
    allow_enlarge: true,
};

/// A picture that needs a repair, and what becomes of it.
struct Case {
    path: PathBuf,
    kind: &'static str,
    side: u32,
    quality: String,
    /// The whole picture is kept, so that the results can be laid over each other.
    is_square: bool,
    bitmap: u64,
}

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    if let ["repair-files", threads, output, list] = bench.words().as_slice() {
        let text = fs::read_to_string(list)?;
        let files: Vec<&str> = text.lines().collect();
        repair_files(&files, threads.parse()?, Path::new(output))?;
        bench.say(&peak_kilobytes().to_string());
        return Ok(());
    }
    let corpus = corpus::folder("pictures", bench.size(100, 40), 1)?;
    let cases = cases(&corpus::files(&corpus)?)?;
    let folder = tempfile::tempdir()?;
    for (kind, goal) in [("JPEG", 0.30), ("PNG", 0.30), ("WEBP", 0.60)] {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.kind == kind).collect();
        one_kind(&bench, &cases, goal, folder.path())?;
    }
    scaling(&bench, &cases, folder.path())
}

fn cases(files: &[PathBuf]) -> Outcome<Vec<Case>> {
    let rules = RulePack::built_in()?;
    let mut cases = Vec::new();
    for path in files {
        let bytes = fs::read(path)?;
        let before = images::probe(&bytes, None);
        let repaired = master(&bytes, &rules, OPTIONS)?;
        let recompressed = repaired
            .steps
            .iter()
            .find(|step| step.code == StepCode::Recompressed);
        let Some(step) = recompressed else {
            continue;
        };
        cases.push(Case {
            path: path.clone(),
            kind: before.format.code(),
            side: repaired.probe.width,
            quality: step.params["quality"].clone(),
            is_square: before.width == before.height,
            bitmap: u64::from(before.width) * u64::from(before.height) * 4,
        });
    }
    Ok(cases)
}

fn one_kind(bench: &Bench, cases: &[&Case], goal: f64, folder: &Path) -> Outcome<()> {
    let Some(kind) = cases.first().map(|case| case.kind) else {
        return Ok(());
    };
    let (own, theirs) = (folder.join("own"), folder.join("theirs"));
    fs::create_dir_all(&own)?;
    fs::create_dir_all(&theirs)?;
    let list = list(folder, cases.iter().copied())?;
    let mut peaks = Vec::new();
    let sizes = format!("{} {kind} pictures of 0.6 to 4.3 megapixels", cases.len());
    let measure = Measure {
        id: "P8",
        what: "picture repair, processor time",
        baseline: "vipsthumbnail to the same squares and quality",
        sizes: &sizes,
        unit: "x",
        values: Vec::new(),
        goal: Goal::AtMost(goal),
    };
    let compared = in_turn(
        ROUNDS,
        || cpu(|| ours(&list, 1, &own).map(|peak| peaks.push(peak))),
        || cpu(|| vipsthumbnail(cases, &theirs)),
    );
    match compared {
        Ok(pairs) => bench.report(&Measure {
            values: ratios(&pairs),
            ..measure.clone()
        }),
        Err(error) => {
            bench.say(&format!("P8 not compared: {error}"));
            return Ok(());
        }
    }
    let mut alike = Vec::new();
    for case in cases.iter().filter(|case| case.is_square) {
        let name = case.path.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{name}.jpg");
        alike.push(likeness::of(&own.join(&name), &theirs.join(&name))?);
    }
    alike.sort_by(f64::total_cmp);
    if let Some(worst) = alike.first() {
        bench.report(&Measure {
            what: "structural likeness (SSIM), worst square picture",
            baseline: "libvips' result",
            values: vec![*worst],
            goal: Goal::AtLeast(0.98),
            ..measure.clone()
        });
    }
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let bitmap = cases.iter().map(|case| case.bitmap).max().unwrap_or(0) as f64 / 1_048_576.0;
    bench.report(&Measure {
        what: "picture repair, peak memory of one thread",
        baseline: "",
        unit: "MB",
        values: peaks,
        goal: Goal::AtMost((bitmap + 16.0).round()),
        ..measure
    });
    Ok(())
}

/// One thread against two, by the clock, over all kinds.
fn scaling(bench: &Bench, cases: &[Case], folder: &Path) -> Outcome<()> {
    if std::thread::available_parallelism()?.get() < 2 {
        bench.say("P8 scaling not measured: one core");
        return Ok(());
    }
    let list = list(folder, cases.iter())?;
    let out = folder.join("own");
    let pairs = in_turn(
        ROUNDS,
        || seconds(|| ours(&list, 1, &out).map(drop)),
        || seconds(|| ours(&list, 2, &out).map(drop)),
    )?;
    bench.report(&Measure {
        id: "P8",
        what: "picture repair, what each of two threads does",
        baseline: "one thread alone",
        sizes: &format!("{} pictures", cases.len()),
        unit: "x",
        values: ratios(&pairs).into_iter().map(|gain| gain / 2.0).collect(),
        goal: Goal::AtLeast(0.9),
    });
    Ok(())
}

fn list<'a>(folder: &Path, cases: impl Iterator<Item = &'a Case>) -> Outcome<PathBuf> {
    let path = folder.join("list");
    let lines: Vec<String> = cases.map(|case| case.path.display().to_string()).collect();
    fs::write(&path, lines.join("\n"))?;
    Ok(path)
}

/// Processor seconds of the children that `work` starts.
fn cpu(work: impl FnOnce() -> Outcome<()>) -> Outcome<f64> {
    let before = children_cpu().ok_or("this system does not say what children took")?;
    work()?;
    let after = children_cpu().ok_or("this system does not say what children took")?;
    Ok(after - before)
}

/// Peak megabytes of a process of ours.
fn ours(list: &Path, threads: usize, output: &Path) -> Outcome<f64> {
    let said = Command::new(std::env::current_exe()?)
        .arg("repair-files")
        .arg(threads.to_string())
        .args([output, list])
        .output()?;
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).into_owned().into());
    }
    let kilobytes: f64 = String::from_utf8(said.stdout)?.trim().parse()?;
    Ok(kilobytes / 1024.0)
}

fn repair_files(files: &[&str], threads: usize, output: &Path) -> Outcome<()> {
    let rules = RulePack::built_in()?;
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), String> {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let path = Path::new(path);
            let bytes = fs::read(path).map_err(|error| error.to_string())?;
            let repaired = master(&bytes, &rules, OPTIONS).map_err(|error| error.to_string())?;
            let name = path.with_extension("jpg");
            let place = output.join(name.file_name().unwrap_or_default());
            fs::write(place, &repaired.bytes).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work()?;
        for other in others {
            other.join().map_err(|_| "a thread failed".to_owned())??;
        }
        Ok::<(), String>(())
    })?;
    Ok(())
}

/// One process for each side and quality: it takes only one of either.
fn vipsthumbnail(cases: &[&Case], output: &Path) -> Outcome<()> {
    let mut groups: BTreeMap<(u32, &str), Vec<&Path>> = BTreeMap::new();
    for case in cases {
        let key = (case.side, case.quality.as_str());
        groups.entry(key).or_default().push(&case.path);
    }
    for ((side, quality), files) in groups {
        let status = Command::new("vipsthumbnail")
            .env("VIPS_CONCURRENCY", "1")
            .args(["--size", &format!("{side}x{side}"), "--smartcrop", "centre", "-o"])
            .arg(format!(
                "{}/%s.jpg[Q={quality},strip,background=255]",
                output.display()
            ))
            .args(files)
            .status()?;
        if !status.success() {
            return Err(format!("vipsthumbnail failed: {status}").into());
        }
    }
    Ok(())
}
