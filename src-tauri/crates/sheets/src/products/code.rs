//! Codes as they stand in a cell: what Excel itself put around them is taken off, everything else stays and is
//! marked.

use serde::{Deserialize, Serialize};

use crate::model::{Cell, CellFlags, CellKind};
use crate::number;

/// Something to know about a code. Marks are findings for later, not reasons to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeMark {
    /// Excel's own wrapping was taken off: `'` in front, `="…"`, a tab behind it, `.0` of a whole number.
    ArtefactRemoved,
    /// Blanks at the ends.
    EdgeBlank,
    /// Characters nobody sees (zero width, control, byte order mark, soft hyphen, replaced bytes).
    Hidden,
    /// Full-width digits or letters.
    FullWidth,
    /// Dashes or blanks between digits.
    Separators,
    /// Looks like two codes in one cell.
    SeveralCodes,
    /// 8, 12, 13 or 14 digits whose check digit is wrong.
    CheckDigit,
    /// 12 digits that are no UPC-A: the last digit may be missing.
    DigitMissing,
    /// A number of a length codes rarely have: zeros in front may be lost.
    LeadingZeroLost,
}

/// A code from a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The code exactly as it stands, without Excel's own wrapping.
    pub text: String,
    /// What it must have been, where that is beyond doubt: blanks at the ends gone, or full-width digits and
    /// dashes resolved into a code whose check digit is right (or, for full-width ones, any plain digits).
    pub repaired: Option<String>,
    /// Marks.
    pub marks: Vec<CodeMark>,
}

impl Code {
    /// The repaired code where there is one, else the text.
    pub fn best(&self) -> &str {
        self.repaired.as_deref().unwrap_or(&self.text)
    }

    /// Reads a cell; `None` when it holds no code.
    pub(crate) fn read(cell: &Cell) -> Option<Self> {
        let mut text = cell.text.as_str();
        let mut marks = Vec::new();
        let bare = strip_artefacts(text);
        let removed = bare != text || (cell.flags.has(CellFlags::FORMULA) && cell.kind == CellKind::Text);
        text = bare;
        if text
            .trim_matches(|character: char| is_blank(character) || is_hidden(character))
            .is_empty()
        {
            return None;
        }
        if removed {
            marks.push(CodeMark::ArtefactRemoved);
        }
        let mut code = Self {
            text: text.to_owned(),
            repaired: None,
            marks,
        };
        code.judge(cell.kind == CellKind::Number);
        Some(code)
    }

    fn judge(&mut self, number: bool) {
        let trimmed = self.text.trim_matches(is_blank);
        let folded: String = trimmed.chars().map(fold).collect();
        let compact: String = folded
            .chars()
            .filter(|&character| !is_dash(character) && !is_blank(character))
            .collect();
        let mut marks = Vec::new();
        if trimmed.len() != self.text.len() {
            marks.push(CodeMark::EdgeBlank);
        }
        if self.text.chars().any(is_hidden) {
            marks.push(CodeMark::Hidden);
        }
        if folded != trimmed {
            marks.push(CodeMark::FullWidth);
        }
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let separated = compact.len() != folded.len() && digits(&compact);
        if separated {
            marks.push(CodeMark::Separators);
        }
        if several(&folded) {
            marks.push(CodeMark::SeveralCodes);
        }
        let mut repaired = None;
        if separated && matches!(compact.len(), 8 | 12 | 13) && check_digit_right(&compact) {
            repaired = Some(compact.clone());
        } else if folded != self.text && !marks.contains(&CodeMark::Hidden) {
            repaired = Some(folded.clone());
        }
        let judged = repaired.as_deref().unwrap_or(&self.text);
        if digits(judged) {
            match judged.len() {
                12 if !check_digit_right(judged) => marks.push(CodeMark::DigitMissing),
                8 | 13 | 14 if !check_digit_right(judged) => marks.push(CodeMark::CheckDigit),
                8 | 12 | 13 | 14 => {}
                length if length < 8 && !judged.starts_with('0') => marks.push(CodeMark::LeadingZeroLost),
                _ if number => marks.push(CodeMark::LeadingZeroLost),
                _ => {}
            }
        }
        self.repaired = repaired.filter(|repaired| *repaired != self.text);
        self.marks.append(&mut marks);
    }
}

/// Takes off what Excel and its users put around a code to make it stay text.
fn strip_artefacts(text: &str) -> &str {
    let mut text = text.trim_end_matches('\t').trim_start_matches('\t');
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = inner;
    }
    if let Some(rest) = text.strip_prefix('\'') {
        text = rest.strip_suffix('\'').unwrap_or(rest);
    }
    if let Some((whole, fraction)) = text.split_once('.')
        && !whole.is_empty()
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte == b'0')
    {
        text = whole;
    }
    text
}

/// Whether the cell can no longer say which code it was.
pub(crate) fn is_lost(cell: &Cell) -> bool {
    cell.flags.has(CellFlags::DIGITS_LOST) || number::digits_lost(strip_artefacts(&cell.text))
}

/// GS1 check digit over all digits: weights 3 and 1 from the right.
pub(crate) fn check_digit_right(digits: &str) -> bool {
    let mut sum = 0;
    for (index, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        sum += u32::from(byte - b'0') * if index % 2 == 1 { 3 } else { 1 };
    }
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// Whether a text is a GTIN of 8, 12, 13 or 14 digits with the right check digit.
pub(crate) fn is_gtin(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && check_digit_right(text)
}

fn several(text: &str) -> bool {
    let parts: Vec<&str> = text
        .split(['/', ',', ';', '|', '\n', '、', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    parts.len() >= 2
        && parts
            .iter()
            .all(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Half-width for full-width ASCII and the ideographic space; other characters stay.
pub(crate) fn fold(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_')
}

pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{3000}' | '\u{A0}')
}

/// Characters that take no room on the screen.
pub(crate) fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{FEFF}'
            | '\u{AD}'
            | '\u{FFFD}'
    ) || (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Code {
        let cell = Cell {
            text: text.to_owned(),
            kind: CellKind::Text,
            ..Cell::default()
        };
        Code::read(&cell).expect("a code")
    }

    #[test]
    fn excels_own_wrapping_is_taken_off() {
        for wrapped in ["'01162", "=\"01162\"", "01162\t", "01162.0"] {
            let code = read(wrapped);
            assert_eq!(code.text, "01162", "{wrapped}");
            assert_eq!(code.marks, [CodeMark::ArtefactRemoved]);
        }
    }

    #[test]
    fn everything_else_is_kept_and_marked() {
        for (text, repaired, mark) in [
            (" 6959622100602", Some("6959622100602"), CodeMark::EdgeBlank),
            (
                "6922577730217\u{3000}",
                Some("6922577730217"),
                CodeMark::EdgeBlank,
            ),
            (
                "６９２３２７７３２３２５９",
                Some("6923277323259"),
                CodeMark::FullWidth,
            ),
            ("6-901715-291223", Some("6901715291223"), CodeMark::Separators),
            ("69\u{200B}01715291223", None, CodeMark::Hidden),
            ("6971181453067/6971181453068", None, CodeMark::SeveralCodes),
            ("6959554591006", None, CodeMark::CheckDigit),
            ("694333348778", None, CodeMark::DigitMissing),
            ("686", None, CodeMark::LeadingZeroLost),
        ] {
            let code = read(text);
            assert_eq!(code.text, text);
            assert_eq!(code.repaired.as_deref(), repaired, "{text}");
            assert!(code.marks.contains(&mark), "{text}: {:?}", code.marks);
        }
    }

    #[test]
    fn own_codes_are_left_alone() {
        for text in [
            "HS-H1015-HJ-450",
            "*ZC13169216SL*",
            "01162",
            "00057",
            "6927006113463+",
            "1.50",
            "a.0",
        ] {
            let code = read(text);
            assert_eq!(
                (code.text.as_str(), code.repaired, code.marks),
                (text, None, vec![])
            );
        }
        let dashed = read("7-590601-2015169");
        assert_eq!(
            (dashed.text.as_str(), dashed.repaired),
            ("7-590601-2015169", None)
        );
    }

    #[test]
    fn lost_digits_are_seen() {
        for (text, lost) in [
            ("6.90123E+12", true),
            ("=\"6.9E+12\"", true),
            ("6901028184793", false),
        ] {
            let cell = Cell {
                text: text.to_owned(),
                kind: CellKind::Text,
                ..Cell::default()
            };
            assert_eq!(is_lost(&cell), lost, "{text}");
        }
    }
}
