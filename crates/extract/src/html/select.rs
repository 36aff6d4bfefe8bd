//! Selects the main content: takes the furniture out, then finds the smallest part that holds what is left of the text.

use super::attribute::Attribute;
use super::dropped::{Dropped, Why};
use super::element::{self, Role};
use super::furniture;
use super::heading;
use super::marks::Marks;
use super::measure::Measures;
use super::name::Name;
use super::posts;
use super::recurring;
use super::rules::Meaning;
use super::tree::{Id, Tree};
use super::wanted::Wanted;

/// One article that holds this much of the page's prose, in percent, is what the page is about.
const MIN_ARTICLE: u32 = 50;
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
    pub dropped: Dropped,
    /// How many letters it shows.
    pub letters: u32,
    /// The blocks in it that could be chrome.
    pub recurring: Vec<recurring::Block>,
}

/// Selects the content of a page, of which nothing is left out yet: what is wanted of it, else what the page itself says;
/// without what is not wanted, and without the blocks that recur on its site.
pub fn select(tree: &Tree, wanted: &Wanted, mut dropped: Dropped) -> Content {
    for id in &wanted.drop {
        dropped.leave_out(*id, Why::Unwanted);
    }
    if !wanted.keep.is_empty() {
        return kept(tree, &wanted.keep, dropped);
    }
    let (mut content, measures) = own(tree, &wanted.drop, dropped);
    content.recurring = recurring::blocks(tree, &measures, &content.roots, &content.dropped);
    recurring::leave_out(tree, &measures, content.letters, &content.recurring, wanted.recurring, &mut content.dropped);
    content
}

/// What a site's owner says is content; nothing in it is furniture.
fn kept(tree: &Tree, keep: &[Id], dropped: Dropped) -> Content {
    let measures = Measures::of(tree, &dropped);
    let (mut roots, mut until) = (Vec::new(), 0);
    for id in keep {
        if *id >= until {
            roots.push(*id);
            until = tree.end(*id);
        }
    }
    let letters = roots.iter().map(|root| measures.letters(tree, *root)).sum();
    Content { roots, dropped, letters, recurring: Vec::new() }
}

/// What the page itself says is content, and its measures.
fn own(tree: &Tree, drop: &[Id], mut dropped: Dropped) -> (Content, Measures) {
    let marks = Marks::of(tree);
    let whole = Measures::of(tree, &dropped);
    furniture::mark(tree, &marks, &whole, &mut dropped);
    let rest = whole.without(tree, &dropped);
    furniture::afterthoughts(tree, &rest, &mut dropped);
    let rest = whole.without(tree, &dropped);
    let mut roots = posts::all(tree, &marks, &rest, &dropped).unwrap_or_default();
    if roots.is_empty() {
        roots
            .push(named(tree, &marks, &rest, &dropped).unwrap_or_else(|| narrowed(tree, &rest, tree.body(), MIN_HELD)));
    }
    for root in &roots {
        furniture::menus(tree, &rest, *root, &mut dropped);
    }
    if let Some(heading) = heading::before(tree, &dropped, roots[0]) {
        roots.insert(0, heading);
    }
    let letters = roots.iter().map(|root| rest.letters(tree, *root)).sum();
    if letters == 0 && whole.letters(tree, 0) > 0 {
        // A page that is all furniture is its furniture.
        dropped.clear();
        for id in drop {
            dropped.leave_out(*id, Why::Unwanted);
        }
        let roots = vec![tree.body()];
        let letters = whole.letters(tree, 0);
        return (Content { roots, letters, dropped, recurring: Vec::new() }, whole);
    }
    (Content { roots, dropped, letters, recurring: Vec::new() }, rest)
}

/// The part that names itself the content: known markup first, then landmarks.
fn named(tree: &Tree, marks: &Marks, measures: &Measures, dropped: &[bool]) -> Option<Id> {
    let all = measures.prose(tree, tree.body());
    let is_enough = |id: &Id| measures.prose(tree, *id) * 100 >= all * MIN_NAMED && measures.prose(tree, *id) > 0;
    let mut best: Option<(u8, Id)> = None;
    let mut id = 0;
    while id < tree.nodes.len() {
        if dropped[id] {
            id = tree.end(id);
            continue;
        }
        if let Some(rank) = rank(tree, marks, id).filter(|_| is_enough(&id)) {
            let is_better = match best {
                Some((old, other)) => {
                    rank < old || (rank == old && measures.prose(tree, id) > measures.prose(tree, other))
                }
                None => true,
            };
            if is_better {
                best = Some((rank, id));
            }
        }
        id += 1;
    }
    let best =
        article(tree, measures, dropped).filter(|_| best.is_none_or(|(rank, _)| rank >= 2)).map(|id| (1, id)).or(best);
    best.map(|(rank, id)| if rank < 2 { id } else { narrowed(tree, measures, id, MIN_HELD_IN_MAIN) })
}

/// The one `article` that holds most of the page's prose.
fn article(tree: &Tree, measures: &Measures, dropped: &[bool]) -> Option<Id> {
    let all = u64::from(measures.prose(tree, tree.body()));
    let is_article = |id: &Id| tree.name(*id) == Name::Article && !dropped[*id];
    let largest = (0..tree.nodes.len()).filter(is_article).max_by_key(|id| (measures.prose(tree, *id), *id))?;
    // Several articles side by side are a list or a discussion, whatever their lengths.
    let is_alone = tree.children(tree.parent(largest)).filter(is_article).count() == 1;
    (is_alone && u64::from(measures.prose(tree, largest)) * 100 >= all * u64::from(MIN_ARTICLE)).then_some(largest)
}

fn rank(tree: &Tree, marks: &Marks, id: Id) -> Option<u8> {
    let name = tree.name(id);
    if name == Name::Text {
        return None;
    }
    if marks.meaning(id) == Some(Meaning::Content) {
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
            let role = element::role(tree.name(*child)) == Role::Block
                || matches!(tree.name(*child), Name::Custom(_) | Name::Slot);
            role && measures.prose(tree, *child) * 100 >= prose * least && prose > 0
        };
        match tree.children(at).find(holds) {
            Some(child)
                if !matches!(
                    tree.name(child),
                    Name::P | Name::Ul | Name::Ol | Name::Table | Name::Dl | Name::Pre | Name::Blockquote
                ) =>
            {
                at = child;
            }
            _ => return at,
        }
    }
}
