//! `.xlsx` (also `.xlsm`, strict and transitional): one streaming pass per sheet, shared strings in one buffer.

mod parts;
mod sheet;
mod strings;

use crate::SheetError;
use crate::guard::{Limits, Package};
use crate::model::{RowVisitor, SheetInfo, SheetTail};
use crate::number::NumberFormat;

use parts::Directory;
use strings::Strings;

/// An opened workbook. Shared strings and formats are read when the first sheet is.
#[derive(Debug)]
pub(crate) struct Xlsx {
    package: Package,
    limits: Limits,
    directory: Directory,
    formats: Option<Vec<NumberFormat>>,
    strings: Option<Strings>,
    infos: Vec<SheetInfo>,
}

impl Xlsx {
    pub(crate) fn open(mut package: Package, limits: Limits) -> Result<Self, SheetError> {
        let directory = Directory::read(&mut package, &limits)?;
        let infos = directory
            .sheets
            .iter()
            .map(|sheet| SheetInfo {
                name: sheet.name.clone(),
                hidden: sheet.hidden,
            })
            .collect();
        Ok(Self {
            package,
            limits,
            directory,
            formats: None,
            strings: None,
            infos,
        })
    }

    pub(crate) fn sheets(&self) -> &[SheetInfo] {
        &self.infos
    }

    pub(crate) fn inflated(&self) -> u64 {
        self.package.meter().bytes()
    }

    /// Streams the sheet at `index` in tab order.
    pub(crate) fn read(&mut self, index: usize, visit: &mut RowVisitor<'_>) -> Result<SheetTail, SheetError> {
        let sheet = self
            .directory
            .sheets
            .get(index)
            .ok_or_else(|| SheetError::NoSuchSheet {
                name: (index + 1).to_string(),
            })?;
        let formats = match self.formats.take() {
            Some(formats) => formats,
            None => parts::read_formats(&mut self.package, &self.directory, &self.limits)?,
        };
        let strings = match self.strings.take() {
            Some(strings) => strings,
            None => Strings::read(&mut self.package, &self.directory, &self.limits)?,
        };
        let part = self.package.part(&sheet.part)?;
        let settings = sheet::Settings {
            strings: &strings,
            formats: &formats,
            date1904: self.directory.date1904,
            limits: &self.limits,
        };
        let result = sheet::stream(part, &settings, visit);
        self.formats = Some(formats);
        self.strings = Some(strings);
        result
    }
}
