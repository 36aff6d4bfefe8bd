//! Aligns two sequences of numbers: which members of one are members of the other, in the same order.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, NoSliderHeuristic, Token};

/// Up to so many members the histogram algorithm is used, which people read more easily and which is quadratic at worst; above,
/// Myers' algorithm with the bounds that GNU diff made known.
const READABLE: usize = 512;

/// Where two sequences differ: a range of the one stands where a range of the other stood. Everything between is the same.
pub fn differences(old: &[u32], new: &[u32]) -> Vec<(Range<usize>, Range<usize>)> {
    let tokens = |numbers: &[u32]| numbers.iter().copied().map(Token).collect::<Vec<_>>();
    let (before, after) = (tokens(old), tokens(new));
    let largest = old.iter().chain(new).max().map_or(0, |largest| largest + 1);
    let is_short = old.len().max(new.len()) <= READABLE;
    let mut diff = Diff::default();
    diff.compute_with(if is_short { Algorithm::Histogram } else { Algorithm::Myers }, &before, &after, largest);
    if is_short {
        diff.postprocess_with(&before, &after, NoSliderHeuristic);
    }
    diff.hunks().map(|Hunk { before, after }| (range(&before), range(&after))).collect()
}

fn range(of: &Range<u32>) -> Range<usize> {
    of.start as usize..of.end as usize
}

/// The longest subsequence of which the members rise, as indices.
pub fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|previous| ends[previous]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut chain: Vec<usize> = std::iter::successors(ends.last().copied(), |at| before[*at]).collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_say_what_stands_for_what() {
        assert_eq!(differences(&[0, 1, 2], &[0, 1, 2]), []);
        assert_eq!(differences(&[0, 1, 2], &[0, 3, 4, 2]), [(1..2, 1..3)]);
        assert_eq!(differences(&[], &[0]), [(0..0, 0..1)]);
        assert_eq!(differences(&[0, 1], &[]), [(0..2, 0..0)]);
    }

    #[test]
    fn rising_members_are_found_wherever_they_stand() {
        assert_eq!(longest_rising(&[]), Vec::<usize>::new());
        assert_eq!(longest_rising(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(longest_rising(&[5, 4, 3]), [2]);
    }
}
