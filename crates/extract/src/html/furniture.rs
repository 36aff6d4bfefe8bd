//! Takes the furniture out of a page: what sites put around every text.

use std::collections::HashMap;

use super::admonition;
use super::attribute::Attribute;
use super::dropped::{Dropped, Why};
use super::element::{self, Role};
use super::headings::Headings;
use super::hidden::{self, Hidden};
use super::kind;
use super::marks::Marks;
use super::measure::Measures;
use super::name::Name;
use super::phrases;
use super::posts;
use super::rules::Meaning;
use super::tree::{Id, Tree};

/// Whatever holds more of the page than this, in percent, is no furniture, whatever it is called.
const MAX_FURNITURE: u32 = 40;
/// The same for forms: some sites put the whole page into one.
const MAX_FORM: u32 = 25;
/// The same for landmarks, which are surer than names.
const MAX_LANDMARK: u32 = 70;
/// A page is laid out in at most so many columns, with the white space between them.
const MAX_COLUMNS: usize = 12;
/// So few letters are furniture even where they are most of a page.
const FEW: u32 = 120;

/// What was dropped, by the class that it has.
type Kinds<'t> = HashMap<&'t str, Vec<Id>>;

/// Marks what sites put around every text: first what landmarks and consent boxes say, then what words say of the rest.
pub fn mark(tree: &Tree, marks: &Marks, whole: &Measures, dropped: &mut Dropped) {
    let (hidden, headings) = (Hidden::of(tree, whole), Headings::of(tree));
    sweep(tree, whole, dropped, Why::Landmark, &|id, is_in_article| match landmark(tree, marks, id, is_in_article) {
        Some(most) => most,
        None if hidden.is_unreachable(id) => MAX_FURNITURE,
        // A policy about cookies is no request for consent.
        None if !is_in_article && marks.meaning(id) == Some(Meaning::Consent) && !headings.main_is_in(tree, id) => 100,
        None => 0,
    });
    let rest = whole.without(tree, dropped);
    let is_discussion = kind::is_discussion(tree) || posts::are_all(tree, marks, &rest);
    let kinds = sweep(tree, &rest, dropped, Why::Words, &|id, is_in_article| {
        let is_block = element::role(tree.name(id)) == Role::Block;
        let is_linked = || rest.linked(tree, id) * 2 > rest.letters(tree, id);
        match marks.meaning(id) {
            Some(Meaning::Chrome) if rest.letters(tree, id) <= FEW => MAX_LANDMARK,
            Some(Meaning::Chrome) => MAX_FURNITURE,
            Some(Meaning::Comments) if !is_discussion => MAX_FURNITURE,
            Some(Meaning::Closing) if !is_in_article || tree.name(tree.parent(id)) == Name::Main => MAX_FURNITURE,
            Some(Meaning::Aside | Meaning::Column | Meaning::Closing) if is_block && is_linked() => MAX_FURNITURE,
            Some(Meaning::Column) if is_block && is_column(tree, &rest, id) => MAX_FURNITURE,
            Some(Meaning::Content | Meaning::Kept | Meaning::Post) => 0,
            _ if tree.name(id) == Name::Form => MAX_FORM,
            _ if rest.letters(tree, id) <= phrases::LONGEST && phrases::is_furniture(tree, id) => MAX_LANDMARK,
            _ => 0,
        }
    });
    restore(tree, &rest, kinds, dropped);
}

/// Brings back what stands there many times and is most of the page: it is what the page lists, whatever it is called.
fn restore(tree: &Tree, measures: &Measures, kinds: Kinds, dropped: &mut [bool]) {
    let all = u64::from(measures.letters(tree, tree.body()));
    for ids in kinds.into_values().filter(|ids| ids.len() > 1) {
        let letters: u64 = ids.iter().map(|id| u64::from(measures.letters(tree, *id))).sum();
        let is_long = letters > u64::from(phrases::LONGEST) * ids.len() as u64;
        if is_long && letters * 100 > all * u64::from(MAX_FURNITURE) {
            for id in ids {
                dropped[id] = false;
            }
        }
    }
}

/// Drops what stands under headings such as "Related articles": the part that begins with one, or all up to the next.
pub fn afterthoughts(tree: &Tree, measures: &Measures, dropped: &mut Dropped) {
    let all = u64::from(measures.letters(tree, tree.body()));
    let is_small = |id: Id| u64::from(measures.letters(tree, id)) * 100 <= all * u64::from(MAX_FURNITURE);
    let headings = (0..tree.nodes.len())
        .filter(|id| matches!(tree.name(*id), Name::H2 | Name::H3 | Name::H4 | Name::H5 | Name::H6));
    let is_other = |id: &Id| {
        measures.letters(tree, *id) <= phrases::LONGEST
            && element::raw_line(tree, *id).is_some_and(|it| phrases::begins_other(&it))
    };
    let headings: Vec<Id> = headings.filter(is_other).collect();
    let texts = if headings.is_empty() { Vec::new() } else { texts_before(tree) };
    for heading in headings {
        let is_start = |outer: &Id| {
            let is_box = matches!(
                tree.name(*outer),
                Name::Div | Name::Section | Name::Aside | Name::Footer | Name::Li | Name::Header
            );
            is_box && is_small(*outer) && measures.letters(tree, *outer) > 0 && texts[*outer] == texts[heading]
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

/// For each node, how many runs of text that are not blank stand before it.
fn texts_before(tree: &Tree) -> Vec<u32> {
    let mut count = 0;
    let before = (0..tree.nodes.len()).map(|id| {
        let before = count;
        count += u32::from(!tree.words(id).trim().is_empty());
        before
    });
    before.collect()
}

/// Whether a part is the column beside the one that holds most of the text. An inset stands among paragraphs.
fn is_column(tree: &Tree, measures: &Measures, id: Id) -> bool {
    let half = measures.prose(tree, tree.body()) / 2;
    let siblings = || tree.children(tree.parent(id)).take(MAX_COLUMNS + 1);
    siblings().count() <= MAX_COLUMNS
        && siblings().any(|other| other != id && measures.prose(tree, other) > half)
        && !siblings().any(|other| tree.name(other) == Name::P || tree.name(other).heading().is_some())
}

/// Drops menus that no name gives away: what stands before the main heading and is nothing but links.
pub fn menus(tree: &Tree, measures: &Measures, root: Id, dropped: &mut Dropped) {
    let is_shown = |id: &Id| measures.letters(tree, *id) > 0;
    let Some(heading) = (root..tree.end(root)).filter(is_shown).find(|id| tree.name(*id) == Name::H1) else { return };
    let most = u64::from(measures.letters(tree, root)) * u64::from(MAX_FURNITURE) / 100;
    let mut id = root + 1;
    while id < heading {
        let (letters, linked) = (measures.letters(tree, id), measures.linked(tree, id));
        let is_menu = tree.end(id) <= heading
            && element::role(tree.name(id)) == Role::Block
            && letters > 0
            && letters == linked
            && u64::from(letters) <= most;
        if is_menu {
            dropped.leave_out(id, Why::Menu);
        }
        id = if is_menu { tree.end(id) } else { id + 1 };
    }
}

/// Drops the parts that hold at most so much of the page, in percent, as `most` says of them.
fn sweep<'t>(
    tree: &'t Tree,
    measures: &Measures,
    dropped: &mut Dropped,
    why: Why,
    most: &dyn Fn(Id, bool) -> u32,
) -> Kinds<'t> {
    let all = u64::from(measures.letters(tree, tree.body()).max(1));
    let (mut id, mut article_until) = (0, 0);
    let mut kinds = Kinds::new();
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
            if !dropped[id]
                && let Some(class) = tree.attribute(id, Attribute::Class)
            {
                kinds.entry(class).or_default().push(id);
            }
            dropped.leave_out(id, why);
            id = tree.end(id);
        } else {
            id += 1;
        }
    }
    kinds
}

/// How much of a page, in percent, an element may hold that its name or role makes furniture.
fn landmark(tree: &Tree, marks: &Marks, id: Id, is_in_article: bool) -> Option<u32> {
    if matches!(marks.meaning(id), Some(Meaning::Content | Meaning::Kept)) {
        return None;
    }
    let is_outside = !is_in_article;
    match tree.name(id) {
        Name::Nav | Name::Dialog => return Some(MAX_LANDMARK),
        // A quotation's footer names who is quoted.
        Name::Header | Name::Footer if tree.name(tree.parent(id)) == Name::Blockquote => {}
        // An article's own header and footer are part of it.
        Name::Footer if is_outside || tree.name(tree.parent(id)) == Name::Main => return Some(MAX_LANDMARK),
        Name::Header if is_outside => return Some(MAX_LANDMARK),
        Name::Aside if is_outside && !admonition::is_admonition(tree, id) => return Some(MAX_LANDMARK),
        _ => {}
    }
    if tree.attribute(id, Attribute::AriaModal) == Some("true") {
        return Some(MAX_LANDMARK);
    }
    match tree.attribute(id, Attribute::Role)? {
        "navigation" | "search" | "tooltip" | "option" | "menuitem" | "menuitemradio" | "menuitemcheckbox" | "menu"
        | "menubar" | "listbox" | "toolbar" | "status" => Some(MAX_LANDMARK),
        // A sheet that a page opens in its place is text, such as the description of a product.
        "dialog" | "alertdialog" if is_outside || hidden::is_hidden(tree, id) => Some(MAX_LANDMARK),
        "banner" | "contentinfo" | "complementary" if is_outside => Some(MAX_LANDMARK),
        _ => None,
    }
}
