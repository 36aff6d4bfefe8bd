//! Writes the text tree as full Markdown: links, images and emphasis included.

use model::{Block, Span};

use super::layout::{self, Style};

/// The whole tree as one Markdown text, ending in a line end.
///
/// ```
/// use model::{Block, Span};
///
/// let spans = vec![Span::plain("Press "), Span { strong: true, ..Span::plain("Save") }, Span::plain(".")];
/// assert_eq!(extract::markdown(&[Block::Paragraph { spans }]), "Press **Save**.\n");
/// ```
pub fn markdown(blocks: &[Block]) -> String {
    let mut text = layout::write_all(blocks, &Style { line, paragraph, cell });
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The looks that enclose words; code is none, because nothing stands inside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Link,
    Strong,
    Emphasis,
    Struck,
}

impl Mark {
    const ALL: [Self; 4] = [Self::Link, Self::Strong, Self::Emphasis, Self::Struck];

    /// How many of the spans carry the mark of the first one.
    fn reach(self, spans: &[Span]) -> usize {
        let is_on = |span: &&Span| match self {
            Self::Link => span.link.is_some() && span.link == spans[0].link,
            Self::Strong => span.strong && span.image.is_none(),
            Self::Emphasis => span.emphasis && span.image.is_none(),
            Self::Struck => span.struck && span.image.is_none(),
        };
        spans.iter().take_while(is_on).count()
    }

    fn enclose(self, text: &str, first: &Span) -> String {
        match self {
            Self::Link => {
                let end = format!("]({})", destination(first.link.as_deref().unwrap_or_default()));
                enclosed(text, "[", &end)
            }
            Self::Strong => enclosed(text, "**", "**"),
            Self::Emphasis => enclosed(text, "*", "*"),
            Self::Struck => enclosed(text, "~~", "~~"),
        }
    }
}

fn line(spans: &[Span]) -> String {
    marked(spans, &[]).replace('\n', " ")
}

/// Spans with their marks around them, the widest outside. It calls itself once for each kind of mark at most.
fn marked(spans: &[Span], open: &[Mark]) -> String {
    let (mut out, mut rest) = (String::new(), spans);
    while let Some(first) = rest.first() {
        let marks = Mark::ALL.into_iter().filter(|mark| !open.contains(mark)).rev();
        let widest = marks.map(|mark| (mark.reach(rest), mark)).max_by_key(|(reach, _)| *reach);
        let (count, text) = match widest {
            Some((count @ 1.., mark)) => {
                let inside: Vec<Mark> = open.iter().copied().chain([mark]).collect();
                (count, mark.enclose(&marked(&rest[..count], &inside), first))
            }
            _ => (1, leaf(first)),
        };
        if out.ends_with('!') && text.starts_with('[') {
            out.insert(out.len() - 1, '\\');
        }
        out.push_str(&text);
        rest = &rest[count..];
    }
    out
}

/// Marks enclose words, never the white space around them: `** x **` is not bold.
pub fn enclosed(text: &str, open: &str, close: &str) -> String {
    let words = text.trim();
    if words.is_empty() {
        return text.to_owned();
    }
    let at = text.len() - text.trim_start().len();
    format!("{}{open}{words}{close}{}", &text[..at], &text[at + words.len()..])
}

fn leaf(span: &Span) -> String {
    if let Some(image) = &span.image {
        return format!("![{}]({})", escaped(&span.text.replace('\n', " ")), destination(image));
    }
    if span.code {
        let word = span.text.trim();
        return if word.is_empty() { span.text.clone() } else { span.text.replacen(word, &code(word), 1) };
    }
    escaped(&span.text)
}

/// Addresses come parsed, so only brackets can end one early.
fn destination(address: &str) -> String {
    address.replace('(', "%28").replace(')', "%29").replace(' ', "%20")
}

fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let fence = "`".repeat(layout::longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Only signs that would change the meaning where they stand are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let is_mark = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' => true,
            '~' => rest.starts_with('~'),
            '&' => is_entity(rest),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// No entity has a longer name.
const LONGEST_ENTITY: usize = 32;

/// Whether an ampersand before this text would begin an entity.
fn is_entity(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let end = name.bytes().take(LONGEST_ENTITY).position(|byte| !byte.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name.as_bytes()[end] == b';')
}

/// Lines of a paragraph must not begin like another block; the box of a task is meant to.
fn paragraph(spans: &[Span]) -> String {
    let text = marked(spans, &[]);
    for (written, task) in [("\\[ \\] ", "[ ] "), ("\\[x\\] ", "[x] ")] {
        if let Some(rest) = text.strip_prefix(written) {
            return format!("{task}{}", unlike_blocks(rest));
        }
    }
    unlike_blocks(&text)
}

fn unlike_blocks(text: &str) -> String {
    text.split('\n').map(unlike_block).collect::<Vec<_>>().join("\\\n")
}

fn unlike_block(line: &str) -> String {
    let signs = line.trim_start_matches('#');
    let is_heading = (1..=6).contains(&(line.len() - signs.len())) && signs.starts_with(' ');
    let is_rule = line.len() > 2 && ["-", "="].iter().any(|sign| line.replace(sign, "").is_empty());
    if is_heading || is_rule || ["> ", "- ", "+ "].iter().any(|mark| line.starts_with(mark)) {
        return format!("\\{line}");
    }
    let number = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_numbered = (1..=9).contains(&number) && [". ", ") "].iter().any(|mark| line[number..].starts_with(mark));
    if is_numbered { format!("{}\\{}", &line[..number], &line[number..]) } else { line.to_owned() }
}

fn cell(spans: &[Span]) -> String {
    marked(spans, &[]).replace('\n', "<br>")
}
