//! The mapping: which sheet, which header row, which column for which field. The manager can change it and keep
//! it as TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::SheetError;
use crate::model::{column_index, column_letters};

use super::columns::{Field, Header, Reason, normalise};

/// How a sheet is read as products. As TOML:
///
/// ```toml
/// sheet = "商品资料"
/// header_row = 3
/// header_rows = 2
///
/// [columns]
/// name = "C"
/// barcode = "商品条码"
/// ```
///
/// A column is given by its letters or by its header text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the sheet; absent: the sheet that looks most like products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// First header row as Excel numbers it (in text files: the line); absent: found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// Rows the header takes, 1 or 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_rows: Option<u32>,
    /// Field → column letters or header text. Fields that are not named are left out when any is named.
    #[serde(default)]
    pub columns: BTreeMap<Field, String>,
    /// Why each column was proposed. Only for showing; ignored when reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// Why a column was proposed for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field.
    pub field: Field,
    /// Column letters.
    pub column: String,
    /// Header text as it stands in the sheet.
    pub header: String,
    /// 0 to 100.
    pub confidence: u8,
    /// What spoke for and against it.
    pub reasons: Vec<Reason>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`SheetError::Mapping`] with what is wrong with the TOML.
    pub fn from_toml(text: &str) -> Result<Self, SheetError> {
        Ok(toml::from_str(text)?)
    }

    /// Writes the mapping as TOML.
    ///
    /// # Errors
    /// [`SheetError::MappingWrite`]; a mapping made here can always be written.
    pub fn to_toml(&self) -> Result<String, SheetError> {
        Ok(toml::to_string_pretty(self)?)
    }

    /// The columns by number, against the header found in the sheet.
    pub(crate) fn resolve(&self, headers: &[Header]) -> Result<BTreeMap<Field, u32>, SheetError> {
        self.columns
            .iter()
            .map(|(field, wanted)| {
                let exact = headers.iter().find(|header| header.text.trim() == wanted.trim());
                let alike = || {
                    headers
                        .iter()
                        .find(|header| normalise(&header.text) == normalise(wanted))
                };
                exact
                    .map(|header| header.column)
                    .or_else(|| column_index(wanted.trim()))
                    .or_else(|| alike().map(|header| header.column))
                    .map(|column| (*field, column))
                    .ok_or_else(|| SheetError::NoSuchColumn {
                        field: field.id(),
                        column: wanted.clone(),
                    })
            })
            .collect()
    }

    pub(crate) fn letters(columns: &BTreeMap<Field, u32>) -> BTreeMap<Field, String> {
        columns
            .iter()
            .map(|(field, column)| (*field, column_letters(*column)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_survives_toml_and_finds_columns_by_letters_or_text() {
        let text = "sheet = \"表\"\nheader_row = 3\n\n[columns]\nname = \"c\"\nbarcode = \"商品条码\"\nprice = \"NAME\"\n";
        let mapping = Mapping::from_toml(text).expect("valid");
        let headers = [
            Header::new(1, "商品条码 ".to_owned()),
            Header::new(7, "NAME".to_owned()),
            Header::new(2, "x".into()),
        ];
        let columns = mapping.resolve(&headers).expect("resolves");
        assert_eq!(
            columns.into_iter().collect::<Vec<_>>(),
            [(Field::Name, 2), (Field::Barcode, 1), (Field::Price, 7)]
        );
        let again = Mapping::from_toml(&mapping.to_toml().expect("writes")).expect("reads");
        assert_eq!(again, mapping);
    }

    #[test]
    fn a_wrong_mapping_is_refused_with_its_field() {
        let mapping = Mapping::from_toml("[columns]\nname = \"没有这一列\"").expect("valid");
        assert!(matches!(
            mapping.resolve(&[]),
            Err(SheetError::NoSuchColumn { field: "name", .. })
        ));
        assert!(matches!(
            Mapping::from_toml("columns = 3"),
            Err(SheetError::Mapping(_))
        ));
        assert!(matches!(
            Mapping::from_toml("[columns]\nnmae = \"A\""),
            Err(SheetError::Mapping(_))
        ));
    }
}
