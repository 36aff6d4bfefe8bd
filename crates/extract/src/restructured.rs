//! Reads reStructuredText: headings, lists, code, notes; what a generator would do with directives is left out.

mod inline;

use model::Block;

use crate::build::{Builder, Container};
use crate::portion;
use crate::reading::Reading;

/// The signs that underline a heading.
const UNDERLINES: &str = "=-~^\"'`#*+:.<>_";

/// What a line stands in, and the indentation that keeps it there.
enum Inside {
    Quote(usize),
    /// Where the marks of the list stand.
    List(usize),
    Item(usize),
}

/// More than people write, in bytes: marks alone would become blocks that need two hundred times as much memory.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// Reads a text.
pub fn read(text: &str) -> Reading {
    let (text, warning) = portion::first(text, MAX_TEXT);
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "        ");
    let lines: Vec<&str> = text.lines().collect();
    let mut reader =
        Reader { lines: &lines, at: 0, builder: Builder::default(), inside: Vec::new(), levels: Vec::new() };
    while reader.at < lines.len() {
        reader.line();
    }
    let blocks = reader.builder.finish();
    Reading { blocks, warnings: warning.into_iter().collect(), ..Reading::default() }
}

struct Reader<'a> {
    lines: &'a [&'a str],
    at: usize,
    builder: Builder,
    inside: Vec<Inside>,
    /// The underlines in the order in which they came, and whether they had a line above, too.
    levels: Vec<(char, bool)>,
}

impl Reader<'_> {
    fn line(&mut self) {
        let line = self.lines[self.at];
        let (indent, text) = (indent(line), line.trim());
        if text.is_empty() {
            self.builder.end_block();
            self.at += 1;
        } else if indent == 0 && self.heading() {
        } else if let Some(rest) = text.strip_prefix(".. ").or((text == "..").then_some("")) {
            self.settle(indent, false);
            self.directive(rest, indent);
        } else if is_table(text) {
            self.settle(indent, false);
            self.table();
        } else if let Some((number, rest)) = item(text) {
            self.item(number, rest, indent + text.len() - rest.len(), indent);
        } else {
            self.paragraph(text, indent);
        }
    }

    /// Closes what the indentation ends.
    fn settle(&mut self, indent: usize, is_item: bool) {
        while let Some(inside) = self.inside.last() {
            let ends = match inside {
                Inside::Quote(own) | Inside::Item(own) => *own > indent,
                Inside::List(own) => *own > indent || (*own == indent && !is_item),
            };
            if !ends {
                break;
            }
            self.inside.pop();
            self.builder.close();
        }
    }

    fn heading(&mut self) -> bool {
        let line = |at: usize| self.lines.get(at).copied().unwrap_or_default();
        let (first, second, third) = (line(self.at), line(self.at + 1), line(self.at + 2));
        let (sign, is_framed, text, used) = match (underline(first), underline(second), underline(third)) {
            (Some(sign), None, Some(below)) if sign == below && !second.trim().is_empty() => {
                (sign, true, second.trim(), 3)
            }
            (None, Some(sign), _) if second.trim().len() + 2 >= first.trim().chars().count() => {
                (sign, false, first.trim(), 2)
            }
            (Some(_), _, _) if first.trim().len() >= 4 => {
                // A line between paragraphs.
                self.builder.end_block();
                self.at += 1;
                return true;
            }
            _ => return false,
        };
        self.settle(0, false);
        let found = self.levels.iter().position(|level| *level == (sign, is_framed));
        let level = found.unwrap_or_else(|| {
            self.levels.push((sign, is_framed));
            self.levels.len() - 1
        });
        self.builder.open_heading(u8::try_from(level + 1).unwrap_or(6).min(6));
        inline::write(text, &mut self.builder);
        self.builder.close_heading();
        self.at += used;
        true
    }

    fn directive(&mut self, text: &str, indent: usize) {
        self.builder.end_block();
        self.at += 1;
        let Some((name, argument)) = text.split_once("::").filter(|(name, _)| is_name(name)) else {
            // A remark or a target of links.
            self.block(indent);
            return;
        };
        match name {
            "code" | "code-block" | "sourcecode" | "highlight" | "prompt" | "parsed-literal" | "math" => {
                self.options(indent);
                let language = Some(argument.trim().to_lowercase()).filter(|language| !language.is_empty());
                let text = self.block(indent);
                self.builder.block(Block::Code { language, text });
            }
            "note" | "warning" | "tip" | "hint" | "important" | "caution" | "danger" | "attention" | "error"
            | "seealso" | "admonition" | "deprecated" | "versionadded" | "versionchanged" | "topic" | "sidebar"
            | "rubric" => {
                self.options(indent);
                self.builder.open(Container::Quote);
                self.inside.push(Inside::Quote(indent + 1));
                inline::write(argument.trim(), &mut self.builder);
                self.builder.text("\n");
            }
            "image" | "figure" | "toctree" | "contents" | "index" | "raw" | "include" | "literalinclude" | "meta"
            | "only" | "highlight-language" | "currentmodule" | "module" | "automodule" | "autoclass"
            | "autofunction" | "default-role" | "role" | "class" | "container" | "include-code" => {
                self.block(indent);
            }
            _ => {
                // What describes a function or a setting names it.
                self.builder.look.strong = true;
                inline::write(argument.trim(), &mut self.builder);
                self.builder.look.strong = false;
                self.builder.end_block();
                self.options(indent);
            }
        }
    }

    /// Skips lines such as `:linenos:` below a directive.
    fn options(&mut self, above: usize) {
        while let Some(line) = self.lines.get(self.at) {
            if indent(line) <= above || !line.trim().starts_with(':') || line.trim().starts_with("::") {
                break;
            }
            self.at += 1;
        }
    }

    /// The lines that are indented more, without their common indentation.
    fn block(&mut self, above: usize) -> String {
        let start = self.at;
        while self.lines.get(self.at).is_some_and(|line| line.trim().is_empty() || indent(line) > above) {
            self.at += 1;
        }
        dedented(&self.lines[start..self.at])
    }

    /// Tables keep their drawing.
    fn table(&mut self) {
        let start = self.at;
        while self.lines.get(self.at).is_some_and(|line| !line.trim().is_empty()) {
            self.at += 1;
        }
        let text = dedented(&self.lines[start..self.at]);
        self.builder.block(Block::Code { language: None, text });
    }

    fn item(&mut self, number: Option<u64>, text: &str, inner: usize, indent: usize) {
        self.settle(indent, true);
        if !matches!(self.inside.last(), Some(Inside::List(own)) if *own == indent) {
            self.builder.open(Container::List(number));
            self.inside.push(Inside::List(indent));
        }
        self.builder.open(Container::Item);
        self.inside.push(Inside::Item(inner));
        self.at += 1;
        inline::write(text, &mut self.builder);
        self.builder.text("\n");
    }

    /// A paragraph is read line by line; one that ends in `::` introduces code.
    fn paragraph(&mut self, text: &str, indent: usize) {
        self.settle(indent, false);
        let start = self.at;
        self.at += 1;
        let goes_on =
            |line: &&str| !line.trim().is_empty() && self::indent(line) == indent && item(line.trim()).is_none();
        while self.lines.get(self.at).is_some_and(goes_on) && !(indent == 0 && self.is_heading_next()) {
            self.at += 1;
        }
        let joined: Vec<&str> = self.lines[start..self.at].iter().map(|line| line.trim()).collect();
        let joined = if joined.len() > 1 { joined.join("\n") } else { text.to_owned() };
        let Some(before) = joined.strip_suffix("::") else {
            inline::write(&joined, &mut self.builder);
            self.builder.text("\n");
            return;
        };
        if !before.trim().is_empty() {
            inline::write(&format!("{}:", before.trim_end()), &mut self.builder);
        }
        let text = self.block(indent);
        self.builder.block(Block::Code { language: None, text });
    }

    fn is_heading_next(&self) -> bool {
        self.lines.get(self.at + 1).is_some_and(|below| underline(below).is_some())
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The sign that a line repeats.
fn underline(line: &str) -> Option<char> {
    let line = line.trim_end();
    let sign = line.chars().next().filter(|sign| UNDERLINES.contains(*sign))?;
    (line.len() > 1 && line.chars().all(|other| other == sign)).then_some(sign)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.'))
}

/// `+---+` and `==== ====` draw tables.
fn is_table(text: &str) -> bool {
    let is_grid = text.starts_with("+-") && text.ends_with('+');
    let is_simple = text.contains("= =") && text.chars().all(|sign| sign == '=' || sign == ' ');
    is_grid || is_simple
}

/// The number and the text of an item.
fn item(text: &str) -> Option<(Option<u64>, &str)> {
    if let Some(rest) = ["- ", "* ", "+ ", "• "].iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some((None, rest.trim_start()));
    }
    if let Some(rest) = text.strip_prefix("#. ") {
        return Some((Some(1), rest.trim_start()));
    }
    let (number, rest) = text.split_once(". ").or_else(|| text.split_once(") "))?;
    let number = number.trim_start_matches('(');
    let value = Some(number).filter(|number| number.len() <= 3).and_then(|number| number.parse().ok());
    value.map(|value| (Some(value), rest.trim_start()))
}

fn dedented(lines: &[&str]) -> String {
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let kept: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
    kept.join("\n")
}

#[cfg(test)]
mod tests;
