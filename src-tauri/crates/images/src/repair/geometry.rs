//! Square, large enough, not too large.

use crate::checked::MAX_PIXELS;
use crate::finding::Severity;
use crate::profile::Profile;
use crate::repair::{RepairError, RepairOptions, Squaring, Step, StepCode, size_step};
use crate::rgb::{ResizeError, Rgb};

/// The longest side of a padded square: its pixels stay within what may be decoded again.
const LONGEST_SQUARE: u32 = 8000;
const _: () = assert!(LONGEST_SQUARE as u64 * LONGEST_SQUARE as u64 <= MAX_PIXELS);

/// Brings a picture to the shape and the smallest side a profile asks for.
pub(super) fn fit(
    rgb: Rgb,
    profile: &Profile,
    options: RepairOptions,
    steps: &mut Vec<Step>,
) -> Result<Rgb, RepairError> {
    let wanted = profile.min_side.map_or(1, |rule| rule.repair_to);
    let needs_square = profile.not_square == Severity::Error;
    let (short, long) = (rgb.width.min(rgb.height), rgb.width.max(rgb.height));
    // What a side of this length is brought to: without leave to enlarge it stays, unless it is an error.
    let aim = |rgb: &Rgb, side: u32| -> Result<u32, RepairError> {
        let too_small = profile.min_side.is_some_and(|rule| side < rule.error_below);
        match (options.allow_enlarge, too_small) {
            (true, _) => Ok(wanted),
            (false, false) => Ok(wanted.min(side)),
            (false, true) => Err(RepairError::WouldEnlarge {
                width: rgb.width,
                height: rgb.height,
                to: wanted,
            }),
        }
    };
    if short != long && needs_square && options.squaring == Squaring::Crop {
        let part = liveliest_square(&rgb);
        let cut = rgb.cropped(part);
        steps.push(size_step(StepCode::Cropped, &rgb, &cut));
        let least = aim(&cut, short)?;
        return Ok(enlarged(cut, least, steps)?);
    }
    // Padding a picture that is only too short in one direction spares it from being enlarged.
    if short != long && (needs_square || short < wanted) {
        let least = aim(&rgb, long)?;
        let sized = shrunk(enlarged_to_long(rgb, least, steps)?, LONGEST_SQUARE, steps)?;
        let padded = sized.padded(sized.width.max(sized.height));
        steps.push(size_step(StepCode::Padded, &sized, &padded));
        return Ok(padded);
    }
    let least = aim(&rgb, short)?;
    Ok(enlarged(rgb, least, steps)?)
}

/// Enlarges so that the shorter side has `least` pixels.
fn enlarged(rgb: Rgb, least: u32, steps: &mut Vec<Step>) -> Result<Rgb, ResizeError> {
    let short = rgb.width.min(rgb.height);
    scaled_up(rgb, short, least, steps)
}

/// Enlarges so that the longer side has `least` pixels.
fn enlarged_to_long(rgb: Rgb, least: u32, steps: &mut Vec<Step>) -> Result<Rgb, ResizeError> {
    let long = rgb.width.max(rgb.height);
    scaled_up(rgb, long, least, steps)
}

fn scaled_up(rgb: Rgb, side: u32, least: u32, steps: &mut Vec<Step>) -> Result<Rgb, ResizeError> {
    if side >= least {
        return Ok(rgb);
    }
    let larger = rgb.resized(scale(rgb.width, least, side), scale(rgb.height, least, side))?;
    let mut step = size_step(StepCode::Enlarged, &rgb, &larger);
    step.params
        .insert("percent", (u64::from(least) * 100 / u64::from(side)).to_string());
    steps.push(step);
    Ok(larger)
}

fn shrunk(rgb: Rgb, most: u32, steps: &mut Vec<Step>) -> Result<Rgb, ResizeError> {
    let long = rgb.width.max(rgb.height);
    if long <= most {
        return Ok(rgb);
    }
    let smaller = rgb.resized(scale(rgb.width, most, long), scale(rgb.height, most, long))?;
    steps.push(size_step(StepCode::ScaledDown, &rgb, &smaller));
    Ok(smaller)
}

/// `length` x `to` / `from`, to the nearest, at least one.
pub(super) fn scale(length: u32, to: u32, from: u32) -> u32 {
    let from = u64::from(from.max(1));
    let scaled = (u64::from(length) * u64::from(to) + from / 2) / from;
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// The square part with the most detail along the longer side. The middle gets a tenth on top, so that an
/// even picture is cut evenly.
fn liveliest_square(rgb: &Rgb) -> [u32; 4] {
    let (w, h) = (rgb.width, rgb.height);
    let side = w.min(h);
    let slack = w.max(h) - side;
    let detail = detail_along(rgb);
    let window = side as usize;
    let mut sum: u64 = detail[..window].iter().sum();
    let (mut best, mut at) = (0, 0);
    for start in 0..=slack {
        let off_middle = u64::from(start.abs_diff(slack / 2));
        let bonus = sum / 10 * (u64::from(slack) - off_middle.min(slack.into())) / u64::from(slack.max(1));
        if sum + bonus > best {
            (best, at) = (sum + bonus, start);
        }
        if start < slack {
            sum = sum - detail[start as usize] + detail[start as usize + window];
        }
    }
    // A picture without any detail has no better part than its middle.
    let at = if best == 0 { slack / 2 } else { at };
    if w > h {
        [at, 0, side, side]
    } else {
        [0, at, side, side]
    }
}

/// How much neighbouring pixels differ, summed for each column of a wide picture or each row of a tall one.
fn detail_along(rgb: &Rgb) -> Vec<u64> {
    let (w, h) = (rgb.width as usize, rgb.height as usize);
    let wide = w > h;
    let mut detail = vec![0; w.max(h)];
    // Every pixel is not needed to see where the goods are.
    let stride = (w.min(h) / 256).max(1);
    for y in (0..h).step_by(if wide { stride } else { 1 }) {
        let row = &rgb.data[y * w * 3..][..w * 3];
        for x in (1..w).step_by(if wide { 1 } else { stride }) {
            let differs = u64::from(row[x * 3 + 1].abs_diff(row[x * 3 - 2]));
            detail[if wide { x } else { y }] += differs;
        }
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn striped(width: u32, height: u32, lively: std::ops::Range<u32>) -> Rgb {
        let mut rgb = Rgb::white(width, height);
        for y in 0..height {
            for x in lively.clone().filter(|x| (x + y) % 2 == 0) {
                let at = (y * width + x) as usize * 3;
                rgb.data[at..at + 3].fill(0);
            }
        }
        rgb
    }

    #[test]
    fn the_crop_follows_the_goods_and_else_takes_the_middle() {
        let [x, ..] = liveliest_square(&striped(300, 100, 0..80));
        assert!(x <= 5, "goods on the left: {x}");
        let [x, ..] = liveliest_square(&striped(300, 100, 220..300));
        assert!(x >= 195, "goods on the right: {x}");
        let [x, ..] = liveliest_square(&striped(300, 100, 0..300));
        assert!((90..=110).contains(&x), "goods everywhere: {x}");
        assert_eq!(liveliest_square(&Rgb::white(100, 300)), [0, 100, 100, 100]);
    }

    #[test]
    fn scaling_rounds_and_never_vanishes() {
        assert_eq!(scale(1067, 800, 1067), 800);
        assert_eq!(scale(1, 1, 20), 1);
        assert_eq!(scale(3, 1, 2), 2);
    }
}
