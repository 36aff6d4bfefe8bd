//! Which sizes of letters are running text, and which are headings of which level.

use std::collections::BTreeMap;

use super::bookmarks::Bookmarks;
use super::line::Line;

/// A heading is larger than running text by this much at least.
const LARGER: f64 = 1.12;

/// A longer line is no heading, in letters.
const MAX_HEADING: usize = 200;

/// The sizes of a document, in points.
pub struct Sizes {
    /// Of running text.
    pub body: f64,
    /// Of headings, from the largest, with their levels.
    headings: Vec<(u64, u8)>,
}

/// Sizes are compared in halves of a point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are small and positive; others only count as unequal"
)]
fn step(size: f64) -> u64 {
    (size * 2.0).round() as u64
}

impl Sizes {
    /// Learns the sizes from all lines, and their levels from the bookmarks where there are some.
    pub fn of<'a>(lines: impl Iterator<Item = &'a Line>, bookmarks: &Bookmarks) -> Self {
        let mut letters: BTreeMap<u64, usize> = BTreeMap::new();
        let mut short: BTreeMap<u64, Votes> = BTreeMap::new();
        for line in lines {
            let text = line.text();
            let count = text.chars().filter(|sign| !sign.is_whitespace()).count();
            *letters.entry(step(line.size)).or_default() += count;
            if is_short(&text) {
                let votes = short.entry(step(line.size)).or_default();
                if let Some(level) = bookmarks.level(&text) {
                    votes[usize::from(level.min(6))] += 1;
                }
            }
        }
        let usual = letters.iter().max_by_key(|(_, count)| **count).map_or(20, |(size, _)| *size);
        #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
        let body = usual as f64 / 2.0;
        let mut level = 0;
        let larger = short.into_iter().rev().filter(|(size, _)| *size > step(body * LARGER));
        let headings = larger.map(|(size, votes)| {
            level = elected(&votes).unwrap_or(level + 1).min(6);
            (size, level)
        });
        Self { body, headings: headings.collect() }
    }

    /// The level of a line that is larger than running text.
    pub fn heading(&self, size: f64, text: &str) -> Option<u8> {
        if !is_short(text) || size <= self.body * LARGER {
            return None;
        }
        self.headings.iter().find(|(heading, _)| *heading <= step(size)).map(|(_, level)| *level)
    }

    /// The level of a heading in bold letters of the running text's size.
    pub fn bold_heading(&self) -> u8 {
        self.headings.iter().map(|(_, level)| level + 1).max().unwrap_or(1).min(6)
    }
}

/// How often the bookmarks give a size this level.
type Votes = [usize; 7];

fn elected(votes: &Votes) -> Option<u8> {
    let (level, count) = (1..).zip(&votes[1..]).max_by_key(|(level, count)| (**count, std::cmp::Reverse(*level)))?;
    (*count > 0).then_some(level)
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= MAX_HEADING && text.chars().any(char::is_alphanumeric)
}
