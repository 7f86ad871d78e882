//! Texts from outside, made safe for paper.

use crate::text::is_hidden;

/// Columns a text takes: printers with a Chinese set give one to ASCII and two to everything else.
pub fn columns(text: &str) -> usize {
    text.chars().map(wide).sum()
}

fn wide(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

/// A text without what cannot be printed. `<` and `>` become their full-width twins: a printer cloud reads them as
/// commands, and how to write them as themselves is published nowhere. Emoji and pictures are dropped (printers have no
/// glyph for them), blanks and line ends become one blank.
pub fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut blank = false;
    for character in text.chars() {
        let kept = match character {
            '<' => '＜',
            '>' => '＞',
            '¥' => '￥',
            other if other.is_whitespace() => {
                blank = !clean.is_empty();
                continue;
            }
            other if is_hidden(other) || other.is_control() || is_picture(other) => continue,
            other => other,
        };
        if blank {
            clean.push(' ');
            blank = false;
        }
        clean.push(kept);
    }
    clean
}

/// Emoji, dingbats, private use and joiners: nothing of it is in a printer's Chinese set.
fn is_picture(character: char) -> bool {
    matches!(
        character,
        '\u{20E3}'
            | '\u{2300}'..='\u{23FF}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{2B00}'..='\u{2BFF}'
            | '\u{E000}'..='\u{F8FF}'
            | '\u{FFF0}'..='\u{1FFFF}'
            | '\u{E0000}'..='\u{10FFFF}'
    )
}

/// A text cut into lines of at most so many columns; at least one line.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for character in text.chars() {
        let takes = wide(character);
        if used + takes > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(character);
        }
        used += takes;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{columns, printable, wrapped};

    #[test]
    fn a_buyer_cannot_write_a_command_and_emoji_are_left_out() {
        assert_eq!(
            printable("多放辣🌶️<CUT>\n谢谢<B>👨‍👩‍👧</B>"),
            "多放辣＜CUT＞ 谢谢＜B＞＜/B＞"
        );
        assert_eq!(printable("  ☆€ 𠮷野家\u{200b} \u{1b}@ "), "€ 𠮷野家 @");
        assert_eq!(printable("★☎✅①Ⅷ"), "①Ⅷ");
    }

    #[test]
    fn chinese_takes_two_columns_and_never_hangs_over_the_edge() {
        assert_eq!(columns("可乐330ml"), 9);
        for width in 2..12 {
            for line in wrapped("可口可乐330ml罐装，冰的", width) {
                assert!(columns(&line) <= width, "{line} in {width}");
            }
        }
        assert_eq!(wrapped("可口可乐330ml", 5), ["可口", "可乐3", "30ml"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
