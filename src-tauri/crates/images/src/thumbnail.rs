//! Small previews for lists.

use crate::checked::{Budget, CheckedImage};
use crate::repair::{RepairError, jpeg};
use crate::rgb::to_rgb;

/// Longest side a preview may have, in pixels.
pub const MAX_THUMBNAIL: u32 = 1024;

/// A JPEG preview (sRGB, quality 85) whose longer side has at most `side` pixels; upright, on white, never
/// enlarged. `side` is held within 1 and [`MAX_THUMBNAIL`].
///
/// # Errors
/// [`RepairError::Decode`] for a damaged picture.
pub fn thumbnail(image: &CheckedImage<'_>, side: u32) -> Result<Vec<u8>, RepairError> {
    let raster = image.decode(&mut Budget::default())?;
    let (rgb, _) = to_rgb(&raster);
    drop(raster);
    let long = rgb.width.max(rgb.height);
    let to = side.clamp(1, MAX_THUMBNAIL).min(long);
    // Resized first: turning a small picture is cheaper.
    let part = |length: u32| {
        u32::try_from(u64::from(length) * u64::from(to) / u64::from(long))
            .unwrap_or(to)
            .max(1)
    };
    let small = rgb.resized(part(rgb.width), part(rgb.height))?;
    Ok(jpeg(&small.upright(image.probe().orientation.unwrap_or(1)), 85)?)
}
