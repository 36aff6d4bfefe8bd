//! Matches a page's tree with text that was judged to be its content, and removes the rest of the tree.

use dom_query::NodeRef;

use super::element::{self, Role};

/// Shorter texts occur by chance: they count only where they continue what was matched last.
const MIN_SURE: usize = 24;

/// Judges that miss more than this, in percent of what they keep, are not corrected.
const MAX_MISSED: usize = 60;

/// Only letters and digits, in lower case: what survives any extractor's white space and punctuation.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A node with the part of the page's letters that lies in it.
struct Item<'a> {
    node: NodeRef<'a>,
    start: usize,
    end: usize,
    /// The index after its last descendant.
    next: usize,
    /// How much of it lies in links.
    linked: usize,
    /// The index of what it lies in; the root lies in itself.
    parent: usize,
    /// Whether blocks lie in it.
    has_blocks: bool,
    is_text: bool,
}

/// A page's tree, flattened in reading order.
pub struct Outline<'a> {
    items: Vec<Item<'a>>,
    text: String,
    /// How much of the text so far lies in links, and how many links are open.
    linked: usize,
    links: usize,
}

impl<'a> Outline<'a> {
    /// The outline of everything under `root`.
    pub fn of(root: &NodeRef<'a>) -> Self {
        let mut outline = Self { items: Vec::new(), text: String::new(), linked: 0, links: 0 };
        let mut open: Vec<usize> = Vec::new();
        let mut steps = vec![Some(*root)];
        while let Some(step) = steps.pop() {
            let Some(node) = step else {
                let Some(index) = open.pop() else { break };
                outline.leave(index, open.last().copied());
                continue;
            };
            let is_text = node.is_text();
            if !is_text && element::role(&element::name(&node)) == Role::Nothing {
                continue;
            }
            let (start, linked) = (outline.text.len(), outline.linked);
            let parent = open.last().copied().unwrap_or_default();
            open.push(outline.items.len());
            outline.items.push(Item { node, start, end: start, next: 0, linked, parent, has_blocks: false, is_text });
            steps.push(None);
            if is_text {
                outline.read(&node);
            } else {
                outline.links += usize::from(node.has_name("a"));
                steps.extend(node.children_it(true).map(Some));
            }
        }
        outline
    }

    fn read(&mut self, node: &NodeRef) {
        let text = letters(&node.text());
        if self.links > 0 {
            self.linked += text.len();
        }
        self.text.push_str(&text);
    }

    fn leave(&mut self, index: usize, parent: Option<usize>) {
        let (next, end) = (self.items.len(), self.text.len());
        let item = &mut self.items[index];
        (item.next, item.end, item.linked) = (next, end, self.linked - item.linked);
        let name = element::name(&item.node);
        let is_block = item.has_blocks || (!item.is_text && element::role(&name) == Role::Block);
        self.links -= usize::from(name == "a");
        if let Some(parent) = parent {
            self.items[parent].has_blocks |= is_block;
        }
    }

    /// Which nodes hold the judged text.
    pub fn matched(&self, judged: &str) -> Matched<'_, 'a> {
        let mut matched = Matched { outline: self, is_kept: vec![false; self.items.len()], letters: 0 };
        let mut cursor = Cursor { judged, at: 0 };
        let mut index = 0;
        while let Some(item) = self.items.get(index) {
            let text = &self.text[item.start..item.end];
            if text.is_empty() {
                index += 1;
            } else if cursor.meets(text) || (!item.has_blocks && self.is_mostly_met(index, &mut cursor)) {
                matched.keep(index);
                index = item.next;
            } else {
                index = if item.has_blocks { index + 1 } else { item.next };
            }
        }
        self.keep_title(&mut matched);
        matched
    }

    /// Judges hand the title on apart from the content; to a reader it is the content's first line.
    fn keep_title(&self, matched: &mut Matched) {
        for (index, item) in self.items.iter().enumerate() {
            let is_title = !item.is_text && item.node.has_name("h1") && item.end > item.start && is_prose(item);
            if matched.letters > 0 && is_title && !matched.is_kept[index] {
                matched.keep(index);
            }
        }
    }

    /// Whether a block without inner blocks was judged content but for some inline part, such as a permalink's sign.
    fn is_mostly_met(&self, index: usize, cursor: &mut Cursor) -> bool {
        let item = &self.items[index];
        let parts = self.items[index..item.next].iter().filter(|part| part.is_text && part.end > part.start);
        let mut trial = Cursor { ..*cursor };
        let met: usize =
            parts.filter(|part| trial.meets(&self.text[part.start..part.end])).map(|part| part.end - part.start).sum();
        let is_met = met * 2 > item.end - item.start;
        if is_met {
            *cursor = trial;
        }
        is_met
    }
}

/// Where in the judged text the last match ended.
struct Cursor<'j> {
    judged: &'j str,
    at: usize,
}

impl Cursor<'_> {
    /// Whether the judged text has this; short texts must come next.
    fn meets(&mut self, text: &str) -> bool {
        let rest = &self.judged[self.at..];
        let found = if text.len() < MIN_SURE {
            rest.starts_with(text).then_some(self.at)
        } else {
            rest.find(text).map(|at| at + self.at).or_else(|| self.judged.find(text))
        };
        if let Some(found) = found {
            self.at = found + text.len();
        }
        found.is_some()
    }
}

/// The part of an outline that is content.
pub struct Matched<'o, 'a> {
    outline: &'o Outline<'a>,
    is_kept: Vec<bool>,
    /// How many bytes of letters are content.
    pub letters: usize,
}

impl Matched<'_, '_> {
    fn keep(&mut self, index: usize) {
        let item = &self.outline.items[index];
        self.is_kept[index..item.next].fill(true);
        self.letters += item.end - item.start;
    }

    /// Judges measure texts by how many characters English needs, and so drop the short ends of texts in denser
    /// scripts. There, what lies beside content is trusted too.
    fn parents_of_kept(&self) -> Vec<bool> {
        let mut is_parent = vec![false; self.is_kept.len()];
        if is_dense(&self.outline.text) {
            for (item, is_kept) in self.outline.items.iter().zip(&self.is_kept) {
                is_parent[item.parent] |= *is_kept && !item.is_text && !item.node.has_name("h1");
            }
        }
        is_parent
    }

    /// Takes everything that is no content out of the page.
    pub fn remove_others(&self) {
        let before: Vec<usize> = std::iter::once(0)
            .chain(self.is_kept.iter().scan(0, |count, kept| {
                *count += usize::from(*kept);
                Some(*count)
            }))
            .collect();
        let total = before.last().copied().unwrap_or_default();
        let is_under_kept = self.parents_of_kept();
        let (mut index, mut gaps, mut missed) = (0, Vec::new(), 0);
        while let Some(item) = self.outline.items.get(index) {
            let is_between = is_under_kept[item.parent] || (before[index] > 0 && before[item.next] < total);
            let holds_kept = before[item.next] > before[index];
            if !self.is_kept[index] && holds_kept {
                index += 1;
                continue;
            }
            if !self.is_kept[index] {
                if is_between && is_prose(item) {
                    gaps.push(item);
                    missed += item.end - item.start;
                } else {
                    item.node.remove_from_parent();
                }
            }
            index = item.next;
        }
        // Where the judge leaves out much, it does so on purpose.
        if missed * 100 > self.letters * MAX_MISSED {
            gaps.iter().filter(|gap| gap.end > gap.start).for_each(|gap| gap.node.remove_from_parent());
        }
    }
}

/// Whether most letters are ideographs, syllables or kana.
fn is_dense(text: &str) -> bool {
    let dense = text.chars().filter(|c| *c >= '\u{2e80}').count();
    dense * 2 > text.chars().count()
}

/// Judges miss parts. What stands between content and is not mostly links may be content too, and so are pictures.
fn is_prose(item: &Item) -> bool {
    item.linked * 2 <= item.end - item.start
}
