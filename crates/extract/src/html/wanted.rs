//! What the owner of a site wants of its pages, found on one of them.

use std::collections::BTreeSet;

use super::selector::Selector;
use super::tree::{Id, Tree};
use crate::site::Site;

/// What is to be kept of a page and what is to be left out, whatever the page itself says.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The only parts that are content; without any, the page itself is asked.
    pub keep: Vec<Id>,
    /// What is no content.
    pub drop: Vec<Id>,
    /// The fingerprints of blocks that recur on the site.
    pub recurring: &'a BTreeSet<u64>,
}

impl<'a> Wanted<'a> {
    /// What the selectors of a site match on a page.
    pub fn of(tree: &Tree, site: &'a Site, warnings: &mut Vec<String>) -> Self {
        let drop = chosen(tree, &site.drop, warnings);
        let keep = chosen(tree, &site.keep, warnings);
        if !site.keep.is_empty() && keep.is_empty() {
            let text = "nothing on the page matches the selectors of what to keep; it was read without them";
            warnings.push(text.to_owned());
        }
        Self { keep, drop, recurring: &site.recurring }
    }
}

/// The elements that selectors match, in reading order. One that cannot be read is said, and left out.
fn chosen(tree: &Tree, selectors: &[String], warnings: &mut Vec<String>) -> Vec<Id> {
    let mut chosen = Vec::new();
    for text in selectors {
        match Selector::parse(text) {
            Ok(selector) => chosen.extend(selector.matches(tree)),
            Err(error) => warnings.push(format!("a selector of the site was not used: {error}")),
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
