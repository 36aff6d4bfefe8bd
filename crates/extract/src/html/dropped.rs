//! What of a page is left out; and, for whoever asks, why.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use super::tree::{Id, Tree};

/// Why an element is left out. What exactly it was is read off the element again when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its name, its role or its request for consent makes it furniture.
    Landmark,
    /// Its class or its words make it furniture.
    Words,
    /// It stands under this heading, which begins something else.
    Under(Id),
    /// Before the main heading, it is nothing but links.
    Menu,
    /// A selector of the site's owner matches it.
    Unwanted,
    /// It recurs on the pages of the site.
    Recurs,
}

/// One mark a node, read and written like a slice. A marked node's descendants are left out with it.
#[derive(Debug, Clone)]
pub struct Dropped {
    marks: Vec<bool>,
    reasons: Option<HashMap<Id, Why>>,
}

impl Dropped {
    /// Nothing is left out yet, and reasons are not kept.
    pub fn none(tree: &Tree) -> Self {
        Self { marks: vec![false; tree.nodes.len()], reasons: None }
    }

    /// The same, keeping reasons.
    pub fn recorded(tree: &Tree) -> Self {
        Self { reasons: Some(HashMap::new()), ..Self::none(tree) }
    }

    /// Leaves a node out.
    pub fn leave_out(&mut self, id: Id, why: Why) {
        self.marks[id] = true;
        if let Some(reasons) = &mut self.reasons {
            reasons.entry(id).or_insert(why);
        }
    }

    /// Takes all marks back.
    pub fn clear(&mut self) {
        self.marks.fill(false);
    }

    /// The first reason that was kept for a node.
    pub fn why(&self, id: Id) -> Option<Why> {
        self.reasons.as_ref()?.get(&id).copied()
    }
}

impl Deref for Dropped {
    type Target = [bool];

    fn deref(&self) -> &[bool] {
        &self.marks
    }
}

impl DerefMut for Dropped {
    fn deref_mut(&mut self) -> &mut [bool] {
        &mut self.marks
    }
}
