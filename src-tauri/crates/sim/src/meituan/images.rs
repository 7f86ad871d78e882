//! Picture upload (10).

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use serde_json::json;

use super::{Answer, Refusal, need, shop_code, state_mut};
use crate::wire::Call;
use crate::world::World;

const LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// Takes jpg, png and bmp up to 5 MB whose header can be read; answers with a picture id.
pub(super) fn upload(world: &mut World, call: &Call) -> Answer {
    shop_code(call)?;
    need(call, "img_name")?;
    let file = call
        .files
        .iter()
        .find(|file| file.name == "file" || file.name == "img_data")
        .ok_or_else(|| Refusal::missing("file"))?;
    readable(&file.bytes)?;
    let id = format!("IMG{}", world.fresh_id(7_000_000_000));
    state_mut(world, call).pictures.insert(id.clone());
    Ok(json!({"data": id}))
}

/// Whether the platform takes the bytes as a picture.
pub(crate) fn readable(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() > LIMIT_BYTES {
        return Err(Refusal::format("图片大小不能超过5M"));
    }
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Refusal::format("图片无法读取"))?;
    if !matches!(
        reader.format(),
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Bmp)
    ) {
        return Err(Refusal::format("图片格式仅支持jpg,jpeg,png,bmp"));
    }
    reader
        .into_dimensions()
        .map_err(|_| Refusal::format("图片无法读取"))?;
    Ok(())
}
