//! Rows as aligned text, Chinese characters counted as two columns wide.

use std::fmt::Write as _;

/// Columns two blanks apart; the last one is not padded.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let mut widths = vec![0; header.len()];
    for row in std::iter::once(&head).chain(rows) {
        for (at, cell) in row.iter().enumerate().take(widths.len()) {
            widths[at] = widths[at].max(width(cell));
        }
    }
    let mut text = String::new();
    for row in std::iter::once(&head).chain(rows) {
        for (at, cell) in row.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < row.len() {
                let pad = widths.get(at).map_or(0, |w| w.saturating_sub(width(cell)));
                text.push_str(&" ".repeat(pad + 2));
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 })
        .sum()
}

/// Puts more behind a text.
pub(crate) fn add(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a text in memory cannot fail.
    let _ = text.write_fmt(more);
}

/// Fen as yuan.
pub(crate) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::{table, yuan};

    #[test]
    fn wide_characters_take_two_columns() {
        let text = table(
            &["a", "b"],
            &[vec!["可乐".into(), "1".into()], vec!["x".into(), "2".into()]],
        );
        assert_eq!(text, "a     b\n可乐  1\nx     2\n");
    }

    #[test]
    fn fen_become_yuan() {
        assert_eq!((yuan(5), yuan(-1234)), ("0.05".to_owned(), "-12.34".to_owned()));
    }
}
