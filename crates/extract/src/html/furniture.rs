//! Takes the furniture out of a page: what sites put around every text.

use super::admonition;
use super::attribute::Attribute;
use super::dropped::{Dropped, Why};
use super::element::{self, Role};
use super::kind;
use super::measure::Measures;
use super::name::Name;
use super::phrases;
use super::posts;
use super::rules::{self, Meaning};
use super::tree::{Id, Tree};

/// Whatever holds more of the page than this, in percent, is no furniture, whatever it is called.
const MAX_FURNITURE: u32 = 40;
/// The same for forms: some sites put the whole page into one.
const MAX_FORM: u32 = 25;
/// The same for landmarks, which are surer than names.
const MAX_LANDMARK: u32 = 70;
/// So few letters are furniture even where they are most of a page.
const FEW: u32 = 120;

/// Marks what sites put around every text: first what landmarks and consent boxes say, then what words say of the rest.
pub fn mark(tree: &Tree, whole: &Measures, dropped: &mut Dropped) {
    sweep(tree, whole, dropped, Why::Landmark, &|id, is_in_article| match landmark(tree, id, is_in_article) {
        Some(most) => most,
        None if !is_in_article && rules::meaning(tree, id) == Some(Meaning::Consent) && !has_main_heading(tree, id) => {
            100
        }
        None => 0,
    });
    let is_discussion = kind::is_discussion(tree) || posts::are_marked(tree);
    let rest = Measures::of(tree, dropped);
    sweep(tree, &rest, dropped, Why::Words, &|id, _| {
        let is_linked = || rest.linked(tree, id) * 2 > rest.letters(tree, id);
        match rules::meaning(tree, id) {
            Some(Meaning::Chrome) if rest.letters(tree, id) <= FEW => MAX_LANDMARK,
            Some(Meaning::Chrome) => MAX_FURNITURE,
            Some(Meaning::Comments) if !is_discussion => MAX_FURNITURE,
            Some(Meaning::Aside) if element::role(tree.name(id)) == Role::Block && is_linked() => MAX_FURNITURE,
            Some(Meaning::Content | Meaning::Kept | Meaning::Post) => 0,
            _ if tree.name(id) == Name::Form => MAX_FORM,
            _ if rest.letters(tree, id) <= phrases::LONGEST && phrases::is_furniture(tree, id) => MAX_LANDMARK,
            _ => 0,
        }
    });
}

/// Drops what stands under headings such as "Related articles": the part that begins with one, or all up to the next.
pub fn afterthoughts(tree: &Tree, measures: &Measures, dropped: &mut Dropped) {
    let all = u64::from(measures.letters(tree, tree.body()));
    let is_small = |id: Id| u64::from(measures.letters(tree, id)) * 100 <= all * u64::from(MAX_FURNITURE);
    let headings = (0..tree.nodes.len())
        .filter(|id| matches!(tree.name(*id), Name::H2 | Name::H3 | Name::H4 | Name::H5 | Name::H6));
    let is_other = |id: &Id| measures.letters(tree, *id) <= phrases::LONGEST && phrases::begins_other(&tree.text(*id));
    for heading in headings.filter(is_other).collect::<Vec<_>>() {
        let is_start = |outer: &Id| {
            let is_box = matches!(
                tree.name(*outer),
                Name::Div | Name::Section | Name::Aside | Name::Footer | Name::Li | Name::Header
            );
            is_box
                && is_small(*outer)
                && measures.letters(tree, *outer) > 0
                && (*outer..heading).all(|inner| tree.words(inner).trim().is_empty())
        };
        if let Some(outer) = tree.ancestors(heading).take_while(is_start).last() {
            dropped.leave_out(outer, Why::Under(heading));
        }
        let end = tree.end(tree.parent(heading));
        let after = std::iter::successors(Some(tree.end(heading)), |next| (*next < end).then(|| tree.end(*next)))
            .take_while(|next| *next < end);
        let is_section =
            |child: &Id| tree.name(*child).heading().is_none_or(|level| Some(level) > tree.name(heading).heading());
        let section: Vec<Id> = after.take_while(is_section).collect();
        if section.iter().all(|child| is_small(*child)) {
            for out in section.into_iter().chain([heading]) {
                dropped.leave_out(out, Why::Under(heading));
            }
        }
    }
}

/// A policy about cookies is no request for consent.
fn has_main_heading(tree: &Tree, id: Id) -> bool {
    (id..tree.end(id)).any(|inner| tree.name(inner) == Name::H1)
}

/// Drops the parts that hold at most so much of the page, in percent, as `most` says of them.
fn sweep(tree: &Tree, measures: &Measures, dropped: &mut Dropped, why: Why, most: &dyn Fn(Id, bool) -> u32) {
    let all = u64::from(measures.letters(tree, tree.body()).max(1));
    let (mut id, mut article_until) = (0, 0);
    while id < tree.nodes.len() {
        let name = tree.name(id);
        if matches!(name, Name::Article | Name::Main) || tree.attribute(id, Attribute::Role) == Some("main") {
            article_until = article_until.max(tree.end(id));
        }
        let is_fixed = matches!(name, Name::Text | Name::Html | Name::Head | Name::Body | Name::Main | Name::Article);
        let is_furniture = || {
            let share = if is_fixed || name.heading().is_some() { 0 } else { most(id, id < article_until) };
            share > 0 && u64::from(measures.letters(tree, id)) * 100 <= all * u64::from(share)
        };
        if dropped[id] {
            id = tree.end(id);
        } else if is_furniture() {
            dropped.leave_out(id, why);
            id = tree.end(id);
        } else {
            id += 1;
        }
    }
}

/// How much of a page, in percent, an element may hold that its name or role makes furniture.
fn landmark(tree: &Tree, id: Id, is_in_article: bool) -> Option<u32> {
    if matches!(rules::meaning(tree, id), Some(Meaning::Content | Meaning::Kept)) {
        return None;
    }
    let is_outside = !is_in_article;
    match tree.name(id) {
        Name::Nav => return Some(MAX_LANDMARK),
        // A quotation's footer names who is quoted.
        Name::Header | Name::Footer if tree.name(tree.parent(id)) == Name::Blockquote => {}
        // An article's own header and footer are part of it.
        Name::Header | Name::Footer | Name::Dialog if is_outside => return Some(MAX_LANDMARK),
        Name::Aside if is_outside && !admonition::is_admonition(tree, id) => return Some(MAX_LANDMARK),
        _ => {}
    }
    match tree.attribute(id, Attribute::Role)? {
        "navigation" | "search" | "tooltip" => Some(MAX_LANDMARK),
        "banner" | "contentinfo" | "complementary" | "dialog" | "alertdialog" if is_outside => Some(MAX_LANDMARK),
        _ => None,
    }
}
