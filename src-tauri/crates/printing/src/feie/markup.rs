//! A page in the cloud's markup (fact sheet 5).

use domain::receipt::{Page, Size};

/// Most bytes of one ticket's content. Whether GBK or UTF-8 is counted is not published: UTF-8 is the longer.
pub(super) const LIMIT: usize = 5_000;

/// The page as content. Lines are padded already, so only the size needs a tag; `&` has no meaning there as far as is
/// known, and `<` and `>` are not on a page.
pub fn markup(page: &Page) -> String {
    let mut content = String::new();
    for line in &page.lines {
        match line.size {
            Size::Normal => content.push_str(&line.text),
            Size::Large => {
                content.push_str("<B>");
                content.push_str(&line.text);
                content.push_str("</B>");
            }
        }
        content.push_str("<BR>");
    }
    content.push_str("<CUT>");
    content
}
