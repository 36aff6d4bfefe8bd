//! Finds what a page hides and no control of it seems to show: dialogs, messages, copies for other screens.

use std::collections::HashSet;

use super::attribute::Attribute;
use super::element::{self, Role};
use super::measure::Measures;
use super::name::Name;
use super::tree::{Id, Tree};

/// A question or the name of a tab has at most so many letters.
const LONGEST_CONTROL: u32 = 200;

/// So many classes of a part tell its kind.
const MAX_CLASSES: usize = 16;

/// The parts of a page that a reader never comes to see.
#[derive(Debug)]
pub struct Hidden(HashSet<Id>);

impl Hidden {
    /// Looks for them in one pass. What opens and closes is text: it stands after its question, among others of its
    /// kind, or is named by what controls it.
    pub fn of(tree: &Tree, measures: &Measures) -> Self {
        let controlled = Controlled::of(tree);
        let mut before: Vec<Id> = vec![0; tree.nodes.len()];
        let mut found = HashSet::new();
        for id in 1..tree.nodes.len() {
            if measures.letters(tree, id) == 0 {
                continue;
            }
            let parent = tree.parent(id);
            let sibling = Some(before[parent]).filter(|sibling| *sibling > 0);
            before[parent] = id;
            let is_part =
                element::role(tree.name(id)) == Role::Block && !matches!(tree.name(id), Name::Li | Name::Body);
            if is_part && is_hidden(tree, id) && !controlled.has(tree, id) {
                let is_panel = sibling.is_some_and(|sibling| {
                    let is_control = measures.letters(tree, sibling) <= LONGEST_CONTROL && !found.contains(&sibling);
                    is_control || is_same_kind(tree, sibling, id)
                });
                if !is_panel {
                    found.insert(id);
                }
            }
        }
        Self(found)
    }

    /// Whether a part is hidden for good.
    pub fn is_unreachable(&self, id: Id) -> bool {
        self.0.contains(&id)
    }
}

/// The ids that buttons, tabs and links of the page name.
struct Controlled<'t>(HashSet<&'t str>);

impl<'t> Controlled<'t> {
    fn of(tree: &'t Tree) -> Self {
        let named = (0..tree.nodes.len()).filter(|id| tree.name(*id) != Name::Text).flat_map(|id| {
            let link = tree.attribute(id, Attribute::Href).and_then(|href| href.strip_prefix('#'));
            let controls = tree.attribute(id, Attribute::AriaControls);
            controls.into_iter().flat_map(str::split_ascii_whitespace).chain(link)
        });
        Self(named.collect())
    }

    fn has(&self, tree: &Tree, id: Id) -> bool {
        tree.attribute(id, Attribute::Role) == Some("tabpanel")
            || tree.attribute(id, Attribute::Id).is_some_and(|name| self.0.contains(name))
    }
}

/// Whether an element is hidden from those who see the page, or from those who hear it. A line that is only not read out is
/// said in another way, such as the title of a note that has a label.
pub fn is_hidden(tree: &Tree, id: Id) -> bool {
    let is_line = tree.name(id) == Name::P || tree.name(id).heading().is_some();
    tree.has(id, Attribute::Hidden)
        || (tree.attribute(id, Attribute::AriaHidden) == Some("true") && !is_line)
        || tree.attribute(id, Attribute::Style).is_some_and(is_not_displayed)
}

fn is_not_displayed(style: &str) -> bool {
    let mut declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations.any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("display") && value.trim_start().to_ascii_lowercase().starts_with("none")
    })
}

/// Whether two parts look alike, as the panels of tabs and the slides of a show do.
fn is_same_kind(tree: &Tree, one: Id, other: Id) -> bool {
    let classes =
        |id| tree.attribute(id, Attribute::Class).unwrap_or_default().split_ascii_whitespace().take(MAX_CLASSES);
    tree.name(one) == tree.name(other) && classes(one).any(|class| classes(other).any(|word| word == class))
}
