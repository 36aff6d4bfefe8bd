//! Selects the main content: takes the furniture out, then finds the smallest part that holds what is left of the text.

use super::attribute::Attribute;
use super::element;
use super::measure::Measures;
use super::name::Name;
use super::rules::{self, Meaning};
use super::tree::{Id, Tree};

/// Whatever holds more of the page than this, in percent, is no furniture, whatever it is called.
const MAX_FURNITURE: u32 = 40;
/// A part that is named as the content holds at least this much of the page's prose, in percent.
const MIN_NAMED: u32 = 30;
/// One child that holds this much of the prose of a page, in percent, holds the content.
const MIN_HELD: u32 = 85;
/// Inside of what names itself the main part, little else is around the content.
const MIN_HELD_IN_MAIN: u32 = 97;

/// What of a page is content.
#[derive(Debug)]
pub struct Content {
    /// The parts that hold it, in reading order.
    pub roots: Vec<Id>,
    /// What inside of them is left out.
    pub dropped: Vec<bool>,
    /// How many letters it shows.
    pub letters: u32,
}

/// Selects the content of a page.
pub fn select(tree: &Tree) -> Content {
    let mut dropped = vec![false; tree.nodes.len()];
    let whole = Measures::of(tree, &dropped);
    furniture(tree, &whole, &mut dropped);
    let rest = Measures::of(tree, &dropped);
    let root = named(tree, &rest, &dropped).unwrap_or_else(|| narrowed(tree, &rest, body(tree), MIN_HELD));
    let mut roots = vec![root];
    heading_before(tree, &dropped, root).into_iter().for_each(|heading| roots.insert(0, heading));
    let letters = rest.letters(tree, root);
    if letters == 0 && whole.letters(tree, 0) > 0 {
        // A page that is all furniture is its furniture.
        return Content { roots: vec![body(tree)], letters: whole.letters(tree, 0), dropped: vec![false; tree.nodes.len()] };
    }
    Content { roots, dropped, letters }
}

fn body(tree: &Tree) -> Id {
    tree.children(0).find(|child| tree.name(*child) == Name::Body).unwrap_or(0)
}

/// Marks what sites put around every text.
fn furniture(tree: &Tree, measures: &Measures, dropped: &mut [bool]) {
    let all = measures.letters(tree, body(tree)).max(1);
    let (mut id, mut article_until) = (0, 0);
    while id < tree.nodes.len() {
        let name = tree.name(id);
        if matches!(name, Name::Article | Name::Main) || tree.attribute(id, Attribute::Role) == Some("main") {
            article_until = article_until.max(tree.end(id));
        }
        if is_furniture(tree, measures, id, id < article_until) && measures.letters(tree, id) * 100 <= all * MAX_FURNITURE {
            dropped[id] = true;
            id = tree.end(id);
        } else {
            id += 1;
        }
    }
}

fn is_furniture(tree: &Tree, measures: &Measures, id: Id, is_in_article: bool) -> bool {
    match tree.name(id) {
        Name::Text | Name::Html | Name::Head | Name::Body | Name::Main | Name::Article => return false,
        name if name.heading().is_some() => return false,
        Name::Nav | Name::Dialog => return true,
        // An article's own header and footer are part of it.
        Name::Header | Name::Footer if !is_in_article => return true,
        Name::Aside if !is_in_article && !element::is_admonition(tree, id) => return true,
        _ => {}
    }
    let role = tree.attribute(id, Attribute::Role);
    let is_landmark = matches!(
        role,
        Some("navigation" | "banner" | "contentinfo" | "complementary" | "search" | "dialog" | "alertdialog")
    );
    let letters = measures.letters(tree, id);
    let is_linked = measures.linked(tree, id) * 2 > letters;
    match rules::meaning(tree, id) {
        Some(Meaning::Content | Meaning::Kept) => false,
        Some(Meaning::Chrome) => true,
        Some(Meaning::Aside) => is_landmark || is_linked,
        None => is_landmark,
    }
}

/// The part that names itself the content: known markup first, then landmarks.
fn named(tree: &Tree, measures: &Measures, dropped: &[bool]) -> Option<Id> {
    let all = measures.prose(tree, body(tree));
    let is_enough = |id: &Id| measures.prose(tree, *id) * 100 >= all * MIN_NAMED && measures.prose(tree, *id) > 0;
    let mut best: Option<(u8, Id)> = None;
    let mut id = 0;
    while id < tree.nodes.len() {
        if dropped[id] {
            id = tree.end(id);
            continue;
        }
        if let Some(rank) = rank(tree, id).filter(|_| is_enough(&id)) {
            let is_better = match best {
                Some((old, other)) => rank < old || (rank == old && measures.prose(tree, id) > measures.prose(tree, other)),
                None => true,
            };
            if is_better {
                best = Some((rank, id));
            }
        }
        id += 1;
    }
    best.map(|(rank, id)| if rank < 2 { id } else { narrowed(tree, measures, id, MIN_HELD_IN_MAIN) })
}

fn rank(tree: &Tree, id: Id) -> Option<u8> {
    let name = tree.name(id);
    if name == Name::Text {
        return None;
    }
    if rules::meaning(tree, id) == Some(Meaning::Content) {
        return Some(0);
    }
    if matches!(tree.attribute(id, Attribute::Itemprop), Some("articleBody")) {
        return Some(1);
    }
    if name == Name::Main || tree.attribute(id, Attribute::Role) == Some("main") {
        return Some(2);
    }
    None
}

/// The smallest part that still holds nearly all prose of a part.
fn narrowed(tree: &Tree, measures: &Measures, from: Id, least: u32) -> Id {
    let mut at = from;
    loop {
        let prose = measures.prose(tree, at);
        let holds = |child: &Id| {
            let role = element::role(tree.name(*child)) == element::Role::Block || matches!(tree.name(*child), Name::Custom(_) | Name::Slot);
            role && measures.prose(tree, *child) * 100 >= prose * least && prose > 0
        };
        match tree.children(at).find(holds) {
            Some(child) if !matches!(tree.name(child), Name::P | Name::Ul | Name::Ol | Name::Table | Name::Dl | Name::Pre | Name::Blockquote) => at = child,
            _ => return at,
        }
    }
}

/// The page's heading, where it stands before the content: the last `h1`, else the heading nearest to the content.
fn heading_before(tree: &Tree, dropped: &[bool], root: Id) -> Option<Id> {
    let has_heading = (root..tree.end(root)).any(|id| tree.name(id) == Name::H1);
    let (mut id, mut first, mut nearest) = (0, None, None);
    while id < root && !has_heading {
        if dropped[id] {
            id = tree.end(id);
            continue;
        }
        match tree.name(id) {
            Name::H1 => first = Some(id),
            Name::H2 | Name::H3 => nearest = Some(id),
            _ => {}
        }
        id += 1;
    }
    let is_near = |heading: &Id| tree.ancestors(root).take(2).any(|outer| outer <= *heading && outer > 0 && tree.name(outer) != Name::Body);
    first.or_else(|| nearest.filter(is_near))
}
