//! Walks a part of a page in reading order and tells the builder what it meets. Iterative: pages nest as deep as they like.

use model::Block;
use url::Url;

use super::attribute::Attribute;
use super::element::{self, Role};
use super::name::Name;
use super::tree::{Id, Tree};
use super::{cells, code};
use crate::budget::Budget;
use crate::build::{Builder, Container};
use crate::line::Look;

/// A page, what of it is left out, and what its links are relative to.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub tree: &'a Tree,
    pub dropped: &'a [bool],
    pub base: Option<&'a Url>,
}

/// The blocks of some parts of a page.
pub fn blocks(page: Page, roots: &[Id]) -> Vec<Block> {
    blocks_within(page, roots, &Budget::endless())
}

/// The first blocks of some parts of a page, as many as there is time for.
pub fn blocks_within(page: Page, roots: &[Id], budget: &Budget) -> Vec<Block> {
    let mut walk = Walk { page, builder: Builder::default(), steps: Vec::new(), terms: Vec::new() };
    for root in roots.iter().rev() {
        walk.steps.extend([Step::Leave(End::Block), Step::Enter(*root)]);
    }
    walk.run(budget);
    walk.builder.finish()
}

/// One run of text of a part of a page.
fn flat(page: Page, root: Id) -> Vec<model::Span> {
    let mut walk = Walk { page, builder: Builder::flat(), steps: Vec::new(), terms: Vec::new() };
    walk.children(root);
    walk.run(&Budget::endless());
    walk.builder.finish_flat()
}

enum Step {
    Enter(Id),
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
    page: Page<'a>,
    builder: Builder,
    steps: Vec<Step>,
    /// The definition lists that are open and rendered as lists.
    terms: Vec<Option<Terms>>,
}

impl Walk<'_> {
    fn run(&mut self, budget: &Budget) {
        while let Some(step) = self.steps.pop() {
            if budget.ends() {
                return;
            }
            match step {
                Step::Enter(id) if self.page.dropped[id] => {}
                Step::Enter(id) if self.page.tree.name(id) == Name::Text => self.builder.text(self.page.tree.words(id)),
                Step::Enter(id) => self.enter(id),
                Step::Leave(end) => self.leave(end),
            }
        }
    }

    fn children(&mut self, id: Id) {
        let first = self.steps.len();
        self.steps.extend(self.page.tree.children(id).map(Step::Enter));
        self.steps[first..].reverse();
    }

    fn inside(&mut self, id: Id, end: End) {
        self.steps.push(Step::Leave(end));
        self.children(id);
    }

    fn enter(&mut self, id: Id) {
        let tree = self.page.tree;
        let name = tree.name(id);
        let role = element::role(name);
        if role == Role::Nothing || element::is_ornament(tree, id) {
            return;
        }
        match name {
            Name::Br => self.builder.hard_break(),
            Name::Img => self.image(id),
            Name::Math => self.math(id),
            Name::Pre | Name::Listing | Name::Xmp | Name::Plaintext => self.builder.block(code::read(tree, id)),
            Name::Table => self.table(id),
            Name::Ul | Name::Ol | Name::Menu | Name::Dir => self.container(id, Container::List(first_number(tree, id))),
            Name::Li => self.container(id, Container::Item),
            Name::Blockquote => self.container(id, Container::Quote),
            Name::Dl => self.definitions(id),
            Name::Dt => self.term(id),
            Name::Dd => self.definition(id),
            Name::Summary | Name::Button => self.bold_block(id),
            _ if name.heading().is_some() => {
                self.builder.open_heading(name.heading().unwrap_or(6));
                self.inside(id, End::Heading);
            }
            _ if element::is_admonition(tree, id) => self.container(id, Container::Quote),
            _ if role == Role::Block => {
                self.builder.end_block();
                self.inside(id, End::Block);
            }
            _ => self.inline(id),
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

    fn container(&mut self, id: Id, container: Container) {
        self.builder.open(container);
        self.inside(id, End::Container);
    }

    fn inline(&mut self, id: Id) {
        let tree = self.page.tree;
        let before = self.builder.look.clone();
        let look = &mut self.builder.look;
        match tree.name(id) {
            Name::A => look.link = tree.attribute(id, Attribute::Href).and_then(|href| address(self.page.base, href)),
            Name::B | Name::Strong => look.strong = true,
            Name::I | Name::Em | Name::Cite | Name::Dfn => look.emphasis = true,
            Name::Code | Name::Tt | Name::Kbd | Name::Samp => look.code = true,
            _ => return self.children(id),
        }
        self.inside(id, End::Look(before));
    }

    /// A formula as its author wrote it, where the page says so.
    fn math(&mut self, id: Id) {
        let tree = self.page.tree;
        let is_source = |inner: &Id| {
            tree.name(*inner) == Name::Annotation
                && tree.attribute(*inner, Attribute::Encoding).is_some_and(|encoding| encoding.contains("tex"))
        };
        let source = (id..tree.end(id)).find(is_source).map(|inner| tree.text(inner));
        let source = source.or_else(|| tree.attribute(id, Attribute::Alttext).map(str::to_owned));
        match source {
            Some(source) => {
                let before = std::mem::replace(&mut self.builder.look.code, true);
                self.builder.text(source.trim());
                self.builder.look.code = before;
            }
            None => self.children(id),
        }
    }

    fn bold_block(&mut self, id: Id) {
        self.builder.end_block();
        let before = self.builder.look.clone();
        self.builder.look.strong = true;
        self.inside(id, End::BlockLook(before));
    }

    fn image(&mut self, id: Id) {
        let tree = self.page.tree;
        let is_pixel = [Attribute::Width, Attribute::Height]
            .iter()
            .any(|side| matches!(tree.attribute(id, *side), Some("0" | "1")));
        let source = tree.attribute(id, Attribute::Src).filter(|source| !source.starts_with("data:"));
        let source = source.or_else(|| tree.attribute(id, Attribute::DataSrc));
        let address = source.and_then(|source| address(self.page.base, source));
        let alternative = tree.attribute(id, Attribute::Alt).unwrap_or_default();
        if !is_pixel && (address.is_some() || !alternative.is_empty()) {
            self.builder.image(address, alternative);
        }
    }

    fn table(&mut self, id: Id) {
        let page = self.page;
        let Some(table) = cells::read(page.tree, id, page.dropped, &|cell| flat(page, cell)) else {
            self.builder.end_block();
            return self.inside(id, End::Block);
        };
        if let Some(caption) = page.tree.children(id).find(|child| page.tree.name(*child) == Name::Caption) {
            self.builder.block(Block::Paragraph { spans: flat(page, caption) });
        }
        self.builder.block(table);
    }

    /// A list of short definitions is a list; long ones, such as an API reference, are paragraphs under their terms.
    fn definitions(&mut self, id: Id) {
        let tree = self.page.tree;
        let is_block = |inner: Id| {
            let name = tree.name(inner);
            name.heading().is_some() || matches!(name, Name::Pre | Name::Table | Name::Dl | Name::Blockquote)
        };
        if (id + 1..tree.end(id)).any(is_block) {
            self.builder.end_block();
            self.terms.push(None);
        } else {
            self.builder.open(Container::List(None));
            self.terms.push(Some(Terms::default()));
        }
        self.inside(id, End::Definitions);
    }

    fn term(&mut self, id: Id) {
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
        self.bold_block(id);
    }

    fn definition(&mut self, id: Id) {
        if let Some(Some(terms)) = self.terms.last_mut() {
            terms.has_definition = true;
        }
        self.builder.end_block();
        self.inside(id, End::Block);
    }
}

fn first_number(tree: &Tree, id: Id) -> Option<u64> {
    (tree.name(id) == Name::Ol)
        .then(|| tree.attribute(id, Attribute::Start).and_then(|start| start.parse().ok()).unwrap_or(1))
}

/// The absolute address of a reference that a reader can follow.
fn address(base: Option<&Url>, reference: &str) -> Option<String> {
    let url = base.map_or_else(|| Url::parse(reference), |base| base.join(reference)).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.to_string())
}
