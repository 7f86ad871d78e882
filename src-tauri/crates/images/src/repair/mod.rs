//! Making a picture that a platform takes out of one it would not.

mod encode;
mod geometry;
mod strip;

use serde::Serialize;

use crate::check::{check, is_ok};
use crate::checked::{Budget, CheckedImage, Refused};
use crate::decode::DecodeError;
use crate::finding::{ImageFinding, Params, Severity};
use crate::format::Format;
use crate::probe::{Defect, Probe, probe};
use crate::profile::{Profile, RulePack};
use crate::rgb::{ProfileUse, ResizeError, Rgb, to_rgb};
pub(crate) use encode::jpeg;

/// How a picture that is not square becomes square.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Squaring {
    /// Nothing is lost; white is added on two sides.
    #[default]
    Pad,
    /// The liveliest square part is kept, the middle when in doubt.
    Crop,
}

/// What the manager has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepairOptions {
    /// How to make a picture square where the platform asks for it.
    pub squaring: Squaring,
    /// Whether a picture that is too small may be enlarged; the step then carries a warning. Otherwise one
    /// that is at the limit stays as it is, and a smaller one is [`RepairError::WouldEnlarge`].
    pub allow_enlarge: bool,
}

impl Default for RepairOptions {
    fn default() -> Self {
        Self {
            squaring: Squaring::Pad,
            allow_enlarge: true,
        }
    }
}

/// One thing a repair did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was done.
    pub code: StepCode,
    /// `Warning` when the manager should look at the result.
    pub severity: Severity,
    /// The evidence; the keys are said at each [`StepCode`].
    pub params: Params,
}

/// What a repair can do. Codes in JSON are in snake case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepCode {
    /// Kept the first of several pictures; `frames`.
    FirstFrame,
    /// Converted to 8-bit sRGB; `from` (a colour code), `profile` (`applied`, `ignored`, `none`).
    ConvertedColor,
    /// Put transparent parts on white.
    FlattenedAlpha,
    /// Turned as EXIF says; `orientation`.
    Turned,
    /// Added white to make it square; `from`, `to` (as `800x600`).
    Padded,
    /// Cut to a square; `from`, `to`.
    Cropped,
    /// Enlarged, a warning; `from`, `to`, `percent`.
    Enlarged,
    /// Made smaller because of the byte limit or the size limit; `from`, `to`.
    ScaledDown,
    /// Changed the file kind; `from`, `to`.
    ConvertedFormat,
    /// Left out GPS position and other metadata.
    DroppedMetadata,
    /// Compressed anew; `quality`, `from`, `to` (bytes).
    Recompressed,
}

/// The outcome of a repair.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// The file to send.
    pub bytes: Vec<u8>,
    /// What it is, looked at again after writing.
    pub probe: Probe,
    /// What was done, in order; empty when nothing was needed.
    pub steps: Vec<Step>,
    /// What remains to be said: hints and warnings only.
    pub findings: Vec<ImageFinding>,
    /// The extension the written file should have, without the dot.
    pub extension: &'static str,
}

impl Repaired {
    /// Whether the bytes differ from the original.
    pub fn changed(&self) -> bool {
        !self.steps.is_empty()
    }
}

/// Why a picture cannot be repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// Not given to a decoder (IMG01 or IMG07).
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Damaged (IMG01).
    #[error("the picture cannot be decoded")]
    Decode(#[from] DecodeError),
    /// Too small, and enlarging was not allowed.
    #[error("{width} x {height} pixels would have to be enlarged to {to}")]
    WouldEnlarge {
        /// Pixels a row, as seen.
        width: u32,
        /// Rows, as seen.
        height: u32,
        /// The shortest side that is needed.
        to: u32,
    },
    /// Even the smallest allowed size has more bytes than allowed.
    #[error("{bytes} bytes at the smallest allowed size, {max} allowed")]
    TooManyBytes {
        /// Bytes reached.
        bytes: u64,
        /// Bytes allowed.
        max: u64,
    },
    /// The result does not pass the platform's own check: a rule pack asks for something no repair does.
    #[error("the repaired picture still fails {0:?}")]
    StillFails(Vec<&'static str>),
    /// Resizing failed.
    #[error(transparent)]
    Resize(#[from] ResizeError),
    /// Writing the JPEG failed.
    #[error("the picture could not be written")]
    Encode(#[from] jpeg_encoder::EncodingError),
    /// [`repair_for_all`] was given no profile.
    #[error("no platform was named")]
    NoProfile,
}

impl RepairError {
    /// What is wrong with the original, where it is its fault.
    pub fn defect(&self) -> Option<Defect> {
        match self {
            Self::Refused(refused) => Some(refused.defect()),
            Self::Decode(error) => Some(error.defect()),
            _ => None,
        }
    }
}

/// Makes a picture that passes `profile`, from any JPEG, PNG, WebP, GIF, BMP or TIFF that decodes.
///
/// A picture without errors and warnings comes back as it is. A JPEG that only carries a GPS position loses
/// its metadata without being compressed anew. Everything else becomes an sRGB JPEG of quality 85 or better
/// without metadata: first the quality is lowered to fit the byte limit, only then the size.
///
/// # Errors
/// See [`RepairError`]. The original is never changed.
pub fn repair(bytes: &[u8], profile: &Profile, options: RepairOptions) -> Result<Repaired, RepairError> {
    let image = CheckedImage::new(bytes)?;
    let raster = image.decode(&mut Budget::default())?;
    let findings = check(image.probe(), profile);
    let at_limit =
        |f: &ImageFinding| f.id == "IMG03" && f.severity == Severity::Warning && !options.allow_enlarge;
    let urgent: Vec<&str> = findings
        .iter()
        .filter(|f| f.severity > Severity::Hint && !at_limit(f))
        .map(|f| f.id)
        .collect();
    if urgent.is_empty() {
        return finish(bytes.to_vec(), Vec::new(), profile);
    }
    if urgent == ["IMG08"]
        && let Some(bare) = strip::metadata(image.bytes(), image.probe())
    {
        return finish(bare, vec![step(StepCode::DroppedMetadata, [])], profile);
    }
    let mut steps = Vec::new();
    if image.probe().frames > 1 {
        steps.push(step(
            StepCode::FirstFrame,
            [("frames", image.probe().frames.to_string())],
        ));
    }
    let (rgb, used) = to_rgb(&raster);
    drop(raster);
    color_steps(image.probe(), used, &mut steps);
    let rgb = match image.probe().orientation {
        Some(orientation @ 2..=8) => {
            steps.push(step(StepCode::Turned, [("orientation", orientation.to_string())]));
            rgb.upright(orientation)
        }
        _ => rgb,
    };
    let rgb = geometry::fit(rgb, profile, options, &mut steps)?;
    if image.probe().gps || image.probe().icc {
        steps.push(step(StepCode::DroppedMetadata, []));
    }
    if !matches!(image.probe().format, Format::Jpeg | Format::Mpo) {
        let from = image.probe().format.code().to_owned();
        steps.push(step(
            StepCode::ConvertedFormat,
            [("from", from), ("to", Format::Jpeg.code().to_owned())],
        ));
    }
    let bytes = encode::within(rgb, bytes.len(), profile, &mut steps)?;
    finish(bytes, steps, profile)
}

/// Makes one picture that passes every one of `profiles`.
///
/// # Errors
/// As [`repair`], and [`RepairError::NoProfile`] for an empty list.
pub fn repair_for_all<'a>(
    bytes: &[u8],
    profiles: impl IntoIterator<Item = &'a Profile>,
    options: RepairOptions,
) -> Result<Repaired, RepairError> {
    let all = Profile::strictest(profiles).ok_or(RepairError::NoProfile)?;
    repair(bytes, &all, options)
}

/// Makes the master derivative: sRGB, square, 800 pixels or more, under 1 MB, white where transparent.
///
/// # Errors
/// As [`repair`].
pub fn master(bytes: &[u8], rules: &RulePack, options: RepairOptions) -> Result<Repaired, RepairError> {
    repair(bytes, rules.master(), options)
}

fn finish(bytes: Vec<u8>, steps: Vec<Step>, profile: &Profile) -> Result<Repaired, RepairError> {
    let mut found = probe(&bytes, None);
    // Either just decoded or just written.
    found.readable = Some(true);
    let findings = check(&found, profile);
    if !is_ok(&findings) {
        let ids = findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .map(|f| f.id)
            .collect();
        return Err(RepairError::StillFails(ids));
    }
    let extension = found.format.extension().unwrap_or("jpg");
    Ok(Repaired {
        bytes,
        probe: found,
        steps,
        findings,
        extension,
    })
}

fn color_steps(probe: &Probe, used: ProfileUse, steps: &mut Vec<Step>) {
    let plain = crate::probe::Color {
        alpha: false,
        ..probe.color
    };
    if !plain.is_plain_rgb() || used != ProfileUse::None {
        let profile = match used {
            ProfileUse::None => "none",
            ProfileUse::Applied => "applied",
            ProfileUse::Ignored => "ignored",
        };
        let params = [("from", probe.color.code()), ("profile", profile.to_owned())];
        steps.push(step(StepCode::ConvertedColor, params));
    }
    if probe.color.alpha {
        steps.push(step(StepCode::FlattenedAlpha, []));
    }
}

fn step<const N: usize>(code: StepCode, params: [(&'static str, String); N]) -> Step {
    let severity = if code == StepCode::Enlarged {
        Severity::Warning
    } else {
        Severity::Hint
    };
    Step {
        code,
        severity,
        params: params.into_iter().collect(),
    }
}

fn size_step(code: StepCode, from: &Rgb, to: &Rgb) -> Step {
    let size = |rgb: &Rgb| format!("{}x{}", rgb.width, rgb.height);
    step(code, [("from", size(from)), ("to", size(to))])
}
