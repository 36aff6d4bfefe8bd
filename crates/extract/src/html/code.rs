//! Reads preformatted text with the language that its classes name.

use dom_query::NodeRef;
use model::Block;

use super::element;

/// How far above a `pre` highlighters put the language.
const LANGUAGE_ANCESTORS: usize = 3;

/// The code block that a `pre` element holds.
pub fn read(pre: &NodeRef) -> Block {
    Block::Code { language: language(pre), text: text(pre) }
}

fn text(pre: &NodeRef) -> String {
    let mut text = String::new();
    let mut steps: Vec<(NodeRef, bool)> = vec![(*pre, true)];
    while let Some((node, enters)) = steps.pop() {
        if node.is_text() {
            text.push_str(&node.text());
            continue;
        }
        let name = element::name(&node);
        let is_line = matches!(name.as_str(), "div" | "p" | "li" | "tr");
        if !enters || name == "br" {
            // A line that is an element of its own may bring its line end along.
            if name == "br" || !text.ends_with('\n') {
                text.push('\n');
            }
        } else if element::role(&name) != element::Role::Nothing && !element::is_ornament(&node, &name) {
            if is_line {
                steps.push((node, false));
            }
            steps.extend(node.children_it(true).map(|child| (child, true)));
        }
    }
    text
}

fn language(pre: &NodeRef) -> Option<String> {
    let inner = pre.children_it(false).find(|child| child.has_name("code"));
    let outer = pre.ancestors_it(Some(LANGUAGE_ANCESTORS));
    inner.into_iter().chain([*pre]).chain(outer).find_map(|node| named(&node))
}

fn named(node: &NodeRef) -> Option<String> {
    let data =
        ["data-lang", "data-language", "data-code-language"].iter().find_map(|name| element::attribute(node, name));
    let class = || element::attribute(node, "class").and_then(|class| from_class(&class));
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
