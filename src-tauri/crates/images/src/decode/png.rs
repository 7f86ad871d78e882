//! PNG by the png crate, used directly for its memory limit and because a wrong check sum alone is no reason
//! to refuse a picture every browser shows.

use std::io::{Cursor, ErrorKind};

use png::{BitDepth, ColorType, DecodeOptions, Decoder, DecodingError, Limits, Transformations};

use crate::checked::{Budget, CheckedImage};
use crate::decode::{DecodeError, Raster, Samples, same_size};

pub(super) fn decode(image: &CheckedImage<'_>, budget: &mut Budget) -> Result<Raster, DecodeError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(true);
    options.set_ignore_text_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(image.bytes()), options);
    decoder.set_limits(Limits {
        bytes: usize::try_from(budget.limit()).unwrap_or(usize::MAX),
    });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(told)?;
    same_size(image, (reader.info().width, reader.info().height))?;
    let samples = match reader.output_color_type() {
        (ColorType::Grayscale, BitDepth::Eight) => Samples::Grey,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => Samples::GreyAlpha,
        (ColorType::Rgb, BitDepth::Eight) => Samples::Rgb,
        (ColorType::Rgba, BitDepth::Eight) => Samples::Rgba,
        _ => return Err(DecodeError::Unsupported("PNG colour type")),
    };
    let size = image.buffer_size(samples.channels() as u64);
    if reader.output_buffer_size().map(|n| n as u64) != size {
        return Err(DecodeError::Unsupported("PNG frame of another size"));
    }
    let mut data = vec![0; budget.grant(size)?];
    if reader.info().interlaced {
        reader.next_frame(&mut data).map_err(told)?;
    } else {
        // Row by row, so that a picture whose last row is there is not lost for a missing end.
        for target in data.chunks_exact_mut(row_len(image, samples)) {
            let row = reader.next_row().map_err(told)?.ok_or(DecodeError::Truncated)?;
            if row.data().len() != target.len() {
                return Err(DecodeError::Truncated);
            }
            target.copy_from_slice(row.data());
        }
    }
    let icc = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    Ok(Raster {
        width: image.probe().width,
        height: image.probe().height,
        samples,
        data,
        icc,
    })
}

fn row_len(image: &CheckedImage<'_>, samples: Samples) -> usize {
    image.probe().width as usize * samples.channels()
}

fn told(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => DecodeError::Truncated,
        DecodingError::LimitsExceeded => DecodeError::Memory {
            wanted: u64::MAX,
            limit: crate::MAX_DECODE_BYTES,
        },
        other => DecodeError::data(other),
    }
}
