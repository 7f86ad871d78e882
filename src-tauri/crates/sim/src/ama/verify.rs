//! 乐檬 inbound message signature (ERP fact sheet part 3), written from the rule and its worked example.

use md5::{Digest, Md5};

/// The signature of a message: fields that are not blank as `name=value`, those texts sorted and joined by `&`, then
/// `&key=` and the secret; MD5, lower-case hex. `sign` itself takes no part.
pub fn signature(message: &[(String, String)], secret: &str) -> String {
    let mut signed: Vec<String> = message
        .iter()
        .filter(|(name, value)| name != "sign" && !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    signed.sort_unstable();
    let text = format!("{}&key={secret}", signed.join("&"));
    crate::wire::hex(&Md5::digest(text.as_bytes()))
}

/// Whether `sign` fits the message; letter case does not matter.
pub fn holds(message: &[(String, String)], sign: &str, secret: &str) -> bool {
    signature(message, secret).eq_ignore_ascii_case(sign)
}

#[cfg(test)]
mod tests {
    use super::{holds, signature};

    fn message(body: &str) -> Vec<(String, String)> {
        [
            ("trace_id", "t"),
            ("merchant_type", "BOOK"),
            ("merchant_id", "1"),
            ("notice_type", "n"),
            ("app_id", "demo"),
            ("body", body),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
    }

    #[test]
    fn the_worked_examples_hold_in_either_case() {
        let plain = message(r#"{"a":1}"#);
        assert_eq!(
            signature(&plain, "demosecret"),
            "951b2395a6902f3e2be851c555f62fe3"
        );
        assert_eq!(
            signature(&message("苹果"), "demosecret"),
            "69de43ee3e023a044a9082cc56d0fd2f"
        );
        assert!(holds(&plain, "951B2395A6902F3E2BE851C555F62FE3", "demosecret"));
        assert!(!holds(&plain, "951b2395a6902f3e2be851c555f62fe4", "demosecret"));
    }

    #[test]
    fn blank_fields_take_no_part() {
        let mut with_blank = message("{}");
        with_blank.push(("remark".to_owned(), "  ".to_owned()));
        assert_eq!(signature(&with_blank, "s"), signature(&message("{}"), "s"));
    }
}
