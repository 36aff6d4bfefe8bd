//! Selects the main content: takes the furniture out, then finds the smallest part that holds what is left of the text.

use super::attribute::Attribute;
use super::element::{self, Role};
use super::kind;
use super::measure::Measures;
use super::name::Name;
use super::phrases;
use super::rules::{self, Meaning};
use super::tree::{Id, Tree};

/// Whatever holds more of the page than this, in percent, is no furniture, whatever it is called.
const MAX_FURNITURE: u32 = 40;
/// The same for forms: some sites put the whole page into one.
const MAX_FORM: u32 = 25;
/// One article that holds this much of the page's prose, in percent, is what the page is about.
const MIN_ARTICLE: u32 = 50;
/// The same for landmarks, which are surer than names.
const MAX_LANDMARK: u32 = 70;
/// So few letters are furniture even where they are most of a page.
const FEW: u32 = 120;
/// A part that is named as the content holds at least this much of the page's prose, in percent.
const MIN_NAMED: u32 = 30;
/// The posts of a discussion hold at least this much of the page's prose, in percent.
const MIN_POSTS: u32 = 25;
/// One child that holds this much of the prose of a page, in percent, holds the content.
const MIN_HELD: u32 = 85;
/// Inside of what names itself the main part, little else is around the content.
const MIN_HELD_IN_MAIN: u32 = 97;

/// So many nodes before a post its author stands.
const MAX_BYLINE: usize = 120;
/// So many nodes before the content its heading may stand.
const MAX_BEFORE: usize = 40;
/// Shorter lines are repeated by chance.
const MIN_TITLE: usize = 6;

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
    afterthoughts(tree, &rest, &mut dropped);
    let rest = Measures::of(tree, &dropped);
    let mut roots = posts(tree, &rest, &dropped).unwrap_or_default();
    if roots.is_empty() {
        roots.push(named(tree, &rest, &dropped).unwrap_or_else(|| narrowed(tree, &rest, body(tree), MIN_HELD)));
    }
    heading_before(tree, &dropped, roots[0]).into_iter().for_each(|heading| roots.insert(0, heading));
    let letters = roots.iter().map(|root| rest.letters(tree, *root)).sum();
    if letters == 0 && whole.letters(tree, 0) > 0 {
        // A page that is all furniture is its furniture.
        return Content {
            roots: vec![body(tree)],
            letters: whole.letters(tree, 0),
            dropped: vec![false; tree.nodes.len()],
        };
    }
    Content { roots, dropped, letters }
}

fn body(tree: &Tree) -> Id {
    tree.children(0).find(|child| tree.name(*child) == Name::Body).unwrap_or(0)
}

/// Marks what sites put around every text: first what landmarks and consent boxes say, then what words say of the rest.
fn furniture(tree: &Tree, whole: &Measures, dropped: &mut [bool]) {
    mark(tree, whole, dropped, &|id, is_in_article| match landmark(tree, id, is_in_article) {
        Some(most) => most,
        None if !is_in_article && rules::meaning(tree, id) == Some(Meaning::Consent) && !has_main_heading(tree, id) => {
            100
        }
        None => 0,
    });
    let is_discussion = kind::is_discussion(tree) || has_posts(tree);
    let rest = Measures::of(tree, dropped);
    mark(tree, &rest, dropped, &|id, _| {
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
fn afterthoughts(tree: &Tree, measures: &Measures, dropped: &mut [bool]) {
    let all = u64::from(measures.letters(tree, body(tree)));
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
            dropped[outer] = true;
        }
        let end = tree.end(tree.parent(heading));
        let after = std::iter::successors(Some(tree.end(heading)), |next| (*next < end).then(|| tree.end(*next)))
            .take_while(|next| *next < end);
        let is_section =
            |child: &Id| tree.name(*child).heading().is_none_or(|level| Some(level) > tree.name(heading).heading());
        let section: Vec<Id> = after.take_while(is_section).collect();
        if section.iter().all(|child| is_small(*child)) {
            dropped[heading] = true;
            section.into_iter().for_each(|child| dropped[child] = true);
        }
    }
}

/// A policy about cookies is no request for consent.
fn has_main_heading(tree: &Tree, id: Id) -> bool {
    (id..tree.end(id)).any(|inner| tree.name(inner) == Name::H1)
}

/// Drops the parts that hold at most so much of the page, in percent, as `most` says of them.
fn mark(tree: &Tree, measures: &Measures, dropped: &mut [bool], most: &dyn Fn(Id, bool) -> u32) {
    let all = u64::from(measures.letters(tree, body(tree)).max(1));
    let (mut id, mut article_until) = (0, 0);
    while id < tree.nodes.len() {
        let name = tree.name(id);
        if matches!(name, Name::Article | Name::Main) || tree.attribute(id, Attribute::Role) == Some("main") {
            article_until = article_until.max(tree.end(id));
        }
        let is_fixed = matches!(name, Name::Text | Name::Html | Name::Head | Name::Body | Name::Main | Name::Article);
        let is_out = dropped[id] || {
            let share = if is_fixed || name.heading().is_some() { 0 } else { most(id, id < article_until) };
            share > 0 && u64::from(measures.letters(tree, id)) * 100 <= all * u64::from(share)
        };
        if is_out {
            dropped[id] = true;
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
        // An article's own header and footer are part of it.
        Name::Header | Name::Footer | Name::Dialog if is_outside => return Some(MAX_LANDMARK),
        Name::Aside if is_outside && !element::is_admonition(tree, id) => return Some(MAX_LANDMARK),
        _ => {}
    }
    match tree.attribute(id, Attribute::Role)? {
        "navigation" | "search" | "tooltip" => Some(MAX_LANDMARK),
        "banner" | "contentinfo" | "complementary" | "dialog" | "alertdialog" if is_outside => Some(MAX_LANDMARK),
        _ => None,
    }
}

/// The posts of a discussion, when they hold much of what the page says.
fn posts(tree: &Tree, measures: &Measures, dropped: &[bool]) -> Option<Vec<Id>> {
    let (mut posts, mut prose, mut id) = (Vec::new(), 0, 0);
    while id < tree.nodes.len() {
        let is_post = !dropped[id] && tree.name(id) != Name::Text && rules::meaning(tree, id) == Some(Meaning::Post);
        if is_post {
            posts.push(id);
            prose += measures.prose(tree, id);
        }
        id = if is_post || dropped[id] { tree.end(id) } else { id + 1 };
    }
    let is_enough = prose > 0 && prose * 100 >= measures.prose(tree, body(tree)) * MIN_POSTS;
    is_enough.then(|| with_bylines(tree, dropped, &posts))
}

/// Each post after the name of its author and its time, which stand between it and the post before.
fn with_bylines(tree: &Tree, dropped: &[bool], posts: &[Id]) -> Vec<Id> {
    let (mut roots, mut from) = (Vec::new(), 0);
    for post in posts {
        let before =
            || (from.max(post.saturating_sub(MAX_BYLINE))..*post).filter(|id| tree.end(*id) <= *post && !dropped[*id]);
        let author =
            before().rfind(|id| tree.name(*id) != Name::Text && rules::meaning(tree, *id) == Some(Meaning::Byline));
        let time = before().rfind(|id| tree.name(*id) == Name::Time);
        let mut line: Vec<Id> = author.into_iter().chain(time).collect();
        line.sort_unstable();
        line.dedup_by(|later, earlier| *later < tree.end(*earlier));
        roots.extend(line);
        roots.push(*post);
        from = tree.end(*post);
    }
    roots
}

/// Whether several elements are marked as posts.
fn has_posts(tree: &Tree) -> bool {
    let is_post = |id: &Id| tree.name(*id) != Name::Text && rules::meaning(tree, *id) == Some(Meaning::Post);
    (0..tree.nodes.len()).filter(is_post).nth(1).is_some()
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
    let all = u64::from(measures.prose(tree, body(tree)));
    let is_article = |id: &Id| tree.name(*id) == Name::Article && !dropped[*id];
    let largest = (0..tree.nodes.len()).filter(is_article).max_by_key(|id| (measures.prose(tree, *id), *id))?;
    // Several articles side by side are a list or a discussion, whatever their lengths.
    let is_alone = tree.children(tree.parent(largest)).filter(is_article).count() == 1;
    (is_alone && u64::from(measures.prose(tree, largest)) * 100 >= all * u64::from(MIN_ARTICLE)).then_some(largest)
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
                at = child
            }
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
    let is_near = |heading: &Id| {
        tree.ancestors(root).take(2).any(|outer| outer <= *heading && outer > 0 && tree.name(outer) != Name::Body)
    };
    let in_header = || (0..root).find(|id| !has_heading && tree.name(*id) == Name::H1 && is_in_title(tree, *id));
    first
        .or_else(|| nearest.filter(is_near))
        .or_else(in_header)
        .or_else(|| repeated_title(tree, dropped, root).filter(|_| !has_heading))
}

/// Whether the page's title repeats a heading, so that it is no logo.
fn is_in_title(tree: &Tree, heading: Id) -> bool {
    let title = (0..tree.nodes.len()).find(|id| tree.name(*id) == Name::Title).map(|id| tree.text(id));
    let text = if tree.end(heading) < heading + MAX_BEFORE { tree.text(heading) } else { String::new() };
    text.trim().len() >= MIN_TITLE && title.is_some_and(|title| title.trim().starts_with(text.trim()))
}

/// A line right before the content that the page's title repeats is its heading, whatever element it is.
fn repeated_title(tree: &Tree, dropped: &[bool], root: Id) -> Option<Id> {
    let title = (0..tree.nodes.len()).find(|id| tree.name(*id) == Name::Title).map(|id| tree.text(id))?;
    let before = (root.saturating_sub(MAX_BEFORE)..root).rev().filter(|id| tree.name(*id) == Name::Text);
    let line = before
        .filter(|id| tree.ancestors(*id).all(|outer| !dropped[outer]))
        .find(|id| !tree.words(*id).trim().is_empty())?;
    let words = tree.words(line).trim();
    (words.len() >= MIN_TITLE && title.contains(words)).then(|| tree.parent(line)).filter(|id| tree.end(*id) <= root)
}
