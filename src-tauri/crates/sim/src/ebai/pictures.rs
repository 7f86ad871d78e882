//! Picture upload (5): by address, or base64 `data`; the address wins.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader};
use serde_json::json;

use super::{Answer, Body, Refusal, field, need};
use crate::world::World;

pub(super) fn upload(world: &mut World, body: &Body) -> Answer {
    if let Some(url) = field(body, "url") {
        if !url.starts_with("http") {
            return Err(Refusal::new(1, "图片地址错误"));
        }
    } else {
        let bytes = STANDARD
            .decode(need(body, "data")?)
            .map_err(|_| Refusal::new(1, "图片数据不是base64"))?;
        let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
        let reader = reader.map_err(|_| Refusal::new(1, "图片无法读取"))?;
        if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
            return Err(Refusal::new(1, "图片格式仅支持jpg,png"));
        }
        reader
            .into_dimensions()
            .map_err(|_| Refusal::new(1, "图片无法读取"))?;
    }
    let url = format!(
        "https://img.example.com/ebai/{}.jpg",
        world.fresh_id(8_000_000_000)
    );
    world.ebai.pictures.insert(url.clone());
    Ok(json!({"url": url}))
}
