//! Building, signing and sending calls of family B, and what its refusals mean.

use super::super::auth::{APP_AUTH_TOKEN, BUSINESS_ID, DEVELOPER_ID, E_POI_ID, SIGN_KEY, refused};
use crate::meituan_open::client::PACE;
use crate::meituan_open::sign::sha1_mtop;
use bytes::Bytes;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Call, Gateway, beginning, json};
use connect::pacing::Pace;
use connect::platform::RemoteStore;
use connect::session::Session;
use connect::wire::{FORM, Int, List, Nested, Text, form};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const BASE: &str = "https://api-open-cater.meituan.com";
const SUCCESS: &str = "OP_SUCCESS";

/// One session's calls.
#[derive(Clone, Copy)]
pub(in super::super) struct Client<'a> {
    pub(in super::super) gateway: &'a Gateway,
    pub(in super::super) session: &'a Session,
}

/// `{"code","msg","data","traceId"}`; the older edition says `error` instead.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    code: Text,
    msg: Text,
    data: Value,
    error: Nested<Option<Fault>>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Fault {
    code: Text,
    error_type: Text,
    message: Text,
}

/// A row of queryPoiInfo. Public clients name these fields; the answer is not documented in the open.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Shop {
    e_poi_id: Text,
    name: Text,
    is_open: Int,
    is_online: Int,
}

/// The fields are there and can be what they claim to be.
pub(in super::super) fn well_formed(session: &Session) -> Result<(), RemoteError> {
    let credentials = &session.credentials;
    let developer = credentials.need(DEVELOPER_ID)?;
    credentials.need(SIGN_KEY)?;
    credentials.need(APP_AUTH_TOKEN)?;
    if !developer.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused(Layer::Key, "developerId 应为纯数字"));
    }
    match credentials.get(BUSINESS_ID) {
        None | Some("2" | "16") => Ok(()),
        Some(_) => Err(refused(
            Layer::Key,
            "外卖的 businessId 是 2（接单）或 16（非接单）",
        )),
    }
}

impl Client<'_> {
    /// Whether the vendor takes orders (businessId 2). It is what most cash registers have, so it is the default.
    pub(super) fn takes_orders(&self) -> bool {
        self.business() != "16"
    }

    fn business(&self) -> &str {
        self.session.credentials.get(BUSINESS_ID).unwrap_or("2")
    }

    /// The vendor's id of the shop.
    pub(super) fn shop(&self) -> Result<&str, RemoteError> {
        let own = Some(self.session.remote_id.as_str()).filter(|id| !id.is_empty());
        match own {
            Some(id) => Ok(id),
            None => self.session.credentials.need(E_POI_ID),
        }
    }

    /// The shops behind ids, comma-separated.
    pub(in super::super) async fn shops(&self, ids: &str) -> Result<Vec<RemoteStore>, RemoteError> {
        let rows: List<Shop> = self
            .read("/waimai/poi/queryPoiInfo", json!({"ePoiIds": ids}))
            .await?;
        let open = |shop: &Shop| match (shop.is_open.0, shop.is_online.0) {
            (None, None) => None,
            (open, online) => Some(open.unwrap_or(1) == 1 && online.unwrap_or(1) == 1),
        };
        Ok(rows
            .0
            .into_iter()
            .map(|shop| RemoteStore {
                open: open(&shop),
                remote_id: shop.e_poi_id.0,
                name: shop.name.0,
            })
            .collect())
    }

    /// The store of the session, as its authorization shows it.
    pub(in super::super) async fn stores(&self) -> Result<Vec<RemoteStore>, RemoteError> {
        self.shops(self.shop()?).await
    }

    /// Whether the token still lives. It does not end by itself: it is gone when another vendor, a printer's mostly, was
    /// granted the shop (F32a), and the refusal says 非法令牌.
    pub(in super::super) async fn heartbeat(&self) -> Result<(), RemoteError> {
        // The id need not be known: the token is looked at first.
        self.shops(self.shop().unwrap_or("1")).await.map(|_| ())
    }

    /// A call that only reads.
    pub(super) async fn read<T: DeserializeOwned>(&self, path: &str, biz: Value) -> Result<T, RemoteError> {
        let data = self.call(path, biz).await.map_err(RemoteError::of_read)?.0;
        let malformed = || RemoteError::Malformed {
            raw: beginning(data.to_string().as_bytes()),
        };
        let value = match &data {
            Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| data.clone()),
            value => value.clone(),
        };
        serde_json::from_value(value).map_err(|_| malformed())
    }

    /// A call; `data` and `msg` of its answer.
    pub(super) async fn call(&self, path: &str, biz: Value) -> Result<(Value, String), RemoteError> {
        let credentials = &self.session.credentials;
        let biz = biz.to_string();
        let seconds = (self.gateway.now(self.session) / 1000).to_string();
        let developer = credentials.need(DEVELOPER_ID)?;
        let mut params = vec![
            (
                "appAuthToken",
                credentials.get(APP_AUTH_TOKEN).unwrap_or_default(),
            ),
            ("biz", biz.as_str()),
            ("businessId", self.business()),
            ("charset", "UTF-8"),
            ("developerId", developer),
            ("timestamp", seconds.as_str()),
            ("version", "2"),
        ];
        params.retain(|(_, value)| !value.is_empty());
        let sign = sha1_mtop(&params, credentials.need(SIGN_KEY)?);
        params.push(("sign", sign.as_str()));
        let base = self.session.endpoint.as_ref().map_or(BASE, url::Url::as_str);
        // An address of one's own (the simulator, a proxy) serves both families; family A's has a path of its own.
        let base = base.trim_end_matches('/').trim_end_matches("/api/v1");
        // The platform's own clients send the developer's number in a header, too.
        let request = http::Request::post(format!("{base}{path}"))
            .header(http::header::CONTENT_TYPE, FORM)
            .header("DeveloperId", developer)
            .body(Bytes::from(form(params)))
            .map_err(|error| RemoteError::Unsupported {
                what: format!("address: {error}"),
            })?;
        let call = Call {
            name: path.trim_start_matches('/').to_owned(),
            request,
            pace: Pace::of(self.session, PACE),
            brings_tokens: false,
        };
        let reply = self.gateway.send(self.session, call).await?;
        let answer: Answer = json(&reply.body)?;
        if answer.code.as_str() == SUCCESS {
            return Ok((answer.data, answer.msg.0));
        }
        let error = self.refusal(answer).ok_or_else(|| RemoteError::Malformed {
            raw: beginning(&reply.body),
        })?;
        if let RemoteError::Throttled { wait, .. } = &error {
            self.gateway.throttled(self.session, *wait);
        }
        Err(error)
    }

    fn refusal(&self, answer: Answer) -> Option<RemoteError> {
        let (code, text) = match answer.error.0 {
            Some(fault) => {
                let code = fault.code.filled().unwrap_or(fault.error_type.as_str());
                (code.to_owned(), fault.message.0)
            }
            None => (answer.code.0, answer.msg.0),
        };
        if code.is_empty() && text.is_empty() {
            return None;
        }
        let taught = self.session.settings.get(&format!("mtop_code.{code}"));
        let kind = taught.map_or_else(|| kind_of(&text), String::as_str);
        Some(classify(kind, code, text))
    }
}

/// What a text speaks of. The codes besides `OP_SUCCESS` are not public (fact sheet 17.11): the account's settings
/// `mtop_code.<CODE>` teach them, with one of these words.
fn kind_of(text: &str) -> &'static str {
    const SIGNS: [(&str, &[&str]); 9] = [
        ("expired", &["授权已经过期", "授权已过期"]),
        ("signature", &["timestamp", "时间戳", "签名", "sign "]),
        ("token", &["非法令牌", "令牌", "appAuthToken"]),
        ("key", &["developerId"]),
        ("throttled", &["过于频繁", "频率", "限流", "流控"]),
        ("permission", &["权限", "未授权"]),
        ("store", &["门店不存在", "不存在此门店", "非餐饮", "ePoiId"]),
        ("none", &["不存在"]),
        ("busy", &["系统异常", "系统错误", "系统繁忙", "服务超时"]),
    ];
    let spoken = SIGNS
        .iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)));
    spoken.map_or("rejected", |(kind, _)| kind)
}

fn classify(kind: &str, code: String, text: String) -> RemoteError {
    let refused = |layer, text| RemoteError::Refused { layer, text };
    match kind {
        "expired" => RemoteError::Expired { text },
        "signature" => refused(Layer::Signature, text),
        "token" | "permission" => refused(Layer::Permission, text),
        "key" => refused(Layer::Key, text),
        "store" => refused(Layer::Store, text),
        "throttled" => RemoteError::Throttled { wait: None, text },
        "busy" => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        _ => RemoteError::Rejected { code, text },
    }
}

#[cfg(test)]
mod tests {
    use super::{classify, kind_of};
    use connect::error::{Layer, RemoteError};

    #[test]
    fn refusals_are_told_by_their_words() {
        let of = |text: &str| classify(kind_of(text), "X".to_owned(), text.to_owned());
        for (text, layer) in [
            ("签名验证错误", Layer::Signature),
            ("timestamp与服务器时间相差过大", Layer::Signature),
            ("非法令牌", Layer::Permission),
            ("developerId不存在", Layer::Key),
            ("门店不存在", Layer::Store),
        ] {
            assert!(
                matches!(of(text), RemoteError::Refused { layer: held, .. } if held == layer),
                "{text}"
            );
        }
        assert!(matches!(
            of("授权已经过期,请联系商家重新授权"),
            RemoteError::Expired { .. }
        ));
        assert!(matches!(of("商品不存在"), RemoteError::Rejected { .. }));
    }
}
