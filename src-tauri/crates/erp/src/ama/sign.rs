//! The signature of messages that AMA sends to us (fact sheet 3). Calls to AMA carry none.

use md5::{Digest, Md5};
use std::fmt::Write as _;

/// MD5 in lower-case hex: blank fields and `sign` dropped, the rest written `name=value`, these texts sorted, joined
/// by `&`, `&key=` and the secret appended. AMA compares without regard to case.
pub fn message(fields: &[(&str, &str)], secret: &str) -> String {
    let mut parts: Vec<String> = fields
        .iter()
        .filter(|(name, value)| *name != "sign" && !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort();
    let text = format!("{}&key={secret}", parts.join("&"));
    Md5::digest(text)
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn blank_fields_take_no_part() {
        let fields = [
            ("trace_id", "t"),
            ("merchant_type", "BOOK"),
            ("merchant_id", "1"),
            ("notice_type", "n"),
            ("app_id", "demo"),
            ("body", "苹果"),
            ("extra", "  "),
            ("sign", "x"),
        ];
        assert_eq!(message(&fields, "demosecret"), "69de43ee3e023a044a9082cc56d0fd2f");
    }
}
