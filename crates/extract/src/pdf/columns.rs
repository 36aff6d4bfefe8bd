//! Finds the columns of a page, and with them the order in which its parts are read.

use super::line::Segment;

/// Fewer lines than this on one side of a gap are no column.
const MIN_LINES: usize = 3;

/// A page is cut at most this often; what is left then is read line by line.
const MAX_CUTS: usize = 64;

/// So many places are tried for a gap.
const MAX_CANDIDATES: usize = 12;

/// The parts of a page in reading order; the segments of a part stand in one column.
pub fn parts(segments: Vec<Segment>) -> Vec<Vec<Segment>> {
    let mut parts = Vec::new();
    let mut open = vec![segments];
    let mut cuts = 0;
    while let Some(mut part) = open.pop() {
        if part.is_empty() {
            continue;
        }
        part.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        let found = if cuts < MAX_CUTS { cut(&part) } else { None };
        let Some((gap, from, to)) = found else {
            parts.push(part);
            continue;
        };
        cuts += 1;
        let below = part.split_off(to);
        let middle = part.split_off(from);
        let (left, right) = middle.into_iter().partition(|segment| segment.x < gap);
        open.extend([below, right, left, part]);
    }
    parts
}

/// The place of the best gap between two columns, and the first and the end of the segments that it parts. The segments
/// come sorted from the top.
fn cut(segments: &[Segment]) -> Option<(f64, usize, usize)> {
    if segments.len() < 2 * MIN_LINES {
        return None;
    }
    let mut best: Option<(usize, (f64, usize, usize))> = None;
    for gap in candidates(segments) {
        let mut from = 0;
        for at in 0..=segments.len() {
            let is_crossed = segments.get(at).is_none_or(|it| it.x < gap - 0.5 && it.end > gap + 0.5);
            if !is_crossed {
                continue;
            }
            if let Some(lines) =
                columns(&segments[from..at], gap).filter(|lines| best.is_none_or(|(most, _)| *lines > most))
            {
                best = Some((lines, (gap, from, at)));
            }
            from = at + 1;
        }
    }
    best.map(|(_, cut)| cut)
}

/// Places just left of where many segments start.
fn candidates(segments: &[Segment]) -> Vec<f64> {
    let mut starts: Vec<(f64, f64)> = segments.iter().map(|segment| (segment.x, segment.size)).collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut groups: Vec<(f64, f64, usize)> = Vec::new();
    for (x, size) in starts {
        match groups.last_mut() {
            Some((first, _, count)) if x - *first < 0.4 * size => *count += 1,
            _ => groups.push((x, size, 1)),
        }
    }
    groups.retain(|(_, _, count)| *count >= MIN_LINES);
    groups.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    groups.truncate(MAX_CANDIDATES);
    groups.into_iter().map(|(x, size, _)| x - 0.4 * size).collect()
}

/// The number of lines on both sides when the gap parts two columns of running text.
fn columns(segments: &[Segment], gap: f64) -> Option<usize> {
    let left = Side::of(segments.iter().filter(|segment| segment.x < gap))?;
    let right = Side::of(segments.iter().filter(|segment| segment.x >= gap))?;
    let overlap = left.bottom.min(right.bottom) - left.top.max(right.top);
    let shorter = (left.bottom - left.top).min(right.bottom - right.top);
    let is_beside = overlap >= 0.4 * shorter && right.x - left.end > 0.6 * left.size.min(right.size);
    (is_beside && left.is_prose() && right.is_prose()).then_some(left.lines + right.lines)
}

/// One side of a gap.
struct Side {
    lines: usize,
    letters: usize,
    /// The widths of all lines together.
    covered: f64,
    x: f64,
    end: f64,
    top: f64,
    bottom: f64,
    size: f64,
}

impl Side {
    fn of<'a>(segments: impl Iterator<Item = &'a Segment>) -> Option<Self> {
        let mut side: Option<Self> = None;
        for segment in segments {
            let letters = segment.pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>();
            let Some(side) = &mut side else {
                let Segment { x, end, y, size, .. } = *segment;
                side = Some(Self { lines: 1, letters, covered: end - x, x, end, top: y, bottom: y, size });
                continue;
            };
            side.lines += usize::from(segment.y - side.bottom > 0.5 * segment.size);
            side.letters += letters;
            side.covered += segment.end - segment.x;
            side.x = side.x.min(segment.x);
            side.end = side.end.max(segment.end);
            side.bottom = side.bottom.max(segment.y);
        }
        side.filter(|side| side.lines >= MIN_LINES)
    }

    /// Running text fills its lines; the cells of a table do not.
    #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
    fn is_prose(&self) -> bool {
        let lines = self.lines as f64;
        self.letters >= 18 * self.lines && self.covered / lines > 0.5 * (self.end - self.x)
    }
}
