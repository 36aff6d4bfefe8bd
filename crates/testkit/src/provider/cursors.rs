//! Lists in pages: the marks that a fake hands out for the next page, opaque to the caller, and what a page holds.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::switches::{Switch, Switches};

/// The marks that were handed out. A mark holds for the list that it was made for, and may be used more than once.
#[derive(Debug, Default)]
pub struct Cursors(Mutex<HashMap<String, Place>>);

#[derive(Debug, Clone)]
struct Place {
    list: String,
    offset: usize,
}

impl Cursors {
    /// Remembers a place in a list under a mark of the fake's own making.
    pub fn hand_out(&self, mark: String, list: &str, offset: usize) -> String {
        self.lock().insert(mark.clone(), Place { list: list.to_owned(), offset });
        mark
    }

    /// Where in this list a mark stands; none when it was not handed out for it.
    pub fn redeem(&self, mark: &str, list: &str) -> Option<usize> {
        self.lock().get(mark).filter(|place| place.list == list).map(|place| place.offset)
    }

    /// How many were handed out: a number for the next one.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The items that it holds.
    pub items: Range<usize>,
    /// Where the next one starts; none after the last.
    pub next: Option<usize>,
    /// Whether the list ends here before its end, and must say so.
    pub is_cut: bool,
}

impl Page {
    /// The page of at most `size` items from `offset` on, out of `total`.
    pub fn of(total: usize, offset: usize, size: usize, switches: &Switches) -> Self {
        let start = offset.min(total);
        let end = start.saturating_add(size).min(total);
        if start < total && switches.strikes(Switch::EmptyPageWithNext) {
            return Self { items: start..start, next: Some(start), is_cut: false };
        }
        if end < total && switches.strikes(Switch::Incomplete) {
            return Self { items: start..end, next: None, is_cut: true };
        }
        Self { items: start..end, next: (end < total).then_some(end), is_cut: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let plain = Switches::default();
        let cases = [
            ((0, 0, 10), (0..0, None)),
            ((5, 0, 10), (0..5, None)),
            ((5, 0, 5), (0..5, None)),
            ((5, 0, 2), (0..2, Some(2))),
            ((5, 4, 2), (4..5, None)),
            ((5, 9, 2), (5..5, None)),
        ];
        for ((total, offset, size), (items, next)) in cases {
            let page = Page::of(total, offset, size, &plain);
            assert_eq!(page, Page { items, next, is_cut: false }, "{total} {offset} {size}");
        }
    }

    #[test]
    fn switches_empty_and_cut_pages() {
        let switches = Switches::default();
        switches.set_times(Switch::EmptyPageWithNext, 1);
        assert_eq!(Page::of(5, 2, 2, &switches), Page { items: 2..2, next: Some(2), is_cut: false });
        assert_eq!(Page::of(5, 2, 2, &switches), Page { items: 2..4, next: Some(4), is_cut: false });
        switches.set(Switch::Incomplete);
        assert_eq!(Page::of(5, 2, 2, &switches), Page { items: 2..4, next: None, is_cut: true });
        assert_eq!(Page::of(5, 4, 2, &switches), Page { items: 4..5, next: None, is_cut: false });
    }

    #[test]
    fn a_mark_holds_for_its_own_list() {
        let cursors = Cursors::default();
        let mark = cursors.hand_out("a".to_owned(), "pages", 3);
        assert_eq!(
            (cursors.redeem(&mark, "pages"), cursors.redeem(&mark, "rows"), cursors.redeem("b", "pages")),
            (Some(3), None, None)
        );
    }
}
