//! The pictures of the bomb set of measurements.md 5.3: how long each takes to be refused and what memory that needs.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use images::CheckedImage;
use yardstick::{Bench, Goal, Measure, peak_kilobytes};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;
const RGB: u8 = 2;
const RGBA: u8 = 6;

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    if let ["open-file", path] = bench.words().as_slice() {
        bench.say(&open(Path::new(path))?);
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let small = folder.path().join("small.png");
    fs::write(&small, png(8, RGB, Some(8))?)?;
    let (_, idle, _) = itself(&small)?;
    let part = bench.size(1, 10);
    for (name, bytes) in [
        (
            "PNG, 30,000 x 30,000 RGBA",
            png(30_000, RGBA, Some(30_000 / part))?,
        ),
        (
            "PNG, 20,000 x 20,000 RGB (400 megapixels)",
            png(20_000, RGB, Some(20_000 / part))?,
        ),
        ("PNG, 12,000 x 12,000 RGB", png(12_000, RGB, Some(12_000 / part))?),
        ("PNG claiming 10^9 x 10^9", png(1_000_000_000, RGB, None)?),
    ] {
        let path = folder.path().join("bomb.png");
        fs::write(&path, &bytes)?;
        let (mut times, mut peaks, mut verdict) = (Vec::new(), Vec::new(), String::new());
        for _ in 0..ROUNDS {
            let (time, peak, said) = itself(&path)?;
            times.push(time);
            peaks.push((peak - idle).max(0.0));
            verdict = said;
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

/// In a process of its own: milliseconds, peak megabytes, verdict.
fn itself(path: &Path) -> Outcome<(f64, f64, String)> {
    let output = Command::new(std::env::current_exe()?)
        .arg("open-file")
        .arg(path)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let said = String::from_utf8(output.stdout)?;
    let mut words = said.trim().splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    Ok((word().parse()?, word().parse()?, word().to_owned()))
}

fn open(path: &Path) -> Outcome<String> {
    let start = Instant::now();
    let bytes = fs::read(path)?;
    let verdict = match CheckedImage::new(&bytes) {
        Ok(_) => "may be decoded".to_owned(),
        Err(refused) => format!("refused: {refused}"),
    };
    let time = start.elapsed().as_secs_f64() * 1_000.0;
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let peak = peak_kilobytes() as f64 / 1024.0;
    Ok(format!("{time} {peak} {verdict}"))
}

/// A square PNG of zeros; its head says `side`, `rows` of them are there.
fn png(side: u32, color: u8, rows: Option<u32>) -> Outcome<Vec<u8>> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [side.to_be_bytes(), side.to_be_bytes()].concat();
    head.extend([8, color, 0, 0, 0]);
    chunk(&mut bytes, *b"IHDR", &head)?;
    if let Some(rows) = rows {
        let channels = if color == RGBA { 4 } else { 3 };
        let row = vec![0; side as usize * channels + 1];
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        for _ in 0..rows {
            zlib.write_all(&row)?;
        }
        chunk(&mut bytes, *b"IDAT", &zlib.finish()?)?;
    }
    chunk(&mut bytes, *b"IEND", &[])?;
    Ok(bytes)
}

fn chunk(bytes: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) -> Outcome<()> {
    bytes.extend(u32::try_from(content.len())?.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(content);
    bytes.extend(kind);
    bytes.extend(content);
    bytes.extend(sum.sum().to_be_bytes());
    Ok(())
}
