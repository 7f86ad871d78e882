//! Whose behalf a call is made on.

use crate::error::RemoteError;
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// Fields that name an application or a merchant: no secrets, and answers carry them rightly.
const NAMING: [&str; 21] = [
    "account_id",
    "app_id",
    "app_key",
    "appkey",
    "businessId",
    "client_key",
    "database",
    "developerId",
    "edition",
    "family",
    "ePoiId",
    "merchant_id",
    "mobile",
    "picture_host",
    "server",
    "service_id",
    "shop_id",
    "sid",
    "source",
    "user",
    "vender_id",
];
/// Shorter texts are not looked for: they stand in honest answers by chance.
const BLACKED_FROM: usize = 8;
const BLACK: &str = "******";

/// Credentials by field name, as each platform's descriptor names them. Debug shows names only.
#[derive(Clone, Default)]
pub struct Credentials(Arc<BTreeMap<String, SecretString>>);

impl Credentials {
    /// From plain pairs; the texts are moved, not copied.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Arc::new(
            pairs
                .into_iter()
                .map(|(name, text)| (name, SecretString::from(text)))
                .collect(),
        ))
    }

    /// A field that must be there.
    pub fn need(&self, field: &str) -> Result<&str, RemoteError> {
        self.get(field).ok_or_else(|| RemoteError::MissingCredential {
            field: field.to_owned(),
        })
    }

    /// A field that may be there; empty counts as absent.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0
            .get(field)
            .map(ExposeSecret::expose_secret)
            .filter(|text| !text.is_empty())
    }

    /// The names of the fields that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A copy with some fields replaced (after a token refresh).
    #[must_use]
    pub fn with(&self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all: BTreeMap<String, SecretString> = (*self.0).clone();
        all.extend(
            pairs
                .into_iter()
                .map(|(name, text)| (name, SecretString::from(text))),
        );
        Self(Arc::new(all))
    }

    /// A text from the other side without our own secrets in it. Platforms and proxies repeat requests in their error
    /// pages, and such texts are stored, logged and shown.
    pub fn blacked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for (name, secret) in self.0.iter() {
            let secret = secret.expose_secret();
            if secret.len() < BLACKED_FROM || NAMING.contains(&name.as_str()) {
                continue;
            }
            for form in echoes(secret) {
                if text.contains(&form) {
                    text = Cow::Owned(text.replace(&form, BLACK));
                }
            }
        }
        text
    }

    /// All fields in clear, for sealing. Nothing else may call this.
    pub fn expose(&self) -> BTreeMap<String, String> {
        self.0
            .iter()
            .map(|(name, secret)| (name.clone(), secret.expose_secret().to_owned()))
            .collect()
    }
}

/// How an answer may write what it was sent: as it is, as in a query or form, as in JSON (and JSON within JSON), as in
/// HTML.
fn echoes(secret: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let spaced = query.replace('+', "%20");
    let quoted = |text: &str| {
        let whole = serde_json::Value::from(text).to_string();
        whole[1..whole.len() - 1].to_owned()
    };
    let json = quoted(secret);
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut forms = vec![
        secret.to_owned(),
        lower_hex(&query),
        lower_hex(&spaced),
        query,
        spaced,
        quoted(&json),
        json,
        html.replace('"', "&quot;"),
        html,
    ];
    forms.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    forms
}

/// The same with small letters behind each percent sign.
fn lower_hex(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(part.len().min(2));
        out.push('%');
        out.push_str(&code.to_ascii_lowercase());
        out.push_str(rest);
    }
    out
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One account, and one store of it where the call needs a store.
#[derive(Clone, Debug)]
pub struct Session {
    /// Key for pacing per app: platform and account row id.
    pub account: String,
    /// Key for pacing per store; empty for calls that concern no store.
    pub store: String,
    /// The platform's id of the store; for an ERP the branch number (线下门店编号).
    pub remote_id: String,
    /// Where to call. `None` is the connector's own address.
    pub endpoint: Option<Url>,
    /// The account's credentials.
    pub credentials: Credentials,
    /// Settings of the account that are no secrets (order mode, uncertain protocol facts).
    pub settings: Arc<BTreeMap<String, String>>,
    /// What to add to the local clock to get the server's, in milliseconds.
    pub clock_offset_ms: i64,
}

impl Session {
    /// A setting, or its default.
    pub fn setting<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.settings.get(name).map_or(default, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn a_repeated_secret_is_blacked_out_in_every_writing_and_names_stay() {
        let held = Credentials::new(
            [
                ("app_id", "10023456"),
                ("app_secret", "s3cr/et+\"k<y&0"),
                ("pin", "1234567"),
            ]
            .map(|(name, text)| (name.to_owned(), text.to_owned())),
        );
        let echo = r#"s3cr/et+"k<y&0|s3cr%2Fet%2B%22k%3Cy%260|{"a":"s3cr/et+\"k<y&0"}|s3cr/et+&quot;k&lt;y&amp;0|10023456|1234567"#;
        assert_eq!(
            held.blacked(echo),
            r#"******|******|{"a":"******"}|******|10023456|1234567"#
        );
        assert_eq!(held.blacked("nothing of ours"), "nothing of ours");
    }
}
