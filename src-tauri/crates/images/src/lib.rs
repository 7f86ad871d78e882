//! Product pictures: what one is ([`probe`]), what a platform will say about it ([`check`]), and how to make
//! one it takes ([`repair`]).
//!
//! The crate knows nothing of products, stores, files on disk (but for [`probe_file`]), the network or the
//! words a person reads: findings and steps are ids with parameters. Platforms are rows of a rule pack, not
//! code.
//!
//! Read first: [`Probe`], [`Profile`], [`CheckedImage`]. The last is the only thing a decoder accepts; making
//! one enforces the limits of IMG07 before a byte is allocated for pixels.

mod check;
mod checked;
mod decode;
mod finding;
mod format;
mod hash;
mod probe;
mod profile;
mod repair;
mod rgb;
mod source;
mod thumbnail;

pub use check::{check, is_ok};
pub use checked::{
    Budget, CheckedImage, MAX_DECODE_BYTES, MAX_PIXELS, MAX_RATIO, MAX_SIDE, Oversize, Refused, oversize,
};
pub use decode::DecodeError;
pub use finding::{ImageFinding, Params, Severity};
pub use format::Format;
pub use hash::content_hash;
pub use probe::{Color, Defect, Model, Probe, probe, probe_deep, probe_deep_within, probe_file};
pub use profile::{MinSide, Profile, RuleError, RulePack};
pub use repair::{
    RepairError, RepairOptions, Repaired, Squaring, Step, StepCode, master, repair, repair_for_all,
};
pub use rgb::ResizeError;
pub use thumbnail::{MAX_THUMBNAIL, thumbnail};
