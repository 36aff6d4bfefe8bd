//! What kind of page it is, as far as that changes what counts as content.

use super::attribute::Attribute;
use super::name::Name;
use super::tree::Tree;

/// Whether the page is a discussion, so that what readers wrote is what it is about.
pub fn is_discussion(tree: &Tree) -> bool {
    (0..tree.nodes.len()).any(|id| match tree.name(id) {
        Name::Text => false,
        Name::Script => {
            let data = (id..tree.end(id)).map(|text| tree.words(text));
            let mut data = data.filter(|_| tree.has(id, Attribute::Type));
            data.any(|text| text.contains("DiscussionForumPosting") || text.contains("QAPage"))
        }
        Name::Body => tree.attribute(id, Attribute::Class).is_some_and(is_forum),
        _ => tree.attribute(id, Attribute::Itemtype).is_some_and(|kind| {
            ["DiscussionForumPosting", "QAPage", "/Question"].iter().any(|name| kind.ends_with(name))
        }),
    })
}

/// Whether the classes of a page's body are those of forum software.
fn is_forum(class: &str) -> bool {
    const PARTS: [&str; 6] = ["forum", "topic", "thread", "question-page", "ipsapp", "viewtopic"];
    let class = class.to_ascii_lowercase();
    class.split_ascii_whitespace().any(|word| PARTS.iter().any(|part| word.starts_with(part)))
}
