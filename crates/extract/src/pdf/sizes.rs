//! Which sizes of letters are running text, and which are headings of which level.

use std::collections::BTreeMap;

use super::line::Line;

/// A heading is larger than running text by this much at least.
const LARGER: f64 = 1.12;

/// A longer line is no heading, in letters.
const MAX_HEADING: usize = 200;

/// The sizes of a document, in points.
pub struct Sizes {
    /// Of running text.
    pub body: f64,
    /// Of headings, from the largest.
    headings: Vec<u64>,
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
    /// Learns the sizes from all lines.
    pub fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let mut letters: BTreeMap<u64, usize> = BTreeMap::new();
        let mut short: BTreeMap<u64, usize> = BTreeMap::new();
        for line in lines {
            let text = line.text();
            let count = text.chars().filter(|sign| !sign.is_whitespace()).count();
            *letters.entry(step(line.size)).or_default() += count;
            if is_short(&text) {
                *short.entry(step(line.size)).or_default() += 1;
            }
        }
        let usual = letters.iter().max_by_key(|(_, count)| **count).map_or(20, |(size, _)| *size);
        #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
        let body = usual as f64 / 2.0;
        let headings = short.into_keys().rev().filter(|size| *size > step(body * LARGER)).collect();
        Self { body, headings }
    }

    /// The level of a line that is larger than running text.
    pub fn heading(&self, size: f64, text: &str) -> Option<u8> {
        if !is_short(text) || size <= self.body * LARGER {
            return None;
        }
        let rank = self.headings.iter().position(|heading| *heading <= step(size))?;
        u8::try_from(rank + 1).ok().map(|level| level.min(6))
    }

    /// The level of a heading in bold letters of the running text's size.
    pub fn bold_heading(&self) -> u8 {
        u8::try_from(self.headings.len() + 1).unwrap_or(6).min(6)
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= MAX_HEADING && text.chars().any(char::is_alphanumeric)
}
