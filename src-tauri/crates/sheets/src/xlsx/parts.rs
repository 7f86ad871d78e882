//! The small parts: workbook, relationships, styles.

use std::collections::HashMap;

use crate::SheetError;
use crate::guard::{Limits, Package};
use crate::number::NumberFormat;
use crate::xml::{Scanner, Token};

/// One sheet as the workbook part lists it.
#[derive(Debug)]
pub(crate) struct SheetEntry {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(crate) part: String,
}

/// Where things are in the archive.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) sheets: Vec<SheetEntry>,
    pub(crate) date1904: bool,
    pub(crate) strings: Option<String>,
    pub(crate) styles: Option<String>,
}

impl Directory {
    pub(crate) fn read(package: &mut Package, limits: &Limits) -> Result<Self, SheetError> {
        let workbook = workbook_part(package, limits)?;
        let relations = relations(package, &workbook, limits)?;
        let mut directory = Self {
            sheets: Vec::new(),
            date1904: false,
            strings: by_kind(&relations, "/sharedStrings").or_else(|| package.find("xl/sharedStrings.xml")),
            styles: by_kind(&relations, "/styles").or_else(|| package.find("xl/styles.xml")),
        };
        let mut scanner = Scanner::new(package.part(&workbook)?, limits.text_bytes)?;
        loop {
            match scanner.next()? {
                Token::Start(tag) if tag.name == b"workbookPr" => {
                    directory.date1904 = tag
                        .attribute(b"date1904")
                        .is_some_and(|value| value == "1" || value == "true");
                }
                Token::Start(tag) if tag.name == b"sheet" => {
                    let name = tag.attribute(b"name").unwrap_or_default();
                    let hidden = tag.attribute(b"state").is_some_and(|state| state != "visible");
                    let relation = tag.attribute(b"id").and_then(|id| relations.get(&id));
                    if let Some(relation) = relation
                        && relation.kind.ends_with("/worksheet")
                    {
                        directory.sheets.push(SheetEntry {
                            name,
                            hidden,
                            part: relation.target.clone(),
                        });
                    }
                }
                Token::Eof => break,
                _ => {}
            }
        }
        if directory.sheets.is_empty() {
            return Err(SheetError::damaged(workbook, "no worksheet is listed"));
        }
        Ok(directory)
    }
}

struct Relation {
    kind: String,
    target: String,
}

fn by_kind(relations: &HashMap<String, Relation>, ending: &str) -> Option<String> {
    relations
        .values()
        .find(|relation| relation.kind.ends_with(ending))
        .map(|relation| relation.target.clone())
}

/// The main part: as the package relationships say, else where everybody puts it.
fn workbook_part(package: &mut Package, limits: &Limits) -> Result<String, SheetError> {
    let named = relations(package, "", limits)?
        .into_values()
        .find(|relation| relation.kind.ends_with("/officeDocument"))
        .map(|relation| relation.target);
    named
        .filter(|part| package.find(part).is_some())
        .or_else(|| package.find("xl/workbook.xml"))
        .ok_or(SheetError::NotASpreadsheet { found: "zip" })
}

/// The relationships of a part (of the package when `part` is empty), targets as archive names.
fn relations(
    package: &mut Package,
    part: &str,
    limits: &Limits,
) -> Result<HashMap<String, Relation>, SheetError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() {
        format!("_rels/{file}.rels")
    } else {
        format!("{folder}/_rels/{file}.rels")
    };
    let mut relations = HashMap::new();
    if package.find(&path).is_none() {
        return Ok(relations);
    }
    let mut scanner = Scanner::new(package.part(&path)?, limits.text_bytes)?;
    loop {
        match scanner.next()? {
            Token::Start(tag) if tag.name == b"Relationship" => {
                let (Some(id), Some(kind), Some(target)) = (
                    tag.attribute(b"Id"),
                    tag.attribute(b"Type"),
                    tag.attribute(b"Target"),
                ) else {
                    continue;
                };
                relations.insert(
                    id,
                    Relation {
                        kind,
                        target: resolve(folder, &target),
                    },
                );
            }
            Token::Eof => return Ok(relations),
            _ => {}
        }
    }
}

fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The number format of every cell style.
pub(crate) fn read_formats(
    package: &mut Package,
    directory: &Directory,
    limits: &Limits,
) -> Result<Vec<NumberFormat>, SheetError> {
    let mut formats = Vec::new();
    let Some(part) = directory
        .styles
        .as_deref()
        .filter(|part| package.find(part).is_some())
    else {
        return Ok(formats);
    };
    let mut custom: HashMap<u32, NumberFormat> = HashMap::new();
    let mut inside = false;
    let mut scanner = Scanner::new(package.part(part)?, limits.text_bytes)?;
    loop {
        match scanner.next()? {
            Token::Start(tag) => match tag.name {
                b"numFmt" => {
                    let id = tag.attribute(b"numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, tag.attribute(b"formatCode")) {
                        custom.insert(id, NumberFormat::parse(&code));
                    }
                }
                b"cellXfs" => inside = !tag.empty,
                b"xf" if inside => {
                    let id: u32 = tag
                        .attribute(b"numFmtId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    formats.push(
                        custom
                            .get(&id)
                            .copied()
                            .unwrap_or_else(|| NumberFormat::builtin(id)),
                    );
                }
                _ => {}
            },
            Token::End(b"cellXfs") => inside = false,
            Token::Eof => return Ok(formats),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_resolved_inside_the_archive() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(
            resolve("xl", "/xl/worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(resolve("xl", "../../../etc/x"), "etc/x");
        assert_eq!(resolve("", "xl\\workbook.xml"), "xl/workbook.xml");
    }
}
