//! The parts of a selector, and whether an element is as one of them says.

use crate::html::attribute::Attribute;
use crate::html::element;
use crate::html::tree::{Id, Tree};

/// Compounds from the outermost to the element itself.
#[derive(Debug, Default)]
pub struct Complex {
    pub parts: Vec<(Combinator, Compound)>,
}

/// How an element stands to the one that the compound before it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combinator {
    Inside,
    Child,
}

/// What one element must be.
#[derive(Debug, Default)]
pub struct Compound {
    pub element: Option<String>,
    pub conditions: Vec<Condition>,
}

#[derive(Debug)]
pub enum Condition {
    Id(String),
    Class(String),
    Attribute(Attribute, Test, String),
}

/// How the value of an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    Present,
    Is,
    Word,
    Dash,
    Begins,
    Ends,
    Contains,
}

impl Compound {
    /// Whether an element is all of it.
    pub fn is(&self, tree: &Tree, id: Id) -> bool {
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
