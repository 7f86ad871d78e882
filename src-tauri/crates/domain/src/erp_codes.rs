//! Which 系统编码 the ERP knows, as last listed.

use crate::text;
use std::collections::HashMap;

/// How a 商品编码 stands in the ERP.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// There and in use.
    Known,
    /// There, but deleted or stopped (F03).
    Deleted,
    /// Not there (F01d).
    Unknown,
}

/// The item list of one ERP account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErpCodes {
    deleted: HashMap<String, bool>,
}

impl ErpCodes {
    /// From (系统编码, deleted) pairs. A code listed twice counts as deleted only when every entry is.
    pub fn new(items: impl IntoIterator<Item = (String, bool)>) -> Self {
        let mut deleted: HashMap<String, bool> = HashMap::new();
        for (code, gone) in items {
            let entry = deleted.entry(text::cleaned_code(&code)).or_insert(true);
            *entry &= gone;
        }
        Self { deleted }
    }

    /// How a code stands.
    pub fn standing(&self, item_code: &str) -> Standing {
        match self.deleted.get(&text::cleaned_code(item_code)) {
            None => Standing::Unknown,
            Some(true) => Standing::Deleted,
            Some(false) => Standing::Known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErpCodes, Standing};

    #[test]
    fn a_code_is_deleted_only_when_all_its_entries_are() {
        let codes = ErpCodes::new([("1".into(), true), ("2".into(), true), ("2".into(), false)]);
        let standing = |code| codes.standing(code);
        assert_eq!(
            (standing("1"), standing("2"), standing("3")),
            (Standing::Deleted, Standing::Known, Standing::Unknown)
        );
    }
}
