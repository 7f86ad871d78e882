//! From a checked picture to samples of eight bits, one file per decoder.

mod jpeg;
mod png;
mod through_image;
mod tiff;

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::checked::{Budget, CheckedImage};
use crate::format::Format;
use crate::probe::Defect;

/// Why a picture did not decode.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// A decoder asked for more than the budget allows.
    #[error("decoding needs {wanted} bytes, allowed are {limit}")]
    Memory {
        /// Bytes asked for.
        wanted: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The picture ends too early.
    #[error("the picture is cut off")]
    Truncated,
    /// The decoder reads another size than the checked head says.
    #[error("the head says {checked:?} pixels, the data {decoded:?}")]
    OtherSize {
        /// Width and height that were checked.
        checked: (u32, u32),
        /// Width and height the decoder found.
        decoded: (u32, u32),
    },
    /// Stored in a way no decoder here knows.
    #[error("stored in an unknown way: {0}")]
    Unsupported(&'static str),
    /// Damaged data.
    #[error("the picture data is damaged")]
    Data(#[source] Box<dyn Error + Send + Sync>),
    /// A decoder gave up on a contradiction inside the file.
    #[error("the decoder gave up on this picture")]
    GaveUp,
}

impl DecodeError {
    /// What a finding says about it.
    pub fn defect(&self) -> Defect {
        match self {
            Self::Memory { .. } => Defect::TooLarge,
            Self::Truncated => Defect::Truncated,
            Self::OtherSize { .. } | Self::Unsupported(_) | Self::Data(_) | Self::GaveUp => Defect::Data,
        }
    }

    fn data(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Data(Box::new(error))
    }
}

/// What the eight-bit samples of a [`Raster`] mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Amounts of ink, 0 = none.
    Cmyk,
}

impl Samples {
    pub(crate) fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// A decoded picture, as stored: no turn, no colour conversion.
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) samples: Samples,
    pub(crate) data: Vec<u8>,
    /// The embedded colour profile, unparsed.
    pub(crate) icc: Option<Vec<u8>>,
}

/// Decodes the first picture. Decoders of other people may stumble over contradictions in a hostile file;
/// what they throw ends here.
pub(crate) fn decode(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    budget.start();
    let raster = catch_unwind(AssertUnwindSafe(|| match image.probe().format {
        Format::Jpeg | Format::Mpo => jpeg::decode(image, budget),
        Format::Png => png::decode(image, budget),
        Format::Webp => through_image::webp(image, budget),
        Format::Gif => through_image::gif(image, budget),
        Format::Bmp => through_image::bmp(image, budget),
        Format::Tiff => through_image::tiff(image, budget).or_else(|error| {
            if matches!(error, DecodeError::Memory { .. }) {
                Err(error)
            } else {
                tiff::decode(image, budget)
            }
        }),
        _ => Err(DecodeError::Unsupported("not a kind that is decoded")),
    }))
    .unwrap_or(Err(DecodeError::GaveUp))?;
    let wanted = (raster.width as usize) * (raster.height as usize) * raster.samples.channels();
    if raster.data.len() == wanted {
        Ok(raster)
    } else {
        Err(DecodeError::Truncated)
    }
}

/// Refuses a decoder that reads another size than was checked.
fn same_size(image: &CheckedImage<'_>, decoded: (u32, u32)) -> Result<(), DecodeError> {
    let checked = (image.probe().width, image.probe().height);
    if checked == decoded {
        Ok(())
    } else {
        Err(DecodeError::OtherSize { checked, decoded })
    }
}
