//! Answers in three layers (fact sheet 5 and 6): an envelope, in it JSON as text with a code of its own, and in that
//! now and then a list as text once more. Each layer names itself when it is not what it should be.

use super::sign;
use super::wire::Envelope;
use connect::error::{Effect, Layer, RemoteError};
use connect::gateway::{Reply, beginning};
use connect::wire::Text;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;

/// The pause that a client in use makes after "too often" (fact sheet 15).
const THROTTLED: Duration = Duration::from_secs(10);
/// The text beside a refusal ends with a trace: `签名不正确, UUID[...]`.
const TRACE: &str = "UUID[";

/// What a good answer carries, out of its layers.
pub(super) fn settled(reply: &Reply, secret: &str) -> Result<Value, RemoteError> {
    let envelope: Envelope = serde_json::from_slice(&reply.body).map_err(|_| match reply.status {
        401 | 403 => RemoteError::Refused {
            layer: Layer::Permission,
            text: beginning(&reply.body),
        },
        _ => malformed("第一层（信封）", &reply.body),
    })?;
    let Some(code) = envelope.code.filled() else {
        return Err(malformed("第一层（信封，没有 code）", &reply.body));
    };
    if code != "0" {
        return Err(refused_by_gate(code, without_trace(envelope.msg.as_str())));
    }
    let sealed = envelope.encrypt_data.filled();
    let inner = match (&envelope.data, sealed) {
        (Value::Null, Some(sealed)) => unsealed(sealed, secret)?,
        (Value::String(text), Some(sealed)) if text.trim().is_empty() => unsealed(sealed, secret)?,
        (Value::String(text), _) if text.trim().is_empty() => Value::Null,
        (Value::String(text), _) => {
            serde_json::from_str(text).map_err(|_| malformed("第二层（data）", text.as_bytes()))?
        }
        (value, _) => value.clone(),
    };
    match inner {
        Value::Object(inner) => of_service(inner),
        other => Ok(other),
    }
}

/// A list or structure as it is, or as text holding it: the third layer.
pub(super) fn carried<T: DeserializeOwned>(value: Value) -> Result<T, RemoteError> {
    let value = match value {
        Value::String(text) => {
            serde_json::from_str(&text).map_err(|_| malformed("第三层（result）", text.as_bytes()))?
        }
        value => value,
    };
    let raw = value.to_string();
    serde_json::from_value(value).map_err(|_| malformed("第三层（result）", raw.as_bytes()))
}

fn malformed(layer: &str, raw: &[u8]) -> RemoteError {
    RemoteError::Malformed {
        raw: format!("{layer}不是应有的 JSON：{}", beginning(raw)),
    }
}

fn unsealed(text: &str, secret: &str) -> Result<Value, RemoteError> {
    let plain = sign::unsealed(text, secret).ok_or_else(|| RemoteError::Malformed {
        raw: "第二层（encryptData）解不开：app_secret 可能不对".to_owned(),
    })?;
    serde_json::from_str(&plain).map_err(|_| malformed("第二层（encryptData）", plain.as_bytes()))
}

/// The service's own verdict, in whichever of its two ways it writes it.
fn of_service(mut inner: Map<String, Value>) -> Result<Value, RemoteError> {
    let text = |name: &str| {
        let value = inner.get(name).cloned().unwrap_or_default();
        serde_json::from_value::<Text>(value).unwrap_or_default().0
    };
    let (code, said, stock) = match text("retCode") {
        code if code.is_empty() => (text("code"), text("msg"), false),
        code => (code, text("retMsg"), true),
    };
    match code.as_str() {
        "0" => {}
        "" => {
            let raw = Value::Object(inner).to_string();
            return Err(malformed("第二层（data，没有 code）", raw.as_bytes()));
        }
        code if stock => return Err(refused_by_stock(code, &said)),
        code => return Err(refused_by_service(code, &said)),
    }
    for name in ["result", "data"] {
        if let Some(value) = inner.remove(name) {
            return Ok(value);
        }
    }
    // Some answers carry their fields beside the code.
    Ok(Value::Object(inner))
}

fn without_trace(text: &str) -> &str {
    let end = text.find(TRACE).unwrap_or(text.len());
    text[..end].trim_end_matches([' ', ',', '，'])
}

fn refused(layer: Layer, text: String) -> RemoteError {
    RemoteError::Refused { layer, text }
}

fn rejected(code: &str, text: &str) -> RemoteError {
    RemoteError::Rejected {
        code: code.to_owned(),
        text: text.to_owned(),
    }
}

/// What the platform's gateway means.
pub(super) fn refused_by_gate(code: &str, said: &str) -> RemoteError {
    let text = format!("{code} {said}").trim_end().to_owned();
    let lower = said.to_lowercase();
    let names = |word: &str| lower.contains(word);
    match code {
        "10032" => RemoteError::Throttled {
            wait: Some(THROTTLED),
            text,
        },
        // Bad and expired have one code: agreeing anew helps against either.
        "10013" => RemoteError::Expired { text },
        "10014" => refused(Layer::Signature, text),
        // Which code an unknown key or a wrong time has is not known; the words name them.
        "10005" | "10015" | "10016" if names("app_key") || names("appkey") => refused(Layer::Key, text),
        "10005" | "10015" if names("timestamp") => refused(Layer::Signature, text),
        "10011" | "10016" => refused(Layer::Permission, text),
        "-1" | "-10000" | "100019" | "100020" | "100021" | "100022" | "100023" => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        _ => rejected(code, if said.is_empty() { &text } else { said }),
    }
}

/// What the service behind it means: -3 is its own failure, -4 a search that stumbled; the rest is about what was asked.
fn refused_by_service(code: &str, said: &str) -> RemoteError {
    let busy = |effect| RemoteError::Busy {
        text: format!("{code} {said}"),
        effect,
    };
    match code {
        "-3" => busy(Effect::Unknown),
        "-4" => busy(Effect::None),
        "403" | "10026" => refused(Layer::Store, format!("{code} {said}")),
        _ => rejected(code, said),
    }
}

/// What the stock service means. 22 is its own failure, 25 "not just now", 10025 outside its hours.
fn refused_by_stock(code: &str, said: &str) -> RemoteError {
    match code {
        "22" | "25" => RemoteError::Busy {
            text: format!("{code} {said}"),
            effect: if code == "22" {
                Effect::Unknown
            } else {
                Effect::None
            },
        },
        "403" | "10026" | "10403" => refused(Layer::Store, format!("{code} {said}")),
        _ => rejected(code, said),
    }
}

#[cfg(test)]
mod tests {
    use super::{carried, refused_by_gate, settled};
    use connect::error::{Layer, RemoteError};
    use connect::gateway::Reply;
    use serde_json::{Value, json};

    fn answer(body: &Value) -> Result<Value, RemoteError> {
        let reply = Reply {
            status: 200,
            server_time: None,
            body: body.to_string().into(),
        };
        settled(&reply, "0123456789abcdef0123456789abcdef")
    }

    fn raw(error: &RemoteError) -> &str {
        match error {
            RemoteError::Malformed { raw } => raw,
            other => panic!("malformed expected, got {other:?}"),
        }
    }

    #[test]
    fn each_layer_names_itself_when_it_is_broken() {
        let broken = answer(&json!("<html>")).unwrap_err();
        assert!(raw(&broken).contains("第一层"), "{broken:?}");
        let broken = answer(&json!({"code": "0", "msg": "ok", "data": "{\"code\":"})).unwrap_err();
        assert!(raw(&broken).contains("第二层（data）"), "{broken:?}");
        let sealed = json!({"code": "0", "msg": "ok", "data": "", "encryptData": "AAAA"});
        assert!(raw(&answer(&sealed).unwrap_err()).contains("encryptData"));
        let third = answer(&json!({"code": 0, "data": "{\"code\":\"0\",\"result\":\"[1,2\"}"})).unwrap();
        let broken = carried::<Vec<i64>>(third).unwrap_err();
        assert!(raw(&broken).contains("第三层"), "{broken:?}");
    }

    #[test]
    fn a_good_answer_is_read_through_all_its_layers() {
        let inner = json!({"code": "0", "msg": "ok", "result": "[1,2]"}).to_string();
        let result = answer(&json!({"code": 0, "msg": "ok", "data": inner})).unwrap();
        assert_eq!(carried::<Vec<i64>>(result).unwrap(), [1, 2]);
        let stock = json!({"retCode": 0, "retMsg": "ok", "data": [1], "ret": true}).to_string();
        assert_eq!(answer(&json!({"code": "0", "data": stock})).unwrap(), json!([1]));
    }

    #[test]
    fn refusals_name_their_layer_and_lose_their_trace() {
        let body = json!({"code": "10014", "msg": "签名不正确, UUID[1-2-3]", "data": ""});
        assert_eq!(
            answer(&body).unwrap_err(),
            RemoteError::Refused {
                layer: Layer::Signature,
                text: "10014 签名不正确".to_owned()
            }
        );
        assert!(matches!(
            refused_by_gate("10013", ""),
            RemoteError::Expired { .. }
        ));
        assert!(matches!(
            refused_by_gate("10016", "没有权限"),
            RemoteError::Refused {
                layer: Layer::Permission,
                ..
            }
        ));
        let inner = json!({"code": "-1", "msg": "贵司无此商品经营权限"}).to_string();
        assert_eq!(
            answer(&json!({"code": "0", "data": inner})).unwrap_err(),
            RemoteError::Rejected {
                code: "-1".to_owned(),
                text: "贵司无此商品经营权限".to_owned()
            }
        );
    }
}
