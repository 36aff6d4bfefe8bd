//! Tells the items of a list of tasks, and whether they are done.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// So near to the start of an item its box stands, in nodes.
const MAX_BEFORE: usize = 8;

/// Whether the task of an item is done; nothing for an item that is no task. A box that readers may tick is a question
/// of a form, no task.
pub fn is_done(tree: &Tree, item: Id) -> Option<bool> {
    if element::has_class(tree, tree.parent(item), &["inline-task-list"]) {
        return Some(element::has_class(tree, item, &["checked"]));
    }
    let is_named = element::classes(tree, item).any(|class| class.starts_with("task-list"));
    (item + 1..tree.end(item).min(item + MAX_BEFORE)).find_map(|id| match tree.name(id) {
        Name::Input if tree.attribute(id, Attribute::Type) == Some("checkbox") => {
            (is_named || tree.has(id, Attribute::Disabled)).then(|| tree.has(id, Attribute::Checked))
        }
        Name::Div if element::has_class(tree, id, &["checkbox-on"]) => Some(true),
        Name::Div if element::has_class(tree, id, &["checkbox-off"]) => Some(false),
        _ => None,
    })
}

/// How a task is written.
pub fn mark(is_done: bool) -> &'static str {
    if is_done { "[x] " } else { "[ ] " }
}
