//! The gate in front of every decoder.

use crate::decode::{self, DecodeError, Raster};
use crate::format::Format;
use crate::probe::{Defect, Probe, probe};

/// Most pixels a picture may have to be decoded (64 megapixels).
pub const MAX_PIXELS: u64 = 64_000_000;
/// Longest side, in pixels, of a picture that is decoded.
pub const MAX_SIDE: u32 = 16_000;
/// Most times the longer side may exceed the shorter.
pub const MAX_RATIO: u32 = 20;
/// Bytes one decoder may ask for in all: the largest picture with four channels of sixteen bits.
pub const MAX_DECODE_BYTES: u64 = MAX_PIXELS * 8;

/// Which limit of IMG07 a picture exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oversize {
    /// More than [`MAX_PIXELS`].
    Pixels,
    /// A side over [`MAX_SIDE`].
    Side,
    /// Longer than [`MAX_RATIO`] times its width, or the other way round.
    Ratio,
}

impl Oversize {
    /// The stable code, as used in finding parameters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pixels => "pixels",
            Self::Side => "side",
            Self::Ratio => "ratio",
        }
    }

    /// The limit itself.
    pub fn max(self) -> u64 {
        match self {
            Self::Pixels => MAX_PIXELS,
            Self::Side => MAX_SIDE.into(),
            Self::Ratio => MAX_RATIO.into(),
        }
    }
}

/// The first limit a size exceeds; `None` when it may be decoded.
pub fn oversize(width: u32, height: u32) -> Option<Oversize> {
    let pixels = u64::from(width).checked_mul(u64::from(height));
    let (short, long) = (width.min(height), width.max(height));
    if pixels.is_none_or(|pixels| pixels > MAX_PIXELS) {
        Some(Oversize::Pixels)
    } else if long > MAX_SIDE {
        Some(Oversize::Side)
    } else if short.checked_mul(MAX_RATIO).is_some_and(|most| long > most) {
        Some(Oversize::Ratio)
    } else {
        None
    }
}

/// Why a picture is not given to a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It would take too much memory or time (IMG07).
    #[error("{width} x {height} pixels exceed the limit for {}", .limit.code())]
    TooLarge {
        /// Which limit.
        limit: Oversize,
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// There is nothing a decoder here could read (IMG01).
    #[error("a file of kind {} cannot be decoded: {}", .format.code(), .defect.code())]
    Unreadable {
        /// The real kind.
        format: Format,
        /// What is wrong.
        defect: Defect,
    },
}

impl Refused {
    pub(crate) fn defect(self) -> Defect {
        match self {
            Self::TooLarge { .. } => Defect::TooLarge,
            Self::Unreadable { defect, .. } => defect,
        }
    }
}

/// How much memory decoders may be given, and how much they were.
#[derive(Clone, Debug)]
pub struct Budget {
    limit: u64,
    granted: u64,
    decoders: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MAX_DECODE_BYTES)
    }
}

impl Budget {
    /// A budget of `limit` bytes for each decoder.
    pub fn new(limit: u64) -> Self {
        Self {
            limit,
            granted: 0,
            decoders: 0,
        }
    }

    /// Bytes granted so far, over all decoders.
    pub fn granted(&self) -> u64 {
        self.granted
    }

    /// Decoders started so far.
    pub fn decoders(&self) -> u32 {
        self.decoders
    }

    /// Bytes one decoder may use.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn start(&mut self) {
        self.decoders += 1;
    }

    /// Asks for the bytes of one buffer before it is made.
    pub(crate) fn grant(&mut self, bytes: Option<u64>) -> Result<usize, DecodeError> {
        let refused = DecodeError::Memory {
            wanted: bytes.unwrap_or(u64::MAX),
            limit: self.limit,
        };
        match bytes
            .filter(|bytes| *bytes <= self.limit)
            .map(|bytes| (bytes, usize::try_from(bytes)))
        {
            Some((bytes, Ok(size))) => {
                self.granted = self.granted.saturating_add(bytes);
                Ok(size)
            }
            _ => Err(refused),
        }
    }
}

/// A picture whose head was read and whose size is within limits: the only thing a decoder accepts.
#[derive(Clone, Debug)]
pub struct CheckedImage<'a> {
    bytes: &'a [u8],
    probe: Probe,
}

impl<'a> CheckedImage<'a> {
    /// Checks a picture in memory.
    ///
    /// # Errors
    /// [`Refused`] when it is no picture, of a kind not decoded here, or beyond the limits of IMG07. Nothing
    /// has been allocated for its pixels then.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Refused> {
        Self::from_probe(bytes, probe(bytes, None))
    }

    pub(crate) fn from_probe(bytes: &'a [u8], probe: Probe) -> Result<Self, Refused> {
        if let Some(limit) = oversize(probe.width, probe.height) {
            return Err(Refused::TooLarge {
                limit,
                width: probe.width,
                height: probe.height,
            });
        }
        match probe.defect {
            Some(defect) => Err(Refused::Unreadable {
                format: probe.format,
                defect,
            }),
            None => Ok(Self { bytes, probe }),
        }
    }

    /// What the head says.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Pixels times `channels`, checked.
    pub(crate) fn buffer_size(&self, channels: u64) -> Option<u64> {
        u64::from(self.probe.width)
            .checked_mul(self.probe.height.into())?
            .checked_mul(channels)
    }

    /// Decodes the first picture, as stored.
    pub(crate) fn decode(&self, budget: &mut Budget) -> Result<Raster, DecodeError> {
        decode::decode(self, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_inclusive() {
        assert_eq!(oversize(8000, 8000), None);
        assert_eq!(oversize(8000, 8001), Some(Oversize::Pixels));
        assert_eq!(oversize(16_000, 4000), None);
        assert_eq!(oversize(16_001, 3000), Some(Oversize::Side));
        assert_eq!(oversize(400, 20), None);
        assert_eq!(oversize(401, 20), Some(Oversize::Ratio));
        assert_eq!(oversize(20, 401), Some(Oversize::Ratio));
        assert_eq!(oversize(u32::MAX, u32::MAX), Some(Oversize::Pixels));
    }

    #[test]
    fn a_budget_refuses_before_it_grants() {
        let mut budget = Budget::new(100);
        assert_eq!(budget.grant(Some(100)).unwrap(), 100);
        assert!(budget.grant(Some(101)).is_err());
        assert!(budget.grant(None).is_err());
        assert_eq!(budget.granted(), 100);
    }
}
