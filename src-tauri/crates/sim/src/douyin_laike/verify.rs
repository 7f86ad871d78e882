//! Signatures of what 抖音来客 sends by itself (8, 9), written from the rule and its worked examples. Calls to it carry
//! none.

use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Header `X-Douyin-Signature` of a webhook: SHA-1 over the secret and the body as it is on the wire.
pub fn webhook(secret: &str, body: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(secret);
    hash.update(body);
    crate::wire::hex(&hash.finalize())
}

/// Header `x-life-sign` of an SPI call: SHA-256 over the secret, each parameter of the address but `sign` in the order
/// of the names, and the body at the end, all joined by `&`.
pub fn spi(secret: &str, query: &[(String, String)], body: &str) -> String {
    let mut signed: Vec<&(String, String)> = query.iter().filter(|(name, _)| name != "sign").collect();
    signed.sort();
    let mut parts = vec![secret.to_owned()];
    parts.extend(signed.iter().map(|(name, value)| format!("{name}={value}")));
    parts.push(format!("http_body={body}"));
    crate::wire::hex(&Sha256::digest(parts.join("&").as_bytes()))
}

/// The signature of a vector entry of this service by this code; `None` for entries of others.
pub fn of_vector(entry: &Value) -> Option<String> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let (secret, body) = (text("secret")?, text("body")?);
    match (text("kind")?, text("header")?) {
        ("webhook", "X-Douyin-Signature") => Some(webhook(secret, body)),
        ("spi", "x-life-sign") => {
            let (_, query) = text("url")?.split_once('?')?;
            let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect();
            Some(spi(secret, &query, body))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{spi, webhook};

    const SECRET: &str = "demoSecret0001";

    #[test]
    fn the_worked_examples_of_webhooks_hold() {
        for (body, expected) in [
            (
                r#"{"event":"verify_webhook","client_key":"awdemo0001","content":{"challenge":12345}}"#,
                "266d671791b340b1fa46f7b539f2a585eec595bd",
            ),
            (
                r#"{"event":"life_trade_order_notify","client_key":"awdemo0001","content":"{\"action\":\"pay_success\",\"order\":{\"order_id\":\"1000001\",\"pay_amount\":1990}}","log_id":"20260301080000ABC"}"#,
                "4e957f197ea77e5b7778878d927e0d251081d472",
            ),
        ] {
            assert_eq!(webhook(SECRET, body), expected);
            assert_ne!(webhook("another", body), expected);
        }
    }

    #[test]
    fn the_worked_examples_of_spi_calls_hold() {
        let query = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(owned).collect()
        };
        let refund = query(&[
            ("client_key", "awdemo0001"),
            ("timestamp", "1767225600123"),
            ("sign", "ignored"),
        ]);
        assert_eq!(
            spi(SECRET, &refund, r#"{"order_id":"1000001","refund_amount":1990}"#),
            "e8789ecf722fe3113efe879b716d22d42cee33c5e80555129e8f61f7f0ee7322"
        );
        let unsorted = query(&[
            ("timestamp", "1767225600456"),
            ("client_key", "awdemo0001"),
            ("account_id", "700001"),
        ]);
        assert_eq!(
            spi(SECRET, &unsorted, r#"{"remark":"少放辣"}"#),
            "69d630123a822af5be9e206e18702f35d9c053d69bdad4ab07606c4d3325d30e"
        );
    }
}
