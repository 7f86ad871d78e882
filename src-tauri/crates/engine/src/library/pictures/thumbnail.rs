//! Small previews for lists, made once and kept beside the pictures.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use images::CheckedImage;
use std::path::PathBuf;

/// Sides that are kept; others are rounded up to one of these, so that nobody fills the disk by asking.
const SIDES: [u32; 4] = [64, 128, 320, 1024];

impl Engine {
    /// A JPEG preview whose longer side is at least `side` (rounded up to 64, 128, 320 or 1024) where the picture is
    /// that large; from the shelf of previews when it is there.
    ///
    /// # Errors
    /// [`storage::error::StorageError::NotFound`] for what is no hash; [`EngineError::File`] when the picture is gone.
    pub fn thumbnail(&self, hash: &str, side: u32) -> Result<Vec<u8>> {
        let side = SIDES
            .into_iter()
            .find(|kept| *kept >= side)
            .unwrap_or(SIDES[SIDES.len() - 1]);
        let original = storage::picture::path(self.folder(), hash)?;
        let kept = self
            .folder()
            .join("thumbnails")
            .join(side.to_string())
            .join(&hash[..2])
            .join(hash);
        if let Ok(bytes) = std::fs::read(&kept) {
            return Ok(bytes);
        }
        let gone = |source| EngineError::File {
            path: hash.to_owned(),
            source,
        };
        let bytes = std::fs::read(original).map_err(gone)?;
        let image = CheckedImage::new(&bytes).map_err(|error| EngineError::Picture(error.to_string()))?;
        let small =
            images::thumbnail(&image, side).map_err(|error| EngineError::Picture(error.to_string()))?;
        keep(&kept, &small);
        Ok(small)
    }

    /// The bytes of a stored picture and its MIME type.
    pub fn picture(&self, hash: &str) -> Result<(Vec<u8>, &'static str)> {
        let bytes = storage::picture::read_file(self.folder(), hash)?;
        let mime = match images::probe(&bytes, None).format {
            images::Format::Png => "image/png",
            images::Format::Webp => "image/webp",
            images::Format::Gif => "image/gif",
            images::Format::Bmp => "image/bmp",
            images::Format::Jpeg | images::Format::Mpo => "image/jpeg",
            _ => "application/octet-stream",
        };
        Ok((bytes, mime))
    }
}

/// A preview that cannot be kept is made again next time.
fn keep(path: &PathBuf, bytes: &[u8]) {
    let draft =
        path.with_extension(format!("{:?}.part", std::thread::current().id()).replace(['(', ')'], ""));
    let kept = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(&draft, bytes))
        .and_then(|()| std::fs::rename(&draft, path));
    if let Err(error) = kept {
        tracing::debug!(%error, "a preview could not be kept");
    }
}
