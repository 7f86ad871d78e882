//! Text as people and platforms mangle it: full-width twins, hidden characters, doubled blanks.
//!
//! Stored text is never changed silently. Comparison happens on [`normalized`] text; what normalising removed is
//! shown by [`hidden_characters`].

use unicode_normalization::UnicodeNormalization;

/// Characters that no person can see and that make two equal-looking texts differ.
pub fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
    ) || (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
}

/// Text for comparison: NFKC, no hidden characters, single blanks, trimmed (problems.md 1.4.1).
pub fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for character in text.nfkc().filter(|c| !is_hidden(*c)) {
        if character.is_whitespace() {
            blank = !out.is_empty();
        } else {
            if blank {
                out.push(' ');
                blank = false;
            }
            out.push(character);
        }
    }
    out
}

/// A code cleaned of what cannot belong to it: full-width twins, hidden characters, all blanks.
pub fn cleaned_code(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_hidden(*c) && !c.is_whitespace())
        .collect()
}

/// The hidden characters of a text with their position in characters, for showing what was removed.
pub fn hidden_characters(text: &str) -> Vec<(usize, char)> {
    text.chars().enumerate().filter(|(_, c)| is_hidden(*c)).collect()
}

/// Length in characters, the unit in which platforms limit names.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::{cleaned_code, hidden_characters, normalized};

    #[test]
    fn equal_looking_texts_normalize_to_the_same() {
        assert_eq!(normalized("　５５０ｍｌ × 12\u{200b}瓶 "), "550ml × 12瓶");
        assert_eq!(normalized("a\u{a0}\t b"), "a b");
    }

    #[test]
    fn codes_lose_blanks_and_full_width_twins() {
        assert_eq!(cleaned_code(" ６９０\u{feff}1 234 "), "6901234");
    }

    #[test]
    fn hidden_characters_are_located() {
        assert_eq!(hidden_characters("69\u{200b}01"), vec![(2, '\u{200b}')]);
    }
}
