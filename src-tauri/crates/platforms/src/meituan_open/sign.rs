//! Signatures of both Meituan API families (fact sheet 3.1 and 3.2).

use md5::{Digest, Md5};
use sha1::Sha1;
use std::fmt::Write as _;

/// Family A, parameter `sig`: MD5 in lower-case hex over the called address without its query, `?`, all parameters
/// sorted by name and joined raw (nothing encoded, nothing trimmed), and the secret. Empty values take part as
/// `name=`; `sig` itself and byte content do not.
pub fn md5_v1(url: &str, params: &[(&str, &str)], secret: &str) -> String {
    let joined = sorted(params, |name, _| name != "sig" && name != "img_data")
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    hex(&Md5::digest(format!("{url}?{joined}{secret}")))
}

/// Family B, parameter `sign`: SHA-1 in lower-case hex over the sign key and every name directly followed by its
/// value, sorted by name. Empty values and `sign` in any letter case take no part; the address is not signed.
pub fn sha1_mtop(params: &[(&str, &str)], sign_key: &str) -> String {
    let mut text = sign_key.to_owned();
    for (name, value) in sorted(params, |name, value| {
        !name.eq_ignore_ascii_case("sign") && !value.is_empty()
    }) {
        text.push_str(name);
        text.push_str(value);
    }
    hex(&Sha1::digest(text))
}

fn sorted<'a>(
    params: &[(&'a str, &'a str)],
    takes_part: impl Fn(&str, &str) -> bool,
) -> Vec<(&'a str, &'a str)> {
    let mut params: Vec<_> = params
        .iter()
        .copied()
        .filter(|(name, value)| takes_part(name, value))
        .collect();
    params.sort_by_key(|(name, _)| *name);
    params
}

fn hex(digest: &[u8]) -> String {
    digest
        .iter()
        .fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::{md5_v1, sha1_mtop};

    const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[test]
    fn family_a_signs_raw_values_in_name_order() {
        let params = [
            ("timestamp", "1700000000"),
            ("app_poi_codes", "T001,T002"),
            ("app_id", "9001"),
            ("sig", "whatever"),
        ];
        let url = "https://waimaiopen.meituan.com/api/v1/poi/mget";
        assert_eq!(md5_v1(url, &params, SECRET), "221d583b822f2dc1b1842d642b5239fb");
    }

    #[test]
    fn family_a_signs_empty_values_as_a_bare_name() {
        let params = [
            ("app_id", "9001"),
            ("timestamp", "1700000000"),
            ("order_id", "27057681346840001"),
            ("reason_code", "1103"),
            ("reason", "用户取消,不想要了"),
            ("deal_op_type", "1"),
            ("remark", ""),
        ];
        let url = "https://oms.example.com/mt/order/cancel";
        assert_eq!(md5_v1(url, &params, SECRET), "115da584e905cd22f86a6252aed44024");
    }

    #[test]
    fn family_b_drops_empty_values_and_puts_the_key_in_front() {
        let params = [
            ("biz", r#"{"offset":0,"limit":100}"#),
            ("appAuthToken", "aat-demo"),
            ("businessId", "2"),
            ("charset", "UTF-8"),
            ("developerId", "100001"),
            ("timestamp", "1700000000"),
            ("version", "2"),
            ("scope", ""),
            ("SIGN", "x"),
        ];
        assert_eq!(
            sha1_mtop(&params, "k3yk3yk3yk3yk3y0"),
            "3edc146b69f13185148ba2137701b01ab7d7b97b"
        );
    }
}
