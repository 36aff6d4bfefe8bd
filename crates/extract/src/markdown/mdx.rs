//! Takes the code out of MDX, so that what remains is Markdown: imports, exports, components around text.

use std::borrow::Cow;

/// Attributes of components that a reader sees.
const SHOWN: [&str; 5] = ["title", "label", "summary", "header", "heading"];

/// Components stand inside each other at most this deep.
const MAX_DEPTH: usize = 64;

/// The text without code; as it is, when there is none in it.
pub fn without_code(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| is_import(line) || is_export(line) || is_component(line.trim_start())) {
        return Cow::Borrowed(text);
    }
    let mut cleaner = Cleaner::default();
    for line in text.lines() {
        cleaner.line(line);
    }
    Cow::Owned(cleaner.text)
}

/// In bytes.
const LONGEST_TAG: usize = 10_000;

#[derive(Default)]
struct Cleaner {
    text: String,
    /// The signs that close the open block of code.
    fence: Option<String>,
    /// Whether an import or an export goes on.
    is_in_code: bool,
    /// A component's start that goes on over lines.
    tag: Option<String>,
    /// The open components, each with the indentation of its first line of text.
    components: Vec<Option<usize>>,
}

impl Cleaner {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        if let Some(fence) = &self.fence {
            let is_end = trimmed.starts_with(fence.as_str()) && trimmed.trim_matches(['`', '~']).is_empty();
            if is_end {
                self.fence = None;
            }
            return self.keep(line);
        }
        if let Some(tag) = self.tag.take() {
            return self.component(&format!("{tag} {trimmed}"));
        }
        if self.is_in_code {
            self.is_in_code = !trimmed.is_empty() && !trimmed.ends_with(';');
            return;
        }
        if let Some(sign) = ["```", "~~~"].into_iter().find(|sign| trimmed.starts_with(sign)) {
            let length = trimmed.bytes().take_while(|byte| *byte == sign.as_bytes()[0]).count();
            self.fence = Some(trimmed[..length].to_owned());
            return self.keep(line);
        }
        if is_import(line) || is_export(line) {
            let is_whole = trimmed.ends_with(';') || (is_import(line) && trimmed.ends_with(['"', '\'']));
            self.is_in_code = !is_whole;
            return;
        }
        if is_component(trimmed) {
            return self.component(trimmed);
        }
        let is_expression = trimmed.starts_with('{') && trimmed.ends_with('}');
        if !is_expression {
            self.keep(line);
        }
    }

    /// Takes the starts and ends of components apart; text behind them on their line stays.
    fn component(&mut self, line: &str) {
        let mut rest = line;
        self.text.push('\n');
        while is_component(rest) {
            let Some(end) = tag_end(rest) else {
                // A tag that never ends takes no more than this.
                self.tag = Some(rest.to_owned()).filter(|tag| tag.len() < LONGEST_TAG);
                return;
            };
            let (tag, after) = rest.split_at(end);
            self.open_or_close(tag);
            rest = after.trim_start();
        }
        // `text</Tab>` ends with components.
        let text = rest.split("</").next().unwrap_or_default();
        let closed = rest[text.len()..]
            .split("</")
            .skip(1)
            .filter(|name| name.starts_with(|sign: char| sign.is_ascii_uppercase()));
        for _ in closed {
            self.components.pop();
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn open_or_close(&mut self, tag: &str) {
        if tag.starts_with("</") {
            self.components.pop();
        } else if !tag.ends_with("/>") && self.components.len() < MAX_DEPTH {
            self.components.push(None);
        }
        for shown in SHOWN.into_iter().filter_map(|name| attribute(tag, name)) {
            self.text.push_str("**");
            self.text.push_str(shown);
            self.text.push_str("**\n\n");
        }
    }

    /// Keeps a line; inside of components without the indentation that they bring.
    fn keep(&mut self, line: &str) {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let mut cut = 0;
        if !line.trim().is_empty()
            && let Some(first) = self.components.last_mut()
        {
            cut = indent.min(*first.get_or_insert(indent));
        }
        self.text.push_str(&line[cut..]);
        self.text.push('\n');
    }
}

fn is_import(line: &str) -> bool {
    line.strip_prefix("import ").is_some_and(|rest| rest.contains(['"', '\'', '{', '*']))
}

fn is_export(line: &str) -> bool {
    ["export const ", "export default ", "export function ", "export let "].iter().any(|start| line.starts_with(start))
}

/// The names of components begin with a capital letter.
fn is_component(text: &str) -> bool {
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<')).unwrap_or_default();
    name.starts_with(|sign: char| sign.is_ascii_uppercase()) || text.starts_with("<>") || text.starts_with("</>")
}

/// Where a tag ends; a `>` in quotes or braces is none.
fn tag_end(tag: &str) -> Option<usize> {
    let (mut quote, mut braces) = (None, 0_usize);
    for (at, sign) in tag.char_indices() {
        match (quote, sign) {
            (Some(open), sign) if open == sign => quote = None,
            (None, '"' | '\'') => quote = Some(sign),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, '>') if braces == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    rest[1..].split(quote).next().filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests;
