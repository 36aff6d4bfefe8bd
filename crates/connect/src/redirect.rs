//! How far a chain of redirects may lead.

use model::{Failure, FailureCode, WebUrl};

use crate::fault::shown;

/// The addresses that one fetch has come through: it refuses loops and long chains.
#[derive(Debug, Clone)]
pub struct Trail {
    seen: Vec<WebUrl>,
    most: usize,
}

impl Trail {
    /// The most redirects that a page may take.
    pub const PAGE: usize = 10;
    /// The most redirects that a robots.txt may take; the standard asks for at least five.
    pub const ROBOTS: usize = 5;

    /// A trail that starts at `url` and may take at most `most` redirects.
    pub fn new(url: WebUrl, most: usize) -> Self {
        Self { seen: vec![url], most }
    }

    /// Takes one redirect, or says why it leads nowhere.
    pub fn follow(&mut self, to: WebUrl) -> Result<(), Failure> {
        if self.seen.contains(&to) {
            let text = format!("the redirects lead in a circle, back to {}", shown(&to));
            return Err(Failure::new(FailureCode::BadRedirect, text));
        }
        if self.seen.len() > self.most {
            let text = format!("more than {} redirects in a row, the next to {}", self.most, shown(&to));
            return Err(Failure::new(FailureCode::BadRedirect, text));
        }
        self.seen.push(to);
        Ok(())
    }
}
