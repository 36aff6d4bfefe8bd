//! Drops what repeats on pages: running heads, footers and page numbers.

use std::collections::{HashMap, HashSet};

use super::page::Page;

/// So much of a page, at its top and at its bottom, may hold furniture.
const MARGIN: f64 = 0.13;

/// Where numbers of pages stand.
const NARROW_MARGIN: f64 = 0.1;

/// A line with a page's number in it is no longer than this, in words.
const MAX_WORDS: usize = 12;

/// Lines on fewer pages than this repeat by accident.
const MIN_PAGES: usize = 3;

/// Where most pages have their first or last line, a line of so many letters that comes twice is no accident: a short
/// chapter's head.
const MIN_LETTERS: usize = 4;

/// Heights are compared in steps of this many points.
const STEP: f64 = 6.0;

/// Drops the lines that stand at the same height on many pages and say the same, numbers aside.
pub fn drop_repeated(pages: &mut [Page]) {
    let mut counts: HashMap<(String, i64), usize> = HashMap::new();
    for page in pages.iter() {
        let mut keys: Vec<_> = page.lines().filter_map(|line| key(page, line.y, &line.text())).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    // Left and right pages differ, and chapters have heads of their own: a fifth of the pages is enough.
    let enough = (pages.len() / 5).clamp(MIN_PAGES, 8);
    let edges = usual_edges(pages);
    for page in pages {
        let (width, height) = (page.width, page.height);
        let outermost = outermost(page);
        let frame = Page { width, height, parts: Vec::new() };
        for part in &mut page.parts {
            part.retain(|line| {
                let found = key(&frame, line.y, &line.text());
                let near = |(text, y): (String, i64)| {
                    (y - 1..=y + 1).map(|y| counts.get(&(text.clone(), y)).copied().unwrap_or(0)).sum::<usize>()
                };
                let is_edge = outermost.contains(&step(line.y)) && edges.contains(&step(line.y));
                let is_long = line.text().chars().filter(|sign| sign.is_alphabetic()).count() >= MIN_LETTERS;
                found.is_none_or(|found| near(found) < if is_edge && is_long { 2 } else { enough })
            });
        }
        page.parts.retain(|part| !part.is_empty());
    }
}

/// Drops the lines at the edges of pages that count them: `12`, `Page 12`, or a section's name beside the number.
pub fn drop_numbers(pages: &mut [Page]) {
    let mut offsets: HashMap<i64, usize> = HashMap::new();
    let edges: Vec<Vec<i64>> = (0_i64..).zip(pages.iter()).map(|(at, page)| edge_numbers(page, at)).collect();
    for offset in edges.iter().flatten() {
        *offsets.entry(*offset).or_default() += 1;
    }
    let Some((offset, count)) = offsets.into_iter().max_by_key(|(offset, count)| (*count, -offset.abs())) else {
        return;
    };
    if count < MIN_PAGES.max(pages.len() / 3) {
        return;
    }
    for (at, page) in (0_i64..).zip(pages.iter_mut()) {
        let height = page.height;
        for part in &mut page.parts {
            part.retain(|line| {
                !is_in_margin(line.y, height) || !numbers(&line.text()).any(|number| number - at == offset)
            });
        }
        page.parts.retain(|part| !part.is_empty());
    }
}

/// How far the numbers in the margins of a page are ahead of its place in the file.
fn edge_numbers(page: &Page, at: i64) -> Vec<i64> {
    let lines = page.lines().filter(|line| is_in_margin(line.y, page.height));
    let mut found: Vec<i64> =
        lines.flat_map(|line| numbers(&line.text()).collect::<Vec<_>>()).map(|number| number - at).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The numbers at the start and at the end of a short line.
fn numbers(text: &str) -> impl Iterator<Item = i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends = if words.len() > MAX_WORDS { [None, None] } else { [words.first().copied(), words.last().copied()] };
    ends.into_iter().flatten().filter_map(|word| word.parse::<i64>().ok()).collect::<Vec<_>>().into_iter()
}

fn is_in_margin(y: f64, height: f64) -> bool {
    y < NARROW_MARGIN * height || y > (1.0 - NARROW_MARGIN) * height
}

/// The heights of a page's first and last line, in steps.
fn outermost(page: &Page) -> [i64; 2] {
    let first = page.lines().map(|line| line.y).fold(f64::INFINITY, f64::min);
    let last = page.lines().map(|line| line.y).fold(f64::NEG_INFINITY, f64::max);
    [step(first), step(last)]
}

/// The heights at which half of the pages or more begin or end.
fn usual_edges(pages: &[Page]) -> HashSet<i64> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for edge in pages.iter().flat_map(outermost) {
        *counts.entry(edge).or_default() += 1;
    }
    let enough = MIN_PAGES.max(pages.len() / 2);
    counts.into_iter().filter(|(_, count)| *count >= enough).map(|(edge, _)| edge).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float that is too large becomes the largest integer, and only places are compared"
)]
fn step(y: f64) -> i64 {
    (y / STEP) as i64
}

/// What the line says, numbers aside, and its height in steps; nothing outside of the margins.
fn key(page: &Page, y: f64, text: &str) -> Option<(String, i64)> {
    if y > MARGIN * page.height && y < (1.0 - MARGIN) * page.height {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_end = |at: usize| at == 0 || at + 1 == words.len();
    let keys = words.iter().enumerate();
    let key = keys.map(|(at, word)| if is_end(at) && is_roman(word) { "#".to_owned() } else { unnumbered(word) });
    Some((key.collect::<Vec<_>>().join(" "), step(y)))
}

/// A number as the first pages of a book have it.
fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|sign| matches!(sign, 'i' | 'v' | 'x' | 'l'))
}

/// The word with its numbers made equal.
fn unnumbered(word: &str) -> String {
    let mut key = String::new();
    for sign in word.chars() {
        match sign {
            '0'..='9' if key.ends_with('#') => {}
            '0'..='9' => key.push('#'),
            sign => key.push(sign),
        }
    }
    key
}
