//! Walks a part of a page in reading order and tells the builder what it meets. Iterative: pages nest as deep as they like.

use dom_query::NodeRef;
use model::Block;
use url::Url;

use super::element::{self, Role};
use super::{cells, code};
use crate::build::{Builder, Container};
use crate::line::Look;

/// The blocks of a part of a page; links are resolved against `base`.
pub fn blocks(root: &NodeRef, base: Option<&Url>) -> Vec<Block> {
    let mut walk = Walk { base, builder: Builder::default(), steps: vec![Step::Enter(*root)], terms: Vec::new() };
    walk.run();
    walk.builder.finish()
}

/// One run of text of a part of a page.
pub fn flat(root: &NodeRef, base: Option<&Url>) -> Vec<model::Span> {
    let mut walk = Walk { base, builder: Builder::flat(), steps: Vec::new(), terms: Vec::new() };
    walk.children(root);
    walk.run();
    walk.builder.finish_flat()
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(End),
}

/// What the end of an element means.
enum End {
    Block,
    Heading,
    Container,
    Look(Look),
    BlockLook(Look),
    Definitions,
}

/// Where a definition list stands: whether an item is open, and whether it has its definition yet.
#[derive(Default)]
struct Terms {
    is_open: bool,
    has_definition: bool,
}

struct Walk<'a> {
    base: Option<&'a Url>,
    builder: Builder,
    steps: Vec<Step<'a>>,
    /// The definition lists that are open and rendered as lists.
    terms: Vec<Option<Terms>>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Enter(node) if node.is_text() => self.builder.text(&node.text()),
                Step::Enter(node) if node.is_element() => self.enter(&node),
                Step::Enter(node) => self.children(&node),
                Step::Leave(end) => self.leave(end),
            }
        }
    }

    fn children(&mut self, node: &NodeRef<'a>) {
        self.steps.extend(node.children_it(true).map(Step::Enter));
    }

    fn inside(&mut self, node: &NodeRef<'a>, end: End) {
        self.steps.push(Step::Leave(end));
        self.children(node);
    }

    fn enter(&mut self, node: &NodeRef<'a>) {
        let name = element::name(node);
        let role = element::role(&name);
        if role == Role::Nothing || element::is_ornament(node, &name) {
            return;
        }
        match name.as_str() {
            "br" => self.builder.hard_break(),
            "img" => self.image(node),
            "pre" => self.builder.block(code::read(node)),
            "table" => self.table(node),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.builder.open_heading(name.as_bytes()[1] - b'0');
                self.inside(node, End::Heading);
            }
            "ul" | "ol" | "menu" | "dir" => self.container(node, Container::List(first_number(node, &name))),
            "li" => self.container(node, Container::Item),
            "blockquote" => self.container(node, Container::Quote),
            "dl" => self.definitions(node),
            "dt" => self.term(node),
            "dd" => self.definition(node),
            "summary" => self.bold_block(node),
            _ if element::is_admonition(node, &name) => self.container(node, Container::Quote),
            _ if role == Role::Block => {
                self.builder.end_block();
                self.inside(node, End::Block);
            }
            _ => self.inline(node, &name),
        }
    }

    fn leave(&mut self, end: End) {
        match end {
            End::Block => self.builder.end_block(),
            End::Heading => self.builder.close_heading(),
            End::Container => self.builder.close(),
            End::Look(look) => self.builder.look = look,
            End::BlockLook(look) => {
                self.builder.end_block();
                self.builder.look = look;
            }
            End::Definitions => {
                if let Some(terms) = self.terms.pop().flatten() {
                    if terms.is_open {
                        self.builder.close();
                    }
                    self.builder.close();
                }
            }
        }
    }

    fn container(&mut self, node: &NodeRef<'a>, container: Container) {
        self.builder.open(container);
        self.inside(node, End::Container);
    }

    fn inline(&mut self, node: &NodeRef<'a>, name: &str) {
        let before = self.builder.look.clone();
        let look = &mut self.builder.look;
        match name {
            "a" => look.link = element::attribute(node, "href").and_then(|href| address(self.base, &href)),
            "b" | "strong" => look.strong = true,
            "i" | "em" | "cite" | "dfn" => look.emphasis = true,
            "code" | "tt" | "kbd" | "samp" => look.code = true,
            _ => return self.children(node),
        }
        self.inside(node, End::Look(before));
    }

    fn bold_block(&mut self, node: &NodeRef<'a>) {
        self.builder.end_block();
        let before = self.builder.look.clone();
        self.builder.look.strong = true;
        self.inside(node, End::BlockLook(before));
    }

    fn image(&mut self, node: &NodeRef) {
        let is_pixel =
            ["width", "height"].iter().any(|side| matches!(element::attribute(node, side).as_deref(), Some("0" | "1")));
        let source = element::attribute(node, "src").filter(|source| !source.starts_with("data:"));
        let source = source.or_else(|| element::attribute(node, "data-src"));
        let address = source.and_then(|source| address(self.base, &source));
        let alternative = element::attribute(node, "alt").unwrap_or_default();
        if !is_pixel && (address.is_some() || !alternative.is_empty()) {
            self.builder.image(address, &alternative);
        }
    }

    fn table(&mut self, node: &NodeRef<'a>) {
        let Some(table) = cells::read(node, &|cell| flat(cell, self.base)) else {
            self.builder.end_block();
            return self.inside(node, End::Block);
        };
        if let Some(caption) = node.children_it(false).find(|child| child.has_name("caption")) {
            self.builder.block(Block::Paragraph { spans: flat(&caption, self.base) });
        }
        self.builder.block(table);
    }

    /// A list of short definitions is a list; long ones, such as an API reference, are paragraphs under their terms.
    fn definitions(&mut self, node: &NodeRef<'a>) {
        let is_long = node.descendants_it().any(|inner| {
            let name = element::name(&inner);
            matches!(name.as_str(), "pre" | "table" | "dl" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote")
        });
        if is_long {
            self.builder.end_block();
            self.terms.push(None);
        } else {
            self.builder.open(Container::List(None));
            self.terms.push(Some(Terms::default()));
        }
        self.inside(node, End::Definitions);
    }

    fn term(&mut self, node: &NodeRef<'a>) {
        if let Some(Some(terms)) = self.terms.last_mut() {
            if terms.is_open && terms.has_definition {
                self.builder.close();
                terms.is_open = false;
            }
            if !terms.is_open {
                self.builder.open(Container::Item);
                *terms = Terms { is_open: true, has_definition: false };
            }
        }
        self.bold_block(node);
    }

    fn definition(&mut self, node: &NodeRef<'a>) {
        if let Some(Some(terms)) = self.terms.last_mut() {
            terms.has_definition = true;
        }
        self.builder.end_block();
        self.inside(node, End::Block);
    }
}

fn first_number(node: &NodeRef, name: &str) -> Option<u64> {
    (name == "ol").then(|| element::attribute(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1))
}

/// The absolute address of a reference that a reader can follow.
fn address(base: Option<&Url>, reference: &str) -> Option<String> {
    let url = base.map_or_else(|| Url::parse(reference), |base| base.join(reference)).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.to_string())
}
