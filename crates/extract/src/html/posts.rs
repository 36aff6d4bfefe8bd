//! Finds the posts of a discussion, with who wrote them and when.

use super::marks::Marks;
use super::measure::Measures;
use super::name::Name;
use super::rules::Meaning;
use super::tree::{Id, Tree};

/// The posts of a discussion hold at least this much of the page's prose, in percent.
const MIN_POSTS: u32 = 25;
/// So many nodes before a post its author stands.
const MAX_BYLINE: usize = 120;

/// The posts of a discussion, when they hold much of what the page says.
pub fn all(tree: &Tree, marks: &Marks, measures: &Measures, dropped: &[bool]) -> Option<Vec<Id>> {
    let (mut posts, mut prose, mut id) = (Vec::new(), 0, 0);
    while id < tree.nodes.len() {
        let is_post = !dropped[id] && marks.meaning(id) == Some(Meaning::Post);
        if is_post {
            posts.push(id);
            prose += measures.prose(tree, id);
        }
        id = if is_post || dropped[id] { tree.end(id) } else { id + 1 };
    }
    let is_enough = prose > 0 && prose * 100 >= measures.prose(tree, tree.body()) * MIN_POSTS;
    is_enough.then(|| with_bylines(tree, marks, dropped, &posts))
}

/// Each post after the name of its author and its time, which stand between it and the post before.
fn with_bylines(tree: &Tree, marks: &Marks, dropped: &[bool], posts: &[Id]) -> Vec<Id> {
    let (mut roots, mut from) = (Vec::new(), 0);
    for post in posts {
        let before =
            || (from.max(post.saturating_sub(MAX_BYLINE))..*post).filter(|id| tree.end(*id) <= *post && !dropped[*id]);
        let author = before().rfind(|id| marks.meaning(*id) == Some(Meaning::Byline));
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

/// Whether the page is its posts: several are marked, and no article says more besides them than they do.
pub fn are_all(tree: &Tree, marks: &Marks, measures: &Measures) -> bool {
    let (mut posts, mut articles, mut id) = (Vec::new(), Vec::new(), 0);
    while id < tree.nodes.len() {
        let is_post = marks.meaning(id) == Some(Meaning::Post);
        if is_post {
            posts.push(id);
        } else if tree.name(id) == Name::Article || marks.meaning(id) == Some(Meaning::Content) {
            articles.push(id);
        }
        id = if is_post { tree.end(id) } else { id + 1 };
    }
    let prose = |posts: &[Id]| posts.iter().map(|post| measures.prose(tree, *post)).sum::<u32>();
    let besides = articles.into_iter().max_by_key(|article| measures.prose(tree, *article)).map_or(0, |article| {
        let (first, last) =
            (posts.partition_point(|post| *post < article), posts.partition_point(|post| *post < tree.end(article)));
        measures.prose(tree, article) - prose(&posts[first..last])
    });
    posts.len() > 1 && besides <= prose(&posts)
}
