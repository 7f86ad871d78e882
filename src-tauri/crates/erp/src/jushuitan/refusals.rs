//! What a code and its text mean (fact sheet 1.3).
//!
//! Two tables of the vendor give the same numbers different meanings, and which of them is live nobody could try: 140 is a
//! clock that is off or a bad parameter, 150 a refresh that is not allowed or an internal error. So the text is asked
//! first, and a number counts for itself only where one table alone has it.

use connect::error::{Effect, Layer, RemoteError};
use std::time::Duration;

/// What a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Signature,
    Rate,
    Ip,
    Clock,
    Refresh,
    Permission,
    Token,
    Internal,
    Unknown,
}

/// The failure behind an answer whose code is not 0.
pub(super) fn verdict(code: i64, text: String) -> RemoteError {
    let topic = match topic_of(&text) {
        Topic::Unknown => topic_of_number(code),
        told => told,
    };
    let refused = |layer, text| RemoteError::Refused { layer, text };
    match topic {
        Topic::Signature => refused(Layer::Signature, text),
        Topic::Rate => RemoteError::Throttled {
            wait: Some(if code == 200 || text.contains("分钟") {
                Duration::from_mins(1)
            } else {
                Duration::from_secs(1)
            }),
            text,
        },
        Topic::Ip => {
            let address = address_in(&text).unwrap_or("本机的公网地址").to_owned();
            refused(
                Layer::Permission,
                format!("出口IP[{address}]不在ERP的白名单：{text}"),
            )
        }
        Topic::Clock => refused(Layer::Signature, format!("电脑的时间和ERP差得太多：{text}")),
        Topic::Refresh | Topic::Token => RemoteError::Expired { text },
        Topic::Permission => refused(Layer::Permission, text),
        Topic::Internal => RemoteError::Busy {
            text,
            effect: Effect::Unknown,
        },
        Topic::Unknown => RemoteError::Rejected {
            code: code.to_string(),
            text,
        },
    }
}

fn topic_of(text: &str) -> Topic {
    let low = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| low.contains(word));
    if says(&["签名"]) || words(&low).any(|word| word == "sign") {
        Topic::Signature
    } else if says(&["频率", "频繁", "限流", "调用次数", "超过每秒", "超过每分钟"]) {
        Topic::Rate
    } else if words(&low).any(|word| word == "ip") && says(&["白名单", "限制", "不允许", "未授权"])
    {
        Topic::Ip
    } else if says(&["时间戳", "timestamp"]) {
        Topic::Clock
    } else if says(&["refresh", "刷新"]) {
        Topic::Refresh
    } else if says(&["没有权限", "无权限", "没有接口权限", "权限不足", "未开通"]) {
        Topic::Permission
    } else if says(&["token", "授权已过期", "未授权"]) {
        Topic::Token
    } else if says(&["内部错误", "系统繁忙", "系统异常"]) {
        Topic::Internal
    } else {
        Topic::Unknown
    }
}

/// Numbers that only the newer table has.
fn topic_of_number(code: i64) -> Topic {
    match code {
        10 => Topic::Signature,
        100 => Topic::Token,
        110 => Topic::Ip,
        190 => Topic::Permission,
        199 => Topic::Rate,
        _ => Topic::Unknown,
    }
}

/// Words of Latin letters.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
}

/// The first IPv4 or IPv6 address that stands in a text.
fn address_in(text: &str) -> Option<&str> {
    text.split(|sign: char| !(sign.is_ascii_hexdigit() || sign == '.' || sign == ':'))
        .map(|part| part.trim_matches([':', '.']))
        .find(|part| part.len() > 6 && part.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Layer, RemoteError, verdict};

    #[test]
    fn the_text_decides_where_the_two_tables_differ() {
        let layer = |code, text: &str| match verdict(code, text.to_owned()) {
            RemoteError::Refused { layer, .. } => Some(layer),
            _ => None,
        };
        // 120 and 10 are both the signature, 140 and 180 both the clock.
        assert_eq!(layer(10, "无效的签名"), Some(Layer::Signature));
        assert_eq!(layer(120, "sign错误"), Some(Layer::Signature));
        assert_eq!(layer(140, "时间戳超出范围"), Some(Layer::Signature));
        assert_eq!(layer(180, "timestamp超过10分钟"), Some(Layer::Signature));
        // The other meaning of 140 and of 150.
        assert!(matches!(
            verdict(140, "参数错误: so_id".to_owned()),
            RemoteError::Rejected { .. }
        ));
        assert!(matches!(
            verdict(150, "内部错误".to_owned()),
            RemoteError::Busy { .. }
        ));
        assert!(matches!(
            verdict(150, "该应用不允许刷新token".to_owned()),
            RemoteError::Expired { .. }
        ));
        // A number alone, where both tables have it, says nothing.
        for code in [120, 130, 140, 150, 160, 170, 180, 200] {
            assert!(matches!(
                verdict(code, String::new()),
                RemoteError::Rejected { .. }
            ));
        }
    }

    #[test]
    fn the_address_to_add_is_told() {
        let error = verdict(110, "调用方IP 203.0.113.9 不在白名单中".to_owned());
        assert!(error.text().contains("出口IP[203.0.113.9]"), "{error:?}");
        let error = verdict(110, String::new());
        assert!(error.text().contains("出口IP[本机的公网地址]"), "{error:?}");
    }

    #[test]
    fn a_minute_s_quota_waits_a_minute() {
        let wait = |code, text: &str| match verdict(code, text.to_owned()) {
            RemoteError::Throttled { wait, .. } => wait.map(|wait| wait.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(199, "超过每秒调用次数"), Some(1));
        assert_eq!(wait(200, "超过每分钟调用次数"), Some(60));
    }
}
