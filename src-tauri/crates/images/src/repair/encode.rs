//! Writing the JPEG within a number of bytes.

use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

use crate::profile::Profile;
use crate::repair::geometry::scale;
use crate::repair::{RepairError, Step, StepCode, size_step, step};
use crate::rgb::Rgb;

/// Tried in this order; below the last the size is reduced instead.
const QUALITIES: [u8; 3] = [92, 88, 85];
/// Each attempt aims below the limit, so a handful always suffices; the rest is for a hostile picture.
const MOST_ATTEMPTS: u32 = 12;

/// Writes one JPEG without metadata. Quality 90 and better keeps full colour resolution, which red lettering
/// on labels needs.
pub(crate) fn jpeg(rgb: &Rgb, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let too_wide = |_| EncodingError::ZeroImageDimensions { width: 0, height: 0 };
    let width = u16::try_from(rgb.width).map_err(too_wide)?;
    let height = u16::try_from(rgb.height).map_err(too_wide)?;
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(if quality >= 90 {
        SamplingFactor::R_4_4_4
    } else {
        SamplingFactor::R_4_2_0
    });
    encoder.encode(&rgb.data, width, height, ColorType::Rgb)?;
    Ok(out)
}

/// Writes a JPEG that fits the profile's bytes: lower quality first, then fewer pixels, never below the
/// smallest side the profile asks for.
pub(super) fn within(
    rgb: Rgb,
    original_bytes: usize,
    profile: &Profile,
    steps: &mut Vec<Step>,
) -> Result<Vec<u8>, RepairError> {
    let max = profile
        .max_bytes
        .unwrap_or(profile.repair_bytes)
        .min(profile.repair_bytes);
    let least = profile.min_side.map_or(1, |rule| rule.repair_to);
    let mut written = Vec::new();
    let mut used = QUALITIES[0];
    for quality in QUALITIES {
        (written, used) = (jpeg(&rgb, quality)?, quality);
        if written.len() as u64 <= max {
            break;
        }
    }
    let full = rgb;
    let mut current = None;
    for _ in 0..MOST_ATTEMPTS {
        if written.len() as u64 <= max {
            break;
        }
        let now = current.as_ref().unwrap_or(&full);
        let permille = shrink_permille(written.len() as u64, max);
        let short = now.width.min(now.height);
        let target = scale(short, permille, 1000).max(least.min(short));
        if target == short {
            return Err(RepairError::TooManyBytes {
                bytes: written.len() as u64,
                max,
            });
        }
        // Always from the full picture, so that nothing is resized twice.
        let whole = full.width.min(full.height);
        let smaller = full.resized(
            scale(full.width, target, whole),
            scale(full.height, target, whole),
        )?;
        written = jpeg(&smaller, used)?;
        current = Some(smaller);
    }
    if written.len() as u64 > max {
        return Err(RepairError::TooManyBytes {
            bytes: written.len() as u64,
            max,
        });
    }
    if let Some(smaller) = &current {
        steps.push(size_step(StepCode::ScaledDown, &full, smaller));
    }
    let sizes = [
        ("from", original_bytes.to_string()),
        ("to", written.len().to_string()),
    ];
    let mut done = step(StepCode::Recompressed, sizes);
    done.params.insert("quality", used.to_string());
    steps.push(done);
    Ok(written)
}

/// The side, in thousandths, at which `bytes` should fall a little under `max`: bytes go with the area.
fn shrink_permille(bytes: u64, max: u64) -> u32 {
    let area = max.saturating_mul(900_000) / bytes.max(1);
    u32::try_from(area.isqrt()).unwrap_or(900).clamp(100, 950)
}
