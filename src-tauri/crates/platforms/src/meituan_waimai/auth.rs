//! Which of the two protocol families an account speaks, and what is wrong with its keys (fact sheet 1 and 2).

use super::mtop;
use crate::meituan_open::auth as classic;
use crate::meituan_open::client::{Client, OwnTokens};
use crate::meituan_open::read;
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::{CredentialField, signature_passed};
use connect::session::Session;

pub(super) const DEVELOPER_ID: &str = "developerId";
pub(super) const SIGN_KEY: &str = "signKey";
pub(super) const APP_AUTH_TOKEN: &str = "appAuthToken";
pub(super) const BUSINESS_ID: &str = "businessId";
pub(super) const E_POI_ID: &str = "ePoiId";

/// The words by which the platform tells a shop of 闪购 apart (FAQ F37).
pub(super) const NOT_CATERING: &str = "非餐饮生态APP";

/// One of the two families.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    /// A: an application of the merchant's own at waimaiopen, `food*`.
    Classic,
    /// B: a vendor's application at the 技术服务合作中心, MTOp.
    Mtop,
}

/// The credential field, or the account's setting, that says which family is meant.
const FAMILY: &str = "family";
const FOOD: &str = "food";
const MTOP: &str = "mtop";

/// Which family, then the fields of that one.
pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret, optional, shape| CredentialField {
        key,
        label,
        secret,
        optional,
        shape,
        asked_with: Some((FAMILY, MTOP)),
        ..CredentialField::default()
    };
    let mut fields = vec![CredentialField {
        choices: &[
            (FOOD, "自有应用（waimaiopen 的 app_id）"),
            (MTOP, "服务商应用（技术服务合作中心的 developerId）"),
        ],
        asked_with: None,
        ..field(FAMILY, "接入方式", false, true, "any")
    }];
    fields.extend(classic::fields().into_iter().map(|one| CredentialField {
        asked_with: Some((FAMILY, FOOD)),
        ..one
    }));
    fields.extend([
        field(
            DEVELOPER_ID,
            "developerId（技术服务合作中心）",
            false,
            false,
            "digits",
        ),
        field(SIGN_KEY, "signKey（技术服务合作中心）", true, false, "any"),
        field(APP_AUTH_TOKEN, "appAuthToken（按门店授权）", true, true, "any"),
        field(
            BUSINESS_ID,
            "businessId（2 外卖接单，16 外卖非接单）",
            false,
            true,
            "digits",
        ),
        field(E_POI_ID, "ePoiId（授权时填的门店编号）", false, true, "any"),
    ]);
    fields
}

/// The family that was chosen; where none was, the one whose fields are filled in. Authorizing again keeps what is not
/// given anew, so the fields of both may be there: then only the choice tells.
pub(super) fn family(session: &Session) -> Result<Family, RemoteError> {
    let filled = |names: [&str; 2]| names.iter().any(|name| session.credentials.get(name).is_some());
    let first = filled([classic::APP_ID, classic::APP_SECRET]);
    let chosen = session
        .credentials
        .get(FAMILY)
        .unwrap_or(session.setting(FAMILY, ""));
    let second = filled([DEVELOPER_ID, SIGN_KEY]);
    match chosen {
        FOOD => Ok(Family::Classic),
        MTOP => Ok(Family::Mtop),
        _ if first && second => Err(refused(
            Layer::Key,
            "自有应用和服务商应用的密钥都填了：请在授权里选定接入方式",
        )),
        _ if second => Ok(Family::Mtop),
        _ => Ok(Family::Classic),
    }
}

pub(super) fn refused(layer: Layer, text: &str) -> RemoteError {
    RemoteError::Refused {
        layer,
        text: text.to_owned(),
    }
}

/// A refused key may be a good one of the other family, put into the wrong fields. Asking there with it settles that;
/// a signature does not tell the secret. Any doubt leaves the platform's own words.
pub(super) async fn explain_key(
    gateway: &Gateway,
    session: &Session,
    family: Family,
    error: RemoteError,
) -> RemoteError {
    let RemoteError::Refused {
        layer: Layer::Key | Layer::Signature,
        ..
    } = error
    else {
        return error;
    };
    let moved = |from: [&str; 2], to: [&str; 2]| {
        let pairs = from.iter().zip(to).filter_map(|(from, to)| {
            let text = session.credentials.get(from)?;
            Some((to.to_owned(), text.to_owned()))
        });
        Session {
            credentials: session.credentials.with(pairs),
            ..session.clone()
        }
    };
    let (ours, theirs) = ([classic::APP_ID, classic::APP_SECRET], [DEVELOPER_ID, SIGN_KEY]);
    let (good, text) = match family {
        Family::Classic => {
            let session = &moved(ours, theirs);
            let answer = mtop::Client { gateway, session }.shops("1").await;
            let text =
                "这是技术服务合作中心的 developerId 和 signKey：请把接入方式换成“服务商应用”，再填到那里";
            (signature_passed(answer).is_ok(), text)
        }
        Family::Mtop => {
            let session = &moved(theirs, ours);
            let tokens = &OwnTokens::default();
            let client = Client {
                gateway,
                session,
                tokens,
            };
            let answer = read::shop_codes(&client).await;
            let text = "这是外卖开放平台的 app_id 和 app_secret：请把接入方式换成“自有应用”，再填到那里";
            (signature_passed(answer).is_ok(), text)
        }
    };
    if good { refused(Layer::Key, text) } else { error }
}

/// A store that answers retail calls and no food calls belongs to 闪购 (F31a, F37): an application has the right to one
/// of the two alone, whatever its key says.
pub(super) async fn explain_store(client: &Client<'_>, shop: &str) -> Result<(), RemoteError> {
    let ask = |path: &'static str| async move {
        let params = vec![
            ("app_poi_code", shop.to_owned()),
            ("offset", "0".to_owned()),
            ("limit", "1".to_owned()),
        ];
        client.get(path, params).await
    };
    let Err(error) = ask("food/list").await else {
        return Ok(());
    };
    let foreign = match &error {
        RemoteError::Refused {
            layer: Layer::Permission | Layer::Store,
            text,
        }
        | RemoteError::Rejected { text, .. } => {
            text.contains(NOT_CATERING) || ask("retail/list").await.is_ok()
        }
        _ => false,
    };
    if !foreign {
        return Err(error);
    }
    // The words by which the platform itself says so (FAQ F37) stand first: the error dictionary knows them.
    let own = error.text();
    let own = if own.contains(NOT_CATERING) {
        own.to_owned()
    } else {
        format!("参数中存在{NOT_CATERING}")
    };
    Err(refused(
        Layer::Store,
        &format!("{own}：门店 {shop} 是美团闪购门店，请改用美团闪购授权"),
    ))
}
