//! Puts the letters of lines from right to left in the order in which they stand: some programs draw such a line from its
//! right end, some from its left end, and some each word from the other.

use super::direction::{is_mark, is_right_to_left};
use super::glyphs::Letter;

/// Orders the letters that follow each other on one height, from left to right, where one of them is written from right to
/// left. Marks stand behind their letters, at the same place.
pub fn arrange(letters: &mut [Letter]) {
    let mut rest = letters;
    // Marks may be set off the line.
    while let Some(first) = rest.iter().find(|it| !is_mark(it.sign)).or(rest.first()).copied() {
        let is_level = |it: &Letter| is_mark(it.sign) || (it.y - first.y).abs() < 0.2 * it.size.max(first.size);
        let count = rest.iter().take_while(|it| is_level(it)).count().max(1);
        let (line, after) = rest.split_at_mut(count);
        if line.iter().any(|letter| is_right_to_left(letter.sign)) {
            arrange_line(line);
        }
        rest = after;
    }
}

fn arrange_line(line: &mut [Letter]) {
    let mut places: Vec<(f64, usize)> =
        line.iter().enumerate().filter(|(_, it)| is_owner(it)).map(|(at, it)| (middle(it), at)).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let owners: Vec<usize> =
        (0..line.len()).map(|at| if is_mark(line[at].sign) { owner(line, at, &places) } else { at }).collect();
    let mut order: Vec<usize> = (0..line.len()).collect();
    order.sort_by(|a, b| {
        let (owner_a, owner_b) = (owners[*a], owners[*b]);
        let by_place = middle(&line[owner_a]).total_cmp(&middle(&line[owner_b])).then(owner_a.cmp(&owner_b));
        // The marks of a letter come after it, those first that are drawn next to it.
        by_place.then(a.abs_diff(owner_a).cmp(&b.abs_diff(owner_b))).then(a.cmp(b))
    });
    let arranged = order.into_iter().map(|at| {
        let Letter { x, y, width, size, .. } = line[owners[at]];
        Letter { x, y, width, size, ..line[at] }
    });
    let arranged: Vec<Letter> = arranged.collect();
    line.copy_from_slice(&arranged);
}

/// Whether marks stand on it.
fn is_owner(letter: &Letter) -> bool {
    !is_mark(letter.sign) && !letter.sign.is_whitespace()
}

fn middle(letter: &Letter) -> f64 {
    letter.x + 0.5 * letter.width
}

/// The letter that a mark stands on. A line that is drawn as it looks has the marks of a letter before it, one that is drawn
/// as it is read has them behind it. A mark that is drawn by itself stands on the nearest letter; `places` are the middles
/// of the letters, sorted, with their numbers.
fn owner(line: &[Letter], mark: usize, places: &[(f64, usize)]) -> usize {
    let before = (mark.saturating_sub(MAX_MARKS)..mark).rev().find(|at| is_owner(&line[*at]));
    let after = (mark + 1..line.len().min(mark + MAX_MARKS)).find(|at| is_owner(&line[*at]));
    let place = middle(&line[mark]);
    let distance = |at: &usize| (middle(&line[*at]) - place).abs();
    if let (Some(before), Some(after)) = (before, after) {
        let drawn = if line[before].x < line[after].x { after } else { before };
        if distance(&drawn) < line[drawn].size {
            return drawn;
        }
    }
    let next = places.partition_point(|(middle, _)| *middle < place);
    let beside = places[next.saturating_sub(1)..places.len().min(next + 1)].iter().map(|(_, at)| *at);
    beside.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(mark)
}

/// More marks than stand on one letter.
const MAX_MARKS: usize = 8;
