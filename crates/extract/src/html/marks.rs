//! Reads the words of classes and ids with the table of known markup, once for each element.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::attribute::Attribute;
use super::element::{self, Role};
use super::rules::{BLOCK_PARTS, ENDS, Meaning, PARTS, STATES, TABLE};
use super::tree::{Id, Tree};

/// Longer words are made by machines.
const LONGEST: usize = 48;

/// What the words of each element say of it.
#[derive(Debug)]
pub struct Marks(Vec<Option<Meaning>>);

impl Marks {
    /// Reads a page.
    pub fn of(tree: &Tree) -> Self {
        let mut classes = Classes::default();
        Self((0..tree.nodes.len()).map(|id| meaning(tree, id, &mut classes)).collect())
    }

    /// What the words of an element's class and id say of it; the strongest, when they say several things.
    pub fn meaning(&self, id: Id) -> Option<Meaning> {
        self.0[id]
    }
}

/// What the classes of a page say of blocks and of other elements. Most elements share their classes with others.
#[derive(Default)]
struct Classes<'t>(HashMap<(&'t str, bool), Option<Meaning>>);

impl<'t> Classes<'t> {
    /// The strongest meaning of the words of a class attribute.
    fn meaning(&mut self, class: &'t str, is_block: bool) -> Option<Meaning> {
        let of_words = || class.split_ascii_whitespace().filter_map(|word| of_word(word, Some(is_block))).min();
        *self.0.entry((class, is_block)).or_insert_with(of_words)
    }
}

/// The word of an element's class or id that gives it this meaning, and who uses it so.
pub fn word_for(tree: &Tree, id: Id, wanted: Meaning) -> Option<(String, Option<&'static str>)> {
    let is_block = element::role(tree.name(id)) == Role::Block;
    let classes = tree.attribute(id, Attribute::Class).into_iter().flat_map(str::split_ascii_whitespace);
    let ids = tree.attribute(id, Attribute::Id).into_iter();
    let mut words = classes.map(|text| (text, Some(is_block))).chain(ids.map(|text| (text, None)));
    let (text, _) = words.find(|(text, is_block)| of_word(text, *is_block) == Some(wanted))?;
    let plain = text.to_ascii_lowercase().replace('_', "-");
    let unnumbered = plain.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    let is_row = |row: &&(&str, Meaning, &str)| {
        let mut words = row.2.split_ascii_whitespace().map(|word| word.replace('_', "-"));
        row.1 == wanted && words.any(|word| word == plain || word == unnumbered)
    };
    Some((text.to_owned(), TABLE.iter().find(is_row).map(|row| row.0)))
}

fn meaning<'t>(tree: &'t Tree, id: Id, classes: &mut Classes<'t>) -> Option<Meaning> {
    if !tree.has_attributes(id) {
        return None;
    }
    let is_block = element::role(tree.name(id)) == Role::Block;
    let by_class = tree.attribute(id, Attribute::Class).and_then(|class| classes.meaning(class, is_block));
    let by_id =
        tree.attribute(id, Attribute::Id).and_then(|name| of_word(name, None).filter(|_| !is_slug(tree, id, name)));
    by_class.into_iter().chain(by_id).min()
}

/// Whether an id only repeats a heading, as `comments` does on a chapter about comments.
fn is_slug(tree: &Tree, id: Id, name: &str) -> bool {
    let heading = (id..tree.end(id).min(id + 6)).find(|inner| tree.name(*inner).heading().is_some());
    let words =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let text = heading.and_then(|heading| element::raw_line(tree, heading));
    text.is_some_and(|text| words(&text).contains(&words(name)))
}

/// What a word says; ids are whole words, classes of blocks say more by their parts than others.
fn of_word(text: &str, is_block: Option<bool>) -> Option<Meaning> {
    if text.len() > LONGEST {
        return None;
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        let plain = text.to_ascii_lowercase().replace('_', "-");
        return of_whole(&plain).or_else(|| of_parts(&apart(text), is_block?));
    }
    of_whole(text).or_else(|| of_parts(text, is_block?))
}

fn of_whole(text: &str) -> Option<Meaning> {
    let unnumbered = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    WORDS.get(text).or_else(|| WORDS.get(unnumbered)).copied()
}

/// `FooterUpper` and `footer_upper` as `footer-upper`.
fn apart(text: &str) -> String {
    let mut parts = String::with_capacity(text.len() + 4);
    for letter in text.chars() {
        if letter.is_ascii_uppercase() && parts.ends_with(|c: char| c.is_ascii_lowercase()) {
            parts.push('-');
        }
        parts.push(if letter == '_' { '-' } else { letter.to_ascii_lowercase() });
    }
    parts
}

fn of_parts(text: &str, is_block: bool) -> Option<Meaning> {
    let mut parts = text.split('-').filter(|part| !part.is_empty()).peekable();
    let first = parts.peek().copied()?;
    let is_state = STATES.contains(&first) || text.rsplit('-').next().is_some_and(|last| ENDS.contains(&last));
    if is_state || first.len() == text.len() || text.contains([':', '/', '[']) {
        return None;
    }
    parts
        .filter_map(|part| WORD_PARTS.get(part))
        .filter(|(_, is_for_all)| *is_for_all || is_block)
        .map(|(meaning, _)| *meaning)
        .min()
}

static WORDS: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let rows = TABLE
        .iter()
        .flat_map(|(_, meaning, words)| words.split_ascii_whitespace().map(|word| (word.replace('_', "-"), *meaning)));
    let mut words = HashMap::new();
    for (word, meaning) in rows {
        // Who says that something is content is right where two disagree.
        words.entry(word).and_modify(|old: &mut Meaning| *old = meaning.min(*old)).or_insert(meaning);
    }
    words
});

/// What a part of a word means, and whether it does so on any element.
static WORD_PARTS: LazyLock<HashMap<&'static str, (Meaning, bool)>> = LazyLock::new(|| {
    let rows = |table: &'static [(Meaning, &'static str)], is_for_all| {
        table.iter().flat_map(move |(meaning, parts)| {
            parts.split_ascii_whitespace().map(move |part| (part, (*meaning, is_for_all)))
        })
    };
    rows(PARTS, true).chain(rows(BLOCK_PARTS, false)).collect()
});
