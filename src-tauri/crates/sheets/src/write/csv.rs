//! csv as RFC 4180 says, UTF-8 with byte order mark so that Excel shows Chinese, and an apostrophe before what a
//! spreadsheet would calculate. Our own reader takes away exactly the apostrophes written here.

use std::io::Write;

use crate::SheetError;
use crate::text::needs_escape;

use super::{ColumnSpec, Value, yuan};

/// Writes rows as csv.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    out: W,
    line: String,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file and writes the header. Wrap a file in a [`std::io::BufWriter`].
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn new(mut out: W, columns: &[ColumnSpec<'_>]) -> Result<Self, SheetError> {
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut writer = Self {
            out,
            line: String::new(),
        };
        let titles: Vec<Value<'_>> = columns.iter().map(|column| Value::Text(column.title)).collect();
        writer.row(&titles)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), SheetError> {
        self.line.clear();
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            match value {
                Value::Empty => {}
                Value::Text(text) | Value::Marked(text) => push_field(&mut self.line, text),
                Value::Fen(fen) => self.line.push_str(&yuan(*fen)),
                Value::Integer(number) => self.line.push_str(&number.to_string()),
            }
        }
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())?;
        Ok(())
    }

    /// Flushes and hands back the writer.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn finish(mut self) -> Result<W, SheetError> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn push_field(line: &mut String, text: &str) {
    let escape = needs_escape(text);
    let quote = text.contains(['"', ',', ';', '|', '\t', '\r', '\n'])
        || text.starts_with("sep=")
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace);
    if quote {
        line.push('"');
    }
    if escape {
        line.push('\'');
    }
    if quote {
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_calculated_is_made_inert() {
        let mut out = CsvWriter::new(Vec::new(), &[ColumnSpec::new("a")]).expect("writes");
        for text in ["=cmd|' /C calc'!A0", "@SUM(1)", "-5g", "+1", "'=x", "'x", "01162"] {
            out.row(&[Value::Text(text)]).expect("writes");
        }
        out.row(&[Value::Fen(-5), Value::Integer(7), Value::Empty])
            .expect("writes");
        let text = String::from_utf8(out.finish().expect("flushes")).expect("utf-8");
        assert_eq!(
            text,
            "\u{FEFF}a\r\n'=cmd|' /C calc'!A0\r\n'@SUM(1)\r\n'-5g\r\n'+1\r\n''=x\r\n'x\r\n01162\r\n-0.05,7,\r\n"
                .replace("'=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")
        );
    }
}
