//! Finds the language of a code block in the classes and attributes of a dozen highlighters.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// How far above a `pre` highlighters put the language; tables of numbered lines do not count.
const MAX_UP: usize = 3;

/// The language that a code block names.
pub fn read(tree: &Tree, pre: Id) -> Option<String> {
    let inner = (pre + 1..tree.end(pre).min(pre + 3)).find(|inner| tree.name(*inner) == Name::Code);
    let is_counted = |outer: &Id| {
        !matches!(tree.name(*outer), Name::Td | Name::Tr | Name::Tbody | Name::Table | Name::Code | Name::Pre)
    };
    let outer = tree.ancestors(pre).filter(is_counted).take(MAX_UP);
    inner.into_iter().chain([pre]).chain(outer).find_map(|node| named(tree, node))
}

fn named(tree: &Tree, id: Id) -> Option<String> {
    let is_code = matches!(tree.name(id), Name::Pre | Name::Code);
    let places = [Attribute::DataLang, Attribute::DataLanguage, Attribute::DataCodeLanguage];
    let data = places.iter().find_map(|place| tree.attribute(id, *place)).map(str::to_owned);
    let class = || tree.attribute(id, Attribute::Class).and_then(from_class);
    let parameters = || tree.attribute(id, Attribute::CodeParameters).and_then(from_class);
    let lang = || tree.attribute(id, Attribute::Lang).filter(|lang| is_code && !is_spoken(lang)).map(str::to_owned);
    let beside = || element::has_class(tree, id, &["hljs", "syntaxhighlighter"]).then(|| beside(tree, id)).flatten();
    let found = data.or_else(class).filter(|language| is_code || !is_spoken(language));
    let found = found.or_else(parameters).or_else(lang).or_else(beside)?.to_ascii_lowercase();
    Some(plain(&found).to_owned()).filter(|language| is_language(language))
}

fn from_class(class: &str) -> Option<String> {
    const PREFIXES: [&str; 6] = ["language-", "lang-", "highlight-source-", "highlight-", "brush:", "lang:"];
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

/// The language that stands beside the highlighter's own name, as in `hljs yaml`.
fn beside(tree: &Tree, id: Id) -> Option<String> {
    let is_own = |class: &str| class.starts_with("hljs") || class == "syntaxhighlighter" || class.contains('-');
    element::classes(tree, id).find(|class| !is_own(class)).map(str::to_owned)
}

/// GitHub writes `text-html-basic` for HTML.
fn plain(language: &str) -> &str {
    language.strip_prefix("text-").and_then(|rest| rest.split('-').next()).unwrap_or(language)
}

/// Languages that people speak, which pages name in the same places.
fn is_spoken(name: &str) -> bool {
    ["en", "de", "fr", "es", "it", "pt", "ja", "zh", "ko", "ru", "nl", "ar"].contains(&name)
        || matches!(name.as_bytes(), [_, _, b'-', _, _])
}

fn is_language(name: &str) -> bool {
    const NONE: [&str; 10] =
        ["none", "text", "plain", "plaintext", "nohighlight", "default", "auto", "highlighter", "inline", "wrapper"];
    let is_name = !name.is_empty() && name.len() <= 24;
    is_name && !NONE.contains(&name) && name.chars().all(|c| c.is_ascii_alphanumeric() || "+#-_.".contains(c))
}
