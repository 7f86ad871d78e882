//! Lines to records. Quotes follow RFC 4180 where they are right; where they are wrong the line is kept and the
//! quote becomes plain text, so that one bad line never swallows the ones behind it.

use std::collections::VecDeque;

use crate::SheetError;

use super::decode::{Line, Lines};

/// Lines a quoted field may run over before the quote is taken for a mistake.
const MOST_LINES: usize = 4096;

/// One record.
pub(crate) struct Record<'a> {
    /// First physical line.
    pub(crate) line: u32,
    pub(crate) fields: &'a [String],
    pub(crate) broken_quotes: bool,
    pub(crate) too_long: bool,
}

/// Where lines come from.
pub(crate) trait LineSource {
    /// The next line, `None` at the end.
    fn next_line(&mut self) -> Result<Option<Line>, SheetError>;
}

impl LineSource for Lines<'_> {
    fn next_line(&mut self) -> Result<Option<Line>, SheetError> {
        self.next()
    }
}

/// Lines already at hand: the sample the separator is guessed from.
struct Sample<'a>(std::slice::Iter<'a, Line>);

impl LineSource for Sample<'_> {
    fn next_line(&mut self) -> Result<Option<Line>, SheetError> {
        Ok(self.0.next().cloned())
    }
}

/// Reads records from lines.
pub(crate) struct Records<L> {
    lines: L,
    waiting: VecDeque<Line>,
    separator: u8,
    limit: usize,
    fields: Vec<String>,
    // Halved with every quote that is never closed: looking ahead stays cheap in a file full of them.
    patience: usize,
    first: bool,
}

impl<L: LineSource> Records<L> {
    pub(crate) fn new(lines: L, separator: u8, limit: usize) -> Self {
        Self {
            lines,
            waiting: VecDeque::new(),
            separator,
            limit,
            fields: Vec::new(),
            patience: MOST_LINES,
            first: true,
        }
    }

    fn line(&mut self) -> Result<Option<Line>, SheetError> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, SheetError> {
        let Some(mut line) = self.line()? else {
            return Ok(None);
        };
        if std::mem::take(&mut self.first) && separator_line(&line.text).is_some() {
            match self.line()? {
                Some(next) => line = next,
                None => return Ok(None),
            }
        }
        let (number, too_long) = (line.number, line.too_long);
        if too_long {
            return Ok(Some(Record {
                line: number,
                fields: &[],
                broken_quotes: false,
                too_long,
            }));
        }
        let broken_quotes = match split(&line.text, self.separator, &mut self.fields, Quotes::Strict) {
            Outcome::Done => false,
            Outcome::Broken => {
                split(&line.text, self.separator, &mut self.fields, Quotes::OneLine);
                true
            }
            Outcome::Open => !self.join(&line)?,
        };
        Ok(Some(Record {
            line: number,
            fields: &self.fields,
            broken_quotes,
            too_long: false,
        }))
    }

    /// Adds lines until the quoted field closes. False when it never does: then the first line was read alone
    /// and the others wait to be read again.
    fn join(&mut self, first: &Line) -> Result<bool, SheetError> {
        let mut record = first.text.clone();
        let mut taken = Vec::new();
        let mut quotes = count_quotes(&first.text);
        while taken.len() < self.patience {
            let Some(line) = self.line()? else { break };
            let usable = !line.too_long && record.len() + line.text.len() <= self.limit;
            // Well-formed quotes come in pairs: only an even number can have closed the field. This keeps a long
            // field from being read again at each of its lines.
            let added = count_quotes(&line.text);
            quotes += added;
            let may_close = usable && added > 0 && quotes.is_multiple_of(2);
            record.push_str(if usable { &line.text } else { "" });
            taken.push(line);
            if !usable {
                break;
            }
            if may_close {
                match split(&record, self.separator, &mut self.fields, Quotes::Strict) {
                    Outcome::Done => return Ok(true),
                    Outcome::Broken => break,
                    Outcome::Open => {}
                }
            }
        }
        self.patience = (self.patience / 2).max(16);
        for line in taken.into_iter().rev() {
            self.waiting.push_front(line);
        }
        split(&first.text, self.separator, &mut self.fields, Quotes::OneLine);
        Ok(false)
    }
}

fn count_quotes(text: &str) -> usize {
    memchr::memchr_iter(b'"', text.as_bytes()).count()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// A quoted field may still be open at the end.
    Strict,
    /// A quote that does not close in this text is plain text.
    OneLine,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Open,
    Broken,
}

/// Splits one record. A quote inside a quoted field that is neither doubled nor at its end (`"5"寸",3`) is
/// forgiven on a single line and counts as broken in a record of several.
fn split(record: &str, separator: u8, fields: &mut Vec<String>, quotes: Quotes) -> Outcome {
    let body = record.trim_end_matches(['\r', '\n']);
    // A field of several lines may end in line breaks of its own: they are cut only behind the last quote.
    let several = body.contains(['\n', '\r']);
    let mut count = 0;
    let mut rest = record;
    loop {
        if count == fields.len() {
            fields.push(String::new());
        }
        let field = &mut fields[count];
        field.clear();
        count += 1;
        if let Some(quoted) = rest.strip_prefix('"') {
            match unquote(quoted, separator, field, several) {
                (Outcome::Done, used) => {
                    rest = &quoted[used..];
                }
                (outcome, _) if quotes == Quotes::Strict => return outcome,
                _ => {
                    field.clear();
                    rest = plain(rest, separator, field);
                }
            }
        } else {
            rest = plain(rest, separator, field);
        }
        match rest.as_bytes().first() {
            Some(&byte) if byte == separator => rest = &rest[1..],
            _ => break,
        }
    }
    fields.truncate(count);
    Outcome::Done
}

/// Copies an unquoted field; returns what follows it.
fn plain<'t>(text: &'t str, separator: u8, field: &mut String) -> &'t str {
    let end = memchr::memchr3(separator, b'\n', b'\r', text.as_bytes()).unwrap_or(text.len());
    field.push_str(&text[..end]);
    &text[end..]
}

/// Copies a quoted field (the opening quote is gone); returns how far it reached, behind the closing quote.
fn unquote(text: &str, separator: u8, field: &mut String, several: bool) -> (Outcome, usize) {
    let mut at = 0;
    let mut forgiven = false;
    while let Some(found) = memchr::memchr(b'"', &text.as_bytes()[at..]) {
        field.push_str(&text[at..at + found]);
        at += found + 1;
        match text.as_bytes().get(at) {
            Some(b'"') => {
                field.push('"');
                at += 1;
            }
            Some(b'\n' | b'\r') | None => return (Outcome::Done, at),
            Some(&byte) if byte == separator => return (Outcome::Done, at),
            Some(_) if several => return (Outcome::Broken, at),
            Some(_) => {
                field.push('"');
                forgiven = true;
            }
        }
    }
    (if forgiven { Outcome::Broken } else { Outcome::Open }, at)
}

/// The separator in Excel's own hint line `sep=;`.
fn separator_line(line: &str) -> Option<u8> {
    match line.trim_end_matches(['\r', '\n']).as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Some(*separator),
        _ => None,
    }
}

/// The separator under which most records have the same number of fields, more than one.
pub(crate) fn guess_separator(lines: &[Line], limit: usize) -> Result<u8, SheetError> {
    if let Some(separator) = lines.first().and_then(|line| separator_line(&line.text)) {
        return Ok(separator);
    }
    let mut best = (0, b',');
    for separator in [b',', b'\t', b';', b'|'] {
        let mut records = Records::new(Sample(lines.iter()), separator, limit);
        let mut counts = Vec::new();
        while let Some(record) = records.next()? {
            if record.fields.len() > 1 || record.fields.first().is_some_and(|field| !field.is_empty()) {
                counts.push(record.fields.len());
            }
        }
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(1);
        if usual < 2 {
            continue;
        }
        let same = counts.iter().filter(|&&count| count == usual).count();
        let score = same * 1000 / counts.len() + usual.min(50);
        if score > best.0 {
            best = (score, separator);
        }
    }
    Ok(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(record: &str, quotes: Quotes) -> Vec<String> {
        let mut fields = Vec::new();
        assert_eq!(split(record, b',', &mut fields, quotes), Outcome::Done);
        fields
    }

    #[test]
    fn quotes_are_read_as_written_and_forgiven_on_one_line() {
        assert_eq!(
            parts("a,\"b,\"\"c\"\"\",\r\n", Quotes::Strict),
            ["a", "b,\"c\"", ""]
        );
        assert_eq!(parts("\"x\ny\",1\n", Quotes::Strict), ["x\ny", "1"]);
        assert_eq!(parts("\"5\"寸螺丝\",3\n", Quotes::Strict), ["5\"寸螺丝", "3"]);
        assert_eq!(parts("\"a\",\"b,3\n", Quotes::OneLine), ["a", "\"b", "3"]);
        assert_eq!(parts("\n", Quotes::Strict), [""]);
        let mut fields = Vec::new();
        assert_eq!(
            split("\"a,1\n\"def\",2\n", b',', &mut fields, Quotes::Strict),
            Outcome::Broken
        );
        assert_eq!(split("\"a,1\n", b',', &mut fields, Quotes::Strict), Outcome::Open);
    }

    #[test]
    fn the_separator_is_the_one_that_gives_even_rows() {
        let guess_separator =
            |lines: Vec<Line>| guess_separator(&lines, 1 << 20).expect("no reading involved");
        let lines = |text: &str| -> Vec<Line> {
            text.split_inclusive('\n')
                .map(|line| Line {
                    text: line.to_owned(),
                    ..Line::default()
                })
                .collect()
        };
        assert_eq!(guess_separator(lines("条码;品名;价\n1\t;a,b;2\n3;c;4\n")), b';');
        assert_eq!(guess_separator(lines("条码,品名\n69\t,a\n70\t,b\n")), b',');
        assert_eq!(guess_separator(lines("条码\t品名\n1\ta,b\n")), b'\t');
        assert_eq!(guess_separator(lines("sep=|\na,b\n")), b'|');
        assert_eq!(guess_separator(lines("名称\n可乐\n")), b',');
        assert_eq!(guess_separator(lines("a,b\n\"x\n;y\n;z\",1\n")), b',');
    }
}
