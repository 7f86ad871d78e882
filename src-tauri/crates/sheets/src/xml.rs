//! A pull scanner for the XML inside workbooks. It knows what workbooks need and nothing else: no entity
//! declarations, no name spaces beyond dropping a prefix, and a fixed upper bound for every token, so that no
//! input can make it hold more than one text of the allowed length.

use std::io::Read;

use crate::SheetError;
use crate::guard::Counted;

/// One piece of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// `<name …>` or `<name …/>`.
    Start(Tag<'a>),
    /// `</name>`, without prefix.
    End(&'a [u8]),
    /// Text between tags, still escaped.
    Text(&'a [u8]),
    /// A CDATA section: nothing in it is escaped.
    Raw(&'a [u8]),
    /// The end of the document.
    Eof,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// Name without prefix.
    pub(crate) name: &'a [u8],
    /// Everything behind the name.
    attributes: &'a [u8],
    /// Whether it closes itself.
    pub(crate) empty: bool,
}

impl<'a> Tag<'a> {
    /// Calls `visit` with the name (without prefix) and the escaped value of each attribute.
    pub(crate) fn attributes(&self, mut visit: impl FnMut(&'a [u8], &'a [u8])) {
        let mut rest = self.attributes;
        while let Some(equals) = position(rest, b'=') {
            let name = rest[..equals].trim_ascii();
            let value = rest[equals + 1..].trim_ascii_start();
            let Some((&quote, value)) = value.split_first() else {
                return;
            };
            if quote != b'"' && quote != b'\'' {
                return;
            }
            let Some(end) = position(value, quote) else {
                return;
            };
            visit(local_name(name), &value[..end]);
            rest = &value[end + 1..];
        }
    }

    /// The unescaped value of one attribute.
    pub(crate) fn attribute(&self, wanted: &[u8]) -> Option<String> {
        let mut found = None;
        self.attributes(|name, value| {
            if name == wanted && found.is_none() {
                found = Some(value);
            }
        });
        let mut text = String::new();
        unescape(found?, &mut text).then_some(text)
    }
}

fn local_name(name: &[u8]) -> &[u8] {
    position(name, b':').map_or(name, |colon| &name[colon + 1..])
}

/// Names and attributes are a few bytes long: walking is quicker there than getting a vector search going.
fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

/// Where a tag ends: at the first `>` outside quotes. `quote` is the open one, from window to window.
fn tag_end(window: &[u8], quote: &mut Option<u8>) -> Option<usize> {
    window.iter().position(|byte| {
        match *quote {
            Some(mark) if *byte == mark => *quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'') => *quote = Some(*byte),
            None => return *byte == b'>',
        }
        false
    })
}

/// So many bytes are walked before the rest is searched.
const NEAR: usize = 24;

/// Where a text ends: most are as short as a price, some are long.
fn text_end(window: &[u8]) -> Option<usize> {
    let near = window.len().min(NEAR);
    position(&window[..near], b'<')
        .or_else(|| memchr::memchr(b'<', &window[near..]).map(|found| near + found))
}

/// Reads tokens from one part of an archive.
pub(crate) struct Scanner<R> {
    source: Counted<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    drained: bool,
    limit: usize,
}

const CHUNK: usize = 64 << 10;

impl<R: Read> Scanner<R> {
    /// `limit` is the longest token in bytes.
    pub(crate) fn new(source: Counted<R>, limit: usize) -> Result<Self, SheetError> {
        let mut scanner = Self {
            source,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            drained: false,
            limit,
        };
        scanner.more()?;
        match scanner.window() {
            [0xEF, 0xBB, 0xBF, ..] => scanner.start += 3,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                return Err(scanner.damaged("UTF-16 is not supported here"));
            }
            _ => {}
        }
        Ok(scanner)
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> SheetError {
        SheetError::damaged(self.source.part_name(), what)
    }

    fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads more into the buffer; false at the end of the part.
    fn more(&mut self) -> Result<bool, SheetError> {
        if self.drained {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            if self.end > self.limit {
                return Err(SheetError::TextTooLong {
                    limit: self.limit as u64,
                });
            }
            self.buffer.resize((self.buffer.len() * 2).max(CHUNK), 0);
        }
        let end = self.end;
        let read = self.source.fill(&mut self.buffer[end..])?;
        self.end += read;
        self.drained = read == 0;
        Ok(read > 0)
    }

    /// The next token. Comments, processing instructions and the declaration are passed over.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Token<'_>, SheetError> {
        loop {
            if self.start == self.end && !self.more()? {
                return Ok(Token::Eof);
            }
            if self.buffer[self.start] != b'<' {
                return self.text();
            }
            while self.end - self.start < 2 {
                if !self.more()? {
                    return Err(self.damaged("ends inside a tag"));
                }
            }
            match self.buffer[self.start + 1] {
                b'!' => {
                    if let Some((from, to)) = self.declaration()? {
                        return Ok(Token::Raw(&self.buffer[from..to]));
                    }
                }
                b'?' => {
                    self.pass(b"?>", 2)?;
                }
                _ => return self.tag(),
            }
        }
    }

    fn text(&mut self) -> Result<Token<'_>, SheetError> {
        let mut seen = 0;
        loop {
            let window = &self.buffer[self.start + seen..self.end];
            if let Some(found) = text_end(window) {
                let from = self.start;
                self.start += seen + found;
                return Ok(Token::Text(&self.buffer[from..self.start]));
            }
            seen = self.end - self.start;
            if !self.more()? {
                let from = self.start;
                self.start = self.end;
                return Ok(Token::Text(&self.buffer[from..self.end]));
            }
        }
    }

    fn tag(&mut self) -> Result<Token<'_>, SheetError> {
        let mut seen = 1;
        let mut quote = None;
        let length = loop {
            let window = &self.buffer[self.start + seen..self.end];
            if let Some(found) = tag_end(window, &mut quote) {
                break seen + found + 1;
            }
            seen = self.end - self.start;
            if !self.more()? {
                return Err(self.damaged("ends inside a tag"));
            }
        };
        let from = self.start;
        self.start += length;
        let inner = &self.buffer[from + 1..from + length - 1];
        if let [b'/', name @ ..] = inner {
            return Ok(Token::End(local_name(name.trim_ascii())));
        }
        let (inner, empty) = match inner {
            [inner @ .., b'/'] => (inner, true),
            inner => (inner, false),
        };
        let split = inner
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(split);
        Ok(Token::Start(Tag {
            name: local_name(name),
            attributes,
            empty,
        }))
    }

    /// A comment, a CDATA section (its bounds are returned) or a document type, which no workbook has and which
    /// is how entity bombs begin.
    fn declaration(&mut self) -> Result<Option<(usize, usize)>, SheetError> {
        while self.end - self.start < 9 && self.more()? {}
        if self.window().starts_with(b"<!--") {
            self.pass(b"-->", 4)?;
            return Ok(None);
        }
        if self.window().starts_with(b"<![CDATA[") {
            let (from, to) = self.pass(b"]]>", 9)?;
            return Ok(Some((from + 9, to - 3)));
        }
        Err(self.damaged("document type or entity declaration"))
    }

    /// Moves behind `mark`, looked for from `skip` bytes on; returns the bounds of what was passed.
    fn pass(&mut self, mark: &[u8], skip: usize) -> Result<(usize, usize), SheetError> {
        let mut seen = skip;
        loop {
            if let Some(found) = self
                .window()
                .get(seen..)
                .and_then(|window| memchr::memmem::find(window, mark))
            {
                let from = self.start;
                self.start += seen + found + mark.len();
                return Ok((from, self.start));
            }
            seen = (self.end - self.start).saturating_sub(mark.len() - 1).max(skip);
            if !self.more()? {
                return Err(self.damaged("ends inside a comment"));
            }
        }
    }
}

/// Appends text with its entities resolved and line ends made `\n`, as XML demands. False when an entity is
/// unknown or a number is no character; what could be read is appended all the same. Bytes that are not UTF-8
/// become U+FFFD.
pub(crate) fn unescape(escaped: &[u8], out: &mut String) -> bool {
    let mut rest = escaped;
    let mut clean = true;
    while let Some(at) = escaped_at(rest) {
        push_utf8(&rest[..at], out);
        if rest[at] == b'\r' {
            out.push('\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            continue;
        }
        let body = &rest[at + 1..];
        let resolved = memchr::memchr(b';', &body[..body.len().min(12)])
            .and_then(|end| entity(&body[..end]).map(|character| (character, end)));
        if let Some((character, end)) = resolved {
            out.push(character);
            rest = &body[end + 1..];
        } else {
            clean = false;
            out.push('&');
            rest = body;
        }
    }
    push_utf8(rest, out);
    clean
}

fn escaped_at(text: &[u8]) -> Option<usize> {
    if text.len() <= NEAR {
        return text.iter().position(|byte| matches!(byte, b'&' | b'\r'));
    }
    memchr::memchr2(b'&', b'\r', text)
}

fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', hex @ ..] => {
            char::from_u32(u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?)?
        }
        [b'#', decimal @ ..] => char::from_u32(std::str::from_utf8(decimal).ok()?.parse().ok()?)?,
        _ => return None,
    })
}

fn push_utf8(bytes: &[u8], out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&String::from_utf8_lossy(bytes)),
    }
}

/// Resolves `_xHHHH_`, with which workbooks write what XML cannot hold (ECMA-376 part 1, 22.9.2.19). Halves of a
/// surrogate pair are joined; a lone half stays as it is written.
pub(crate) fn decode_escapes(text: &mut String, from: usize) {
    let Some(first) = text
        .get(from..)
        // Hardly a text has one, and a search for two bytes is dear to begin.
        .filter(|tail| memchr::memchr(b'_', tail.as_bytes()).is_some())
        .and_then(|tail| memchr::memmem::find(tail.as_bytes(), b"_x"))
    else {
        return;
    };
    let tail = text.split_off(from + first);
    let mut rest = tail.as_str();
    while let Some(at) = rest.find("_x") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((character, length)) = escape(rest) {
            text.push(character);
            rest = &rest[length..];
        } else {
            text.push_str("_x");
            rest = &rest[2..];
        }
    }
    text.push_str(rest);
}

fn escape(text: &str) -> Option<(char, usize)> {
    let unit = unit(text)?;
    if let Some(character) = char::from_u32(u32::from(unit)) {
        return Some((character, 7));
    }
    let low = unit_at(text, 7)?;
    char::decode_utf16([unit, low])
        .next()?
        .ok()
        .map(|character| (character, 14))
}

fn unit_at(text: &str, at: usize) -> Option<u16> {
    unit(text.get(at..)?)
}

fn unit(text: &str) -> Option<u16> {
    let bytes = text.as_bytes().get(..7)?;
    let [b'_', b'x', digits @ .., b'_'] = bytes else {
        return None;
    };
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_once() {
        for (written, meant) in [
            ("8kg_x002B_2kg", "8kg+2kg"),
            ("_x005F_x002B_", "_x002B_"),
            ("_xD83D__xDE00_!", "\u{1F600}!"),
            ("_xD83D_!", "_xD83D_!"),
            ("a_x", "a_x"),
            ("_x_x0041_", "_xA"),
            ("_x00e4_中", "ä中"),
            ("_x00中_", "_x00中_"),
        ] {
            let mut text = written.to_owned();
            decode_escapes(&mut text, 0);
            assert_eq!(text, meant, "{written}");
        }
    }

    #[test]
    fn entities_and_line_ends() {
        let mut out = String::new();
        assert!(unescape(b"a&amp;b&#x4E2D;&#20013;\r\nc\rd", &mut out));
        assert_eq!(out, "a&b\u{4E2D}\u{4E2D}\nc\nd");
        out.clear();
        assert!(!unescape(b"&lol9;", &mut out));
        assert_eq!(out, "&lol9;");
    }

    #[test]
    fn attributes_may_hold_signs_and_prefixes() {
        let tag = Tag {
            name: b"c",
            attributes: br#" r:id = "a>b" s='2' x="#,
            empty: false,
        };
        assert_eq!(tag.attribute(b"id").as_deref(), Some("a>b"));
        assert_eq!(tag.attribute(b"s").as_deref(), Some("2"));
        assert_eq!(tag.attribute(b"x"), None);
    }
}
