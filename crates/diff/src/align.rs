//! Aligns two texts paragraph by paragraph.

use std::collections::HashMap;
use std::ops::Range;

use crate::canon::{self, Canon};
use crate::comparison::{Comparison, Row, RowKind, Run, RunKind};
use crate::pairs::{self, Gap};
use crate::{sequence, words};

/// How `old` became `new`, both lists of paragraphs.
///
/// The comparison is the same whichever text comes first, but for what is old and what is new in it ([`Comparison::mirrored`]). It takes
/// time in proportion to the length of the texts, times a small factor where they differ much.
///
/// ```
/// let comparison = diff::compare(&["“Free”  of charge"], &["\"Free\" of charge"]);
/// assert!(!comparison.is_empty());
/// assert!(!comparison.is_material());
/// ```
pub fn compare<P: AsRef<str>>(old: &[P], new: &[P]) -> Comparison {
    let old: Vec<&str> = old.iter().map(AsRef::as_ref).collect();
    let new: Vec<&str> = new.iter().map(AsRef::as_ref).collect();
    // Whatever algorithm aligns, it prefers one side where there is a choice. So the lesser text is always on the same side.
    if old <= new { Texts { old, new }.compare() } else { Texts { old: new, new: old }.compare().mirrored() }
}

struct Texts<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl Texts<'_> {
    fn compare(&self) -> Comparison {
        let gaps = self.gaps();
        let mut rows = self.stayed(&gaps);
        let pairs = pairs::find(&self.old, &self.new, &gaps);
        let (mut old_is_paired, mut new_is_paired) = (vec![false; self.old.len()], vec![false; self.new.len()]);
        for pair in pairs {
            (old_is_paired[pair.old], new_is_paired[pair.new]) = (true, true);
            rows.push(self.paired(pair.old, pair.new, pair.is_in_place));
        }
        let is_left = |is_paired: &[bool], range: Range<usize>| range.filter(|at| !is_paired[*at]).collect::<Vec<_>>();
        for gap in &gaps {
            rows.extend(is_left(&old_is_paired, gap.old.clone()).into_iter().map(|at| self.alone(Some(at), None)));
            rows.extend(is_left(&new_is_paired, gap.new.clone()).into_iter().map(|at| self.alone(None, Some(at))));
        }
        let mut comparison = Comparison::laid_out(rows);
        weigh(&mut comparison.rows);
        comparison
    }

    /// The ranges that are not the same in both texts.
    fn gaps(&self) -> Vec<Gap> {
        let mut numbers = HashMap::new();
        let old: Vec<u32> = self.old.iter().map(|text| words::number(&mut numbers, text)).collect();
        let new: Vec<u32> = self.new.iter().map(|text| words::number(&mut numbers, text)).collect();
        sequence::differences(&old, &new).into_iter().map(|(old, new)| Gap { old, new }).collect()
    }

    fn stayed(&self, gaps: &[Gap]) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.old.len().max(self.new.len()));
        let (mut i, mut j) = (0, 0);
        let end = Gap { old: self.old.len()..self.old.len(), new: self.new.len()..self.new.len() };
        for gap in gaps.iter().chain([&end]) {
            while i < gap.old.start {
                rows.push(self.paired(i, j, true));
                (i, j) = (i + 1, j + 1);
            }
            (i, j) = (gap.old.end, gap.new.end);
        }
        rows
    }

    fn paired(&self, old: usize, new: usize, is_in_place: bool) -> Row {
        let (before, after) = (self.old[old], self.new[new]);
        let kind = match (is_in_place, before == after) {
            (true, true) => RowKind::Same,
            (true, false) => RowKind::Edited,
            (false, _) => RowKind::Moved,
        };
        let runs = if before == after { whole(RunKind::Kept, before) } else { words::runs(before, after) };
        Row { kind, old: Some(old), new: Some(new), runs, is_material: false }
    }

    fn alone(&self, old: Option<usize>, new: Option<usize>) -> Row {
        let (kind, runs) = match (old, new) {
            (Some(at), _) => (RowKind::Removed, whole(RunKind::Removed, self.old[at])),
            (None, at) => (RowKind::Added, whole(RunKind::Added, at.map_or("", |at| self.new[at]))),
        };
        Row { kind, old, new, runs, is_material: false }
    }
}

fn whole(kind: RunKind, text: &str) -> Vec<Run> {
    if text.is_empty() { Vec::new() } else { vec![Run { kind, text: text.to_owned() }] }
}

/// Says of each row whether it matters. Paragraphs that were cut in another way matter only if their words did change together.
fn weigh(rows: &mut [Row]) {
    for stretch in rows.chunk_by_mut(|a, b| (a.kind == RowKind::Same) == (b.kind == RowKind::Same)) {
        if stretch[0].kind != RowKind::Same {
            weigh_stretch(stretch);
        }
    }
}

fn weigh_stretch(stretch: &mut [Row]) {
    let canons: Vec<(Canon, Canon)> = stretch.iter().map(canons).collect();
    for (row, (before, after)) in stretch.iter_mut().zip(&canons) {
        row.is_material = match row.kind {
            RowKind::Moved => {
                !(before.is_navigation && after.is_navigation && before.text == after.text
                    || says_nothing(before, after))
            }
            _ => before.text != after.text,
        };
    }
    let stays = |at: &usize| stretch[*at].kind != RowKind::Moved;
    let mut in_old_order: Vec<usize> =
        (0..stretch.len()).filter(|at| stretch[*at].old.is_some()).filter(stays).collect();
    in_old_order.sort_unstable_by_key(|at| stretch[*at].old);
    let before: String = in_old_order.into_iter().map(|at| canons[at].0.text.as_str()).collect();
    let after: String = (0..stretch.len()).filter(stays).map(|at| canons[at].1.text.as_str()).collect();
    if before == after {
        stretch.iter_mut().filter(|row| row.kind != RowKind::Moved).for_each(|row| row.is_material = false);
    }
}

fn canons(row: &Row) -> (Canon, Canon) {
    let canon = |text: Option<String>| text.map(|text| canon::of(&text)).unwrap_or_default();
    (canon(row.old_text()), canon(row.new_text()))
}

fn says_nothing(before: &Canon, after: &Canon) -> bool {
    before.text.is_empty() && after.text.is_empty()
}
