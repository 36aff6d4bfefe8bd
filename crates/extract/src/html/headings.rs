//! Knows where the headings of a page are, so that nobody searches a large part for one.

use super::name::Name;
use super::tree::{Id, Tree};

/// The headings of a page, in reading order.
pub struct Headings {
    all: Vec<Id>,
    main: Vec<Id>,
}

impl Headings {
    /// Finds them.
    pub fn of(tree: &Tree) -> Self {
        let all: Vec<Id> = (0..tree.nodes.len()).filter(|id| tree.name(*id).heading().is_some()).collect();
        let main = all.iter().copied().filter(|id| tree.name(*id) == Name::H1).collect();
        Self { all, main }
    }

    /// Whether a part is a heading or holds one.
    pub fn is_in(&self, tree: &Tree, id: Id) -> bool {
        is_in(&self.all, tree, id)
    }

    /// Whether a part is a main heading or holds one.
    pub fn main_is_in(&self, tree: &Tree, id: Id) -> bool {
        is_in(&self.main, tree, id)
    }
}

fn is_in(headings: &[Id], tree: &Tree, id: Id) -> bool {
    let next = headings.partition_point(|heading| *heading < id);
    headings.get(next).is_some_and(|heading| *heading < tree.end(id))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn headings_are_found_in_what_holds_them() {
        let tree = parse("<main><div><h2>a</h2></div><p>b</p><section><div><h1>c</h1></div></section></main>");
        let headings = Headings::of(&tree);
        let holding: Vec<_> = (0..tree.nodes.len())
            .filter(|id| headings.is_in(&tree, *id))
            .map(|id| (tree.name(id), headings.main_is_in(&tree, id)))
            .collect();
        let both = [(Name::Html, true), (Name::Body, true), (Name::Main, true)];
        let second = [(Name::Div, false), (Name::H2, false)];
        let first = [(Name::Section, true), (Name::Div, true), (Name::H1, true)];
        assert_eq!(holding, [&both[..], &second, &first].concat());
    }
}
