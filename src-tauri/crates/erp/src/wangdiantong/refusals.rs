//! What codes and texts mean (fact sheet 2.3 and 2.4). 旗舰版 has numbers of its own for the connection; under 100, and in
//! 企业版 everywhere, the text decides.

use super::auth::Edition;
use connect::error::{Effect, Layer, RemoteError};
use std::time::Duration;

/// Who called too often is told to leave the interface alone for five to ten minutes.
const REST: Duration = Duration::from_mins(5);

/// The failure behind an answer whose code is not 0.
pub(super) fn verdict(edition: Edition, code: i64, text: String) -> RemoteError {
    let low = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| low.contains(word));
    let numbered = |number| edition == Edition::Flagship && code == number;
    let refused = |layer, text| RemoteError::Refused { layer, text };
    if says(&["调用频率", "频率限制", "并发次数", "频繁", "超过每分钟"]) {
        return RemoteError::Throttled {
            wait: Some(REST),
            text,
        };
    }
    if numbered(6) || (mentions_ip(&low) && says(&["限制", "白名单", "不允许"])) {
        let address = address_in(&text).unwrap_or("本机的公网地址").to_owned();
        return refused(
            Layer::Permission,
            format!("出口IP[{address}]不在ERP的白名单：{text}"),
        );
    }
    if numbered(7) || says(&["时间戳", "timestamp"]) {
        return refused(Layer::Signature, format!("电脑的时间和ERP差得太多：{text}"));
    }
    if says(&["签名", "验证失败", "app auth fail", "sign error", "invalid sign"]) {
        return refused(Layer::Signature, text);
    }
    if says(&[
        "sid is not",
        "sid不存在",
        "无效sid",
        "appkey不存在",
        "无效appkey",
        "卖家账号不存在",
    ]) || numbered(3)
    {
        return refused(Layer::Key, text);
    }
    if says(&["权限不足", "无权限", "没有权限", "访问权限"]) {
        return refused(Layer::Permission, text);
    }
    if numbered(4) || numbered(5) || numbered(99) || says(&["数据库错误", "系统繁忙", "系统异常"])
    {
        return RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        };
    }
    RemoteError::Rejected {
        code: code.to_string(),
        text,
    }
}

fn mentions_ip(low: &str) -> bool {
    let mut words = low.split(|sign: char| !sign.is_ascii_alphabetic());
    words.any(|word| word == "ip")
}

/// The first IPv4 or IPv6 address that stands in a text.
fn address_in(text: &str) -> Option<&str> {
    text.split(|sign: char| !(sign.is_ascii_hexdigit() || sign == '.' || sign == ':'))
        .map(|part| part.trim_matches([':', '.']))
        .find(|part| part.len() > 6 && part.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Edition, Layer, RemoteError, verdict};

    fn layer(edition: Edition, code: i64, text: &str) -> Option<Layer> {
        match verdict(edition, code, text.to_owned()) {
            RemoteError::Refused { layer, .. } => Some(layer),
            _ => None,
        }
    }

    #[test]
    fn numbers_of_one_edition_say_nothing_in_the_other() {
        assert_eq!(layer(Edition::Flagship, 7, "x"), Some(Layer::Signature));
        assert_eq!(layer(Edition::Flagship, 6, "x"), Some(Layer::Permission));
        for code in [3, 6, 7, 99] {
            assert!(matches!(
                verdict(Edition::Enterprise, code, "x".to_owned()),
                RemoteError::Rejected { .. }
            ));
        }
    }

    #[test]
    fn texts_decide_under_the_common_number() {
        for edition in [Edition::Enterprise, Edition::Flagship] {
            assert!(matches!(
                verdict(edition, 100, "超过每分钟最大调用频率限制，请稍后重试".to_owned()),
                RemoteError::Throttled { wait: Some(_), .. }
            ));
            assert_eq!(layer(edition, 100, "权限不足"), Some(Layer::Permission));
            assert_eq!(layer(edition, 1, "sid is not found"), Some(Layer::Key));
            assert_eq!(layer(edition, 1, "验证失败"), Some(Layer::Signature));
            assert!(matches!(
                verdict(edition, 100, "店铺编号不存在或已停用".to_owned()),
                RemoteError::Rejected { .. }
            ));
        }
        let error = verdict(Edition::Flagship, 6, "ip限制 203.0.113.9".to_owned());
        assert!(error.text().contains("出口IP[203.0.113.9]"), "{error:?}");
    }
}
