//! Reads preformatted text, line by line as its highlighter wrote it.

use model::Block;

use super::attribute::Attribute;
use super::code_language;
use super::element::{self, Role};
use super::name::Name;
use super::ornament;
use super::tree::{Id, Tree};

/// Boxes that editors and highlighters draw without a `pre` around.
const BOXES: &[&str] = &["syntaxhighlighter", "CodeMirror-code", "cm-content", "crayon-pre", "view-lines"];
/// Elements that are a line each, where they do not look like a block.
const LINES: &[&str] = &["line", "code-line", "token-line", "view-line", "cm-line"];
/// Code with more than so much beside it is in a line.
const MAX_BESIDE: usize = 6;
/// A table of code shows it in its first cells, in nodes.
const MAX_BEFORE: usize = 12;

/// The code block that a `pre` element, or a box like one, holds; nothing for the numbers of the lines in the next cell.
pub fn read(tree: &Tree, pre: Id) -> Option<Block> {
    let text = text(tree, pre);
    let is_beside = tree.name(tree.parent(pre)) == Name::Td && counts_up(&text);
    (!is_beside).then(|| Block::Code { language: code_language::read(tree, pre), text })
}

fn counts_up(text: &str) -> bool {
    let mut numbers = text.split_whitespace().map(|word| word.parse::<usize>().ok()).enumerate();
    text.contains('\n') && numbers.all(|(at, number)| number == Some(at + 1))
}

/// Whether an element that is no `pre` shows lines of code.
pub fn is_box(tree: &Tree, id: Id) -> bool {
    match tree.name(id) {
        Name::Div => element::has_class(tree, id, BOXES),
        Name::Table => (id..tree.end(id).min(id + MAX_BEFORE))
            .any(|cell| tree.name(cell) == Name::Td && element::has_class(tree, cell, &["blob-code"])),
        Name::Code => is_block(tree, id),
        _ => false,
    }
}

/// Code in several lines is a block: where its white space counts, or where it is all that the element around it holds.
fn is_block(tree: &Tree, code: Id) -> bool {
    let keeps_space = || {
        tree.attribute(code, Attribute::Style).is_some_and(|style| style.contains("pre"))
            || element::classes(tree, code).any(|class| class.starts_with("language-"))
    };
    let has_break = || (code..tree.end(code)).any(|inner| tree.name(inner) == Name::Br);
    tree.end(code) > code + 1
        && ((keeps_space() && tree.text(code).trim().contains('\n')) || (has_break() && is_alone(tree, code)))
}

/// Whether nothing is said beside an element.
fn is_alone(tree: &Tree, id: Id) -> bool {
    let is_blank = |id: Id| tree.name(id) == Name::Text && tree.words(id).trim().is_empty();
    let mut beside = tree.children(tree.parent(id));
    beside.by_ref().take(MAX_BESIDE).all(|other| other == id || is_blank(other)) && beside.next().is_none()
}

fn text(tree: &Tree, pre: Id) -> String {
    let (mut text, mut at) = (Text::default(), pre);
    while at < tree.end(pre) {
        text.close(at);
        let name = tree.name(at);
        match name {
            Name::Text if is_between(tree, at) => {}
            Name::Text => text.push(tree.words(at)),
            Name::Br => text.line_end(),
            _ if element::role(name) == Role::Nothing || ornament::is_ornament(tree, at) => {
                at = tree.end(at);
                continue;
            }
            _ if at > pre && is_line(tree, at) => text.open(tree.end(at), change(tree, at)),
            _ => {}
        }
        at += 1;
    }
    text.close(usize::MAX);
    text.written
}

/// White space between the parts of a table is no code.
fn is_between(tree: &Tree, text: Id) -> bool {
    matches!(tree.name(tree.parent(text)), Name::Table | Name::Tbody | Name::Thead | Name::Tr)
        && tree.words(text).trim().is_empty()
}

fn is_line(tree: &Tree, id: Id) -> bool {
    match tree.name(id) {
        Name::Div | Name::P | Name::Li | Name::Tr | Name::Pre => true,
        Name::Span | Name::Code => {
            element::has_class(tree, id, LINES)
                || tree.attribute(id, Attribute::Style).is_some_and(|style| style.replace(' ', "") == "display:block")
        }
        _ => false,
    }
}

/// The sign of a line that a highlighter only colours as added or removed.
fn change(tree: &Tree, line: Id) -> &'static str {
    if !element::has_class(tree, line, &["diff"]) {
        ""
    } else if element::has_class(tree, line, &["add"]) {
        "+ "
    } else if element::has_class(tree, line, &["remove"]) {
        "- "
    } else {
        ""
    }
}

/// The lines so far. An element that is a line ends once, whether the page wrote a line end inside of it, after it, or
/// not at all.
#[derive(Default)]
struct Text {
    written: String,
    /// The elements that are lines and still open: where each ends, and where its text began.
    open: Vec<(Id, usize)>,
    /// Whether the last line end is ours, so that one in the page is the same.
    is_ended: bool,
}

impl Text {
    fn push(&mut self, text: &str) {
        let text = if self.is_ended { text.strip_prefix('\n').unwrap_or(text) } else { text };
        self.is_ended = self.is_ended && text.is_empty();
        self.written.push_str(text);
    }

    fn line_end(&mut self) {
        self.written.push('\n');
        self.is_ended = false;
    }

    fn open(&mut self, end: Id, sign: &str) {
        if !self.written.is_empty() && !self.written.ends_with('\n') {
            self.written.push('\n');
        }
        self.written.push_str(sign);
        self.open.push((end, self.written.len() - sign.len()));
        self.is_ended = false;
    }

    /// Ends the lines whose elements end before a node.
    fn close(&mut self, at: Id) {
        while let Some((_, start)) = self.open.pop_if(|(end, _)| *end <= at) {
            if self.written.len() == start || !self.written.ends_with('\n') {
                self.written.push('\n');
                self.is_ended = true;
            }
        }
    }
}
