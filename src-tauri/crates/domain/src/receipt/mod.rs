//! 小票: what a slip says and how it is set, before any printer is thought of.
//!
//! [`set`] gives the one page from which the preview, a cloud's markup and a printer's bytes are all made, so that what
//! is shown is what is printed. A page holds finished lines: padded, wrapped, and cleaned of what a printer cannot
//! print or would take for a command.

mod clean;
mod parts;
mod slip;

pub use clean::{columns, printable};
pub use parts::split;
pub use slip::{SlipKind, SlipLine, SlipText, Template, set};

use serde::{Deserialize, Serialize};

/// Width of the paper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 58 mm: 32 half-width columns, 16 Chinese characters.
    #[default]
    Mm58,
    /// 80 mm: 48 half-width columns, 24 Chinese characters.
    Mm80,
}

impl Paper {
    /// Half-width columns of a line.
    pub fn columns(self) -> usize {
        match self {
            Self::Mm58 => 32,
            Self::Mm80 => 48,
        }
    }

    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mm58 => "mm58",
            Self::Mm80 => "mm80",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Mm58, Self::Mm80]
            .into_iter()
            .find(|paper| paper.as_str() == name)
    }
}

/// How large a line is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// As it is.
    #[default]
    Normal,
    /// Double in both directions: each character takes twice its columns.
    Large,
}

/// One line, finished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// What stands on it, padded with blanks from the left where it is centred or set to the right.
    pub text: String,
    /// How large.
    pub size: Size,
}

impl Line {
    /// Half-width columns it takes on the paper.
    pub fn columns(&self) -> usize {
        columns(&self.text) * if self.size == Size::Large { 2 } else { 1 }
    }
}

/// A finished slip.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    /// For this paper.
    pub paper: Paper,
    /// From top to bottom.
    pub lines: Vec<Line>,
}

impl Page {
    /// The words alone, one line each: the preview.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}
