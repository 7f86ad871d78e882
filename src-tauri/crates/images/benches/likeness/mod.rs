//! How alike two pictures are: the mean structural similarity of their brightness over blocks of 8 by 8 (Wang et al.,
//! 2004, without the Gaussian window).

use std::path::Path;

use crate::corpus::Outcome;

const BLOCK: u32 = 8;
const C1: f64 = 6.5025;
const C2: f64 = 58.5225;

/// 1 for equal pictures. Pictures of different sizes are an error.
pub(crate) fn of(one: &Path, other: &Path) -> Outcome<f64> {
    let (one, other) = (image::open(one)?.to_luma8(), image::open(other)?.to_luma8());
    if one.dimensions() != other.dimensions() {
        return Err(format!("{:?} against {:?} pixels", one.dimensions(), other.dimensions()).into());
    }
    let (mut sum, mut blocks) = (0.0, 0.0);
    for y in (0..=one.height().saturating_sub(BLOCK)).step_by(BLOCK as usize) {
        for x in (0..=one.width().saturating_sub(BLOCK)).step_by(BLOCK as usize) {
            sum += block(&one, &other, x, y);
            blocks += 1.0;
        }
    }
    Ok(sum / blocks)
}

fn block(one: &image::GrayImage, other: &image::GrayImage, left: u32, top: u32) -> f64 {
    let (mut sum_a, mut sum_b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for y in top..top + BLOCK {
        for x in left..left + BLOCK {
            let a = f64::from(one.get_pixel(x, y).0[0]);
            let b = f64::from(other.get_pixel(x, y).0[0]);
            sum_a += a;
            sum_b += b;
            aa += a * a;
            bb += b * b;
            ab += a * b;
        }
    }
    let count = f64::from(BLOCK * BLOCK);
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (var_a, var_b) = (aa / count - mean_a * mean_a, bb / count - mean_b * mean_b);
    let shared = ab / count - mean_a * mean_b;
    (2.0 * mean_a * mean_b + C1) * (2.0 * shared + C2)
        / ((mean_a * mean_a + mean_b * mean_b + C1) * (var_a + var_b + C2))
}
