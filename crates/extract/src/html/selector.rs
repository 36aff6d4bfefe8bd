//! Matches CSS selectors on a page, in one pass over its nodes whatever the selector.
//!
//! Type, class, id and attribute selectors, their compounds, the descendant and the child combinator, and lists of them,
//! as in [Selectors Level 3](https://www.w3.org/TR/selectors-3/). Everything else is refused by name.

mod parse;

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};
pub use parse::SelectorError;

/// A list of selectors; an element matches it when it matches one of them.
#[derive(Debug)]
pub struct Selector {
    complex: Vec<Complex>,
}

/// Compounds from the outermost to the element itself.
#[derive(Debug, Default)]
struct Complex {
    parts: Vec<(Combinator, Compound)>,
}

/// How an element stands to the one that the compound before it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    Inside,
    Child,
}

/// What one element must be.
#[derive(Debug, Default)]
struct Compound {
    element: Option<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug)]
enum Condition {
    Id(String),
    Class(String),
    Attribute(Attribute, Test, String),
}

/// How the value of an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Present,
    Is,
    Word,
    Dash,
    Begins,
    Ends,
    Contains,
}

/// Whether a text is a selector that pages can be read with.
///
/// ```
/// assert!(extract::check_selector("main > .article p.note, #content [role=main]").is_ok());
/// let error = extract::check_selector("li:first-child").unwrap_err();
/// assert_eq!(error.to_string(), "`:first-child` in `li:first-child`: pseudo-classes are not supported; use classes, ids or attributes");
/// ```
///
/// # Errors
///
/// What is wrong, or not supported, and where.
pub fn check_selector(text: &str) -> Result<(), SelectorError> {
    Selector::parse(text).map(|_| ())
}

impl Selector {
    /// Reads a selector.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parse::list(text).map(|complex| Self { complex })
    }

    /// The elements that it matches, in reading order.
    pub fn matches(&self, tree: &Tree) -> Vec<Id> {
        let mut found: Vec<Id> = self.complex.iter().flat_map(|complex| complex.matches(tree)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Complex {
    /// For each node a bit for every compound that it matches with all those before it: `here` for itself, `above` for
    /// what is around it. Bits only ever follow from those of a node's parent, so one pass is enough.
    fn matches(&self, tree: &Tree) -> Vec<Id> {
        let whole = 1_u32 << (self.parts.len() - 1);
        let count = tree.nodes.len();
        let (mut here, mut above) = (vec![0_u32; count], vec![0_u32; count]);
        let mut found = Vec::new();
        for id in 0..count {
            let parent = tree.parent(id);
            let (direct, around) = if id == parent { (0, 0) } else { (here[parent], above[parent] | here[parent]) };
            above[id] = around;
            if tree.name(id) == Name::Text {
                continue;
            }
            for (at, (combinator, compound)) in self.parts.iter().enumerate() {
                let before = if *combinator == Combinator::Child { direct } else { around };
                if (at == 0 || before & (1 << (at - 1)) != 0) && compound.is(tree, id) {
                    here[id] |= 1 << at;
                }
            }
            if here[id] & whole != 0 {
                found.push(id);
            }
        }
        found
    }
}

impl Compound {
    fn is(&self, tree: &Tree, id: Id) -> bool {
        let is_element = |name: &String| tree.name_of(id).is_some_and(|own| own.eq_ignore_ascii_case(name));
        self.element.as_ref().is_none_or(is_element) && self.conditions.iter().all(|condition| condition.is(tree, id))
    }
}

impl Condition {
    fn is(&self, tree: &Tree, id: Id) -> bool {
        match self {
            Self::Id(wanted) => tree.attribute(id, Attribute::Id) == Some(wanted),
            Self::Class(wanted) => element::classes(tree, id).any(|class| class == wanted),
            Self::Attribute(attribute, Test::Present, _) => tree.has(id, *attribute),
            Self::Attribute(attribute, test, wanted) => {
                tree.attribute(id, *attribute).is_some_and(|value| test.holds(value, wanted))
            }
        }
    }
}

impl Test {
    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Is => value == wanted,
            Self::Word => value.split_ascii_whitespace().any(|word| word == wanted),
            Self::Dash => value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            // By the standard, an empty text begins and ends nothing.
            Self::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Self::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Self::Contains => !wanted.is_empty() && value.contains(wanted),
        }
    }
}

#[cfg(test)]
mod tests;
