//! Two texts character by character, with what no eye can see.

use crate::text;
use serde::{Deserialize, Serialize};

/// Where a character stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    /// In both.
    Equal,
    /// In the first only.
    Removed,
    /// In the second only.
    Added,
}

/// One character of a diff.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CharDiff {
    /// Where it stands.
    pub kind: DiffKind,
    /// The character.
    pub character: char,
    /// `U+200B` and the like, for the hint.
    pub code_point: String,
    /// Nobody can see it.
    pub hidden: bool,
    /// A full-width twin of a plain character.
    pub full_width: bool,
    /// A blank of any kind.
    pub blank: bool,
}

/// Beyond this product of lengths the middle is shown as replaced as a whole; names are far below it.
const TOO_LONG: usize = 4_000_000;

/// The shortest way from `a` to `b`, what both share first, then what is removed before what is added.
pub fn char_diff(a: &str, b: &str) -> Vec<CharDiff> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..]
        .iter()
        .rev()
        .zip(b[head..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (left, right) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut out: Vec<CharDiff> = a[..head].iter().map(|c| shown(DiffKind::Equal, *c)).collect();
    middle(left, right, &mut out);
    out.extend(a[a.len() - tail..].iter().map(|c| shown(DiffKind::Equal, *c)));
    out
}

fn middle(left: &[char], right: &[char], out: &mut Vec<CharDiff>) {
    let (n, m) = (left.len(), right.len());
    if n == 0 || m == 0 || n.saturating_mul(m) > TOO_LONG {
        out.extend(left.iter().map(|c| shown(DiffKind::Removed, *c)));
        out.extend(right.iter().map(|c| shown(DiffKind::Added, *c)));
        return;
    }
    // common[i][j]: the longest common subsequence of left[i..] and right[j..].
    let width = m + 1;
    let mut common = vec![0_u32; (n + 1) * width];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            common[i * width + j] = if left[i] == right[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if i < n && j < m && left[i] == right[j] {
            out.push(shown(DiffKind::Equal, left[i]));
            i += 1;
            j += 1;
        } else if j == m || (i < n && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            out.push(shown(DiffKind::Removed, left[i]));
            i += 1;
        } else {
            out.push(shown(DiffKind::Added, right[j]));
            j += 1;
        }
    }
}

fn shown(kind: DiffKind, character: char) -> CharDiff {
    CharDiff {
        kind,
        character,
        code_point: format!("U+{:04X}", u32::from(character)),
        hidden: text::is_hidden(character),
        full_width: matches!(character, '\u{3000}' | '\u{FF01}'..='\u{FF5E}'),
        blank: character.is_whitespace(),
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffKind, char_diff};

    fn marked(a: &str, b: &str) -> String {
        char_diff(a, b)
            .iter()
            .map(|d| match d.kind {
                DiffKind::Equal => d.character.to_string(),
                DiffKind::Removed => format!("-{}", d.character),
                DiffKind::Added => format!("+{}", d.character),
            })
            .collect()
    }

    #[test]
    fn what_differs_is_marked_character_by_character() {
        assert_eq!(marked("红豆面包", "红豆面包"), "红豆面包");
        assert_eq!(marked("红豆面包60g", "红豆软面包60克"), "红豆+软面包60-g+克");
        assert_eq!(marked("", "新"), "+新");
    }

    #[test]
    fn hidden_and_full_width_characters_are_named() {
        let diff = char_diff("可乐\u{200b}", "可乐");
        assert_eq!((diff[2].code_point.as_str(), diff[2].hidden), ("U+200B", true));
        assert!(char_diff("（", "(")[0].full_width);
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_back(a in "[ab可乐　 ]{0,12}", b in "[ab可乐　 ]{0,12}") {
            let diff = char_diff(&a, &b);
            let side = |without| diff.iter().filter(|d| d.kind != without).map(|d| d.character).collect::<String>();
            proptest::prop_assert_eq!(side(DiffKind::Added), a);
            proptest::prop_assert_eq!(side(DiffKind::Removed), b);
        }
    }
}
