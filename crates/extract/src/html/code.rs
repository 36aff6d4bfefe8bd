//! Reads preformatted text with the language that its classes name.

use model::Block;

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// How far above a `pre` highlighters put the language.
const LANGUAGE_ANCESTORS: usize = 3;

/// The code block that a `pre` element holds.
pub fn read(tree: &Tree, pre: Id) -> Block {
    Block::Code { language: language(tree, pre), text: text(tree, pre) }
}

fn text(tree: &Tree, pre: Id) -> String {
    let (mut text, mut lines, mut at) = (String::new(), Vec::new(), pre);
    while at < tree.end(pre) {
        while lines.last().is_some_and(|end| *end <= at) {
            lines.pop();
            end_line(&mut text);
        }
        let name = tree.name(at);
        match name {
            Name::Text => text.push_str(tree.words(at)),
            Name::Br => text.push('\n'),
            _ if element::role(name) == element::Role::Nothing || element::is_ornament(tree, at) => {
                at = tree.end(at);
                continue;
            }
            Name::Div | Name::P | Name::Li | Name::Tr => lines.push(tree.end(at)),
            _ => {}
        }
        at += 1;
    }
    for _ in &lines {
        end_line(&mut text);
    }
    text
}

/// A line that is an element of its own may bring its line end along.
fn end_line(text: &mut String) {
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

fn language(tree: &Tree, pre: Id) -> Option<String> {
    let inner = tree.children(pre).find(|child| tree.name(*child) == Name::Code);
    let outer = tree.ancestors(pre).take(LANGUAGE_ANCESTORS);
    inner.into_iter().chain([pre]).chain(outer).find_map(|node| named(tree, node))
}

fn named(tree: &Tree, id: Id) -> Option<String> {
    let places = [Attribute::DataLang, Attribute::DataLanguage, Attribute::DataCodeLanguage];
    let data = places.iter().find_map(|place| tree.attribute(id, *place)).map(str::to_owned);
    let class = || tree.attribute(id, Attribute::Class).and_then(from_class);
    data.or_else(class).map(|language| language.to_ascii_lowercase()).filter(|language| is_language(language))
}

fn from_class(class: &str) -> Option<String> {
    const PREFIXES: [&str; 5] = ["language-", "lang-", "highlight-source-", "highlight-", "brush:"];
    let words = || class.split_ascii_whitespace();
    let prefixed = words().find_map(|word| PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)));
    // Older spellings: `brush: java` and Pandoc's `sourceCode python`.
    let follows = |mark: &str| words().skip_while(|word| *word != mark).nth(1);
    let found = prefixed
        .filter(|language| !language.is_empty())
        .or_else(|| follows("brush:"))
        .or_else(|| follows("sourceCode"));
    found.map(|language| language.trim_end_matches(';').to_owned())
}

fn is_language(name: &str) -> bool {
    const NONE: [&str; 9] =
        ["none", "text", "plain", "plaintext", "nohighlight", "default", "highlighter", "inline", "wrapper"];
    let is_name = !name.is_empty() && name.len() <= 24;
    is_name && !NONE.contains(&name) && name.chars().all(|c| c.is_ascii_alphanumeric() || "+#-_.".contains(c))
}
