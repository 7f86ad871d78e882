//! Header checks against opening the same files and reading four kilobytes (goal P7: at most 3.5 times).
//!
//! Prints a ratio, not a time: the machine's speed cancels out within one run. `GUITAI_BENCH_IMAGES` names a
//! folder of pictures; without it a set is made.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

fn main() -> io::Result<()> {
    let made = tempfile::tempdir()?;
    let mut files = Vec::new();
    if let Some(folder) = std::env::var_os("GUITAI_BENCH_IMAGES") {
        collect(Path::new(&folder), &mut files)?;
    } else {
        make(made.path(), &mut files)?;
    }
    // In turn within each round, so that a slow moment meets both.
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let limit = time(&files, read_head)?;
        let check = time(&files, |path| {
            images::probe_file(path).map(|found| u64::from(found.width))
        })?;
        ratios.push(check.as_secs_f64() / limit.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    report(&format!(
        "P7 header check / open + read 4 KB: median {:.2}, best {:.2} (goal <= 3.5), {} files",
        ratios[ROUNDS / 2],
        ratios[0],
        files.len()
    ))
}

fn report(line: &str) -> io::Result<()> {
    io::Write::write_all(&mut io::stdout(), format!("{line}\n").as_bytes())
}

fn read_head(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = [0; 4096];
    let read = file.read(&mut buffer)?;
    Ok(file.metadata()?.len() + read as u64)
}

fn time(files: &[PathBuf], look: impl Fn(&Path) -> io::Result<u64>) -> io::Result<Duration> {
    let start = Instant::now();
    for path in files {
        black_box(look(path)?);
    }
    Ok(start.elapsed())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ext| ext != "csv" && ext != "md") {
            files.push(path);
        }
    }
    Ok(())
}

/// 300 pictures, six parts JPEG, three parts PNG, one part BMP.
fn make(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for i in 0..300_u32 {
        let extension = match i % 10 {
            0..6 => "jpg",
            6..9 => "png",
            _ => "bmp",
        };
        let path = folder.join(format!("{i}.{extension}"));
        let side = 100 + i % 50;
        image::RgbImage::from_pixel(side, side, image::Rgb([9, 99, 199]))
            .save(&path)
            .map_err(io::Error::other)?;
        files.push(path);
    }
    Ok(())
}
