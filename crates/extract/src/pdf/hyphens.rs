//! Joins words that were parted at the ends of lines.

use std::collections::HashSet;

/// The words of a document as it writes them inside of lines, in lower case.
#[derive(Default)]
pub struct Words {
    known: HashSet<String>,
}

impl Words {
    /// Takes in a line. Its last word may be parted, and does not count.
    pub fn learn(&mut self, line: &str) {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        words.pop();
        for word in words {
            let word = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
            if !word.is_empty() {
                self.known.insert(word);
            }
        }
    }

    /// Whether the word at the end of `before` goes on in `after`, and then whether its hyphen is kept.
    pub fn joins(&self, before: &str, after: &str) -> Option<bool> {
        let stem = before.trim_end().strip_suffix(['-', '\u{2010}', '\u{ad}'])?;
        let head = stem.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
        let tail = after.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
        if head.is_empty() || tail.is_empty() {
            return None;
        }
        if before.trim_end().ends_with('\u{ad}') {
            return Some(false);
        }
        let (whole, parted) = (format!("{head}{tail}").to_lowercase(), format!("{head}-{tail}").to_lowercase());
        // Names and numbers keep their hyphen: `Rhein-Main`, `2019-20`.
        let is_plain = head.chars().all(char::is_alphabetic) && tail.starts_with(char::is_lowercase);
        Some(!self.known.contains(&whole) && (!is_plain || self.known.contains(&parted)))
    }
}
