//! How a list is walked page by page: to its end, in smaller pages where large ones fail, and never for ever.

use std::collections::HashSet;

use model::{Failure, FailureCode, WebUrl};
use serde_json::Value;

use super::api::Api;
use super::gate::Gate;

/// The most pages of one list: with a hundred items on each, more than any provider has.
const MOST_PAGES: u32 = 50_000;
/// So many empty pages in a row are passed over, though they lead on.
const MOST_EMPTY: u32 = 3;
/// So often a list is begun anew, when the mark of its next page is no longer taken.
const MOST_RESTARTS: u32 = 2;

/// A walk through one list.
#[derive(Debug)]
pub struct Walk {
    size: usize,
    smallest: usize,
    cursor: Option<String>,
    used: HashSet<String>,
    pages: u32,
    empty: u32,
    restarts_left: u32,
}

/// What a page says of the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// There is none.
    None,
    /// It is at this cursor.
    At(String),
    /// There is one, and it cannot be told where.
    Unnamed,
}

/// Where a walk stands after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// There is another page.
    More,
    /// That was the last one.
    End,
    /// There would be more, and no way to it: why.
    Cut(&'static str),
}

impl Walk {
    /// A walk from the start, in pages of so many items, and of no fewer than `smallest`.
    pub fn new(size: usize, smallest: usize) -> Self {
        Self { size, smallest, cursor: None, used: HashSet::new(), pages: 0, empty: 0, restarts_left: MOST_RESTARTS }
    }

    /// A walk by numbers instead of cursors: a number does not run out, so nothing is begun anew.
    pub fn numbered(size: usize, smallest: usize) -> Self {
        Self { restarts_left: 0, ..Self::new(size, smallest) }
    }

    /// Gets the page at which the walk stands. `url` gives its address for a size and a cursor.
    pub async fn page<G: Gate>(
        &mut self,
        api: &Api<'_, G>,
        url: impl Fn(usize, Option<&str>) -> Result<WebUrl, Failure>,
    ) -> Result<Value, Failure> {
        let mut is_hurried = self.size > self.smallest;
        loop {
            let url = url(self.size, self.cursor.as_deref())?;
            let asked = if is_hurried { api.hurried().get(url).await } else { api.get(url).await };
            match asked {
                Err(failure) if self.shrink(failure.code) => is_hurried = self.size > self.smallest,
                Err(failure) if is_hurried && failure.code.is_transient() => is_hurried = false,
                Err(failure) if failure.code == FailureCode::NotFound && self.restart() => {}
                answered => return answered,
            }
        }
    }

    /// After a page of so many items, and what it says of the next one.
    pub fn turn(&mut self, items: usize, next: Next) -> Turn {
        self.pages += 1;
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        let next = match next {
            Next::None => return Turn::End,
            Next::Unnamed => return Turn::Cut("it goes on, and the way to its next page is not named"),
            Next::At(next) => next,
        };
        if self.empty > MOST_EMPTY {
            return Turn::Cut("its pages are empty and lead on and on");
        }
        if self.pages >= MOST_PAGES {
            return Turn::Cut("it has too many pages");
        }
        // An empty page that leads to itself wants to be asked again.
        let is_again = items == 0 && self.cursor.as_ref() == Some(&next);
        if !self.used.insert(next.clone()) && !is_again {
            return Turn::Cut("its pages lead back to an earlier one");
        }
        self.cursor = Some(next);
        Turn::More
    }

    /// Asks for less from now on, where that may help.
    fn shrink(&mut self, code: FailureCode) -> bool {
        let helps = matches!(code, FailureCode::ServerError | FailureCode::Timeout | FailureCode::TooLarge);
        let shrinks = helps && self.size > self.smallest;
        if shrinks {
            self.size = self.smallest.max(self.size / 2);
        }
        shrinks
    }

    /// Begins anew, when it was the cursor that is not taken. What was seen comes again.
    fn restart(&mut self) -> bool {
        let restarts = self.cursor.is_some() && self.restarts_left > 0;
        if restarts {
            self.restarts_left -= 1;
            self.cursor = None;
            self.used.clear();
        }
        restarts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mark: &str) -> Next {
        Next::At(mark.to_owned())
    }

    const BACK: Turn = Turn::Cut("its pages lead back to an earlier one");

    #[test]
    fn a_walk_ends_where_nothing_leads_on() {
        let mut walk = Walk::new(100, 5);
        assert_eq!(
            [walk.turn(100, at("a")), walk.turn(0, at("b")), walk.turn(3, Next::None)],
            [Turn::More, Turn::More, Turn::End]
        );
        assert!(matches!(walk.turn(3, Next::Unnamed), Turn::Cut(_)));
    }

    #[test]
    fn no_walk_goes_on_for_ever() {
        let mut back = Walk::new(100, 5);
        assert_eq!(["a", "b", "a"].map(|mark| back.turn(1, at(mark))), [Turn::More, Turn::More, BACK]);
        let mut empty = Walk::new(100, 5);
        assert_eq!((0..=2 * MOST_PAGES).position(|mark| empty.turn(0, at(&mark.to_string())) != Turn::More), Some(3));
        let mut long = Walk::new(100, 5);
        let pages = (0..=2 * MOST_PAGES).position(|mark| long.turn(1, at(&mark.to_string())) != Turn::More);
        assert_eq!(pages.unwrap() + 1, MOST_PAGES as usize);
    }

    #[test]
    fn an_empty_page_may_lead_to_itself_for_a_while() {
        let mut walk = Walk::new(100, 5);
        assert_eq!(
            [walk.turn(9, at("a")), walk.turn(0, at("a")), walk.turn(0, at("a"))],
            [Turn::More, Turn::More, Turn::More]
        );
        assert_eq!(walk.turn(9, at("a")), BACK);
        let mut walk = Walk::new(100, 5);
        assert_eq!((0..=2 * MOST_PAGES).position(|_| walk.turn(0, at("a")) != Turn::More), Some(3));
    }

    #[test]
    fn pages_get_smaller_where_that_may_help() {
        let mut walk = Walk::new(250, 5);
        assert!(!walk.shrink(FailureCode::RateLimited));
        assert!(!walk.shrink(FailureCode::ProviderDisconnected));
        let codes = [FailureCode::ServerError, FailureCode::Timeout, FailureCode::TooLarge].into_iter().cycle();
        let sizes: Vec<usize> = codes.map_while(|code| walk.shrink(code).then_some(walk.size)).collect();
        assert_eq!(sizes, [125, 62, 31, 15, 7, 5]);
    }

    #[test]
    fn a_list_is_begun_anew_when_its_mark_is_refused_and_not_for_ever() {
        let mut walk = Walk::new(100, 5);
        assert!(!walk.restart(), "the first page has no mark");
        for _ in 0..MOST_RESTARTS {
            assert_eq!(walk.turn(100, at("a")), Turn::More);
            assert!(walk.restart());
            assert_eq!(walk.cursor, None);
        }
        walk.turn(100, at("a"));
        assert!(!walk.restart());
        let mut numbered = Walk::numbered(100, 5);
        numbered.turn(100, at("100"));
        assert!(!numbered.restart());
    }
}
