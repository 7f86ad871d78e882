//! Old `.xls` files: BIFF8 and BIFF5 in a compound file. The file is held in memory (it is small by
//! [`crate::Limits::xls_bytes`]); cells are indexed, never laid out as a grid.

mod biff;
mod compound;
mod sheet;

use crate::SheetError;
use crate::guard::Limits;
use crate::model::{RowVisitor, SheetInfo, SheetTail};

use biff::Globals;
use compound::Compound;

/// An opened workbook.
#[derive(Debug)]
pub(crate) struct Xls {
    stream: Vec<u8>,
    globals: Globals,
    infos: Vec<SheetInfo>,
    limits: Limits,
}

impl Xls {
    /// Opens the bytes of a compound file.
    pub(crate) fn open(bytes: &[u8], limits: Limits) -> Result<Self, SheetError> {
        let compound = Compound::parse(bytes)?;
        if compound.has("EncryptedPackage") {
            return Err(SheetError::Encrypted);
        }
        let stream = match compound.stream("Workbook")? {
            Some(stream) => stream,
            None => compound
                .stream("Book")?
                .ok_or(SheetError::NotASpreadsheet { found: "ole" })?,
        };
        let globals = Globals::read(&stream, &limits)?;
        let infos = globals
            .sheets
            .iter()
            .map(|sheet| SheetInfo {
                name: sheet.name.clone(),
                hidden: sheet.hidden,
            })
            .collect();
        Ok(Self {
            stream,
            globals,
            infos,
            limits,
        })
    }

    pub(crate) fn sheets(&self) -> &[SheetInfo] {
        &self.infos
    }

    pub(crate) fn read(&self, index: usize, visit: &mut RowVisitor<'_>) -> Result<SheetTail, SheetError> {
        let entry = self
            .globals
            .sheets
            .get(index)
            .ok_or_else(|| SheetError::NoSuchSheet {
                name: (index + 1).to_string(),
            })?;
        sheet::stream(&self.stream, entry.offset, &self.globals, &self.limits, visit)
    }
}
