//! A page as ESC/POS commands with text in GB18030.

use domain::receipt::{Page, Size};
use encoding_rs::GB18030;

/// Reset, then the Chinese set on.
const BEGIN: &[u8] = b"\x1b@\x1c&";
/// Double height and width on and off, for ASCII (`GS !`) and for Chinese characters (`FS !`): the two are set apart.
const LARGE: &[u8] = b"\x1d!\x11\x1c!\x0c";
const NORMAL: &[u8] = b"\x1d!\x00\x1c!\x00";
/// Feed, then cut; a printer without a cutter only feeds.
const END: &[u8] = b"\x1bd\x04\x1dV\x42\x00";

/// The commands of one copy. A character that GB18030 cannot say does not exist: it covers all of Unicode.
pub fn bytes(page: &Page) -> Vec<u8> {
    let mut out = BEGIN.to_vec();
    for line in &page.lines {
        if line.size == Size::Large {
            out.extend_from_slice(LARGE);
        }
        let (text, _, _) = GB18030.encode(&line.text);
        out.extend_from_slice(&text);
        out.push(b'\n');
        if line.size == Size::Large {
            out.extend_from_slice(NORMAL);
        }
    }
    out.extend_from_slice(END);
    out
}

#[cfg(test)]
mod tests {
    use super::bytes;
    use domain::receipt::{Line, Page, Paper, Size};

    #[test]
    fn large_lines_are_set_and_reset_and_chinese_is_gb18030() {
        let line = |text: &str, size| Line {
            text: text.to_owned(),
            size,
        };
        let page = Page {
            paper: Paper::Mm58,
            lines: vec![line("大#1", Size::Large), line("可乐", Size::Normal)],
        };
        assert_eq!(
            bytes(&page),
            b"\x1b@\x1c&\x1d!\x11\x1c!\x0c\xb4\xf3#1\n\x1d!\x00\x1c!\x00\xbf\xc9\xc0\xd6\n\x1bd\x04\x1dV\x42\x00"
        );
    }
}
