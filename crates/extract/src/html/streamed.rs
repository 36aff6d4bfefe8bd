//! Puts parts that a server sent late where they belong: React writes them hidden at the end of the page, as
//! `<div hidden id="S:1">`, and leaves `<template id="B:1">` or `<template id="P:1">` where a script will move them.

use std::collections::HashMap;

use super::attribute::Attribute;
use super::name::Name;
use super::tree::{Id, Node, Tree};

/// Parts inside of parts never nest deeper on a page that a person made.
const MAX_DEPTH: usize = 1024;

/// Moves late parts to their places; a page without any stays as it is.
pub fn settle(tree: &mut Tree) {
    let moves = Moves::of(tree);
    if moves.parts.is_empty() {
        return;
    }
    let mut settled: Vec<Node> = Vec::with_capacity(tree.nodes.len());
    let (mut steps, mut depth) = (vec![Step::Enter(0, 0)], 0);
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave(new) => {
                depth -= 1;
                settled[new].end = small(settled.len());
            }
            Step::Enter(..) if depth > MAX_DEPTH => return,
            Step::Enter(id, _) if moves.places.contains_key(&id) => {}
            Step::Enter(id, parent) => {
                let (holder, parent) = if let Some(part) = moves.parts.get(&id) {
                    (*part, parent)
                } else {
                    let new = settled.len();
                    depth += 1;
                    settled.push(Node { parent: small(parent), ..tree.nodes[id] });
                    steps.push(Step::Leave(new));
                    (id, new)
                };
                let first = steps.len();
                steps.extend(tree.children(holder).map(|child| Step::Enter(child, parent)));
                steps[first..].reverse();
            }
        }
    }
    // A part that waits for itself would be lost.
    if settled.len() + moves.lost(tree) == tree.nodes.len() {
        tree.nodes = settled;
    }
}

enum Step {
    Enter(Id, Id),
    Leave(Id),
}

/// Which part goes where.
struct Moves {
    /// The late part by the template that it replaces.
    parts: HashMap<Id, Id>,
    /// The template by the late part.
    places: HashMap<Id, Id>,
}

impl Moves {
    fn of(tree: &Tree) -> Self {
        let named = |id: Id, name: Name, prefixes: &[&str]| {
            let key = (tree.name(id) == name).then(|| tree.attribute(id, Attribute::Id)).flatten()?;
            prefixes.iter().find_map(|prefix| key.strip_prefix(prefix))
        };
        let nodes = 0..tree.nodes.len();
        let late: HashMap<&str, Id> = nodes
            .clone()
            .filter(|id| tree.has(*id, Attribute::Hidden))
            .filter_map(|id| Some((named(id, Name::Div, &["S:"])?, id)))
            .collect();
        let mut moves = Self { parts: HashMap::new(), places: HashMap::new() };
        for id in nodes.filter(|_| !late.is_empty()) {
            let part = named(id, Name::Template, &["B:", "P:"]).and_then(|key| late.get(key).copied());
            if let Some(part) = part.filter(|part| !moves.places.contains_key(part)) {
                moves.parts.insert(id, part);
                moves.places.insert(part, id);
            }
        }
        moves
    }

    /// How many nodes go away: the templates with what they hold, and the parts' own elements.
    fn lost(&self, tree: &Tree) -> usize {
        self.parts.keys().map(|template| tree.end(*template) - template + 1).sum()
    }
}

fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
