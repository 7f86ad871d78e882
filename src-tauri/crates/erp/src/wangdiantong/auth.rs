//! Credentials (fact sheet 2). There are no tokens: sid, key and secret are all. The edition is the merchant's, and keys of
//! one are nothing to the other; which one they belong to is seen by the appsecret, which 旗舰版 writes as `secret:salt`.

use connect::error::{Layer, RemoteError};
use connect::platform::CredentialField;
use connect::session::Session;

pub(super) const EDITION: &str = "edition";
pub(super) const SID: &str = "sid";
pub(super) const APPKEY: &str = "appkey";
pub(super) const APPSECRET: &str = "appsecret";

const ENTERPRISE: &str = "enterprise";
const FLAGSHIP: &str = "flagship";

/// The editions whose protocols are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Edition {
    Enterprise,
    Flagship,
}

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret| CredentialField {
        key,
        label,
        secret,
        optional: false,
        shape: "any",
        ..CredentialField::default()
    };
    vec![
        CredentialField {
            optional: true,
            choices: &[(ENTERPRISE, "企业版"), (FLAGSHIP, "旗舰版")],
            ..field(EDITION, "版本（不选就按 appsecret 有没有冒号判断）", false)
        },
        field(SID, "sid（卖家账号）", false),
        field(APPKEY, "appkey（接口账号，旗舰版叫 key）", false),
        field(APPSECRET, "appsecret（旗舰版是 secret:salt，中间有冒号）", true),
    ]
}

/// The edition that was chosen; where none was, the one that the secret looks like. Refused when the two disagree: no call
/// could succeed.
pub(super) fn edition(session: &Session) -> Result<Edition, RemoteError> {
    let credentials = &session.credentials;
    let looks = if credentials.need(APPSECRET)?.contains(':') {
        Edition::Flagship
    } else {
        Edition::Enterprise
    };
    let mistaken = |text: &str| {
        Err(RemoteError::Refused {
            layer: Layer::Key,
            text: text.to_owned(),
        })
    };
    match (credentials.get(EDITION), looks) {
        (None, looks) => Ok(looks),
        (Some(ENTERPRISE), Edition::Enterprise) => Ok(Edition::Enterprise),
        (Some(FLAGSHIP), Edition::Flagship) => Ok(Edition::Flagship),
        (Some(ENTERPRISE), Edition::Flagship) => {
            mistaken("密钥像是旗舰版的（appsecret 里有冒号），授权时选的是企业版")
        }
        (Some(FLAGSHIP), Edition::Enterprise) => {
            mistaken("密钥像是企业版的（appsecret 里没有冒号），授权时选的是旗舰版")
        }
        (Some(_), _) => mistaken("版本只能是 enterprise（企业版）或 flagship（旗舰版）"),
    }
}

/// All fields are there and fit the edition.
pub(super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    for field in [SID, APPKEY] {
        session.credentials.need(field)?;
    }
    edition(session).map(|_| ())
}
