//! Finds the circles of a graph of files.

use std::collections::{BTreeSet, VecDeque};

/// File `from` names, on `line`, something that file `to` defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub line: usize,
}

/// The shortest circle of each knot of files that reach each other.
pub fn circles(files: usize, edges: &[Edge]) -> Vec<Vec<Edge>> {
    let reached: Vec<BTreeSet<usize>> = (0..files).map(|file| reach(file, edges)).collect();
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for file in 0..files {
        if !reached[file].contains(&file) || told.contains(&file) {
            continue;
        }
        let knot: Vec<usize> =
            (0..files).filter(|other| reached[file].contains(other) && reached[*other].contains(&file)).collect();
        circles.extend(knot.iter().filter_map(|start| shortest(*start, edges)).min_by_key(Vec::len));
        told.extend(knot);
    }
    circles
}

fn reach(start: usize, edges: &[Edge]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        open.extend(edges.iter().filter(|edge| edge.from == file).map(|edge| edge.to).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The shortest way from a file back to itself, breadth first.
fn shortest(start: usize, edges: &[Edge]) -> Option<Vec<Edge>> {
    let mut seen = BTreeSet::new();
    let mut open = VecDeque::from([(start, Vec::new())]);
    while let Some((file, way)) = open.pop_front() {
        for edge in edges.iter().filter(|edge| edge.from == file) {
            let way: Vec<Edge> = way.iter().chain([edge]).copied().collect();
            if edge.to == start {
                return Some(way);
            }
            if seen.insert(edge.to) {
                open.push_back((edge.to, way));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Edge, circles};

    #[test]
    fn tells_each_knot_once_by_its_shortest_circle() {
        let check = |pairs: &[(usize, usize)], expected: &[&[usize]]| {
            let edges: Vec<Edge> = pairs.iter().map(|&(from, to)| Edge { from, to, line: 1 }).collect();
            let found: Vec<Vec<usize>> =
                circles(6, &edges).iter().map(|circle| circle.iter().map(|edge| edge.from).collect()).collect();
            assert_eq!(found, expected, "{pairs:?}");
        };
        check(&[], &[]);
        check(&[(0, 1), (1, 2), (0, 2), (3, 2)], &[]);
        check(&[(0, 1), (1, 0)], &[&[0, 1]]);
        check(&[(0, 1), (1, 2), (2, 0), (2, 1)], &[&[1, 2]]);
        check(&[(0, 1), (1, 0), (4, 5), (5, 4), (1, 4)], &[&[0, 1], &[4, 5]]);
    }
}
