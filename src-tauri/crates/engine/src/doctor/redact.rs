//! Blacks out what must not leave the machine: phones, addresses, tokens, keys, and every secret that is known now.
//! What is blacked out is counted, so that the reader sees how much is missing.

/// What stands in the place of a blacked-out value.
pub const BLACK: &str = "■■■";

/// Names whose values are blacked out, in JSON, forms and logs. Compared in lower case, without `_` and `-`.
const NAMES: &[&str] = &[
    "token",
    "accesstoken",
    "refreshtoken",
    "secret",
    "appsecret",
    "clientsecret",
    "sign",
    "sig",
    "signature",
    "password",
    "authorization",
    "apikey",
    "appid",
    "appkey",
    "source",
    "ticket",
    "merchantid",
    "phone",
    "tel",
    "mobile",
    "recipientphone",
    "recipientname",
    "recipientaddress",
    "address",
    "useraddress",
    "username",
    "receiver",
    "latitude",
    "longitude",
];

/// Signs that make a run of Chinese text an address when digits stand in it too.
const PLACES: [char; 12] = [
    '省', '市', '区', '县', '镇', '乡', '路', '街', '道', '巷', '弄', '村',
];
const HOUSES: [char; 8] = ['号', '室', '栋', '幢', '座', '楼', '层', '弄'];

/// Text without what must not leave, and how many values were blacked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redacted {
    /// The text.
    pub text: String,
    /// Values blacked out.
    pub count: usize,
}

/// Blacks out a text. `known` are secrets in clear that this process holds.
pub fn redact(text: &str, known: &[String]) -> Redacted {
    let mut count = 0;
    let mut text = text.to_owned();
    for secret in known.iter().filter(|secret| secret.len() >= 4) {
        let found = text.matches(secret.as_str()).count();
        if found > 0 {
            count += found;
            text = text.replace(secret.as_str(), BLACK);
        }
    }
    let (text, named) = black_named(&text);
    let (text, shaped) = black_shaped(&text);
    Redacted {
        text,
        count: count + named + shaped,
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// Values after a telling name: `"name":"value"`, `name=value`, `name: value`.
fn black_named(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let mut count = 0;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        out.push_str(name);
        rest = after;
        if !is_telling(name) {
            continue;
        }
        let Some((between, value)) = value_after(after) else {
            continue;
        };
        out.push_str(&after[..between]);
        rest = &after[between + value..];
        if &after[between..between + value] == BLACK {
            out.push_str(BLACK);
        } else {
            out.push_str(BLACK);
            count += 1;
        }
    }
    out.push_str(rest);
    (out, count)
}

fn is_telling(name: &str) -> bool {
    let bare: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    NAMES.contains(&bare.as_str())
}

/// Where the value after a name starts and how long it is, when there is one.
fn value_after(after: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    let bytes = after.as_bytes();
    // A JSON name inside a JSON string closes with an escaped quote.
    while at < bytes.len() && matches!(bytes[at], b'"' | b'\\') {
        at += 1;
    }
    at += after[at..].len() - after[at..].trim_start_matches(' ').len();
    if !matches!(bytes.get(at), Some(b':' | b'=')) {
        return None;
    }
    at += 1;
    at += after[at..].len() - after[at..].trim_start_matches(' ').len();
    let quoted = after[at..].starts_with(['"', '\\']);
    at += after[at..].len() - after[at..].trim_start_matches(['"', '\\']).len();
    let value = &after[at..];
    let end = if quoted {
        value.find(['"', '\\']).unwrap_or(value.len())
    } else if value.starts_with("Bearer ") {
        let from = "Bearer ".len();
        value[from..]
            .find([' ', '&', ',', '\n', '"'])
            .map_or(value.len(), |end| from + end)
    } else {
        value
            .find(|c: char| c.is_whitespace() || matches!(c, '&' | ',' | ';' | '"' | '}' | ']' | ')'))
            .unwrap_or(value.len())
    };
    (end > 0 && !value.starts_with(['{', '['])).then_some((at, end))
}

/// Values by their looks: phone numbers, long keys, addresses.
fn black_shaped(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let mut count = 0;
    let mut run = String::new();
    for character in text.chars().chain(std::iter::once('\n')) {
        if character.is_alphanumeric() || matches!(character, '_' | '-') {
            run.push(character);
            continue;
        }
        if !run.is_empty() {
            count += black_run(&run, &mut out);
            run.clear();
        }
        out.push(character);
    }
    out.pop();
    (out, count)
}

fn black_run(run: &str, out: &mut String) -> usize {
    if is_key(run) || is_landline(run) || is_address(run) {
        out.push_str(BLACK);
        return 1;
    }
    let mut count = 0;
    let mut rest = run;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(rest.len(), |end| start + end);
        out.push_str(&rest[..start]);
        if is_mobile(&rest[start..end]) {
            out.push_str(BLACK);
            count += 1;
        } else {
            out.push_str(&rest[start..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    count
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    // Privacy numbers of the platforms carry an extension behind a separator and look the same before it.
    let national = match bytes.len() {
        11 => bytes,
        13 if bytes.starts_with(b"86") => &bytes[2..],
        _ => return false,
    };
    national[0] == b'1' && (b'3'..=b'9').contains(&national[1])
}

fn is_landline(run: &str) -> bool {
    let Some((area, number)) = run.split_once('-') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(area)
        && area.starts_with('0')
        && (3..=4).contains(&area.len())
        && digits(number)
        && (7..=8).contains(&number.len())
}

/// A run of 32 or more letters and digits with both kinds in it is a key, a token or a signature. UUIDs, which name
/// rows of support systems, are written with hyphens and fall under it too: better one too many.
fn is_key(run: &str) -> bool {
    let plain = run.chars().filter(char::is_ascii_alphanumeric).count();
    plain >= 32
        && run.is_ascii()
        && run.chars().any(|c| c.is_ascii_digit())
        && run.chars().any(|c| c.is_ascii_alphabetic())
}

fn is_address(run: &str) -> bool {
    let chars: Vec<char> = run.chars().collect();
    let place = chars.iter().any(|c| PLACES.contains(c));
    let house = chars
        .windows(2)
        .any(|pair| pair[0].is_ascii_digit() && HOUSES.contains(&pair[1]));
    place && house
}

#[cfg(test)]
mod tests {
    use super::{BLACK, redact};

    fn gone(text: &str, secret: &str) {
        let redacted = redact(text, &[]);
        assert!(!redacted.text.contains(secret), "{}", redacted.text);
        assert!(redacted.text.contains(BLACK));
        assert!(redacted.count > 0);
    }

    #[test]
    fn values_after_telling_names_are_gone_in_every_writing() {
        gone(r#"{"app_secret":"canary-1","x":1}"#, "canary-1");
        gone(r#"{"raw":"{\"access_token\":\"canary-2\"}"}"#, "canary-2");
        gone("GET /x?sig=canary3&a=1", "canary3");
        gone("authorization: Bearer canary4 next", "canary4");
        gone(r#"{"recipient_address":"静安寺旁边"}"#, "静安寺");
    }

    #[test]
    fn phones_keys_and_addresses_are_gone_by_their_looks() {
        gone("call 13812345678 now", "13812345678");
        gone("电话13812345678转1", "13812345678");
        gone("tel 021-62345678", "62345678");
        gone("送到上海市静安区南京西路1515号2楼", "南京西路");
        gone("key 0f1e2d3c4b5a69788796a5b4c3d2e1f0 end", "0f1e2d3c");
    }

    #[test]
    fn order_numbers_barcodes_and_shop_names_stay() {
        for text in [
            "订单 300012345678901234 已推送",
            "规格编码 6901234567892",
            "禾记便利（青禾路店）",
            "2026-11-22T00:00:00Z INFO pulled orders=12 store=3",
        ] {
            let redacted = redact(text, &[]);
            assert_eq!(redacted.text, text);
            assert_eq!(redacted.count, 0);
        }
    }

    #[test]
    fn known_secrets_are_gone_wherever_they_stand() {
        let redacted = redact("xx密钥canary密钥yy", &["canary".to_owned()]);
        assert_eq!(redacted.text, format!("xx密钥{BLACK}密钥yy"));
        assert_eq!(redacted.count, 1);
    }

    #[test]
    fn blacking_out_twice_changes_and_counts_nothing_more() {
        let once = redact(r#"{"token":"abc","phone":"13812345678"}"#, &[]);
        let twice = redact(&once.text, &[]);
        assert_eq!(twice.text, once.text);
        assert_eq!(twice.count, 0);
    }
}
