//! A page that is too long for one ticket, cut into several.

use super::{Line, Page, Size};

/// Cuts a page into parts of which `fits` says that each can be sent, marking each with its place (`第1/2联`). A page
/// that fits stays one; a part has at least one line of the page, even if that does not fit.
pub fn split(page: &Page, fits: impl Fn(&Page) -> bool) -> Vec<Page> {
    if fits(page) {
        return vec![page.clone()];
    }
    // The mark's own length hangs on the number of parts; two digits are room for more than any order needs.
    let mark = |at: usize, of: usize| Line {
        text: format!("第{at}/{of}联"),
        size: Size::Normal,
    };
    let mut parts: Vec<Page> = Vec::new();
    let mut part = Page {
        paper: page.paper,
        lines: vec![mark(99, 99)],
    };
    for line in &page.lines {
        part.lines.push(line.clone());
        if part.lines.len() > 2 && !fits(&part) {
            part.lines.pop();
            let full = std::mem::replace(
                &mut part,
                Page {
                    paper: page.paper,
                    lines: vec![mark(99, 99), line.clone()],
                },
            );
            parts.push(full);
        }
    }
    parts.push(part);
    let of = parts.len();
    for (at, part) in parts.iter_mut().enumerate() {
        if let Some(first) = part.lines.first_mut() {
            *first = mark(at + 1, of);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::receipt::{Line, Page, Paper, Size};

    #[test]
    fn a_long_page_is_cut_without_losing_or_doubling_a_line() {
        let line = |at: usize| Line {
            text: format!("line {at}"),
            size: Size::Normal,
        };
        let page = Page {
            paper: Paper::Mm58,
            lines: (0..100).map(line).collect(),
        };
        let parts = split(&page, |part| part.text().len() < 200);
        assert!(parts.len() > 3);
        assert_eq!(parts[0].lines[0].text, format!("第1/{}联", parts.len()));
        assert!(parts.iter().all(|part| part.text().len() < 200));
        let joined: Vec<Line> = parts.iter().flat_map(|part| part.lines[1..].to_vec()).collect();
        assert_eq!(joined, page.lines);
        assert_eq!(split(&page, |_| true), [page]);
    }
}
