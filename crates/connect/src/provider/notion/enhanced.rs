//! Enhanced Markdown, as Notion renders pages, turned into plain Markdown. Pure.
//!
//! There every line is a block, children are indented by tabs, and what Markdown has no form for stands in tags or between
//! colons (<https://developers.notion.com/guides/data-apis/enhanced-markdown>). Containers without a form here are left out
//! and their content kept, at whatever depth it was indented.

mod inline;
mod table;
pub mod tag;

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Lines;

use self::inline::{inline, without_attributes};
use self::tag::{Tag, end_of};
use super::composer::{Composer, Container};

/// Tags that stand for nothing that is read.
const SILENT: [&str; 3] = ["table_of_contents", "empty-block", "breadcrumb"];
/// Tags that are text of their line rather than a block around others.
const INLINE: [&str; 16] = [
    "page",
    "database",
    "audio",
    "file",
    "pdf",
    "video",
    "img",
    "span",
    "br",
    "a",
    "mention-user",
    "mention-page",
    "mention-database",
    "mention-data-source",
    "mention-agent",
    "mention-date",
];

/// More containers than this inside of one another are left out, their content kept.
const MOST_OPEN: usize = 256;

/// Plain Markdown, and what was not in the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The text.
    pub markdown: String,
    /// How many blocks of each kind Notion did not render.
    pub unknown: BTreeMap<String, usize>,
}

/// What is open around a line.
struct Frame {
    /// The tabs before the line that opened it.
    depth: usize,
    /// The tag that closes it; `None` where a line that stands further out does.
    tag: Option<String>,
}

struct Converter<'a> {
    lines: Peekable<Lines<'a>>,
    frames: Vec<Frame>,
    to: Composer,
    unknown: BTreeMap<String, usize>,
}

/// Plain Markdown of a page.
pub fn plain(text: &str) -> Plain {
    let mut converter = Converter {
        lines: text.lines().peekable(),
        frames: Vec::new(),
        to: Composer::default(),
        unknown: BTreeMap::new(),
    };
    while let Some(line) = converter.lines.next() {
        let content = line.trim_start_matches('\t');
        if !content.trim().is_empty() {
            converter.line(line.len() - content.len(), content.trim());
        }
    }
    Plain { markdown: converter.to.finish(), unknown: converter.unknown }
}

impl Converter<'_> {
    fn line(&mut self, depth: usize, content: &str) {
        self.close_to(depth);
        let mut rest = content;
        // Each round takes a tag off the beginning of the line.
        while rest.starts_with('<') {
            let Some(tag) = Tag::read(rest).filter(|tag| !INLINE.contains(&tag.name.as_str())) else { break };
            rest = self.tag(depth, &tag, rest).trim_start();
        }
        // And each of these one off its end.
        let mut ends = Vec::new();
        while let Some((before, name)) = self.end_behind(rest) {
            ends.push(name);
            rest = before;
        }
        if !rest.is_empty() {
            self.block(depth, rest);
        }
        for name in ends {
            self.close_tag(&name);
        }
    }

    /// Splits a line before the end tag of something that is open.
    fn end_behind<'t>(&self, line: &'t str) -> Option<(&'t str, String)> {
        let start = line.rfind("</")?;
        let tag = Tag::read(&line[start..]).filter(|tag| start + tag.length == line.len())?;
        let is_open = self.frames.iter().any(|frame| frame.tag.as_ref() == Some(&tag.name));
        is_open.then(|| (line[..start].trim_end(), tag.name))
    }

    /// Takes a tag, and gives what is left of its line.
    fn tag<'t>(&mut self, depth: usize, tag: &Tag, text: &'t str) -> &'t str {
        let rest = &text[tag.length..];
        match tag.name.as_str() {
            "table" if !tag.is_end => {
                self.table(text);
                return "";
            }
            "unknown" => {
                let kind = Some(tag.attribute("alt")).filter(|kind| !kind.is_empty()).unwrap_or("unknown");
                *self.unknown.entry(kind.to_owned()).or_default() += 1;
            }
            "summary" if !tag.is_end => {
                if let Some((end, length)) = end_of(text, "summary", tag.length) {
                    self.to.paragraph(&inline(&text[tag.length..end]));
                    return &text[end + length..];
                }
                self.open(depth, Container::Plain, Some("summary"));
            }
            name if SILENT.contains(&name) => {}
            name if tag.is_end => self.close_tag(name),
            _ if tag.is_empty => {}
            "callout" => self.open(depth, Container::Quote, Some("callout")),
            name => self.open(depth, Container::Plain, Some(name)),
        }
        rest
    }

    fn block(&mut self, depth: usize, text: &str) {
        if let Some(language) = text.strip_prefix("```") {
            return self.code(depth, language);
        }
        if text == "$$" {
            let lines = self.until(depth, |line| line == "$$");
            return self.to.code("latex", &lines.join("\n"));
        }
        if let Some(equation) = text.strip_prefix("$$").and_then(|text| text.strip_suffix("$$")) {
            return self.to.code("latex", equation.trim());
        }
        if let Some(kind) = text.strip_prefix(":::") {
            let kind = kind.trim_matches([':', ' ']);
            if kind.is_empty() {
                self.close_tag(":::");
            } else {
                self.open(depth, Container::Quote, Some(":::"));
            }
            return;
        }
        if text == "---" {
            return;
        }
        if let Some((level, title)) = heading(text) {
            return self.to.heading(level, &inline(title));
        }
        if let Some((marker, text)) = item(text) {
            self.frames.push(Frame { depth, tag: None });
            return self.to.item(marker, &inline(text));
        }
        if let Some(text) = text.strip_prefix('>') {
            self.open(depth, Container::Quote, None);
            return self.to.paragraph(&inline(text.trim_start()));
        }
        self.to.paragraph(&inline(text));
    }

    fn open(&mut self, depth: usize, container: Container, tag: Option<&str>) {
        if self.frames.len() < MOST_OPEN {
            self.frames.push(Frame { depth, tag: tag.map(str::to_owned) });
            self.to.open(container);
        }
    }

    /// Closes what a line at this depth is no longer in. A tag closes at its end, which somebody may have lost.
    fn close_to(&mut self, depth: usize) {
        while self.frames.last().is_some_and(|frame| match frame.tag {
            None => frame.depth >= depth,
            Some(_) => frame.depth > depth,
        }) {
            self.frames.pop();
            self.to.close();
        }
    }

    fn close_tag(&mut self, name: &str) {
        let Some(place) = self.frames.iter().rposition(|frame| frame.tag.as_deref() == Some(name)) else { return };
        while self.frames.len() > place {
            self.frames.pop();
            self.to.close();
        }
    }

    /// Code stands as it is, but for the tabs of its block.
    fn code(&mut self, depth: usize, info: &str) {
        let ticks = info.bytes().take_while(|byte| *byte == b'`').count();
        let fence = "`".repeat(3 + ticks);
        let language = without_attributes(info[ticks..].trim());
        let lines = self.until(depth, |line| line.trim_end() == fence);
        let language = language.split_whitespace().collect::<Vec<_>>().join("-");
        self.to.code(if language == "plain-text" { "" } else { &language }, &lines.join("\n"));
    }

    /// The lines up to the one that ends them, without the tabs of their block.
    fn until(&mut self, depth: usize, is_end: impl Fn(&str) -> bool) -> Vec<String> {
        let mut lines = Vec::new();
        for line in self.lines.by_ref() {
            let tabs = line.bytes().take(depth).take_while(|byte| *byte == b'\t').count();
            if is_end(&line[tabs..]) {
                break;
            }
            lines.push(line[tabs..].to_owned());
        }
        lines
    }

    fn table(&mut self, first: &str) {
        let mut text = first.to_owned();
        while !text.contains("</table>") {
            let Some(line) = self.lines.next() else { break };
            text.push('\n');
            text.push_str(line);
        }
        let table = table::read(&text);
        self.to.table(&table.head, &table.rows);
    }
}

fn heading(text: &str) -> Option<(usize, &str)> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let title = text[level..].strip_prefix(' ')?;
    (1..=6).contains(&level).then_some((level, title))
}

/// The marker and the text of an item of a list.
fn item(text: &str) -> Option<(&str, &str)> {
    for marker in ["- [ ]", "- [x]", "-", "*", "+"] {
        if let Some(rest) = text.strip_prefix(marker).filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            return Some((marker, rest));
        }
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix(". ")?;
    (1..=9).contains(&digits).then_some((&text[..=digits], rest))
}

#[cfg(test)]
mod tests;
