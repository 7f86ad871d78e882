//! Words by code: the same message file that the window shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Read once; a file that does not read leaves codes without words, which a test forbids.
static MESSAGES: LazyLock<toml::Table> = LazyLock::new(|| {
    include_str!("../../../../assets/messages/zh-CN.toml")
        .parse()
        .unwrap_or_default()
});

/// Values for the words.
type Params = BTreeMap<String, String>;

fn find(section: &str, code: &str, field: &str) -> Option<&'static str> {
    MESSAGES.get(section)?.get(code)?.get(field)?.as_str()
}

/// What a finding, a cause or a picture rule says: what it is, then why and what to do.
pub(crate) fn finding(id: &str, params: &Params) -> String {
    let what = find("finding", id, "what").or_else(|| find("finding", id, "many"));
    let Some(what) = what else {
        return id.to_owned();
    };
    let mut text = filled(what, params);
    if let Some(why) = find("finding", id, "why") {
        text.push('。');
        text.push_str(&filled(why, params));
    }
    text
}

/// What a whole group of a cause is called.
pub(crate) fn group(id: &str) -> String {
    let text = find("finding", id, "many").or_else(|| find("finding", id, "what"));
    text.map_or_else(|| id.to_owned(), |text| filled(text, &Params::new()))
}

/// What a remedy's button says.
pub(crate) fn remedy(kind: &str) -> String {
    find("remedy", kind, "label").unwrap_or(kind).to_owned()
}

/// A reason in words.
pub(crate) fn reason(code: &str, params: &Params) -> String {
    find("reason", code, "text").map_or_else(|| code.to_owned(), |text| filled(text, params))
}

/// An error in words, when there are any: what happened, then what to do.
pub(crate) fn error(code: &str, params: &Params) -> Option<String> {
    // A code such as `vault.locked` is a path below `error`.
    let mut at = MESSAGES.get("error");
    for part in code.split('.') {
        at = at.and_then(|value| value.get(part));
    }
    let field = |name: &str| at.and_then(|value| value.get(name)?.as_str());
    let what = own(code).or_else(|| field("title"))?;
    let mut text = filled(what, params);
    if own(code).is_none()
        && let Some(advice) = field("advice")
    {
        text.push('。');
        text.push_str(&filled(advice, params));
    }
    Some(text)
}

/// Failures whose way out is another one on the command line.
fn own(code: &str) -> Option<&'static str> {
    Some(match code {
        "in_use" => "数据文件夹正被「{holder}」使用。关掉它再试；只看不改的命令随时可用",
        "no_data" => "这个文件夹里还没有数据。先导入商品库，或用 --data-dir 指到别的文件夹",
        "remote_id_missing" => "缺少门店编号（--remote-id）",
        _ => return None,
    })
}

/// A text under any section, with a fallback.
pub(crate) fn other(code: &str, params: &Params) -> String {
    let (section, rest) = code.split_once('.').unwrap_or(("", code));
    if section == "finding" {
        return finding(rest, params);
    }
    if section == "error"
        && let Some(text) = error(rest, params)
    {
        return text;
    }
    // `step.key.ok` is `[step.key] ok = …`, `batch.import` is `[batch] import = …` or `[batch.import] text = …`.
    let mut at = MESSAGES.get(section);
    for part in rest.split('.') {
        at = at.and_then(|value| value.get(part));
    }
    let text = at.and_then(|value| {
        value.as_str().or_else(|| {
            ["text", "what", "label"]
                .iter()
                .find_map(|field| value.get(field)?.as_str())
        })
    });
    text.map_or_else(|| code.to_owned(), |text| filled(text, params))
}

/// How long ago something was.
pub(crate) fn age(ms: i64) -> String {
    match ms / 60_000 {
        ..1 => "刚刚".to_owned(),
        minutes @ 1..60 => format!("{minutes} 分钟前"),
        minutes @ 60..1440 => format!("{} 小时前", minutes / 60),
        minutes => format!("{} 天前", minutes / 1440),
    }
}

/// Puts values in the place of `{name}`; a value that is not there leaves nothing behind.
fn filled(text: &str, params: &Params) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            out.push_str(after);
            return out;
        };
        out.push_str(params.get(name).map_or("", String::as_str));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Params, error, filled, finding, remedy};

    #[test]
    fn values_are_filled_in_and_missing_ones_leave_no_braces() {
        let params = Params::from([("name".to_owned(), "可乐".to_owned())]);
        assert_eq!(filled("「{name}」{spec}卖光", &params), "「可乐」卖光");
        assert_eq!(filled("半个 {name", &params), "半个 {name");
    }

    #[test]
    fn an_error_says_what_happened_and_what_to_do() {
        let full = error("disk_full", &Params::new()).unwrap();
        assert!(full.contains("磁盘满了") && full.contains("腾出空间"), "{full}");
        assert!(error("vault.locked", &Params::new()).unwrap().contains("解锁"));
        assert_eq!(error("no_such_code", &Params::new()), None);
    }

    #[test]
    fn the_message_file_reads_and_speaks_chinese() {
        let params = Params::from([("code".to_owned(), "42".to_owned())]);
        assert!(finding("F03", &params).contains("42"));
        assert_ne!(remedy("repush"), "repush");
        assert_eq!(finding("NOT_A_ROW", &params), "NOT_A_ROW");
    }
}
