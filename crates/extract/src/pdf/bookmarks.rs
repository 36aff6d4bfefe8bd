//! The bookmarks of a PDF: which headings it has, and of which level.

use std::collections::{HashMap, HashSet};

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, String as PdfString};
use unicode_normalization::UnicodeNormalization;

use super::strings::text_string;

/// More headings than people write.
const MAX_BOOKMARKS: usize = 20_000;

/// A shorter title may be any line, in letters.
const MIN_LETTERS: usize = 3;

/// The headings that the bookmarks name, by what is left of their texts without spaces and signs.
#[derive(Default)]
pub struct Bookmarks {
    levels: HashMap<String, u8>,
}

impl Bookmarks {
    /// Reads the bookmarks. Each is visited once, so that circles end.
    pub fn of(pdf: &Pdf) -> Self {
        let xref = pdf.xref();
        let root = xref.get::<Dict<'_>>(xref.root_id());
        let outlines = root.and_then(|root| root.get::<Dict<'_>>("Outlines"));
        let mut open: Vec<_> =
            outlines.and_then(|outlines| outlines.get_ref("First")).map(|first| (first, 1)).into_iter().collect();
        let mut seen = HashSet::new();
        let mut bookmarks = Self::default();
        while let Some((at, level)) = open.pop() {
            if !seen.insert(at) || seen.len() > MAX_BOOKMARKS {
                continue;
            }
            let Some(item) = xref.get::<Dict<'_>>(at.into()) else { continue };
            if let Some(title) = item.get::<PdfString<'_>>("Title") {
                let key = key(&text_string(title.as_bytes()));
                if key.chars().count() >= MIN_LETTERS {
                    bookmarks.levels.entry(key).or_insert(level);
                }
            }
            open.extend(item.get_ref("Next").map(|next| (next, level)));
            open.extend(item.get_ref("First").map(|first| (first, (level + 1).min(6))));
        }
        bookmarks
    }

    /// The level of the heading that a line is, whether its number stands in the bookmark or not.
    pub fn level(&self, text: &str) -> Option<u8> {
        if self.levels.is_empty() {
            return None;
        }
        let whole = self.levels.get(&key(text));
        let unnumbered = || {
            let (number, rest) = text.trim_start().split_once(char::is_whitespace)?;
            let is_number = number.ends_with(|sign: char| sign.is_ascii_digit() || sign == '.');
            self.levels.get(&key(rest)).filter(|_| is_number)
        };
        whole.or_else(unnumbered).copied()
    }
}

/// Letters and digits in lower case: bookmarks are spaced and dotted otherwise than the page.
fn key(text: &str) -> String {
    text.nfkc().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
