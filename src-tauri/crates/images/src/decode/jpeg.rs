//! JPEG by zune-jpeg, used directly because CMYK must come out raw for its colour profile.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::checked::{Budget, CheckedImage};
use crate::decode::{DecodeError, Raster, Samples, same_size};
use crate::probe::{adobe_transform, scan_ends};

pub(super) fn decode(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    // The decoder fills what is missing with grey and does not say so.
    if !scan_ends(image.bytes()) {
        return Err(DecodeError::Truncated);
    }
    let probe = image.probe();
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(probe.width as usize)
        .set_max_height(probe.height as usize);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(image.bytes()), options);
    decoder.decode_headers().map_err(DecodeError::data)?;
    let size = decoder.dimensions().unwrap_or_default();
    same_size(
        image,
        (
            u32::try_from(size.0).unwrap_or(0),
            u32::try_from(size.1).unwrap_or(0),
        ),
    )?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    let (wanted, samples) = match stored {
        ColorSpace::Luma => (ColorSpace::Luma, Samples::Grey),
        ColorSpace::YCbCr | ColorSpace::RGB => (ColorSpace::RGB, Samples::Rgb),
        ColorSpace::CMYK | ColorSpace::YCCK => (stored, Samples::Cmyk),
        _ => return Err(DecodeError::Unsupported("JPEG colour channels")),
    };
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(wanted));
    // A progressive picture keeps all coefficients, two bytes each, beside the result.
    let channels = samples.channels() as u64;
    let working = if probe.progressive { channels * 2 } else { 0 };
    budget.grant(image.buffer_size(working))?;
    let mut data = vec![0; budget.grant(image.buffer_size(channels))?];
    decoder.decode_into(&mut data).map_err(DecodeError::data)?;
    if samples == Samples::Cmyk {
        to_ink(
            &mut data,
            stored == ColorSpace::YCCK,
            adobe_transform(image.bytes()).is_some(),
        );
    }
    Ok(Raster {
        width: probe.width,
        height: probe.height,
        samples,
        data,
        icc: decoder.icc_profile(),
    })
}

/// Turns stored CMYK or YCCK into amounts of ink. Adobe stores them inverted (Adobe technical note 5116);
/// libjpeg defines the YCCK transform as C = 255 - R.
fn to_ink(data: &mut [u8], ycck: bool, adobe: bool) {
    for pixel in data.as_chunks_mut::<4>().0 {
        if ycck {
            let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            pixel[0] = 255 - clamp(y + 1.402 * (cr - 128.0));
            pixel[1] = 255 - clamp(y - 0.344_136 * (cb - 128.0) - 0.714_136 * (cr - 128.0));
            pixel[2] = 255 - clamp(y + 1.772 * (cb - 128.0));
        }
        if adobe {
            *pixel = pixel.map(|ink| 255 - ink);
        }
    }
}

/// To the nearest value of a byte.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 first"
)]
fn clamp(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
