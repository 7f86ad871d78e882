//! What a picture is, from its head alone.

mod bmp;
mod gif;
mod ifd;
mod isobmff;
mod jpeg;
mod other;
mod png;
mod tiff;
mod webp;

use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::checked::{Budget, CheckedImage, Refused};
use crate::format::{Format, SNIFF, sniff};
use crate::source::Head;
pub(crate) use ifd::Tiff;
pub(crate) use jpeg::{adobe_transform, scan_ends};

/// The family of colours a picture is stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// Red, green, blue (in JPEG also as luma and chroma, which every reader turns into RGB).
    Rgb,
    /// One channel of grey.
    Grey,
    /// Indexes into a table of colours.
    Palette,
    /// One bit a pixel, black or white.
    Bilevel,
    /// Printing inks.
    Cmyk,
    /// Printing inks stored as luma, chroma and black (Adobe JPEG).
    Ycck,
    /// CIE Lab.
    Lab,
    /// Luma and chroma kept apart, as TIFF may store it.
    Ycbcr,
    /// Not told by the head.
    Unknown,
}

/// How the colours of a picture are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Color {
    /// The family.
    pub model: Model,
    /// Whether any transparency is declared: an alpha channel, a transparent index or a transparent colour.
    pub alpha: bool,
    /// Bits a channel, or bits an index for a palette; 0 when not known.
    pub depth: u8,
}

impl Color {
    pub(crate) const UNKNOWN: Self = Self {
        model: Model::Unknown,
        alpha: false,
        depth: 0,
    };

    pub(crate) fn new(model: Model, alpha: bool, depth: u8) -> Self {
        Self { model, alpha, depth }
    }

    /// Whether it is what every platform takes: three channels of eight bits and nothing else.
    pub fn is_plain_rgb(self) -> bool {
        self.model == Model::Rgb && !self.alpha && self.depth == 8
    }

    /// The stable code for JSON and messages: `rgb`, `rgba`, `grey`, `grey-alpha`, `palette`,
    /// `palette-alpha`, `1-bit`, `cmyk`, `ycck`, `lab`, `ycbcr`, `unknown`; with `16` behind it when a
    /// channel has more than eight bits (`rgb16`, `grey16`, …).
    pub fn code(self) -> String {
        let base = match (self.model, self.alpha) {
            (Model::Rgb, false) => "rgb",
            (Model::Rgb, true) => "rgba",
            (Model::Grey, false) => "grey",
            (Model::Grey, true) => "grey-alpha",
            (Model::Palette, false) => "palette",
            (Model::Palette, true) => "palette-alpha",
            (Model::Bilevel, false) => "1-bit",
            (Model::Bilevel, true) => "1-bit-alpha",
            (Model::Cmyk, _) => "cmyk",
            (Model::Ycck, _) => "ycck",
            (Model::Lab, _) => "lab",
            (Model::Ycbcr, _) => "ycbcr",
            (Model::Unknown, _) => "unknown",
        };
        if self.depth > 8 {
            format!("{base}16")
        } else {
            base.to_owned()
        }
    }
}

/// Why a picture cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// No bytes at all.
    Empty,
    /// Not a picture: a web page, text, or nothing known.
    NotAPicture,
    /// A picture of a kind this program does not decode (HEIC, AVIF, PSD, SVG …).
    NotDecoded,
    /// The head is damaged or cut off: no usable size.
    Header,
    /// The picture ends before all of it is there.
    Truncated,
    /// The data is damaged, or stored in a way no decoder here knows.
    Data,
    /// It was refused before decoding because of its size (finding IMG07); nobody looked inside.
    TooLarge,
}

impl Defect {
    /// The stable code, as used in finding parameters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAPicture => "not_a_picture",
            Self::NotDecoded => "not_decoded",
            Self::Header => "header",
            Self::Truncated => "truncated",
            Self::Data => "data",
            Self::TooLarge => "too_large",
        }
    }
}

/// What a picture is. Made by [`probe`] and [`probe_file`] from the head, completed by [`probe_deep`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The real kind, whatever the name says.
    pub format: Format,
    /// Pixels a row as stored, before any EXIF turn; 0 when not known.
    pub width: u32,
    /// Rows as stored, before any EXIF turn; 0 when not known.
    pub height: u32,
    /// How the colours are stored.
    pub color: Color,
    /// Bytes of the file.
    pub bytes: u64,
    /// Pictures or animation frames in the file; 1 for an ordinary picture, 0 when there is none.
    pub frames: u32,
    /// The EXIF turn, 1 to 8; `None` when the file does not say.
    pub orientation: Option<u8>,
    /// Whether a GPS position is carried.
    pub gps: bool,
    /// Whether a colour profile is embedded.
    pub icc: bool,
    /// Progressive JPEG, interlaced PNG or GIF.
    pub progressive: bool,
    /// Whether the name's extension fits the content; `None` when no name was given.
    pub ext_matches: Option<bool>,
    /// Whether the first picture decodes completely; `None` until [`probe_deep`] has tried.
    pub readable: Option<bool>,
    /// What is wrong, as far as known.
    pub defect: Option<Defect>,
}

impl Probe {
    fn of(format: Format, bytes: u64, name: Option<&str>) -> Self {
        Self {
            format,
            width: 0,
            height: 0,
            color: Color::UNKNOWN,
            bytes,
            frames: u32::from(format.is_picture()),
            orientation: None,
            gps: false,
            icc: false,
            progressive: false,
            ext_matches: name.map(|name| format.fits_name(name)),
            readable: None,
            defect: None,
        }
    }

    /// Width and height as a person sees them, after the EXIF turn.
    pub fn oriented_size(&self) -> (u32, u32) {
        // For HEIF the size is already the seen one.
        let turned = self.orientation.is_some_and(|o| o >= 5) && self.format != Format::Heif;
        if turned {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        }
    }

    fn size(&mut self, width: u32, height: u32) {
        (self.width, self.height) = (width, height);
    }

    fn exif(&mut self, exif: ifd::Exif) {
        self.orientation = self.orientation.or(exif.orientation);
        self.gps |= exif.gps;
    }
}

/// Looks at a picture in memory without decoding any pixel.
///
/// `name` is the file name, only used for [`Probe::ext_matches`]. Never fails: what cannot be read is a
/// [`Defect`] of the result. The work is bounded by the file's own structure (at most one walk over its
/// chunks) and allocates a few kilobytes.
pub fn probe(bytes: &[u8], name: Option<&str>) -> Probe {
    probe_head(&mut Head::slice(bytes), name)
}

/// Looks at a picture file, reading its head only: four kilobytes and, for JPEG, TIFF and WebP, short jumps
/// along its segments.
///
/// The same as [`probe`], except that metadata behind the pixels of a PNG (EXIF after `IDAT`) is not looked
/// for. GIF frames have no table, so a GIF is read whole, up to 32 MB.
///
/// # Errors
/// Anything the file system says, a folder or other non-file included.
pub fn probe_file(path: &Path) -> std::io::Result<Probe> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    let name = path.file_name().map(|n| n.to_string_lossy());
    let mut head = Head::file(&mut file, meta.len())?;
    let found = probe_head(&mut head, name.as_deref());
    match head.take_error() {
        Some(error) => Err(error),
        None => Ok(found),
    }
}

/// Looks at a picture in memory and decodes its first frame under the limits of [`CheckedImage`], so that
/// [`Probe::readable`] is known.
pub fn probe_deep(bytes: &[u8], name: Option<&str>) -> Probe {
    probe_deep_within(bytes, name, &mut Budget::default())
}

/// The same within a given memory budget, which afterwards tells what was granted to decoders.
pub fn probe_deep_within(bytes: &[u8], name: Option<&str>, budget: &mut Budget) -> Probe {
    let mut found = probe(bytes, name);
    let outcome = CheckedImage::from_probe(bytes, found.clone())
        .map_err(Refused::defect)
        .and_then(|image| image.decode(budget).map(drop).map_err(|error| error.defect()));
    found.readable = Some(outcome.is_ok());
    found.defect = outcome.err();
    found
}

fn probe_head(head: &mut Head<'_>, name: Option<&str>) -> Probe {
    let format = sniff(head.upto(0, SNIFF));
    let mut found = Probe::of(format, head.len(), name);
    let known = match format {
        Format::Jpeg | Format::Mpo => jpeg::read(head, &mut found),
        Format::Png => png::read(head, &mut found),
        Format::Webp => webp::read(head, &mut found),
        Format::Gif => gif::read(head, &mut found),
        Format::Bmp => bmp::read(head, &mut found),
        Format::Tiff => tiff::read(head, &mut found),
        Format::Heif | Format::Avif => isobmff::read(head, &mut found),
        Format::Jpeg2000 => isobmff::read_jp2(head, &mut found),
        Format::Psd => other::read_psd(head, &mut found),
        Format::Ico => other::read_ico(head, &mut found),
        Format::Svg | Format::Jxl | Format::Html | Format::Empty | Format::Unknown => Some(()),
    };
    found.defect = match format {
        Format::Empty => Some(Defect::Empty),
        Format::Html | Format::Unknown => Some(Defect::NotAPicture),
        _ if !format.decodable() => Some(Defect::NotDecoded),
        _ if known.is_none() || found.width == 0 || found.height == 0 => Some(Defect::Header),
        _ => None,
    };
    // Only the kind found further inside (MPO) can change what the name should be.
    found.ext_matches = name.map(|name| found.format.fits_name(name));
    found
}
