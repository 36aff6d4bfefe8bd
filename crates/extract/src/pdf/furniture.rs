//! Drops what repeats on pages: running heads, footers and page numbers.

use std::collections::HashMap;

use super::page::Page;

/// So much of a page, at its top and at its bottom, may hold furniture.
const MARGIN: f64 = 0.13;

/// Lines on fewer pages than this repeat by accident.
const MIN_PAGES: usize = 3;

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
    for page in pages {
        let (width, height) = (page.width, page.height);
        let frame = Page { width, height, parts: Vec::new() };
        for part in &mut page.parts {
            part.retain(|line| {
                let found = key(&frame, line.y, &line.text());
                let near = |(text, y): (String, i64)| {
                    (y - 1..=y + 1).map(|y| counts.get(&(text.clone(), y)).copied().unwrap_or(0)).sum::<usize>()
                };
                found.is_none_or(|found| near(found) < enough)
            });
        }
        page.parts.retain(|part| !part.is_empty());
    }
}

/// What the line says, numbers aside, and its height in steps; nothing outside of the margins.
#[expect(clippy::cast_possible_truncation, reason = "a float that is too large becomes the largest integer, and only places are compared")]
fn key(page: &Page, y: f64, text: &str) -> Option<(String, i64)> {
    if y > MARGIN * page.height && y < (1.0 - MARGIN) * page.height {
        return None;
    }
    let mut key = String::new();
    for sign in text.chars() {
        match sign {
            '0'..='9' if key.ends_with('#') => {}
            '0'..='9' => key.push('#'),
            sign => key.push(sign),
        }
    }
    let is_roman = !key.is_empty() && key.chars().all(|sign| matches!(sign, 'i' | 'v' | 'x' | 'l'));
    Some((if is_roman { "#".to_owned() } else { key }, (y / 6.0) as i64))
}
