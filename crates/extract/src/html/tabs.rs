//! Finds which label belongs to which panel of tabs, so that a reader meets each panel under its own label.

use std::collections::{HashMap, HashSet};

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// Lists of tabs hold their labels this near, in nodes.
const MAX_LIST: usize = 400;
/// So far up from its labels a group of tabs reaches.
const MAX_UP: usize = 3;
/// So far behind its labels a group of tabs ends, in nodes.
const MAX_GROUP: usize = 20_000;
/// So near to its start, in nodes, a part has its heading.
const MAX_BEFORE: usize = 20;
/// More labels than any page shows; each costs a search.
const MAX_LABELS: usize = 300;
/// The most bytes of a label, which each of its panels repeats.
const LONGEST_LABEL: usize = 200;

/// The labels of a page's tabs.
#[derive(Debug, Default)]
pub struct Tabs {
    labels: HashMap<Id, Id>,
    moved: HashSet<Id>,
}

impl Tabs {
    /// Finds them all.
    pub fn of(tree: &Tree) -> Self {
        let mut tabs = Self::default();
        let labels = (0..tree.nodes.len()).filter(|id| is_label(tree, *id)).take(MAX_LABELS);
        let labels: Vec<Id> = labels.collect();
        let lists: Vec<Vec<Id>> =
            (0..tree.nodes.len()).filter_map(|id| local_links(tree, id)).take(MAX_LABELS).collect();
        if labels.is_empty() && lists.is_empty() {
            return tabs;
        }
        let ids = named(tree);
        for links in lists {
            tabs.targets(tree, &ids, &links);
        }
        let mut at = 0;
        while at < labels.len() {
            let list = list(tree, labels[at]);
            let count = labels[at..].iter().take_while(|label| **label < tree.end(list)).count().max(1);
            tabs.group(tree, &ids, list, &labels[at..at + count]);
            at += count;
        }
        tabs
    }

    /// The label of a panel.
    pub fn label(&self, panel: Id) -> Option<Id> {
        self.labels.get(&panel).copied()
    }

    /// Whether an element is a label that is shown with its panel.
    pub fn is_moved(&self, id: Id) -> bool {
        self.moved.contains(&id)
    }

    /// A list of links right before the parts that they lead to, which have no headings of their own, is a list of tabs;
    /// before parts with headings it is a list of contents.
    fn targets(&mut self, tree: &Tree, ids: &HashMap<&str, Id>, links: &[Id]) {
        let panels: Option<Vec<Id>> = links.iter().map(|link| ids.get(target(tree, *link)?).copied()).collect();
        let Some(panels) = panels else { return };
        let list = list(tree, links[0]);
        let is_panel = |panel: &Id| {
            matches!(tree.name(*panel), Name::Div | Name::Section)
                && *panel >= tree.end(list)
                && tree.ancestors(*panel).take(2).any(|outer| outer == tree.parent(list))
                && !has_heading(tree, *panel)
        };
        if panels.iter().all(is_panel) {
            self.moved.extend(links);
            self.labels.extend(panels.into_iter().zip(links.iter().copied()));
        }
    }

    /// Labels and panels name each other; where they do not, they stand in the same order.
    fn group(&mut self, tree: &Tree, ids: &HashMap<&str, Id>, list: Id, labels: &[Id]) {
        let mut found: Vec<(Id, Id)> = Vec::new();
        for label in labels {
            let panel = target(tree, *label).and_then(|name| ids.get(name)).copied();
            found.extend(panel.filter(|panel| *panel >= tree.end(*label)).map(|panel| (panel, *label)));
        }
        if found.is_empty() {
            let panels = panels(tree, list);
            let labelled = panels.iter().filter_map(|panel| {
                let label = ids.get(tree.attribute(*panel, Attribute::AriaLabelledby)?)?;
                labels.contains(label).then_some((*panel, *label))
            });
            found.extend(labelled);
            if found.is_empty() {
                found.extend(panels.into_iter().zip(labels.iter().copied()));
            }
        }
        if !found.is_empty() {
            self.moved.extend(labels);
            self.labels.extend(found);
        }
    }
}

/// The links of a list whose items are nothing else than links to places of the page.
fn local_links(tree: &Tree, list: Id) -> Option<Vec<Id>> {
    if tree.name(list) != Name::Ul || tree.end(list) - list > MAX_LIST {
        return None;
    }
    let items = tree.children(list).filter(|item| tree.name(*item) == Name::Li);
    let link = |item: Id| {
        let link = tree.children(item).find(|inner| tree.name(*inner) == Name::A)?;
        let is_local = target(tree, link).is_some();
        (is_local && is_short(tree, link) && element::says_only(tree, item, link)).then_some(link)
    };
    let links: Vec<Id> = items.map(link).collect::<Option<_>>()?;
    (links.len() > 1).then_some(links)
}

/// Whether a part begins with a heading, and needs no label.
fn has_heading(tree: &Tree, id: Id) -> bool {
    let mut first = (id..tree.end(id).min(id + MAX_BEFORE)).filter(|inner| !tree.words(*inner).trim().is_empty());
    let text = first.next();
    text.is_some_and(|text| {
        tree.ancestors(text).take_while(|outer| *outer >= id).any(|outer| tree.name(outer).heading().is_some())
    })
}

fn is_short(tree: &Tree, label: Id) -> bool {
    element::line(tree, label).is_some_and(|words| words.len() <= LONGEST_LABEL)
}

fn is_label(tree: &Tree, id: Id) -> bool {
    let toggles = [Attribute::DataToggle, Attribute::DataBsToggle];
    let is_named = match tree.name(id) {
        _ if !tree.has_attributes(id) => false,
        Name::Label => {
            tree.has(id, Attribute::For)
                && element::has_class(tree, tree.parent(id), &["tabbed-labels", "tabs"])
                && tree.children(tree.parent(id)).filter(|child| tree.name(*child) == Name::Label).nth(1).is_some()
        }
        _ => {
            tree.attribute(id, Attribute::Role) == Some("tab")
                || toggles.iter().any(|toggle| matches!(tree.attribute(id, *toggle), Some("tab" | "pill")))
        }
    };
    is_named && is_short(tree, id)
}

/// The elements by their ids.
fn named(tree: &Tree) -> HashMap<&str, Id> {
    let ids = (0..tree.nodes.len()).rev();
    ids.filter_map(|id| Some((tree.attribute(id, Attribute::Id)?, id))).collect()
}

/// The element that holds all labels of a group.
fn list(tree: &Tree, label: Id) -> Id {
    let is_list = |outer: &Id| {
        tree.end(*outer) - outer < MAX_LIST
            && (tree.attribute(*outer, Attribute::Role) == Some("tablist")
                || matches!(tree.name(*outer), Name::Ul | Name::Ol)
                || tree.name(label) == Name::Label)
    };
    tree.ancestors(label).take(MAX_UP).find(is_list).unwrap_or_else(|| tree.parent(label))
}

/// The id of the panel that a label opens.
fn target(tree: &Tree, label: Id) -> Option<&str> {
    let controls = tree.attribute(label, Attribute::AriaControls);
    let places = [Attribute::DataBsTarget, Attribute::DataTarget, Attribute::Href];
    controls.or_else(|| places.iter().find_map(|place| tree.attribute(label, *place)?.strip_prefix('#')))
}

/// The panels after a list of labels, in order.
fn panels(tree: &Tree, list: Id) -> Vec<Id> {
    for outer in tree.ancestors(list).take(MAX_UP) {
        let mut found = Vec::new();
        let mut id = tree.end(list);
        while id < tree.end(outer).min(tree.end(list) + MAX_GROUP) {
            let is_panel = is_panel(tree, id);
            if is_panel {
                found.push(id);
            }
            id = if is_panel { tree.end(id) } else { id + 1 };
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn is_panel(tree: &Tree, id: Id) -> bool {
    if tree.name(id) == Name::Text {
        return false;
    }
    tree.attribute(id, Attribute::Role) == Some("tabpanel")
        || element::has_class(tree, id, &["tab-pane", "tabbed-block"])
        || element::has_class(tree, tree.parent(id), &["blocks"])
}
