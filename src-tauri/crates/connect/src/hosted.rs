//! Pictures of platforms that take addresses only: they lie, by name, under an address of the merchant's own.

use crate::error::RemoteError;
use crate::platform::CredentialField;
use crate::session::Session;

/// Key of the account's field that names the address.
pub const PICTURE_HOST: &str = "picture_host";

/// How an account is asked for it.
pub fn field() -> CredentialField {
    CredentialField {
        key: PICTURE_HOST,
        label: "图片外链地址（平台只按地址取图：自己图床上放图片的网址，不填不同步图片）",
        secret: false,
        optional: true,
        shape: "any",
        ..CredentialField::default()
    }
}

/// The address of the picture of this name. [`RemoteError::Unsupported`] where the account names no place for pictures.
pub fn address(session: &Session, name: &str) -> Result<String, RemoteError> {
    let host = session.credentials.get(PICTURE_HOST).unwrap_or_default();
    let host = host.trim_end_matches('/');
    if host.is_empty() {
        return Err(RemoteError::Unsupported {
            what: "picture upload: the platform takes addresses only, and no picture_host is set".to_owned(),
        });
    }
    // Special signs of an address are percent-encoded there.
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    Ok(format!("{host}/{}", name.replace('+', "%20")))
}
