//! The tree of folders and articles as it goes out.

use std::collections::HashMap;

use model::{Folder, FolderId};
use store::Leaf;

use crate::wire::folders::Node;

/// The tree of a workspace; with `given`, only those folders, with all that is below them.
pub fn tree(folders: &[Folder], leaves: Vec<Leaf>, given: Option<&[FolderId]>) -> Vec<Node> {
    let mut articles: HashMap<FolderId, Vec<Node>> = HashMap::new();
    for leaf in leaves {
        let node = Node {
            id: leaf.id.to_string(),
            kind: "article".to_owned(),
            title: leaf.title,
            description: String::new(),
            active: leaf.active,
            children: Vec::new(),
        };
        articles.entry(leaf.folder).or_default().push(node);
    }
    // Each folder is finished before the one that it is in: a folder is never deeper than its depth says.
    let depths: HashMap<FolderId, usize> = folders.iter().map(|folder| (folder.id, depth(folders, folder))).collect();
    let mut order: Vec<&Folder> = folders.iter().collect();
    order.sort_by_key(|folder| (std::cmp::Reverse(depths[&folder.id]), folder.title.to_lowercase()));
    let mut inside: HashMap<FolderId, Vec<Node>> = HashMap::new();
    let mut top = Vec::new();
    for folder in order {
        let mut children = inside.remove(&folder.id).unwrap_or_default();
        let mut own = articles.remove(&folder.id).unwrap_or_default();
        own.sort_by_key(|node| node.title.to_lowercase());
        children.extend(own);
        let node = Node {
            id: folder.id.to_string(),
            kind: "folder".to_owned(),
            title: folder.title.clone(),
            description: folder.description.clone(),
            active: folder.active,
            children,
        };
        let is_given = given.is_some_and(|given| given.contains(&folder.id));
        match folder.parent {
            // One that was given with a folder above it stands in that one.
            Some(parent)
                if given.is_none_or(|given| !is_given || above(folders, folder).any(|id| given.contains(&id))) =>
            {
                inside.entry(parent).or_default().push(node);
            }
            _ if given.is_none() || is_given => top.push(node),
            _ => {}
        }
    }
    top.sort_by_key(|node| node.title.to_lowercase());
    top
}

fn depth(folders: &[Folder], folder: &Folder) -> usize {
    above(folders, folder).count()
}

/// The folders that a folder lies in, the nearest first.
fn above<'a>(folders: &'a [Folder], folder: &Folder) -> impl Iterator<Item = FolderId> + 'a {
    let parent_of = move |id: FolderId| folders.iter().find(|known| known.id == id).and_then(|known| known.parent);
    // No tree is deeper than it has folders.
    std::iter::successors(folder.parent, move |id| parent_of(*id)).take(folders.len())
}

#[cfg(test)]
mod tests {
    use model::{ArticleId, Timestamp};

    use super::*;

    fn folder(title: &str, parent: Option<&Folder>) -> Folder {
        Folder {
            id: FolderId::new(),
            parent: parent.map(|parent| parent.id),
            title: title.to_owned(),
            description: String::new(),
            active: true,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    fn titles(nodes: &[Node]) -> String {
        let each = nodes.iter().map(|node| {
            let inside = titles(&node.children);
            if inside.is_empty() { node.title.clone() } else { format!("{}({inside})", node.title) }
        });
        each.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn folders_hold_folders_then_articles_and_an_agent_sees_what_it_was_given() {
        let imported = folder("Imported", None);
        let (docs, help) = (folder("docs", Some(&imported)), folder("Help", Some(&imported)));
        let deep = folder("deep", Some(&docs));
        let billing = folder("Billing", None);
        let folders = [deep.clone(), billing.clone(), docs.clone(), help, imported.clone()];
        let leaf = |title: &str, folder: &Folder| Leaf {
            id: ArticleId::new(),
            folder: folder.id,
            title: title.to_owned(),
            active: true,
        };
        let leaves = || vec![leaf("z", &docs), leaf("a", &docs), leaf("x", &billing)];
        assert_eq!(titles(&tree(&folders, leaves(), None)), "Billing(x) Imported(docs(deep a z) Help)");
        assert_eq!(titles(&tree(&folders, leaves(), Some(&[docs.id]))), "docs(deep a z)");
        assert_eq!(titles(&tree(&folders, leaves(), Some(&[deep.id, imported.id]))), "Imported(docs(deep a z) Help)");
        assert_eq!(titles(&tree(&folders, leaves(), Some(&[]))), "");
    }
}
