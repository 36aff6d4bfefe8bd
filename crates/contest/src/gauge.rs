//! Scores a text beside the gold text.
//!
//! Word precision, recall and F1 are WCXB's measure: bags of `\w+` in lower case, averaged over pages. Shingles are runs of
//! four words, which tell whether the order is right. Snippets must be found, or must not.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use regex::Regex;

use crate::sets::Page;

/// Words of a shingle.
const SHINGLE: usize = 4;

/// What Python means by `\w+`: letters and numbers of any script, and `_`, but no combining marks.
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is constant"));

/// What one page came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    pub shingle_precision: f64,
    pub shingle_recall: f64,
    /// The share of must-have snippets that are in the text; nothing when the page names none.
    pub with: Option<f64>,
    /// The share of boilerplate snippets that are in the text.
    pub without: Option<f64>,
    /// Whether there is no text although the gold has some.
    pub is_missed: bool,
}

impl Score {
    /// Scores the text of a page.
    pub fn of(page: &Page, text: &str) -> Self {
        let (gold, lower) = (page.text.to_lowercase(), text.to_lowercase());
        let (precision, recall, f1) = bags(&words(&gold), &words(&lower));
        let (shingle_precision, shingle_recall) = shingles(&words(&page.text), &words(text));
        let found = |snippets: &[String]| {
            let hits = snippets.iter().filter(|snippet| lower.contains(&snippet.to_lowercase())).count();
            (!snippets.is_empty()).then(|| share(hits, snippets.len()))
        };
        Self {
            precision,
            recall,
            f1,
            shingle_precision,
            shingle_recall,
            with: found(&page.with),
            without: found(&page.without),
            is_missed: text.trim().is_empty() && !page.text.trim().is_empty(),
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    WORD.find_iter(text).map(|found| found.as_str()).collect()
}

fn bags(gold: &[&str], text: &[&str]) -> (f64, f64, f64) {
    if gold.is_empty() && text.is_empty() {
        return (1.0, 1.0, 1.0);
    }
    let both = overlap(&counts(gold.iter().copied()), &counts(text.iter().copied()));
    if both == 0 {
        return (0.0, 0.0, 0.0);
    }
    let (precision, recall) = (share(both, text.len()), share(both, gold.len()));
    (precision, recall, harmonic(precision, recall))
}

/// Precision and recall of runs of words; a text of fewer is one run.
fn shingles(gold: &[&str], text: &[&str]) -> (f64, f64) {
    fn runs<'a, 'b>(words: &'a [&'b str]) -> HashMap<&'a [&'b str], usize> {
        if words.len() < SHINGLE {
            return counts(Some(words).filter(|words| !words.is_empty()).into_iter());
        }
        counts(words.windows(SHINGLE))
    }
    let (gold, text) = (runs(gold), runs(text));
    let both = overlap(&gold, &text);
    let all = |runs: &HashMap<&[&str], usize>| runs.values().sum::<usize>();
    let precision = if text.is_empty() { 0.0 } else { share(both, all(&text)) };
    (precision, if gold.is_empty() { 1.0 } else { share(both, all(&gold)) })
}

fn counts<T: Hash + Eq>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

fn overlap<T: Hash + Eq>(one: &HashMap<T, usize>, other: &HashMap<T, usize>) -> usize {
    one.iter().map(|(item, count)| (*count).min(other.get(item).copied().unwrap_or(0))).sum()
}

#[expect(clippy::cast_precision_loss, reason = "words of a page are far fewer than 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// The harmonic mean; nothing of nothing is nothing.
pub fn harmonic(one: f64, other: f64) -> f64 {
    if one + other > 0.0 { 2.0 * one * other / (one + other) } else { 0.0 }
}

/// The mean of what is there.
pub fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        let snippets = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Page {
            text: text.to_owned(),
            with: snippets(&["Refund"]),
            without: snippets(&["Menu", "Home"]),
            ..Page::default()
        }
    }

    /// By hand, after the definitions above.
    #[test]
    fn scores_follow_the_definition() {
        let score = Score::of(&page("A refund is paid to the card"), "Menu A refund is paid");
        assert!((score.precision - 4.0 / 5.0).abs() < 1e-12 && (score.recall - 4.0 / 7.0).abs() < 1e-12, "{score:?}");
        assert!((score.f1 - 2.0 / 3.0).abs() < 1e-12, "{score:?}");
        assert_eq!((score.shingle_precision, score.shingle_recall), (0.5, 0.25));
        assert_eq!((score.with, score.without, score.is_missed), (Some(1.0), Some(0.5), false));
    }

    #[test]
    fn nothing_is_right_where_nothing_was_to_be_found() {
        assert_eq!(Score::of(&page(""), " ").f1, 1.0);
        assert_eq!(Score::of(&page(""), "x").f1, 0.0);
        let missed = Score::of(&page("x"), "\n");
        assert!(missed.is_missed && missed.f1 == 0.0);
    }

    /// As Python's `\w`: marks part words, numbers of all scripts and the low line do not.
    #[test]
    fn words_are_those_of_the_measure() {
        assert_eq!(words("don't snake_case №5 ½ x² Ⓐ"), ["don", "t", "snake_case", "5", "½", "x²"]);
        assert_eq!(words("हिन्दी"), ["ह", "न", "द"]);
        assert_eq!(words("返金 は"), ["返金", "は"]);
    }
}
