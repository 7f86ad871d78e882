//! Reading all of something that the other side only tells by windows of time and pages.
//!
//! Windows go from the oldest to the newest: what is changed meanwhile moves into a later one and is met there. Within a
//! window the pages go from the last to the first, because a row that leaves it pulls those behind it forward.

/// A place on the way; between two calls it is the cursor's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Beginning of the window, UTC ms.
    pub from: i64,
    /// Page to read, from 1; `None` while it is not known how many there are.
    page: Option<usize>,
}

impl Place {
    /// Where a cursor points, or the beginning of everything.
    pub fn at(cursor: Option<&str>, since: i64) -> Self {
        let start = Self {
            from: since,
            page: None,
        };
        let Some((from, page)) = cursor.and_then(|cursor| cursor.split_once(':')) else {
            return start;
        };
        from.parse().map_or(start, |from| Self {
            from,
            page: page.parse().ok(),
        })
    }

    /// The page to ask for, from 1.
    pub fn page(&self) -> usize {
        self.page.unwrap_or(1)
    }

    /// End of the window, UTC ms.
    pub fn until(&self, window_ms: i64, now: i64) -> i64 {
        self.from.saturating_add(window_ms).min(now)
    }

    /// Whether the rows of an answer count now, and where to go on. An answer that first tells of several pages is only
    /// looked at for their number.
    pub fn next(&self, pages: usize, window_ms: i64, now: i64) -> (bool, Option<String>) {
        let page = match self.page {
            None if pages > 1 => return (false, Some(format!("{}:{pages}", self.from))),
            None => 1,
            Some(page) => page,
        };
        if page > 1 {
            return (true, Some(format!("{}:{}", self.from, page - 1)));
        }
        let until = self.until(window_ms, now);
        (true, (until < now).then(|| format!("{until}:")))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn windows_go_forward_and_pages_backward() {
        let pages = |from: i64| if from == 10 { 3 } else { 1 };
        let (mut cursor, mut way) = (None::<String>, Vec::new());
        loop {
            let place = Place::at(cursor.as_deref(), 0);
            let (counts, next) = place.next(pages(place.from), 10, 25);
            way.push((place.from, place.until(10, 25), place.page(), counts));
            let Some(next) = next else { break };
            cursor = Some(next);
        }
        assert_eq!(
            way,
            [
                (0, 10, 1, true),
                (10, 20, 1, false),
                (10, 20, 3, true),
                (10, 20, 2, true),
                (10, 20, 1, true),
                (20, 25, 1, true)
            ]
        );
    }
}
