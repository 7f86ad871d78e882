//! Credentials (fact sheet 3): app id and secret of the linked main app, never the store's login.

use connect::error::{Layer, RemoteError};
use connect::platform::CredentialField;
use connect::session::Session;

pub(super) const SOURCE: &str = "source";
pub(super) const SECRET: &str = "secret";
pub(super) const ACCESS_TOKEN: &str = "access_token";

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, optional, shape| CredentialField {
        key,
        label,
        secret,
        optional,
        shape,
        ..CredentialField::default()
    };
    vec![
        field(
            SOURCE,
            "source（应用 appid，不是门店登录账号）",
            false,
            false,
            "digits",
        ),
        field(SECRET, "secret（应用 appsecret）", true, false, "any"),
        field(ACCESS_TOKEN, "access_token（服务商应用）", true, true, "any"),
    ]
}

/// The fields are there and are no login name (F53: a mobile number has 11 digits and starts with 1).
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let source = session.credentials.need(SOURCE)?;
    session.credentials.need(SECRET)?;
    let digits = source.bytes().all(|b| b.is_ascii_digit());
    let mobile = digits && source.len() == 11 && source.starts_with('1');
    if digits && !mobile {
        return Ok(());
    }
    Err(RemoteError::Refused {
        layer: Layer::Key,
        text: "source 应为应用 appid（纯数字），这像是手机号或登录名".to_owned(),
    })
}
