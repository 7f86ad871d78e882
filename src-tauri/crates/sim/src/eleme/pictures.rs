//! Pictures (5): uploaded once, then named by their hash.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageReader;
use md5::{Digest, Md5};
use serde_json::json;

use super::{Answer, Params, Refusal, need};
use crate::world::World;

/// Where the picture of a hash is shown.
pub(super) fn address(hash: &str) -> String {
    format!("https://img.example.com/eleme/{hash}.jpeg")
}

/// Any shape is taken; only square ones are shown later (F47).
pub(super) fn upload(world: &mut World, params: &Params) -> Answer {
    let unreadable = || Refusal::new("BIZ_IMAGE_INVALID", "图片无法识别");
    let bytes = STANDARD
        .decode(need(params, "image")?)
        .map_err(|_| unreadable())?;
    let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
    let sides = reader
        .map_err(|_| unreadable())?
        .into_dimensions()
        .map_err(|_| unreadable())?;
    let hash = crate::wire::hex(&Md5::digest(&bytes));
    world.eleme.pictures.insert(hash.clone(), sides.0 == sides.1);
    Ok(json!(hash))
}

/// The picture behind an address, taken as square: this world fetches nothing.
pub(super) fn upload_remote(world: &mut World, params: &Params) -> Answer {
    let url = need(params, "url")?;
    if !url.starts_with("http") {
        return Err(Refusal::invalid("url"));
    }
    let hash = crate::wire::hex(&Md5::digest(url.as_bytes()));
    world.eleme.pictures.insert(hash.clone(), true);
    Ok(json!(hash))
}

pub(super) fn url(world: &World, params: &Params) -> Answer {
    let hash = need(params, "hash")?;
    if world.eleme.pictures.contains_key(&hash) {
        Ok(json!(address(&hash)))
    } else {
        Err(Refusal::new("BIZ_IMAGE_NOT_FOUND", "图片hash不存在"))
    }
}
