//! Reads Markdown: `CommonMark` with tables, task lists, footnotes and front matter.

mod front_matter;
mod mdx;

use model::{Block, Span};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use url::Url;

use self::front_matter::FrontMatter;
use crate::budget::Budget;
use crate::build::{Builder, Container};
use crate::line::Look;
use crate::portion;
use crate::reading::Reading;
use crate::room::Room;

/// More than people write, in bytes; the parser holds up to seventy times as much.
const MAX_TEXT: usize = 4 * 1024 * 1024;

/// More starts, ends and texts than a document of that length has, unless it is made to hurt.
const MAX_EVENTS: usize = 1_500_000;

/// Reads the HTML that a text holds.
pub type ReadHtml = fn(&str, Option<&Url>, &Room, &Budget) -> Vec<Block>;

/// Reads a text that came from `url`, or as much of it as there is time for. Blocks of HTML in it are read by `read_html`.
pub fn read(text: &str, url: Option<&Url>, read_html: ReadHtml, budget: &Budget) -> Reading {
    let (text, warning) = portion::first(text, MAX_TEXT);
    let (front, body) = front_matter::split(text);
    let body = mdx::without_code(body);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let room = Room::default();
    let mut reader = Reader {
        url,
        builder: Builder::within(room.clone()),
        looks: Vec::new(),
        code: None,
        image: None,
        table: None,
        html: None,
        read_html,
        budget,
    };
    let mut warnings: Vec<String> = warning.into_iter().collect();
    for (count, event) in Parser::new_ext(&body, options).enumerate() {
        if budget.ends() {
            break;
        }
        if count >= MAX_EVENTS {
            let text =
                format!("the text has very many marks; its first {MAX_EVENTS} were read, and the rest is left out");
            warnings.push(text);
            break;
        }
        reader.event(event);
    }
    let blocks = reader.builder.finish();
    warnings.extend(room.warnings());
    let FrontMatter { title, language, authors, published, modified } = front;
    Reading { title, language, authors, published, modified, blocks, warnings, ..Reading::default() }
}

/// A table that is being read.
#[derive(Default)]
struct Table {
    header: Vec<Vec<Span>>,
    rows: Vec<Vec<Vec<Span>>>,
    row: Vec<Vec<Span>>,
}

struct Reader<'a> {
    url: Option<&'a Url>,
    builder: Builder,
    /// The looks to go back to, one for each open span.
    looks: Vec<Look>,
    code: Option<(Option<String>, String)>,
    /// The address and the alternative text so far.
    image: Option<(Option<String>, String)>,
    /// The table, and the builder that waits outside of its cell.
    table: Option<(Table, Builder)>,
    /// A block of HTML so far.
    html: Option<String>,
    read_html: ReadHtml,
    budget: &'a Budget<'a>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                let before = std::mem::replace(&mut self.builder.look.code, true);
                self.text(&text);
                self.builder.look.code = before;
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.builder.hard_break(),
            Event::Rule => self.builder.end_block(),
            Event::TaskListMarker(is_done) => self.builder.text(if is_done { "[x] " } else { "[ ] " }),
            Event::InlineHtml(html) if html.to_ascii_lowercase().starts_with("<br") => self.builder.hard_break(),
            Event::Html(text) => {
                if let Some(html) = &mut self.html {
                    html.push_str(&text);
                }
            }
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.image, &mut self.code) {
            (Some((_, alternative)), _) => alternative.push_str(text),
            (None, Some((_, code))) => code.push_str(text),
            (None, None) => self.builder.text(text),
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Heading { level, .. } => self.builder.open_heading(number(level)),
            Tag::BlockQuote(_) => self.builder.open(Container::Quote),
            Tag::List(start) => self.builder.open(Container::List(start)),
            Tag::Item => self.builder.open(Container::Item),
            Tag::CodeBlock(kind) => self.code = Some((language(&kind), String::new())),
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Table(_) => self.table = Some((Table::default(), self.builder.take())),
            Tag::TableCell => self.builder = Builder::flat_within(self.builder.room().clone()),
            Tag::Emphasis => self.look(|look| look.emphasis = true),
            Tag::Strong => self.look(|look| look.strong = true),
            Tag::Strikethrough => self.look(|look| look.struck = true),
            Tag::Link { dest_url, .. } => {
                let link = self.address(&dest_url);
                self.look(|look| look.link = link.map(Into::into));
            }
            Tag::Image { dest_url, .. } => self.image = Some((self.address(&dest_url), String::new())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.builder.close_heading(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.builder.close(),
            TagEnd::Paragraph => self.builder.end_block(),
            TagEnd::HtmlBlock => {
                let html = self.html.take().unwrap_or_default();
                for block in (self.read_html)(&html, self.url, self.builder.room(), self.budget) {
                    self.builder.block(block);
                }
            }
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    self.builder.block(Block::Code { language, text });
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {
                self.builder.look = self.looks.pop().unwrap_or_default();
            }
            TagEnd::Image => {
                if let Some((address, alternative)) = self.image.take() {
                    self.builder.image(address, &alternative);
                }
            }
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => self.end_of_table_part(tag),
            _ => {}
        }
    }

    fn end_of_table_part(&mut self, tag: TagEnd) {
        let Some((table, _)) = &mut self.table else { return };
        match tag {
            TagEnd::TableCell => table.row.push(self.builder.take().finish_flat()),
            TagEnd::TableHead => table.header = std::mem::take(&mut table.row),
            TagEnd::TableRow => table.rows.push(std::mem::take(&mut table.row)),
            _ => {
                if let Some((Table { header, rows, .. }, outer)) = self.table.take() {
                    self.builder = outer;
                    self.builder.block(Block::Table { header, rows });
                }
            }
        }
    }

    fn look(&mut self, change: impl FnOnce(&mut Look)) {
        self.looks.push(self.builder.look.clone());
        change(&mut self.builder.look);
    }

    fn address(&self, reference: &str) -> Option<String> {
        let url = self.url.map_or_else(|| Url::parse(reference), |base| base.join(reference)).ok()?;
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.to_string())
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The first word after the fence, without braces: `python title=a.py`, `{.sh}`, `rust,ignore`.
fn language(kind: &CodeBlockKind) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else { return None };
    let word = info.split([' ', ',', '\t']).next().unwrap_or_default().trim_matches(['{', '}', '.']);
    (!word.is_empty()).then(|| word.to_ascii_lowercase())
}
