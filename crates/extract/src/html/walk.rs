//! Walks a part of a page in reading order and tells the builder what it meets. Iterative: pages nest as deep as they like.

use std::collections::HashSet;

use model::Block;
use url::Url;

use super::address::address;
use super::attribute::Attribute;
use super::element::{self, Role};
use super::headings::Headings;
use super::media::{self, Picture};
use super::name::Name;
use super::tabs::Tabs;
use super::tree::{Id, Tree};
use super::{abbreviation, admonition, cells, code, math, note, ornament, task};
use crate::budget::Budget;
use crate::build::{Builder, Container};
use crate::line::Look;
use crate::room::Room;

/// A page, what of it is left out, and what its links are relative to.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub tree: &'a Tree,
    pub dropped: &'a [bool],
    pub base: Option<&'a Url>,
    /// For addresses and cells that are told more often than they are written.
    pub room: &'a Room,
}

/// What is known of the whole page before its parts are read.
struct Known {
    tabs: Tabs,
    explained: HashSet<Id>,
    headings: Headings,
}

/// The blocks of some parts of a page.
pub fn blocks(page: Page, roots: &[Id]) -> Vec<Block> {
    blocks_within(page, roots, &Budget::endless())
}

/// The first blocks of some parts of a page, as many as there is time for.
pub fn blocks_within(page: Page, roots: &[Id], budget: &Budget) -> Vec<Block> {
    let tree = page.tree;
    let known = Known { tabs: Tabs::of(tree), explained: abbreviation::explained(tree), headings: Headings::of(tree) };
    let mut walk = Walk::new(page, &known, Builder::within(page.room.clone()));
    for root in roots.iter().rev() {
        walk.steps.extend([Step::Leave(End::Block), Step::Enter(*root)]);
    }
    walk.run(budget);
    walk.builder.finish()
}

/// One run of text of a part of a page.
fn flat(page: Page, known: &Known, root: Id) -> Vec<model::Span> {
    let mut walk = Walk::new(page, known, Builder::flat_within(page.room.clone()));
    walk.children(root);
    walk.run(&Budget::endless());
    walk.builder.finish_flat()
}

enum Step {
    Enter(Id),
    Leave(End),
}

/// What the end of an element means.
pub enum End {
    Block,
    Heading,
    Container,
    Look(Look),
    BlockLook(Look),
    Text(String),
    Definitions,
}

/// Where a definition list stands: whether an item is open, and whether it has its definition yet.
#[derive(Default)]
pub struct Terms {
    pub is_open: bool,
    pub has_definition: bool,
}

pub struct Walk<'a> {
    pub page: Page<'a>,
    known: &'a Known,
    pub builder: Builder,
    steps: Vec<Step>,
    /// The definition lists that are open and rendered as lists.
    pub terms: Vec<Option<Terms>>,
}

impl<'a> Walk<'a> {
    fn new(page: Page<'a>, known: &'a Known, builder: Builder) -> Self {
        Self { page, known, builder, steps: Vec::new(), terms: Vec::new() }
    }

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

    pub fn inside(&mut self, id: Id, end: End) {
        self.steps.push(Step::Leave(end));
        self.children(id);
    }

    fn enter(&mut self, id: Id) {
        let tree = self.page.tree;
        let role = element::role(tree.name(id));
        if let Some(label) = self.known.tabs.label(id) {
            self.label(label);
        }
        if let Some(formula) = math::read(tree, id) {
            self.formula(formula);
        } else if role == Role::Nothing {
            self.film(id);
        } else if self.known.tabs.is_moved(id) || ornament::is_ornament(tree, id) {
        } else if let Some(label) = note::label(tree, id) {
            self.builder.lead(&label);
        } else {
            self.element(id, role);
        }
    }

    fn element(&mut self, id: Id, role: Role) {
        let tree = self.page.tree;
        let name = tree.name(id);
        match name {
            Name::Br => self.builder.hard_break(),
            Name::Img => self.image(id),
            Name::Pre | Name::Listing | Name::Xmp | Name::Plaintext => self.code(id),
            // What is inside of code that is no block is none either.
            Name::Div | Name::Code | Name::Table if !self.builder.look.code && code::is_box(tree, id) => self.code(id),
            Name::Table => self.table(id),
            Name::Ul | Name::Ol | Name::Menu | Name::Dir => self.container(id, Container::List(first_number(tree, id))),
            Name::Li => self.item(id),
            Name::Blockquote => self.container(id, Container::Quote),
            Name::Dl => self.definitions(id),
            Name::Dt => self.term(id),
            Name::Dd => self.definition(id),
            Name::Summary | Name::Button => self.bold_block(id),
            Name::Label if is_tab_label(tree, id) => self.bold_block(id),
            _ if name.heading().is_some() => self.heading(id, name.heading().unwrap_or(6)),
            _ if admonition::is_admonition(tree, id) => self.container(id, Container::Quote),
            _ => match tree.attribute(id, Attribute::Role) {
                Some("heading") => {
                    let level = tree.attribute(id, Attribute::AriaLevel).and_then(|level| level.parse().ok());
                    self.heading(id, level.unwrap_or(2));
                }
                Some("list") => self.container(id, Container::List(None)),
                Some("listitem") => self.container(id, Container::Item),
                Some(_) if cells::is_table(tree, id) => self.table(id),
                _ if role == Role::Block => {
                    self.builder.end_block();
                    self.inside(id, End::Block);
                }
                _ => self.inline(id),
            },
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
            End::Text(text) => self.builder.text(&text),
            End::Definitions => self.end_definitions(),
        }
    }

    fn code(&mut self, id: Id) {
        if let Some(code) = code::read(self.page.tree, id) {
            self.builder.block(code);
        }
    }

    fn container(&mut self, id: Id, container: Container) {
        self.builder.open(container);
        self.inside(id, End::Container);
    }

    fn item(&mut self, id: Id) {
        let tree = self.page.tree;
        if let Some(number) = tree.attribute(id, Attribute::Value).and_then(|value| value.parse().ok()) {
            self.builder.number(number);
        }
        self.container(id, Container::Item);
        if let Some(is_done) = task::is_done(tree, id) {
            self.builder.lead(task::mark(is_done));
        }
    }

    fn heading(&mut self, id: Id, level: u8) {
        self.builder.open_heading(level);
        self.inside(id, End::Heading);
    }

    fn inline(&mut self, id: Id) {
        let tree = self.page.tree;
        let before = self.builder.look.clone();
        match tree.name(id) {
            Name::A => return self.link(id),
            Name::Sup => {
                return match note::raised(tree, id) {
                    Some(text) => self.builder.text(&text),
                    None => self.children(id),
                };
            }
            Name::Q => return self.around(id, "“", "”".to_owned()),
            Name::Rt => return self.around(id, "(", ")".to_owned()),
            Name::Abbr if self.known.explained.contains(&id) => {
                let long = tree.attribute(id, Attribute::Title).unwrap_or_default();
                return self.around(id, "", format!(" ({long})"));
            }
            Name::I | Name::Span if tree.end(id) == id + 1 => return self.icon(id),
            Name::B | Name::Strong => self.builder.look.strong = true,
            Name::I | Name::Em | Name::Cite | Name::Dfn | Name::Var => self.builder.look.emphasis = true,
            Name::Code | Name::Tt | Name::Kbd | Name::Samp => self.builder.look.code = true,
            Name::Del | Name::S | Name::Strike => self.builder.look.struck = true,
            _ => return self.children(id),
        }
        self.inside(id, End::Look(before));
    }

    /// Text in signs that the page leaves to the browser.
    fn around(&mut self, id: Id, open: &str, close: String) {
        if !open.is_empty() {
            self.builder.text(open);
        }
        self.inside(id, End::Text(close));
    }

    /// A picture that a style draws says what its title says.
    fn icon(&mut self, id: Id) {
        let tree = self.page.tree;
        let is_icon = element::classes(tree, id).any(|class| class.starts_with("icon") || class.starts_with("fa"));
        if let Some(title) = tree.attribute(id, Attribute::Title).filter(|_| is_icon) {
            self.builder.text(title);
        }
    }

    fn link(&mut self, id: Id) {
        let tree = self.page.tree;
        let before = self.builder.look.clone();
        let href = tree.attribute(id, Attribute::Href);
        // A heading that links to itself is no link.
        let href = href.filter(|href| !(self.builder.is_in_heading() && href.starts_with('#')));
        self.builder.look.link = href.and_then(|href| address(self.page.base, href)).map(Into::into);
        match note::mark(tree, id) {
            Some(mark) => {
                self.builder.text(&mark);
                self.builder.look = before;
            }
            None => self.inside(id, End::Look(before)),
        }
    }

    /// A formula is code: its signs must not be read as anything else.
    fn formula(&mut self, formula: math::Formula) {
        if formula.is_block {
            return self.builder.block(Block::Code { language: Some("math".to_owned()), text: formula.text });
        }
        let before = std::mem::replace(&mut self.builder.look.code, true);
        self.builder.text(&formula.text);
        self.builder.look.code = before;
    }

    /// A question or a label of its own; in a heading, the heading says enough.
    pub fn bold_block(&mut self, id: Id) {
        let tree = self.page.tree;
        let before = self.builder.look.clone();
        self.builder.end_block();
        self.builder.look.strong |= !self.builder.is_in_heading() && !self.known.headings.is_in(tree, id);
        self.inside(id, End::BlockLook(before));
    }

    /// The label of the panel that comes next.
    fn label(&mut self, id: Id) {
        let before = self.builder.look.clone();
        self.builder.end_block();
        self.builder.look.strong = true;
        self.builder.text(&element::words(self.page.tree, id));
        self.builder.end_block();
        self.builder.look = before;
    }

    fn image(&mut self, id: Id) {
        match media::picture(self.page.tree, id, self.page.base) {
            Some(Picture::Sign(sign)) => self.builder.text(&sign),
            Some(Picture::Shown(address, alternative)) => self.builder.image(address, &alternative),
            None => {}
        }
    }

    fn film(&mut self, id: Id) {
        if let Some((title, address)) = media::film(self.page.tree, id, self.page.base) {
            let look = Look { link: Some(address.into()), ..Look::default() };
            let before = std::mem::replace(&mut self.builder.look, look);
            self.builder.end_block();
            self.builder.text(&title);
            self.builder.end_block();
            self.builder.look = before;
        }
    }

    fn table(&mut self, id: Id) {
        let (page, known) = (self.page, self.known);
        let Some(table) = cells::read(page.tree, id, page.dropped, page.room, &|cell| flat(page, known, cell)) else {
            self.builder.end_block();
            return self.inside(id, End::Block);
        };
        if let Some(caption) = page.tree.children(id).find(|child| page.tree.name(*child) == Name::Caption) {
            self.builder.block(Block::Paragraph { spans: flat(page, known, caption) });
        }
        self.builder.block(table);
    }
}

/// A label that is a tab and stands before its own panel.
fn is_tab_label(tree: &Tree, id: Id) -> bool {
    element::classes(tree, id).any(|class| class.contains("tab-label"))
        || element::has_class(tree, tree.parent(id), &["tabbed-set"])
}

fn first_number(tree: &Tree, id: Id) -> Option<u64> {
    (tree.name(id) == Name::Ol)
        .then(|| tree.attribute(id, Attribute::Start).and_then(|start| start.parse().ok()).unwrap_or(1))
}
