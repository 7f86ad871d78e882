//! WebP, GIF, BMP and common TIFF through the image crate.

use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::{ColorType, ImageDecoder, Limits};

use crate::checked::{Budget, CheckedImage};
use crate::decode::{DecodeError, Raster, Samples, same_size};

pub(super) fn webp(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    read(
        image,
        budget,
        WebPDecoder::new(Cursor::new(image.bytes())).map_err(told)?,
    )
}

pub(super) fn gif(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    read(
        image,
        budget,
        GifDecoder::new(Cursor::new(image.bytes())).map_err(told)?,
    )
}

pub(super) fn bmp(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    read(
        image,
        budget,
        BmpDecoder::new(Cursor::new(image.bytes())).map_err(told)?,
    )
}

pub(super) fn tiff(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    read(
        image,
        budget,
        TiffDecoder::new(Cursor::new(image.bytes())).map_err(told)?,
    )
}

fn read(
    image: &CheckedImage<'_>,
    budget: &mut Budget,
    mut decoder: impl ImageDecoder,
) -> Result<Raster, DecodeError> {
    same_size(image, decoder.dimensions())?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(image.probe().width);
    limits.max_image_height = Some(image.probe().height);
    limits.max_alloc = Some(budget.limit());
    decoder.set_limits(limits).map_err(told)?;
    let color = decoder.color_type();
    let icc = decoder.icc_profile().unwrap_or_default();
    let mut data = vec![0; budget.grant(Some(decoder.total_bytes()))?];
    decoder.read_image(&mut data).map_err(told)?;
    let (samples, data) = eight_bits(color, data)?;
    Ok(Raster {
        width: image.probe().width,
        height: image.probe().height,
        samples,
        data,
        icc,
    })
}

fn eight_bits(color: ColorType, data: Vec<u8>) -> Result<(Samples, Vec<u8>), DecodeError> {
    Ok(match color {
        ColorType::L8 => (Samples::Grey, data),
        ColorType::La8 => (Samples::GreyAlpha, data),
        ColorType::Rgb8 => (Samples::Rgb, data),
        ColorType::Rgba8 => (Samples::Rgba, data),
        ColorType::L16 => (Samples::Grey, high_bytes(&data)),
        ColorType::La16 => (Samples::GreyAlpha, high_bytes(&data)),
        ColorType::Rgb16 => (Samples::Rgb, high_bytes(&data)),
        ColorType::Rgba16 => (Samples::Rgba, high_bytes(&data)),
        _ => return Err(DecodeError::Unsupported("floating point samples")),
    })
}

/// From sixteen bits (in this machine's order) to eight.
fn high_bytes(data: &[u8]) -> Vec<u8> {
    data.as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_ne_bytes(*pair).to_be_bytes()[0])
        .collect()
}

fn told(error: ImageError) -> DecodeError {
    match error {
        ImageError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => DecodeError::Truncated,
        ImageError::Limits(_) => DecodeError::Memory {
            wanted: u64::MAX,
            limit: crate::MAX_DECODE_BYTES,
        },
        other => DecodeError::data(other),
    }
}
