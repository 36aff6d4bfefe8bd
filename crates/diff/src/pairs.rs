//! Finds out of which old paragraph a new one was made, among those that are not the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::lexer::{Kind, Lexer};
use crate::{sequence, words};

/// Two paragraphs are one, edited, from this share of common words on, in thousandths: twice the common words by all words
/// (the Sørensen–Dice coefficient).
const ALIKE: usize = 500;
/// The same for the only two paragraphs that are left between the same neighbours.
const ALIKE_ALONE: usize = 300;
/// A word in more paragraphs than so many tells nothing of where one comes from.
const RARE: usize = 8;
/// So many of the likeliest paragraphs are looked at.
const LIKELY: usize = 3;
/// How far ahead in a gap a paragraph without rare words is looked for.
const AHEAD: usize = 8;

/// A range of the old text in the place of which a range of the new one stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// An old paragraph and the new one that was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub old: usize,
    pub new: usize,
    /// Whether the order among all paragraphs that stayed is kept.
    pub is_in_place: bool,
}

/// The pairs among the paragraphs of the gaps; no paragraph is in two.
pub fn find(old: &[&str], new: &[&str], gaps: &[Gap]) -> Vec<Pair> {
    let mut search = Search::new(old, new, gaps);
    search.pair_equal();
    search.pair_alike();
    search.pair_neighbours();
    search.finish()
}

struct Search<'a> {
    gaps: &'a [Gap],
    old: Vec<Open<'a>>,
    new: Vec<Open<'a>>,
    /// The index in `new` of the partner of each of `old`.
    partner: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

/// A paragraph of a gap.
struct Open<'a> {
    text: &'a str,
    /// Its index in the whole text.
    at: usize,
    gap: usize,
    /// The numbers of its words, sorted.
    words: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(old: &[&'a str], new: &[&'a str], gaps: &'a [Gap]) -> Self {
        let mut numbers = HashMap::new();
        let mut open = |texts: &[&'a str], range: fn(&Gap) -> Range<usize>| -> Vec<Open<'a>> {
            let places = gaps.iter().enumerate().flat_map(|(gap, ranges)| range(ranges).map(move |at| (gap, at)));
            places
                .map(|(gap, at)| Open { text: texts[at], at, gap, words: words_of(texts[at], &mut numbers) })
                .collect()
        };
        let (old, new) = (open(old, |gap| gap.old.clone()), open(new, |gap| gap.new.clone()));
        let (partner, is_taken) = (vec![None; old.len()], vec![false; new.len()]);
        Self { gaps, old, new, partner, is_taken }
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.partner[old] = Some(new);
        self.is_taken[new] = true;
    }

    /// Paragraphs that moved unchanged.
    fn pair_equal(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in (0..self.old.len()).rev() {
            places.entry(self.old[at].text).or_default().push(at);
        }
        for at in 0..self.new.len() {
            let text = self.new[at].text;
            let place = if text.trim().is_empty() { None } else { places.get_mut(text).and_then(Vec::pop) };
            if let Some(old) = place {
                self.pair(old, at);
            }
        }
    }

    /// Paragraphs that share words which few others have, the most alike first.
    fn pair_alike(&mut self) {
        let mut candidates = self.candidates();
        candidates.sort_unstable();
        for (_, _, _, old, new) in candidates {
            if self.partner[old].is_none() && !self.is_taken[new] {
                self.pair(old, new);
            }
        }
    }

    /// Similarity, whether the gap is another one, how far they are from each other, old, new.
    fn candidates(&self) -> Vec<(Reverse<usize>, bool, usize, usize, usize)> {
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, open) in self.old.iter().enumerate().filter(|(at, _)| self.partner[*at].is_none()) {
            for words in open.words.chunk_by(|a, b| a == b) {
                let places = places.entry(words[0]).or_default();
                if places.len() <= RARE {
                    places.push(at);
                }
            }
        }
        let mut candidates = Vec::new();
        for (at, open) in self.new.iter().enumerate().filter(|(at, _)| !self.is_taken[*at]) {
            for old in likeliest(&places, &open.words) {
                let similarity = alike(&self.old[old].words, &open.words);
                if similarity >= ALIKE {
                    let is_elsewhere = self.old[old].gap != open.gap;
                    candidates.push((Reverse(similarity), is_elsewhere, self.old[old].at.abs_diff(open.at), old, at));
                }
            }
        }
        candidates
    }

    /// Paragraphs of one gap in the order in which they stand.
    fn pair_neighbours(&mut self) {
        let (mut i, mut j) = (0, 0);
        for gap in 0..self.gaps.len() {
            let (old_end, new_end) = (self.gaps[gap].old.len() + i, self.gaps[gap].new.len() + j);
            let old: Vec<usize> = (i..old_end).filter(|at| self.partner[*at].is_none()).collect();
            let new: Vec<usize> = (j..new_end).filter(|at| !self.is_taken[*at]).collect();
            let least = if old.len() == 1 && new.len() == 1 { ALIKE_ALONE } else { ALIKE };
            let mut from = 0;
            for old in old {
                let ahead = new.iter().enumerate().skip(from).take(AHEAD);
                let rated =
                    ahead.map(|(place, at)| (alike(&self.old[old].words, &self.new[*at].words), Reverse(place), *at));
                if let Some((_, Reverse(place), at)) = rated.filter(|(similarity, ..)| *similarity >= least).max() {
                    self.pair(old, at);
                    from = place + 1;
                }
            }
            (i, j) = (old_end, new_end);
        }
    }

    /// In each gap the longest run of pairs in order stays in place; the others moved.
    fn finish(self) -> Vec<Pair> {
        let paired = self.partner.iter().enumerate().filter_map(|(old, new)| new.map(|new| (old, new)));
        let mut pairs: Vec<(usize, Pair)> = paired
            .map(|(old, new)| {
                let gap = self.old[old].gap;
                let is_in_place = self.new[new].gap == gap;
                (gap, Pair { old: self.old[old].at, new: self.new[new].at, is_in_place })
            })
            .collect();
        for gap in pairs.chunk_by_mut(|a, b| a.0 == b.0) {
            let here: Vec<usize> = (0..gap.len()).filter(|at| gap[*at].1.is_in_place).collect();
            let order: Vec<usize> = here.iter().map(|at| gap[*at].1.new).collect();
            let mut stays = vec![false; gap.len()];
            for at in sequence::longest_rising(&order) {
                stays[here[at]] = true;
            }
            gap.iter_mut().zip(stays).for_each(|((_, pair), stays)| pair.is_in_place = stays);
        }
        pairs.into_iter().map(|(_, pair)| pair).collect()
    }
}

/// The words and numbers of a paragraph; of one without any, its signs.
fn words_of<'a>(text: &'a str, numbers: &mut HashMap<&'a str, u32>) -> Vec<u32> {
    let mut words: Vec<u32> = Lexer::new(text)
        .filter(|piece| piece.kind != Kind::Sign)
        .map(|piece| words::number(numbers, piece.text))
        .collect();
    if words.is_empty() {
        words = Lexer::new(text).map(|piece| words::number(numbers, piece.text)).collect();
    }
    words.sort_unstable();
    words
}

/// The old paragraphs with which a new one shares the most rare words.
fn likeliest(places: &HashMap<u32, Vec<usize>>, words: &[u32]) -> Vec<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for words in words.chunk_by(|a, b| a == b) {
        let found = places.get(&words[0]).filter(|places| places.len() <= RARE);
        for at in found.into_iter().flatten() {
            *shared.entry(*at).or_default() += 1;
        }
    }
    let mut ranked: Vec<(Reverse<usize>, usize)> = shared.into_iter().map(|(at, count)| (Reverse(count), at)).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(LIKELY).map(|(_, at)| at).collect()
}

/// How alike two sorted lists of words are, in thousandths. Lists of too different length are not looked through.
fn alike(a: &[u32], b: &[u32]) -> usize {
    let (least, most) = (a.len().min(b.len()), a.len().max(b.len()));
    if least == 0 || 2_000 * least < ALIKE_ALONE * (least + most) {
        return 0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    2_000 * common / (a.len() + b.len())
}
