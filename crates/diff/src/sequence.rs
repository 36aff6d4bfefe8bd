//! Aligns two sequences of numbers: which members of one are members of the other, in the same order.
//!
//! Short stretches are aligned by the histogram algorithm, which people read most easily and which is quadratic at worst. Long ones are
//! first cut where a member is in both only once (as patience diff does, by B. Cohen), and what cannot be cut so is cut into equal
//! pieces: then some of what could be kept is not, but the time stays in proportion to the length.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, NoSliderHeuristic, Token};

/// The most members of a stretch that is aligned whole.
const SHORT: usize = 512;
/// The most members of a piece where nothing tells what belongs together.
const PIECE: usize = 64;
/// What is looked for in a long stretch, one round after the other: runs of so many members that are in both only once.
const ROUNDS: [usize; 4] = [1, 1, 2, 5];

/// A range of the old sequence, and a range of the new one that stands in its place.
type Change = (Range<usize>, Range<usize>);

/// Where two sequences differ. Everything between is the same.
pub fn differences(old: &[u32], new: &[u32]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut stretches = vec![(0..old.len(), 0..new.len(), 0)];
    while let Some((a, b, round)) = stretches.pop() {
        let (a, b) = trimmed(old, new, a, b);
        if a.is_empty() || b.is_empty() || a.len().max(b.len()) <= SHORT {
            short(old, new, (a, b), &mut changes);
            continue;
        }
        let cuts = ROUNDS.get(round).map(|run| shared_once(&old[a.clone()], &new[b.clone()], *run)).unwrap_or_default();
        if cuts.is_empty() && round < ROUNDS.len() {
            stretches.push((a, b, round + 1));
        } else if cuts.is_empty() {
            pieces(&a, &b).for_each(|piece| short(old, new, piece, &mut changes));
        } else {
            stretches.extend(between(&a, &b, &cuts).map(|(a, b)| (a, b, round + 1)));
        }
    }
    changes.sort_unstable_by_key(|(a, b)| (a.start, b.start));
    joined(changes)
}

/// Without what both ranges begin and end with.
fn trimmed(old: &[u32], new: &[u32], a: Range<usize>, b: Range<usize>) -> Change {
    let same = |(one, other): &(&u32, &u32)| one == other;
    let start = old[a.clone()].iter().zip(&new[b.clone()]).take_while(same).count();
    let (a, b) = (a.start + start..a.end, b.start + start..b.end);
    let end = old[a.clone()].iter().rev().zip(new[b.clone()].iter().rev()).take_while(same).count();
    (a.start..a.end - end, b.start..b.end - end)
}

/// The places of runs that both have exactly once, in an order that both have.
fn shared_once(old: &[u32], new: &[u32], run: usize) -> Vec<(usize, usize)> {
    let (a, b) = (once(old.windows(run)), once(new.windows(run)));
    let mut shared: Vec<(usize, usize)> = a.into_iter().filter_map(|(run, at)| Some((at, *b.get(run)?))).collect();
    shared.sort_unstable();
    let order: Vec<usize> = shared.iter().map(|(_, at)| *at).collect();
    longest_rising(&order).into_iter().map(|at| shared[at]).collect()
}

/// What comes exactly once, and where.
fn once<T: Hash + Eq>(members: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut places: HashMap<T, Option<usize>> = HashMap::new();
    for (at, member) in members.enumerate() {
        places.entry(member).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places.into_iter().filter_map(|(member, place)| Some((member, place?))).collect()
}

/// The ranges before, between and behind the cuts.
fn between(a: &Range<usize>, b: &Range<usize>, cuts: &[(usize, usize)]) -> impl Iterator<Item = Change> {
    let starts = [(a.start, b.start)].into_iter().chain(cuts.iter().map(|(i, j)| (a.start + i + 1, b.start + j + 1)));
    let ends = cuts.iter().map(|(i, j)| (a.start + i, b.start + j)).chain([(a.end, b.end)]);
    let ranges: Vec<Change> = starts.zip(ends).map(|(start, end)| (start.0..end.0, start.1..end.1)).collect();
    ranges.into_iter().filter(|(a, b)| !a.is_empty() || !b.is_empty())
}

/// As many short pieces of both ranges.
fn pieces(a: &Range<usize>, b: &Range<usize>) -> impl Iterator<Item = Change> {
    let count = a.len().max(b.len()).div_ceil(PIECE);
    let piece = move |whole: &Range<usize>, at: usize| {
        whole.start + whole.len() * at / count..whole.start + whole.len() * (at + 1) / count
    };
    let (a, b) = (a.clone(), b.clone());
    (0..count).map(move |at| (piece(&a, at), piece(&b, at)))
}

/// Aligns two short ranges.
fn short(old: &[u32], new: &[u32], (a, b): Change, changes: &mut Vec<Change>) {
    if a.is_empty() || b.is_empty() {
        changes.extend((!a.is_empty() || !b.is_empty()).then_some((a, b)));
        return;
    }
    // The algorithm keeps a list for each number up to the largest, so they are counted anew.
    let mut numbers = HashMap::new();
    let mut tokens = |members: &[u32]| -> Vec<Token> {
        let number = |member: &u32| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            Token(*numbers.entry(*member).or_insert(next))
        };
        members.iter().map(number).collect()
    };
    let (before, after) = (tokens(&old[a.clone()]), tokens(&new[b.clone()]));
    let mut diff = Diff::default();
    let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    diff.compute_with(Algorithm::Histogram, &before, &after, count);
    diff.postprocess_with(&before, &after, NoSliderHeuristic);
    let moved = |range: &Range<u32>, by: usize| by + range.start as usize..by + range.end as usize;
    changes.extend(diff.hunks().map(|Hunk { before, after }| (moved(&before, a.start), moved(&after, b.start))));
}

/// Changes that touch are one.
fn joined(changes: Vec<Change>) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::with_capacity(changes.len());
    for (a, b) in changes {
        match joined.last_mut() {
            Some(last) if last.0.end == a.start && last.1.end == b.start => (last.0.end, last.1.end) = (a.end, b.end),
            _ => joined.push((a, b)),
        }
    }
    joined
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
        assert!(differences(&[0, 1, 2], &[0, 1, 2]).is_empty());
        assert_eq!(differences(&[0, 1, 2], &[0, 3, 4, 2]), [(1..2, 1..3)]);
        assert_eq!(differences(&[], &[0]), [(0..0, 0..1)]);
        assert_eq!(differences(&[0, 1], &[]), [(0..2, 0..0)]);
    }

    /// What stands between the changes is the same, whichever way they were found.
    fn check(old: &[u32], new: &[u32]) -> usize {
        let (mut i, mut j, mut kept) = (0, 0, 0);
        for (gone, come) in differences(old, new).into_iter().chain([(old.len()..old.len(), new.len()..new.len())]) {
            assert_eq!(old[i..gone.start], new[j..come.start]);
            kept += gone.start - i;
            (i, j) = (gone.end, come.end);
        }
        kept
    }

    #[test]
    fn long_sequences_are_cut_where_they_can_be() {
        let count = 20_000;
        let unique: Vec<u32> = (0..count).collect();
        let edited: Vec<u32> =
            unique.iter().map(|number| if number % 3 == 0 { count + number } else { *number }).collect();
        assert_eq!(check(&unique, &edited), 13_333);
        let pairs: Vec<u32> = (0..count).map(|at| (at * at) % 150).collect();
        let shifted = [&[7; 40], &pairs[..]].concat();
        assert!(check(&pairs, &shifted) > 0);
        let same: Vec<u32> = vec![1; 20_000];
        assert_eq!(check(&same, &same[..15_000]), 15_000);
        let (even, odd): (Vec<u32>, Vec<u32>) =
            ((0..count).map(|at| at % 2).collect(), (0..count).map(|at| (at + 1) % 2).collect());
        assert!(check(&even, &odd) > 10_000);
        assert_eq!(check(&unique, &edited.iter().map(|number| number + 2 * count).collect::<Vec<_>>()), 0);
    }

    #[test]
    fn rising_members_are_found_wherever_they_stand() {
        assert_eq!(longest_rising(&[]), Vec::<usize>::new());
        assert_eq!(longest_rising(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(longest_rising(&[5, 4, 3]), [2]);
    }
}
