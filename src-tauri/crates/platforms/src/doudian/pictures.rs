//! Pictures go into the shop's material centre first (fact sheet 7); products take addresses of that centre only.

use super::client::{Client, parsed};
use super::wire::{Material, Uploaded};
use base64::Engine as _;
use connect::error::{Effect, RemoteError};
use serde_json::json;

/// How often the review of a picture is asked for, once a second. The platform says that 99 % take under four seconds.
const ASKS: usize = 8;
/// Longest name of a picture there, in characters.
const NAME: usize = 50;

/// Uploads a picture and waits for its review; gives its address there.
pub(super) async fn upload(client: &Client<'_>, name: &str, jpeg: &[u8]) -> Result<String, RemoteError> {
    // That the bytes travel inside the parameters is the platform's own client's reading; how they are written there is
    // not documented.
    let content = match client.session.setting("picture_encoding", "base64") {
        "latin1" => jpeg.iter().map(|byte| char::from(*byte)).collect(),
        _ => base64::engine::general_purpose::STANDARD.encode(jpeg),
    };
    let data = client
        .change("open.binaryupload", json!({"file_content": content}))
        .await?;
    let uploaded: Uploaded = parsed(data)?;
    if uploaded.store_uri.is_empty() {
        return Err(missing("open.binaryupload without store_uri"));
    }
    let name: String = name.chars().take(NAME).collect();
    let params = json!({
        "folder_id": "0", "file_uri": uploaded.store_uri.0, "material_name": name, "need_distinct": true,
    });
    let made: Material = parsed(client.change("material.uploadImageSync", params).await?)?;
    let material = made.material_id.0.clone();
    if material.is_empty() {
        return Err(missing("material.uploadImageSync without material_id"));
    }
    if let Some(address) = passed(&made)? {
        return Ok(address);
    }
    for _ in 0..ASKS {
        let answer: Material = client
            .poll("material.queryMaterialDetail", json!({"material_id": material}))
            .await?;
        let held = answer.material_info.map_or_else(Material::default, |info| *info);
        if let Some(address) = passed(&held)? {
            return Ok(address);
        }
    }
    // The same picture uploaded again gives the same material, so that nothing is lost by trying later.
    Err(RemoteError::Busy {
        text: "图片还在平台审核，稍后自动重试".to_owned(),
        effect: Effect::None,
    })
}

/// The address once the picture has passed.
fn passed(material: &Material) -> Result<Option<String>, RemoteError> {
    match material.audit_status.0 {
        Some(3) => Ok(material.byte_url.filled().map(str::to_owned)),
        Some(4) => Err(RemoteError::Rejected {
            code: String::new(),
            text: "图片未通过平台审核".to_owned(),
        }),
        _ => Ok(None),
    }
}

fn missing(what: &str) -> RemoteError {
    RemoteError::Malformed { raw: what.to_owned() }
}
