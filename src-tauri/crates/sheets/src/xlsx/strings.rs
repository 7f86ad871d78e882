//! The shared strings, in one growing buffer with an offset each: a million short strings cost their bytes and
//! four more, not a million allocations.

use std::io::Read;

use crate::SheetError;
use crate::guard::{Limits, Package};
use crate::xml::{Scanner, Token, decode_escapes, unescape};

use super::parts::Directory;

/// All shared strings of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn read(
        package: &mut Package,
        directory: &Directory,
        limits: &Limits,
    ) -> Result<Self, SheetError> {
        let mut strings = Self::default();
        let Some(part) = directory
            .strings
            .as_deref()
            .filter(|part| package.find(part).is_some())
        else {
            return Ok(strings);
        };
        let mut scanner = Scanner::new(package.part(part)?, limits.text_bytes)?;
        loop {
            match scanner.next()? {
                Token::Start(tag) if tag.name == b"si" => {
                    if !tag.empty {
                        read_rich(&mut scanner, b"si", &mut strings.text, limits)?;
                    }
                    strings.close(limits)?;
                }
                Token::Eof => break,
                _ => {}
            }
        }
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(strings)
    }

    fn close(&mut self, limits: &Limits) -> Result<(), SheetError> {
        if self.ends.len() as u64 >= limits.strings {
            return Err(SheetError::TooManyStrings {
                limit: limits.strings,
            });
        }
        let end = u32::try_from(self.text.len())
            .ok()
            .filter(|&end| u64::from(end) <= limits.string_bytes);
        self.ends.push(end.ok_or(SheetError::TextTooLong {
            limit: limits.string_bytes,
        })?);
        Ok(())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 {
            0
        } else {
            *self.ends.get(index - 1)? as usize
        };
        self.text.get(start..end)
    }
}

/// Appends the text of a rich text (`si` or `is`) up to its end tag: all runs, without the phonetic ones.
pub(crate) fn read_rich<R: Read>(
    scanner: &mut Scanner<R>,
    until: &[u8],
    out: &mut String,
    limits: &Limits,
) -> Result<(), SheetError> {
    let from = out.len();
    let (mut in_text, mut phonetic, mut clean) = (false, false, true);
    loop {
        match scanner.next()? {
            Token::Start(tag) => match tag.name {
                b"t" => in_text = !tag.empty,
                b"rPh" => phonetic = !tag.empty,
                _ => {}
            },
            Token::Text(text) if in_text && !phonetic => {
                clean &= unescape(text, out);
            }
            Token::Raw(text) if in_text && !phonetic => out.push_str(&String::from_utf8_lossy(text)),
            Token::End(b"t") => in_text = false,
            Token::End(b"rPh") => phonetic = false,
            Token::End(name) if name == until => break,
            Token::Eof => return Err(scanner.damaged("ends inside a text")),
            _ => {}
        }
        if out.len() - from > limits.text_bytes {
            return Err(SheetError::TextTooLong {
                limit: limits.text_bytes as u64,
            });
        }
    }
    if !clean {
        return Err(scanner.damaged("unknown entity"));
    }
    decode_escapes(out, from);
    Ok(())
}
