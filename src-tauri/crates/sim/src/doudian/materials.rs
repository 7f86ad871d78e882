//! The material centre (7): bytes, then a material, then its address once it has passed the review.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader};
use serde_json::{Value, json};

use super::{Answer, Body, Refusal, need};
use crate::wire::text_of;
use crate::world::{DoudianPicture, World};

/// The larger of the two ceilings that documents name; product.addV2 asks for less.
const LIMIT_BYTES: usize = 5 * 1024 * 1024;
const NAME: usize = 50;

/// Takes bytes and gives their uri. How bytes are written in JSON is not documented: base64 is read here.
pub(super) fn binary(world: &mut World, body: &Body) -> Answer {
    let bytes = STANDARD
        .decode(need(body, "file_content")?)
        .map_err(|_| Refusal::wrong("file_content不是base64"))?;
    let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
    let reader = reader.map_err(|_| Refusal::wrong("图片无法读取"))?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(Refusal::wrong("图片格式仅支持png,jpg,jpeg"));
    }
    let (width, height) = reader
        .into_dimensions()
        .map_err(|_| Refusal::wrong("图片无法读取"))?;
    let uri = format!("tos-cn-i-sim/{}", world.fresh_id(8_000_000_000));
    let picture = DoudianPicture {
        width,
        height,
        bytes: bytes.len(),
        asks_left: world.doudian.material_asks,
    };
    world.doudian.files.insert(uri.clone(), picture);
    Ok(json!({"store_uri": uri}))
}

/// Makes a material of uploaded bytes, or of a public address, whose picture is taken to be good.
pub(super) fn upload(world: &mut World, body: &Body) -> Answer {
    if need(body, "material_name")?.chars().count() > NAME {
        return Err(Refusal::wrong("图片名称不得超过50个字符"));
    }
    need(body, "folder_id")?;
    let url = body.get("url").and_then(text_of).filter(|url| !url.is_empty());
    let picture = match url {
        Some(url) if url.starts_with("http") => DoudianPicture {
            width: 800,
            height: 800,
            bytes: 100_000,
            asks_left: world.doudian.material_asks,
        },
        Some(_) => return Err(Refusal::wrong("图片url必须公网可访问")),
        None => {
            let uri = need(body, "file_uri")?;
            let held = world.doudian.files.get(&uri);
            held.cloned().ok_or_else(|| Refusal::wrong("file_uri不存在"))?
        }
    };
    if picture.bytes > LIMIT_BYTES {
        return Err(Refusal::wrong("图片大小不能超过5M"));
    }
    let id = world.fresh_id(7_000_000_000_000_000_000);
    world.doudian.materials.insert(id.clone(), picture);
    Ok(json!({"material_id": id, "folder_id": "0", "is_new": true, "audit_status": 1, "byte_url": ""}))
}

/// The state of a material. It passes after it was asked for a few times.
pub(super) fn query(world: &mut World, body: &Body) -> Answer {
    let id = need(body, "material_id")?;
    let picture = world.doudian.materials.get_mut(&id);
    let picture = picture.ok_or_else(|| Refusal::wrong("素材不存在"))?;
    let passed = picture.asks_left == 0;
    picture.asks_left = picture.asks_left.saturating_sub(1);
    let address = if passed { address(&id) } else { String::new() };
    Ok(json!({"material_info": {
        "material_id": id, "folder_id": "0", "audit_status": if passed { 3 } else { 2 }, "byte_url": address,
    }}))
}

fn address(id: &str) -> String {
    format!("https://p3-aio.ecombdimg.example.com/obj/{id}")
}

/// The pictures of a product (6): one to five of the centre, square, at least 600 by 600 and at most 1 MB; those that
/// the product shows already stay good.
pub(super) fn checked(world: &World, pic: &str, held: &[String]) -> Result<Vec<String>, Refusal> {
    let addresses: Vec<String> = pic.split('|').map(str::to_owned).collect();
    if addresses.len() > 5 {
        return Err(Refusal::wrong("商品主图最多5张"));
    }
    for url in addresses.iter().filter(|url| !held.contains(url)) {
        let mut known = world.doudian.materials.iter();
        let Some((_, picture)) = known.find(|(id, _)| address(id) == *url) else {
            return Err(Refusal::new(
                40_004,
                "isv.parameter-invalid:99",
                "图片上传失败，请先上传到素材中心",
            ));
        };
        if picture.width != picture.height || picture.width < 600 {
            return Err(Refusal::wrong("商品主图宽高比须为1:1，且至少600*600"));
        }
        if picture.bytes > 1024 * 1024 {
            return Err(Refusal::wrong("商品主图大小不能超过1M"));
        }
    }
    Ok(addresses)
}

/// Addresses as a list.
pub(super) fn listed(pictures: &[crate::world::Picture]) -> Value {
    pictures.iter().map(|picture| json!(picture.url)).collect()
}
