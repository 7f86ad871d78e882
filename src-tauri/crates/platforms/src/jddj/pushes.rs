//! What the platform posts to our address (fact sheet 2 and 14): a form under `…/djsw/<name>`, signed as requests are,
//! and the token after the merchant has agreed, which carries no signature in the documents' sample.

use super::auth::{self, APP_KEY, APP_SECRET, TOKEN, VENDER_ID};
use super::sign;
use super::wire::{Granted, Pushed};
use connect::error::{Layer, RemoteError};
use connect::platform::{Inbound, News, Received};
use connect::session::Session;

/// The answer that the platform wants to hear; anything else is posted again.
const THANKS: &str = r#"{"code":"0","msg":"success","data":""}"#;

fn refused(text: &str) -> RemoteError {
    RemoteError::Refused {
        layer: Layer::Signature,
        text: text.to_owned(),
    }
}

/// What a push tells. `now` is UTC ms.
pub(super) fn receive(session: &Session, push: &Inbound, now: i64) -> Result<Received, RemoteError> {
    let session = &*auth::unpacked(session);
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&push.body).into_owned().collect();
    let field = |name: &str| {
        let held = form.iter().find(|(held, _)| held == name);
        held.map(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
    };
    let credentials = &session.credentials;
    let signed = field("sign").map(|sent| -> Result<bool, RemoteError> {
        let fields: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        Ok(sent == sign::md5_upper(&fields, credentials.need(APP_SECRET)?))
    });
    let signed = signed.transpose()?;
    if signed == Some(false) {
        return Err(refused("推送的签名不正确"));
    }
    if let Some(granted) = field(TOKEN).and_then(auth::granted) {
        return token(session, granted, signed.is_some(), now);
    }
    if signed.is_none() {
        return Err(refused("推送没有签名"));
    }
    if field("app_key") != Some(credentials.need(APP_KEY)?) {
        return Err(refused("推送不是发给这个应用的"));
    }
    let sealed = field("encrypt_jd_param_json")
        .map(|text| sign::unsealed(text, credentials.need(APP_SECRET).unwrap_or_default()));
    let text = match (field("jd_param_json"), &sealed) {
        (Some(text), _) => text,
        (None, Some(Some(text))) => text.as_str(),
        _ => "{}",
    };
    let pushed: Pushed = serde_json::from_str(text).map_err(|_| RemoteError::Malformed {
        raw: "推送的 jd_param_json 不是 JSON".to_owned(),
    })?;
    let name = push
        .address
        .path_segments()
        .and_then(|mut parts| parts.next_back());
    Ok(told(name.unwrap_or_default(), &pushed))
}

/// The token of this account's merchant. An application serves many merchants and the platform posts all their tokens
/// to one address; a post without a signature could be anybody's. So it is heeded when it is signed, when the account
/// knows its merchant and it is that one, or when the account has no token yet.
fn token(session: &Session, granted: Granted, signed: bool, now: i64) -> Result<Received, RemoteError> {
    let credentials = &session.credentials;
    let held = credentials.get(TOKEN);
    let ours = match (credentials.get(VENDER_ID), granted.vender_id.filled()) {
        (Some(ours), Some(sent)) => ours == sent,
        (Some(_), None) => signed,
        (None, _) => signed || held.is_none(),
    };
    if !ours {
        return Err(refused(
            "收到的 token 不是这个商家的，或分不清是谁的：填上商家编号 venderId，或把 token 粘贴进授权信息",
        ));
    }
    let mark = format!("token:{}", granted.time.or_zero());
    let renewed = auth::renewed(granted, held, now);
    Ok(received(vec![News::Token(renewed)], mark))
}

fn received(news: Vec<News>, mark: String) -> Received {
    Received {
        news,
        mark,
        content_type: "application/json",
        reply: THANKS.to_owned(),
    }
}

fn told(name: &str, pushed: &Pushed) -> Received {
    let mark = format!(
        "{name}:{}{}:{}{}:{}",
        pushed.bill_id.as_str(),
        pushed.order_id.as_str(),
        pushed.status_id.as_str(),
        pushed.delivery_status.as_str(),
        pushed.timestamp.as_str(),
    );
    let order = |number: String| News::Order {
        store: pushed.station_no.0.clone(),
        number,
    };
    let listing = |product: String| News::Listing {
        store: pushed.station_no.0.clone(),
        product,
    };
    let news = match name {
        "newOrder" | "orderWaitOutStore" | "applyCancelOrder" | "userCancelOrder" | "deliveryOrder"
        | "finishOrder" => Some(order(pushed.bill_id.0.clone())),
        // The bill of the second is the after-sale's; only where the order is named too can it be read.
        "pushDeliveryStatus" | "newAfterSaleBill" => Some(order(pushed.order_id.0.clone())),
        "newSku" => {
            let code = pushed.out_bill_id.filled().unwrap_or(pushed.bill_id.as_str());
            Some(listing(code.to_owned()))
        }
        "stockIsHave" | "uploadSkuPictureFail" => Some(listing(pushed.sku_id.0.clone())),
        _ => None,
    };
    let empty = |news: &News| match news {
        News::Order { number, .. } => number.is_empty(),
        News::Listing { product, .. } => product.is_empty(),
        News::Token(_) | News::Revoked => false,
    };
    received(news.into_iter().filter(|news| !empty(news)).collect(), mark)
}
